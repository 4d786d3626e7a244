// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Something of the server that can be shown as it came.
enum RawObject: Hashable, Sendable {
    case task(Int)
    case run(Int)
    case node(Int)
    case organization(Int)
    case user(Int)
    case role(Int)
    case collaboration(Int)
    case study(Int)
    case algorithm(Int, store: Int)
    /// A row of a list of what is kept, by its identifier there.
    case kept(ShelfKind, String)

    var title: String {
        switch self {
        case .task(let id): "task \(id)"
        case .run(let id): "run \(id)"
        case .node(let id): "node \(id)"
        case .organization(let id): "organization \(id)"
        case .user(let id): "user \(id)"
        case .role(let id): "role \(id)"
        case .collaboration(let id): "collaboration \(id)"
        case .study(let id): "study \(id)"
        case .algorithm(let id, _): "algorithm \(id)"
        case .kept(let kind, let id): "\(kind.noun) \(id)"
        }
    }

    /// What must be asked to show it.
    var needs: [Subject] {
        switch self {
        case .task(let id): [.task(id), .runs(task: id)]
        case .run(let id): [.run(id)]
        case .node: [.nodes]
        case .role: [.roles]
        case .kept(.templates, _): [.templates]
        case .algorithm(_, let store): [.algorithms(store: store)]
        default: [.surroundings]
        }
    }

    /// The object, and what belongs to it, in the server's names.
    func text(in world: World) throws -> String {
        let federation = world.federation
        switch self {
        case .task(let id):
            let runs = try (federation.runs[id] ?? []).map { try Self.text(federation.whole($0)) }
            return try ([federation.tasks[id].map(Self.text)].compactMap { $0 } + runs).joined(separator: "\n")
        case .run(let id): return try federation.run(id).map { try Self.text(federation.whole($0)) } ?? ""
        case .node(let id): return try federation.nodes[id].map(Self.text) ?? ""
        case .organization(let id): return try federation.organizations[id].map(Self.text) ?? ""
        case .user(let id): return try federation.surroundings.users.first { $0.id == id }.map(Self.text) ?? ""
        case .role(let id): return try federation.roles.first { $0.id == id }.map(Self.text) ?? ""
        case .collaboration(let id): return try federation.collaborations[id].map(Self.text) ?? ""
        case .study(let id): return try federation.studies[id].map(Self.text) ?? ""
        case .algorithm(let id, let store):
            return federation.algorithms[store]?.first { $0.id == id }?.json.text(.pretty) ?? ""
        case .kept(let kind, let id): return try kind.json(of: id, in: world)
        }
    }

    static func text<T: Encodable>(_ value: T) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// An object as JSON.
struct RawScreen: Screen {
    let object: RawObject
    private var pager = TextPager()

    init(_ object: RawObject) {
        self.object = object
    }

    var place: Place { .raw(object) }
    var contexts: [KeyContext] { [.text, .everywhere] }
    var filter: String? { pager.query }
    func title(in world: World) -> String { "JSON of \(object.title)" }
    func needs(in world: World) -> [Subject] { object.needs }

    private func lines(in world: World) -> [String] {
        do {
            return try object.text(in: world).split(separator: "\n").map(String.init)
        } catch {
            return ["The \(object.title) cannot be written as JSON: \(error)"]
        }
    }

    mutating func setFilter(_ text: String, in world: World) {
        pager.search(text, lines: lines(in: world), size: world.body.size)
    }

    func export(in world: World) -> Export? {
        Export(object.title.replacing(" ", with: "-"), lines: lines(in: world), ending: "json")
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        let lines = lines(in: world)
        switch action {
        case .copy: return [.run(.copy(lines.joined(separator: "\n"))), .say(.good("Copied the JSON"))]
        default: _ = pager.handle(action, lines: lines, size: world.body.size)
        }
        return []
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let lines = lines(in: world)
        let subject = object.needs.first ?? .surroundings
        if canvas.placeholder(for: subject, isEmpty: lines.isEmpty, empty: "There is no \(object.title).", in: world) {
            return
        }
        canvas.pager(pager, lines: lines)
    }
}
