// SPDX-License-Identifier: Apache-2.0

/// NameIndex of objects that others link to by identifier, as far as the account may see them.
struct NameIndex: Sendable, Equatable {
    /// What a link can point to.
    enum Kind: String, Sendable, CaseIterable {
        case organization
        case collaboration
        case study
        case user
        case role
        case node
    }

    private var known: [Kind: [Int: String]] = [:]

    /// The name, or `#12` when it is not known.
    func name(_ kind: Kind, _ id: Int) -> String { known[kind]?[id] ?? "#\(id)" }

    mutating func learn(_ kind: Kind, _ id: Int, _ name: String) { known[kind, default: [:]][id] = name }
}
