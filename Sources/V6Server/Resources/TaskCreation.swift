// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `POST /task`.
struct TaskCreation {
    let links: Links
    let stores: AlgorithmStores
    /// Whether inputs are kept outside the database.
    let usesBlobs: Bool

    var routes: [Route] {
        [
            Route(
                "POST", "/task", .userOrContainer, "Creates a task and a run for each organization.",
                permission: .rule(.task, .create, note: "Containers need none: they make subtasks of their own task."),
                body: Schemas.task, answers: [.created(Objects.task)], refusals: [403, 404], .stepping(create))
        ]
    }

    private func create(_ exchange: Exchange) async throws -> Reply {
        let wanted = namesStore(exchange.request) ? try await exchange.read { call in try lookup(call) } : nil
        let image: ResolvedImage? = if let wanted { try await stores.resolve(wanted) } else { nil }
        return try await exchange.write { call in
            let plan = try TaskPlan(try Self.body(call), call)
            let id = try TaskInsertion(plan: plan, resolved: image, usesBlobs: usesBlobs, call: call).insert()
            call.session.expect(TaskEncoder.statements(for: [id]))
            guard let task = try TaskRecord.find(id, call.session) else { throw Failure.unexpected }
            let objects = try TaskEncoder(links: links, session: call.session).objects([task])
            return .json(JSONText(objects[0]), status: 201)
        }
    }

    /// Whether an algorithm store is to be asked; a body that cannot be read is refused later.
    private func namesStore(_ request: APIRequest) -> Bool {
        do { return try request.json()["store_id"] != nil } catch { return false }
    }

    /// The question for an algorithm store; nil when the task names none.
    ///
    /// Containers take the image of their own task.
    private func lookup(_ call: Call) throws -> AlgorithmStores.Lookup? {
        let body = try Self.body(call)
        guard call.principal.container == nil, let id = body["store_id"].flatMap(LenientInteger.read) else {
            return nil
        }
        let plan = try TaskPlan(body, call)
        return try stores.lookup(
            id, image: plan.image, collaboration: plan.collaboration.id, serverURL: body["server_url"]?.stringValue,
            call)
    }

    /// The body, checked.
    ///
    /// A body that is no JSON is refused here without saying why (4.15.2).
    private static func body(_ call: Call) throws -> JSONObject {
        do { _ = try call.request.json() } catch {
            throw Failure(status: 400, body: ["msg": "Request body is incorrect"])
        }
        return try call.body()
    }
}
