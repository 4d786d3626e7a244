// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization
import Testing
import V6Kit

@testable import V6Server

/// How events get to many clients.
struct RealtimeDeliveryTests {
    /// A WebSocket that keeps what it is sent.
    private final class Peer: RealtimePeer {
        let eventLoop: any EventLoop
        let packets = Mutex<[OutgoingPacket]>([])

        init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

        func send(_ packets: [OutgoingPacket]) { self.packets.withLock { $0 += packets } }

        func end(_ cut: Cut) {}

        func resumeReading() {}
    }

    private static func place(_ packet: OutgoingPacket?) -> UnsafeRawPointer? {
        packet?.frame.withUnsafeReadableBytes { $0.baseAddress }
    }

    @Test func aRoomOfTenThousandGetsAnEventThatIsEncodedOnce() async throws {
        try await TestServer.run { server in
            let hub = server.hub
            let room = Room.collaboration(77)
            let peers = (0..<10_000).map { _ in Peer(MultiThreadedEventLoopGroup.singleton.any()) }
            for (index, peer) in peers.enumerated() {
                // Every second one wants the number, which makes a second form of the event.
                let client = try #require(
                    hub.open(socket: peer, authorization: nil, isNumbered: index.isMultiple(of: 2)))
                hub.state.withLock { _ = $0.rooms[room, default: []].insert(client) }
            }
            let emission = Emission(room: room, event: SocketIOEvent(name: "new_task", arguments: [["id": 1]]))
            await hub.send([EventLog.Entry(id: 9, emission: emission, createdAt: .now())])
            let sent = peers.map { peer in peer.packets.withLock { $0.filter { $0.text.readableBytes < 100 } } }
            #expect(sent.allSatisfy { $0.count == 1 })
            for parity in 0...1 {
                let forms = Set(sent.indices.filter { $0 % 2 == parity }.map { Self.place(sent[$0].first) })
                #expect(forms.count == 1)
            }
            #expect(
                sent[1].first.map { String(buffer: $0.text) } == #"42/tasks,["new_task",{"id":1}]"#)
            #expect(
                sent[0].first.map { String(buffer: $0.text) } == #"42/tasks,["new_task",{"id":1},{"v6_event":9}]"#)
        }
    }
}
