// SPDX-License-Identifier: Apache-2.0

/// The version of this program, and of the vantage6 contract it speaks.
enum ConsoleVersion {
    static let text = "0.1.0"
    static let contract = "4.15.2"
}
