// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A new task: what to compute, where, and on which data.
///
/// Nothing is sent before the person has seen what.
struct ComposerScreen: Screen {
    var form = Form([])
    /// What stood in the fields at first, for those that come later.
    var start: ComposerDraft
    /// What stood in fields that are not shown now.
    var memory: [String: FormField.Content] = [:]
    /// The algorithm that was chosen from a store, and its function; nil where the image is typed.
    var offer: AlgorithmOffer?
    var function: StoredFunction?
    var builtStudy: Int?
    var preview: TaskPreview?
    var previewPager = TextPager()
    /// The template that the form was filled from, or kept as.
    private(set) var template: String?
    private let draft: ComposerDraft?
    private var isFilled = false
    private var isRestored = false
    private var hasMadeRoom = false

    init(draft: ComposerDraft?) {
        self.draft = draft
        start = draft ?? ComposerDraft()
        form = Form([FormField(label: "Name", content: .text(LineEditor(start.name)))])
    }

    private mutating func fill(_ other: ComposerDraft, in world: World) {
        start = other
        memory = [:]
        template = nil
        (offer, function, builtStudy) = (nil, nil, nil)
        form = Form([FormField(label: "Name", content: .text(LineEditor(other.name)))])
        prepare(in: world)
    }

    var place: Place { .composer(draft) }
    var contexts: [KeyContext] { [.composer, .form] }
    func title(in world: World) -> String { "New task" }

    func needs(in world: World) -> [Subject] {
        var needs: [Subject] = [.nodes, .nodeLoads, .tasks]
        if let collaboration { needs += world.federation.offerNeeds(in: collaboration) }
        if let study { needs.append(.membersOf(study: study)) }
        return needs
    }

    func stale(in world: World) -> [Subject] { [.nodes] }

    func note(in world: World) -> [Span] {
        let faults = faults(in: world).count
        if isRestored { return [Span("as you left it · ctrl-x empties the form", .dim)] }
        if faults > 0 { return [Span("\(faults) to fill in or correct", .warning)] }
        let findings = findings(in: world)
        let refusing = findings.count { $0.state == .fault }
        return refusing == 0
            ? [Span("ready to submit", .good)] : [Span("\(refusing) of \(findings.count) nodes will refuse", .warning)]
    }

    mutating func prepare(in world: World) {
        if !isFilled {
            isFilled = true
            if draft == nil, let kept = world.draft {
                isRestored = true
                fill(kept, in: world)
                return
            }
        }
        rebuild(in: world)
    }

    /// What stood in the composer before is kept when something else is composed.
    mutating func wishes(in world: World) -> [Effect] {
        guard !hasMadeRoom else { return [] }
        hasMadeRoom = true
        guard let draft, let before = world.draft, before != draft else { return [] }
        return [.putAside(before)]
    }

    // MARK: Keys

    mutating func type(_ key: Key, in world: World) -> [Reaction]? {
        if form.handle(key) {
            isRestored = false
            // What is chosen is a step of its own.
            switch form.focused.content {
            case .choice, .checks: return [.run(.keepDraft(kept))]
            case .text, .secret, .area: return [.run(.keepDraftSoon(kept))]
            }
        }
        if key == .enter { return move(1) }
        if key == .escape { return [.run(.keepDraft(kept)), .back] }
        return nil
    }

    mutating func paste(_ text: String, in world: World) -> [Reaction] {
        form.paste(text)
        return [.run(.keepDraft(kept))]
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        switch action {
        case .nextField: return move(1)
        case .previousField: return move(-1)
        case .editExternally: return [.run(.edit(argumentText))]
        case .preview:
            preview = TaskPreview.next(after: preview, isWide: Self.isWide(world.body.size))
            previewPager = TextPager()
        case .copyPreview:
            let text = previewLines(preview ?? .json, in: world).joined(separator: "\n") + "\n"
            return [.run(.copy(text)), .say(.good("Copied the \((preview ?? .json).title)"))]
        case .templates: return [.run(.listTemplates)]
        case .pageDown, .pageUp:
            let size = previewSize(in: world)
            _ = previewPager.handle(action, lines: previewLines(preview ?? .json, in: world), size: size)
        case .clearForm:
            isRestored = false
            let before = kept
            fill(ComposerDraft(), in: world)
            guard let before else { return [.run(.keepDraft(nil))] }
            return [
                .run(.putAside(before)), .run(.keepDraft(nil)), .say(.good("Empty now; :drafts has what stood here")),
            ]
        case .submit:
            if let fault = faults(in: world).first {
                form.focus(on: fault.field)
                return [.say(.bad(fault.text))]
            }
            return composed().map { [.ask(confirmation($0, in: world))] } ?? []
        default: break
        }
        return []
    }

    /// With each field the draft is kept.
    private mutating func move(_ step: Int) -> [Reaction] {
        form.move(step)
        return [.run(.keepDraft(kept))]
    }

