// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The folder in which a file of the server lies.
enum Folder {
    /// Makes the folder of a file, when it is missing.
    ///
    /// - Throws: ``StartError``.
    static func make(of file: String) throws {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw StartError("cannot make the folder \(folder): \(error.localizedDescription)")
        }
    }
}
