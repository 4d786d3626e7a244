// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A form for a new record, or for changing one: organization, collaboration, study, user, role, or the name of a node.
struct RecordFormScreen: Screen {
    let kind: RecordKind
    /// Nil for a new one.
    let id: Int?
    /// Nil until what it is filled in with is here.
    private(set) var form: Form?
    private var original = JSONObject()
    private var membersShown: Int?

    init(_ kind: RecordKind, id: Int?) {
        self.kind = kind
        self.id = id
    }

    var place: Place { .record(kind, id) }
    var contexts: [KeyContext] { [.form] }
    func title(in world: World) -> String {
        id.map { "Change \(kind.rawValue) \(kind.name(of: $0, in: world.federation))" } ?? "New \(kind.rawValue)"
    }

    func needs(in world: World) -> [Subject] { subjects }

    private var subjects: [Subject] {
        switch (kind, id) {
        case (.user, let id?): [.roles, .rolesOf(user: id)]
        case (.user, nil): [.roles]
        case (.role, let id?): [.roles, .rules(role: id)]
        case (.study, let id?): [.membersOf(study: id)]
        case (.node, _): [.nodes]
        default: []
        }
    }

    /// What is being typed is not overwritten by what others change.
    func stale(in world: World) -> [Subject] { [] }

    mutating func prepare(in world: World) {
        if form == nil, (subjects + [.surroundings]).allSatisfy(world.federation.hasLoaded) {
            let form = Form(kind.fields(of: id, in: world.federation))
            original = kind.values(in: form)
            self.form = form
            membersShown = form.field("Collaboration")?.selection.first
        }
        // Another collaboration has other members.
        if kind == .study, id == nil, let place = form?.field("Collaboration")?.selection.first, place != membersShown {
            membersShown = place
            form?["Organizations"] = RecordKind.studyMembers(of: place, chosen: [], in: world.federation)
        }
    }

    mutating func type(_ key: Key, in world: World) -> [Reaction]? {
        if form?.handle(key) == true {
            prepare(in: world)
            return []
        }
        if key == .escape {
            guard let form, kind.values(in: form) != original else { return [.back] }
            return [.ask(Dialog("Leave the form?", lines: [[Span("What was typed is lost.")]], effects: [.leave]))]
        }
        if key == .enter {
            form?.move(1)
            return []
        }
        return nil
    }

    mutating func paste(_ text: String, in world: World) -> [Reaction] {
        form?.paste(text)
        return []
    }

    func refusal(of action: Action, in world: World) -> String? {
        action == .submit ? world.federation.refusal(kind.path, id == nil ? "create" : "edit") : nil
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        switch action {
        case .nextField: form?.move(1)
        case .previousField: form?.move(-1)
        case .submit: return submit()
        default: break
        }
        return []
    }

    private mutating func submit() -> [Reaction] {
        guard let form else { return [.say(.bad("The form is not loaded yet"))] }
        if let fault = kind.fault(in: form) {
            self.form?.focus(on: fault.label)
            return [.say(.bad(fault.text))]
        }
        var values = kind.values(in: form)
        guard let id else {
            let name = form["Name"].text.trimmed + form["Username"].text.trimmed
            return [
                .run(
                    .change(
                        Change(
                            method: "POST", path: "/\(kind.path)", body: values, creates: kind,
                            doing: "creating \(name)", done: "\(name) is created", reloads: kind.reloads)))
            ]
        }
        // Only what differs is sent: the server refuses some members even when they stay the same.
        for (key, value) in original where values[key] == value { values[key] = nil }
        guard values.count > 0 else { return [.say(.good("Nothing is different: nothing was sent")), .back] }
        return [
            .run(
                .change(
                    Change(
                        method: "PATCH", path: "/\(kind.path)/\(id)", body: values,
                        doing: "changing \(kind.rawValue) \(id)", done: "\(kind.rawValue) \(id) is changed",
                        reloads: kind.reloads + subjects)))
        ]
    }

    mutating func receive(_ outcome: Message.Outcome, of effect: Effect, in world: World) -> [Reaction] {
        guard case .change = effect else { return [] }
        switch outcome {
        case .done, .made: return [.back]
        default: return []
        }
    }

    func draw(on canvas: inout Canvas, in world: World) {
        canvas.region(canvas.bounds.centered(rows: canvas.size.rows, columns: min(canvas.size.columns, 96))) { canvas in
            canvas.box(title(in: world), focused: true) { canvas in
                guard let form else {
                    for subject in subjects + [.surroundings] where !world.federation.hasLoaded(subject) {
                        _ = canvas.placeholder(for: subject, isEmpty: true, empty: "", in: world)
                        return
                    }
                    return
                }
                canvas.region(canvas.bounds.inset(rows: 1, columns: 0)) { form.draw(on: &$0, labels: 15) }
            }
        }
    }
}
