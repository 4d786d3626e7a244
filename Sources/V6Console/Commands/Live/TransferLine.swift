// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// How a download goes, on one line of standard error; nothing without a terminal, and nothing for what is quick.
struct TransferLine {
    private let name: String
    private let console: ScriptConsole
    private let begun: Timestamp
    private let pace = Pace()
    private var line: ProgressLine
    private var transfer: Transfer?

    init(of name: String, in console: ScriptConsole) {
        self.name = name
        self.console = console
        line = ProgressLine(console: console)
        begun = console.now()
    }

    mutating func show(_ progress: DownloadProgress) throws {
        guard line.isShown else { return }
        let isEnd = progress.received == progress.total
        guard pace.isDue() || isEnd else { return }
        let now = console.now()
        transfer = transfer ?? Transfer(begun: now, progress: progress)
        transfer?.progress = progress
        if isEnd { return try show("opening it") }
        guard now.seconds(since: begun) >= 0.3, let transfer else { return }
        let percent = transfer.part.map { "\(Int($0 * 100)) %  " } ?? ""
        try line.show("\(name)  \(percent)\(transfer.words(at: now))")
    }

    /// Says what is done with what has come, where that is much.
    mutating func show(_ work: String) throws {
        guard line.isShown, let transfer, transfer.progress.received > 1 << 20 else { return }
        try line.show("\(name)  \(SiteTables.size(transfer.progress.received)) · \(work) …")
    }

    /// Takes the line away.
    mutating func clear() throws { try line.clear() }
}
