// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension RunStatus {
    /// The sign of the status; the word always stands beside it.
    var glyph: Glyph {
        switch self {
        case .pending: .pending
        case .initializing: .starting
        case .active: .active
        case .completed: .completed
        case .killed: .killed
        case .notAllowed: .refused
        case .failed, .startFailed, .noDockerImage, .crashed, .unknownError: .failed
        }
    }

    var role: TextRole {
        switch self {
        case .pending: .waiting
        case .initializing, .active: .running
        case .completed: .good
        case .killed: .stopped
        case .notAllowed: .warning
        case .failed, .startFailed, .noDockerImage, .crashed, .unknownError: .bad
        }
    }

    /// One word for a status that takes several.
    var brief: String? {
        switch self {
        case .noDockerImage: "no image"
        case .killed: "killed"
        case .unknownError: "unknown"
        default: nil
        }
    }

    /// Sign and word; narrow columns get the shorter one.
    func span(_ glyphs: Glyphs) -> Span {
        Span("\(glyphs[glyph]) \(rawValue)", role, brief: brief.map { "\(glyphs[glyph]) \($0)" })
    }
}

extension Node {
    /// Sign and word of the node's state.
    func span(_ glyphs: Glyphs) -> Span {
        switch status {
        case "online": Span("\(glyphs[.active]) online", .good)
        case "offline": Span("\(glyphs[.pending]) offline", .bad)
        default: Span("\(glyphs[.pending]) never seen", .dim)
        }
    }
}
