// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where output goes: standard output, standard error, or a test's collector.
struct TextSink: Sendable {
    private let write: @Sendable (Data) throws -> Void

    init(_ write: @escaping @Sendable (Data) throws -> Void) {
        self.write = write
    }

    /// Writes bytes as they are, at once.
    ///
    /// - Throws: `ConsoleFailure` when the reader went away or the disk is full.
    func put(_ data: Data) throws { try write(data) }

    /// Writes the text as it is, at once.
    func put(_ text: String) throws { try write(Data(text.utf8)) }

    /// Writes the text and a line end, at once.
    func line(_ text: String) throws { try put(text + "\n") }

    /// A sink over an open file descriptor.
    static func descriptor(_ number: Int32) -> TextSink {
        TextSink { data in
            var rest = data[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Foundation.write(number, $0.baseAddress, $0.count) }
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EPIPE {
                    throw ConsoleFailure.quiet(.brokenPipe)
                } else if errno != EINTR {
                    throw ConsoleFailure(.failure, "Cannot write the output: \(String(cString: strerror(errno))).")
                }
            }
        }
    }
}
