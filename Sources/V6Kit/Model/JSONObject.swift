// SPDX-License-Identifier: Apache-2.0

/// A JSON object that remembers the order in which its members were written.
///
/// The order matters on the wire: the server hands the parameters of a task's database back with the keys in the order
/// the client sent them (`http-api`, "Task").
public struct JSONObject: Sendable {
    private var members: [(key: String, value: JSONValue)] = []
    private var positions: [String: Int] = [:]

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
        get { positions[key].map { members[$0].value } }
        set {
            switch (positions[key], newValue) {
            case (let position?, let value?):
                members[position].value = value
            case (nil, let value?):
                positions[key] = members.count
                members.append((key, value))
            case (let position?, nil):
                members.remove(at: position)
                positions = [:]
                for (index, member) in members.enumerated() { positions[member.key] = index }
            case (nil, nil):
                break
            }
        }
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
