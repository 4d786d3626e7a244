// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The Docker Engine API, as Docker 20.10 and later and Podman serve it.
struct DockerEngine: ContainerEngine {
    /// The newest version of the API that this client was written for.
    static let newestAPI = "1.47"

    let location: EngineLocation
    /// Podman asks for its own limits of files and processes, which not everybody may raise to: give it those of this process.
    ///
    /// Podman itself goes down to as many processes as the kernel has numbers for, and its containers cannot rise above that.
    private static let podmanLimits: [String: Int] = {
        let numbers = FileManager.default.contents(atPath: "/proc/sys/kernel/pid_max")
            .flatMap { Int(String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) }
        var limits: [String: Int] = [:]
        for (name, kind, most) in [("nofile", RLIMIT_NOFILE, 1 << 40), ("nproc", __RLIMIT_NPROC, numbers ?? 32_768)] {
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(kind.rawValue), &limit) == 0 else { continue }
            let hard = Int(clamping: limit.rlim_max)
            if min(hard, most) < 1 << 40 { limits[name] = min(hard, most) }
        }
        return limits
    }()

    /// What relays and the node itself need, where all processes of a user are counted together.
    private static let fewestProcesses = 512

    /// Where the node's files lie for the engine.
    var paths = HostPaths.same
    private let transport: any HTTPTransport
    private let api: String
    private var isPodman = false
    /// What this engine can do.
    private(set) var traits = EngineTraits()

    /// Finds an engine that answers, and agrees on a version of the API with it.
    /// - Throws: ``EngineError`` that names every place that was tried and what to do.
    static func connect(to candidates: [EngineLocation], transport: any HTTPTransport) async throws -> DockerEngine {
        var failures: [String] = []
        for location in candidates {
            let probe = DockerEngine(location: location, transport: transport, api: "")
            do {
                let version = try await probe.call("GET", "/version").json
                let offered = version["ApiVersion"]?.stringValue ?? "1.41"
                let api = [offered, newestAPI].min { $0.compare($1, options: .numeric) == .orderedAscending }
                var engine = DockerEngine(location: location, transport: transport, api: "/v" + (api ?? offered))
                engine.isPodman = version["Components"]?[0]?["Name"]?.stringValue?.contains("Podman") ?? false
                engine.traits = try await engine.findTraits()
                return engine
            } catch let error as EngineError {
                failures.append(error.message)
            }
        }
        let tried = failures.isEmpty ? "no socket is known" : failures.joined(separator: "; ")
        throw EngineError(
            status: nil,
            message: """
                no container engine answers (\(tried)). Install and start Docker ("apt-get install docker.io", "systemctl start \
                docker") or Podman ("systemctl --user start podman.socket"), or name its socket in DOCKER_HOST or in the \
                configuration's "runtime" key.
                """)
    }

    private func findTraits() async throws -> EngineTraits {
        guard isPodman else { return EngineTraits(docker: try await call("GET", "/info").json) }
        // The part of its API that only Podman has.
        let libpod = DockerEngine(location: location, transport: transport, api: "/v4.0.0/libpod")
        return EngineTraits(podman: try await libpod.call("GET", "/info").json)
    }

    func version() async throws -> EngineVersion {
        let version = try await call("GET", "/version").json
        let component = version["Components"]?[0]?["Name"]?.stringValue ?? "engine"
        let number = version["Version"]?.stringValue ?? "?"
        return EngineVersion(product: "\(component) \(number)", api: String(api.dropFirst(2)))
    }
}

// MARK: Images

extension DockerEngine {
    func pull(_ image: ImageReference, credential: RegistryCredential?) async throws {
        let name = Self.escape(image.pullName)
        let stream = try await open(
            "POST", "/images/create?fromImage=\(name)", headers: credential.map { [Self.authorization($0)] } ?? [])
        // The status is sent before the work begins: failures come as lines of the body.
        var lines = LineSplitter()
        var failure: String?
        for try await piece in stream.body {
            for line in lines.feed(piece) {
                if let message = (try? JSONValue(parsing: line))?["error"]?.stringValue { failure = message }
            }
        }
        if let failure { throw EngineError(status: 404, message: failure) }
    }

