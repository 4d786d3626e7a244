// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a request to the control API asks for (`docs/extensions.md`, "The control API").
enum ControlRoute: Sendable, Hashable {
    case status, runs, queue, containers, disk, databases, tunnels, keys, policy, leftovers
    case run(Int)
    case log(Int, follow: Bool)
    case kill(Int)
    case explain(Policy.Request)
    case collectGarbage
    /// A request that cannot be understood, and why.
    case invalid(String)
    case missing

    /// Reads a request.
    init(method: String, path: String, query: String?) {
        let parameters = Self.parameters(query)
        let parts = path.split(separator: "/").map(String.init)
        switch (method, parts.count, parts.first) {
        case ("GET", 1, "status"): self = .status
        case ("GET", 1, "runs"): self = .runs
        case ("GET", 1, "queue"): self = .queue
        case ("GET", 1, "containers"): self = .containers
        case ("GET", 1, "disk"): self = .disk
        case ("GET", 1, "databases"): self = .databases
        case ("GET", 1, "tunnels"): self = .tunnels
        case ("GET", 1, "keys"): self = .keys
        case ("GET", 1, "policy"): self = .policy
        case ("GET", 1, "gc"): self = .leftovers
        case ("POST", 1, "gc"): self = .collectGarbage
        case ("GET", 2, "policy") where parts[1] == "explain": self = Self.explain(parameters)
        case (_, 2..., "runs"):
            guard let id = Int(parts[1]) else {
                self = .invalid("\"\(parts[1])\" is no number of a run")
                return
            }
            switch (method, parts.dropFirst(2)) {
            case ("GET", []): self = .run(id)
            case ("GET", ["log"]): self = .log(id, follow: ["1", "true"].contains(parameters["follow"]))
            case ("POST", ["kill"]): self = .kill(id)
            default: self = .missing
            }
        default: self = .missing
        }
    }

    private static func explain(_ parameters: [String: String]) -> ControlRoute {
        guard let image = parameters["image"], !image.isEmpty else { return .invalid("the parameter image is missing") }
        var request = Policy.Request(image: image)
        for (name, place) in [
            ("user", \Policy.Request.user), ("organization", \.organization), ("store", \.store),
        ] {
            guard let text = parameters[name] else { continue }
            guard let number = Int(text) else { return .invalid("\(name) is a number, not \"\(text)\"") }
            request[keyPath: place] = number
        }
        return .explain(request)
    }

    private static func parameters(_ query: String?) -> [String: String] {
        var components = URLComponents()
        components.percentEncodedQuery = query
        return Dictionary((components.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { $1 }
    }
}
