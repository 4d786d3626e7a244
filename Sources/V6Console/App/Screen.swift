// SPDX-License-Identifier: Apache-2.0

/// One view: its state, what keys do there, and how it looks.
///
/// A value without I/O.
protocol Screen: Sendable {
    var place: Place { get }
    /// The name in the breadcrumb line.
    func title(in world: World) -> String
    /// What stands at the right end of the breadcrumb line.
    func note(in world: World) -> [Span]
    /// Which parts of the key table hold here, most special first.
    var contexts: [KeyContext] { get }
    /// What must be fetched to show it.
    func needs(in world: World) -> [Subject]
    /// Which of those are worth asking again now, while events do not tell.
    func stale(in world: World) -> [Subject]
    /// Brings derived state up to date with the data and the room.
    mutating func prepare(in world: World)
    /// What is to be asked because of what stands in a form now; it must not be awaited.
    mutating func wishes(in world: World) -> [Effect]
    /// Whether the text that shows may still grow, so that its end can be followed.
    func grows(in world: World) -> Bool
    /// Whether what shows is a log, of whose lines some can be left out.
    var isLog: Bool { get }
    /// Answers an action of the key table.
    mutating func perform(_ action: Action, in world: World) -> [Reaction]
    /// Takes a key before the key table does; nil leaves it to the table.
    ///
    /// For forms.
    mutating func type(_ key: Key, in world: World) -> [Reaction]?
    mutating func paste(_ text: String, in world: World) -> [Reaction]
    mutating func click(_ point: Point, in world: World) -> [Reaction]
    /// Why an action cannot be done now; nil if it can.
    func refusal(of action: Action, in world: World) -> String?
    /// What an action is called with what it is done to, such as "Kill task 12"; nil where it is done to nothing.
    func name(of action: Action, in world: World) -> String?
    /// What a file of this view holds; nil where there is nothing to save.
    func export(in world: World) -> Export?
    /// A task that is composed from here begins with this; nil begins with what was typed last.
    func seed(in world: World) -> ComposerDraft?
    /// What a command of the person's own finds in its variables.
    func variables(in world: World) -> [UserCommand.Variable: Int]
    /// The one collaboration that shows; nil where there are several, or none.
    func collaboration(in world: World) -> Int?
    /// The filter or search text, where the screen has one.
    var filter: String? { get }
    mutating func setFilter(_ text: String, in world: World)
    /// Whether the rows can be sorted by a column.
    var isSortable: Bool { get }
    /// Whether rows can be marked, and how many are.
    var canMark: Bool { get }
    var marked: Int { get }
    /// Whether what is changed here is the server's, which read-only mode and a lost connection forbid.
    var changesServer: Bool { get }
    /// Gives what the cursor is on another name; nil where nothing here has one to give.
    mutating func rename(to name: String, in world: World) -> [Reaction]?
    /// Puts the cursor on what lies at a place, as soon as it shows: it was just made.
    mutating func seek(_ place: Place)
    /// Whether there is more than one pane, so that one can have all the room.
    func hasPanes(in world: World) -> Bool
    /// Whether there is a next part to go to.
    func hasParts(in world: World) -> Bool
    /// The list that keys move in; nil where its columns cannot be scrolled.
    func list(in world: World) -> ListPane?
    /// Shows another page of the columns of that list.
    mutating func turn(to page: Int)
    /// Answers what the person chose in a list this screen offered.
    mutating func pick(_ choice: String, in world: World) -> [Reaction]
    /// Answers an awaited effect that this screen started.
    mutating func receive(_ outcome: Message.Outcome, of effect: Effect, in world: World) -> [Reaction]
    func draw(on canvas: inout Canvas, in world: World)
}

extension Screen {
    func note(in world: World) -> [Span] { [] }
    func needs(in world: World) -> [Subject] { [] }
    func stale(in world: World) -> [Subject] { needs(in: world) }
    mutating func prepare(in world: World) {}
    mutating func wishes(in world: World) -> [Effect] { [] }
    func grows(in world: World) -> Bool { false }
    var isLog: Bool { false }
    mutating func type(_ key: Key, in world: World) -> [Reaction]? { nil }
    mutating func paste(_ text: String, in world: World) -> [Reaction] {
        guard filter != nil else { return [] }
        setFilter(text.split(separator: "\n").first.map(String.init) ?? "", in: world)
        return []
    }
    mutating func click(_ point: Point, in world: World) -> [Reaction] { [] }
    func refusal(of action: Action, in world: World) -> String? { nil }
    func name(of action: Action, in world: World) -> String? { nil }
    func export(in world: World) -> Export? { nil }
    func seed(in world: World) -> ComposerDraft? { nil }
    func variables(in world: World) -> [UserCommand.Variable: Int] { place.variables(in: world) }
    func collaboration(in world: World) -> Int? { place.collaboration(in: world) }
    var filter: String? { nil }
    mutating func setFilter(_ text: String, in world: World) {}
    var isSortable: Bool { false }
    var canMark: Bool { false }
    var marked: Int { 0 }
    var changesServer: Bool { true }
    mutating func rename(to name: String, in world: World) -> [Reaction]? { nil }
    mutating func seek(_ place: Place) {}
    func hasPanes(in world: World) -> Bool { false }
    func hasParts(in world: World) -> Bool { hasPanes(in: world) }
    func list(in world: World) -> ListPane? { nil }
    mutating func turn(to page: Int) {}
    mutating func pick(_ choice: String, in world: World) -> [Reaction] { [] }
    mutating func receive(_ outcome: Message.Outcome, of effect: Effect, in world: World) -> [Reaction] { [] }
}
