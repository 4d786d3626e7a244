// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The moments between which a token is valid, in whole seconds since 1970.
///
/// 4.15.2 reads them before anything else a token says, and takes no token whose moments are none: one that lost its
/// end would never expire.
struct TokenTimes: Sendable {
    private let issued: Int64?
    private let start: Int64?
    let end: Int64?

    /// Reads `iat`, `nbf` and `exp`; what is not there sets no limit.
    ///
    /// - Throws: ``Failure`` 422 when one of them is no moment.
    init(_ claims: JSONValue) throws {
        issued = try Self.moment(claims["iat"], "Issued At claim (iat)")
        start = try Self.moment(claims["nbf"], "Not Before claim (nbf)")
        end = try Self.moment(claims["exp"], "Expiration Time claim (exp)")
    }

    /// Refuses a moment, in seconds since 1970, at which the token is not valid.
    ///
    /// - Throws: ``Failure`` 422 before the token is valid, 401 after.
    func requireValid(at moment: Double) throws {
        if let issued, Double(issued) > moment { throw Failure.unreadableToken("The token is not yet valid (iat)") }
        if let start, Double(start) > moment { throw Failure.unreadableToken("The token is not yet valid (nbf)") }
        if let end, Double(end) <= moment { throw Failure.unauthorized("Token has expired") }
    }

    /// Fractions are cut off, and digits in a text count (4.15.2).
    private static func moment(_ claim: JSONValue?, _ name: String) throws -> Int64? {
        let moment: Int64? =
            switch claim {
            case nil: nil
            case .integer(let value): value
            case .number(let value): Int64(exactly: value.rounded(.towardZero))
            case .string(let text): Int64(text)
            default: nil
            }
        guard claim == nil || moment != nil else { throw Failure.unreadableToken("\(name) must be an integer.") }
        return moment
    }
}
