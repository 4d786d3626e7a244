// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The tables, sentences and questions of the node's screens.
enum SiteTables {
    static func columns(of part: SiteScreen.Part) -> [Column] {
        switch part {
        case .runs:
            [
                Column("RUN", 5), Column("TASK", 5, priority: 2), Column("STATE", 14, upTo: 26),
                Column("IMAGE", 16, upTo: 60), Column("ASKED BY", 13, upTo: 22, priority: 3),
                Column("DATA", 6, upTo: 20, priority: 4), Column("TOOK", 10, upTo: 12, priority: 1, align: .trailing),
                Column("ASSIGNED", 8, upTo: 8, priority: 5, align: .trailing),
            ]
        case .containers:
            [
                Column("NAME", 16, upTo: 50), Column("STATE", 8, upTo: 12), Column("KIND", 9, upTo: 10, priority: 1),
                Column("RUN", 5, priority: 1), Column("IMAGE", 12, upTo: 60, priority: 2),
            ]
        case .databases:
            [
                Column("LABEL", 10, upTo: 24), Column("TYPE", 6, upTo: 12), Column("OFFERED AS", 10, upTo: 10),
                Column("PLACE", 12, upTo: 80),
            ]
        case .policy: [Column("RULE", 20, upTo: 34), Column("SAYS", 20, upTo: 120)]
        case .disk:
            [
                Column("CAN BE REMOVED", 14, upTo: 60), Column("KIND", 8, upTo: 12),
                Column("SIZE", 8, upTo: 9, align: .trailing), Column("BECAUSE", 12, upTo: 60, priority: 1),
            ]
        }
    }

    static func emptiness(of part: SiteScreen.Part) -> String {
        switch part {
        case .runs: "The node has had no runs yet. What the server assigns appears here by itself."
        case .containers: "The node has no containers."
        case .databases: "The configuration offers no databases."
        case .policy: "The configuration has no policies: everything may run here."
        case .disk: "There is nothing to remove."
        }
    }

    static func cells(of run: SiteRun, in world: World) -> [Span] {
        let end = run.finishedAt ?? world.now
        let took = run.startedAt.map { end.seconds(since: $0) }
        let who = [run.user.map { "user \($0)" }, run.organization.map { "org \($0)" }].compactMap { $0 }
        return [
            Span(String(run.id)), Span(run.task.map(String.init) ?? "–"), run.span(world.glyphs),
            Span(TaskColumns.shortImage(run.image)),
            Span(who.joined(separator: ", "), .dim, brief: who.first),
            Span(run.databases.joined(separator: ", "), .dim),
            Span(took.map(Times.span) ?? "", order: took),
            Span(world.clock(run.assignedAt), .dim, order: run.assignedAt.map { Double($0.microseconds) }),
        ]
    }

    static func cells(of container: SiteContainer) -> [Span] {
        [
            Span(container.name), Span(container.state, container.state == "running" ? .running : .dim),
            Span(container.kind), Span(container.run.map(String.init) ?? ""),
            Span(TaskColumns.shortImage(container.image), .dim),
        ]
    }

    static func cells(of database: SiteDatabase) -> [Span] {
        [
            Span(database.label), Span(database.type),
            Span(database.mode == "ro" ? "read-only" : "a copy"), Span(database.place, .dim),
        ]
    }

    static func cells(of leftover: SiteLeftover) -> [Span] {
        [
            Span(leftover.name), Span(leftover.kind), Span(size(leftover.bytes), order: Double(leftover.bytes)),
            Span(leftover.reason, .dim),
        ]
    }

