// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The refreshes of each login, so that a refresh token that was used up and comes again gives its thief away.
///
/// A family gets its row at its first refresh. The row says which generation is the newest; the tokens before it are used
/// up. The one just before is taken again in two cases, because honest clients do that: for a few seconds, when two
/// threads of one client refresh at the same time, and for as long as nobody has shown a token of the newest
/// generation, when the answer to a refresh was lost on the way.
struct TokenFamilies {
    let session: any SQLSession
    /// How long the token before the newest is taken again, in seconds.
    let overlapSeconds: Int
    /// How long a row is kept after a refresh, in seconds: as long as its refresh tokens are good for.
    let lifetimeSeconds: Int
    let now: @Sendable () -> Date

    /// What comes of a refresh.
    enum Outcome: Sendable, Hashable {
        /// New tokens are due, of this lineage.
        case continued(TokenLineage)
        /// The token was used up before: its family has been ended, which must be kept also though the caller is refused.
        case reused
    }

    /// Uses up a refresh token.
    func advance(_ lineage: TokenLineage, account: Int64) throws -> Outcome {
        let moment = Int64(now().timeIntervalSince1970)
        let row = try session.row(
            """
            SELECT generation, rotated_at, is_confirmed, is_ended FROM v6_session WHERE family = \(lineage.family)
            """)
        guard let row, let newest = row.integer(0) else {
            try session.run("DELETE FROM v6_session WHERE expires < \(moment)")
            try session.run(
                """
                INSERT INTO v6_session (family, account_id, generation, rotated_at, is_confirmed, is_ended, expires)
                VALUES (\(lineage.family), \(account), \(lineage.next.generation), \(moment), 0, 0,
                    \(moment + Int64(lifetimeSeconds)))
                """)
            return .continued(lineage.next)
        }
        if row.integer(3) != 0 { return .reused }
        // A generation from the future means that the database was taken back to an older state.
        if lineage.generation >= newest {
            try session.run(
                """
                UPDATE v6_session SET generation = \(lineage.next.generation), rotated_at = \(moment),
                    is_confirmed = 0, expires = \(moment + Int64(lifetimeSeconds)) WHERE family = \(lineage.family)
                """)
            return .continued(lineage.next)
        }
        let isConcurrent = moment - (row.integer(1) ?? 0) < Int64(overlapSeconds)
        if lineage.next.generation == newest, isConcurrent || row.integer(2) == 0 { return .continued(lineage.next) }
        try session.run("UPDATE v6_session SET is_ended = 1 WHERE family = \(lineage.family)")
        return .reused
    }

    /// Notes that a client has shown an access token of a generation, so its refresh did arrive.
    static func confirm(_ lineage: TokenLineage, _ session: any SQLSession) throws {
        try session.run(
            """
            UPDATE v6_session SET is_confirmed = 1
                WHERE family = \(lineage.family) AND generation = \(lineage.generation) AND is_confirmed = 0
            """)
    }
}
