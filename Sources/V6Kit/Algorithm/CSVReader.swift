// SPDX-License-Identifier: Apache-2.0

/// Why a text is not a CSV table.
public struct CSVError: Error, Hashable, CustomStringConvertible {
    /// The line of the fault, from 1.
    public let line: Int
    /// What is wrong there.
    public let reason: String

    public var description: String { "line \(line): \(reason)" }
}

/// Reads comma separated values as RFC 4180 describes them, one record a call.
///
/// Fields may be quoted and then hold commas, line breaks and doubled quotes. Lines end with LF, CRLF or CR. A byte order
/// mark at the start and lines without anything are skipped.
struct CSVReader {
    private let bytes: [UInt8]
    private var position = 0
    /// The line at which the record read last began.
    private(set) var recordLine = 0
    private var line = 1

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(_ bytes: some Collection<UInt8>) {
        self.bytes = Array(bytes)
        if self.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The next record, or nil at the end.
    /// - Throws: ``CSVError`` for a quote that is never closed or closed within a field.
    mutating func next() throws(CSVError) -> [String]? {
        while position < bytes.count, atLineEnd { skipLineEnd() }
        guard position < bytes.count else { return nil }
        recordLine = line
        var fields = [try field()]
        while position < bytes.count, bytes[position] == Self.comma {
            position += 1
            fields.append(try field())
        }
        skipLineEnd()
        return fields
    }

    private var atLineEnd: Bool { bytes[position] == Self.lineFeed || bytes[position] == Self.carriageReturn }

    private mutating func skipLineEnd() {
        guard position < bytes.count else { return }
        if bytes[position] == Self.carriageReturn { position += 1 }
        if position < bytes.count, bytes[position] == Self.lineFeed { position += 1 }
        line += 1
    }

    private mutating func field() throws(CSVError) -> String {
        guard position < bytes.count, bytes[position] == Self.quote else { return plainField() }
        return try quotedField()
    }

    private mutating func plainField() -> String {
        let start = position
        while position < bytes.count, bytes[position] != Self.comma, !atLineEnd { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quotedField() throws(CSVError) -> String {
        let opened = line
        var content: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == Self.lineFeed { line += 1 }
            guard byte == Self.quote else {
                content.append(byte)
                continue
            }
            if position == bytes.count || bytes[position] == Self.comma || atLineEnd {
                return String(decoding: content, as: UTF8.self)
            }
            guard bytes[position] == Self.quote else {
                throw CSVError(line: line, reason: "a quoted field goes on after its closing quote")
            }
            content.append(Self.quote)
            position += 1
        }
        throw CSVError(line: opened, reason: "a quoted field is not closed")
    }
}
