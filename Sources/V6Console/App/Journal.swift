// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What the program told the person, for `:messages` and for the log.
struct Journal: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var at: Timestamp
        var notice: Notice
    }

    /// How many are kept.
    static let maximum = 500

    /// Oldest first.
    private(set) var entries: [Entry] = []
    /// Errors that are not in the log yet.
    private var unwritten: [Entry] = []

    /// Takes a message down; the same error again within a minute, as of a server that is asked in vain, says nothing new.
    mutating func note(_ notice: Notice, at now: Timestamp) {
        if notice.isRefusal { return }
        if notice.kind == .bad, let last = entries.last(where: { $0.notice == notice }),
            now.seconds(since: last.at) < 60
        {
            return
        }
        let entry = Entry(at: now, notice: notice)
        entries.append(entry)
        if entries.count > Self.maximum { entries.removeFirst() }
        if notice.kind == .bad { unwritten.append(entry) }
    }

    /// Lines for the log that were not asked for before.
    mutating func takeLines() -> [String] {
        defer { unwritten = [] }
        return unwritten.map(\.line)
    }
}

extension Journal.Entry {
    /// One line of a log: when, what, and from where; made harmless, and without tokens.
    var line: String {
        let text = [notice.text, notice.more.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
        return "\(at.text)Z error \(SafeText.line(Self.masked(text)))"
    }

    /// The text without what looks like a token or follows the name of a secret.
    static func masked(_ text: String) -> String {
        text.replacing(#/eyJ[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]*/#, with: "***")
            .replacing(#/(?i)\b(password|passwd|secret|token|api_key|mfa_code)(["']?\s*[=:]\s*)(["']?)[^\s"'&,}]+/#) {
                match in
                "\(match.output.1)\(match.output.2)\(match.output.3)***"
            }
    }
}
