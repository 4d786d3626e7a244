// SPDX-License-Identifier: Apache-2.0

/// Everything the configuration file of a node says, under the keys of 4.15.2 and ours.
struct NodeConfiguration: Sendable, Hashable {
    /// The stem of the file's name.
    ///
    /// Containers carry it.
    var name: String
    var apiKey: String
    /// Scheme and host, with the port where one is given.
    var server: String
    var apiPath: String
    var databases: [DatabaseConfiguration] = []
    /// Must agree with the collaboration.
    var isEncrypted = false
    /// PEM file of the organization's private key.
    var privateKeyPath: String
    var policy = PolicyConfiguration()
    var algorithmEnvironment: [String: String] = [:]
    var usesGPU = false
    var registries: [RegistryCredential] = []
    var sharesConfiguration = true
    var sharesLogs = true
    /// Whether a run finds a description of itself in a file (`run_context_file`).
    var writesRunContext = false
    var tunnels: [TunnelConfiguration] = []
    var services: [ServiceConfiguration] = []
    /// Where algorithms may connect to; nil for nowhere.
    var allowList: AllowList?
    /// Addresses of names (`node_extra_hosts`).
    var extraHosts: [String: String] = [:]
    /// Variables of the node's own process (`node_extra_env`).
    var extraEnvironment: [String: String] = [:]
    /// How often metrics are sent to any server (`prometheus`); nil where that is not asked for.
    var metricsInterval: Duration?
    /// Whether a server of ours, which keeps it for its users, is told how busy the machine is.
    var sharesLoad = true
    /// How often it is told.
    static let loadPause = Duration.seconds(60)
    var isolation = IsolationConfiguration()
    var housekeeping = HousekeepingConfiguration()
    /// How many runs compute at the same time.
    var parallelRuns: Int
    /// Which engine: `auto`, `docker`, `podman`, or an address.
    var runtime = "auto"
    /// Where journal, run folders and copies of databases lie.
    var dataFolder: String
    var log = LogConfiguration()
}
