// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Objects {
    /// A port an algorithm offers to the other runs of its task.
    static let port: Shape = .named(
        "Port", .object(["id": .integer, "port": .nullable(.integer), "label": .nullable(.text)]))

    /// Where a port can be reached.
    static let address: Shape = .object([
        "port": .nullable(.integer), "label": .nullable(.text), "ip": .nullable(.text),
        "organization_id": .nullable(.integer), "task_id": .nullable(.integer), "parent_id": .nullable(.integer),
    ])

    static let result: Shape = .named(
        "Result",
        .object([
            "id": .integer, "result": .nullable(.text), "run": .nullable(link), "task": .nullable(link),
            "cleanup_at": .nullable(.moment), "blob_storage_used": .nullable(.boolean),
        ]))

    /// A run as it stands in a task.
    static let runOfTask: Shape = .named("RunOfTask", .object(runMembers))

    static let run: Shape = .named(
        "Run", Shape.object(runMembers).with(["task": .either([.nullable(link), .named("TaskOfRun", taskOfRun)])]))

    static let task: Shape = .named(
        "Task",
        taskOfRun.with([
            "runs": .either([.text, .list(runOfTask)]), "results": .either([.text, .list(result)]),
        ]))

    static let status: Shape = .choice(RunStatus.allCases.map(\.rawValue))

    private static let runMembers: [Shape.Member] = [
        Shape.Member(name: "id", shape: .integer),
        Shape.Member(name: "status", shape: .nullable(.text)),
        Shape.Member(name: "organization", shape: .nullable(link)),
        Shape.Member(name: "task", shape: .nullable(link)),
        Shape.Member(name: "results", shape: .nullable(link)),
        Shape.Member(
            name: "node",
            shape: .either([
                .object([:]),
                .object([
                    "id": .integer, "ip": .nullable(.text), "status": .nullable(.text), "name": .nullable(.text),
                ]),
            ])),
        Shape.Member(name: "ports", shape: .list(port)),
        Shape.Member(name: "input", shape: .nullable(.text)),
        Shape.Member(name: "assigned_at", shape: .nullable(.moment)),
        Shape.Member(name: "started_at", shape: .nullable(.moment)),
        Shape.Member(name: "finished_at", shape: .nullable(.moment)),
        Shape.Member(name: "log", shape: .nullable(.text)),
        Shape.Member(name: "cleanup_at", shape: .nullable(.moment)),
        Shape.Member(name: "blob_storage_used", shape: .nullable(.boolean)),
    ]

    private static let taskOfRun = Shape.object([
        "id": .integer, "name": .nullable(.text), "description": .nullable(.text), "image": .nullable(.text),
        "status": status, "job_id": .nullable(.integer), "created_at": .nullable(.moment),
        "finished_at": .nullable(.moment), "collaboration": .nullable(link), "study": .nullable(link),
        "parent": .nullable(link), "children": .text, "init_org": .nullable(link), "init_user": .nullable(link),
        "algorithm_store": .nullable(link), "results": .text,
        "databases": .list(.object(["label": .nullable(.text), "parameters": .nullable(.text)])),
    ])
}
