// SPDX-License-Identifier: Apache-2.0

/// Where the ports of a container can be reached from this machine.
struct ContainerEndpoints: Sendable, Hashable {
    /// Its addresses in the engine's networks.
    let addresses: [String]
    /// The ports it offers.
    let ports: [Int]
    /// Ports of this machine by the container's port.
    let published: [Int: [Int]]

    /// The places to try for a port, best first.
    func places(of port: Int) -> [(address: String, port: Int)] {
        // The engine of a user without privileges has networks of its own, where only published ports can be reached.
        addresses.map { ($0, port) } + (published[port] ?? []).map { ("127.0.0.1", $0) }
    }
}
