// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

/// Frames as a 4.15.2 server and its clients exchanged them.
struct RealtimeCodecTests {
    @Test("the open packet of the reference is read")
    func open() throws {
        let text =
            #"0{"sid":"A1","upgrades":["websocket"],"pingTimeout":60000,"pingInterval":25000,"maxPayload":1000000}"#
        let packet = try EngineIOPacket(text)
        #expect(packet == .open(EngineIOHandshake(sid: "A1", upgrades: ["websocket"])))
        #expect(packet.text == text)
    }

    @Test("every packet survives the way over the wire")
    func packets() throws {
        let packets: [EngineIOPacket] = [
            .close, .ping(""), .pong("probe"), .message("40/tasks,"), .upgrade, .noop, .message(""),
        ]
        #expect(try EngineIOPayload.decode(EngineIOPayload.encode(packets)) == packets)
    }

    @Test(
        "frames of the recorded session are read and written alike",
        arguments: [
            ("0/tasks,", SocketIOPacket(.connect, namespace: "/tasks")),
            (#"0/tasks,{"sid":"YB"}"#, SocketIOPacket(.connect, namespace: "/tasks", data: ["sid": "YB"])),
            (#"2/tasks,["sync"]"#, SocketIOPacket(event: SocketIOEvent(name: "sync"), namespace: "/tasks")),
            (
                #"2/tasks,["new_task",{"id":4,"parent_id":null}]"#,
                SocketIOPacket(
                    event: SocketIOEvent(name: "new_task", arguments: [["id": 4, "parent_id": nil]]),
                    namespace: "/tasks")
            ),
            ("3/tasks,7[]", SocketIOPacket(.ack, namespace: "/tasks", id: 7, data: [])),
            ("1/tasks,", SocketIOPacket(.disconnect, namespace: "/tasks")),
            (
                #"4/admin,"Unable to connect""#,
                SocketIOPacket(.connectError, namespace: "/admin", data: "Unable to connect")
            ),
            (
                #"2["message","x"]"#,
                SocketIOPacket(event: SocketIOEvent(name: "message", arguments: ["x"]), namespace: "/")
            ),
            ("0", SocketIOPacket(.connect)),
        ])
    func frames(_ text: String, _ packet: SocketIOPacket) throws {
        #expect(try SocketIOPacket(text) == packet)
        #expect(packet.text == text)
    }

    @Test("a namespace without comma is one, too")
    func bareNamespace() throws {
        #expect(try SocketIOPacket("0/tasks") == SocketIOPacket(.connect, namespace: "/tasks"))
    }

    @Test(
        "what breaks the protocol is refused",
        arguments: [
            "0/tasks,6\r44", "3/tasks,7 8", "3/tasks,99999999999999999999[]", "", "x", "51-", "9/tasks,", "2/tasks,",
            "2/tasks,{}", "2/tasks,[1]", "2/tasks,[", "2/tasks,[] x",
        ])
    func refusedFrames(_ text: String) {
        #expect(throws: RealtimeError.self) { try SocketIOPacket(text) }
    }

    @Test("binary and unknown packets are refused", arguments: ["", "bAAAA", "7", "0{}", "0nonsense", "é"])
    func refusedPackets(_ text: String) {
        #expect(throws: RealtimeError.self) { try EngineIOPacket(text) }
    }

    @Test("pauses double to the limit, half of each is left to chance")
    func backoff() {
        var low = Backoff(first: .seconds(1), limit: .seconds(8), spread: { 0 })
        var high = Backoff(first: .seconds(1), limit: .seconds(8), spread: { 1 })
        #expect((0..<5).map { _ in low.next() } == [.seconds(0.5), .seconds(1), .seconds(2), .seconds(4), .seconds(4)])
        #expect((0..<5).map { _ in high.next() } == [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(8)])
        high.reset()
        #expect(high.next() == .seconds(1))
    }
}
