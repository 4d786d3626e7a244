// SPDX-License-Identifier: Apache-2.0

/// A JSON object that remembers the order in which its members were written.
///
/// The order matters on the wire: the server hands the parameters of a task's database back with the keys in the order
/// the client sent them (`http-api`, "Task").
public struct JSONObject: Sendable {
    /// The members in order.
    private(set) var members: [(key: String, value: JSONValue)] = []
    /// Where the members are, once there are too many to look through.
    private var positions: [String: Int]?
    /// Up to this number of members, looking through them is quicker than a table.
    private static let few = 24

    /// An object without members.
    public init() {}

    /// The number of members.
    public var count: Int { members.count }

    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }

    /// The names of the members, in order.
    public var keys: [String] { members.map(\.key) }

    /// The value of a member; setting nil removes it, setting a value keeps the member's place or appends it.
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?):
                members[position].value = value
            case (nil, let value?):
                positions?[key] = members.count
                members.append((key, value))
                if positions == nil, members.count > Self.few { index() }
            case (let position?, nil):
                members.remove(at: position)
                if positions != nil { index() }
            case (nil, nil):
                break
            }
        }
    }

    private func position(of key: String) -> Int? {
        if let positions { return positions[key] }
        return members.firstIndex { $0.key == key }
    }

    private mutating func index() {
        positions = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1.key, $0) })
    }
}

extension JSONObject: Sequence {
    public func makeIterator() -> IndexingIterator<[(key: String, value: JSONValue)]> {
        members.makeIterator()
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Creates an object with the members in the order they are written; a repeated key keeps its last value.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        members.reserveCapacity(elements.count)
        for (key, value) in elements { self[key] = value }
    }
}

extension JSONObject: Hashable {
    /// Two objects are equal when they hold the same members, whatever their order.
    public static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }))
    }
}
