// SPDX-License-Identifier: Apache-2.0

/// A value that a test changes while others look at it, such as the time.
final class Box<Value: Sendable>: @unchecked Sendable {
    // Used by one test at a time, in order.
    var value: Value

    init(_ value: Value) { self.value = value }
}
