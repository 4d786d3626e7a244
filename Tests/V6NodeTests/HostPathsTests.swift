// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Node

/// Paths of a node that runs in a container.
struct HostPathsTests {
    private let paths = HostPaths(mounts: [
        .init(inside: "/mnt/data", onHost: "/var/lib/docker/volumes/v6/_data"),
        .init(inside: "/mnt/data/shared", onHost: "/srv/shared"), .init(inside: "/srv/v6", onHost: "/srv/v6"),
    ])

    @Test(arguments: [
        ("/mnt/data", "/var/lib/docker/volumes/v6/_data"),
        ("/mnt/data/runs/7/data", "/var/lib/docker/volumes/v6/_data/runs/7/data"),
        ("/mnt/data/shared/x", "/srv/shared/x"), ("/srv/v6/a.csv", "/srv/v6/a.csv"),
    ])
    func whatIsMountedIsFound(inside: String, onHost: String) { #expect(paths.onHost(inside) == onHost) }

    @Test(arguments: ["/mnt/database", "/etc/hosts", "/srv/v6x"])
    func whatIsNotMountedIsNowhere(inside: String) { #expect(paths.onHost(inside) == nil) }

    @Test func onTheHostEveryPathIsItself() { #expect(HostPaths.same.onHost("/any/path") == "/any/path") }

    @Test func theContainerIsFoundInItsMounts() {
        let id = String(repeating: "0a", count: 32)
        let docker = "612 590 8:1 /var/lib/docker/containers/\(id)/resolv.conf /etc/resolv.conf rw - ext4 /dev/sda1 rw"
        let podman = "7 1 0:25 /containers/overlay-containers/\(id)/userdata/hostname /etc/hostname rw - tmpfs tmpfs rw"
        #expect(HostPaths.containerID(mountInfo: docker) == id)
        #expect(HostPaths.containerID(mountInfo: podman) == id)
        #expect(HostPaths.containerID(mountInfo: "25 1 8:1 / / rw - ext4 /dev/sda1 rw") == nil)
    }
}
