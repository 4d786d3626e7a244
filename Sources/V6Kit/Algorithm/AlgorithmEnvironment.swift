// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What a node tells an algorithm through environment variables.
///
/// The node encodes the values (``EnvironmentEncoding``); they are decoded here at each look-up, so that variables of
/// other origin, which only look encoded, stay untouched.
public struct AlgorithmEnvironment: Sendable {
    private let variables: [String: String]

    /// An environment with these variables, as the process sees them.
    public init(_ variables: [String: String]) { self.variables = variables }

    /// The environment of this process.
    public static func current() -> AlgorithmEnvironment {
        AlgorithmEnvironment(ProcessInfo.processInfo.environment)
    }

    /// The decoded value of a variable; nil when it is not set or empty.
    public subscript(name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return EnvironmentEncoding.decode(value)
    }

    /// The decoded value of a variable without which the algorithm cannot run.
    /// - Throws: ``AlgorithmError`` when it is not set.
    public func required(_ name: String) throws -> String {
        guard let value = self[name] else {
            throw AlgorithmError("\(name) is not set: this program runs in a container that a vantage6 node starts")
        }
        return value
    }

    /// The labels of the databases the task asks for, in the order of the request.
    public var requestedDatabases: [String] {
        (self["USER_REQUESTED_DATABASE_LABELS"] ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
    }

    /// The address of the node's proxy: `HOST:PORT` and `API_PATH`.
    /// - Throws: ``AlgorithmError`` when host or port is not set.
    public func proxyAddress() throws -> String {
        let host = try required("HOST")
        let root = (host.contains("://") ? host : "http://\(host)") + ":" + (try required("PORT"))
        let path = (self["API_PATH"] ?? "").trimmingCharacters(in: ["/"])
        return path.isEmpty ? root : "\(root)/\(path)"
    }

    /// The proxy variables for requests to the outside, decoded.
    ///
    /// They are encoded like the rest, and libcurl reads them by itself: the process must put the decoded values back
    /// before its first request, or every request fails on a proxy of unreadable name.
    var webProxies: [(name: String, value: String)] {
        ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"].compactMap { name in
            self[name].map { (name, $0) }
        }
    }

    /// Where a database is and what it is.
    /// - Throws: ``AlgorithmError`` when the node offers no database of this label.
    public func database(_ label: String) throws -> AlgorithmDatabase {
        let prefix = label.uppercased()
        guard let uri = self["\(prefix)_DATABASE_URI"] else {
            let offered = self["DB_LABELS"].map { "it offers: \($0)" } ?? "it offers none"
            throw AlgorithmError("this node has no database \"\(label)\"; \(offered)")
        }
        return AlgorithmDatabase(
            label: label,
            uri: uri,
            type: self["\(prefix)_DATABASE_TYPE"] ?? "csv",
            query: self["\(prefix)_QUERY"],
            sheetName: self["\(prefix)_SHEET_NAME"],
            preprocessing: self["\(prefix)_PREPROCESSING"]
        )
    }
}
