// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The bookmarks on disk: a line each, number and command.
struct BookmarkFile: Sendable {
    let path: String

    init(paths: ConsolePaths) {
        path = paths.state + "/bookmarks"
    }

    func read() -> [Int: String] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [:] }
        return Self.parse(text)
    }

    static func parse(_ text: String) -> [Int: String] {
        var bookmarks: [Int: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let number = Int(parts[0]), (1...9).contains(number) else { continue }
            bookmarks[number] = String(parts[1])
        }
        return bookmarks
    }

    func write(_ bookmarks: [Int: String]) throws {
        let text = bookmarks.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
}
