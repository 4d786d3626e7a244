// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What became of an algorithm by the word of its own starter (`v6-relay start`), which writes it into a file of the run.
///
/// It tells whether the algorithm was ever executed where the engine cannot: an engine that is killed in the middle of a start
/// forgets that it started the container.
enum RunLife: Sendable, Hashable {
    /// There is no such file: nothing is known.
    case unknown
    /// Nothing of the image was executed.
    case none
    /// About to be executed.
    case began(isAlive: Bool)
    case running(isAlive: Bool)
    /// The command cannot be executed; the `errno`.
    case unrunnable(Int32)
    case ended(code: Int)
    /// It ran for longer than it may, in seconds, and was ended.
    case expired(after: Int)

    /// Whether the algorithm is being executed or was.
    var hasExecuted: Bool {
        switch self {
        case .unknown, .none, .unrunnable: false
        case .began, .running, .ended, .expired: true
        }
    }

    /// Whether the algorithm is being executed.
    var isAlive: Bool {
        switch self {
        case .began(let isAlive), .running(let isAlive): isAlive
        case .unknown, .none, .unrunnable, .ended, .expired: false
        }
    }

    /// Reads the file of a run.
    init(path: String) {
        guard let text = Self.tail(of: path) else {
            self = .unknown
            return
        }
        // Half a line is one that is being written.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let words = lines.last?.split(separator: " ") ?? []
        let number = words.count == 2 ? Int32(words[1]) : nil
        switch (words.first, number) {
        case ("ended", let code?): self = .ended(code: Int(code))
        case ("expired", let seconds?): self = .expired(after: Int(seconds))
        case ("unrunnable", let reason?): self = .unrunnable(reason)
        case ("running", _): self = .running(isAlive: Self.isLocked(path))
        // Whatever else is in it: it is not empty.
        default: self = text.isEmpty ? .none : .began(isAlive: Self.isLocked(path))
        }
    }

    /// The last of what the file holds; an algorithm may write into it whatever it likes.
    private static func tail(of path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        let limit: UInt64 = 1024
        let size = (try? file.seekToEnd()) ?? 0
        guard size > 0, (try? file.seek(toOffset: size > limit ? size - limit : 0)) != nil else { return "" }
        return String(decoding: (try? file.read(upToCount: Int(limit))) ?? Data(), as: UTF8.self)
    }

    /// The starter holds a lock for as long as it lives.
    private static func isLocked(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    /// Ends an algorithm by its starter, which watches its file: for one that the engine lost track of.
    ///
    /// Removes the file, and waits until the starter has let go of it.
    /// - Returns: whether it has, within five seconds.
    static func end(_ path: String) async throws -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        try FileManager.default.removeItem(atPath: path)
        for _ in 0..<500 {
            if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}
