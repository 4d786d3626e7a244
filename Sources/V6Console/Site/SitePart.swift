// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Something a node on this machine tells of itself.
enum SitePart: Hashable, Sendable {
    case status, runs, containers, disk, databases, policy, leftovers
    /// Would an image run here, for a user of an organization?
    case explain(PolicyQuestion)
    /// The log of a run, followed from its beginning.
    case log(Int)

    /// How the person knows it.
    var title: String {
        switch self {
        case .status: "the node"
        case .runs: "runs of the node"
        case .containers: "containers"
        case .disk: "the disk"
        case .databases: "databases"
        case .policy: "the policy"
        case .leftovers: "what can be removed"
        case .explain: "the decision of the policy"
        case .log(let run): "the log of run \(run)"
        }
    }

    /// Path and query of the control API.
    var address: String {
        switch self {
        case .status: "/status"
        case .runs: "/runs"
        case .containers: "/containers"
        case .disk: "/disk"
        case .databases: "/databases"
        case .policy: "/policy"
        case .leftovers: "/gc"
        case .explain(let question): "/policy/explain?\(question.query)"
        case .log(let run): "/runs/\(run)/log?follow=1"
        }
    }
}

/// What is asked of the policy.
struct PolicyQuestion: Hashable, Sendable {
    var image = ""
    /// Number of the user who would ask, or empty.
    var user = ""
    /// Number of that user's organization, or empty.
    var organization = ""

    var query: String {
        var components = URLComponents()
        components.queryItems = [("image", image), ("user", user), ("organization", organization)]
            .filter { !$0.1.isEmpty }.map { URLQueryItem(name: $0.0, value: $0.1) }
        // A plus means a blank in a query.
        return (components.percentEncodedQuery ?? "").replacing("+", with: "%2B")
    }
}
