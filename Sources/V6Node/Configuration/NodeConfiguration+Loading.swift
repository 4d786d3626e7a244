// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

extension NodeConfiguration {
    /// The keys of the file, those of 4.15.2 and our own.
    static let keys = [
        "api_key", "server_url", "port", "api_path", "task_dir", "databases", "encryption", "logging", "policies",
        "algorithm_env", "algorithm_device_requests", "docker_registries", "docker_services", "images", "alpine",
        "node_extra_env", "node_extra_mounts", "node_extra_hosts", "share_config", "share_algorithm_logs", "share_load",
        "run_context_file", "prometheus", "ssh-tunnels", "whitelist", "vpn_subnet", "debug", "directories",
        "housekeeping", "isolation", "max_parallel_runs", "runtime",
    ]

    /// Keys of 4.15.2 that have no effect here, and why.
    private static let withoutEffect = [
        "alpine": "algorithms have no VPN here, so no helper image is needed",
        "images": "this node needs no other images: it makes its relay itself, and proxy and tunnels are part of it",
        "node_extra_mounts": "they are for the container of a node; where this node runs in one, mount them there",
        "task_dir": "folders of runs lie in directories.data",
    ]

    /// Reads a file.
    /// - Parameters:
    ///   - path: where the file lies; its stem names the node.
    ///   - environment: the environment of the process, which may override paths.
    ///   - warn: told of keys that have no effect, also when there are faults: one may explain the other.
    /// - Returns: the configuration.
    /// - Throws: `ConfigurationError` with every fault.
    static func load(
        path: String, environment: [String: String], warn: (String) -> Void
    ) throws -> NodeConfiguration {
        let reader = try ConfigurationReader.load(path: path)
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        return try read(reader, name: name, environment: environment, warn: warn)
    }

