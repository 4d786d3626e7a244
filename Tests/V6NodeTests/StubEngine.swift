// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

@testable import V6Node

/// A container engine in memory: its algorithms write a result the moment they are started.
final class StubEngine: ContainerEngine {
    struct Container: Sendable {
        let specification: ContainerSpecification
        var status = "created"
        var exitCode = 0
        var hasStarted = false
    }

    private struct State {
        var containers: [String: Container] = [:]
        var starts: [String: Int] = [:]
        var creations: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let step: @Sendable (String) async throws -> Void
    private let exitCode: Int
    private let pullFailure: EngineError?
    /// Whether images are there that were not pulled.
    private let hasImages: Bool
    /// Images that somebody else removed.
    private let goneImages: Set<String>
    /// Whether algorithms run on until somebody ends them.
    private let endless: Bool
    private let strayVolumes: [String]
    /// Folders that images want on volumes.
    private let imageVolumes: [String]

    /// An engine; `step` is called before and after each change, for tests that end the node there.
    init(
        exitCode: Int = 0, pullFailure: EngineError? = nil, hasImages: Bool = false, goneImages: Set<String> = [],
        endless: Bool = false, strayVolumes: [String] = [], imageVolumes: [String] = [],
        step: @escaping @Sendable (String) async throws -> Void = { _ in }
    ) {
        self.exitCode = exitCode
        self.pullFailure = pullFailure
        self.hasImages = hasImages
        self.goneImages = goneImages
        self.endless = endless
        self.strayVolumes = strayVolumes
        self.imageVolumes = imageVolumes
        self.step = step
    }

    /// How often a container of this name was started.
    func starts(_ name: String) -> Int { state.withLock { $0.starts[name] ?? 0 } }
    var containers: [String: Container] { state.withLock { $0.containers } }
    func forget(_ name: String) { state.withLock { $0.containers[name] = nil } }

    func version() async throws -> EngineVersion { EngineVersion(product: "stub", api: "1.41") }
    func pull(_ image: ImageReference, credential: RegistryCredential?) async throws {
        try await step("pull")
        if let pullFailure { throw pullFailure }
    }
    func image(_ reference: String) async throws -> EngineImage? {
        pullFailure == nil || hasImages
            ? EngineImage(
                id: "sha256:1", repositoryDigests: ["example/algorithm@sha256:2"], command: ["/algorithm"],
                volumes: imageVolumes)
            : nil
    }
    func registryDigest(_ image: ImageReference, credential: RegistryCredential?) async throws -> String {
        if let pullFailure { throw pullFailure }
        return "sha256:2"
    }
    func images(named repository: String) async throws -> [(name: String, bytes: Int)] {
        [("\(repository):old", 1), ("\(repository):new", 2)]
    }
    func size(ofImage reference: String) async throws -> Int? { goneImages.contains(reference) ? nil : 1000 }
    func removeImage(_ name: String) async throws {}
    func load(archive: Data) async throws {}
    func volumes(labels: [String: String]) async throws -> [String] { strayVolumes }
    func removeVolume(_ name: String) async throws { try await step("remove volume \(name)") }
    func signIn(_ credential: RegistryCredential) async throws {
        if let pullFailure { throw pullFailure }
    }

    func create(_ specification: ContainerSpecification) async throws -> String {
        try await step("create \(specification.name)")
        try state.withLock {
            guard $0.containers[specification.name] == nil else {
                throw EngineError(status: 409, message: "name is taken")
            }
            $0.containers[specification.name] = Container(specification: specification)
            $0.creations[specification.name, default: 0] += 1
        }
        try await step("created \(specification.name)")
        return specification.name
    }

    func rename(_ container: String, to name: String) async throws {
        try await step("rename \(container)")
        try state.withLock {
            guard let found = $0.containers.removeValue(forKey: container) else {
                throw EngineError(status: 404, message: "no such container")
            }
            $0.containers[name] = found
        }
        try await step("renamed \(container)")
    }

    func start(_ container: String) async throws {
        try await step("start \(container)")
        let mounts: [ContainerSpecification.Mount] = try state.withLock {
            guard var found = $0.containers[container] else {
                throw EngineError(status: 404, message: "no such container")
            }
            guard found.status != "running" else { return [] }
            let isRelay = container.hasSuffix("-helper")
            found.hasStarted = true
            found.status = isRelay || endless ? "running" : "exited"
            found.exitCode = exitCode
            $0.containers[container] = found
            $0.starts[container, default: 0] += 1
            return isRelay ? [] : found.specification.mounts
        }
        func source(_ target: String) -> URL? {
            mounts.first { $0.target.hasSuffix(target) }.map { URL(fileURLWithPath: $0.source) }
        }
        if let output = source("/output") { try Data(#"{"n": 1}"#.utf8).write(to: output) }
        if let status = source("/.v6/status") {
            try Data((endless ? "began\nrunning\n" : "began\nrunning\nended \(exitCode)\n").utf8).write(to: status)
        }
        try await step("started \(container)")
    }

    func state(_ container: String) async throws -> ContainerState? {
        state.withLock {
            $0.containers[container].map {
                ContainerState(
                    id: container, status: $0.status, exitCode: $0.exitCode, hasStarted: $0.hasStarted,
                    exceededMemory: false, labels: $0.specification.labels, error: "")
            }
        }
    }

    func endpoints(_ container: String) async throws -> ContainerEndpoints? { nil }
    func kill(_ container: String) async throws {
        state.withLock {
            guard $0.containers[container]?.status == "running" else { return }
            $0.containers[container]?.status = "exited"
            $0.containers[container]?.exitCode = 137
        }
    }

    /// Lets an algorithm that runs come to its end.
    func finish(_ container: String) throws {
        let mounts = state.withLock { $0.containers[container]?.specification.mounts } ?? []
        for mount in mounts where mount.target.hasSuffix("/.v6/status") {
            try Data("began\nrunning\nended 0\n".utf8).write(to: URL(fileURLWithPath: mount.source))
        }
        state.withLock {
            $0.containers[container]?.status = "exited"
            $0.containers[container]?.exitCode = 0
        }
    }

    func wait(_ container: String) async throws -> Int {
        while true {
            guard let found = try await state(container) else {
                throw EngineError(status: 404, message: "no such container")
            }
            if !found.isRunning { return found.exitCode }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    func logs(_ container: String, follow: Bool) async throws -> AsyncThrowingStream<Data, any Error> {
        AsyncThrowingStream { continuation in
            continuation.yield(Data([1, 0, 0, 0, 0, 0, 0, 6]) + Data("hello\n".utf8))
            continuation.finish()
        }
    }

    func remove(_ container: String) async throws {
        try await step("remove \(container)")
        state.withLock { $0.containers[container] = nil }
    }

    func containers(labels: [String: String]) async throws -> [ContainerSummary] {
        state.withLock {
            $0.containers.filter { container in
                labels.allSatisfy { container.value.specification.labels[$0.key] == $0.value }
            }
            .map {
                ContainerSummary(
                    id: $0.key, name: $0.key, labels: $0.value.specification.labels, state: $0.value.status)
            }
        }
    }
}
