// SPDX-License-Identifier: Apache-2.0

import Testing
import V6TestSupport

@testable import V6Kit

/// The frames of RFC 6455, in whatever pieces they come.
struct WebSocketCodecTests {
    /// A message, random in kind, length and content.
    private static func message(_ source: inout SeededGenerator) -> WebSocketMessage {
        let sizes = [0, 1, 125, 126, 127, 1000, 65_535, 65_536, 70_000]
        let size = sizes.randomElement(using: &source) ?? 0
        let bytes = (0..<min(size, 125)).map { _ in UInt8.random(in: 0...255, using: &source) }
        switch Int.random(in: 0...4, using: &source) {
        case 0: return .ping(bytes)
        case 1: return .pong(bytes)
        case 2: return .close(code: 1000, reason: "så är det")
        case 3: return .binary([UInt8](repeating: 7, count: size))
        default: return .text(String(repeating: "é", count: size / 2))
        }
    }

    @Test("what one side writes the other reads, however it is split", arguments: 0..<60)
    func anySplit(_ seed: Int) throws {
        var source = SeededGenerator(seed: UInt64(seed))
        let isClient = seed.isMultiple(of: 2)
        let messages = (0..<8).map { _ in Self.message(&source) }
        let bytes = messages.flatMap { $0.frame(mask: isClient ? .random(in: .min ... .max, using: &source) : nil) }
        var decoder = WebSocketDecoder(from: isClient ? .client : .server, limit: 100_000)
        var read: [WebSocketMessage] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...max(1, [1, 3, 200, 40_000].randomElement(using: &source) ?? 1)))
            rest = rest.dropFirst(piece.count)
            decoder.feed(piece)
            while let message = try decoder.next() { read.append(message) }
        }
        #expect(read == messages)
    }

    @Test("fragments are put together, control frames between them stand alone")
    func fragments() throws {
        var decoder = WebSocketDecoder(from: .server, limit: 100)
        decoder.feed([0x01, 0x02, 0xC3, 0xA9, 0x89, 0x00, 0x00, 0x01, 0x62, 0x80, 0x00])
        #expect(try decoder.next() == .ping([]))
        #expect(try decoder.next() == .text("éb"))
        #expect(try decoder.next() == nil)
    }

    @Test(
        "what breaks the protocol is refused with its code, and for good",
        arguments: [
            ([0xC1, 0x00], 1002),  // a bit of an extension
            ([0x83, 0x00], 1002),  // a kind that is not defined
            ([0x81, 0x80, 0, 0, 0, 0], 1002),  // masked by a server
            ([0x09, 0x00], 1002),  // a ping in pieces
            ([0x89, 0x7E, 0x00, 0x7E], 1002),  // a long ping
            ([0x80, 0x00], 1002),  // the end of nothing
            ([0x01, 0x00, 0x81, 0x00], 1002),  // a message inside another
            ([0x81, 0x01, 0xFF], 1007),  // no UTF-8
            ([0x81, 0x7E, 0x00, 0x65], 1009),  // 101 bytes
            ([0x01, 0x64] + [UInt8](repeating: 0x61, count: 100) + [0x80, 0x01], 1009),  // 101 in pieces
            ([0x81, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 1009),
            ([0x88, 0x01, 0x03], 1002),  // half a code
            ([0x88, 0x02, 0x03, 0xED], 1002),  // 1005 is never sent
            ([0x88, 0x03, 0x03, 0xE8, 0xFF], 1007),
        ] as [([UInt8], UInt16)])
    func refused(_ bytes: [UInt8], _ code: UInt16) throws {
        var decoder = WebSocketDecoder(from: .server, limit: 100)
        decoder.feed(bytes)
        for _ in 0..<2 {
            let error = #expect(throws: WebSocketError.self) { while try decoder.next() != nil {} }
            #expect(error?.code == code && (error?.description.utf8.count ?? 999) <= 123)
        }
        decoder.feed([0x81, 0x00])
        #expect(throws: WebSocketError.self) { try decoder.next() }
    }

    @Test("a client without mask is refused")
    func unmasked() {
        var decoder = WebSocketDecoder(from: .client, limit: 100)
        decoder.feed([0x81, 0x00])
        #expect(throws: WebSocketError.self) { try decoder.next() }
    }

    @Test("the example of RFC 6455 is answered as it says")
    func accept() {
        #expect(WebSocketHandshake.accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test("the answer to the handshake is read in any pieces, with what follows it")
    func handshake() throws {
        let key = Array("the sample nonce".utf8)
        let answer =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
        for size in 1...answer.utf8.count {
            var handshake = WebSocketHandshake(key: key)
            #expect(
                String(decoding: handshake.request(target: "/x", host: "h:1", headers: []), as: UTF8.self)
                    .contains("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"))
            var bytes = Array(answer.utf8)[...]
            var rest: [UInt8]?
            while !bytes.isEmpty, rest == nil {
                let isLast = bytes.count <= size
                rest = try handshake.feed(Array(bytes.prefix(size)) + (isLast ? [1, 2] : []))?.rest
                bytes = bytes.dropFirst(size)
            }
            #expect(rest == [1, 2])
        }
    }

    @Test(
        "whoever does not agree to a WebSocket is told apart",
        arguments: [
            "HTTP/1.1 403 Forbidden\r\n\r\n", "HTTP/1.1 200 OK\r\nUpgrade: websocket\r\n\r\n",
            "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: other\r\n\r\n", "nonsense\r\n\r\n",
            String(repeating: "x", count: 20_000),
        ])
    func refusedHandshake(_ answer: String) {
        var handshake = WebSocketHandshake()
        #expect(throws: RealtimeError.self) { try handshake.feed(Array(answer.utf8)) }
    }
}
