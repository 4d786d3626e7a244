// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// A request as the endpoints see it: no socket, no framework.
struct APIRequest: Sendable {
    let method: String
    /// The path without query, percent-encoding untouched.
    let path: String
    let query: Query
    /// The `Authorization` header.
    let authorization: String?
    let contentType: String?
    var body: Data
    /// The body of an upload, which is not collected but read as it comes; nil elsewhere.
    var upload: (any AsyncSequence<Data, any Error> & Sendable)?
    /// The address it comes from.
    var address = ""
    /// What the log calls it.
    var reference = ""
    /// The values of the path's parameters, in order.
    var parameters: [String] = []

    /// The value of a path parameter that is an identifier.
    ///
    /// One that is too large for any names nothing, as 0 does.
    func id(_ position: Int = 0) -> Int64 { Int64(parameters[position]) ?? 0 }

    /// The body as JSON.
    ///
    /// - Throws: ``Failure`` 415 when it is not declared as JSON, 400 when it is none.
    func json() throws -> JSONValue {
        let type = (contentType ?? "").prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        guard type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json")) else {
            throw Failure.noJSON
        }
        // Some clients put a byte order mark in front, which 4.15.2 skips.
        let text = body.starts(with: [0xEF, 0xBB, 0xBF]) ? body.dropFirst(3) : body
        do { return try JSONValue(parsing: text) } catch { throw Failure.malformedJSON }
    }
}
