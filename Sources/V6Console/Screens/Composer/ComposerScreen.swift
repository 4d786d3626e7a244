// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A new task: what to compute, where, and on which data.
///
/// Nothing is sent before the person has seen what.
struct ComposerScreen: Screen {
    private(set) var form: Form
    private let draft: ComposerDraft?
    private var isFilled = false
    private var isRestored = false
    private var knownCollaborations: [Int] = []
    private var wantedCollaboration: Int?
    private var builtFor: Int?
    private var knownStates: [Int: String] = [:]

    init(draft: ComposerDraft?) {
        self.draft = draft
        form = Form([])
        fill(draft ?? ComposerDraft())
    }

    private mutating func fill(_ start: ComposerDraft) {
        wantedCollaboration = start.collaboration
        knownCollaborations = []
        builtFor = nil
        form = Form([
            FormField(label: "Name", content: .text(LineEditor(start.name))),
            FormField(label: "Collaboration", content: .choice([], index: 0)),
            FormField(
                label: "Image", content: .text(LineEditor(start.image)),
                hint: Span("such as registry.example.org/algorithm:1.0", .dim)),
            FormField(label: "Method", content: .text(LineEditor(start.method))),
            FormField(
                label: "Arguments", content: .area(TextArea(start.arguments)),
                hint: Span("name=value lines (JSON where it is JSON), or one JSON object", .dim)),
            FormField(
                label: "Databases", content: .text(LineEditor(start.databases)),
                hint: Span("labels, blanks between", .dim)),
            FormField(
                label: "Run at", content: .checks([], chosen: Set(start.organizations), cursor: 0),
                hint: Span("space chooses, * chooses all", .dim)),
        ])
    }

    /// What stands in the fields; nil if there is nothing worth keeping.
    var kept: ComposerDraft? {
        let now = ComposerDraft(
            name: form["Name"].text, collaboration: form["Collaboration"].selection.first, image: form["Image"].text,
            method: form["Method"].text, arguments: form["Arguments"].text, databases: form["Databases"].text,
            organizations: form["Run at"].selection)
        return now.isEmpty ? nil : now
    }

    var place: Place { .composer(draft) }
    var contexts: [KeyContext] { [.composer, .form] }
    func title(in world: World) -> String { "New task" }
    func needs(in world: World) -> [Subject] { [.nodes] }
    func stale(in world: World) -> [Subject] { [.nodes] }

    func note(in world: World) -> [Span] {
        let faults = faults(in: world).count
        if isRestored { return [Span("as you left it · ctrl-x empties the form", .dim)] }
        return faults == 0 ? [Span("ready to submit", .good)] : [Span("\(faults) to fill in or correct", .warning)]
    }

    // MARK: Data

    mutating func prepare(in world: World) {
        if !isFilled {
            isFilled = true
            if draft == nil, let kept = world.draft {
                fill(kept)
                isRestored = true
            }
        }
        let federation = world.federation
        let collaborations = federation.collaborations.values.sorted { $0.id < $1.id }
        if collaborations.map(\.id) != knownCollaborations {
            let chosen = form["Collaboration"].selection.first ?? wantedCollaboration
            knownCollaborations = collaborations.map(\.id)
            let items = collaborations.map { collaboration in
                FormField.Item(
                    id: collaboration.id,
                    title: "\(collaboration.name) (\(collaboration.encrypted ? "encrypted" : "open"))", note: nil)
            }
            form["Collaboration"].content = .choice(
                items, index: knownCollaborations.firstIndex { $0 == chosen } ?? 0)
        }
        guard let collaboration = form["Collaboration"].selection.first else { return }
        let members = federation.surroundings.members[collaboration] ?? []
        let states = Dictionary(
            members.map { ($0, federation.node(organization: $0, collaboration: collaboration)?.status ?? "") }
        ) { $1 }
        guard collaboration != builtFor || states != knownStates else { return }
        let items = members.map { id in
            let node = federation.node(organization: id, collaboration: collaboration)
            return FormField.Item(
                id: id, title: federation.organizationName(id),
                note: node?.span(world.glyphs) ?? Span("no node", .bad))
        }
        var chosen = Set(form["Run at"].selection)
        if case .checks(_, let wanted, _) = form["Run at"].content, builtFor == nil { chosen = wanted }
        chosen.formIntersection(members)
        var cursor = 0
        if case .checks(_, _, let place) = form["Run at"].content { cursor = min(place, max(0, items.count - 1)) }
        form["Run at"].content = .checks(items, chosen: chosen, cursor: cursor)
        builtFor = collaboration
        knownStates = states
    }

