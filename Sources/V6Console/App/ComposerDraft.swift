// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What stands in the fields of the composer, finished or not, so that nothing typed is lost.
struct ComposerDraft: Hashable, Sendable {
    var name = ""
    var collaboration: Int?
    var study: Int?
    /// The algorithm store that offers the image; nil where a person typed it.
    var store: Int?
    var image = ""
    var method = ""
    var arguments = ""
    /// Typed arguments as they stand in their fields, right or wrong.
    var fields: [String: String] = [:]
    var databases = "default"
    var organizations: [Int] = []

    /// Whether there is anything worth keeping.
    var isEmpty: Bool { name.isEmpty && image.isEmpty && method.isEmpty && arguments.isEmpty && fields.isEmpty }
}

extension ComposerDraft: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, collaboration, study, store, image, method, arguments, fields, databases, organizations
    }

    /// Drafts of earlier versions lack some members.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String { try values.decodeIfPresent(String.self, forKey: key) ?? "" }
        name = try text(.name)
        collaboration = try values.decodeIfPresent(Int.self, forKey: .collaboration)
        study = try values.decodeIfPresent(Int.self, forKey: .study)
        store = try values.decodeIfPresent(Int.self, forKey: .store)
        image = try text(.image)
        method = try text(.method)
        arguments = try text(.arguments)
        fields = try values.decodeIfPresent([String: String].self, forKey: .fields) ?? [:]
        databases = try text(.databases)
        organizations = try values.decodeIfPresent([Int].self, forKey: .organizations) ?? []
    }
}

extension ComposerDraft {
    /// The fields from which a task like this one is composed.
    init(_ task: TaskDraft) {
        name = task.name
        collaboration = task.collaboration
        study = task.study
        store = task.store
        image = task.image
        method = task.method
        arguments = TaskArguments.text(task.arguments)
        databases = task.databases.joined(separator: " ")
        organizations = task.organizations
    }
}
