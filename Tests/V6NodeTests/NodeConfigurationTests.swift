// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Node

struct NodeConfigurationTests {
    /// Reads a text; gives the configuration, or all faults, and the warnings.
    private func read(
        _ text: String, environment: [String: String] = ["HOME": "/home/site"]
    ) throws -> (configuration: NodeConfiguration?, faults: String, warnings: String) {
        var warnings: [String] = []
        do {
            let configuration = try NodeConfiguration.read(
                ConfigurationReader(text: text, name: "site.yaml"), name: "site", environment: environment
            ) { warnings.append($0) }
            return (configuration, "", warnings.joined(separator: "\n"))
        } catch let error as ConfigurationError {
            return (nil, error.description, warnings.joined(separator: "\n"))
        }
    }

    private let good = """
        api_key: 11111111-2222-4333-8444-555555555555
        server_url: https://v6.example.org
        port: 443
        api_path: /api
        task_dir: /tmp/tasks
        databases: []
        encryption: {enabled: false, private_key: null}
        logging: {level: DEBUG, use_console: true, backup_count: 5, max_size: 1024}
        """

    @Test func theLoadGoesToOurServersOnlyUnlessMetricsAreAskedFor() {
        var configuration = NodeConfiguration(
            name: "test", apiKey: "key", server: "http://server", apiPath: "/api", privateKeyPath: "",
            parallelRuns: 1, dataFolder: "/nowhere")
        #expect(configuration.loadInterval(isOurServer: true) == .seconds(60))
        #expect(configuration.loadInterval(isOurServer: false) == nil)
        configuration.sharesLoad = false
        #expect(configuration.loadInterval(isOurServer: true) == nil)
        configuration.metricsInterval = .seconds(10)
        #expect(configuration.loadInterval(isOurServer: false) == .seconds(10))
    }

    @Test func aStockFileIsRead() throws {
        let (configuration, faults, warnings) = try read(
            good + """

                policies:
                  allowed_algorithms: ["^a/.*", b/c]
                  allowed_users: [3, "4"]
                  allowed_organizations: North
                  require_algorithm_pull: false
                algorithm_env: {player: Alice}
                docker_registries: [{registry: "r:5000", username: u, password: p}]
                share_config: false
                """)
        #expect(faults == "")
        #expect(warnings == "")
        let read = try #require(configuration)
        #expect(read.server == "https://v6.example.org:443")
        #expect(read.policy.users == ["3", "4"])
        #expect(read.policy.organizations == ["North"])
        #expect(read.policy.algorithms.map(\.isPattern) == [true, false])
        #expect(!read.policy.requiresPull && !read.sharesConfiguration && read.sharesLogs)
        #expect(read.algorithmEnvironment == ["player": "Alice"])
        #expect(read.registries == [.init(registry: "r:5000", username: "u", password: "p")])
        #expect(read.dataFolder == "/home/site/.local/share/vantage6/node/site")
        #expect(read.privateKeyPath == read.dataFolder + "/private_key.pem")
        #expect(read.log.level == "debug" && read.log.file == nil && read.log.largestFile == 1024 << 10)
        #expect(read.parallelRuns >= 4)
    }

    @Test func everyFaultIsNamedAtOnce() throws {
        let (_, faults, warnings) = try read(
            """
            api_kye: x
            port: abc
            encryption: {enabled: maybe}
            databases:
              - {label: a, uri: /does/not/exist.csv, type: csv}
              - {label: A, uri: "postgresql://h/d", type: sql, mount_mode: ro}
              - {label: data, type: csv}
            policies: {allowed_algorithms: ["a/(b"]}
            isolation: {memory: lots}
            vpn_subnet: 10.76.0.0/16
            max_parallel_runs: 0
            """)
        for expected in [
            "site.yaml:1: api_key: is missing", "api_kye", "server_url: is missing", "site.yaml:2: port: ",
            "encryption.enabled: expected true or false", "site.yaml:5: databases[0].uri: expected an existing file",
            "site.yaml:6: databases[1].label: \"A\" is there twice", "databases[1].mount_mode",
            "databases[2].uri: is missing",
            "policies.allowed_algorithms: \"a/(b\" is no valid pattern", "isolation.memory: expected a size",
            "vpn_subnet",
            "max_parallel_runs: expected a whole number from 1",
        ] {
            #expect(faults.contains(expected), "\(expected) is not in:\n\(faults)")
        }
        #expect(warnings.contains("api_kye"))
    }

