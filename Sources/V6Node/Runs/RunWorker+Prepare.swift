// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

extension RunWorker {
    /// Policy, input, token, image, relay, files: everything that can be done before the container exists.
    func prepare() async throws -> RunMachine.Event {
        let decision = await services.policy.decide(
            .init(image: run.image, user: run.initUserID, organization: run.initOrganizationID, store: run.storeID))
        guard decision.isAllowed else {
            logger.warning("refused by policy: \(decision.refusal)")
            return .rejected(.notAllowed, note: decision.refusal)
        }
        if let refusal = await services.disk.refusal() { return .rejected(.failed, note: refusal) }
        let input: Data?
        do { input = try await readInput() } catch let error as CryptographyError {
            logger.warning("the input cannot be opened: \(error)")
            return .rejected(
                .failed,
                note: """
                    The node cannot decrypt the input of this task. It was encrypted for another key than the node's; the \
                    organization's public key may have changed since the task was created.
                    """)
        }
        let missing = run.databases.map(\.label).filter { label in
            !services.catalog.databases.contains { $0.label == label }
        }
        if !missing.isEmpty {
            logger.warning(
                "the task asks for databases that this node does not have: \(missing.joined(separator: ", "))")
        }
        do { _ = try environment() } catch { return .rejected(.failed, note: "\(error)") }
        let context: RunContext?
        do { context = try runContext(input) } catch let error as RunContext.Problem {
            return .rejected(.startFailed, note: "\(error)")
        }

        async let token = containerToken()
        async let relay: Void = ensureRelay(afresh: true)
        let image: String
        do {
            image = try await resolveImage()
        } catch let error as ImageUnavailable {
            _ = try? await token
            _ = try? await relay
            return .rejected(.noDockerImage, note: error.description)
        }
        do {
            try folder.prepare(
                input: input, token: try await token, hosts: services.outlets.plan.hosts, context: context,
                databases: services.catalog.mounts(for: run.databases))
        } catch let error as APIError {
            _ = try? await relay
            if try await services.link.isFinished(run: run.id) != false { return .withdrawn }
            return .rejected(.failed, note: "The node could not obtain a token for the algorithm: \(error.message)")
        }
        do {
            try await relay
            noteFresh(.relay)
        } catch let error as EngineError {
            return .rejected(.startFailed, note: "The container engine could not start the relay of the run: \(error)")
        }
        return .prepared(image: image)
    }

    /// The input; nil when it was large and lies in its file by now.
    private func readInput() async throws -> Data? {
        guard run.usesBlobs, !run.input.isEmpty else { return try services.payload.open(run.input) }
        try folder.open()
        try await services.link.download(
            "/blobstream/\(run.input)", to: paths.input, BlobOpener(key: services.payload.key))
        return nil
    }

    private func runContext(_ input: Data?) throws -> RunContext? {
        guard services.configuration.writesRunContext else { return nil }
        return try RunContext(
            run, input: try input ?? Data(contentsOf: URL(fileURLWithPath: paths.input)),
            databases: services.catalog.databases, identity: services.identity)
    }

    /// The environment of the container.
    nonisolated func environment() throws -> RunEnvironment {
        var extra = services.outlets.plan.environment
        extra.merge(services.configuration.algorithmEnvironment) { $1 }
        if services.configuration.writesRunContext { extra[RunContext.variable] = nil }
        return try RunEnvironment(
            runID: run.id, requested: run.databases, databases: services.catalog.databases,
            extra: extra)
    }

    private func containerToken() async throws -> String {
        let answer = try await services.link.insist(
            "POST", "/token/container", body: ["task_id": JSONValue(run.taskID), "image": .string(run.image)])
        guard let token = answer["container_token"]?.stringValue else {
            throw APIError(kind: .invalid, message: "the server gave none", request: "POST /token/container")
        }
        return token
    }

    /// Why there is no image to run.
    private struct ImageUnavailable: Error, CustomStringConvertible {
        let description: String
    }

    /// Fetches the image and says what exactly will run: what was checked is what runs.
    private func resolveImage() async throws -> String {
        let reference = ImageReference(run.image)
        if reference.digest != nil, try await engineImage(reference.pullName) != nil { return reference.pullName }
        let credential = services.configuration.credential(for: reference)
        var failure: String?
        do {
            logger.info("pulling \(reference.pullName)")
            try await whileEngineIsAway {
                try await self.services.pulls.join(reference.pullName) { [engine = self.services.engine] in
                    try await engine.pull(reference, credential: credential)
                }
            }
        } catch let error as EngineError {
            failure = error.message
        }
        let local = try await whileEngineIsAway { try await self.services.engine.image(reference.pullName) }
        if let failure, local == nil || services.configuration.policy.requiresPull {
            let kept =
                local == nil
                ? "" : " A local copy exists, but this node's policy \"require_algorithm_pull\" demands a fresh pull."
            let advice =
                RegistryFault(registry: reference.registry, message: failure).advice
                    ?? """
                    Check that its name and tag are right, that it was pushed, and that the registry \(reference.registry) is up and \
                    lets this node in.
                    """
            throw ImageUnavailable(
                description: """
                    The image \(run.image) could not be pulled: \(failure).\(kept) \(advice)
                    """)
        }
        guard let local else {
            throw ImageUnavailable(description: "The image \(run.image) is not there after the pull.")
        }
        let pinned = local.repositoryDigests.first { ImageReference($0).repository == reference.repository }
        let name = pinned ?? local.id
        noteImage(name, local)
        return name
    }

    /// Makes sure that the relay of the run is there and runs; `afresh` replaces one that an earlier attempt left.
    ///
    /// An engine that was killed while it started a container can hold it for begun and refuse it for ever. A relay does
    /// nothing by itself, so another one is as good.
    func ensureRelay(afresh: Bool) async throws {
        var attempts = 3
        while true {
            do { return try await makeRelay(afresh: afresh) } catch let error as EngineError where attempts > 1 {
                attempts -= 1
                logger.warning("the relay could not be started, and is made anew: \(error)")
            }
        }
    }

    private func makeRelay(afresh: Bool) async throws {
        let name = services.relayName(run.id)
        let known = record.relay
        let relay = try await whileEngineIsAway {
            if let state = try await self.services.engine.state(name) {
                if state.isRunning, !afresh, let known { return RelayPool.Relay(id: known, container: name) }
                try await self.services.engine.remove(name)
            }
            if let known, !afresh {
                return try await self.services.relays.make(id: known, container: name, run: self.run.id)
            }
            return try await self.services.relays.take(for: name, run: self.run.id)
        }
        if relay.id != known { await noteRelay(relay.id) }
    }

    /// Repeats something while the engine does not answer; what it refuses is thrown.
    func whileEngineIsAway<Value: Sendable>(
        _ operation: @Sendable () async throws -> Value
    ) async throws -> Value {
        var backoff = Backoff(first: .milliseconds(200), limit: .seconds(5))
        while true {
            do {
                return try await operation()
            } catch let error as EngineError where error.status == nil {
                if backoff.attempts == 0 { logger.warning("\(error)") }
                try await Task.sleep(for: backoff.next())
            } catch let error as TransportError {
                if backoff.attempts == 0 { logger.warning("the container engine broke off: \(error)") }
                try await Task.sleep(for: backoff.next())
            }
        }
    }
}
