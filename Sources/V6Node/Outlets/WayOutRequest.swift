// SPDX-License-Identifier: Apache-2.0

/// A request of an algorithm to the proxy that leads out: `CONNECT host:port`, or `GET http://host/path`.
struct WayOutRequest: Sendable, Hashable {
    let host: String
    let port: Int
    /// Whether the bytes behind the head go through as they are (`CONNECT`).
    let isTunnel: Bool
    /// What the server of the host gets, for any other method: one request, then the connection ends.
    let forwardedHead: String

    /// Reads the head of a request, with the empty line at its end; nil when it is none to a proxy.
    init?(head: String) {
        // One scalar a character: CR and LF are a single Character.
        let lines = head.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: true)
        let words = (lines.first ?? "").split(separator: " ").map(String.init)
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return nil }
        if words[0] == "CONNECT" {
            guard let place = Self.place(words[1][...], defaultPort: nil) else { return nil }
            (host, port) = place
            isTunnel = true
            forwardedHead = ""
            return
        }
        guard words[1].lowercased().hasPrefix("http://") else { return nil }
        let rest = words[1].dropFirst("http://".count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        guard let place = Self.place(rest[..<end], defaultPort: 80) else { return nil }
        (host, port) = place
        isTunnel = false
        let path = rest[end...].first == "/" ? String(rest[end...]) : "/" + rest[end...]
        // The host is the one that was checked, whatever the algorithm says in its own field.
        var fields = ["\(words[0]) \(path) \(words[2])", "Host: \(rest[..<end])", "Connection: close"]
        for line in lines.dropFirst() {
            let name = line.prefix { $0 != ":" }.lowercased()
            if ["host", "connection", "proxy-connection", "proxy-authorization", "keep-alive"].contains(name) {
                continue
            }
            fields.append(String(line))
        }
        forwardedHead = fields.joined(separator: "\r\n") + "\r\n\r\n"
    }

    private static func place(_ text: Substring, defaultPort: Int?) -> (String, Int)? {
        guard !text.contains("@") else { return nil }
        var host = text
        var port = defaultPort
        if text.first == "[", let bracket = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<bracket]
            let rest = text[text.index(after: bracket)...]
            if rest.first == ":" { port = Int(rest.dropFirst()) }
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            port = Int(text[text.index(after: colon)...])
        }
        guard let port, (1...65_535).contains(port), !host.isEmpty, !host.contains(where: \.isWhitespace) else {
            return nil
        }
        return (String(host), port)
    }
}
