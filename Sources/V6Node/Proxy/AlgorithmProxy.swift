// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// What the proxy of one run does with a request: checks it, carries it to the server, encrypts and decrypts on the way.
///
/// The algorithm's own token goes along; the node's never does. Nothing is sent twice, and what the server answers is
/// passed on with its status.
struct AlgorithmProxy: Sendable {
    /// An answer to the algorithm.
    struct Answer: Sendable {
        let status: Int
        var contentType = "application/json"
        let body: Data
        /// What follows the body, where it comes piece by piece.
        var rest: AsyncThrowingStream<Data, any Error>?

        static func message(_ status: Int, _ text: String) -> Answer {
            Answer(status: status, body: JSONValue.object(["msg": .string(text)]).data())
        }
    }

    /// A request of the algorithm.
    struct Request: Sendable {
        let method: String
        let path: String
        /// As it was written, without the question mark.
        let query: String?
        let authorization: String?
        var contentType: String?
        /// `X-Public-Key`.
        var publicKey: String?
        let body: Data
    }

    let address: ServerAddress
    let transport: any HTTPTransport
    let payload: Payload
    /// Which keys inputs are encrypted for.
    let keys: KeyGuard
    /// Where blobs on their way are kept, and how many bytes one may have.
    let blobs: (folder: String, limit: Int)
    /// The only token that is accepted.
    let token: String
    /// Told when the algorithm created a subtask.
    let onSubtask: @Sendable () async -> Void
    let logger: Logger

    /// Answers a request.
    func respond(to request: Request) async -> Answer {
        let route = ProxyRoute(method: request.method, path: request.path)
        switch route {
        case .missing: return .message(404, "There is nothing at this address of the node's proxy")
        case .refused:
            return .message(403, "The node does not pass \(request.method) \(request.path) on to the server")
        case .createTask, .results, .result, .forward, .uploadBlob, .downloadBlob, .organization: break
        }
        guard isAuthorized(request) else { return Self.unauthorized }
        do {
            switch route {
            case .createTask: return try await createTask(request)
            case .results where Self.parameter("task_id", of: request.query) == nil:
                return .message(400, "Parameter task_id is missing")
            case .downloadBlob: return try await download(request)
            case .organization(let id):
                let answer = try await forward(request)
                remember(answer, organization: id)
                return answer
            case .results, .result: return decrypted(try await forward(request))
            default: return try await forward(request)
            }
        } catch let error as Refusal {
            return error.answer
        } catch let error as TransportError {
            logger.warning("an algorithm's request found no server: \(error.message)")
            return .message(502, "The node cannot reach the server: \(error.message)")
        } catch {
            logger.error("an algorithm's \(request.method) \(request.path) failed: \(error)")
            return .message(500, "The node failed to pass the request on: \(error)")
        }
    }

    static let unauthorized = Answer.message(401, "The node's proxy accepts only the token of this run")

    func isAuthorized(_ request: Request) -> Bool {
        Self.isEqual(request.authorization ?? "", "Bearer \(token)")
    }

    /// Notes the key in an organization that the algorithm reads, which it may name when it sends a blob.
    private func remember(_ answer: Answer, organization: Int) {
        guard payload.isEncrypted, (200..<300).contains(answer.status),
            let wire = (try? JSONValue(parsing: answer.body))?["public_key"]?.stringValue,
            let key = try? PublicKey(wire: wire)
        else { return }
        do { try keys.check(key, of: organization) } catch { logger.error("\(error)") }
    }

    private struct Refusal: Error {
        let answer: Answer
    }

    private func createTask(_ request: Request) async throws -> Answer {
        guard var task = (try? JSONValue(parsing: request.body))?.objectValue else {
            return .message(400, "The request body is no JSON object")
        }
        guard let organizations = task["organizations"]?.arrayValue, !organizations.isEmpty else {
            return .message(400, "Organizations missing from input")
        }
        if payload.isEncrypted, try await !usesBlobs(request) {
            var sealed: [JSONValue] = []
            for organization in organizations { sealed.append(try await seal(organization, request)) }
            task["organizations"] = .array(sealed)
        }
        let answer = try await send(request, body: JSONValue.object(task).data())
        if (200..<300).contains(answer.status) { await onSubtask() }
        return answer
    }

