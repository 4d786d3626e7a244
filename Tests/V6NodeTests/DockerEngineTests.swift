// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import V6Kit

@testable import V6Node

/// The engine that answers on this machine, if one does.
enum LocalEngine {
    static let candidates = EngineLocation.candidates(runtime: "auto", environment: ProcessInfo.processInfo.environment)

    static var isThere: Bool {
        candidates.contains { location in
            guard let socket = location.socket else { return true }
            return FileManager.default.isWritableFile(atPath: socket)
        }
    }

    /// The relay's program, where the build put it.
    static var relay: String? {
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folders = [URL(fileURLWithPath: executable).deletingLastPathComponent().path, ".build/debug"]
        return folders.map { "\($0)/v6-relay" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

@Suite(.enabled(if: LocalEngine.isThere, "no container engine answers: set DOCKER_HOST or start Docker"))
struct DockerEngineTests {
    private let transport = CurlTransport()

    private func connect() async throws -> DockerEngine {
        try await DockerEngine.connect(to: LocalEngine.candidates, transport: transport)
    }

    /// An image of nothing but the given program.
    private func relayImage(in engine: DockerEngine) async throws -> RelayImage {
        let path = try #require(LocalEngine.relay, "v6-relay is not built: swift build --product v6-relay")
        let binary = try #require(FileManager.default.contents(atPath: path))
        let image = RelayImage(binary: binary)
        try await image.ensure(in: engine)
        return image
    }

    private func specification(_ image: RelayImage, _ name: String, command: [String]) -> ContainerSpecification {
        ContainerSpecification(
            name: name, image: image.name, command: command, labels: ["v6-test": name], network: "none",
            limits: ResourceLimits(memory: 32 << 20, processes: 8))
    }

    @Test func theVersionIsAgreed() async throws {
        let version = try await connect().version()
        #expect(version.api.split(separator: ".").compactMap { Int($0) }.count == 2)
    }

    @Test func anEngineThatIsNotThereIsNamed() async throws {
        let error = await #expect(throws: EngineError.self) {
            let location = try #require(EngineLocation("unix:///nowhere/docker.sock"))
            _ = try await DockerEngine.connect(to: [location], transport: transport)
        }
        #expect(error?.message.contains("/nowhere/docker.sock") == true)
        #expect(error?.message.contains("DOCKER_HOST") == true)
    }

    @Test func theRelayImageIsLoadedOnce() async throws {
        let engine = try await connect()
        let image = try await relayImage(in: engine)
        let first = try #require(try await engine.image(image.name))
        try await image.ensure(in: engine)
        #expect(try await engine.image(image.name) == first)
    }

    @Test func aContainerLivesAndEnds() async throws {
        let engine = try await connect()
        let image = try await relayImage(in: engine)
        let name = "v6-test-\(UUID().uuidString.prefix(8))"
        // Wrong use: the program says how it is used and ends with 64.
        let id = try await engine.create(specification(image, name, command: ["nonsense"]))
        let error = await #expect(throws: EngineError.self) {
            try await engine.create(specification(image, name, command: []))
        }
        #expect(error?.isConflict == true)
        #expect(try await engine.state(name)?.hasStarted == false)
        try await engine.start(id)
        #expect(try await engine.wait(name) == 64)
        let state = try #require(try await engine.state(name))
        #expect(state.hasStarted && !state.isRunning && state.exitCode == 64)
        var demultiplexer = LogDemultiplexer()
        var log = Data()
        for try await piece in try await engine.logs(name, follow: true) { log.append(demultiplexer.feed(piece)) }
        #expect(String(decoding: log, as: UTF8.self).contains("usage: v6-relay"))
        #expect(try await engine.containers(labels: ["v6-test": name]).map(\.name) == [name])
        try await engine.remove(name)
        #expect(try await engine.state(name) == nil)
        try await engine.remove(name)
    }

    @Test func aVolumeIsKnownByItsLabelsAndRemoved() async throws {
        let engine = try await connect()
        let image = try await relayImage(in: engine)
        let name = "v6-test-\(UUID().uuidString.prefix(8))"
        var specification = specification(image, name, command: [])
        specification.volumes = ["/data"]
        _ = try await engine.create(specification)
        #expect(try await engine.volumes(labels: ["v6-test": name]).isEmpty)
        try await engine.remove(name)
        #expect(try await engine.volumes(labels: ["v6-test": name]) == specification.volumeNames)
        for volume in specification.volumeNames { try await engine.removeVolume(volume) }
        #expect(try await engine.volumes(labels: ["v6-test": name]).isEmpty)
        try await engine.removeVolume("v6-test-none")
    }

    @Test func anImageThatDoesNotExistCannotBePulled() async throws {
        let engine = try await connect()
        let error = await #expect(throws: EngineError.self) {
            // Nobody listens at port 1.
            try await engine.pull(ImageReference("127.0.0.1:1/none/such:1"), credential: nil)
        }
        #expect(error?.message.isEmpty == false)
    }
}
