// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension CommandContext {
    /// Creates or changes an object and prints it.
    func submit<Resource: ConsoleResource>(
        _ method: String, _ path: String, _ body: JSONObject, as _: Resource.Type
    ) async throws {
        let record = try await client.call(method, path, body: .object(body)).json
        let names = try await directory.names(of: Set(Resource.columns.compactMap(\.target)))
        try console.output.put(printer(noun: Resource.noun, columns: Resource.columns, names: names).single(record))
    }

    /// The identifiers of organizations given by name or identifier.
    func organizations(_ references: [String]) async throws -> JSONValue {
        var ids: [JSONValue] = []
        for reference in references {
            ids.append(JSONValue(try await directory.resolve(reference, as: .organization).id))
        }
        return .array(ids)
    }
}
