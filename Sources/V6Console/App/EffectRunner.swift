// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import V6Kit

/// Does what the model asked for, in tasks of its own, and posts what came of it.
final class EffectRunner: Sendable {
    let mailbox: Mailbox
    /// The node on this machine, where this is its console.
    private let node: NodeControl?
    private let state: Mutex<State>

    private struct State {
        var session: ConsoleSession?
        /// Makes other sessions; of the profile in use.
        var opener: SessionOpener
        /// The access token as it was last stored.
        var storedToken: String?
        var connection: Task<Void, Never>?
        /// The question to the server whose address is being typed.
        var probe: Task<Void, Never>?
        /// The log of a run at the node, as it comes.
        var log: Task<Void, Never>?
        var work: [Effect: Task<Void, Never>] = [:]
    }

    init(mailbox: Mailbox, session: ConsoleSession?, node: NodeControl? = nil, opener: SessionOpener) {
        self.node = node
        self.mailbox = mailbox
        state = Mutex(State(session: session, opener: opener, storedToken: session?.storedToken))
    }

    var session: ConsoleSession? { state.withLock { $0.session } }
    private var opener: SessionOpener { state.withLock { $0.opener } }

    /// Starts an effect; its end is posted as a message.
    func start(_ effect: Effect) {
        switch effect {
        case .connect:
            connect()
        case .probe:
            probe(effect)
        case .abandon(let effects):
            state.withLock { state in
                for effect in effects { state.work.removeValue(forKey: effect)?.cancel() }
            }
        case .loadLater(let subject, let milliseconds):
            let mailbox = mailbox
            launch(effect) { [self] in
                try await Task.sleep(for: .milliseconds(milliseconds))
                mailbox.post(.finished(.load(subject), await outcome(of: .load(subject))))
            }
        default:
            let mailbox = mailbox
            launch(effect) { [self] in
                let outcome = await outcome(of: effect)
                try Task.checkCancellation()
                mailbox.post(.finished(effect, outcome))
            }
        }
    }

    /// Ends everything that runs.
    func stop() {
        let tasks = state.withLock { state in
            defer { state.work = [:] }
            return Array(state.work.values) + [state.connection, state.probe, state.log].compactMap { $0 }
        }
        for task in tasks { task.cancel() }
    }

    private func launch(_ effect: Effect, _ work: @escaping @Sendable () async throws -> Void) {
        state.withLock { state in
            // A second wish for the same later load replaces the first.
            state.work[effect]?.cancel()
            state.work[effect] = Task { [weak self] in
                do { try await work() } catch { return }
                self?.state.withLock { $0.work[effect] = nil }
            }
        }
    }

    /// Asks when nothing more was typed for a moment.
    private func probe(_ effect: Effect) {
        let mailbox = mailbox
        state.withLock { state in
            state.probe?.cancel()
            state.probe = Task { [self] in
                do { try await Task.sleep(for: .milliseconds(300)) } catch { return }
                let outcome = await outcome(of: effect)
                if !Task.isCancelled { mailbox.post(.finished(effect, outcome)) }
            }
        }
    }

    private func connect() {
        guard let session else { return }
        let mailbox = mailbox
        let recorder = opener.recorder
        state.withLock { state in
            state.connection?.cancel()
            state.connection = Task {
                for await signal in session.events().signals() {
                    if let recorder, case .event(let event) = signal {
                        do { try recorder.note(event) } catch { mailbox.post(.settingsFault("Not recorded: \(error)")) }
                    }
                    mailbox.post(.realtime(signal))
                }
            }
        }
    }

