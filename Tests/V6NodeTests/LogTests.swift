// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6TestSupport

@testable import V6Node

struct LogTests {
    private func frame(_ stream: UInt8, _ text: Data) -> Data {
        let length = UInt32(text.count)
        return Data([stream, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }) + text
    }

    /// Frames of every awkward length, cut at random places and byte by byte.
    @Test(arguments: 0..<30)
    func framesAreFoundWhereverTheStreamIsSplit(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let texts = [0, 1, 7, 8, 9, 255, 256, 70_000].shuffled(using: &random).map { count in
            Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
        let stream = texts.enumerated().reduce(Data()) { $0 + frame(UInt8($1.offset % 3), $1.element) }
        var demultiplexer = LogDemultiplexer()
        var received = Data()
        var rest = stream[...]
        while !rest.isEmpty {
            let size = seed == 0 ? 1 : Int.random(in: 1...(seed < 15 ? 12 : 40_000), using: &random)
            received.append(demultiplexer.feed(Data(rest.prefix(size))))
            rest = rest.dropFirst(size)
        }
        #expect(received == texts.reduce(Data(), +))
    }

    @Test(arguments: ["plain", "Zoë", "日本語 text", "🚑🚑", "a\u{0301}"])
    func charactersSurviveAnySplit(text: String) {
        let bytes = Data(text.utf8)
        for size in 1...bytes.count {
            var decoder = TextDecoder()
            var result = ""
            var rest = bytes[...]
            while !rest.isEmpty {
                result += decoder.feed(Data(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            #expect(result + decoder.finish() == text)
        }
    }

    @Test func bytesThatAreNoTextDoNotEndTheLog() {
        var decoder = TextDecoder()
        let text = decoder.feed(Data([0x61, 0xFF, 0x62, 0x00, 0x63, 0xF0, 0x9F])) + decoder.finish()
        #expect(text.hasPrefix("a\u{FFFD}b\u{FFFD}c"))
        #expect(!text.contains("\0"))
    }

    @Test func aLongLogKeepsItsBeginningAndItsEnd() {
        var collector = LogCollector(head: 10, tail: 10)
        for number in 0..<1000 { collector.append("line \(number)\n") }
        #expect(collector.text.hasPrefix("line 0\nlin"))
        #expect(collector.text.hasSuffix("\nline 999\n"))
        #expect(collector.text.contains("bytes of log left out"))
        #expect(collector.text.utf8.count < 100)
    }

    @Test func aShortLogIsKeptAsItIs() {
        var collector = LogCollector(head: 4, tail: 100)
        collector.append("Zoë")
        collector.append(" and 🚑")
        #expect(collector.text == "Zoë and 🚑")
    }

    @Test func aFloodIsCutOff() async {
        let sent = Sent()
        let shipper = LogShipper { await sent.add($0) }
        var wanted = true
        var pieces = 0
        while wanted, pieces < 1000 {
            wanted = await shipper.append(String(repeating: "x", count: 10_000))
            pieces += 1
        }
        await shipper.finish()
        #expect(!wanted)
        let texts = await sent.texts
        #expect(texts.allSatisfy { $0.utf8.count < 200_000 })
        #expect(texts.joined().utf8.count < LogShipper.limit + 200_000)
        #expect(texts.last?.contains("the log continues") == true)
    }

    private actor Sent {
        var texts: [String] = []
        func add(_ text: String) { texts.append(text) }
    }
}
