// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What an engine can do on this machine, and where it keeps things.
struct EngineTraits: Sendable, Hashable {
    /// What an engine may or may not be able to limit.
    enum Resource: String, Sendable, CaseIterable {
        case memory
        case cpus
        case processes = "pids"

        /// The member of Docker's word on itself that says whether it can.
        fileprivate var dockerMember: String {
            switch self {
            case .memory: "MemoryLimit"
            case .cpus: "CpuCfsQuota"
            case .processes: "PidsLimit"
            }
        }

        /// The kernel's controller that it takes.
        fileprivate var controller: String { self == .cpus ? "cpu" : rawValue }
    }

    /// Whether containers go on when the engine ends: Docker with `live-restore`, and Podman, which has no daemon to end.
    var sparesContainers = true
    /// What it cannot limit, in the order of the configuration's keys.
    var unlimited: [Resource] = []
    /// Where its images and containers lie, by its own word.
    var folder: String?

    /// What Docker says of itself at `/info`.
    init(docker info: JSONValue) {
        sparesContainers = info["LiveRestoreEnabled"]?.boolValue ?? false
        unlimited = Resource.allCases.filter { info[$0.dockerMember]?.boolValue == false }
        folder = info["DockerRootDir"]?.stringValue
    }

    /// What Podman says of itself at `/libpod/info`.
    ///
    /// Without root it has the groups of processes that the system lets it have: with cgroups of version 1 none.
    init(podman info: JSONValue) {
        if let controllers = info["host"]?["cgroupControllers"]?.arrayValue?.compactMap(\.stringValue) {
            unlimited = Resource.allCases.filter { !controllers.contains($0.controller) }
        }
        folder = info["store"]?["graphRoot"]?.stringValue
    }

    /// As if everything were possible.
    init() {}

    /// What to do where containers end with the engine.
    static let liveRestoreAdvice = """
        a restart of the Docker engine ends the algorithms that run. Put {"live-restore": true} into \
        /etc/docker/daemon.json and reload the engine ("systemctl reload docker")
        """

    /// What is not limited and what to do about it; nil where all is well.
    var limitsAdvice: String? {
        guard !unlimited.isEmpty else { return nil }
        let names = unlimited.map { "isolation.\($0.rawValue)" }.joined(separator: ", ")
        return """
            the engine cannot keep \(names) here, so one algorithm can use up the machine. A rootless engine needs cgroups of \
            version 2 and Delegate=yes for the user's services (systemctl edit user@.service), Docker a kernel with the \
            controllers memory, cpu and pids
            """
    }
}

extension ResourceLimits {
    /// The same without what the engine would refuse.
    func kept(by traits: EngineTraits) -> ResourceLimits {
        var limits = self
        for resource in traits.unlimited {
            switch resource {
            case .memory: limits.memory = nil
            case .cpus: limits.cpus = nil
            case .processes: limits.processes = nil
            }
        }
        return limits
    }
}
