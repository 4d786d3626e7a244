// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How OpenSSH is asked for a tunnel: its near end is a Unix socket that only the node may open.
struct SSHTunnel: Sendable, Hashable {
    let configuration: TunnelConfiguration
    /// Holds the sockets, the known hosts and the numbers of the processes.
    let folder: String

    /// The name of the server's key in the file of known hosts.
    private static let keyName = "tunnel"

    /// The near end.
    static func socket(_ name: String, folder: String) -> String { "\(folder)/\(name).sock" }

    var socket: String { Self.socket(configuration.name, folder: folder) }
    var knownHosts: String { "\(folder)/\(configuration.name).known_hosts" }
    /// What `ssh` said last.
    var messages: String { "\(folder)/\(configuration.name).log" }
    var processFile: String { "\(folder)/\(configuration.name).pid" }

    /// The one key that the server may have.
    var knownHostsText: String { "\(Self.keyName) \(configuration.hostKey)\n" }

    /// The arguments of `ssh`.
    ///
    /// Nothing comes from the user's own configuration, nobody is asked, and only the pinned key of the server is accepted.
    var arguments: [String] {
        let options = [
            "BatchMode=yes", "StrictHostKeyChecking=yes", "UserKnownHostsFile=\(knownHosts)",
            "GlobalKnownHostsFile=/dev/null", "HostKeyAlias=\(Self.keyName)", "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "ExitOnForwardFailure=yes", "StreamLocalBindUnlink=yes", "StreamLocalBindMask=0177", "ConnectTimeout=15",
            "ServerAliveInterval=15", "ServerAliveCountMax=3", "ControlPath=none", "PermitLocalCommand=no",
            "LogLevel=ERROR",
        ]
        let target = "\(configuration.destinationHost):\(configuration.destinationPort)"
        return ["-N", "-T", "-F", "/dev/null"] + options.flatMap { ["-o", $0] }
            + ["-i", configuration.keyFile, "-p", String(configuration.port), "-L", "\(socket):\(target)"]
            + ["--", "\(configuration.user)@\(configuration.host)"]
    }
}
