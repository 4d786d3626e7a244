// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The rules of callers, as they were at one version of the tables that say who holds which.
///
/// Triggers count every change of those tables in `v6_access`, whatever program makes it, in the transaction that makes
/// it. A caller is looked up together with that number, so what is kept here is used only by transactions that see
/// exactly the state it was read from.
final class PermissionCache: Sendable {
    /// Whose rules.
    enum Holder: Hashable, Sendable {
        case user(Int64)
        case role(DefaultRole)
    }

    private struct Content {
        var version: Int64 = -1
        var permissions: [Holder: Permissions] = [:]
    }

    private let content = Mutex(Content())
    /// How many holders are kept at most.
    private static let capacity = 10_000

    /// The rules of a holder at a version; read when they are not known.
    func permissions(
        of holder: Holder, version: Int64?, read: () throws -> Permissions
    ) rethrows -> Permissions {
        guard let version else { return try read() }
        let known = content.withLock { $0.version == version ? $0.permissions[holder] : nil }
        if let known { return known }
        let permissions = try read()
        content.withLock { content in
            // An older version belongs to a transaction that began before the last change: nobody will ask again.
            guard version >= content.version else { return }
            if version > content.version || content.permissions.count >= Self.capacity {
                content = Content(version: version)
            }
            content.permissions[holder] = permissions
        }
        return permissions
    }
}