    func image(_ reference: String) async throws -> EngineImage? {
        do {
            let image = try await call("GET", "/images/\(Self.escape(reference))/json").json
            guard let id = image["Id"]?.stringValue else { return nil }
            let settings = image["Config"]
            let command = [settings?["Entrypoint"], settings?["Cmd"]].flatMap { $0?.arrayValue ?? [] }
            return EngineImage(
                id: id, repositoryDigests: (image["RepoDigests"]?.arrayValue ?? []).compactMap(\.stringValue),
                command: command.compactMap(\.stringValue),
                volumes: (settings?["Volumes"]?.objectValue ?? [:]).map(\.key))
        } catch let error as EngineError where error.isMissing {
            return nil
        }
    }

    func images(named repository: String) async throws -> [(name: String, bytes: Int)] {
        let filters = JSONValue.object(["reference": [.string(repository)]]).text()
        let items = try await call("GET", "/images/json?filters=\(Self.escape(filters))").json
        return (items.arrayValue ?? []).flatMap { item in
            (item["RepoTags"]?.arrayValue ?? []).compactMap { tag in
                tag.stringValue.map { ($0, item["Size"]?.intValue ?? 0) }
            }
        }
    }

    func size(ofImage reference: String) async throws -> Int? {
        do {
            return try await call("GET", "/images/\(Self.escape(reference))/json").json["Size"]?.intValue ?? 0
        } catch let error as EngineError where error.isMissing {
            return nil
        }
    }

    func removeImage(_ name: String) async throws {
        for name in try await tags(besides: name) + [name] {
            do {
                _ = try await call("DELETE", "/images/\(Self.escape(name))", timeout: .seconds(120))
            } catch let error as EngineError where error.isMissing {
                continue
            }
        }
    }

    /// The tags by which an image that is named by its digest was pulled: with one of them left, it would stay.
    private func tags(besides name: String) async throws -> [String] {
        let reference = ImageReference(name)
        guard reference.digest != nil else { return [] }
        do {
            let image = try await call("GET", "/images/\(Self.escape(name))/json").json
            return (image["RepoTags"]?.arrayValue ?? []).compactMap(\.stringValue)
                .filter { ImageReference($0).repository == reference.repository }
        } catch let error as EngineError where error.isMissing {
            return []
        }
    }

    func registryDigest(_ image: ImageReference, credential: RegistryCredential?) async throws -> String {
        let answer = try await call(
            "GET", "/distribution/\(Self.escape(image.pullName))/json",
            headers: credential.map { [Self.authorization($0)] } ?? [], timeout: .seconds(60))
        guard let digest = answer.json["Descriptor"]?["digest"]?.stringValue else {
            throw EngineError(status: 404, message: "the registry names no digest for \(image)")
        }
        return digest
    }

    func load(archive: Data) async throws {
        _ = try await call(
            "POST", "/images/load?quiet=1", headers: [("Content-Type", "application/x-tar")], body: archive,
            timeout: .seconds(120))
    }

    func signIn(_ credential: RegistryCredential) async throws {
        _ = try await call("POST", "/auth", json: credential.json, timeout: .seconds(60))
    }

    private static func authorization(_ credential: RegistryCredential) -> (name: String, value: String) {
        let text = credential.json.data().base64EncodedString()
        return ("X-Registry-Auth", text.replacing("+", with: "-").replacing("/", with: "_"))
    }
}

// MARK: Containers

extension DockerEngine {
    /// Finds out where the files of this process lie for the engine, if it runs in a container of it.
    func findPaths(containerName: String) async throws -> HostPaths {
        let answer = try await call("GET", "/containers/\(Self.escape(containerName))/json").json
        return HostPaths(
            mounts: (answer["Mounts"]?.arrayValue ?? []).compactMap { mount in
                guard let inside = mount["Destination"]?.stringValue, let onHost = mount["Source"]?.stringValue else {
                    return nil
                }
                return .init(inside: inside, onHost: onHost)
            })
    }

