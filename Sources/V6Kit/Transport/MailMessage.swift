// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A mail of plain text to one person.
public struct MailMessage: Sendable, Hashable {
    /// The address of the person, without angle brackets.
    public var recipient: String
    /// One line.
    public var subject: String
    /// The text; lines end with `\n`.
    public var text: String

    /// A mail from its parts.
    public init(recipient: String, subject: String, text: String) {
        self.recipient = recipient
        self.subject = subject
        self.text = text
    }

    /// Head and body as they go over the wire; nil when an address or the subject could break out of its line.
    func bytes(sender: String, date: Date, id: String) -> Data? {
        let isClean = [sender, recipient, subject].allSatisfy { line in
            !line.isEmpty && line.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
        }
        guard isClean, !recipient.contains(where: { "<>,".contains($0) }) else { return nil }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "UTC")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss Z"
        let host = sender.split(separator: "@").last ?? "localhost"
        let lines = [
            "Date: \(format.string(from: date))", "From: \(sender)", "To: \(recipient)",
            "Subject: \(Self.encodedWord(subject))", "Message-ID: <\(id)@\(host)>", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "",
        ]
        let body = text.split(separator: "\n", omittingEmptySubsequences: false)
        return Data((lines + body.map(String.init)).joined(separator: "\r\n").utf8)
    }

    /// A header value, encoded by RFC 2047 when it is not ASCII.
    private static func encodedWord(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 128 } ? text : "=?utf-8?B?\(Data(text.utf8).base64EncodedString())?="
    }
}