    /// Reads a configuration that is already parsed.
    static func read(
        _ reader: ConfigurationReader, name: String, environment: [String: String], warn: (String) -> Void
    ) throws -> NodeConfiguration {
        let directories = reader.section("directories")
        let dataFolder =
            directories?.string("data")
            ?? BaseDirectories(program: "vantage6/node/\(name)", environment: environment).data
        let port = reader.integer("port", in: 1...65_535)
        let server = reader.string("server_url", required: true)
        let encryption = reader.section("encryption")
        let cores = ProcessInfo.processInfo.activeProcessorCount
        var configuration = NodeConfiguration(
            name: name, apiKey: reader.string("api_key", required: true) ?? "",
            server: port.map { "\(server ?? ""):\($0)" } ?? server ?? "", apiPath: reader.string("api_path") ?? "",
            privateKeyPath: environment["PRIVATE_KEY"] ?? encryption?.string("private_key")
                ?? "\(dataFolder)/private_key.pem",
            parallelRuns: max(4, cores), dataFolder: dataFolder)
        if !reader.has("api_path") { configuration.apiPath = "/api" }
        if let server, !configuration.server.isEmpty, (try? ServerAddress(configuration.server, apiPath: "")) == nil {
            reader.fault("server_url", "expected scheme and host such as https://v6.example.org, found \"\(server)\"")
        }
        if name.contains(where: { !($0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0))) }) {
            reader.fault(
                "",
                "the name of the file becomes part of container names: use letters, digits, \"_\", \".\" and \"-\" only"
            )
        }
        if encryption == nil, !reader.has("encryption") {
            reader.fault("encryption", "is missing; expected \"encryption: {enabled: true}\" or \"{enabled: false}\"")
        }
        configuration.isEncrypted = encryption?.bool("enabled", required: true) ?? false
        encryption?.warnUnknown(known: ["enabled", "private_key"])
        configuration.databases = readDatabases(reader, environment: environment)
        configuration.policy = readPolicy(reader.section("policies"))
        configuration.registries = (reader.list("docker_registries") ?? []).compactMap { item in
            guard let registry = item.string("registry", required: true),
                let username = item.string("username", required: true),
                let password = item.string("password", required: true)
            else { return nil }
            return RegistryCredential(registry: registry, username: username, password: password)
        }
        configuration.algorithmEnvironment = pairs(reader.map("algorithm_env"))
        configuration.usesGPU = reader.section("algorithm_device_requests")?.bool("gpu") ?? false
        configuration.sharesConfiguration = reader.bool("share_config") ?? true
        configuration.sharesLoad = reader.bool("share_load") ?? true
        configuration.sharesLogs = reader.bool("share_algorithm_logs") ?? true
        configuration.isolation = readIsolation(reader.section("isolation"))
        configuration.housekeeping = readHousekeeping(reader.section("housekeeping"))
        if let count = reader.integer("max_parallel_runs", in: 1...1000) { configuration.parallelRuns = count }
        if let runtime = reader.string("runtime") {
            configuration.runtime = runtime
            if !["auto", "docker", "podman"].contains(runtime), EngineLocation(runtime) == nil {
                reader.fault("runtime", "expected auto, docker, podman, or a socket such as unix:///run/docker.sock")
            }
        }
        configuration.log = readLog(reader, name: name)
        configuration.writesRunContext = reader.bool("run_context_file") ?? false
        readOutside(reader, into: &configuration)
        for (key, reason) in withoutEffect.sorted(by: { $0.key < $1.key }) where reader.has(key) && key != "task_dir" {
            warn("\(key): has no effect, \(reason)")
        }
        reader.warnUnknown(known: keys)
        for warning in reader.warnings { warn(warning.description) }
        try reader.finish()
        return configuration
    }

    static func pairs(_ entries: [(name: String, value: String)]?) -> [String: String] {
        Dictionary((entries ?? []).map { ($0.name, $0.value) }) { $1 }
    }

    private static func readDatabases(
        _ reader: ConfigurationReader, environment: [String: String]
    ) -> [DatabaseConfiguration] {
        var seen: Set<String> = []
        return (reader.list("databases") ?? []).compactMap { item in
            item.warnUnknown(known: ["label", "uri", "type", "mount_mode", "env"])
            guard let label = item.string("label", required: true), let uri = item.string("uri", required: true),
                let type = item.string("type", required: true)
            else { return nil }
            let isIdentifier =
                label.first?.isNumber == false && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
            if !isIdentifier || ["data", "tmp"].contains(label) {
                item.fault("label", "expected letters, digits and \"_\" (not \"data\" or \"tmp\"), found \"\(label)\"")
            }
            if !seen.insert(label.uppercased()).inserted {
                item.fault("label", "\"\(label)\" is there twice (upper and lower case are the same in variable names)")
            }
            let isReadOnly = item.choice("mount_mode", of: ["copy", "ro"]) == "ro"
            let source = environment["\(label.uppercased())_DATABASE_URI"] ?? uri
            let kind = kind(of: source)
            if kind == .connection, ["csv", "parquet", "excel", "folder"].contains(type) {
                item.fault(
                    "uri", "expected an existing \(type == "folder" ? "folder" : "file"), nothing is at \(source)")
            } else if kind == .connection, isReadOnly {
                item.fault("mount_mode", "\"ro\" is for files and folders, and \(source) is none that exists")
            }
            return DatabaseConfiguration(
                label: label, uri: source, type: type, kind: kind, isMountedReadOnly: isReadOnly,
                parameters: pairs(item.map("env")))
        }
    }

    private static func kind(of uri: String) -> DatabaseConfiguration.Kind {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: uri, isDirectory: &isFolder) else { return .connection }
        if isFolder.boolValue { return .folder }
        let suffix = URL(fileURLWithPath: uri).pathExtension
        return .file(suffix: suffix.isEmpty ? "" : ".\(suffix)")
    }

    private static func readPolicy(_ reader: ConfigurationReader?) -> PolicyConfiguration {
        guard let reader else { return PolicyConfiguration() }
        func entries(_ key: String) -> [PolicyEntry] {
            (reader.strings(key) ?? []).compactMap { text in
                do { return try PolicyEntry(text) } catch {
                    reader.fault(key, "\"\(text)\" is no valid pattern: \(error)")
                    return nil
                }
            }
        }
        reader.warnUnknown(known: [
            "allow_basics_algorithm", "allowed_users", "allowed_organizations", "allowed_algorithms",
            "allowed_algorithm_stores", "allow_either_whitelist_or_store", "require_algorithm_pull",
        ])
        return PolicyConfiguration(
            allowsBasics: reader.bool("allow_basics_algorithm") ?? true, users: reader.strings("allowed_users") ?? [],
            organizations: reader.strings("allowed_organizations") ?? [], algorithms: entries("allowed_algorithms"),
            stores: entries("allowed_algorithm_stores"),
            acceptsEither: reader.bool("allow_either_whitelist_or_store") ?? false,
            requiresPull: reader.bool("require_algorithm_pull") ?? true)
    }

    private static func readIsolation(_ reader: ConfigurationReader?) -> IsolationConfiguration {
        var isolation = IsolationConfiguration()
        guard let reader else { return isolation }
        reader.warnUnknown(known: IsolationConfiguration.keys)
        func size(_ key: String) -> Int? {
            guard let text = reader.string(key) else { return nil }
            let bytes = IsolationConfiguration.bytes(text)
            if bytes == nil { reader.fault(key, "expected a size such as 512m or 2g, found \"\(text)\"") }
            return bytes
        }
        func processors(_ key: String) -> Double? {
            guard let number = reader.number(key) else { return nil }
            if !(0.01...10_000).contains(number) {
                reader.fault(key, "expected processors such as 1.5, found \(number)")
            }
            return number
        }
        isolation.memory = reader.string("memory") == "none" ? nil : size("memory") ?? isolation.memory
        isolation.cpus = reader.string("cpus") == "none" ? nil : processors("cpus") ?? isolation.cpus
        isolation.processes = reader.integer("pids", in: 1...1_000_000) ?? isolation.processes
        isolation.readOnlyRoot = reader.bool("read_only_root") ?? isolation.readOnlyRoot
        if let user = reader.string("user"), user != "image" {
            if user.wholeMatch(of: #/[0-9]{1,9}(:[0-9]{1,9})?/#) == nil {
                reader.fault("user", "expected image, or numbers such as 65534 or 1000:1000, found \"\(user)\"")
            }
            isolation.user = user
        }
        isolation.temporaryBytes = size("tmp_size") ?? isolation.temporaryBytes
        isolation.outputBytes = size("output_size") ?? isolation.outputBytes
        isolation.sharedBytes = size("shared_size") ?? isolation.sharedBytes
        if let text = reader.string("time") {
            isolation.seconds = IsolationConfiguration.seconds(text)
            if isolation.seconds == nil, text != "none" {
                reader.fault("time", "expected a duration such as 90m or 12h, or none, found \"\(text)\"")
            }
        }
        return isolation
    }
}
