// SPDX-License-Identifier: Apache-2.0

/// What is known of a request before its body is read.
struct Admission: Sendable {
    /// What it leads to.
    let match: Router.Match
    /// What its token says; nil where none is needed or none is good.
    let claims: AccessClaims?
    /// The largest body it may have, in bytes.
    let bodyLimit: Int
    /// The answer, when nothing but its headers is needed to give it.
    let refusal: Reply?

    /// The path as the route declares it, for figures; `-` where there is no route.
    var route: String {
        if case .route(let route, _) = match { route.path } else { "-" }
    }
}
