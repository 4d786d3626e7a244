// SPDX-License-Identifier: Apache-2.0

/// Where a request comes from, seen through the proxies that are trusted to tell.
enum ClientAddress {
    /// The address of the client: the other end of the connection, or, when that is one of our own proxies, the last one in
    /// `X-Forwarded-For` that is none of them.
    ///
    /// Each proxy appends whom it serves; what stands before that anybody may have made up.
    static func find(peer: String, forwarded: String?, trusted: Set<String>) -> String {
        guard trusted.contains(peer), let forwarded else { return peer }
        let chain = forwarded.split(separator: ",").map { word in
            String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        // Scopes and the like never reach a log or a table: an address is short.
        return chain.last { !$0.isEmpty && $0.utf8.count <= 64 && !trusted.contains($0) } ?? peer
    }
}
