// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A tar archive in the POSIX form, of plain files only.
struct TarArchive: Sendable {
    private var bytes = Data()

    /// Adds a file.
    mutating func add(_ name: String, mode: Int = 0o644, _ content: Data) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
        }
        func octal(_ value: Int, width: Int) -> String {
            let digits = String(value, radix: 8)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        put(name, at: 0)
        put(octal(mode, width: 7), at: 100)
        put(octal(0, width: 7), at: 108)
        put(octal(0, width: 7), at: 116)
        put(octal(content.count, width: 11), at: 124)
        // The same time always, so that equal content gives an equal archive.
        put(octal(0, width: 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal(header.reduce(0) { $0 + Int($1) }, width: 6) + "\0 ", at: 148)
        bytes.append(contentsOf: header)
        bytes.append(content)
        bytes.append(Data(count: (512 - content.count % 512) % 512))
    }

    /// The archive with its end mark.
    var data: Data { bytes + Data(count: 1024) }
}