    func create(_ specification: ContainerSpecification) async throws -> String {
        var specification = specification
        if isPodman { specification.kernelLimits = Self.podmanLimits }
        if traits.unlimited.contains(.processes), let processes = specification.limits.processes {
            // The kernel's own limit counts all of the user's containers together; better one for all than none.
            let most = specification.kernelLimits["nproc"] ?? .max
            specification.kernelLimits["nproc"] = min(most, max(processes, Self.fewestProcesses))
        }
        specification.limits = specification.limits.kept(by: traits)
        specification.mounts = try specification.mounts.map { mount in
            guard let source = paths.onHost(mount.source) else {
                throw EngineError(
                    status: 400,
                    message:
                        "\(mount.source) lies in the node's own container, where the engine cannot find it; mount it")
            }
            return .init(source: source, target: mount.target, isReadOnly: mount.isReadOnly)
        }
        let answer = try await call(
            "POST", "/containers/create?name=\(Self.escape(specification.name))", json: specification.json,
            timeout: .seconds(120))
        guard let id = answer.json["Id"]?.stringValue else {
            throw EngineError(status: 500, message: "the engine created a container without an identifier")
        }
        return id
    }

    func rename(_ container: String, to name: String) async throws {
        _ = try await call("POST", "/containers/\(Self.escape(container))/rename?name=\(Self.escape(name))")
    }

    func start(_ container: String) async throws {
        _ = try await call("POST", "/containers/\(Self.escape(container))/start", timeout: .seconds(120))
    }

    func state(_ container: String) async throws -> ContainerState? {
        do {
            let answer = try await call("GET", "/containers/\(Self.escape(container))/json").json
            guard let id = answer["Id"]?.stringValue, let state = answer["State"] else { return nil }
            return ContainerState(
                id: id, status: state["Status"]?.stringValue ?? "", exitCode: state["ExitCode"]?.intValue ?? -1,
                hasStarted: Self.isMoment(state["StartedAt"]?.stringValue ?? ""),
                exceededMemory: state["OOMKilled"]?.boolValue ?? false,
                labels: Self.labels(answer["Config"]?["Labels"]), error: state["Error"]?.stringValue ?? "")
        } catch let error as EngineError where error.isMissing {
            return nil
        }
    }

    func endpoints(_ container: String) async throws -> ContainerEndpoints? {
        do {
            let answer = try await call("GET", "/containers/\(Self.escape(container))/json").json
            let networks = answer["NetworkSettings"]?["Networks"]?.objectValue ?? [:]
            // `5432/tcp`
            func number(_ name: String) -> Int? { name.hasSuffix("/udp") ? nil : Int(name.prefix { $0 != "/" }) }
            var ports = Set((answer["Config"]?["ExposedPorts"]?.objectValue ?? [:]).compactMap { number($0.key) })
            var published: [Int: [Int]] = [:]
            for (name, bindings) in answer["NetworkSettings"]?["Ports"]?.objectValue ?? [:] {
                guard let port = number(name) else { continue }
                ports.insert(port)
                published[port] = (bindings.arrayValue ?? []).compactMap {
                    $0["HostPort"]?.stringValue.flatMap(Int.init)
                }
            }
            // A container on the network of the host is where the node is.
            let isOnHost = answer["HostConfig"]?["NetworkMode"]?.stringValue == "host"
            let addresses = networks.compactMap { $0.value["IPAddress"]?.stringValue }.filter { !$0.isEmpty }
            return ContainerEndpoints(
                addresses: isOnHost ? ["127.0.0.1"] : addresses.sorted(),
                ports: ports.sorted(), published: published)
        } catch let error as EngineError where error.isMissing {
            return nil
        }
    }

    func kill(_ container: String) async throws {
        do {
            _ = try await call("POST", "/containers/\(Self.escape(container))/kill")
        } catch let error as EngineError where error.isMissing || error.isConflict {
            return
        }
    }

    /// The zero time of Go means never.
    private static func isMoment(_ text: String) -> Bool { !text.isEmpty && !text.hasPrefix("0001-01-01") }

    func wait(_ container: String) async throws -> Int {
        let answer = try await call("POST", "/containers/\(Self.escape(container))/wait", timeout: nil)
        guard let code = answer.json["StatusCode"]?.intValue else {
            throw EngineError(status: 500, message: "the engine gave no exit code")
        }
        return code
    }

    func logs(_ container: String, follow: Bool) async throws -> AsyncThrowingStream<Data, any Error> {
        try await open(
            "GET", "/containers/\(Self.escape(container))/logs?stdout=1&stderr=1&follow=\(follow ? 1 : 0)"
        ).body
    }

