// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
    /// The parts between the occurrences of an ASCII character, empty ones included.
    ///
    /// Looks at bytes, where `split` looks for whole characters as a reader sees them, which takes ten times as long.
    func parts(between separator: Unicode.Scalar, atMost count: Int = .max) -> [Substring] {
        Substring(self).utf8
            .split(separator: UInt8(ascii: separator), maxSplits: count - 1, omittingEmptySubsequences: false)
            .map { Substring($0) }
    }
}
