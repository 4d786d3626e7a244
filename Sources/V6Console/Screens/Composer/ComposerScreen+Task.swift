// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension ComposerScreen {
    /// Something that must be put right before the task can go out.
    struct Flaw: Hashable {
        /// The field to go to.
        var field: String
        var text: String
    }

    /// The labels of the databases the task reads.
    var databases: [String] {
        if let function {
            return function.databases.indices.compactMap { form.field("database.\($0)")?.text.trimmed }
                .filter { !$0.isEmpty }
        }
        return form["Databases"].text.split { $0 == " " || $0 == "," }.map(String.init)
    }

    /// The argument fields that show now.
    private var argumentFields: [(field: FormField, typed: ArgumentField)] {
        (function?.arguments ?? []).compactMap { argument in
            let typed = ArgumentField(argument: argument)
            return form.field(typed.name).map { ($0, typed) }
        }
    }

    /// The arguments as they will be sent; those that are wrong are left out.
    private func arguments() -> JSONObject {
        var object = JSONObject()
        guard function != nil else { return (try? TaskArguments.parse(form["Arguments"].text)) ?? object }
        for (field, typed) in argumentFields where !typed.argument.isForFormOnly {
            if let value = try? typed.value(in: field) { object[typed.argument.name] = value }
        }
        return object
    }

    /// The arguments as one writes them by hand.
    var argumentText: String { function == nil ? form["Arguments"].text : TaskArguments.text(arguments()) }

    /// What stands in the fields; nil if there is nothing worth keeping.
    var kept: ComposerDraft? { content.isEmpty ? nil : content }

    private var content: ComposerDraft {
        var raw: [String: String] = [:]
        for (field, typed) in argumentFields { raw[typed.argument.name] = typed.text(in: field) }
        let isTyped = offer == nil
        return ComposerDraft(
            name: form["Name"].text, collaboration: collaboration ?? start.collaboration, study: study,
            store: offer?.store.id ?? (form.field("Algorithm") == nil ? start.store : nil),
            image: isTyped ? form["Image"].text : offer?.algorithm.image ?? "",
            method: isTyped ? form["Method"].text : function?.name ?? "", arguments: argumentText, fields: raw,
            databases: databases.joined(separator: " "), organizations: form["Run at"].selection)
    }

    /// The task as it stands in the fields; nil without a collaboration.
    func composed() -> TaskDraft? {
        guard let collaboration else { return nil }
        let content = content
        var task = TaskDraft()
        task.name = content.name.trimmed
        task.image = content.image.trimmed
        task.method = content.method.trimmed
        task.arguments = arguments()
        task.collaboration = collaboration
        task.study = study
        task.store = content.store
        task.organizations = form["Run at"].selection
        task.databases = databases
        return task
    }

    /// The form as a task file, names instead of numbers.
    func templateText(in world: World) -> String {
        guard let task = composed() else { return "" }
        return YAMLText.document(TaskDescription(task, in: world.federation).document(names: NameIndex()))
    }

    // MARK: Checks

    /// What stands between this and a task, each with what to do.
    func faults(in world: World) -> [Flaw] {
        var faults: [Flaw] = []
        if let fault = collaborationFault(in: world) { faults.append(Flaw(field: "Collaboration", text: fault)) }
        if offer == nil {
            if form["Image"].text.trimmed.isEmpty {
                faults.append(Flaw(field: "Image", text: "Image: name the algorithm's image"))
            }
            if form["Method"].text.trimmed.isEmpty {
                faults.append(Flaw(field: "Method", text: "Method: name the function to call"))
            }
            do { _ = try TaskArguments.parse(form["Arguments"].text) } catch {
                faults.append(Flaw(field: "Arguments", text: "Arguments: \(error.message)"))
            }
        } else if function == nil {
            faults.append(Flaw(field: "Function", text: "Function: the store names none of this algorithm"))
        }
        for (field, typed) in argumentFields {
            do { _ = try typed.value(in: field) } catch {
                faults.append(Flaw(field: field.name, text: "\(field.label): \(error)"))
            }
        }
        if let function, databases.count < function.databases.count {
            faults.append(Flaw(field: "database.0", text: "Database: \(function.name) reads one; give its label"))
        }
        if form["Run at"].selection.isEmpty {
            let reason = membersRefusal(in: world) ?? "choose at least one organization"
            faults.append(Flaw(field: "Run at", text: "Run at: \(reason)"))
        }
        return faults
    }

    /// What keeps the user from making a task in the collaboration that is chosen.
    private func collaborationFault(in world: World) -> String? {
        let federation = world.federation
        guard let collaboration else {
            let rule = federation.refusal("collaboration", "view").map { "you may see none: \($0)" }
            return "Collaboration: \(rule ?? "you are in none")"
        }
        // 4.15.2: whoever else may create tasks, a creator's organization is a member.
        guard let own = federation.surroundings.organizationID,
            let members = federation.surroundings.members[collaboration], !members.contains(own)
        else { return nil }
        let name = federation.collaborationName(collaboration)
        return
            "Collaboration: your organization \(federation.organizationName(own)) is not in \(name), so it may not ask"
    }

    /// Why no organization is offered; nil where some are, or where that has no reason of ours.
    func membersRefusal(in world: World) -> String? {
        guard members(in: world).isEmpty, let reason = world.federation.refusal("organization", "view") else {
            return nil
        }
        return "you may not see the organizations: \(reason)"
    }

    /// What each node will make of the task, as far as it tells.
    func findings(in world: World) -> [TaskCheck.Finding] {
        guard let task = composed() else { return [] }
        let federation = world.federation
        var check = TaskCheck(
            image: task.image, databases: task.databases, organizations: task.organizations,
            isEncrypted: federation.collaborations[task.collaboration]?.encrypted == true,
            user: federation.surroundings.userID, initiator: federation.surroundings.organizationID,
            nodes: federation.nodes.values.filter { $0.collaboration?.id == task.collaboration })
        check.withKey = Set(federation.organizations.values.filter { $0.publicKey?.isEmpty == false }.map(\.id))
        // The server sends the digest that the store names along.
        if let digest = offer?.algorithm.digest { check.image += "@\(digest)" }
        for (field, typed) in argumentFields where [.column, .columnList].contains(typed.argument.type) {
            guard let value = try? typed.value(in: field) else { continue }
            for column in (value.arrayValue ?? [value]).compactMap(\.stringValue) {
                check.columns.append(TaskCheck.ColumnUse(argument: typed.argument.name, column: column))
            }
        }
        return check.findings
    }

    /// What will work, but not as one may think, and what nodes will refuse.
    func warnings(in world: World) -> [String] {
        findings(in: world).filter { $0.state != .ok }.map { finding in
            let name = finding.node.isEmpty ? world.federation.organizationName(finding.organization) : finding.node
            return "\(name): \(finding.text)"
        } + remarks(in: world)
    }

    /// What may surprise about the task as a whole, whatever each node makes of it.
    func remarks(in world: World) -> [String] {
        var remarks: [String] = []
        let sites = form["Run at"].selection.count
        if let function, function.kind == "central", sites > 1 {
            remarks.append(
                "\(function.name) is central: one organization will do; \(sites) do all of it \(sites) times")
        }
        if let collaboration, world.federation.collaborations[collaboration]?.encrypted == true,
            world.identity?.hasPrivateKey != true
        {
            remarks.append("no private key is loaded here: you could not read the result")
        }
        return remarks
    }

    /// What it will cost, who can read it, and where the form came from.
    func summary(in world: World) -> [(String, Span)] {
        guard let task = composed() else { return [] }
        var lines: [(String, Span)] = []
        if let usual = usualSeconds(in: world) {
            let tasks = usual.count == 1 ? "1 earlier task" : "\(usual.count) earlier tasks"
            lines.append(
                ("Cost estimate", Span("\(Times.span(usual.median))  (median of \(tasks) with this image)")))
        } else {
            lines.append(("Cost estimate", Span("no earlier task with this image is known", .dim)))
        }
        let federation = world.federation
        let copies = task.organizations.count
        let size = task.input.text().utf8.count
        let inputs = copies == 0 ? "" : " · inputs \(copies) × \(SiteTables.size(size))"
        if federation.collaborations[task.collaboration]?.encrypted == true {
            let name = federation.organizationName(federation.surroundings.organizationID)
            lines.append(("Privacy", Span("results encrypted for \(name)\(inputs), sealed for each organization")))
        } else {
            lines.append(("Privacy", Span("not encrypted: the server can read inputs and results\(inputs)", .warning)))
        }
        lines.append(("Template", Span(template.map { "\($0)  (ctrl-t to change)" } ?? "none  (ctrl-t)", .dim)))
        return lines
    }

    /// How long earlier tasks with this image took, from the tasks that are known.
    func usualSeconds(in world: World) -> (median: Double, count: Int)? {
        composed().flatMap { world.federation.usualSeconds(image: $0.image) }
    }
}