    @Test func everyRunHasLimitsUnlessTheFileSaysNone() throws {
        let usual = try #require(try read(good).configuration?.isolation)
        #expect((usual.memory ?? 0) > 0 && (usual.cpus ?? 0) >= 1 && usual.seconds == 604_800)
        #expect(usual.processes == 512 && usual.outputBytes == 256 << 20)
        let file = good + "\nisolation: {memory: none, cpus: none, time: none}\n"
        let none = try #require(try read(file).configuration?.isolation)
        #expect(none.memory == nil && none.cpus == nil && none.seconds == nil)
        let own = try #require(
            try read(good + "\nisolation: {cpus: 1.5, time: 90m, user: 65534}\n").configuration?.isolation)
        #expect(own.cpus == 1.5 && own.seconds == 5400 && own.user == "65534" && usual.user == nil)
        let faults = try read(good + "\nisolation: {cpus: 0, time: long, user: root}\n").faults
        #expect(faults.contains("isolation.user: expected"))
        #expect(faults.contains("isolation.cpus: expected") && faults.contains("isolation.time: expected"))
    }

    @Test func aMisspeltKeyIsAWarningWithTheRightOne() throws {
        let (configuration, _, warnings) = try read(good + "\nshare_confg: false\n")
        #expect(configuration?.sharesConfiguration == true)
        #expect(warnings.contains("share_confg") && warnings.contains("did you mean share_config?"))
    }

    @Test func aKeyThatHasNoEffectHereIsAWarning() throws {
        let (configuration, _, warnings) = try read(good + "\nimages: {squid: x}\nalpine: y\n")
        #expect(configuration != nil)
        #expect(warnings.contains("images: has no effect") && warnings.contains("alpine: has no effect"))
    }

    @Test func whatLeadsOutsideIsRead() throws {
        let (configuration, faults, warnings) = try read(
            good + """

                run_context_file: true
                docker_services: {store: fhir-1}
                node_extra_hosts: {db.example: 10.0.0.7, host.docker.internal: host-gateway}
                node_extra_env: {HTTPS_PROXY: "http://proxy:8080"}
                whitelist: {domains: [.example.org], ips: [192.0.2.0/24], ports: [443, 8443]}
                prometheus: {enabled: true, report_interval_seconds: 10}
                ssh-tunnels:
                  - hostname: far
                    ssh:
                      host: gate.example
                      port: 2222
                      fingerprint: "gate.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA comment"
                      identity: {username: tunnel, key: /proc/self/environ}
                    tunnel:
                      bind: {ip: 0.0.0.0, port: 8888}
                      dest: {ip: 127.0.0.1, port: 5432}
                """)
        #expect(faults == "" && warnings == "")
        let read = try #require(configuration)
        #expect(read.writesRunContext && read.metricsInterval == .seconds(10))
        #expect(read.services == [.init(alias: "store", container: "fhir-1")])
        #expect(read.allowList?.ports == [443, 8443])
        #expect(read.extraHosts["db.example"] == "10.0.0.7")
        #expect(read.tunnels.first?.hostKey == "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA")
        #expect(read.tunnels.first?.port == 2222 && read.tunnels.first?.bindPort == 8888)
    }

    @Test func faultsOutsideAreNamed() throws {
        let (_, faults, _) = try read(
            good + """

                whitelist: {domains: [x], adresses: [y], ips: [z], ports: [0]}
                node_extra_hosts: {a: b}
                ssh-tunnels:
                  - hostname: "-oProxyCommand=x"
                    ssh: {host: h, fingerprint: "SHA256:abc", identity: {username: u, key: /none}}
                    tunnel: {bind: {port: 1}, dest: {ip: h, port: 2}}
                """)
        for expected in [
            "whitelist.adresses: is not known", "whitelist.ips: expected an address", "whitelist.ports: expected",
            "node_extra_hosts: expected an IP address for a", "ssh-tunnels[0].hostname: expected a name",
            "ssh-tunnels[0].ssh.fingerprint: expected the server's public key", "identity.key: expected a private key",
        ] {
            #expect(faults.contains(expected), "\(expected) is not in:\n\(faults)")
        }
    }

    @Test func theEnvironmentOverridesPaths() throws {
        let file = "/proc/self/environ"
        let (configuration, faults, _) = try read(
            good.replacing("databases: []", with: "databases: [{label: default, uri: /none.csv, type: csv}]"),
            environment: ["HOME": "/home/site", "PRIVATE_KEY": "/keys/site.pem", "DEFAULT_DATABASE_URI": file])
        #expect(faults == "")
        #expect(configuration?.privateKeyPath == "/keys/site.pem")
        #expect(configuration?.databases.first?.uri == file)
    }

    @Test func foldersAndVerbosityAreRead() throws {
        let (configuration, faults, warnings) = try read(
            good + """

                directories: {data: /srv/v6/site, log: /var/log/v6}
                debug: {proxy_server: true}
                algorithm_device_requests: {gpu: true}
                share_algorithm_logs: false
                """)
        #expect(faults == "" && warnings == "")
        #expect(configuration?.dataFolder == "/srv/v6/site")
        #expect(configuration?.log.file == "/var/log/v6/site.log" && configuration?.log.level == "trace")
        #expect(configuration?.usesGPU == true && configuration?.sharesLogs == false)
    }

    @Test func filesAndFoldersAreToldApart() throws {
        let folder = NSTemporaryDirectory() + "v6-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("a,b\n1,2\n".utf8).write(to: URL(fileURLWithPath: folder + "/x.csv"))
        let (configuration, faults, _) = try read(
            good.replacing(
                "databases: []",
                with: """
                    databases:
                      - {label: default, uri: \(folder)/x.csv, type: csv}
                      - {label: ro, uri: \(folder)/x.csv, type: csv, mount_mode: ro}
                      - {label: fold, uri: \(folder), type: folder}
                      - {label: pg, uri: "postgresql://h/d", type: sql, env: {user: u}}
                    """))
        #expect(faults == "")
        let databases = try #require(configuration).databases
        #expect(
            databases.map(\.uriInContainer) == [
                "/mnt/data/default.csv", "/mnt/ro.csv", "/mnt/fold", "postgresql://h/d",
            ])
        #expect(databases[3].parameters == ["user": "u"])
    }

    @Test(arguments: [("512m", 512 << 20), ("2g", 2 << 30), ("1.5G", 3 << 29), ("64kb", 64 << 10), ("1000", 1000)])
    func sizes(text: String, bytes: Int) {
        #expect(IsolationConfiguration.bytes(text) == bytes)
    }

    @Test(arguments: ["", "lots", "-1m", "0", "m"])
    func noSizes(text: String) {
        #expect(IsolationConfiguration.bytes(text) == nil)
    }
}
