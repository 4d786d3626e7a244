// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// Old results and the blobs of runs that are gone.
struct RunCleanupTests {
    private static let now = Timestamp("2026-03-01T00:00:00")

    private static func cleanup(
        _ server: TestServer, days: Int, includesInput: Bool, bin: BlobBin? = nil
    ) throws -> RunCleanup {
        let moment = try #require(now)
        return RunCleanup(
            store: server.store, rule: RunCleanup.Rule(days: days, includesInput: includesInput), bin: bin,
            logger: TestServer.quiet, now: { moment })
    }

    /// Runs of which only the first is old, completed and not cleared.
    private static func insertRuns(_ server: TestServer) async throws {
        let runs: [(status: String, finished: String?, cleanup: String?)] = [
            ("completed", "2026-02-18 23:59:59.000000", nil), ("completed", "2026-02-19 00:00:01.000000", nil),
            ("failed", "2026-01-01 00:00:00.000000", nil), ("active", nil, nil),
            ("completed", "2026-01-01 00:00:00.000000", "2026-01-20 00:00:00.000000"),
        ]
        for run in runs {
            try await server.store.write { session in
                let id = try session.nextID(of: .run)
                try session.run(
                    """
                    INSERT INTO run (id, input, result, status, finished_at, cleanup_at, blob_storage_used)
                    VALUES (\(id), 'in', 'out', \(run.status), \(run.finished), \(run.cleanup), \(false))
                    """)
            }
        }
    }

    private static func texts(_ server: TestServer, _ column: SQL) async throws -> [String] {
        try await server.store.read { try $0.rows("SELECT \(column) FROM run ORDER BY id").map { $0.text(0) ?? "" } }
    }

    @Test(arguments: TestServer.Engine.allCases)
    func onlyOldCompletedRunsAreClearedAndOnlyOnce(engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            try await Self.insertRuns(server)
            let cleanup = try Self.cleanup(server, days: 10, includesInput: false)
            // As two servers on one database.
            async let other: Void = cleanup.round()
            await cleanup.round()
            await other
            #expect(try await Self.texts(server, "result") == ["", "out", "out", "out", "out"])
            #expect(try await Self.texts(server, "input") == ["in", "in", "in", "in", "in"])
            let cleared = try await Self.texts(server, "cleanup_at")
            #expect(cleared[0].hasPrefix("2026-03-01 00:00:00"))
            #expect(cleared[1].isEmpty)
            await (try Self.cleanup(server, days: 1, includesInput: true)).round()
            #expect(try await Self.texts(server, "input") == ["in", "", "in", "in", "in"])
        }
    }

    @Test func manyRunsAreClearedInOneRound() async throws {
        try await TestServer.run { server in
            try await server.store.write { session in
                for id in 1...450 {
                    try session.run(
                        """
                        INSERT INTO run (id, result, status, finished_at)
                        VALUES (\(id), 'out', 'completed', '2025-01-01 00:00:00.000000')
                        """)
                }
            }
            await (try Self.cleanup(server, days: 1, includesInput: false)).round()
            let cleared = try await server.store.read {
                try $0.integer("SELECT count(*) FROM run WHERE result = ''")
            }
            #expect(cleared == 450)
        }
    }

    @Test func aBlobGoesWithTheLastRunThatNamesIt() async throws {
        try await withTemporaryDirectory { folder in
            try await TestServer.run { server in
                let blobs = try DiskBlobStore(folder: folder.appendingPathComponent("b").path, maximumSize: 10)
                let name = try await blobs.store(
                    AsyncThrowingStream {
                        $0.yield(Data("x".utf8))
                        $0.finish()
                    })
                let bin = BlobBin(store: server.store, blobs: blobs, logger: TestServer.quiet)
                try await server.store.write { session in
                    for (id, finished) in [(1, "2025-01-01 00:00:00.000000"), (2, "2026-02-28 12:00:00.000000")] {
                        try session.run(
                            """
                            INSERT INTO run (id, input, result, status, finished_at, blob_storage_used)
                            VALUES (\(id), \(name), 'r', 'completed', \(finished), \(true))
                            """)
                    }
                }
                await (try Self.cleanup(server, days: 10, includesInput: true, bin: bin)).round()
                #expect(try await blobs.open(name) != nil)
                try await server.store.write { session in
                    try session.run("DELETE FROM run")
                    try BlobBin.add([name, "../not a blob"], session)
                }
                // As after a start: what an earlier server did not come to do.
                await RunCleanup(
                    store: server.store, rule: nil, bin: bin, logger: TestServer.quiet, now: { .now() }
                ).round()
                #expect(try await blobs.open(name) == nil)
                let isLeft = try await server.store.read { try $0.exists("SELECT 1 FROM v6_discarded_blob") }
                #expect(!isLeft)
            }
        }
    }
}
