// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation

/// One address outside of its container that an algorithm may reach: a port of loopback on its side, the target on the node's.
struct Outlet: Sendable, Hashable {
    /// Where the node connects to.
    enum Target: Sendable, Hashable {
        case tcp(host: String, port: Int)
        /// The near end of an SSH tunnel, by the tunnel's host name.
        case tunnel(String)
        /// A port of a container on this machine.
        case container(String, port: Int)
        /// Whatever the allow-list permits.
        case allowList
    }

    let target: Target
    /// The loopback address on the side of the algorithm.
    let address: String
    let port: Int
    /// The name by which the algorithm knows the address; nil when it uses the address itself.
    let hostName: String?
    /// The databases behind it: only runs that ask for one of them may connect.
    ///
    /// Nil when it is open to every run.
    var databases: Set<String>?

    /// The name of its socket in the folder of a relay: the same for the same target, whatever else is configured.
    var socket: String {
        let digest = SHA256.hash(data: Data("\(target)".utf8)).prefix(4)
        return digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// How the relay is told of it.
    var argument: String { "\(address):\(port)=\(socket)" }

    /// Whether a run that asks for these databases may connect.
    func isOpen(to labels: some Sequence<String>) -> Bool {
        databases.map { open in labels.contains { open.contains($0) } } ?? true
    }
}
