// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension ComposerScreen {
    private typealias Item = FormField.Item

    /// The collaboration that is chosen.
    var collaboration: Int? { form.field("Collaboration")?.selection.first }

    func collaboration(in world: World) -> Int? { collaboration }

    /// The study that is chosen; nil for the whole collaboration.
    var study: Int? { form.field("Study")?.selection.first.flatMap { $0 == 0 ? nil : $0 } }

    /// Which fields there are hangs on what is chosen in others; what was typed stays.
    mutating func rebuild(in world: World) {
        for field in form.fields { memory[field.name] = field.content }
        var fields = [text("Name", start.name), collaborationField(in: world)]
        form.replace(fields + form.fields.filter { known in !fields.contains { $0.name == known.name } })
        if let study = studyField(in: world) { fields.append(study) }
        fields += algorithmFields(in: world)
        fields.append(targets(in: world, study: fields.first { $0.name == "Study" }))
        form.replace(fields)
    }

    private func text(_ label: String, _ initial: String, hint: String? = nil) -> FormField {
        FormField(
            label: label, content: memory[label] ?? .text(LineEditor(initial)), hint: hint.map { Span($0, .dim) })
    }

    private func choice(_ label: String, _ items: [Item], wanted: Int?, hint: Span? = nil) -> FormField {
        var chosen = wanted
        if case .choice(let old, let index) = memory[label], old.indices.contains(index) { chosen = old[index].id }
        let index = items.firstIndex { $0.id == chosen } ?? 0
        return FormField(label: label, content: .choice(items, index: index), hint: hint)
    }

    private func collaborationField(in world: World) -> FormField {
        let items = world.federation.collaborations.values.sorted { $0.id < $1.id }.map { one in
            Item(id: one.id, title: "\(one.name) (\(one.encrypted ? "encrypted" : "open"))", note: nil)
        }
        return choice("Collaboration", items, wanted: start.collaboration)
    }

    /// Only where the collaboration has studies.
    private func studyField(in world: World) -> FormField? {
        let studies = world.federation.studies.values.filter { $0.collaboration?.id == collaboration }
        guard !studies.isEmpty else { return nil }
        let items = studies.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { study in
            let count = world.federation.studyMembers[study.id].map { " (\($0.count) organizations)" } ?? ""
            return Item(id: study.id, title: study.name + count, note: nil)
        }
        return choice(
            "Study", [Item(id: 0, title: "none: the whole collaboration", note: nil)] + items, wanted: start.study)
    }

    // MARK: Algorithm

    private mutating func algorithmFields(in world: World) -> [FormField] {
        let offers = collaboration.map { world.federation.offers(in: $0) } ?? []
        var fields: [FormField] = []
        offer = nil
        if !offers.isEmpty {
            let items = offers.map { Item(id: $0.id, title: "\($0.algorithm.name) (\($0.store.name))", note: nil) }
            let wanted = offers.first { $0.store.id == start.store && $0.algorithm.covers(start.image) }?.id
            var field = choice(
                "Algorithm", [Item(id: 0, title: "an image of your own", note: nil)] + items, wanted: wanted)
            offer = field.selection.first.flatMap { id in offers.first { $0.id == id } }
            if let algorithm = offer?.algorithm { field.hint = Span(algorithm.summary, .dim) }
            fields.append(field)
        }
        guard let offer else {
            function = nil
            return fields + [
                text("Image", start.image, hint: "such as registry.example.org/algorithm:1.0"),
                text("Method", start.method),
                FormField(
                    label: "Arguments", content: memory["Arguments"] ?? .area(TextArea(start.arguments)),
                    hint: Span("name=value lines (JSON where it is JSON), or one JSON object", .dim)),
                text("Databases", start.databases, hint: databaseHint(in: world)),
            ]
        }
        return fields + functionFields(of: offer.algorithm, in: world)
    }

    private mutating func functionFields(of algorithm: StoredAlgorithm, in world: World) -> [FormField] {
        let all = algorithm.functions
        let standalone = all.indices.filter { all[$0].isStandalone }
        let items = (standalone.isEmpty ? Array(all.indices) : standalone).map { index in
            let kind = all[index].kind
            return Item(id: index, title: all[index].displayName + (kind.isEmpty ? "" : " (\(kind))"), note: nil)
        }
        var field = choice("Function", items, wanted: all.firstIndex { $0.name == start.method })
        function = field.selection.first.flatMap { all.indices.contains($0) ? all[$0] : nil }
        guard let function else {
            field.hint = Span("the store names no function of this algorithm", .bad)
            return [field]
        }
        if !function.description.isEmpty { field.hint = Span(function.description, .dim) }
        return [field] + argumentFields(of: function, in: world) + databaseFields(of: function, in: world)
    }

    private func argumentFields(of function: StoredFunction, in world: World) -> [FormField] {
        let members = members(in: world).map { Item(id: $0, title: world.federation.organizationName($0), note: nil) }
        let before = (try? TaskArguments.parse(start.arguments)) ?? [:]
        var values: [String: JSONValue] = [:]
        var fields: [String: FormField] = [:]
        for argument in function.arguments {
            let typed = ArgumentField(argument: argument)
            let earlier = start.fields[argument.name] ?? before[argument.name].map { argument.type.text(of: $0) }
            var content = typed.content(earlier, organizations: members)
            if let kept = memory[typed.name] { content = Self.merged(kept, into: content) }
            var field = FormField(label: argument.displayName, name: typed.name, content: content)
            do {
                values[argument.name] = try typed.value(in: field)
                field.hint = Span(typed.hint + columns(argument, values[argument.name], in: world), .dim)
            } catch {
                let isEmpty = typed.text(in: field).trimmed.isEmpty
                field.hint = Span(isEmpty ? typed.hint : "\(typed.hint) · \(error)", isEmpty ? .dim : .bad)
            }
            fields[argument.name] = field
        }
        return function.applicable(values).compactMap { fields[$0.name] }
    }

    /// What was in a field goes into one of the same kind, whose choices may have changed.
    private static func merged(_ kept: FormField.Content, into new: FormField.Content) -> FormField.Content {
        switch (kept, new) {
        case (.choice(let old, let index), .choice(let items, _)):
            let title = old.indices.contains(index) ? old[index].title : nil
            return .choice(items, index: items.firstIndex { $0.title == title } ?? 0)
        case (.checks(_, let chosen, let cursor), .checks(let items, _, _)):
            return .checks(
                items, chosen: chosen.intersection(items.map(\.id)), cursor: min(cursor, max(0, items.count - 1)))
        case (.text, .text), (.area, .area): return kept
        default: return new
        }
    }

    /// Which columns there are to name, where the chosen nodes tell.
    private func columns(_ argument: StoredArgument, _ value: JSONValue?, in world: World) -> String {
        guard [.column, .columnList].contains(argument.type), value == nil || value?.arrayValue?.isEmpty == true else {
            return ""
        }
        let known = targetNodes(in: world).map { node in Set(databases.flatMap { node.facts("columns_\($0)") }) }
        guard let first = known.first else { return "" }
        let shared = known.dropFirst().reduce(first) { $0.intersection($1) }.sorted()
        return shared.isEmpty ? "" : " · one of \(shared.joined(separator: ", "))"
    }

    // MARK: Data

    private func databaseHint(in world: World) -> String {
        let labels = Set(targetNodes(in: world).flatMap { $0.facts("database_labels") }).sorted()
        return labels.isEmpty
            ? "labels, blanks between" : "labels, blanks between; there is \(labels.joined(separator: ", "))"
    }

    private func databaseFields(of function: StoredFunction, in world: World) -> [FormField] {
        let before = start.databases.split { $0 == " " || $0 == "," }.map(String.init)
        let labels = Set(targetNodes(in: world).flatMap { $0.facts("database_labels") }).sorted()
        return function.databases.enumerated().map { index, database in
            let initial = before.indices.contains(index) ? before[index] : "default"
            let there = labels.isEmpty ? "a label" : "a label: \(labels.joined(separator: ", "))"
            let name = "database.\(index)"
            return FormField(
                label: function.databases.count == 1 ? "Database" : database.name, name: name,
                content: memory[name] ?? .text(LineEditor(initial)),
                hint: Span(database.description.isEmpty ? there : "\(there) · \(database.description)", .dim))
        }
    }

    /// Who may be asked: the members of the study, or of the collaboration.
    func members(in world: World) -> [Int] {
        guard let collaboration else { return [] }
        let all = world.federation.surroundings.members[collaboration] ?? []
        guard let study else { return all }
        return world.federation.studyMembers[study] ?? []
    }

    private mutating func targets(in world: World, study field: FormField?) -> FormField {
        let federation = world.federation
        let study = field?.selection.first.flatMap { $0 == 0 ? nil : $0 }
        let all = collaboration.flatMap { federation.surroundings.members[$0] } ?? []
        let members = study.map { federation.studyMembers[$0] ?? [] } ?? all
        let items = members.map { id in
            let node = federation.node(organization: id, collaboration: collaboration)
            return Item(
                id: id, title: federation.organizationName(id), note: node.map(world.span(of:)) ?? Span("no node", .bad)
            )
        }
        var chosen = Set(start.organizations)
        var cursor = 0
        if case .checks(_, let kept, let place) = memory["Run at"] { (chosen, cursor) = (kept, place) }
        // A study means all of its members, until the person says otherwise.
        if study != builtStudy, study == nil || federation.studyMembers[study ?? 0] != nil {
            if study != nil, study != start.study || chosen.isEmpty { chosen = Set(members) }
            builtStudy = study
        }
        // Members that are not known yet leave the choice as it is.
        if !members.isEmpty { chosen.formIntersection(members) }
        cursor = min(cursor, max(0, items.count - 1))
        return FormField(
            label: "Run at", content: .checks(items, chosen: chosen, cursor: cursor),
            hint: membersRefusal(in: world).map { Span($0, .bad) } ?? Span("space chooses, * chooses all", .dim))
    }

    /// The nodes of the chosen organizations.
    func targetNodes(in world: World) -> [Node] {
        (form.field("Run at")?.selection ?? []).compactMap {
            world.federation.node(organization: $0, collaboration: collaboration)
        }
    }
}

extension StoredAlgorithm {
    /// Whether a task's image, which may carry the digest, is this one.
    fileprivate func covers(_ image: String) -> Bool {
        image == self.image || image.hasPrefix(self.image + "@")
    }

    /// Its image and what was reviewed of it.
    fileprivate var summary: String {
        let review = status.map { " · \($0)" } ?? ""
        return image + review + (digest.map { " · \($0.prefix(19))…" } ?? "")
    }
}
