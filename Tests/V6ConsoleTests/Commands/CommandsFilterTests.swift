// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

struct CommandsFilterTests {
    private static let now = CommandsWorld.now

    private func record(_ json: JSONValue) -> ListedRecord {
        var names = NameIndex()
        names.learn(.organization, 2, "Alpha")
        return ListedRecord(json: json, columns: TaskResource.columns, names: names, timeMember: "created_at")
    }

    private func passes(_ filter: String, _ json: JSONValue) throws -> Bool {
        try FilterExpression(parsing: filter).matches(record(json), now: Self.now)
    }

    private let task: JSONValue = [
        "id": 12, "name": "Survival of all", "status": "start failed", "image": "r/cox:1", "init_org": ["id": 2],
        "created_at": "2026-11-22T12:00:00", "job_id": 7, "parent": .null,
    ]

    @Test func failedIsAGroup() throws {
        for status in RunStatus.allCases {
            let json: JSONValue = ["id": 1, "status": .string(status.rawValue)]
            let isFound = try passes("status=failed", json)
            let isLeft = try passes("status!=failed", json)
            #expect(isFound == status.isFailed && isLeft != isFound, "\(status)")
        }
        let node: JSONValue = ["id": 1, "status": "offline"]
        let isFound = try passes("status=failed", node)
        #expect(!isFound)
        let killed: JSONValue = ["id": 1, "status": "killed by user"]
        let isShort = try passes("status=killed", killed)
        #expect(isShort)
    }

    @Test(
        arguments: [
            "id=12", "id>=12", "id<13", "id!=13", "status=\"start failed\"", "status=completed|'start failed'",
            "status~START", "name~survival", "initiator=alpha", "init_org=2", "init_org.id=2", "since=2d",
            "created_at>2026-11-22", "created_at<1h", "job_id>6", "survival", "cox all", "", "parent=",
            "id=12 job_id=7", "-f srvl", "id=12 -f all strt",
        ])
    func matchingFilterPasses(filter: String) throws {
        #expect(try passes(filter, task))
    }

    @Test(
        arguments: [
            "id=13", "id>12", "id!=12", "status=crashed", "status!=\"start failed\"", "status!=a|\"start failed\"",
            "name~cox", "initiator!=alpha", "since=1h", "created_at>2026-11-23", "created_at>1h", "word", "nosuch=1",
            "parent>0", "survival nothing", "-f lavrus", "id=13 -f srvl",
        ])
    func otherFilterDoesNotPass(filter: String) throws {
        #expect(try !passes(filter, task))
    }

    @Test(arguments: ["since=soon", "since>2d", "name=\"open"])
    func senselessFilterIsAUsageError(filter: String) {
        #expect { try FilterExpression(parsing: filter) } throws: { ($0 as? ConsoleFailure)?.status == .usage }
    }

    @Test func longerSignWinsOverShorter() throws {
        #expect(try FilterTerm(parsing: "a>=1") == .field("a", .atLeast, ["1"]))
        #expect(try FilterTerm(parsing: "a>1") == .field("a", .greater, ["1"]))
        #expect(try FilterTerm(parsing: "a!=1|2") == .field("a", .notEqual, ["1", "2"]))
    }

    @Test func orderIsByNumberThenTextAndKeepsEqualOnes() {
        let records = [("b", 10), ("a", 9), ("a", 10), ("B", 2)].map { name, id in
            record(["id": JSONValue(id), "name": .string(name)])
        }
        let sorted = SortOrder(parsing: "name,-id").sorted(records).map { $0.json["id"]?.intValue }
        #expect(sorted == [10, 9, 10, 2])
        #expect(SortOrder(parsing: "-id").sorted(records).map { $0.json["name"] } == ["b", "a", "a", "B"])
    }
}