    /// Does an awaited effect and says what came of it.
    func outcome(of effect: Effect) async -> Message.Outcome {
        do {
            if case .signIn(let request) = effect { return try await signIn(request) }
            if case .probe(let server, let profile) = effect { return try await probe(server, profile: profile) }
            if case .checkKey(let path, let server, let username) = effect {
                let path = NSString(string: path).expandingTildeInPath
                let key = try KeyFile.privateKey(at: path).publicKey
                return .key(key, organization: rememberedKey(server: server, username: username))
            }
            if effect == .listSignIns { return .signIns(try opener.store.issued()) }
            if case .save(let export, let ending, let path, let mayRename) = effect {
                let data = Data(export.text(ending: ending).utf8)
                return .done("Saved \(try NewFile.write(data, path: path, mayRename: mayRename))")
            }
            if let node { return try await outcome(of: effect, at: node) }
            let opener = opener
            if effect == .listProfiles {
                let configuration = try ConsoleConfiguration.load(from: ConsolePaths(environment: opener.environment))
                return .profiles(configuration.profiles.map(\.name), current: opener.settings.profile)
            }
            if effect == .openSession { return try await openSession() }
            if case .useProfile(let name) = effect { return try await use(profile: name) }
            let templates = TemplateFolder(paths: ConsolePaths(environment: opener.environment))
            if effect == .listTemplates { return .templates(try templates.list()) }
            if case .saveTemplate(let name, let text) = effect {
                return .done("Template \(name) is in \(try templates.save(name, text: text))")
            }
            if case .deleteTemplate(let name) = effect {
                return .done("Template \(name) is deleted: \(try templates.delete(name)) is gone")
            }
            if case .renameTemplate(let name, let other) = effect {
                return .done("The template is in \(try templates.rename(name, to: other))")
            }
            if effect == .load(.templates) { return .loaded(.templates(try templates.list())) }
            guard let session else { throw Fault(kind: .unauthenticated, message: "You are not signed in.") }
            if case .load(.examination) = effect {
                if session.transport is RecordedTransport {
                    let nothing = "a recording is played: there is no server and no account to examine"
                    return .loaded(
                        .examination([Examination.Finding(check: "recording", finding: nothing, failure: nil)]))
                }
                return .loaded(.examination(await examination(of: session).findings()))
            }
            let pace = Pace()
            let service = ConsoleService(
                session: session, report: { [mailbox] in mailbox.post(.progress(effect, $0)) },
                reportBytes: { [mailbox] in if pace.isDue() { mailbox.post(.transfer(effect, $0)) } })
            defer { keepRenewed(session) }
            switch effect {
            case .load(let subject): return .loaded(try await service.load(subject))
            case .submit(let draft): return .created(try await service.submit(draft))
            case .rerun(let task, let runs): return .created(try await service.rerun(task: task, runs: runs))
            case .kill(let task):
                try await session.client.tasks.kill(task)
                return .done("The nodes were told to stop task \(task)")
            case .createNode(let collaboration, let organization, let name):
                let made = try await service.createNode(
                    collaboration: collaboration, organization: organization, name: name)
                return .secret(title: "API key of \(made.name)", text: made.key, node: made.id)
            case .resetKey(let node):
                let key = try await service.resetKey(node: node)
                return .secret(title: "New API key of node \(node)", text: key, node: node)
            case .change(let change):
                let answer = try await session.client.make(change)
                guard let kind = change.creates, let id = answer["id"]?.intValue else { return .done(change.done) }
                return .made(kind.place(of: id), change.done)
            default: return .done("")
            }
        } catch {
            return .failed(Fault(describing: error))
        }
    }

    private func outcome(of effect: Effect, at node: NodeControl) async throws -> Message.Outcome {
        switch effect {
        case .load(.site(.log(let run))):
            follow(run, at: node)
            return .loaded(.site(.null))
        case .load(.site(let part)): return .loaded(.site(try await node.get(part.address)))
        case .change(let change):
            try await node.send(change.method, change.path)
            return .done(change.done)
        default: throw Fault(kind: .rejected, message: "That needs a server; this is the console of a node.")
        }
    }

    /// Passes the log of a run on as it comes; the log of another run ends.
    private func follow(_ run: Int, at node: NodeControl) {
        let mailbox = mailbox
        state.withLock { state in
            state.log?.cancel()
            state.log = Task {
                do {
                    for try await piece in try await node.text("/runs/\(run)/log?follow=1") {
                        mailbox.post(.siteLog(run: run, String(decoding: piece, as: UTF8.self)))
                    }
                } catch {
                    // The end says enough: the screen asks anew, and tells when the node does not answer.
                }
                mailbox.post(.siteLog(run: run, nil))
            }
        }
    }

    /// The key of the user's organization, as the last session of that account left it.
    private func rememberedKey(server: String, username: String) -> String? {
        guard let address = try? ServerAddress(server, apiPath: opener.settings.apiPath) else { return nil }
        let identity = Identity(
            server: address.description, username: username, hasPrivateKey: false, isReadOnly: false)
        let cache = ListCache(paths: ConsolePaths(environment: opener.environment))
        guard let surroundings = cache.lists(of: identity)?.surroundings else { return nil }
        return surroundings.organizations.first { $0.id == surroundings.organizationID }?.publicKey
    }

    private func examination(of session: ConsoleSession) -> Examination {
        let opener = SessionOpener(
            settings: session.settings, environment: opener.environment, store: opener.store,
            transport: session.transport)
        return Examination(
            environment: opener.environment, terminal: .ofProcess(environment: opener.environment),
            now: { Timestamp.now() }, openly: { try opener.unauthenticated() },
            signedIn: { check in try await check(session) })
    }

    /// Stores tokens that the client renewed, so that the next start finds them.
    private func keepRenewed(_ session: ConsoleSession) {
        Task { [self] in
            guard let access = await session.client.tokens()?.access else { return }
            let (opener, before) = state.withLock { state in
                defer { state.storedToken = access }
                return (state.opener, state.storedToken)
            }
            guard let before, before != access else { return }
            do { try await opener.keepRenewed(session, before: before) } catch {
                mailbox.post(
                    .settingsFault("The renewed sign-in cannot be stored: \(Fault(describing: error).message)"))
            }
        }
    }

