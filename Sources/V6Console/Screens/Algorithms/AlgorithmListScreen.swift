// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What the algorithm stores of the user's collaborations offer.
struct AlgorithmListScreen: DetailedList, FilteredList {
    var cursor = ListCursor()
    var picks = Picks<Int>()
    var filterText = ""
    var order = ListOrder()
    var reading = Reading()
    var isFull = false
    private(set) var rows: [AlgorithmOffer] = [] { didSet { identities = rows.map(identity) } }
    private(set) var identities: [Int] = []

    var place: Place { .algorithms }
    var contexts: [KeyContext] { [.algorithms, .list, .everywhere] }

    func title(in world: World) -> String { "Algorithms \(rows.count)" }

    func needs(in world: World) -> [Subject] {
        world.federation.collaborations.keys.sorted().flatMap { world.federation.offerNeeds(in: $0) }
    }

    func stale(in world: World) -> [Subject] { [] }

    mutating func prepare(in world: World) {
        var seen: Set<Int> = []
        let all = world.federation.collaborations.keys.sorted().flatMap { world.federation.offers(in: $0) }
        let found = all.filter { offer in
            guard seen.insert(offer.id).inserted else { return false }
            let algorithm = offer.algorithm
            return fits([algorithm.name, algorithm.image, offer.store.name, algorithm.description])
        }
        rows = order.sorted(found) { cells(of: $0, in: world) }
        settle(in: world)
        settleDetail(in: world)
    }

    func identity(of offer: AlgorithmOffer) -> Int { offer.id }

    /// The collaboration whose store it is: the first that has it.
    private func collaboration(of offer: AlgorithmOffer, in world: World) -> Int? {
        world.federation.stores.filter { $0.value.contains(offer.store) }.keys.min()
    }

    func seed(in world: World) -> ComposerDraft? {
        guard let offer = current else { return nil }
        var draft = ComposerDraft()
        draft.collaboration = collaboration(of: offer, in: world)
        draft.store = offer.store.id
        draft.image = offer.algorithm.image
        return draft
    }

    /// Where to read about it: its documentation, else its code.
    private static func page(of offer: AlgorithmOffer) -> String? {
        [offer.algorithm.documentationURL, offer.algorithm.codeURL].compactMap(\.self).first(where: Browser.isAddress)
    }

    func refusal(of action: Action, in world: World) -> String? {
        guard [.open, .showRaw, .copy, .browse].contains(action) else { return nil }
        guard let current else { return "there is no algorithm here" }
        return action == .browse && Self.page(of: current) == nil ? "it names no web page" : nil
    }

    func export(in world: World) -> Export? {
        Export(
            "algorithms", columns: columns.map(\.title), rows: saved.map { cells(of: $0, in: world).map(\.text) })
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if let reactions = navigate(action, in: world) { return reactions }
        guard let offer = current else { return [] }
        switch action {
        case .open:
            if let reason = world.federation.refusalToCreateTasks {
                return [.say(.refusal("Cannot compose: \(reason)"))]
            }
            return seed(in: world).map { [.open(.composer($0))] } ?? []
        case .browse: return Self.page(of: offer).map { [.run(.browse($0))] } ?? []
        case .showRaw: return [.open(.raw(.algorithm(offer.algorithm.id, store: offer.store.id)))]
        case .copy:
            let subjects = Set(subjects)
            return .copying(rows.filter { subjects.contains($0.id) }.map(\.algorithm.image))
        default: return []
        }
    }

    // MARK: View

    let columns = [
        Column("ALGORITHM", 14, upTo: 36), Column("STORE", 8, upTo: 20, priority: 2),
        Column("FUNCTIONS", 9, priority: 3, align: .trailing), Column("KIND", 10, priority: 4),
        Column("IMAGE", 16, upTo: 44, priority: 1),
    ]

    func cells(of offer: AlgorithmOffer, in world: World) -> [Span] {
        [
            Span(offer.algorithm.name), Span(offer.store.name, .dim), Span("\(offer.algorithm.functions.count)", .dim),
            Span(offer.algorithm.partitioning ?? "", .dim), Span(TaskColumns.shortImage(offer.algorithm.image), .dim),
        ]
    }

    func draw(on canvas: inout Canvas, in world: World) {
        drawList("Algorithms", note: rows.count.grouped, on: &canvas) { canvas in
            if rows.isEmpty { return drawEmpty(on: &canvas, in: world) }
            canvas.table(table(in: world))
        }
        drawDetail(on: &canvas, in: world)
    }

    func detail(in world: World) -> DetailText? {
        current.map { offer in
            DetailText(
                title: offer.algorithm.name, note: offer.algorithm.status ?? "",
                facts: Self.lines(of: offer).map { ("", Span($0, $0.first == " " ? .text : .strong)) })
        }
    }

    private func drawEmpty(on canvas: inout Canvas, in world: World) {
        if !filterText.isEmpty {
            canvas.paragraphs([("The filter hides all algorithms. esc clears it.", .dim)])
            return
        }
        // What keeps the list empty: a store that is asked still, one that refuses, or none at all.
        let needs = needs(in: world)
        let open = needs.first { !world.federation.hasLoaded($0) }
        let empty =
            world.federation.stores.values.allSatisfy(\.isEmpty)
            ? "No algorithm store is linked to your collaborations. n composes a task from an image."
            : "The stores offer no algorithm yet."
        let subject = open ?? needs.first ?? .surroundings
        _ = canvas.placeholder(for: subject, isEmpty: true, empty: empty, in: world)
    }

    /// All there is to know of an algorithm.
    private static func lines(of offer: AlgorithmOffer) -> [String] {
        let algorithm = offer.algorithm
        var lines = [" \(algorithm.image)"]
        if let digest = algorithm.digest { lines.append(" \(digest)") }
        if !algorithm.description.isEmpty { lines += ["", " \(algorithm.description)"] }
        for url in [algorithm.documentationURL, algorithm.codeURL].compactMap({ $0 }) where !url.isEmpty {
            lines.append(" \(url)")
        }
        for function in algorithm.functions {
            let kind = function.kind.isEmpty ? "" : " (\(function.kind))"
            lines += ["", "\(function.name)\(kind)"]
            if !function.description.isEmpty { lines.append("  \(function.description)") }
            for database in function.databases { lines.append("  reads \(database.name)  \(database.description)") }
            for argument in function.arguments {
                var text = "  \(argument.name.padded(to: 14)) \(argument.type.title)"
                if !argument.allowedValues.isEmpty { text += ": \(argument.allowedValues.joined(separator: "|"))" }
                if let value = argument.defaultValue, !value.isNull { text += " = \(value.text())" }
                if !argument.description.isEmpty { text += "  \(argument.description)" }
                lines.append(text)
            }
        }
        return lines
    }
}
