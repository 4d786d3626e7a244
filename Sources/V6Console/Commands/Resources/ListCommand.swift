// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `NOUN list`.
struct ListCommand<Resource: ConsoleResource>: SessionCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list", abstract: "List each \(Resource.noun) you may see.",
            discussion: .help(
                "Columns: \(Resource.columns.map(\.key).joined(separator: ", ")).",
                examples: "\(Resource.noun) list", "\(Resource.noun) list --sort -id --limit 10 -o json"),
            aliases: ["ls"])
    }

    @OptionGroup var scope: Resource.Scope
    @OptionGroup var selection: SelectionOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    var collaborationFlag: String? { scope.collaboration }

    func run(in context: CommandContext) async throws {
        let filters = try selection.filters.map {
            try FilterExpression(parsing: $0).naming(me: context.session.username)
        }
        let order = selection.sort.map { SortOrder(parsing: $0) }
        let limit = selection.limit == 0 ? nil : selection.limit
        var query = try await scope.query(in: context)
        var supplement: @Sendable (JSONValue) -> JSONValue = { $0 }
        if needsDetails(filters, order, in: context.output) {
            query += Resource.detailQuery
            supplement = try await Resource.supplement(in: context)
        }

        // Filter and order look at names; otherwise only what is shown needs them, and an empty list needs none.
        let looksAtNames = !filters.isEmpty || order != nil
        let names = looksAtNames ? try await context.directory.names(of: Self.targets) : NameIndex()
        let now = context.console.now()
        func listed(_ json: JSONValue) -> ListedRecord {
            ListedRecord(
                json: supplement(json), columns: Resource.columns, names: names, timeMember: Resource.timeMember)
        }
        var strange = strangeNames(filters, order)
        var isEmpty = true
        var (records, more) = try await context.records.list(
            Resource.noun, query: query, limit: order == nil ? limit : nil
        ) { json in
            isEmpty = false
            strange.removeAll { json.has($0) }
            return filters.allSatisfy { $0.matches(listed(json), now: now) }
        }
        records = records.map(supplement)
        if let name = strange.first, !isEmpty {
            let known = Resource.columns.map(\.key).joined(separator: ", ")
            throw ConsoleFailure(
                .usage, "A \(Resource.noun) has no column \(name).", advice: "There is: \(known); see also -o json.")
        }
        if let order {
            records = order.sorted(records.map(listed)).map(\.json)
            if let limit, records.count > limit {
                records = Array(records.prefix(limit))
                more = true
            }
        }
        try sayHowMany(records.count, more: more, in: context)
        if records.isEmpty, !context.output.showsEmptyList { return }
        let printer = try await context.printer(noun: Resource.noun, columns: Resource.columns)
        try context.console.output.put(printer.list(records))
    }

    private static var targets: Set<NameIndex.Kind> { Set(Resource.columns.compactMap(\.target)) }

    /// Whether columns are shown, filtered or sorted by that a plain list does not carry.
    private func needsDetails(_ filters: [FilterExpression], _ order: SortOrder?, in output: OutputSettings) -> Bool {
        if output.fields == nil, [.wide, .csv, .tsv, .plain].contains(output.format) { return true }
        let details = Resource.columns.filter(\.detail).map(\.key)
        return fieldsNamed(filters, order).contains { details.contains($0) }
    }

    /// The columns that flags name.
    private func fieldsNamed(_ filters: [FilterExpression], _ order: SortOrder?) -> [String] {
        filters.flatMap(\.fields) + (order?.keys.map(\.field) ?? []) + (output.fieldNames ?? [])
    }

    /// The names in flags that are no column; a record may still have a member of that name.
    private func strangeNames(_ filters: [FilterExpression], _ order: SortOrder?) -> [String] {
        fieldsNamed(filters, order).filter { ListedRecord.field($0, of: Resource.columns) == nil }
    }

    private func sayHowMany(_ count: Int, more: Bool, in context: CommandContext) throws {
        if more { try context.say("There are more than \(count); --limit 0 shows all.") }
        guard count == 0, context.console.terminal.errorIsTerminal else { return }
        let filtered = selection.filters.isEmpty ? "" : " matches the filter"
        try context.say("No \(Resource.noun)\(filtered).")
    }
}
