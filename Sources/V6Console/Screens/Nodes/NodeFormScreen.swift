// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A new node: for which organization, in which collaboration.
///
/// The server answers with the key, once.
struct NodeFormScreen: Screen {
    private(set) var form = Form([
        FormField(label: "Collaboration", content: .choice([], index: 0)),
        FormField(label: "Organization", content: .choice([], index: 0), hint: Span("those without a node here", .dim)),
        FormField(label: "Name", content: .text(LineEditor()), hint: Span("may stay empty", .dim)),
    ])
    private var knownCollaborations: [Int] = []
    private var builtFor: [Int] = [-1]

    var place: Place { .newNode }
    var contexts: [KeyContext] { [.form] }
    func title(in world: World) -> String { "New node" }
    func needs(in world: World) -> [Subject] { [.nodes] }

    mutating func prepare(in world: World) {
        let federation = world.federation
        let collaborations = federation.collaborations.values.sorted { $0.id < $1.id }
        if collaborations.map(\.id) != knownCollaborations {
            knownCollaborations = collaborations.map(\.id)
            form["Collaboration"].content = .choice(
                collaborations.map { FormField.Item(id: $0.id, title: $0.name, note: nil) }, index: 0)
        }
        guard let collaboration = form["Collaboration"].selection.first else { return }
        let free = (federation.surroundings.members[collaboration] ?? []).filter {
            federation.node(organization: $0, collaboration: collaboration) == nil
        }
        guard [collaboration] + free != builtFor else { return }
        builtFor = [collaboration] + free
        form["Organization"].content = .choice(
            free.map { FormField.Item(id: $0, title: federation.organizationName($0), note: nil) }, index: 0)
    }

    mutating func type(_ key: Key, in world: World) -> [Reaction]? {
        if form.handle(key) { return [] }
        if key == .escape { return [.back] }
        if key == .enter {
            form.move(1)
            return []
        }
        return nil
    }

    mutating func paste(_ text: String, in world: World) -> [Reaction] {
        form.paste(text)
        return []
    }

    func refusal(of action: Action, in world: World) -> String? {
        action == .submit ? world.federation.refusal("node", "create") : nil
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        switch action {
        case .nextField: form.move(1)
        case .previousField: form.move(-1)
        case .submit:
            guard let collaboration = form["Collaboration"].selection.first,
                let organization = form["Organization"].selection.first
            else { return [.say(.bad("Every organization of this collaboration has a node already"))] }
            let name = form["Name"].text.trimmed
            return [
                .run(.createNode(collaboration: collaboration, organization: organization, name: name))
            ]
        default: break
        }
        return []
    }

    mutating func receive(_ outcome: Message.Outcome, of effect: Effect, in world: World) -> [Reaction] {
        guard case .createNode = effect, case .secret = outcome else { return [] }
        return [.back]
    }

    func draw(on canvas: inout Canvas, in world: World) {
        canvas.region(canvas.bounds.centered(rows: 9, columns: 76)) { canvas in
            canvas.box("New node", focused: true) { canvas in
                canvas.region(canvas.bounds.inset(rows: 1, columns: 0)) { form.draw(on: &$0, labels: 15) }
            }
        }
    }
}
