// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The way to the engine that the configuration means, for the node and its commands.
struct EngineAccess: Sendable {
    /// The configuration's `runtime`.
    let runtime: String
    let environment: [String: String]
    let transport: any HTTPTransport

    init(_ configuration: NodeConfiguration, environment: [String: String], transport: any HTTPTransport) {
        runtime = configuration.runtime
        self.environment = environment
        self.transport = transport
    }

    /// Finds the engine; where none answers and Podman is installed, its API service is started.
    ///
    /// The service of a command ends by itself when nobody has called for ten seconds.
    /// - Throws: ``EngineError`` that names every place that was tried and what to do.
    func connect() async throws -> DockerEngine { try await open(endingAfter: 10).engine }

    /// The same for a node: what it started, it has to keep.
    func connectForGood() async throws -> (engine: DockerEngine, started: (PodmanService, ChildProcess)?) {
        try await open(endingAfter: 0)
    }

    private func open(
        endingAfter seconds: Int
    ) async throws -> (engine: DockerEngine, started: (PodmanService, ChildProcess)?) {
        do {
            let places = EngineLocation.candidates(runtime: runtime, environment: environment)
            return (try await DockerEngine.connect(to: places, transport: transport), nil)
        } catch let error as EngineError {
            guard let service = PodmanService(runtime: runtime, environment: environment) else { throw error }
            let (engine, process) = try await service.start(endingAfter: seconds, transport: transport)
            return (engine, (service, process))
        }
    }
}
