// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A container to create: always without privileges of any kind.
struct ContainerSpecification: Sendable, Hashable {
    /// A file or folder of the host that the container sees.
    struct Mount: Sendable, Hashable {
        let source: String
        let target: String
        let isReadOnly: Bool
    }

    let name: String
    let image: String
    var command: [String]?
    var entryPoint: [String]?
    var user: String?
    var environment: [String] = []
    var labels: [String: String] = [:]
    var mounts: [Mount] = []
    /// Folders that the image wants on volumes: they get one with the image's content, read-only like the root.
    ///
    /// Engines mount only volumes with names so; see ``volumeNames``.
    var volumes: [String] = []
    /// `none`, or `container:<id>` to share the network of another container.
    var network: String
    /// Limits of the kernel, by their names in the API; empty for those the engine gives by itself.
    var kernelLimits: [String: Int] = [:]
    var readOnlyRoot = true
    /// Size of a writable `/tmp` in bytes; nil for none.
    var temporaryBytes: Int?
    var limits: ResourceLimits
    var usesGPU = false
    /// Settings of the kernel in the container's own name spaces.
    var kernelSettings: [String: String] = [:]

    /// What the volumes are called; they stay when the container goes.
    var volumeNames: [String] { volumes.indices.map { "\(name)-\($0)" } }
}

/// What a container may use at most.
struct ResourceLimits: Sendable, Hashable {
    /// Bytes, swap included; nil for no limit.
    var memory: Int?
    /// Processors, in parts; nil for no limit.
    var cpus: Double?
    /// Nil for no limit.
    var processes: Int?
}

extension ContainerSpecification {
    /// The body of the engine's `containers/create`.
    var json: JSONValue {
        var host: JSONObject = [
            "NetworkMode": .string(network),
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges"],
            "Privileged": false,
            "ReadonlyRootfs": .bool(readOnlyRoot),
            "Mounts": .array(mounts.map(\.json) + zip(volumeNames, volumes).map(volume)),
            // The engine's copy of the log: bounded, so that no algorithm fills the disk with it.
            "LogConfig": ["Type": "json-file", "Config": ["max-size": "8m", "max-file": "2"]],
        ]
        if let processes = limits.processes { host["PidsLimit"] = JSONValue(processes) }
        if let memory = limits.memory {
            host["Memory"] = JSONValue(memory)
            host["MemorySwap"] = JSONValue(memory)
        }
        if let cpus = limits.cpus { host["NanoCpus"] = JSONValue(Int(cpus * 1_000_000_000)) }
        if !kernelLimits.isEmpty {
            host["Ulimits"] = .array(
                kernelLimits.sorted { $0.key < $1.key }.map { name, value in
                    ["Name": .string(name), "Soft": JSONValue(value), "Hard": JSONValue(value)]
                })
        }
        if let temporaryBytes { host["Tmpfs"] = ["/tmp": .string("rw,nosuid,nodev,mode=1777,size=\(temporaryBytes)")] }
        if !kernelSettings.isEmpty {
            var settings = JSONObject()
            for (key, value) in kernelSettings.sorted(by: { $0.key < $1.key }) { settings[key] = .string(value) }
            host["Sysctls"] = .object(settings)
        }
        if usesGPU { host["DeviceRequests"] = [["Count": -1, "Capabilities": [["gpu"]]]] }

        var body: JSONObject = [
            "Image": .string(image),
            "Env": .array(environment.map { .string($0) }),
            "Labels": labelMembers,
            "HostConfig": .object(host),
            "Tty": false, "OpenStdin": false, "AttachStdin": false, "AttachStdout": false, "AttachStderr": false,
        ]
        if let command { body["Cmd"] = .array(command.map { .string($0) }) }
        if let entryPoint { body["Entrypoint"] = .array(entryPoint.map { .string($0) }) }
        if let user { body["User"] = .string(user) }
        return .object(body)
    }
}

extension ContainerSpecification {
    private func volume(_ name: String, _ target: String) -> JSONValue {
        [
            "Type": "volume", "Source": .string(name), "Target": .string(target), "ReadOnly": true,
            "VolumeOptions": ["Labels": labelMembers],
        ]
    }

    private var labelMembers: JSONValue {
        var members = JSONObject()
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) { members[key] = .string(value) }
        return .object(members)
    }
}

extension ContainerSpecification.Mount {
    fileprivate var json: JSONValue {
        ["Type": "bind", "Source": .string(source), "Target": .string(target), "ReadOnly": .bool(isReadOnly)]
    }
}
