// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension NodeConfiguration {
    /// Where a running node listens to its operator.
    var controlSocket: String { "\(dataFolder)/control.sock" }

    /// The running node of this configuration.
    func control(over transport: any HTTPTransport) -> NodeControl {
        NodeControl(socket: controlSocket, transport: transport)
    }
}
