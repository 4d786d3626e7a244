// SPDX-License-Identifier: Apache-2.0

/// The columns a list may be sorted by.
///
/// Secrets are not among them: an order tells about what it orders.
struct Sorting: Sendable {
    /// The name of the object in refusals.
    let object: String
    /// The columns by the name clients use.
    let columns: [String: SQL]
    /// The order when none is asked for, and the last word when one is.
    let standard: SQL
    /// Whether the standard order comes first, so that what is asked for only breaks ties (tasks and runs in 4.15.2).
    var standardFirst = false

    init(_ object: String, columns: [String: SQL], standard: SQL) {
        self.object = object
        self.columns = columns
        self.standard = standard
    }

    init(_ object: String, table: String, _ names: [String], standard: SQL, standardFirst: Bool = false) {
        self.object = object
        self.standard = standard
        self.standardFirst = standardFirst
        columns = Dictionary(uniqueKeysWithValues: names.map { ($0, SQL(trusted: "\(table).\"\($0)\"")) })
    }

    /// The order a request asks for.
    ///
    /// - Throws: ``Failure`` 400 for a column that is not listed.
    func order(_ query: Query) throws -> SQL {
        let text = query["sort"] ?? ""
        let asked = text.isEmpty ? [] : text.parts(between: ",")
        var terms: [SQL] = []
        for word in asked {
            let isDescending = word.hasPrefix("-")
            let name = (word.first.map { "+- ".contains($0) } == true ? word.dropFirst() : word).description
            guard let column = columns[name] else {
                throw Failure.invalid("Cannot sort a '\(object)' by '\(name)' because it does not exist")
            }
            terms.append(column + (isDescending ? " DESC" : ""))
        }
        // The standard order names a key, so nothing could come after it.
        return standardFirst ? standard : SQL.joined(terms + [standard], separator: ", ")
    }
}
