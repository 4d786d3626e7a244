// SPDX-License-Identifier: Apache-2.0

/// A list that is narrowed to the rows in which what was typed behind `/` stands, in capitals or not.
protocol FilteredList: ListScreen {
    var filterText: String { get set }
}

extension FilteredList {
    var filter: String? { filterText }

    mutating func setFilter(_ text: String, in world: World) {
        filterText = text
        prepare(in: world)
    }

    /// Whether a row shows in which these texts stand.
    func fits(_ texts: [String]) -> Bool {
        let wanted = filterText.lowercased()
        return wanted.isEmpty || texts.contains { $0.lowercased().contains(wanted) }
    }
}
