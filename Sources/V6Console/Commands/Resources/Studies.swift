// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Studies as `study list` and `show` present them.
enum StudyResource: DeletableResource {
    typealias Scope = CollaborationScope

    static let record = RecordKind.study
    static let detailQuery = [("include", "organizations")]
    static let columns: [RecordColumn] = [
        .member("id", .number),
        .member("name"),
        .link("collaboration", to: .collaboration),
        .derived("organizations", detail: true) { record, _ in RecordColumn.names(in: record["organizations"]) },
    ]
}
