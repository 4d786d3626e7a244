// SPDX-License-Identifier: Apache-2.0

/// The spellings of a UUID that 4.15.2 reads: any case, with or without dashes, braces or `urn:uuid:`.
enum UUIDSyntax {
    static func isValid(_ text: String) -> Bool {
        var bare = text.lowercased().replacing("urn:", with: "").replacing("uuid:", with: "")
        bare.removeAll { "{}-".contains($0) }
        return bare.utf8.count == 32 && bare.allSatisfy { $0.isHexDigit && $0.isASCII }
    }
}
