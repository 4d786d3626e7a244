// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A node on this machine as its operator sees it: how it is, and what it runs, holds, offers and allows.
struct SiteScreen: SortableList, FilteredList {
    enum Part: Int, CaseIterable, Hashable, Sendable {
        case runs, containers, databases, policy, disk

        var title: String { ["Runs", "Containers", "Databases", "Policy", "Disk"][rawValue] }

        var site: SitePart { [.runs, .containers, .databases, .policy, .disk][rawValue] }
    }

    private(set) var part = Part.runs
    var cursor = ListCursor()
    var picks = Picks<String>()
    var filterText = ""
    var order = ListOrder()
    private(set) var rows: [[Span]] = [] { didSet { identities = rows.map(identity) } }
    private(set) var identities: [String] = []
    /// Only the parts show, without how the node is.
    var isFull = false

    var place: Place { .site }
    var contexts: [KeyContext] { [.site, .list, .everywhere] }
    func title(in world: World) -> String { part.title }

    func needs(in world: World) -> [Subject] {
        let parts: [SitePart] = [.status, part.site] + (part == .disk ? [.leftovers] : [])
        return parts.map(Subject.site)
    }

    func stale(in world: World) -> [Subject] {
        let parts: [SitePart] = part == .policy || part == .disk ? [.status] : [.status, part.site]
        return parts.map(Subject.site)
    }

    mutating func prepare(in world: World) {
        let site = world.federation.site
        let all =
            switch part {
            case .runs: site.runs.map { SiteTables.cells(of: $0, in: world) }
            case .containers: site.containers.map(SiteTables.cells)
            case .databases: site.databases.map(SiteTables.cells)
            case .policy: site.policy.map { [Span($0.key), Span($0.value)] }
            case .disk: site.leftovers.map(SiteTables.cells)
            }
        rows = order.sorted(all.filter { fits($0.map(\.text)) }) { $0 }
        settle(in: world)
    }

    /// The first cell names a row: the number of a run, or a name that the node uses once.
    func identity(of row: [Span]) -> String { row.first?.text ?? "" }

    private func current(in world: World) -> SiteRun? { pointed.flatMap { run($0, in: world) } }

    private func run(_ row: String, in world: World) -> SiteRun? {
        part == .runs ? Int(row).flatMap(world.federation.site.run) : nil
    }

    /// The marked runs that are not over, or the one under the cursor.
    private func openRuns(in world: World) -> [SiteRun] {
        subjects.compactMap { run($0, in: world) }.filter { !$0.isOver }
    }

    func refusal(of action: Action, in world: World) -> String? {
        switch action {
        case .open where part != .runs && part != .policy: return "there is nothing more to see"
        case .kill:
            if !openRuns(in: world).isEmpty { return nil }
            if !picks.marks.isEmpty { return "the marked runs are over" }
            guard let run = current(in: world) else { return "there is no run here" }
            return run.isOver ? "the run is over (\(run.status?.rawValue ?? "done"))" : nil
        case .showLog: return current(in: world) == nil ? "there is no run here" : nil
        case .delete:
            guard part == .disk else { return "only in the part Disk" }
            return rows.isEmpty ? "there is nothing to remove" : nil
        default: return nil
        }
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if move(action, in: world) { return [] }
        if let reactions = arrange(action) { return reactions }
        switch action {
        case .nextPane, .previousPane:
            let step = action == .nextPane ? 1 : Part.allCases.count - 1
            part = Part(rawValue: (part.rawValue + step) % Part.allCases.count) ?? .runs
            (cursor, order, picks) = (ListCursor(), ListOrder(), Picks())
            filterText = ""
            prepare(in: world)
        case .explain: return [.open(.siteExplain)]
        case .open where part == .policy: return [.open(.siteExplain)]
        case .open, .showLog: return current(in: world).map { [.open(.siteRun($0.id))] } ?? []
        case .kill: return [.ask(SiteTables.killDialog(openRuns(in: world), in: world))]
        case .delete: return [.ask(SiteTables.collectDialog(world.federation.site.leftovers))]
        case .copy: return .copying(subjects)
        default: break
        }
        return []
    }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        choose(at: point, in: world) == .opened && refusal(of: .open, in: world) == nil ? perform(.open, in: world) : []
    }

    // MARK: View

    func hasPanes(in world: World) -> Bool { true }
    func room(in size: Size) -> Rect { panes(size).table }
    var columns: [Column] { SiteTables.columns(of: part) }
    func cells(of row: [Span], in world: World) -> [Span] { row }

    private func panes(_ size: Size) -> (facts: Rect, tabs: Rect, table: Rect) {
        let top = Rect(size).split(top: isFull ? 0 : size.rows >= 14 ? 4 : 1)
        let rest = top.rest.split(top: size.rows >= 14 && !isFull ? 2 : 1)
        return (top.top, rest.top, rest.rest)
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = panes(canvas.size)
        canvas.region(panes.facts) { SiteTables.drawStatus(on: &$0, in: world) }
        canvas.region(panes.tabs) { canvas in
            let spans = Part.allCases.flatMap { one in
                [Span(one == part ? "[\(one.title)]" : " \(one.title) ", one == part ? .strong : .dim), Span(" ")]
            }
            canvas.line(spans, row: canvas.size.rows - 1, column: 1)
            if part == .disk { canvas.trailing(SiteTables.room(world.federation.site.disk), row: 0, margin: 1) }
        }
        canvas.region(panes.table) { canvas in
            let empty = filterText.isEmpty ? SiteTables.emptiness(of: part) : "The filter hides all. esc clears it."
            let subject = Subject.site(part == .disk ? .leftovers : part.site)
            if canvas.placeholder(for: subject, isEmpty: rows.isEmpty, empty: empty, in: world) { return }
            canvas.table(table(in: world))
            if !world.connection.isUp { canvas.fade() }
        }
    }
}
