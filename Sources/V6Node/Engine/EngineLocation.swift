// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the container engine listens.
struct EngineLocation: Sendable, Hashable, CustomStringConvertible {
    /// Path of its Unix socket; nil when it is reached by TCP.
    let socket: String?
    /// `http://host[:port]`, without a path.
    let root: String
    let description: String

    /// A location in the form of `DOCKER_HOST`; nil when it is of another form.
    init?(_ text: String) {
        if text.hasPrefix("unix://") {
            self.init(socket: String(text.dropFirst("unix://".count)))
        } else if text.hasPrefix("/") {
            self.init(socket: text)
        } else if text.hasPrefix("tcp://") {
            self.init(socket: nil, root: "http://" + text.dropFirst("tcp://".count), description: text)
        } else {
            return nil
        }
    }

    private init(socket: String) {
        self.init(socket: socket, root: "http://engine", description: "unix://" + socket)
    }

    private init(socket: String?, root: String, description: String) {
        self.socket = socket
        self.root = root
        self.description = description
    }

    /// The places where an engine may listen, best first.
    ///
    /// `runtime` is the configuration's: `auto`, `docker`, `podman`, or an address. `auto` means `DOCKER_HOST`, else the sockets
    /// of Docker, then those of Podman. A service of the system knows the folder of its user's session by its number.
    static func candidates(runtime: String, environment: [String: String]) -> [EngineLocation] {
        if let location = EngineLocation(runtime) { return [location] }
        if runtime == "auto", let host = environment["DOCKER_HOST"], !host.isEmpty {
            return EngineLocation(host).map { [$0] } ?? []
        }
        let session = environment["XDG_RUNTIME_DIR"] ?? (getuid() == 0 ? nil : "/run/user/\(getuid())")
        let docker = ["/var/run/docker.sock"] + (session.map { ["\($0)/docker.sock"] } ?? [])
        let podman = (session.map { ["\($0)/podman/podman.sock"] } ?? []) + ["/run/podman/podman.sock"]
        let paths = runtime == "docker" ? docker : runtime == "podman" ? podman : docker + podman
        return paths.map(EngineLocation.init(socket:))
    }
}
