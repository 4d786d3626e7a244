// SPDX-License-Identifier: Apache-2.0

extension Objects {
    /// The pair of tokens a user gets.
    static let userTokens: Shape = .named("UserTokens", .object(tokens(with: "user_url")))

    /// The pair of tokens a node gets.
    static let nodeTokens: Shape = .named("NodeTokens", .object(tokens(with: "node_url")))

    /// The secret for an authenticator app, told once.
    static let enrolment: Shape = .named(
        "Enrolment", .object(["qr_uri": .text, "otp_secret": .text, "msg": .text]))

    static let userIdentity: Shape = .object([
        "msg": .text, "user_id": .integer, "username": .nullable(.text), "email": .nullable(.text),
        "organization_id": .nullable(.integer),
    ])

    static let nodeIdentity: Shape = .object([
        "msg": .text, "node_id": .integer, "name": .nullable(.text), "organization_id": .nullable(.integer),
    ])

    private static func tokens(with url: String) -> [Shape.Member] {
        ["access_token", "refresh_token", "refresh_url", url].map { Shape.Member(name: $0, shape: .text) }
    }

    /// A refusal: `msg` says why; `errors` names the members of a body that are wrong.
    static let refusal: Shape = .named(
        "Refusal",
        .either([
            .object(["msg": .text], optional: ["errors": .mapping]), .object(["message": .text]),
        ]))

    /// The refusal of a body by the role endpoints, where `msg` itself names what is wrong.
    static let roleRefusal: Shape = .named("RoleRefusal", .either([.object(["msg": .mapping]), refusal]))
}
