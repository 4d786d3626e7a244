// SPDX-License-Identifier: Apache-2.0

import V6Kit

@testable import V6Console

/// What a node tells over its control socket, in the middle of a busy day.
enum SiteData {
    static let answers: [SitePart: JSONValue] = [
        .status: [
            "node": ["id": 3, "name": "maas-node"], "configuration": "maas", "organization": "Maas Clinic",
            "collaboration": "thyroid", "encrypted": true, "server": "https://v6.example.org/api", "online": true,
            "engine": "Docker, API 1.41", "runs": 3, "queue": 1, "places": 4,
            "key": "SHA256:rsrDhXgOYkRK91vhEUH4qA/PYnuLMwFRggtRBoO56iA", "started_at": "2026-11-25T08:02:11.000000",
        ],
        .runs: .array([
            run(71, task: 40, "done", status: "completed", started: "14:02:02", finished: "14:02:41"),
            run(72, task: 41, "done", status: "not allowed", started: nil, finished: "14:03:00"),
            run(75, task: 44, "running", started: "14:20:01"), run(76, task: 45, "starting", started: nil),
            run(77, task: 46, "queued", started: nil, position: 1),
        ]),
        .containers: [
            [
                "id": "11", "name": "vantage6-maas-run-75", "state": "running", "kind": "algorithm", "run": 75,
                "image": "registry.example.org/average@sha256:11",
            ],
            [
                "id": "12", "name": "vantage6-maas-relay-1", "state": "running", "kind": "relay", "run": nil,
                "image": "relay",
            ],
        ],
        .databases: [
            ["label": "default", "type": "csv", "kind": "file", "path": "/data/patients.csv", "mount_mode": "ro"],
            ["label": "warehouse", "type": "omop", "kind": "connection", "path": nil, "mount_mode": "ro"],
        ],
        .policy: [
            "allowed_algorithms": ["^registry\\.example\\.org/"], "allowed_users": [], "require_algorithm_pull": true,
        ],
        .disk: [
            "folder": "/var/lib/vantage6", "total": 500_000_000_000, "free": 41_000_000_000,
            "used": ["runs": 12_300_000, "jobs": 0, "databases": 230_000],
        ],
        .leftovers: [
            [
                "kind": "image", "name": "registry.example.org/old:1", "bytes": 812_000_000,
                "reason": "unused for 31 days",
            ]
        ],
    ]

    private static func run(
        _ id: Int, task: Int, _ phase: String, status: String? = nil, started: String?, finished: String? = nil,
        position: Int? = nil
    ) -> JSONValue {
        func moment(_ clock: String?) -> JSONValue { clock.map { .string("2026-11-25T\($0).000000") } ?? .null }
        return [
            "id": JSONValue(id), "task": JSONValue(task), "job": JSONValue(task), "parent": nil,
            "image": "registry.example.org/average:1.2", "phase": .string(phase),
            "status": status.map { .string($0) } ?? .null, "assigned_at": moment("14:02:00"),
            "started_at": moment(started), "finished_at": moment(finished),
            "position": position.map { JSONValue($0) } ?? .null, "waits_for_subtasks": false, "organization": 2,
            "user": 7, "databases": ["default"], "note": nil,
        ]
    }

    /// The console of that node, with everything loaded.
    static func app(
        size: Size = Size(rows: 24, columns: 80), theme: Theme = .standard, glyphs: Glyphs = .unicode,
        answers: [SitePart: JSONValue] = SiteData.answers
    ) -> App {
        var world = World(now: Network.now, size: size, glyphs: glyphs)
        world.identity = Identity(
            server: "/var/lib/vantage6/control.sock", username: "operator", hasPrivateKey: false, isReadOnly: false,
            isAtNode: true)
        var app = App(world: world, theme: theme, start: .site)
        app.model.world.connection = .connecting
        _ = app.start(at: Network.now)
        for (part, answer) in answers {
            _ = app.update(.finished(.load(.site(part)), .loaded(.site(answer))), at: Network.now)
        }
        app.model.world.running = [:]
        return app
    }
}
