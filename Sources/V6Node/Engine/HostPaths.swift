// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the node's files lie for the engine, when the node itself runs in a container.
///
/// The engine mounts paths of the host; a node in a container sees the same files elsewhere, where they were mounted.
struct HostPaths: Sendable, Hashable {
    /// A mount of the node's container.
    struct Mount: Sendable, Hashable {
        let inside: String
        let onHost: String
    }

    /// Nil when the node runs on the host itself.
    let mounts: [Mount]?

    /// The paths of a node that runs on the host itself.
    static let same = HostPaths(mounts: nil)

    /// Whether this process is in a container.
    static var isInContainer: Bool {
        ["/.dockerenv", "/run/.containerenv"].contains { FileManager.default.fileExists(atPath: $0) }
    }

    /// The identifier of the container that a process is in, out of its `/proc/self/mountinfo`.
    ///
    /// The engine mounts `/etc/hostname` and others from a folder that is named after it; the host name itself is another one where
    /// the container shares the network of the host.
    static func containerID(mountInfo: String) -> String? {
        mountInfo.firstMatch(of: #/containers\/([0-9a-f]{64})\//#).map { String($0.1) }
    }

    /// The path on the host of a path of this process; nil when it lies in the container and nowhere else.
    func onHost(_ path: String) -> String? {
        guard let mounts else { return path }
        let holder = mounts.filter { Self.isBelow(path, $0.inside) }.max { $0.inside.count < $1.inside.count }
        guard let holder else { return nil }
        let rest = path.dropFirst(holder.inside == "/" ? 0 : holder.inside.count)
        return holder.onHost == "/" ? String(rest) : holder.onHost + rest
    }

    private static func isBelow(_ path: String, _ folder: String) -> Bool {
        path == folder || path.hasPrefix(folder == "/" ? "/" : folder + "/")
    }
}
