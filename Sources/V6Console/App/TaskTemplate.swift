// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// A task file that a person keeps to begin others from.
struct TaskTemplate: Sendable {
    var name: String
    /// What is to be composed; nil where the file cannot be used.
    var task: TaskDescription?
    /// What is wrong with the file.
    var fault: String?
    /// When the file was written last.
    var at: Timestamp?
}

/// The folder `templates`: a task file each, as `task create -f` takes them.
struct TemplateFolder: Sendable {
    let path: String

    init(paths: ConsolePaths) {
        path = paths.configuration + "/templates"
    }

    /// The templates by name; one that cannot be used says why, and the others stay usable.
    func list() throws -> [TaskTemplate] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".yaml") }
        return names.sorted().map { file in
            var template = TaskTemplate(name: String(file.dropLast(5)))
            let written = (try? FileManager.default.attributesOfItem(atPath: "\(path)/\(file)"))?[.modificationDate]
            template.at = (written as? Date).map { Timestamp(microseconds: Int64($0.timeIntervalSince1970 * 1e6)) }
            do {
                let text = try PlainFile.text(at: "\(path)/\(file)", as: "the template")
                let document = try JSONValue(parsingYAML: text, name: file)
                template.task = try TaskDescription(document: document, file: file)
            } catch {
                template.fault = Fault(describing: error).message
            }
            return template
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

    /// Gives a template that ``list()`` gave another name, and returns its new path.
    ///
    /// - Throws: `ConsoleFailure` where a template of that name is already there.
    func rename(_ name: String, to other: String) throws -> String {
        let file = "\(path)/\(Self.fileName(other)).yaml"
        guard !FileManager.default.fileExists(atPath: file) else {
            throw ConsoleFailure(.failure, "There is already a template \(Self.fileName(other)).")
        }
        try FileManager.default.moveItem(atPath: "\(path)/\(name).yaml", toPath: file)
        return file
    }

    /// A name without what a path could take for something else.
    static func fileName(_ name: String) -> String {
        let plain = name.map { $0.isLetter || $0.isNumber || "-_. ".contains($0) ? $0 : "-" }
        let text = String(plain).drop { $0 == "." || $0 == " " }
        return text.isEmpty ? "task" : String(text)
    }
}