    private func confirmation(_ task: TaskDraft, in world: World) -> Dialog {
        let federation = world.federation
        let encrypted = federation.collaborations[task.collaboration]?.encrypted == true
        let place = task.study.flatMap { federation.studies[$0]?.name }.map { ", study \($0)" } ?? ""
        let arguments = task.arguments.isEmpty ? "none" : JSONValue.object(task.arguments).text(.python)
        let names = task.organizations.map { federation.organizationName($0) }.joined(separator: ", ")
        let facts: [(String, String)] = [
            ("image", task.image + (offer.map { " (store \($0.store.name))" } ?? "")), ("method", task.method),
            ("arguments", arguments), ("databases", task.databases.joined(separator: ", ")),
            (
                "in",
                federation.collaborationName(task.collaboration) + place
                    + (encrypted ? ", encrypted for each organization" : ", not encrypted")
            ),
            ("run at", names),
        ]
        var lines = facts.map { [Span($0.0.padded(to: 10), .dim), Span($0.1)] }
        for warning in warnings(in: world).prefix(6) { lines.append([Span("! \(warning)", .warning)]) }
        let name = task.name.isEmpty ? "Submit this task?" : "Submit \(task.name)?"
        return Dialog(name, lines: lines, effects: [.submit(task)])
    }

    mutating func receive(_ outcome: Message.Outcome, of effect: Effect, in world: World) -> [Reaction] {
        switch (effect, outcome) {
        case (.edit, .edited(let text)):
            isRestored = false
            var text = text
            while text.last?.isNewline == true { text.removeLast() }
            return take(edited: text)
        case (.listTemplates, .templates(let templates)):
            return [.pick(templatePalette(templates))]
        case (.submit, .created(let task)):
            return [.run(.keepDraft(nil)), .replace(.task(task.id))]
        default: return []
        }
    }

    /// What came back from the editor goes into the fields it came from.
    private mutating func take(edited text: String) -> [Reaction] {
        guard let function else {
            form["Arguments"].text = text
            form.focus(on: "Arguments")
            return []
        }
        do {
            let arguments = try TaskArguments.parse(text)
            for argument in function.arguments {
                guard let value = arguments[argument.name] else { continue }
                let typed = ArgumentField(argument: argument)
                let field = form.field(typed.name)
                guard let content = typed.content(argument.type.text(of: value), replacing: field?.content) else {
                    return [.say(.bad("\(argument.name) stays as it was: \(value.text()) is none of its choices"))]
                }
                // One that hangs on another argument has no field yet.
                if field == nil { memory[typed.name] = content } else { form[typed.name].content = content }
            }
            let unknown = arguments.keys.filter { key in !function.arguments.contains { $0.name == key } }
            guard unknown.isEmpty else {
                return [.say(.bad("\(function.name) has no argument \(unknown.joined(separator: ", "))"))]
            }
            return []
        } catch {
            return [.say(.bad("The arguments stay as they were: \(error.message)"))]
        }
    }

    // MARK: Templates

    private func templatePalette(_ templates: [TaskTemplate]) -> Palette {
        let name = form["Name"].text.trimmed
        let replaces = templates.contains { $0.name == TemplateFolder.fileName(name) }
        let title = replaces ? "Replace the template \(name) by this form" : "Keep this form as the template \(name)"
        let keep = Palette.Entry(
            title: name.isEmpty ? "Keep this form as a template" : title,
            kind: replaces ? "replace" : "keep", key: "", target: .choice("keep"),
            refusal: name.isEmpty ? "give the task a name first" : nil)
        let entries = templates.map { template in
            Palette.Entry(
                title: template.name + (template.task?.image.map { "   " + TaskColumns.shortImage($0) } ?? ""),
                kind: "use", key: "", target: .choice("use \(template.name)\n\(template.text)"),
                refusal: template.fault)
        }
        let deletions = templates.map { template in
            Palette.Entry(
                title: "Delete the template \(template.name)", kind: "delete", key: "",
                target: .choice("delete \(template.name)"))
        }
        return Palette(title: "Templates", entries: entries + [keep] + deletions)
    }

    mutating func pick(_ choice: String, in world: World) -> [Reaction] {
        if choice == "keep" {
            let name = form["Name"].text.trimmed
            guard !name.isEmpty else { return [.say(.bad("Give the task a name first: the template gets it"))] }
            template = name
            return [.run(.saveTemplate(name: name, text: templateText(in: world)))]
        }
        if choice.hasPrefix("delete ") {
            let name = String(choice.dropFirst(7))
            let lines = [[Span("Its file is removed for good. Tasks that were made from it stay.")]]
            return [.ask(Dialog("Delete the template \(name)", lines: lines, effects: [.deleteTemplate(name)]))]
        }
        guard choice.hasPrefix("use ") else { return [] }
        do {
            let name = choice.dropFirst(4).prefix { $0 != "\n" }
            let document = try JSONValue(parsing: String(choice.dropFirst(4 + name.count + 1)))
            let task = try TaskDescription(document: document, file: "the template")
            fill(ComposerDraft(task, in: world.federation), in: world)
            template = String(name)
            return [.run(.keepDraft(kept)), .say(.good("Filled in from the template"))]
        } catch {
            return [.say(.bad("The template cannot be used: \(Fault(describing: error).message)"))]
        }
    }
}

extension TaskTemplate {
    /// The task in one line.
    var text: String { task?.document(names: NameIndex()).text() ?? "" }
}