    func remove(_ container: String) async throws {
        do {
            _ = try await call(
                "DELETE", "/containers/\(Self.escape(container))?force=1&v=1", timeout: .seconds(120))
        } catch let error as EngineError where error.isMissing {
            return
        }
    }

    func containers(labels: [String: String]) async throws -> [ContainerSummary] {
        let filters = JSONValue.object(["label": Self.filter(labels)]).text()
        let items = try await call("GET", "/containers/json?all=1&filters=\(Self.escape(filters))").json
        return (items.arrayValue ?? []).compactMap { item in
            guard let id = item["Id"]?.stringValue else { return nil }
            let name = item["Names"]?[0]?.stringValue ?? ""
            return ContainerSummary(
                id: id, name: name.hasPrefix("/") ? String(name.dropFirst()) : name,
                labels: Self.labels(item["Labels"]),
                state: item["State"]?.stringValue ?? "", image: item["Image"]?.stringValue ?? "")
        }
    }

    func volumes(labels: [String: String]) async throws -> [String] {
        let filters = JSONValue.object(["dangling": ["true"], "label": Self.filter(labels)]).text()
        let answer = try await call("GET", "/volumes?filters=\(Self.escape(filters))").json
        return (answer["Volumes"]?.arrayValue ?? []).compactMap { $0["Name"]?.stringValue }
    }

    func removeVolume(_ name: String) async throws {
        do {
            _ = try await call("DELETE", "/volumes/\(Self.escape(name))", timeout: .seconds(120))
        } catch let error as EngineError where error.isMissing {
            return
        }
    }

    private static func filter(_ labels: [String: String]) -> JSONValue {
        .array(labels.sorted { $0.key < $1.key }.map { .string("\($0.key)=\($0.value)") })
    }

    private static func labels(_ value: JSONValue?) -> [String: String] {
        var labels: [String: String] = [:]
        for (key, value) in value?.objectValue ?? [:] { labels[key] = value.stringValue }
        return labels
    }
}

// MARK: Calls

extension DockerEngine {
    private struct Answer {
        let json: JSONValue
    }

    private func call(
        _ method: String, _ path: String, headers: [(name: String, value: String)] = [], json: JSONValue? = nil,
        body: Data? = nil, timeout: Duration? = .seconds(30)
    ) async throws -> Answer {
        var headers = headers
        if json != nil { headers.append(("Content-Type", "application/json")) }
        let response: HTTPResponse
        do {
            response = try await transport.send(
                request(method, path, headers: headers, body: json?.data() ?? body, timeout: timeout))
        } catch let error as TransportError {
            throw unreachable(error)
        }
        let value = response.body.isEmpty ? JSONValue.null : (try? JSONValue(parsing: response.body)) ?? .null
        guard response.status < 400 else { throw Self.refusal(response.status, value, response.body) }
        return Answer(json: value)
    }

    private func open(
        _ method: String, _ path: String, headers: [(name: String, value: String)] = []
    ) async throws -> HTTPStream {
        let stream: HTTPStream
        do {
            stream = try await transport.stream(request(method, path, headers: headers, body: nil, timeout: nil))
        } catch let error as TransportError {
            throw unreachable(error)
        }
        guard stream.status < 400 else {
            var body = Data()
            for try await piece in stream.body where body.count < 65_536 { body.append(piece) }
            throw Self.refusal(stream.status, (try? JSONValue(parsing: body)) ?? .null, body)
        }
        return stream
    }

    private func request(
        _ method: String, _ path: String, headers: [(name: String, value: String)], body: Data?, timeout: Duration?
    ) -> HTTPRequest {
        HTTPRequest(
            method: method, url: location.root + api + path, headers: headers,
            body: body ?? (method == "POST" ? Data() : nil),
            timeout: timeout, connectTimeout: .seconds(5), unixSocket: location.socket)
    }

    private static func refusal(_ status: Int, _ value: JSONValue, _ body: Data) -> EngineError {
        let message = value["message"]?.stringValue ?? String(decoding: body.prefix(300), as: UTF8.self)
        return EngineError(status: status, message: message.isEmpty ? "the engine answered \(status)" : message)
    }

    private func unreachable(_ error: TransportError) -> EngineError {
        EngineError(status: nil, message: "the container engine does not answer: \(error.message)")
    }

    private static func escape(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-._~/:@"))) ?? text
    }
}
