// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The tokens of one sign-in, refreshed before they end.
actor Session {
    private var access: String?
    private var refresh: String?
    private var refreshing: Task<Void, any Error>?
    private let now: @Sendable () -> Date

    /// A token with less than this left is refreshed first; stock nodes use the same margin.
    private static let margin: TimeInterval = 600

    init(now: @escaping @Sendable () -> Date = { Date() }) { self.now = now }

    var tokens: (access: String, refresh: String?)? { access.map { ($0, refresh) } }

    func set(access: String?, refresh: String?) {
        self.access = access
        self.refresh = refresh
    }

    /// The access token, refreshed through `renew` when it is near its end and can be.
    func accessToken(
        renew: @escaping @Sendable (_ refresh: String) async throws -> (access: String, refresh: String?)
    ) async throws -> String? {
        guard let access else { return nil }
        guard let expiry = TokenClaims(decoding: access)?.expiry, refresh != nil else { return access }
        let left = expiry.timeIntervalSince(now())
        if left < Self.margin {
            do { try await renewNow(renew: renew) } catch {
                // The present token may still work; then the next request tries again.
                guard left > 0 else { throw error }
                return access
            }
        }
        return self.access
    }

    /// Refreshes the tokens; several callers share one request.
    func renewNow(
        renew: @escaping @Sendable (_ refresh: String) async throws -> (access: String, refresh: String?)
    ) async throws {
        if let refreshing { return try await refreshing.value }
        guard let refresh else { return }
        let task = Task {
            let tokens = try await renew(refresh)
            set(access: tokens.access, refresh: tokens.refresh)
        }
        refreshing = task
        defer { refreshing = nil }
        try await task.value
    }
}
