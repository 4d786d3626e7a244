// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A task to create, with its input in clear; ``Resource/create(_:)`` encrypts it where the collaboration wants that.
public struct TaskRequest: Sendable, Hashable {
    /// A database the task asks for.
    public struct Database: Sendable, Hashable {
        /// The label the nodes know it by.
        public var label: String
        /// Further wishes: `query`, `sheet_name`, `preprocessing`.
        public var parameters: JSONObject

        /// A database by its label.
        public init(label: String, parameters: JSONObject = [:]) {
            self.label = label
            self.parameters = parameters
        }
    }

    public var name: String
    public var description: String
    public var image: String
    public var collaboration: Int
    public var study: Int?
    /// The algorithm store that names the image; the server resolves it there to a digest.
    public var store: Int?
    /// The identifiers of the organizations that run the task.
    public var organizations: [Int]
    public var databases: [Database]
    public var input: TaskInput

    /// A task from its parts.
    public init(
        name: String, description: String = "", image: String, collaboration: Int, study: Int? = nil,
        store: Int? = nil, organizations: [Int], databases: [Database] = [], input: TaskInput
    ) {
        self.name = name
        self.description = description
        self.image = image
        self.collaboration = collaboration
        self.study = study
        self.store = store
        self.organizations = organizations
        self.databases = databases
        self.input = input
    }
}

extension TaskRequest {
    /// The body of `POST /task` with the inputs inside it.
    ///
    /// `keys` are the public keys of the organizations, for an encrypted collaboration; nil for an open one.
    /// - Throws: ``CryptographyError`` when an organization has no key.
    public func body(keys: [Int: PublicKey]?) throws(CryptographyError) -> JSONValue {
        var inputs: [(organization: Int, text: String)] = []
        for organization in organizations {
            let text =
                if let key = try key(of: organization, in: keys) {
                    try Envelope.seal(input.data, for: key)
                } else {
                    PlainText.encode(input.data)
                }
            inputs.append((organization, text))
        }
        return body(inputs: inputs)
    }

    /// The input for one organization as it goes into a blob store.
    func blob(for organization: Int, keys: [Int: PublicKey]?) throws(CryptographyError) -> Data {
        if let key = try key(of: organization, in: keys) { return try Envelope.sealBlob(input.data, for: key) }
        return Data(PlainText.encode(input.data).utf8)
    }

    func body(inputs: [(organization: Int, text: String)]) -> JSONValue {
        var members: JSONObject = [
            "name": .string(name), "description": .string(description), "image": .string(image),
            "collaboration_id": JSONValue(collaboration),
            "organizations": .array(inputs.map { ["id": JSONValue($0.organization), "input": .string($0.text)] }),
        ]
        members["study_id"] = study.map { JSONValue($0) }
        members["store_id"] = store.map { JSONValue($0) }
        members["databases"] = .array(
            databases.map { database in
                var entry: JSONObject = ["label": .string(database.label)]
                for (key, value) in database.parameters { entry[key] = value }
                return .object(entry)
            })
        return .object(members)
    }

    private func key(of organization: Int, in keys: [Int: PublicKey]?) throws(CryptographyError) -> PublicKey? {
        guard let keys else { return nil }
        guard let key = keys[organization] else {
            throw CryptographyError(
                .invalidKey,
                "organization \(organization) has no public key, so nothing can be encrypted for it; "
                    + "its node uploads the key when it starts")
        }
        return key
    }
}

extension Resource<AlgorithmTask> {
    /// Creates a task: fetches what is needed of the collaboration and the organizations' keys, encrypts, sends.
    /// - Throws: ``APIError``, ``CryptographyError``.
    public func create(_ request: TaskRequest) async throws -> AlgorithmTask {
        try await client.send("POST", "/task", body: try await storedBody(for: request))
    }

    /// The body that ``create(_:)`` sends to a server without a blob store; changes nothing there.
    /// - Throws: ``APIError``, ``CryptographyError``.
    public func body(for request: TaskRequest) async throws -> JSONValue {
        try request.body(keys: try await keys(for: request))
    }

    /// The body that ``create(_:)`` sends; puts the inputs into the server's blob store first where it has one.
    /// - Throws: ``APIError``, ``CryptographyError``.
    public func storedBody(for request: TaskRequest) async throws -> JSONValue {
        let keys = try await keys(for: request)
        guard try await client.usesBlobStore() else { return try request.body(keys: keys) }
        var inputs: [(organization: Int, text: String)] = []
        for organization in request.organizations {
            let blob = try request.blob(for: organization, keys: keys)
            inputs.append((organization, try await client.uploadBlob(blob)))
        }
        return request.body(inputs: inputs)
    }

    /// The public keys of the addressed organizations; nil when the collaboration does not encrypt.
    private func keys(for request: TaskRequest) async throws -> [Int: PublicKey]? {
        guard try await client.collaborations.get(request.collaboration).encrypted else { return nil }
        var keys: [Int: PublicKey] = [:]
        for id in request.organizations {
            let organization = try await client.organizations.get(id)
            if let wire = organization.publicKey, !wire.isEmpty { keys[id] = try PublicKey(wire: wire) }
        }
        return keys
    }

    /// Kills a task: all of its unfinished runs and those of its subtasks.
    /// - Throws: ``APIError``.
    public func kill(_ id: Int) async throws {
        _ = try await client.call("POST", "/kill/task", body: ["id": JSONValue(id)])
    }
}
