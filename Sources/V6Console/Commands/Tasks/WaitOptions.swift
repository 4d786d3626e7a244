// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// How long to wait.
struct WaitOptions: ParsableArguments, Sendable {
    @Option(
        name: .customLong("timeout"),
        help: ArgumentHelp("Wait no longer than this, e.g. 90s, 30m, 2h.", valueName: "span"),
        transform: { text in
            guard let seconds = TimeText.seconds(parsing: text) else {
                throw ValidationError("--timeout is a span of time such as 90s, 30m or 2h.")
            }
            return Duration.seconds(seconds)
        })
    var timeout: Duration?
}
