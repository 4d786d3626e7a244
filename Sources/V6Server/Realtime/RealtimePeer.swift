// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The end of a connection at which a session is heard: a waiting GET, or a WebSocket.
protocol RealtimePeer: AnyObject, Sendable {
    /// Where it lives; everything below is called there.
    var eventLoop: any EventLoop { get }

    /// Sends packets: the answer of a GET, or frames.
    func send(_ packets: [OutgoingPacket])

    /// Ends it, with the reason for the client.
    func end(_ cut: Cut)

    /// The packets handed over last are worked off: more may be read.
    func resumeReading()
}
