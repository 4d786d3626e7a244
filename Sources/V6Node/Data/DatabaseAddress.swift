// SPDX-License-Identifier: Apache-2.0

/// Host and port inside a connection string.
struct DatabaseAddress: Sendable, Hashable {
    /// A name, or an IP address without brackets.
    let host: String
    let port: Int

    /// What the port is where a connection string names none.
    private static let defaultPorts = [
        "postgresql": 5432, "postgres": 5432, "redshift": 5439, "mysql": 3306, "mariadb": 3306, "mssql": 1433,
        "sqlserver": 1433, "oracle": 1521, "mongodb": 27017, "redis": 6379, "clickhouse": 8123, "trino": 8080,
        "snowflake": 443, "http": 80, "https": 443,
    ]

    /// Every address in a text such as `postgresql+psycopg2://user:password@host:5432/name`; none in other texts.
    static func all(in uri: String) -> [DatabaseAddress] { parts(of: uri).map(\.address) }

    /// The text with the hosts that have a replacement replaced.
    static func rewrite(_ uri: String, _ replacement: (DatabaseAddress) -> String?) -> String {
        var text = uri
        // From the back, so that the places in front stay valid.
        for part in parts(of: uri).reversed() {
            if let host = replacement(part.address) { text.replaceSubrange(part.range, with: host) }
        }
        return text
    }

    private static func parts(of uri: String) -> [(address: DatabaseAddress, range: Range<String.Index>)] {
        guard let colon = uri.firstRange(of: "://") else { return [] }
        // `jdbc:postgresql`, `postgresql+psycopg2`
        let name = uri[..<colon.lowerBound].split(separator: ":").last ?? ""
        let scheme = name.split(separator: "+").first.map { $0.lowercased() } ?? ""
        let end = uri[colon.upperBound...].firstIndex { "/?#;".contains($0) } ?? uri.endIndex
        let authority = uri[colon.upperBound..<end]
        let start = authority.lastIndex(of: "@").map(uri.index(after:)) ?? authority.startIndex
        return uri[start..<end].split(separator: ",").compactMap { item in
            var host = item
            var port = defaultPorts[scheme]
            if let bracket = item.firstIndex(of: "]"), item.first == "[" {
                host = item[item.index(after: item.startIndex)..<bracket]
                let rest = item[item.index(after: bracket)...]
                if rest.first == ":" { port = Int(rest.dropFirst()) }
                guard let port, !host.isEmpty else { return nil }
                return (.init(host: String(host), port: port), item.startIndex..<item.index(after: bracket))
            }
            if let colon = item.lastIndex(of: ":") {
                host = item[..<colon]
                port = Int(item[item.index(after: colon)...])
            }
            guard let port, (1...65_535).contains(port), !host.isEmpty else { return nil }
            return (.init(host: String(host), port: port), host.startIndex..<host.endIndex)
        }
    }
}
