// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reading of files that a person names, also pipes such as `/dev/fd/63` of a shell's `<(…)`.
enum PlainFile {
    /// The whole content.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - role: What it is to us, for the message: `the key file`.
    ///   - status: The exit code of a failure.
    /// - Returns: The bytes until the end.
    /// - Throws: `ConsoleFailure` with the path and the system's reason.
    static func data(at path: String, as role: String, failing status: ExitStatus = .failure) throws -> Data {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, role, status, errno) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            return try file.readToEnd() ?? Data()
        } catch {
            throw failure(path, role, status, EIO)
        }
    }

    /// The whole content as UTF-8 text.
    static func text(at path: String, as role: String, failing status: ExitStatus = .failure) throws -> String {
        guard let text = String(data: try data(at: path, as: role, failing: status), encoding: .utf8) else {
            throw ConsoleFailure(status, "\(role.capitalizedFirst) \(path) is no UTF-8 text.")
        }
        return text
    }

    private static func failure(_ path: String, _ role: String, _ status: ExitStatus, _ code: Int32) -> ConsoleFailure {
        ConsoleFailure(
            status, "\(role.capitalizedFirst) \(path) cannot be read: \(String(cString: strerror(code))).")
    }
}

extension String {
    /// The text with a capital at its beginning.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