extension TaskDescription {
    /// A draft by names, as a file that others can read.
    init(_ draft: TaskDraft, in federation: Federation) {
        self.init(
            name: draft.name.isEmpty ? nil : draft.name, image: draft.image, method: draft.method,
            collaboration: federation.collaborationName(draft.collaboration),
            study: draft.study.map { federation.studies[$0]?.name ?? String($0) },
            organizations: draft.organizations.map { federation.organizationName($0) }, arguments: draft.arguments,
            databases: draft.databases.map { TaskRequest.Database(label: $0) })
        store = draft.store.map { id in federation.stores.values.joined().first { $0.id == id }?.name ?? String(id) }
    }
}

extension ComposerDraft {
    /// A task file as the form shows it; names that nobody has here are left out.
    init(_ task: TaskDescription, in federation: Federation) {
        func find(_ text: String?, _ names: [(id: Int, name: String)]) -> Int? {
            guard let text else { return nil }
            return names.first { $0.name == text }?.id ?? names.first { String($0.id) == text }?.id
        }
        name = task.name ?? ""
        image = task.image ?? ""
        method = task.method ?? ""
        arguments = TaskArguments.text(task.arguments)
        databases = task.databases.map(\.label).joined(separator: " ")
        study = find(task.study, federation.studies.values.map { ($0.id, $0.name) })
        collaboration =
            find(task.collaboration, federation.collaborations.values.map { ($0.id, $0.name) })
            ?? study.flatMap { federation.studies[$0]?.collaboration?.id }
        store = find(task.store, federation.stores.values.joined().map { ($0.id, $0.name) })
        let known = federation.organizations.values.map { (id: $0.id, name: $0.name) }
        organizations = task.organizations.compactMap { find($0, known) }
        if task.allOrganizations {
            organizations =
                study.flatMap { federation.studyMembers[$0] }
                ?? collaboration.flatMap { federation.surroundings.members[$0] } ?? []
        }
    }
}
