// SPDX-License-Identifier: Apache-2.0

import Synchronization
import V6Kit

/// How something large comes: how much of it is there, how fast, and how long it still takes.
struct Transfer: Hashable, Sendable {
    /// When the first of it was there.
    var begun: Timestamp
    var progress: DownloadProgress

    /// The part that is there; nil where nobody knows how much there is.
    var part: Double? {
        guard let total = progress.total, total > 0 else { return nil }
        return min(1, Double(progress.received) / Double(total))
    }

    /// In words: `34 of 80 MB · 8.1 MB/s · 6 s left`.
    func words(at now: Timestamp) -> String {
        let total = progress.total.map { " of \(SiteTables.size($0))" } ?? ""
        var words = [SiteTables.size(progress.received) + total]
        let seconds = now.seconds(since: begun)
        // The first moments say little of how fast it is.
        guard seconds >= 0.5, progress.received > 0 else { return words[0] }
        let rate = Double(progress.received) / seconds
        words.append("\(SiteTables.size(Int(rate)))/s")
        if let total = progress.total, rate > 0 {
            words.append("\(Times.span(Double(max(0, total - progress.received)) / rate)) left")
        }
        return words.joined(separator: " · ")
    }
}

/// Lets something through ten times a second at most.
final class Pace: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    /// Whether it is time again.
    func isDue() -> Bool {
        let now = ContinuousClock.now
        return last.withLock { last in
            if let last, now - last < .milliseconds(100) { return false }
            last = now
            return true
        }
    }
}
