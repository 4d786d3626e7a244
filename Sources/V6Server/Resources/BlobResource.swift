// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// `/blobstream`: inputs and results kept outside the database.
///
/// Off here: nothing is configured to keep them.
struct BlobResource {
    private static let refusal = Failure.notSupported(
        "The large result store is not set to blob storage, result streaming is not available.")

    var routes: [Route] {
        [
            Route(
                "GET", "/blobstream/status", .all, "Whether large results are kept outside the database.",
                .reading { _ in .json(["blob_store_enabled": false]) }),
            Route(
                "POST", "/blobstream", .all, "Stores an input or result.", permission: (.task, .create),
                .reading { _ in throw Self.refusal }),
            Route(
                "GET", "/blobstream/{name}", .all, "Gives back an input or result.", permission: (.run, .view),
                .reading(fetch)),
        ]
    }

    private func fetch(_ call: Call) throws -> Reply {
        let name = call.request.parameters[0].removingPercentEncoding ?? call.request.parameters[0]
        guard try call.session.exists("SELECT 1 FROM run WHERE input = \(name) OR result = \(name) LIMIT 1") else {
            throw Failure.notFound("No run found with input or result id=\(name)")
        }
        throw Self.refusal
    }
}
