// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// A task file that a person keeps to begin others from.
struct TaskTemplate: Sendable {
    var name: String
    var task: TaskDescription
}

/// The folder `templates`: a task file each, as `task create -f` takes them.
struct TemplateFolder: Sendable {
    let path: String

    init(paths: ConsolePaths) {
        path = paths.configuration + "/templates"
    }

    /// The templates by name.
    ///
    /// - Throws: `ConsoleFailure` with the faults of a file that cannot be used.
    func list() throws -> [TaskTemplate] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".yaml") }
        return try names.sorted().map { file in
            let text = try PlainFile.text(at: "\(path)/\(file)", as: "the template")
            let document = try JSONValue(parsingYAML: text, name: file)
            return TaskTemplate(
                name: String(file.dropLast(5)), task: try TaskDescription(document: document, file: file))
        }
    }

    /// Keeps a task file under a name, and returns its path; one of that name is replaced.
    func save(_ name: String, text: String) throws -> String {
        let file = "\(path)/\(Self.fileName(name)).yaml"
        try PrivateFile.write(Data(text.utf8), to: file)
        return file
    }

    /// Removes the template of a name that ``list()`` gave, and returns the path it had.
    func delete(_ name: String) throws -> String {
        let file = "\(path)/\(name).yaml"
        try FileManager.default.removeItem(atPath: file)
        return file
    }

    /// A name without what a path could take for something else.
    static func fileName(_ name: String) -> String {
        let plain = name.map { $0.isLetter || $0.isNumber || "-_. ".contains($0) ? $0 : "-" }
        let text = String(plain).drop { $0 == "." || $0 == " " }
        return text.isEmpty ? "task" : String(text)
    }
}
