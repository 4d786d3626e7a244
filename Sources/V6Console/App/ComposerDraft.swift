// SPDX-License-Identifier: Apache-2.0

/// What stands in the fields of the composer, finished or not, so that nothing typed is lost.
struct ComposerDraft: Hashable, Sendable, Codable {
    var name = ""
    var collaboration: Int?
    var image = ""
    var method = ""
    var arguments = ""
    var databases = "default"
    var organizations: [Int] = []

    /// Whether there is anything worth keeping.
    var isEmpty: Bool { name.isEmpty && image.isEmpty && method.isEmpty && arguments.isEmpty }
}

extension ComposerDraft {
    /// The fields from which a task like this one is composed.
    init(_ task: TaskDraft) {
        name = task.name
        collaboration = task.collaboration
        image = task.image
        method = task.method
        arguments = TaskArguments.text(task.arguments)
        databases = task.databases.joined(separator: " ")
        organizations = task.organizations
    }
}
