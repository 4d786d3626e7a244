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
        guard line.isShown, pace.isDue() else { return }
        let now = console.now()
        transfer = transfer ?? Transfer(begun: now, progress: progress)
        transfer?.progress = progress
        guard now.seconds(since: begun) >= 0.3, let transfer else { return }
        let percent = transfer.part.map { "\(Int($0 * 100)) %  " } ?? ""
        try line.show("\(name)  \(percent)\(transfer.words(at: now))")
    }

    /// Takes the line away.
    mutating func clear() throws { try line.clear() }
}
