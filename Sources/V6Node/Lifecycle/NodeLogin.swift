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

    /// Goes through the calls 2 to 6 of `node.md` §4.
    /// - Throws: ``NodeError`` when the key is wrong or something contradicts; waits while the server is away.
    func perform() async throws -> (identity: NodeIdentity, key: PrivateKey?) {
        try await signIn()
        let identity = try await identify()
        guard identity.isEncrypted == configuration.isEncrypted else {
            let (there, here) = identity.isEncrypted ? ("is encrypted", "false") : ("is not encrypted", "true")
            throw NodeError(
                .data,
                """
                the collaboration "\(identity.collaborationName)" \(there), but encryption.enabled is \(here) in the \
                configuration. Set it to \(identity.isEncrypted) if that is what your organization agreed to.
                """)
        }
        guard identity.isEncrypted else { return (identity, nil) }
        let key = try loadKey()
        try await agree(on: key, identity)
        return (identity, key)
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
                logger.warning("the server cannot be reached, trying again in \(pause.components.seconds) s: \(error.message)")
                try await Task.sleep(for: pause)
            }
        }
    }

    private func identify() async throws -> NodeIdentity {
        guard let nodeID = await link.client.claims()?.subject else {
            throw NodeError(.unavailable, "the server's token does not say which node this is")
        }
        let node = try await link.insist("GET", "/node/\(nodeID)")
        guard let organizationID = node["organization"]?["id"]?.intValue,
            let collaborationID = node["collaboration"]?["id"]?.intValue
        else {
            throw NodeError(
                .data, "the server lists this node without organization or collaboration; it was probably taken out of it")
        }
        let organization = try await link.insist("GET", "/organization/\(organizationID)")
        let collaboration = try await link.insist("GET", "/collaboration/\(collaborationID)")
        let identity = NodeIdentity(
            nodeID: nodeID, name: node["name"]?.stringValue ?? "node \(nodeID)", organizationID: organizationID,
            organizationName: organization["name"]?.stringValue ?? "organization \(organizationID)",
            collaborationID: collaborationID,
            collaborationName: collaboration["name"]?.stringValue ?? "collaboration \(collaborationID)",
            isEncrypted: collaboration["encrypted"]?.boolValue ?? false)
        logger.info(
            "signed in as \(identity.name) (node \(nodeID)) of \(identity.organizationName) in \(identity.collaborationName)")
        return identity
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

    /// 4.15.2 overwrites the server's key without asking; two nodes with different keys then undo each other's work.
    private func agree(on key: PrivateKey, _ identity: NodeIdentity) async throws {
        let organization = try await link.insist("GET", "/organization/\(identity.organizationID)")
        let wire = organization["public_key"]?.stringValue ?? ""
        if !wire.isEmpty, !replacesPublicKey {
            let known = try? PublicKey(wire: wire)
            guard known != key.publicKey else { return }
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
        guard wire != key.publicKey.wire else { return }
        _ = try await link.insist(
            "PATCH", "/organization/\(identity.organizationID)", body: ["public_key": .string(key.publicKey.wire)])
        logger.notice("public key \(key.publicKey.fingerprint) is now the one of \(identity.organizationName)")
    }
}
