// SPDX-License-Identifier: Apache-2.0

/// An SSH tunnel to a port of another machine (`ssh-tunnels[]`).
struct TunnelConfiguration: Sendable, Hashable {
    /// The name by which algorithms know the far end (`hostname`).
    let name: String
    /// The SSH server.
    let host: String
    let port: Int
    /// The server's public key, as `ssh-keyscan` prints it: type and base64.
    let hostKey: String
    let user: String
    /// The file of the private key to log in with.
    let keyFile: String
    /// The port that algorithms use.
    let bindPort: Int
    /// Where the SSH server connects to.
    let destinationHost: String
    let destinationPort: Int

    /// Whether a database lies behind this tunnel.
    func matches(_ address: DatabaseAddress) -> Bool {
        address.host.lowercased() == name.lowercased() && address.port == bindPort
    }
}

/// A container of this machine that algorithms may reach (`docker_services`).
struct ServiceConfiguration: Sendable, Hashable {
    /// The name by which algorithms know it.
    let alias: String
    let container: String
}
