// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// What every screen may read: data, identity, time and room.
///
/// Screens never change it.
struct World: Sendable {
    var federation = Federation()
    var identity: Identity?
    var connection = Connection.none
    /// Awaited effects, and since when they run.
    var running: [Effect: Timestamp] = [:]
    /// How many records have come of what is being loaded, where they are many.
    var counts: [Effect: Int] = [:]
    /// How far what is large has come.
    var transfers: [Effect: Transfer] = [:]
    /// Several changes under way, one after another.
    var batch: Batch?
    var watched: Set<Int> = []
    /// What the person was told.
    var journal = Journal()
    /// The profiles there are to sign in with.
    var profiles: [Profile] = []
    /// Commands by the number that leads to them.
    var bookmarks: [Int: String] = [:]
    /// The views that were left, oldest first.
    var recent: [Place] = []
    /// What was typed in the composer and not sent.
    var draft: ComposerDraft?
    /// Drafts that made room for it, newest first.
    var drafts: [KeptDraft] = []
    var now: Timestamp
    var size: Size
    var glyphs: Glyphs
    var zone: TimeZone
    var isReadOnly = false

    init(now: Timestamp, size: Size, glyphs: Glyphs = .unicode, zone: TimeZone = .gmt) {
        self.now = now
        self.size = size
        self.glyphs = glyphs
        self.zone = zone
    }

    /// Whether there is room for rules above and below the body, and for panes.
    var isRoomy: Bool { size.rows >= 16 && size.columns >= 60 }

    /// The room of a screen.
    var body: Rect {
        let lines = isRoomy ? (above: 3, below: 2) : (above: 2, below: 1)
        return Rect(
            row: lines.above, column: 0, rows: size.rows - lines.above - lines.below, columns: size.columns)
    }

    /// Awaited effects old enough to be worth a word.
    var slow: (effect: Effect, seconds: Double)? {
        let candidates = running.map { (effect: $0.key, seconds: now.seconds(since: $0.value)) }
        // What is known to be large is what one waits for.
        func weight(_ effect: Effect) -> Int { transfers[effect]?.progress.received ?? 0 }
        return candidates.filter { $0.seconds >= 0.3 }.max {
            (weight($0.effect), $0.seconds, $0.effect.title) < (weight($1.effect), $1.seconds, $1.effect.title)
        }
    }

    /// How far something is that takes long, in words; empty where nobody knows.
    func progress(of effect: Effect) -> String {
        if case .load(.taskPage) = effect, let total = federation.totalTasks {
            return "\(federation.taskIDs.count)/\(total)"
        }
        // Where there is little room the view says the rest.
        if let transfer = transfers[effect], size.columns < 120, let part = transfer.part {
            return "\(Int(part * 100)) %"
        }
        return transfers[effect]?.words(at: now) ?? counts[effect].map(String.init) ?? ""
    }

    func clock(_ moment: Timestamp?) -> String {
        moment.map { Times.clock($0, zone: zone) } ?? "–"
    }

    /// Whether what a view shows of these subjects may have changed meanwhile.
    func isOld(_ subjects: Subject...) -> Bool {
        identity != nil && (!connection.isUp || federation.rememberedAt(subjects) != nil)
    }

    func age(_ moment: Timestamp?) -> String { Times.age(of: moment, at: now) }
}
