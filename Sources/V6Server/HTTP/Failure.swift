// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// An answer that says no: a status and a body in the shape 4.15 clients read.
struct Failure: Error, CustomStringConvertible {
    let status: Int
    let body: JSONValue
    /// Further headers, such as `Allow`.
    var headers: [(name: String, value: String)] = []

    var description: String { "\(status) \(body.text())" }

    private static func message(_ status: Int, _ text: String) -> Failure {
        Failure(status: status, body: ["msg": .string(text)])
    }

    /// 400: the request breaks a rule.
    static func invalid(_ text: String) -> Failure { message(400, text) }

    /// 401: no valid token, or no permission (4.15.2 never says 403 for that).
    static func unauthorized(_ text: String) -> Failure { message(401, text) }

    /// 401 with the usual text.
    static let lacksPermission = message(401, "You lack the permission to do that!")

    /// 403.
    static func forbidden(_ text: String) -> Failure { message(403, text) }

    /// 404: there is no such object.
    static func notFound(_ text: String) -> Failure { message(404, text) }

    /// 422: the token cannot be read.
    static func unreadableToken(_ text: String) -> Failure { message(422, text) }

    /// 501: not configured here.
    static func notSupported(_ text: String) -> Failure { message(501, text) }

    /// Any status with a `msg`.
    static func other(_ status: Int, _ text: String) -> Failure { message(status, text) }

    /// 400: the body breaks its schema.
    static func schema(_ errors: JSONObject) -> Failure {
        Failure(status: 400, body: ["msg": "Request body is incorrect", "errors": .object(errors)])
    }

    /// 400: the body breaks its schema, in the shape of the role endpoints, where `msg` is the object itself.
    static func roleSchema(_ errors: JSONObject) -> Failure { Failure(status: 400, body: ["msg": .object(errors)]) }

    /// 400: the body is no JSON.
    static let malformedJSON = Failure(
        status: 400, body: ["message": "The browser (or proxy) sent a request that this server could not understand."])

    /// 405: the path serves other methods.
    static func wrongMethod(allowed: [String]) -> Failure {
        Failure(
            status: 405, body: ["message": "The method is not allowed for the requested URL."],
            headers: [("Allow", allowed.joined(separator: ", "))])
    }

    /// 415: the body is not declared as JSON.
    static let noJSON = Failure(
        status: 415,
        body: [
            "message":
                "Did not attempt to load JSON data because the request Content-Type was not 'application/json'."
        ])

    /// 500: our fault; the log says more.
    static let unexpected = message(500, "An unexpected error occurred on the server!")
}
