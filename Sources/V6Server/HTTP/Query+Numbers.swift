// SPDX-License-Identifier: Apache-2.0

extension Query {
    /// The number sent under a name; nil when none was sent.
    ///
    /// - Throws: ``Failure`` 400 when it is no number.
    func integer(_ name: String) throws -> Int64? {
        try self[name].map(Self.number)
    }

    /// The numbers sent under a repeated name.
    ///
    /// - Throws: ``Failure`` 400 when one is no number.
    func integers(_ name: String) throws -> [Int64] {
        try all(name).map(Self.number)
    }

    private static func number(_ text: String) throws -> Int64 {
        guard let number = LenientInteger.read(text) else {
            throw Failure.invalid("invalid literal for int() with base 10: '\(text)'")
        }
        return number
    }

    /// The identifier sent under a name, where one that is no number is treated as one nobody has.
    func identifier(_ name: String) -> (text: String, id: Int64)? {
        self[name].map { ($0, LenientInteger.read($0) ?? -1) }
    }
}
