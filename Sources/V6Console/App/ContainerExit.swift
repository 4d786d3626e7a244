// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// How the container of a run ended, as far as the end of its log tells.
///
/// 4.15.2 has no field for the exit code: this project's node writes it into the log, and a shell leaves "Killed".
struct ContainerExit: Hashable, Sendable {
    let code: Int

    /// Looks at the last lines of a log; nil where they say nothing of it.
    init?(endOf lines: some Lines) {
        for line in lines.suffix(6).reversed() {
            if let match = line.firstMatch(of: /exit code (\d{1,3})\b/), let code = Int(match.1) {
                self.init(code: code)
                return
            }
            if line.contains("needed more memory than its limit") || line.hasSuffix("Killed") {
                self.init(code: 137)
                return
            }
        }
        return nil
    }

    init?(code: Int) {
        guard code != 0 else { return nil }
        self.code = code
    }

    /// In a few letters.
    var note: String { "exit \(code)" }

    /// What such an end usually means.
    var meaning: String {
        switch code {
        case 1: "the algorithm raised an error"
        case 126: "its program may not be executed"
        case 127: "its program is not in the image"
        case 132: "an instruction that this processor lacks"
        case 134: "it aborted itself"
        case 137: "stopped by the kernel, usually memory"
        case 139: "it touched memory that is not its own"
        case 143: "it was told to stop"
        default: "a code of the algorithm's own"
        }
    }
}

extension Federation {
    /// How the container of a run that crashed ended; nil where nobody knows.
    func exit(of run: Run) -> ContainerExit? {
        guard run.status == .crashed || run.status == .failed, let log = logs[run.id] else { return nil }
        return ContainerExit(endOf: log.lines)
    }
}
