// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The columns of every list of tasks.
enum TaskColumns {
    static let all: [Column] = [
        Column("ID", 5, upTo: 7),
        Column("NAME", 16, upTo: 44, names: true),
        Column("IMAGE", 14, upTo: 28, priority: 5),
        Column("STUDY", 8, upTo: 18, priority: 7),
        Column("STATUS", 13, upTo: 27),
        Column("RUNS", 10, upTo: 16, priority: 2),
        Column("BY", 5, upTo: 14, priority: 3),
        Column("AGE", 7, priority: 1, align: .trailing),
        Column("NOTE", 18, upTo: 40, priority: 4),
        Column("COLLABORATION", 14, upTo: 20, priority: 6),
    ]

    /// Names by which a person sorts, in the order of the columns.
    static let sorts = all.map { $0.title.lowercased() }

    static func cells(_ task: AlgorithmTask, in world: World, room: Int) -> [Span] {
        let federation = world.federation
        return [
            Span(String(task.id)),
            Span(task.name.flatMap { $0.isEmpty ? nil : $0 } ?? "(no name)"),
            Span(shortImage(task.image), .dim),
            Span(task.study.map { federation.studies[$0.id]?.name ?? "study \($0.id)" } ?? "", .dim),
            status(task, in: world),
            progress(federation.progress(of: task.id), world.glyphs, bar: room < 130 ? 6 : 10),
            Span(federation.userName(task.initUser?.id), .dim),
            Span(world.age(task.createdAt), .dim),
            Span(federation.note(of: task) ?? "", .dim),
            Span(federation.collaborationName(task.collaboration?.id), .dim),
        ]
    }

    /// Cells of the short lists in other views: number, name, status, runs, age.
    static func brief(_ task: AlgorithmTask, in world: World) -> [Span] {
        [
            Span(String(task.id)), Span(task.name ?? ""), status(task, in: world),
            progress(world.federation.progress(of: task.id), world.glyphs), Span(world.age(task.createdAt), .dim),
        ]
    }

    /// The columns of a file: what does not age, without signs.
    static let exported = [
        "ID", "NAME", "STATUS", "COMPLETED", "RUNS", "BY", "CREATED", "NOTE", "IMAGE", "STUDY", "COLLABORATION",
    ]

    static func values(_ task: AlgorithmTask, in world: World) -> [JSONValue] {
        let federation = world.federation
        let progress = federation.progress(of: task.id)
        return [
            JSONValue(task.id), .string(task.name ?? ""), .string(task.status.rawValue),
            progress.map { JSONValue($0.completed) } ?? .null, progress.map { JSONValue($0.total) } ?? .null,
            .string(federation.userName(task.initUser?.id)), .string(task.createdAt?.text ?? ""),
            .string(federation.note(of: task) ?? ""), .string(task.image),
            .string(task.study.map { federation.studies[$0.id]?.name ?? "study \($0.id)" } ?? ""),
            .string(federation.collaborationName(task.collaboration?.id)),
        ]
    }

    /// The status, or what is being done about it.
    static func status(_ task: AlgorithmTask, in world: World) -> Span {
        if world.running[.kill(task: task.id)] != nil { return Span("… killing", .warning) }
        return task.status.span(world.glyphs)
    }

    /// How many of the runs are completed, and a bar of it.
    static func progress(_ progress: RunProgress?, _ glyphs: Glyphs, bar columns: Int = 10) -> Span {
        guard let progress, progress.total > 0 else { return Span(glyphs[.dot], .dim) }
        let completed = progress.completed
        let bar = glyphs.bar(completed, of: progress.total, columns: columns)
        let role: TextRole = progress.failed > 0 ? .bad : completed == progress.total ? .good : .running
        let count = "\(completed)/\(progress.total)"
        return Span("\(count) \(bar)", role, brief: count)
    }

    /// The image without registry and folders.
    static func shortImage(_ image: String) -> String {
        let name = image.split(separator: "/").last.map(String.init) ?? image
        return name.split(separator: "@").first.map(String.init) ?? name
    }
}
