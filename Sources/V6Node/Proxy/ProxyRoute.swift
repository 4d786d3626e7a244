// SPDX-License-Identifier: Apache-2.0

/// What a request of an algorithm to the proxy means (4.15.2).
enum ProxyRoute: Sendable, Hashable {
    /// Create a subtask: the inputs are encrypted on the way.
    case createTask
    /// A list of results: they are decrypted on the way.
    case results
    /// One result.
    case result(Int)
    /// Store a blob: it is encrypted on the way.
    case uploadBlob
    /// Read a blob: it is decrypted on the way.
    case downloadBlob
    /// An organization, which has a public key.
    case organization(Int)
    /// Anything else the server may decide about.
    case forward
    /// Not for algorithms.
    case refused
    /// Nothing is there.
    case missing

    /// The parts of the server that algorithms have business with.
    private static let forwarded: Set<String> = [
        "organization", "collaboration", "study", "task", "run", "result", "node", "vpn", "port", "version",
        "blobstream",
        "rule", "role", "health",
    ]

    /// Reads a request; `path` without query.
    init(method: String, path: String) {
        let parts = path.split(separator: "/").map(String.init)
        guard let first = parts.first else {
            self = .missing
            return
        }
        // A path that leads elsewhere than it seems is not for the server to interpret.
        guard Self.forwarded.contains(first), !path.contains("//"), !path.contains("%"),
            !parts.contains(where: { $0 == "." || $0 == ".." })
        else {
            self = .refused
            return
        }
        switch (method, first, parts.count) {
        case ("POST", "task", 1): self = .createTask
        case ("GET", "result", 1): self = .results
        case ("POST", "blobstream", 1): self = .uploadBlob
        case ("GET", "blobstream", 2) where parts[1] != "status": self = .downloadBlob
        case ("GET", "organization", 2): self = Int(parts[1]).map(ProxyRoute.organization) ?? .missing
        case ("GET", "result", 2): self = Int(parts[1]).map(ProxyRoute.result) ?? .missing
        case ("GET", _, _), ("POST", _, _), ("PATCH", _, _), ("PUT", _, _), ("DELETE", _, _): self = .forward
        default: self = .refused
        }
    }
}
