// SPDX-License-Identifier: Apache-2.0

/// Which web pages may read our answers.
///
/// Without configured origins: none, and no header says anything.
struct CORSPolicy: Sendable {
    /// `cors_allowed_origins`: `*`, or regular expressions (exact texts for Socket.IO), as 4.15.2 reads them.
    let origins: [String]

    /// Whether any page may.
    private var allowsAll: Bool { origins == ["*"] }

    /// The headers for an answer.
    func headers(origin: String?, preflight: Bool, asked: String?) -> [(name: String, value: String)] {
        guard !origins.isEmpty else { return [] }
        var headers: [(name: String, value: String)] = []
        if origin == nil, origins.count == 1 {
            // As 4.15.2: a request that names no origin is told the only one there is.
            headers.append(("Access-Control-Allow-Origin", origins[0]))
        } else {
            guard let origin, allowsAll || allows(origin) else { return [] }
            headers.append(("Access-Control-Allow-Origin", origin))
            headers.append(("Vary", "Origin"))
        }
        if preflight, origin != nil {
            headers.append(("Access-Control-Allow-Methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"))
            if let asked { headers.append(("Access-Control-Allow-Headers", asked)) }
        }
        return headers
    }

    /// The headers for a Socket.IO answer, as 4.15.2 gives them; none where no origin is configured, or for another one.
    ///
    /// Origins are compared as they are. A request of another origin is served nevertheless: a page cannot read the answer
    /// nor send a token along, and libraries that are no browsers name origins of their own making. `asked` are the headers
    /// that a browser wants to send, in the question that it asks before.
    func socketHeaders(origin: String?, preflight: Bool, asked: String?) -> [(name: String, value: String)] {
        guard !origins.isEmpty, origin.map({ origins.contains("*") || origins.contains($0) }) ?? true else { return [] }
        var headers = [("Access-Control-Allow-Credentials", "true")]
        if let origin { headers += [("Access-Control-Allow-Origin", origin), ("Vary", "Origin")] }
        if preflight {
            headers.append(("Access-Control-Allow-Methods", "OPTIONS, GET, POST"))
            if let asked { headers.append(("Access-Control-Allow-Headers", asked)) }
        }
        return headers
    }

    private func allows(_ origin: String) -> Bool {
        origins.contains { pattern in
            if pattern == origin { return true }
            guard pattern.contains(where: { "*\\[]^$+?|(){}".contains($0) }), let expression = try? Regex(pattern)
            else {
                return false
            }
            // The whole of it: 4.15.2 compares the beginning, which lets `https://ui.example.org.evil.example` in.
            return origin.wholeMatch(of: expression) != nil
        }
    }
}
