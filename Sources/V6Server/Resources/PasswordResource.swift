// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/password/change`.
struct PasswordResource {
    let passwords: PasswordCheck

    var routes: [Route] {
        [
            Route(
                "PATCH", "/password/change", .user, "Changes the caller's own password.",
                body: Schemas.passwordChange, answers: [.message], .stepping(change))
        ]
    }

    private func change(_ exchange: Exchange) async throws -> Reply {
        let (name, body) = try await exchange.read { call in
            guard case .user(let name) = call.principal.identity else { throw Failure.lacksPermission }
            return (name, try call.body())
        }
        let current = body["current_password"]?.stringValue ?? ""
        let wanted = body["new_password"]?.stringValue ?? ""
        let user = try await passwords.user(named: name, password: current, exchange)
        if current == wanted { throw Failure.invalid("New password is the same as current password!") }
        let hash = try await passwords.hashing.hash(wanted, for: exchange.owner)
        return try await exchange.write { call in
            try call.session.run(#"UPDATE "user" SET password = \#(hash) WHERE id = \#(user)"#)
            try AccountState(session: call.session).endTokens(of: user)
            return .message("The password has been changed successfully!")
        }
    }
}
