// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What a token says about its holder.
struct AccessClaims: Sendable, Hashable {
    /// The whole subject: a number for users and nodes, an object for containers and recovery tokens.
    let subject: JSONValue
    /// `user`, `node` or `container`; nil when the token does not say.
    let clientType: String?
    /// Whether it is a refresh token.
    ///
    /// A token without a type is an access token (4.15.2).
    let isRefresh: Bool
    /// What a recovery token is good for; nil when it does not say.
    let purpose: String?
    /// When it ends, in seconds since 1970; nil when it does not.
    let expires: Int64?
    /// How often the tokens of its holder had been ended when it was issued; 0 for tokens of 4.15.2.
    let epoch: Int64
    /// The login it descends from, and how many refreshes lie between; nil for access tokens of 4.15.2.
    let lineage: TokenLineage?
    /// The organization of the user when it was issued; nil for nodes and for tokens of 4.15.2.
    let organizationID: Int64?
    /// The run that the container of this token computes; nil when it is for none, and for tokens of 4.15.2.
    let runID: Int64?

    /// Reads the claims; nil when there is no subject.
    init?(_ claims: JSONValue, times: TokenTimes) {
        guard let subject = claims["sub"] else { return nil }
        self.subject = subject
        clientType = claims["client_type"]?.stringValue
        isRefresh = claims["type"]?.stringValue == "refresh"
        purpose = claims["purpose"]?.stringValue
        expires = times.end
        epoch = claims["epoch"]?.intValue.map(Int64.init) ?? 0
        organizationID = claims["organization_id"]?.intValue.map(Int64.init)
        runID = claims["run_id"]?.intValue.map(Int64.init)
        if let family = claims["family"]?.stringValue {
            lineage = TokenLineage(family: family, generation: claims["generation"]?.intValue.map(Int64.init) ?? 0)
        } else {
            // A refresh token of 4.15.2 begins a family of its own, under its own name.
            lineage = isRefresh ? claims["jti"]?.stringValue.map { TokenLineage(family: $0, generation: 0) } : nil
        }
    }

    /// The kind of its holder; nil when it does not say.
    var kind: Principal.Kind? { clientType.flatMap(Principal.Kind.init) }

    /// Whose requests are counted together with those of this token.
    var rateKey: RateLimiter.Key? {
        guard let kind, let id = subjectID ?? subject["node_id"]?.intValue.map(Int64.init) else { return nil }
        return .holder(kind, id)
    }

    /// The identifier of the user or node; numeric text counts (4.15.2).
    var subjectID: Int64? { subject.intValue.map(Int64.init) ?? subject.stringValue.flatMap { Int64($0) } }
}
