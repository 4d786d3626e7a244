// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/version` and `/health`.
struct ServiceResource {
    /// The release whose contract we speak; clients compare it with their own.
    static let contractVersion = "4.15.2"

    let store: any Store

    var routes: [Route] {
        [
            Route(
                "GET", "/version", .anyone, "The release of the server.",
                answers: [.ok(.object(["version": .text]))],
                .stepping { _ in
                    var reply = Reply.json(["version": .string(Self.contractVersion)])
                    // Tells our own clients of the event log; the body is what it is for everybody else.
                    reply.headers.append((NumberedEvents.field, NumberedEvents.value))
                    return reply
                }),
            Route(
                "GET", "/health", .anyone, "Whether the database answers.",
                answers: [.ok(.object(["database": .boolean]))],
                .stepping { [store] _ in
                    do {
                        let isUp = try await store.read { try $0.integer("SELECT 1") == 1 }
                        return .json(["database": .bool(isUp)])
                    } catch is StoreError {
                        return .json(["database": false])
                    }
                }),
        ]
    }
}