    private func usesBlobs(_ request: Request) async throws -> Bool {
        let answer = try await read("/blobstream/status", request)
        return (try? JSONValue(parsing: answer.body))?["blob_store_enabled"]?.boolValue ?? false
    }

    private func seal(_ organization: JSONValue, _ request: Request) async throws -> JSONValue {
        guard var item = organization.objectValue, let id = item["id"]?.intValue else {
            throw Refusal(answer: .message(400, "An item of organizations has no id"))
        }
        guard let text = item["input"]?.stringValue, let input = Data(base64Encoded: text) else {
            throw Refusal(answer: .message(400, "The input for organization \(id) is no base64 text"))
        }
        let answer = try await read("/organization/\(id)", request)
        guard (200..<300).contains(answer.status) else { throw Refusal(answer: answer) }
        guard let wire = (try? JSONValue(parsing: answer.body))?["public_key"]?.stringValue,
            let key = try? PublicKey(wire: wire)
        else {
            throw Refusal(
                answer: .message(400, "Organization \(id) has no usable public key, so nothing can be encrypted for it")
            )
        }
        do { try keys.check(key, of: id) } catch let refusal as KeyPins.Refusal {
            logger.error("\(refusal)")
            throw Refusal(answer: .message(403, "The node encrypts nothing: \(refusal)"))
        }
        item["input"] = .string(try Envelope.seal(input, for: key))
        return .object(item)
    }

    /// Opens every `result` in an answer; the algorithm gets base64 of the plain bytes, whatever the collaboration.
    private func decrypted(_ answer: Answer) -> Answer {
        guard (200..<300).contains(answer.status), payload.isEncrypted, let json = try? JSONValue(parsing: answer.body)
        else { return answer }
        let opened: JSONValue
        if var page = json.objectValue, let items = page["data"]?.arrayValue {
            page["data"] = .array(items.map(open))
            opened = .object(page)
        } else {
            opened = open(json)
        }
        return Answer(status: answer.status, body: opened.data())
    }

    private func open(_ item: JSONValue) -> JSONValue {
        guard var result = item.objectValue, let text = result["result"]?.stringValue, !text.isEmpty,
            result["blob_storage_used"]?.boolValue != true
        else { return item }
        do {
            result["result"] = .string(PlainText.encode(try payload.open(text)))
        } catch {
            // Nothing is better than ciphertext that looks like a result.
            logger.error("a subtask's result cannot be decrypted: \(error)")
            result["result"] = .null
        }
        return .object(result)
    }

    private func forward(_ request: Request) async throws -> Answer {
        try await send(request, body: request.body.isEmpty ? nil : request.body)
    }

    private func read(_ path: String, _ request: Request) async throws -> Answer {
        try await send(
            Request(method: "GET", path: path, query: nil, authorization: request.authorization, body: Data()),
            body: nil)
    }

    private func send(_ request: Request, body: Data?) async throws -> Answer {
        var headers = [(name: "Authorization", value: request.authorization ?? ""), ("Accept", "application/json")]
        if body != nil { headers.append(("Content-Type", request.contentType ?? "application/json")) }
        let query = request.query.map { "?\($0)" } ?? ""
        let response = try await transport.send(
            HTTPRequest(
                method: request.method, url: address.url(request.path) + query, headers: headers, body: body,
                timeout: .seconds(120)))
        return Answer(
            status: response.status, contentType: response.headers["Content-Type"] ?? "application/json",
            body: response.body)
    }

    /// The value of a query parameter as it is written.
    static func parameter(_ name: String, of query: String?) -> String? {
        for field in (query ?? "").split(separator: "&") {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts[0] == name { return parts.count == 2 ? String(parts[1]) : "" }
        }
        return nil
    }

    /// Compares without telling by its time where two texts differ.
    private static func isEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
