// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension RecordKind {
    /// The fields of the form, filled in for a record that is there.
    func fields(of id: Int?, in federation: Federation) -> [FormField] {
        switch self {
        case .organization: Self.organizationFields(id.flatMap { federation.organizations[$0] })
        case .collaboration: Self.collaborationFields(id, in: federation)
        case .study: Self.studyFields(id, in: federation)
        case .user: Self.userFields(id, in: federation)
        case .role: Self.roleFields(id, in: federation)
        case .node: [.text("Name", id.flatMap { federation.nodes[$0]?.name })]
        case .task: []
        }
    }

    /// How a person knows the record.
    func name(of id: Int, in federation: Federation) -> String {
        switch self {
        case .organization: federation.organizationName(id)
        case .collaboration: federation.collaborationName(id)
        case .study: federation.studies[id]?.name ?? String(id)
        case .user: federation.userName(id)
        case .role: federation.roles.first { $0.id == id }?.name ?? String(id)
        case .node: federation.nodes[id]?.name ?? String(id)
        case .task: federation.tasks[id]?.name ?? String(id)
        }
    }

    /// What the form says, under the names of the wire.
    func values(in form: Form) -> JSONObject {
        var values = JSONObject()
        for (label, key) in Self.texts {
            if let field = form.field(label) { values[key] = .string(field.text.trimmed) }
        }
        // A password may begin or end with a blank.
        if let field = form.field("Password") { values["password"] = .string(field.text) }
        if let field = form.field("Encrypted") { values["encrypted"] = .bool(field.selection == [1]) }
        for (label, key) in [("Organization", "organization_id"), ("Collaboration", "collaboration_id")] {
            if let id = form.field(label)?.selection.first { values[key] = JSONValue(id) }
        }
        for (label, key) in [("Organizations", "organization_ids"), ("Roles", "roles"), ("Rules", "rules")] {
            if let field = form.field(label) { values[key] = .array(field.selection.map { JSONValue($0) }) }
        }
        return values
    }

    private static let texts = [
        ("Name", "name"), ("Description", "description"), ("Username", "username"), ("E-mail", "email"),
        ("First name", "firstname"), ("Last name", "lastname"), ("Address", "address1"), ("Address 2", "address2"),
        ("Postal code", "zipcode"), ("Country", "country"), ("Domain", "domain"),
    ]

    /// What is missing, by the label of the field; the server judges the rest.
    func fault(in form: Form) -> (label: String, text: String)? {
        for label in ["Name", "Username", "E-mail", "Password"] {
            if let field = form.field(label), field.text.trimmed.isEmpty {
                return (label, "\(label) must not be empty")
            }
        }
        if let again = form.field("Once more"), again.text != form["Password"].text {
            return ("Once more", "the two passwords differ")
        }
        if let field = form.field("Organizations"), field.selection.isEmpty {
            return ("Organizations", "choose at least one organization with the space bar")
        }
        if let field = form.field("Collaboration"), field.selection.isEmpty {
            return ("Collaboration", "there is no collaboration you may see")
        }
        return nil
    }

    private static func organizationFields(_ known: Organization?) -> [FormField] {
        [
            .text("Name", known?.name), .text("Address", known?.address1), .text("Address 2", known?.address2),
            .text("Postal code", known?.zipcode), .text("Country", known?.country), .text("Domain", known?.domain),
        ]
    }

    private static func collaborationFields(_ id: Int?, in federation: Federation) -> [FormField] {
        let known = id.flatMap { federation.collaborations[$0] }
        let members = id.flatMap { federation.surroundings.members[$0] } ?? []
        return [
            .text("Name", known?.name),
            FormField(
                label: "Encrypted", content: .choice(Self.noOrYes, index: known?.encrypted == true ? 1 : 0),
                hint: Span("every organization then needs a key", .dim)),
            .checks("Organizations", federation.organizations.values.map(item), chosen: members),
        ]
    }

    private static func studyFields(_ id: Int?, in federation: Federation) -> [FormField] {
        let known = id.flatMap { federation.studies[$0] }
        let collaborations = federation.collaborations.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        let place = known?.collaboration?.id ?? collaborations.first?.id
        var fields: [FormField] = [.text("Name", known?.name)]
        if known == nil {
            let items = collaborations.map { FormField.Item(id: $0.id, title: $0.name) }
            fields.append(FormField(label: "Collaboration", content: .choice(items, index: 0)))
        }
        return fields + [
            studyMembers(of: place, chosen: id.flatMap { federation.studyMembers[$0] } ?? [], in: federation)
        ]
    }

    /// The organizations a study of a collaboration can have.
    static func studyMembers(of collaboration: Int?, chosen: [Int], in federation: Federation) -> FormField {
        let members = collaboration.flatMap { federation.surroundings.members[$0] } ?? []
        return .checks("Organizations", members.compactMap { federation.organizations[$0] }.map(item), chosen: chosen)
    }

    private static func userFields(_ id: Int?, in federation: Federation) -> [FormField] {
        let known = id.flatMap { id in federation.surroundings.users.first { $0.id == id } }
        var fields: [FormField] = []
        if known == nil {
            fields.append(.text("Username", nil))
            let items = federation.organizations.values.map(item).sorted { $0.title < $1.title }
            let own = items.firstIndex { $0.id == federation.surroundings.organizationID } ?? 0
            fields.append(FormField(label: "Organization", content: .choice(items, index: own)))
        }
        fields += [
            .text("First name", known?.firstname), .text("Last name", known?.lastname), .text("E-mail", known?.email),
        ]
        if known == nil {
            let rule = "8 characters or more, with a capital, a small letter, a digit and a sign"
            fields += [
                FormField(
                    label: "Password", content: .secret(LineEditor(), isShown: false), hint: Span(rule, .dim)),
                FormField(label: "Once more", content: .secret(LineEditor(), isShown: false)),
            ]
        }
        // Nobody changes their own roles (4.15.2), and the server keeps these two for itself.
        if id != nil, id == federation.surroundings.userID { return fields }
        let held = id.flatMap { federation.rolesOfUser[$0] } ?? []
        let assignable = federation.roles.filter { role in
            // A role of an organization is for its own users (4.15.2); what a user holds all the same can be taken away.
            let fits = known == nil || role.organization == nil || role.organization?.id == known?.organization?.id
            return !["node", "container"].contains(role.name) && (fits || held.contains(role.id))
        }
        fields.append(
            .checks(
                "Roles",
                assignable.map { role in
                    let owner = role.organization.map { Span(federation.organizationName($0.id), .dim) }
                    return FormField.Item(id: role.id, title: role.name, note: owner)
                }, chosen: held))
        return fields
    }

    private static func roleFields(_ id: Int?, in federation: Federation) -> [FormField] {
        let known = id.flatMap { id in federation.roles.first { $0.id == id } }
        var fields: [FormField] = [.text("Name", known?.name), .text("Description", known?.description)]
        if known == nil {
            let items = federation.organizations.values.map(item).sorted { $0.title < $1.title }
            let own = items.firstIndex { $0.id == federation.surroundings.organizationID } ?? 0
            fields.append(FormField(label: "Organization", content: .choice(items, index: own)))
        }
        let held = federation.surroundings.permissions
        let items = federation.surroundings.catalogue.map { rule in
            let lacks = held?.allows(rule) == false
            return FormField.Item(
                id: rule.id, title: "\(rule.name) \(rule.operation.lowercased()) (\(rule.scope.lowercased()))",
                note: lacks ? Span("you do not hold it", .dim) : nil)
        }
        fields.append(.checks("Rules", items, chosen: id.flatMap { federation.rules[$0]?.map(\.id) } ?? []))
        return fields
    }

    private static func item(_ organization: Organization) -> FormField.Item {
        FormField.Item(id: organization.id, title: organization.name)
    }

    private static let noOrYes = [FormField.Item(id: 0, title: "no"), FormField.Item(id: 1, title: "yes")]
}

extension FormField {
    fileprivate static func text(_ label: String, _ value: String?) -> FormField {
        FormField(label: label, content: .text(LineEditor(value ?? "")))
    }

    fileprivate static func checks(_ label: String, _ items: [Item], chosen: [Int]) -> FormField {
        let sorted = items.sorted { ($0.title, $0.id) < ($1.title, $1.id) }
        let hint = Span("space chooses, * chooses all, a letter finds", .dim)
        return FormField(
            label: label, content: .checks(sorted, chosen: Set(chosen), cursor: 0), hint: items.isEmpty ? nil : hint)
    }
}
