// SPDX-License-Identifier: Apache-2.0

/// Text of several lines from outside on its way to a terminal.
enum UntrustedText {
    /// The text without anything a terminal would obey; line ends stay.
    static func clean(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { SafeText.line(String($0)) }
            .joined(separator: "\n")
    }
}
