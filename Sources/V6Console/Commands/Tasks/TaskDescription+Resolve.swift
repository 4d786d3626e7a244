// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension TaskDescription {
    /// The request this description means, every name looked up.
    ///
    /// - Throws: `ConsoleFailure`: usage when something is missing, not found for a name that nobody has.
    func request(in context: CommandContext) async throws -> TaskRequest {
        guard let image else {
            throw Self.missing("Which algorithm image?", "--image IMAGE, or a task file with -f FILE")
        }
        guard let method else { throw Self.missing("Which method of the algorithm?", "--method NAME") }
        let directory = context.directory
        let place = try await place(in: context)
        let members = try await directory.entries(.organization, query: place.query)
        let chosen: [Int]
        if allOrganizations {
            chosen = members.map(\.id)
        } else if let usual = context.session.settings.organization, organizations.isEmpty {
            chosen = [try await directory.resolve(usual, as: .organization, query: place.query).id]
        } else if organizations.isEmpty {
            throw Self.missing(
                "Which organizations? There is: \(members.map(\.name).joined(separator: ", ")).",
                "--organization NAME, as often as needed, or --all-organizations")
        } else {
            var ids: [Int] = []
            for name in organizations {
                let id = try await directory.resolve(
                    name, as: .organization, query: place.query, place: "in \(place.name)"
                ).id
                if !ids.contains(id) { ids.append(id) }
            }
            chosen = ids
        }
        let stored = try await stored(image, method, in: place, context)
        return TaskRequest(
            name: name ?? method, description: description ?? "", image: stored?.image ?? image,
            collaboration: place.collaboration, study: place.study, store: stored?.store, organizations: chosen,
            databases: databases,
            input: TaskInput(method: method, arguments: positional, keywords: stored?.arguments ?? arguments))
    }

    /// What the store says of the image: its full name, and the arguments in their types.
    private func stored(
        _ image: String, _ method: String, in place: Place, _ context: CommandContext
    ) async throws -> (store: Int, image: String, arguments: JSONObject)? {
        guard let store else { return nil }
        guard let found = try await context.stores(store, collaboration: "\(place.collaboration)").first else {
            return nil
        }
        let offered = try await context.client.algorithms(in: found)
        let bare = image.prefix { $0 != "@" }
        guard let algorithm = offered.first(where: { $0.image == bare || $0.image == image || $0.name == image }) else {
            throw ConsoleFailure.unknown("algorithm of the store \(found.name)", image, known: offered.map(\.image))
        }
        guard !algorithm.functions.isEmpty else { return (found.id, algorithm.image, arguments) }
        guard let function = algorithm.function(named: method) else {
            throw ConsoleFailure.unknown(
                "function of \(algorithm.name)", method, known: algorithm.functions.map(\.name))
        }
        guard databases.count >= function.databases.count else {
            let names = function.databases.map(\.name).joined(separator: ", ")
            throw ConsoleFailure(
                .rejected, "\(function.name) reads a database: \(names).", advice: "Give --database LABEL for each.")
        }
        return (found.id, algorithm.image, try function.typed(arguments))
    }

    private struct Place {
        let collaboration: Int
        let study: Int?
        let name: String
        let query: [(String, String)]
    }

    private func place(in context: CommandContext) async throws -> Place {
        let directory = context.directory
        // A collaboration that is named wins over the study one is used to.
        if let study = study ?? (collaboration == nil ? context.session.settings.study : nil) {
            let entry = try await directory.resolve(study, as: .study)
            let record = try await context.records.one("/study/\(entry.id)")
            guard let collaboration = record.value(at: "collaboration.id")?.intValue else {
                throw ConsoleFailure(.rejected, "The study \(entry.name) belongs to no collaboration.")
            }
            return Place(
                collaboration: collaboration, study: entry.id, name: "study \(entry.name)",
                query: [("study_id", "\(entry.id)")])
        }
        let entry: Directory.Entry
        if let wanted = collaboration ?? context.session.settings.collaboration {
            entry = try await directory.resolve(wanted, as: .collaboration)
        } else {
            let all = try await directory.entries(.collaboration)
            guard let only = all.first, all.count == 1 else {
                let there = all.map(\.name).joined(separator: ", ")
                throw Self.missing(
                    all.isEmpty ? "You are in no collaboration." : "Which collaboration? There is: \(there).",
                    "--collaboration NAME, or set V6_COLLABORATION")
            }
            entry = only
        }
        return Place(
            collaboration: entry.id, study: nil, name: "collaboration \(entry.name)",
            query: [("collaboration_id", "\(entry.id)")])
    }

    private static func missing(_ question: String, _ flag: String) -> ConsoleFailure {
        ConsoleFailure(.usage, question, advice: "Give \(flag).")
    }
}