    /// What stands between this and a task, each with what to do.
    func faults(in world: World) -> [String] {
        var faults: [String] = []
        if form["Collaboration"].selection.isEmpty { faults.append("Collaboration: you are in none") }
        if form["Image"].text.trimmed.isEmpty { faults.append("Image: name the algorithm's image") }
        if form["Method"].text.trimmed.isEmpty { faults.append("Method: name the function to call") }
        do { _ = try TaskArguments.parse(form["Arguments"].text) } catch {
            faults.append("Arguments: \(error.message)")
        }
        let chosen = form["Run at"].selection
        if chosen.isEmpty { faults.append("Run at: choose at least one organization") }
        return faults
    }

    /// What will work, but not as one may think.
    func warnings(in world: World) -> [String] {
        guard let collaboration = form["Collaboration"].selection.first else { return [] }
        let federation = world.federation
        var warnings: [String] = []
        for id in form["Run at"].selection {
            let name = federation.organizationName(id)
            guard let node = federation.node(organization: id, collaboration: collaboration) else {
                warnings.append("\(name) has no node here: the server will refuse")
                continue
            }
            if !node.isOnline { warnings.append("\(node.name) is offline: its run waits until it is back") }
            let labels = (node.config ?? []).filter { $0.key == "database_labels" }.compactMap(\.value)
            for label in databases where !labels.isEmpty && !labels.contains(label) {
                warnings.append("\(node.name) has no database \"\(label)\" (it has \(labels.joined(separator: ", ")))")
            }
            if federation.collaborations[collaboration]?.encrypted == true,
                federation.organizations[id]?.publicKey?.isEmpty != false
            {
                warnings.append("\(name) has no public key yet: nothing can be encrypted for it")
            }
        }
        if federation.collaborations[collaboration]?.encrypted == true, world.identity?.hasPrivateKey != true {
            warnings.append("no private key is loaded here: you could not read the result")
        }
        return warnings
    }

    private var databases: [String] {
        form["Databases"].text.split { $0 == " " || $0 == "," }.map(String.init)
    }

    private func composed() -> TaskDraft? {
        guard let collaboration = form["Collaboration"].selection.first else { return nil }
        var task = TaskDraft()
        task.name = form["Name"].text.trimmed
        task.image = form["Image"].text.trimmed
        task.method = form["Method"].text.trimmed
        do { task.arguments = try TaskArguments.parse(form["Arguments"].text) } catch { return nil }
        task.collaboration = collaboration
        task.organizations = form["Run at"].selection
        task.databases = databases
        return task
    }

    // MARK: Keys

    mutating func type(_ key: Key, in world: World) -> [Reaction]? {
        if form.handle(key) {
            isRestored = false
            return []
        }
        if key == .enter { return move(1) }
        if key == .escape { return [.run(.keepDraft(kept)), .back] }
        return nil
    }

