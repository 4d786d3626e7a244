// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The values of a statement as libpq wants them: texts that end with a NUL, one behind the other.
struct PostgresParameters {
    private var bytes: [CChar] = []
    /// Where each text begins; nil for NULL.
    private var starts: [Int?] = []

    /// - Throws: ``StoreError`` for a text that PostgreSQL cannot hold.
    init(_ values: [SQLValue]) throws(StoreError) {
        starts.reserveCapacity(values.count)
        for value in values { try append(value) }
    }

    /// Hands the addresses of the texts to a closure.
    func withPointers<Value>(_ body: ([UnsafePointer<CChar>?]) -> Value) -> Value {
        bytes.withUnsafeBufferPointer { bytes in
            body(starts.map { start in start.flatMap { bytes.baseAddress?.advanced(by: $0) } })
        }
    }

    private mutating func append(_ value: SQLValue) throws(StoreError) {
        if case .null = value { return starts.append(nil) }
        starts.append(bytes.count)
        switch value {
        case .null: break
        case .integer(let number): append(String(number))
        case .bool(let value): append(value ? "t" : "f")
        case .blob(let data):
            append("\\x")
            let digits = Array("0123456789abcdef".utf8CString.dropLast())
            for byte in data { bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        case .text(let text):
            guard !text.utf8.contains(0) else {
                throw StoreError(
                    description: "database: a text with a NUL character cannot be stored", isUnfitValue: true)
            }
            append(text)
        }
        bytes.append(0)
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { bytes.append(contentsOf: $0) }
        }
    }
}
