// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The syntax of network addresses.
enum IPAddress {
    /// Whether a text is an address of version 4 or 6.
    static func isValid(_ text: String) -> Bool {
        var six = in6_addr()
        return isVersion4(text) || inet_pton(AF_INET6, text, &six) == 1
    }

    /// Whether a text is an address of version 4.
    static func isVersion4(_ text: some StringProtocol) -> Bool {
        var four = in_addr()
        return inet_pton(AF_INET, String(text), &four) == 1
    }
}
