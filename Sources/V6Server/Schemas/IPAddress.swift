// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The syntax of network addresses.
enum IPAddress {
    /// Whether a text is an address of version 4 or 6.
    static func isValid(_ text: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1
    }
}
