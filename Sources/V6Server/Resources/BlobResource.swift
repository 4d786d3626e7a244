// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// `/blobstream`: inputs and results kept outside the database, where the server is configured to.
struct BlobResource {
    let store: (any BlobStore)?

    private static let refusal = Failure.notSupported(
        "The large result store is not set to blob storage, result streaming is not available.")

    var routes: [Route] {
        [
            Route(
                "GET", "/blobstream/status", .all, "Whether large results are kept outside the database.",
                answers: [.ok(.object(["blob_store_enabled": .boolean]))],
                .reading { _ in .json(["blob_store_enabled": .bool(store != nil)]) }),
            Route(
                "POST", "/blobstream", .all, "Stores an input or result.",
                permission: .rule(.task, .create, note: "Nodes and containers need none."), takesBytes: true,
                answers: [.created(.object(["uuid": .text]))], refusals: [403, 501], .stepping(upload)),
            Route(
                "GET", "/blobstream/{name}", .all, "Gives back an input or result.", permission: .rule(.run, .view),
                answers: [
                    Answer(status: 200, body: .bytes("application/octet-stream"), headers: ["Content-Disposition"])
                ], refusals: [501], .stepping(fetch)),
        ]
    }

    private func upload(_ exchange: Exchange) async throws -> Reply {
        try await exchange.read(requireUpload)
        guard let store, let upload = exchange.request.upload else { throw Self.refusal }
        return .json(["uuid": .string(try await store.store(upload))], status: 201)
    }

    private func requireUpload(_ call: Call) throws {
        guard store != nil else { throw Self.refusal }
        switch call.principal.identity {
        case .user:
            guard call.access.any(.task, .create) else {
                throw Failure.unauthorized(
                    "You do not have permission to upload blobs. This requires permission to create tasks which you "
                        + "don't have.")
            }
        case .container(let container):
            let isOver = try TaskRecord.status(container.taskID, call.session).isFinished
            if isOver { throw Failure.forbidden("Cannot upload blob for a sub-task of a completed task.") }
        case .node, .anonymous: break
        }
    }

    private func fetch(_ exchange: Exchange) async throws -> Reply {
        let name = exchange.request.parameters[0].removingPercentEncoding ?? exchange.request.parameters[0]
        try await exchange.read { call in
            guard let run = try run(named: name, call.session) else {
                throw Failure.notFound("No run found with input or result id=\(name)")
            }
            guard store != nil else { throw Self.refusal }
            try call.require(try TaskAccess(call: call).covers(.run, .view, run))
        }
        guard let source = try await store?.open(name) else {
            throw Failure.notFound("The store has no blob with id=\(name)")
        }
        return Reply(
            headers: [("Content-Disposition", "attachment; filename=result_\(name).bin")],
            body: .stream(source, type: "application/octet-stream"))
    }

    private func run(named name: String, _ session: any SQLSession) throws -> RunRecord? {
        // With the condition on the column, a small index is used instead of reading every input there is.
        let isBlob: SQL = store == nil ? "" : " AND run.blob_storage_used"
        return try session.row(
            """
            SELECT \(RunRecord.columns) FROM \(RunRecord.source)
                WHERE (run.input = \(name)\(isBlob)) OR (run.result = \(name)\(isBlob)) LIMIT 1
            """
        ).map(RunRecord.init)
    }
}
