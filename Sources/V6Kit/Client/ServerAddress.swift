// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Where a vantage6 server answers: its root, where Socket.IO lives, and the path of its REST API below it.
public struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    /// Scheme, host and port, without a slash at the end.
    public let root: String
    /// The path of the REST API, such as `/api`; may be empty.
    public let apiPath: String

    /// Reads an address such as `https://v6.example.org/api`.
    /// - Parameters:
    ///   - text: the URL; without a scheme `https://` is meant, or `http://` for this machine itself.
    ///   - apiPath: the API path; nil takes the path of the URL, or `/api` when it has none.
    /// - Throws: ``InvalidServerAddress``.
    public init(_ text: String, apiPath: String? = nil) throws(InvalidServerAddress) {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        let isLocal = trimmed.hasPrefix("localhost") || trimmed.hasPrefix("127.") || trimmed.hasPrefix("[::1]")
        let url = trimmed.contains("://") ? trimmed : (isLocal ? "http://" : "https://") + trimmed
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, ["http", "https"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.query == nil
        else { throw InvalidServerAddress(text: text) }
        let bracketed = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        root = "\(scheme)://\(bracketed)\(parts.port.map { ":\($0)" } ?? "")"
        let path = apiPath ?? (parts.path.isEmpty || parts.path == "/" ? "/api" : parts.path)
        let bare = path.trimmingCharacters(in: CharacterSet(charactersIn: "/"))
        self.apiPath = bare.isEmpty ? "" : "/" + bare
    }

    /// The URL of an endpoint of the REST API.
    public func url(_ path: String, query: [(String, String)] = []) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        func escape(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text }
        let fields = query.map { "\(escape($0.0))=\(escape($0.1))" }.joined(separator: "&")
        let separator = fields.isEmpty ? "" : path.contains("?") ? "&" : "?"
        return root + apiPath + (path.hasPrefix("/") ? path : "/" + path) + separator + fields
    }

    /// Turns a link of the server, which begins with the API path, into the path of an endpoint.
    func endpoint(ofLink link: String) -> String {
        link.hasPrefix(apiPath + "/") ? String(link.dropFirst(apiPath.count)) : link
    }

    public var description: String { root + apiPath }
}

/// A text that is no server address.
public struct InvalidServerAddress: Error, Sendable, CustomStringConvertible {
    /// What was given.
    public let text: String

    public var description: String {
        "\"\(text)\" is no server address; write it as https://v6.example.org or https://v6.example.org:443/api"
    }
}