    /// Bytes for a person: powers of 1000, as disks are sold and `df -H` counts.
    static func size(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 1_000 { return unit == "B" ? "\(bytes) B" : String(format: "%.1f %@", value, unit) }
            value /= 1_000
        }
        return String(format: "%.1f TB", value)
    }

    static func room(_ disk: SiteDisk) -> [Span] {
        let isLow = disk.total > 0 && disk.free * 10 < disk.total
        let used = disk.used.sorted { $0.key < $1.key }.map { "\($0.key) \(size($0.value))" }.joined(separator: ", ")
        return [
            Span("\(size(disk.free)) of \(size(disk.total)) free", isLow ? .bad : .text),
            Span(used.isEmpty ? "" : "  ·  \(used)", .dim),
        ]
    }

    static func drawStatus(on canvas: inout Canvas, in world: World) {
        let status = world.federation.site.status
        let server: Span =
            status.isOnline
            ? Span("\(world.glyphs[.active]) online at \(status.server)", .good)
            : Span("\(world.glyphs[.pending]) not connected to \(status.server)", .bad)
        guard world.federation.hasLoaded(.site(.status)) else { return }
        let runs = [
            Span("\(status.running) of \(status.places) places busy"),
            Span(status.waiting > 0 ? ", \(status.waiting) waiting" : "", .warning),
        ]
        canvas.line(
            [Span(" node ", .dim), Span(status.name, .strong), Span("   ")] + (canvas.size.rows < 4 ? runs : [server]),
            row: 0)
        guard canvas.size.rows >= 4 else { return }
        canvas.line([Span(" runs ", .dim)] + runs + [Span("   engine ", .dim), Span(status.engine)], row: 1)
        canvas.line(
            [
                Span(" for  ", .dim), Span(status.organization), Span("   in ", .dim), Span(status.collaboration),
                Span(status.isEncrypted ? " (encrypted)" : " (open)", .dim), Span("   up ", .dim),
                Span(status.startedAt.map { world.age($0) } ?? "–"),
            ], row: 2)
        if status.isEncrypted { canvas.line([Span(" key  ", .dim), Span(status.key)], row: 3) }
    }

    static func killDialog(_ runs: [SiteRun], in world: World) -> Dialog {
        let isOne = runs.count == 1
        let facts =
            isOne
            ? [
                [Span("task    \(runs[0].task.map(String.init) ?? "–")")], [Span("image   \(runs[0].image)")],
                [Span("state   "), runs[0].span(world.glyphs)],
            ]
            : Dialog.list(runs) { "run \($0.id)  task \($0.task.map(String.init) ?? "–")  \(shortImage(of: $0))" }
        return Dialog(
            isOne ? "End run \(runs[0].id)?" : "End \(runs.count) runs?",
            lines: facts + [
                [
                    Span(
                        isOne
                            ? "The server is told that it was killed. What it computed so far is lost."
                            : "The server is told that they were killed. What they computed so far is lost.")
                ]
            ],
            consent: isOne ? .yes : .typing(String(runs.count)), dangerous: true,
            effects: runs.map { run in
                .change(
                    Change(
                        method: "POST", path: "/runs/\(run.id)/kill", doing: "ending run \(run.id)",
                        done: "Run \(run.id) is being ended", reloads: [.site(.runs), .site(.status)]))
            })
    }

    private static func shortImage(of run: SiteRun) -> String { TaskColumns.shortImage(run.image) }

    static func collectDialog(_ leftovers: [SiteLeftover]) -> Dialog {
        let total = leftovers.reduce(0) { $0 + $1.bytes }
        return Dialog(
            "Remove \(leftovers.count) \(leftovers.count == 1 ? "thing" : "things")?",
            lines: [
                [Span("\(size(total)) become free. What runs need is not among them.")],
                [Span("An image that is removed is pulled again when a task asks for it.", .dim)],
            ],
            consent: .typing(String(leftovers.count)), dangerous: true,
            effects: [
                .change(
                    Change(
                        method: "POST", path: "/gc", doing: "removing \(leftovers.count) things",
                        done: "\(leftovers.count) things were removed", reloads: [.site(.disk), .site(.leftovers)]))
            ])
    }
}
