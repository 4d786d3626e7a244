// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import V6Kit

/// The public keys of other organizations that this node encrypts for.
///
/// The first key that the server hands out for an organization is remembered. Another one later may be a new key, or somebody
/// who wants to read along: nothing is encrypted for it before the operator accepts it.
struct KeyPins: Sendable {
    /// What is known of the key of one organization.
    struct Pin: Sendable, Hashable, Codable, FetchableRecord, PersistableRecord {
        static let databaseTableName = "pin"

        var organization: Int
        /// The key that is used.
        var fingerprint: String
        /// Another key that the server hands out, not accepted yet.
        var offered: String?
        /// Seconds since 1970.
        var changedAt: Double
    }

    /// A key that is not accepted.
    struct Refusal: Error, Sendable, CustomStringConvertible {
        let pin: Pin

        var description: String {
            """
            the public key of organization \(pin.organization) at the server is another one than before: it was \
            \(pin.fingerprint), and is now \(pin.offered ?? "?"). Nothing is encrypted for it until the operator of this node \
            accepts it: compare the fingerprint with that organization, then "v6-node keys accept \(pin.organization)"
            """
        }
    }

    static let schema = """
        CREATE TABLE IF NOT EXISTS pin (
            organization INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL, offered TEXT, changedAt DOUBLE NOT NULL
        );
        """

    let database: DatabaseQueue
    let now: @Sendable () -> Date

    /// Checks a key before something is encrypted for it; the first one of an organization is remembered.
    /// - Throws: ``Refusal`` for another key than the remembered one.
    func check(_ key: PublicKey, of organization: Int) throws {
        let time = now().timeIntervalSince1970
        let fingerprint = key.fingerprint
        let refused: Pin? = try database.write { database in
            guard var pin = try Pin.fetchOne(database, key: organization) else {
                try Pin(organization: organization, fingerprint: fingerprint, offered: nil, changedAt: time)
                    .insert(database)
                return nil
            }
            let offered = pin.fingerprint == fingerprint ? nil : fingerprint
            if pin.offered != offered {
                pin.offered = offered
                try pin.update(database)
            }
            return offered == nil ? nil : pin
        }
        if let refused { throw Refusal(pin: refused) }
    }

    /// Whether a key is the accepted one of some organization.
    func accepts(_ key: PublicKey) throws -> Bool {
        try database.read { try Pin.filter(Column("fingerprint") == key.fingerprint).fetchCount($0) > 0 }
    }

    /// All pins, by organization.
    func all() throws -> [Pin] { try database.read { try Pin.order(Column("organization")).fetchAll($0) } }

    /// Takes the key that the server offers for an organization in place of the old one.
    /// - Returns: what is used from now on; nil when nothing was offered.
    func accept(_ organization: Int) throws -> Pin? {
        let time = now().timeIntervalSince1970
        return try database.write { database in
            guard var pin = try Pin.fetchOne(database, key: organization), let offered = pin.offered else { return nil }
            pin.fingerprint = offered
            pin.offered = nil
            pin.changedAt = time
            try pin.update(database)
            return pin
        }
    }
}
