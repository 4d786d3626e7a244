// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// Signs the node in and checks that node and server agree about who it is and how to encrypt.
struct NodeLogin: Sendable {
    let configuration: NodeConfiguration
    let link: ServerLink
    let replacesPublicKey: Bool
    let logger: Logger

    /// Asks the server for what a node needs, in the order of 4.15.2.
    /// - Throws: ``NodeError`` when the key is wrong or something contradicts; waits while the server is away.
    func perform() async throws -> (identity: NodeIdentity, key: PrivateKey?) {
        try await signIn()
        let identity = try await identify()
        try compare(identity)
        guard identity.isEncrypted else { return (identity, nil) }
        let key = try loadKey()
        if try await published(key, identity) == .absent {
            _ = try await link.insist(
                "PATCH", "/organization/\(identity.organizationID)", body: ["public_key": .string(key.publicKey.wire)])
            logger.notice("public key \(key.publicKey.fingerprint) is now the one of \(identity.organizationName)")
        }
        return (identity, key)
    }

    /// Looks at the same things and changes nothing; the node must have signed in.
    /// - Returns: who it is, and how encryption stands, for a person.
    /// - Throws: ``NodeError`` for what would keep the node from starting.
    func inspect() async throws -> (identity: NodeIdentity, encryption: String) {
        let identity = try await identify()
        try compare(identity)
        guard identity.isEncrypted else { return (identity, "off, as in the collaboration") }
        let key = try loadKey()
        let state =
            try await published(key, identity) == .absent ? "will be published at the first start" : "is published"
        return (identity, "on, as in the collaboration; public key \(key.publicKey.fingerprint) \(state)")
    }

    private func compare(_ identity: NodeIdentity) throws {
        guard identity.isEncrypted != configuration.isEncrypted else { return }
        let (there, here) = identity.isEncrypted ? ("is encrypted", "false") : ("is not encrypted", "true")
        throw NodeError(
            .data,
            """
            the collaboration "\(identity.collaborationName)" \(there), but encryption.enabled is \(here) in the configuration. \
            Set it to \(identity.isEncrypted) if that is what your organization agreed to.
            """)
    }

    private func signIn() async throws {
        var backoff = Backoff(first: .seconds(2), limit: .seconds(30))
        while true {
            do {
                return try await link.authenticate()
            } catch let error as APIError {
                if error.status == 404 || error.status == 405 {
                    throw NodeError(
                        .configuration,
                        "there is no vantage6 server at \(link.client.address); check server_url, port and api_path")
                }
                guard error.isTransient else {
                    throw NodeError(
                        .credentials,
                        """
                        the server \(link.client.address) refuses the API key (\(error.message)). Ask the administrator of the \
                        collaboration for a new key and put it into api_key.
                        """)
                }
                let pause = backoff.next()
                logger.warning(
                    "the server cannot be reached, trying again in \(pause.components.seconds) s: \(error.message)")
                try await Task.sleep(for: pause)
            }
        }
    }

    private func identify() async throws -> NodeIdentity {
        let identity = try await Self.identify(link)
        logger.info(
            "signed in as \(identity.name) (node \(identity.nodeID)) of \(identity.organizationName) in \(identity.collaborationName)"
        )
        return identity
    }

    /// Who the node is, after it has signed in.
    static func identify(_ link: ServerLink) async throws -> NodeIdentity {
        guard let nodeID = await link.client.claims()?.subject else {
            throw NodeError(.unavailable, "the server's token does not say which node this is")
        }
        let node = try await link.insist("GET", "/node/\(nodeID)")
        guard let organizationID = node["organization"]?["id"]?.intValue,
            let collaborationID = node["collaboration"]?["id"]?.intValue
        else {
            throw NodeError(
                .data,
                "the server lists this node without organization or collaboration; it was probably taken out of it")
        }
        let organization = try await link.insist("GET", "/organization/\(organizationID)")
        let collaboration = try await link.insist("GET", "/collaboration/\(collaborationID)")
        return NodeIdentity(
            nodeID: nodeID, name: node["name"]?.stringValue ?? "node \(nodeID)", organizationID: organizationID,
            organizationName: organization["name"]?.stringValue ?? "organization \(organizationID)",
            collaborationID: collaborationID,
            collaborationName: collaboration["name"]?.stringValue ?? "collaboration \(collaborationID)",
            isEncrypted: collaboration["encrypted"]?.boolValue ?? false)
    }

    private func loadKey() throws -> PrivateKey {
        let path = configuration.privateKeyPath
        guard let data = FileManager.default.contents(atPath: path) else {
            throw NodeError(
                .configuration,
                """
                the private key \(path) cannot be read, and the collaboration is encrypted. Put your organization's key there \
                (encryption.private_key names the file), or make one with "v6-node keygen --output \(path)".
                """)
        }
        do { return try PrivateKey(pem: String(decoding: data, as: UTF8.self)) } catch {
            throw NodeError(.configuration, "the private key \(path) cannot be used: \(error)")
        }
    }

    private enum Publication {
        case same, absent
    }

    /// Whether the server has the key.
    ///
    /// 4.15.2 overwrites another one without asking; two nodes with different keys then undo each other's work. Here
    /// that takes `--replace-public-key`.
    private func published(_ key: PrivateKey, _ identity: NodeIdentity) async throws -> Publication {
        let organization = try await link.insist("GET", "/organization/\(identity.organizationID)")
        let wire = organization["public_key"]?.stringValue ?? ""
        let known = try? PublicKey(wire: wire)
        if known == key.publicKey { return .same }
        if wire.isEmpty || replacesPublicKey { return .absent }
        throw NodeError(
            .data,
            """
            the server has another public key for \(identity.organizationName) than the one of this node's private key.
              server:    \(known?.fingerprint ?? "unreadable")
              this node: \(key.publicKey.fingerprint)
            Use the organization's private key here. Or, if this node's key is the right one, start once with \
            --replace-public-key; results that were encrypted for the other key can then no longer be read.
            """)
    }
}
