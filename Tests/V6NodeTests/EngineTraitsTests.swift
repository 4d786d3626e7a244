// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Node

/// What engines say they can do, and what is asked of them then.
struct EngineTraitsTests {
    private static let all = ResourceLimits(memory: 1, cpus: 1, processes: 1)

    @Test func dockerSaysEachByItself() {
        let able = EngineTraits(docker: [
            "MemoryLimit": true, "CpuCfsQuota": true, "PidsLimit": true, "LiveRestoreEnabled": true,
            "DockerRootDir": "/var/lib/docker",
        ])
        #expect(able.sparesContainers && able.folder == "/var/lib/docker")
        #expect(able.unlimited.isEmpty && able.limitsAdvice == nil && Self.all.kept(by: able) == Self.all)
        let unable = EngineTraits(docker: ["MemoryLimit": true, "CpuCfsQuota": false, "PidsLimit": true])
        #expect(!unable.sparesContainers && unable.unlimited == [.cpus])
        #expect(Self.all.kept(by: unable) == ResourceLimits(memory: 1, cpus: nil, processes: 1))
    }

    @Test(arguments: [
        (["cpu", "memory", "pids"], [] as [EngineTraits.Resource]),
        (["memory", "pids"], [.cpus]),
        ([], [.memory, .cpus, .processes]),
    ])
    func podmanNamesItsControllers(controllers: [String], unlimited: [EngineTraits.Resource]) {
        let traits = EngineTraits(podman: [
            "host": ["cgroupControllers": .array(controllers.map { .string($0) })],
            "store": ["graphRoot": "/home/v6/storage"],
        ])
        #expect(traits.sparesContainers && traits.folder == "/home/v6/storage")
        #expect(traits.unlimited == unlimited)
    }

    /// A limit that is not asked for is not there; the engine would refuse the container.
    @Test func whatIsNotLimitedIsNotAskedFor() {
        let traits = EngineTraits(podman: ["host": ["cgroupControllers": []]])
        let host = ContainerSpecification(
            name: "a", image: "a", network: "none", limits: Self.all.kept(by: traits)
        ).json["HostConfig"]
        #expect(host?["Memory"] == nil && host?["NanoCpus"] == nil && host?["PidsLimit"] == nil)
        #expect(traits.limitsAdvice?.contains("isolation.memory, isolation.cpus, isolation.pids") == true)
    }
}
