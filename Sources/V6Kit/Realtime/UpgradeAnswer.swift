// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The head of the HTTP answer to a request for a WebSocket, taken in piece by piece.
struct UpgradeAnswer: Sendable {
    /// What it may take, in bytes.
    static let limit = 16_384

    private var buffer: [UInt8] = []
    /// Up to here there is no end.
    private var searched = 0

    /// Takes in bytes; gives status, header fields and the bytes behind them once the head is whole.
    /// - Throws: ``RealtimeError`` when it is too long, or not of HTTP/1.1.
    mutating func feed(_ bytes: [UInt8]) throws(RealtimeError) -> (status: Int, headers: HTTPHeaders, rest: [UInt8])? {
        buffer += bytes
        let end = (searched..<max(searched, buffer.count - 3)).first {
            buffer[$0..<($0 + 4)].elementsEqual([13, 10, 13, 10])
        }
        guard let end, end <= Self.limit else {
            if end != nil || buffer.count - 4 > Self.limit {
                throw RealtimeError("the answer to the WebSocket request has no end")
            }
            searched = max(0, buffer.count - 3)
            return nil
        }
        let lines = String(decoding: buffer[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count > 1, words[0] == "HTTP/1.1", let status = Int(words[1]), (100...599).contains(status) else {
            throw RealtimeError("what answers the WebSocket request does not speak HTTP/1.1")
        }
        var headers = HTTPHeaders()
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers.append(
                String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        return (status, headers, Array(buffer[(end + 4)...]))
    }
}
