// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One run with its result in clear.
struct ResultItem: Sendable {
    let run: Int
    let organization: String
    let organizationID: Int?
    let status: String
    let value: JSONValue

    init(run record: JSONValue, content: DecodedResult.Content, names: NameIndex) {
        run = record["id"]?.intValue ?? 0
        organizationID = record.value(at: "organization.id")?.intValue
        organization = organizationID.map { names.name(.organization, $0) } ?? ""
        status = record["status"]?.stringValue ?? ""
        value =
            switch content {
            case .json(let json): json
            case .bytes(let data): .string(PlainText.encode(data))
            case .empty: .null
            case .unreadable: .null
            }
    }

    /// The result with its run beside it.
    var withRun: JSONValue {
        [
            "run_id": JSONValue(run), "organization_id": organizationID.map { JSONValue($0) } ?? .null,
            "organization": .string(organization), "status": .string(status), "result": value,
        ]
    }
}
