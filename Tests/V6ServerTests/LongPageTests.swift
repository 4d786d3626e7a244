// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

struct LongPageTests {
    private static let tail = JSONText(["links": ["self": "/api/run?page=1"]] as JSONValue)

    /// The page whose objects are the even keys, and the number of rows that were asked for each time.
    private func page(_ keys: [Int64], size: Int = 0) async throws -> (json: JSONValue, parts: [Int]) {
        let asked = Box<[Int]>([])
        let source = LongPage(keys: keys, tail: Self.tail) { part in
            asked.value.append(part.count)
            return JSONText(
                JSONValue.array(
                    part.filter { $0 % 2 == 0 }.map {
                        ["id": .integer($0), "log": .string(String(repeating: "x", count: size))]
                    }))
        }.source
        var bytes = Data()
        while let piece = try await source.next(), !piece.isEmpty { bytes.append(piece) }
        return (try JSONValue(parsing: bytes), asked.value)
    }

    @Test(arguments: [0, 1, 2, 999, 1000, 1001, 2500])
    func allPartsTogetherAreOneDocument(count: Int64) async throws {
        let (json, _) = try await page(Array(0..<count).map { $0 * 2 })
        #expect(json["data"]?.arrayValue?.compactMap { $0["id"]?.intValue } == (0..<Int(count)).map { $0 * 2 })
        #expect(json["links"]?["self"]?.stringValue == "/api/run?page=1")
    }

    @Test func rowsThatAreGoneAreLeftOut() async throws {
        // A whole part without a row, between two with some.
        let keys = [Int64](0..<1000) + [Int64](repeating: 1, count: 1000) + [2000]
        let (json, _) = try await page(keys)
        #expect(json["data"]?.arrayValue?.count == 501)
    }

    @Test func partsOfLargeRowsHaveFewerOfThem() async throws {
        let (json, parts) = try await page(Array(0..<3000), size: 20_000)
        #expect(json["data"]?.arrayValue?.count == 1500)
        #expect(parts.first == LongPage.most)
        #expect(parts.contains { $0 < LongPage.most / 4 })
    }
}
