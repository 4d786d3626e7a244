// SPDX-License-Identifier: Apache-2.0

import Foundation

/// To which algorithm stores the token of a caller may go.
///
/// Whoever sees it on the way can do what the caller may do, so it leaves this machine over TLS only.
struct StoreTrust: Sendable {
    /// Hosts that are trusted without TLS, such as those of a container network; `plain_http_stores`.
    var plainHosts: Set<String> = []

    /// Refuses an address that a token must not be sent to.
    func require(_ url: String) throws {
        guard !allows(url) else { return }
        throw Failure.invalid(
            "The algorithm store \(url) is not reached over https, so your token is not sent there. Use its https "
                + "address, or have its host listed in plain_http_stores of this server's configuration.")
    }

    private func allows(_ text: String) -> Bool {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), let host = url.host else {
            return false
        }
        return scheme == "https" || (scheme == "http" && (plainHosts.contains(host) || Self.isLoopback(host)))
    }

    /// Whether a host is this machine, in any of the ways to write that.
    static func isLoopback(_ host: String) -> Bool {
        let bare = host.lowercased().trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        if bare == "localhost" || bare == "::1" { return true }
        var address = in_addr()
        return inet_aton(bare, &address) != 0 && UInt32(bigEndian: address.s_addr) >> 24 == 127
    }
}