    mutating func paste(_ text: String, in world: World) -> [Reaction] {
        form.paste(text)
        return []
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        switch action {
        case .nextField: return move(1)
        case .previousField: return move(-1)
        case .editExternally: return [.run(.edit(form["Arguments"].text))]
        case .clearForm:
            fill(ComposerDraft())
            isRestored = false
            prepare(in: world)
            return [.run(.keepDraft(nil))]
        case .submit:
            if let fault = faults(in: world).first {
                form.focus(on: String(fault.prefix { $0 != ":" }))
                return [.say(.bad(fault))]
            }
            return composed().map { [.ask(confirmation($0, in: world))] } ?? []
        default: break
        }
        return []
    }

    /// With each field the draft is kept, so that not even a dying program loses more than a line.
    private mutating func move(_ step: Int) -> [Reaction] {
        form.move(step)
        return [.run(.keepDraft(kept))]
    }

    private func confirmation(_ task: TaskDraft, in world: World) -> Dialog {
        let federation = world.federation
        let encrypted = federation.collaborations[task.collaboration]?.encrypted == true
        var lines: [[Span]] = [
            [Span("image     ", .dim), Span(task.image)],
            [Span("method    ", .dim), Span(task.method)],
            [
                Span("arguments ", .dim),
                Span(task.arguments.isEmpty ? "none" : JSONValue.object(task.arguments).text(.python)),
            ],
            [Span("databases ", .dim), Span(task.databases.joined(separator: ", "))],
            [
                Span("in        ", .dim),
                Span(
                    federation.collaborationName(task.collaboration)
                        + (encrypted ? ", encrypted for each organization" : ", not encrypted")),
            ],
        ]
        let names = task.organizations.map { federation.organizationName($0) }.joined(separator: ", ")
        lines.append([Span("run at    ", .dim), Span(names)])
        for warning in warnings(in: world).prefix(5) { lines.append([Span("! \(warning)", .warning)]) }
        let name = task.name.isEmpty ? "Submit this task?" : "Submit \(task.name)?"
        return Dialog(name, lines: lines, effects: [.submit(task)])
    }

    mutating func receive(_ outcome: Message.Outcome, of effect: Effect, in world: World) -> [Reaction] {
        if case .edit = effect, case .edited(let text) = outcome {
            var text = text
            while text.last?.isNewline == true { text.removeLast() }
            form["Arguments"].text = text
            form.focus(on: "Arguments")
        }
        guard case .submit = effect, case .created(let task) = outcome else { return [] }
        return [.run(.keepDraft(nil)), .replace(.task(task.id))]
    }

    // MARK: View

    func draw(on canvas: inout Canvas, in world: World) {
        let parts: (left: Rect, rest: Rect) =
            canvas.size.columns >= 100
            ? canvas.bounds.split(left: canvas.size.columns * 55 / 100)
            : (canvas.bounds, Rect(row: 0, column: 0, rows: 0, columns: 0))
        canvas.region(parts.left) { canvas in
            canvas.box("Compose", focused: true) { form.draw(on: &$0, labels: 15) }
        }
        canvas.region(parts.rest) { canvas in
            let halves = canvas.bounds.split(top: canvas.size.rows / 2)
            canvas.region(halves.top) { canvas in
                canvas.box("Input of each run") { canvas in
                    let text = composed()?.input.text(.pretty) ?? ""
                    canvas.pager(TextPager(), lines: text.split(separator: "\n").map(String.init))
                }
            }
            canvas.region(halves.rest) { canvas in
                canvas.box("Checks and the same from a shell") { canvas in
                    let faults = faults(in: world).map { "\(world.glyphs[.failed]) \($0)" }
                    let warnings = warnings(in: world).map { "! \($0)" }
                    let command = composed().map { TaskActions.shellCommand($0) } ?? ""
                    var pager = TextPager()
                    pager.isWrapping = true
                    canvas.pager(pager, lines: faults + warnings + ["", command]) { line in
                        line.hasPrefix("!") ? .warning : line.hasPrefix(world.glyphs[.failed]) ? .bad : .text
                    }
                }
            }
        }
    }
}

extension String {
    /// Without blanks at the ends.
    var trimmed: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
