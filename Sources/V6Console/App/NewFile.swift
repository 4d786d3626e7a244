// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file that a person saves from the screen; one that is there is never written over.
enum NewFile {
    /// How many names are tried: `tasks.csv`, `tasks-2.csv`, and so on.
    private static let names = 1_000

    /// Writes the text; returns the path.
    ///
    /// - Throws: `Fault` where the name is taken and may not be changed, or the folder takes no file.
    static func write(_ text: String, path: String, mayRename: Bool) throws(Fault) -> String {
        let path = NSString(string: path).expandingTildeInPath
        for number in 1...(mayRename ? names : 1) {
            let name = number == 1 ? path : numbered(path, number)
            do {
                try Data(text.utf8).write(to: URL(fileURLWithPath: name), options: .withoutOverwriting)
                return name
            } catch let error as CocoaError where error.code == .fileWriteFileExists {
                continue
            } catch {
                throw Fault(kind: .other, message: "\(name) cannot be written: \(error.localizedDescription)")
            }
        }
        throw Fault(kind: .rejected, message: "\(path) is there already and was left as it is.")
    }

    private static func numbered(_ path: String, _ number: Int) -> String {
        let ending = NSString(string: path).pathExtension
        let stem = NSString(string: path).deletingPathExtension
        return "\(stem)-\(number)" + (ending.isEmpty ? "" : "." + ending)
    }
}
