// SPDX-License-Identifier: Apache-2.0

/// The name of an image, taken apart as the engine does it.
struct ImageReference: Sendable, Hashable, CustomStringConvertible {
    /// As it was written.
    let text: String
    /// The registry's host with port; `docker.io` when none is written.
    let registry: String
    /// The path inside the registry.
    let path: String
    let tag: String?
    /// `sha256:…`.
    let digest: String?

    init(_ text: String) {
        self.text = text
        var rest = Substring(text)
        if let at = rest.lastIndex(of: "@") {
            digest = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        } else {
            digest = nil
        }
        // A colon behind the last slash starts a tag; one before it belongs to the registry's port.
        let nameStart = rest.lastIndex(of: "/").map(rest.index(after:)) ?? rest.startIndex
        if let colon = rest[nameStart...].lastIndex(of: ":") {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        } else {
            tag = nil
        }
        if let slash = rest.firstIndex(of: "/"), Self.isHost(rest[..<slash]) {
            let host = String(rest[..<slash])
            registry = host == "index.docker.io" ? "docker.io" : host
            path = String(rest[rest.index(after: slash)...])
        } else {
            registry = "docker.io"
            path = String(rest)
        }
    }

    private static func isHost(_ text: Substring) -> Bool {
        text == "localhost" || text.contains(".") || text.contains(":")
    }

    /// Name without tag and digest; images of Docker Hub without their registry.
    var repository: String { registry == "docker.io" ? path : "\(registry)/\(path)" }

    /// What to ask the engine for: the digest where one is written, else the tag.
    var pullName: String { digest.map { "\(repository)@\($0)" } ?? "\(repository):\(tag ?? "latest")" }

    var description: String { text }
}
