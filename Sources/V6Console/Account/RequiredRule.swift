// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The rule that a request needs, as 4.15.2 checks it.
struct RequiredRule: Hashable, Sendable {
    let name: String
    let operation: String
    /// The scopes that can suffice, the narrowest first.
    let scopes: [String]

    /// From the narrowest to the widest.
    private static let order = ["own", "organization", "collaboration", "global"]

    /// A rule by name and operation.
    ///
    /// - Parameters:
    ///   - name: What it is about.
    ///   - operation: What it allows.
    ///   - scopes: Those that suffice; all there are of the rule where none is named.
    init(_ name: String, _ operation: String, scopes: Set<String> = []) {
        self.name = name
        self.operation = operation
        self.scopes = Self.order.filter { scopes.isEmpty ? Self.exists(name, operation, $0) : scopes.contains($0) }
    }

    /// The rule of a request, such as `DELETE /user/3`; nil for requests that need none, or are no request of the API.
    init?(request: String) {
        let parts = request.split(separator: " ")
        guard parts.count >= 2 else { return nil }
        let path = parts[1].split(separator: "?")[0].split(separator: "/").map(String.init)
        let operations = ["GET": "view", "POST": "create", "PATCH": "edit", "DELETE": "delete"]
        guard let head = path.first, let operation = operations[String(parts[0])] else { return nil }
        // Members and parts of something are put in and taken out by whoever may change it.
        let isPart = path.count > 2 && operation != "view"
        switch head {
        case "task" where operation == "create": self.init("task", "create", scopes: ["collaboration", "global"])
        case "kill": self.init("event", "send", scopes: ["collaboration", "global"])
        case "recover" where path.dropFirst().first == "node": self.init("node", "edit")
        case "result", "run": self.init("run", "view")
        case "algorithmstore": self.init("collaboration", operation == "view" ? "view" : "edit")
        case "task", "node", "user", "role", "organization", "collaboration", "study", "port":
            self.init(head, isPart ? "edit" : operation)
        default: return nil
        }
    }

    /// Which scopes 4.15.2 has of a rule.
    private static func exists(_ name: String, _ operation: String, _ scope: String) -> Bool {
        switch (name, operation, scope) {
        case ("organization", "create", _), ("organization", "delete", _), ("collaboration", "create", _):
            scope == "global"
        case ("collaboration", "view", _), ("port", _, _): ["organization", "global"].contains(scope)
        case ("collaboration", _, _), ("study", "create", _), ("task", "create", _):
            ["collaboration", "global"].contains(scope)
        case ("task", _, "own"), ("run", _, "own"), ("user", "edit", "own"), ("user", "delete", "own"): true
        default: scope != "own"
        }
    }

    /// Such as `user delete (collaboration or global)`; of what the user holds already, what reaches further.
    ///
    /// Nil where the user holds all of it.
    func text(beyond held: Permissions? = nil) -> String? {
        let reach = held?.scopes(of: name, operation) ?? []
        let widest = reach.compactMap(Self.order.firstIndex).max() ?? -1
        let wider = scopes.filter { (Self.order.firstIndex(of: $0) ?? 0) > widest }
        guard let first = wider.first else { return nil }
        // One's own records are no example of what others let one do.
        let least = first == "own" && wider.count > 1 ? wider[1] : first
        let count = wider.count - (least == first ? 0 : 1)
        let range = count == 1 ? least : count == 2 ? "\(least) or global" : "\(least) or wider"
        return "\(name) \(operation) (\(range))"
    }

    /// What to do about a refusal for want of this rule.
    func advice(to held: Permissions?) -> String? {
        guard let text = text(beyond: held) else { return nil }
        let reach = Self.order.filter { held?.scopes(of: name, operation).contains($0) == true }
        let own = reach.last.map { "; yours reaches \($0)" } ?? ""
        return "The rule \(text) would allow it\(own): ask an administrator for it."
    }
}

extension RequiredRule {
    /// The rule that the server missed; nil where it refused for something that it says itself.
    init?(refusing request: String, _ message: String) {
        guard message.contains("lack the permission") else { return nil }
        self.init(request: request)
    }
}

extension V6Client {
    /// The rules that a user holds, by the answer of `/user/{id}?include_permissions=1`, and all there are.
    ///
    /// Nil where the server does not tell.
    func rules(heldBy user: JSONValue) async throws -> (held: [Rule], all: [Rule])? {
        guard let held = user["permissions"]?["rules"]?.arrayValue else { return nil }
        let ids = Set(held.compactMap(\.intValue))
        let all = try await rules.list([("no_pagination", "1")]).all()
        return (all.filter { ids.contains($0.id) }, all)
    }

    /// What the signed-in user may do; nil where that cannot be learnt.
    func ownPermissions() async -> Permissions? {
        guard let id = await claims()?.subject else { return nil }
        do {
            let me = try await call("GET", "/user/\(id)", query: [("include_permissions", "1")]).json
            return try await rules(heldBy: me).map { Permissions($0.held) }
        } catch {
            // It only makes the explanation of another failure more exact.
            return nil
        }
    }
}
