// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Foundation

/// Hands mails in at one server, one after the other.
public final class SMTPTransport: Sendable {
    /// Where and how mails are handed in.
    public struct Configuration: Sendable {
        /// The name of the server.
        public var host: String
        /// Its port.
        public var port: Int
        /// The account there; nil where none is needed.
        public var username: String?
        /// The password of the account.
        public var password: String?
        /// Whether the connection must change to TLS (STARTTLS).
        public var startsTLS: Bool
        /// Whether the connection is TLS from its beginning.
        public var usesTLS: Bool
        /// The address mails come from.
        public var sender: String

        /// A configuration from its parts.
        public init(
            host: String, port: Int, username: String? = nil, password: String? = nil, startsTLS: Bool = true,
            usesTLS: Bool = false, sender: String
        ) {
            self.host = host
            self.port = port
            self.username = username
            self.password = password
            self.startsTLS = startsTLS
            self.usesTLS = usesTLS
            self.sender = sender
        }
    }

    private let configuration: Configuration
    // libcurl blocks while it talks, so it gets a thread that nothing else waits for.
    private let queue = DispatchQueue(label: "vantage6.smtp")

    /// A transport; no connection is made before the first mail.
    public init(configuration: Configuration) { self.configuration = configuration }

    /// Hands a mail in.
    /// - Throws: ``TransportError`` with the reason when the server does not take it.
    public func send(_ message: MailMessage) async throws {
        let bytes = message.bytes(sender: configuration.sender, date: Date(), id: UUID().uuidString)
        guard let bytes else {
            throw TransportError(code: .invalidURL, message: "the mail has an address or subject that cannot be sent")
        }
        try await talk(recipient: message.recipient, bytes)
    }

    /// Signs in at the server and sends nothing.
    /// - Throws: ``TransportError`` with the reason when the server does not let us in.
    public func probe() async throws { try await talk(recipient: nil, Data()) }

    private func talk(recipient: String?, _ bytes: Data) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            queue.async { [configuration] in
                continuation.resume(with: Result { try Self.perform(recipient, bytes, configuration) })
            }
        }
    }

    private static func perform(_ recipient: String?, _ bytes: Data, _ configuration: Configuration) throws {
        let scheme = configuration.usesTLS ? "smtps" : "smtp"
        var reason = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        let texts: [String?] = [
            "\(scheme)://\(configuration.host):\(configuration.port)", configuration.sender, recipient,
            configuration.username, configuration.password ?? "",
        ]
        let copies = texts.map { text in text.flatMap { strdup($0) } }
        defer { for copy in copies { free(copy) } }
        let code = bytes.withUnsafeBytes { buffer in
            var mail = v6_mail(
                url: copies[0], sender: copies[1], recipient: copies[2], username: copies[3], password: copies[4],
                requires_tls: configuration.startsTLS, bytes: buffer.baseAddress, count: buffer.count,
                timeout_seconds: 30)
            return v6_curl_send_mail(&mail, &reason)
        }
        guard code != CURLE_OK else { return }
        let said = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw TransportError(
            code: .broken,
            message: "the mail server \(configuration.host):\(configuration.port) did not "
                + (recipient == nil ? "let us in: " : "take the mail: ")
                + (said.isEmpty ? "error \(code.rawValue)" : said))
    }
}
