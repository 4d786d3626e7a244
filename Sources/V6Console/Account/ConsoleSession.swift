// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One account at one server, ready to be used by either face of the program.
struct ConsoleSession: Sendable {
    /// What flags, environment and profile came to.
    let settings: AccountSettings
    let address: ServerAddress
    let client: V6Client
    /// The transport below the client, which the live connection shares.
    let transport: any HTTPTransport
    /// Whose tokens these are, as far as known without asking the server.
    let username: String?
    /// The access token as it lies in the store; nil where the tokens came from elsewhere.
    var storedToken: String?

    /// Whether every write is refused.
    var readOnly: Bool { settings.readOnly }

    /// The profile in use, if any.
    var profile: String? { settings.profile }

    /// The organization's private key, nil when none is configured.
    ///
    /// - Throws: `ConsoleFailure` when the file cannot be read or holds no key.
    func privateKey() throws -> PrivateKey? {
        try settings.privateKeyFile.map { try KeyFile.privateKey(at: $0) }
    }

    /// A live connection to the server's events with this account's token.
    func events() -> EventStream {
        let socket = SocketIOClient(
            root: address.root, transport: transport, token: { try await client.accessToken() },
            renew: { try await client.refreshTokens() })
        return EventStream(socket: socket, client: client)
    }
}
