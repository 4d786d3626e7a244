// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the node asks of whatever runs containers.
protocol ContainerEngine: Sendable {
    /// Whether it answers, and who it is.
    func version() async throws -> EngineVersion
    /// Fetches an image from its registry. Ends when it is there.
    func pull(_ image: ImageReference, credential: RegistryCredential?) async throws
    /// A local image; nil when there is none.
    func image(_ reference: String) async throws -> EngineImage?
    /// The local images whose name begins with a repository.
    func images(named repository: String) async throws -> [(name: String, bytes: Int)]
    /// The bytes of a local image; nil when there is none.
    func size(ofImage reference: String) async throws -> Int?
    /// Removes a name of a local image; one that a container uses is refused, one that is not there is fine.
    func removeImage(_ name: String) async throws
    /// The digest that the registry has now for an image.
    func registryDigest(_ image: ImageReference, credential: RegistryCredential?) async throws -> String
    /// Loads images from an archive as `docker save` makes it.
    func load(archive: Data) async throws
    /// Creates a container; a name that is taken is ``EngineError/isConflict``.
    func create(_ specification: ContainerSpecification) async throws -> String
    /// Gives a container another name.
    func rename(_ container: String, to name: String) async throws
    /// Starts a container; one that already runs is fine.
    func start(_ container: String) async throws
    /// What a container does; nil when there is none.
    func state(_ container: String) async throws -> ContainerState?
    /// Where the ports of a container can be reached; nil when there is no such container.
    func endpoints(_ container: String) async throws -> ContainerEndpoints?
    /// Ends a container at once, and leaves it there; one that does not run is fine.
    func kill(_ container: String) async throws
    /// Waits until a container has ended, and gives its exit code.
    func wait(_ container: String) async throws -> Int
    /// The log from its beginning, as framed bytes for ``LogDemultiplexer``; with `follow` until the container ends.
    func logs(_ container: String, follow: Bool) async throws -> AsyncThrowingStream<Data, any Error>
    /// Removes a container, running or not; one that is not there is fine.
    func remove(_ container: String) async throws
    /// All containers that carry all of the labels.
    func containers(labels: [String: String]) async throws -> [ContainerSummary]
    /// The volumes that carry all of the labels and that no container uses.
    func volumes(labels: [String: String]) async throws -> [String]
    /// Removes a volume; one that is not there is fine.
    func removeVolume(_ name: String) async throws
    /// Checks a registry login.
    func signIn(_ credential: RegistryCredential) async throws
}

/// What an engine says about itself.
struct EngineVersion: Sendable, Hashable {
    /// Its name and version, for people.
    let product: String
    /// The version of the API that is spoken with it.
    let api: String
}

/// A local image.
struct EngineImage: Sendable, Hashable {
    /// `sha256:…` of its configuration.
    let id: String
    /// `name@sha256:…` for each repository it was pulled from or pushed to.
    let repositoryDigests: [String]
    /// Entry point and arguments, as its makers set them.
    let command: [String]
    /// Folders that its makers want on volumes.
    let volumes: [String]
}

/// What a container does.
struct ContainerState: Sendable, Hashable {
    let id: String
    /// What it does, in the word of the engine: `created`, `running`, `exited`.
    let status: String
    let exitCode: Int
    /// Whether the engine ever started it.
    let hasStarted: Bool
    let exceededMemory: Bool
    let labels: [String: String]
    /// What the engine has to say about a failed start.
    let error: String

    var isRunning: Bool { ["running", "paused", "restarting"].contains(status) }
}

/// An item of a list of containers.
struct ContainerSummary: Sendable, Hashable {
    let id: String
    let name: String
    let labels: [String: String]
    /// `created`, `running`, `exited`.
    let state: String
    /// What it was created from.
    var image = ""
}

/// Why the engine did not do it.
struct EngineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The HTTP status; nil when the engine could not be reached.
    let status: Int?
    let message: String

    /// A container of that name exists.
    var isConflict: Bool { status == 409 }
    var isMissing: Bool { status == 404 }
    /// Worth another attempt: the engine was away or had a fault of its own.
    var isTransient: Bool { status.map { $0 >= 500 } ?? true }

    var description: String { message }
}
