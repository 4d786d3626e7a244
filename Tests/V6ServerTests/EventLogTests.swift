// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// The log of events, on both engines.
struct EventLogTests {
    private static let minute = TimeLimitTrait.timeLimit(.minutes(5))

    @Test(minute, arguments: TestServer.Engine.allCases)
    func whatWasMissedIsReadInOrder(_ engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let node = network.nodeToken(network.alphaNode)
            let start = try #require(try await server.send("GET", "/event", token: node).json["last"]?.intValue)

            let task = try await network.task(researcher, for: [network.alpha, network.beta])
            _ = try await server.send("PATCH", "/run/1", token: node, body: ["status": "active"])
            let missed = try await server.send("GET", "/event?after=\(start)", token: node).json
            let names = missed["data"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
            #expect(names == ["new_task", "status_update"])
            #expect(missed["data"]?[0]?["data"] == ["id": .integer(task), "parent_id": nil])
            #expect(missed["complete"] == true)

            let first = try await server.send("GET", "/event?after=\(start)&per_page=1", token: node).json
            let rest = try await server.send(
                "GET", "/event?after=\(first["last"]?.intValue ?? 0)", token: node
            ).json
            #expect(rest["data"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == ["status_update"])
            #expect(rest["last"] == missed["last"])
        }
    }

    /// An event is not told to the one it tells of, and counts all the same for what a page holds.
    @Test(minute)
    func aPageWithoutAnythingToTellIsNotTheLast() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let node = network.nodeToken(network.alphaNode)
            let start = try #require(try await server.send("GET", "/event", token: node).json["last"]?.intValue)
            try await server.store.write { session in
                let room = Room.collaboration(network.open)
                var own = Emission(room: room, event: SocketIOEvent(name: "own"))
                own.skip = network.alphaNode
                try EventLog(session: session).append([own, Emission(room: room, event: SocketIOEvent(name: "other"))])
            }
            let first = try await server.send("GET", "/event?after=\(start)&per_page=1", token: node).json
            #expect(first["data"] == [] && first["more"] == true)
            let second = try await server.send(
                "GET", "/event?after=\(first["last"]?.intValue ?? 0)", token: node
            ).json
            #expect(second["data"]?[0]?["name"] == "other" && second["more"] == false)
        }
    }

    @Test(minute)
    func nobodyReadsEventsOfForeignRooms() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let outsider = try await network.user("dan", of: network.delta, roles: [.collaborationAdmin]).token
            let deaf = try await network.user("eve", of: network.alpha).token
            _ = try await network.task(researcher, for: [network.alpha])
            for token in [outsider, deaf, network.nodeToken(network.gammaNode)] {
                #expect(try await server.send("GET", "/event", token: token).json["data"] == [])
            }
            #expect(try await server.send("GET", "/event", token: researcher).json["data"]?.arrayValue?.count == 1)
            #expect(try await server.send("GET", "/event?after=-1", token: researcher).status == 400)
            #expect(try await server.send("GET", "/event?per_page=1001", token: researcher).status == 400)
        }
    }

    @Test(minute)
    func anEventIsThereOnlyWithItsChange() async throws {
        try await TestServer.run { server in
            let before = try await server.store.read { try EventLog(session: $0).bounds()?.upperBound ?? 0 }
            struct Refusal: Error {}
            await #expect(throws: Refusal.self) {
                try await server.store.write { session in
                    try EventLog(session: session).append([
                        Emission(room: .allNodes, event: SocketIOEvent(name: "x"))
                    ])
                    throw Refusal()
                }
            }
            #expect(try await server.store.read { try EventLog(session: $0).bounds()?.upperBound ?? 0 } == before)
        }
    }

    @Test(minute, arguments: TestServer.Engine.allCases)
    func oldEventsAreForgottenAndTheGapIsTold(_ engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            let network = try await TestNetwork(server)
            let node = network.nodeToken(network.alphaNode)
            let room = Room.collaboration(network.open)
            let moment = Timestamp.now()
            try await server.store.write { session in
                let log = EventLog(session: session)
                for (age, name) in [(3.0, "a"), (2.0, "b"), (1.0, "c")] {
                    try log.append(
                        [Emission(room: room, event: SocketIOEvent(name: name))], at: moment.adding(seconds: -age))
                }
                try log.prune(before: moment.adding(seconds: -1.5))
            }
            let answer = try await server.send("GET", "/event", token: node).json
            #expect(answer["data"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == ["c"])
            #expect(answer["complete"] == false)
            let last = try #require(answer["last"]?.intValue)
            #expect(try await server.send("GET", "/event?after=\(last)", token: node).json["complete"] == true)
            // The newest event stays even when it is old, so that numbers never start again.
            try await server.store.write { try EventLog(session: $0).prune(before: moment.adding(seconds: 60)) }
            #expect(try await server.store.read { try EventLog(session: $0).bounds() } == Int64(last)...Int64(last))
        }
    }

    @Test("the log is named where old clients do not look, and is for users and nodes")
    func advertisement() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let version = try await server.send("GET", "/version")
            #expect(version.headers["V6-Events"] == "numbered")
            #expect(version.json.objectValue?.map(\.key) == ["version"])
            let node = network.nodeToken(network.alphaNode)
            let empty = try await server.send("GET", "/event?after=7", token: node)
            #expect(empty.status == 200)
            #expect(empty.json["data"] == [] && empty.json["last"] == 7 && empty.json["complete"] == true)
            for query in ["after=-1", "after=x", "after=", "per_page=0", "per_page=1001"] {
                let answer = try await server.send("GET", "/event?\(query)", token: node)
                #expect(answer.status == 400, "\(query): \(answer.text)")
            }
            let container = server.issuer.container(
                ContainerIdentity(
                    nodeID: network.alphaNode, organizationID: network.alpha, collaborationID: network.open,
                    studyID: nil, storeID: nil, taskID: 1, image: "image", databases: []))
            for token in [nil, container] {
                let answer = try await server.send("GET", "/event?after=0", token: token)
                #expect(answer.status == 401, "\(answer.text)")
            }
        }
    }
}
