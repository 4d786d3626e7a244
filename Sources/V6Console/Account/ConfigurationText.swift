// SPDX-License-Identifier: Apache-2.0

/// Changes to the text of `config.yaml` that leave everything else, comments too, as the person wrote it.
struct ConfigurationText: Sendable, Equatable {
    private(set) var lines: [Substring]

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
    }

    var text: String { lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n" }

    /// Makes `current: NAME` the one such line of the file.
    mutating func use(profile name: String) {
        let line = Substring("current: \(Self.scalar(name))")
        if let index = lines.firstIndex(where: { $0.hasPrefix("current:") }) {
            lines[index] = line
        } else {
            lines.insert(line, at: lines.firstIndex { !$0.hasPrefix("#") && !$0.isEmpty } ?? lines.count)
        }
    }

    /// Adds a profile as the first entry below `profiles:`.
    mutating func add(_ profile: Profile) {
        var entry = ["  \(Self.scalar(profile.name)):", "    url: \(Self.scalar(profile.url))"]
        let optional: [(String, String?)] = [
            ("api_path", profile.apiPath), ("user", profile.username), ("private_key", profile.privateKey),
            ("collaboration", profile.collaboration),
        ]
        for case (let key, let value?) in optional { entry.append("    \(key): \(Self.scalar(value))") }
        if profile.readOnly { entry.append("    readonly: true") }
        if let index = lines.firstIndex(where: { $0.hasPrefix("profiles:") }) {
            lines[index] = "profiles:"
            lines.insert(contentsOf: entry.map { Substring($0) }, at: index + 1)
        } else {
            lines.append("profiles:")
            lines.append(contentsOf: entry.map { Substring($0) })
        }
    }

    /// Makes `key: value` the one such line of a section.
    mutating func set(_ key: String, in section: String, to value: String) {
        let line = Substring("  \(key): \(Self.scalar(value))")
        guard let head = lines.firstIndex(where: { $0.hasPrefix("\(section):") }) else {
            lines += [Substring("\(section):"), line]
            return
        }
        lines[head] = Substring("\(section):")
        let end =
            lines[(head + 1)...].firstIndex { !$0.isEmpty && !$0.hasPrefix(" ") && !$0.hasPrefix("#") } ?? lines.count
        if let index = lines[(head + 1)..<end].firstIndex(where: { $0.drop { $0 == " " }.hasPrefix("\(key):") }) {
            lines[index] = line
        } else {
            lines.insert(line, at: head + 1)
        }
    }

    /// A text as YAML scalar: quoted, so that no value is ever read as number, boolean or structure.
    private static func scalar(_ text: String) -> String {
        let escaped = text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20: result += "\\x" + String(scalar.value + 0x100, radix: 16).dropFirst()
            default: result.unicodeScalars.append(scalar)
            }
        }
        return "\"\(escaped)\""
    }
}