    private func openSession() async throws -> Message.Outcome {
        let session = try await opener.open()
        let identity = try Identity(of: session)
        state.withLock { $0.session = session }
        return .signedIn(identity)
    }

    private func use(profile name: String) async throws -> Message.Outcome {
        let opener = opener
        let settings = try settings(ofProfile: name)
        let other = SessionOpener(
            settings: settings, environment: ConsoleEnvironment(variables: [:]), store: opener.store,
            transport: opener.transport)
        let session: ConsoleSession
        do { session = try await other.open() } catch let failure as ConsoleFailure
            where failure.status == .unauthenticated
        {
            state.withLock { $0.opener = other.inside(opener.environment) }
            return .signInNeeded(settings)
        }
        let identity = try Identity(of: session)
        state.withLock { state in
            state.session = session
            state.opener = other.inside(opener.environment)
            state.storedToken = session.storedToken
        }
        return .signedIn(identity)
    }

    /// What the sign-in screen asks for: a profile's settings, or those of the start, for the server that stands there.
    private func settings(for server: String, profile: String?) throws -> AccountSettings {
        let opener = opener
        var settings = opener.settings
        if let profile, profile != settings.profile {
            settings = try self.settings(ofProfile: profile)
            settings.readOnly = settings.readOnly || opener.settings.readOnly
        }
        if profile == nil { settings.profile = nil }
        // Written otherwise, with the API's path say, it is still the server whose sign-in is kept under that name.
        if let known = settings.server,
            try ServerAddress(known, apiPath: settings.apiPath) == ServerAddress(server, apiPath: settings.apiPath)
        {
            return settings
        }
        settings.profile = nil
        settings.server = server
        return settings
    }

    /// A profile as it stands in the file: variables speak of the account at the start.
    private func settings(ofProfile name: String) throws -> AccountSettings {
        let environment = opener.environment
        return try AccountSettings(
            flags: AccountFlags(profile: name),
            environment: ConsoleEnvironment(variables: environment.variables.filter { $0.key == "HOME" }),
            configuration: ConsoleConfiguration.load(from: ConsolePaths(environment: environment)))
    }

    private func probe(_ server: String, profile: String?) async throws -> Message.Outcome {
        let opener = opener
        let settings = try settings(for: server, profile: profile)
        let other = SessionOpener(
            settings: settings, environment: opener.environment, store: opener.store, transport: opener.transport)
        let session = try other.unauthenticated()
        let clock = ContinuousClock()
        let begun = clock.now
        let version = try await session.client.serverVersion()
        let milliseconds = Int((clock.now - begun) / .milliseconds(1))
        let safety = session.address.root.hasPrefix("https:") ? "TLS" : "no TLS"
        return .greeted("reachable · vantage6 \(version) · \(safety) · \(milliseconds) ms")
    }

    private func signIn(_ request: SignInRequest) async throws -> Message.Outcome {
        let opener = opener
        var settings = try settings(for: request.server, profile: request.profile)
        settings.username = request.username
        let path = NSString(string: request.keyPath).expandingTildeInPath
        settings.privateKeyFile = request.keyPath.isEmpty ? nil : path
        let other = SessionOpener(
            settings: settings, environment: opener.environment, store: opener.store, transport: opener.transport)
        let session = try other.unauthenticated()
        let identity = try Identity(of: session)
        let answer: SignInOutcome
        do {
            answer = try await session.client.signIn(
                username: request.username, password: request.password, mfaCode: request.code)
        } catch let error as APIError where error.kind == .unauthenticated && request.code != nil {
            var fault = Fault(describing: error)
            // A code depends on the time: whoever's clock is off should hear it.
            let response = try await session.client.callOpenly("GET", "/version")
            fault.clock = ServerClock.lead(of: .now(), over: response)
            return .failed(fault)
        }
        switch answer {
        case .signedIn: break
        case .codeRequired(let message): return .codeRequired(message)
        case .enrolment(let uri, let secret, let message):
            return .failed(
                Fault(
                    kind: .rejected,
                    message: "\(message) Enrol this secret in an authenticator app, then sign in: \(secret) \(uri)",
                    isConfidential: true))
        }
        let tokens = await session.client.tokens()
        if !request.stays, let name = settings.credentialName {
            _ = try other.store.remove(name)
        } else if let tokens, let name = settings.credentialName {
            try other.store.save(
                Credentials(
                    server: session.address.root, username: request.username, accessToken: tokens.access,
                    refreshToken: tokens.refresh), for: name)
        }
        state.withLock { state in
            state.session = session
            state.opener = other
            state.storedToken = request.stays ? tokens?.access : nil
        }
        return .signedIn(identity)
    }
}
