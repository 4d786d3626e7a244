// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import V6Kit

/// Between Hummingbird and the endpoints: turns its requests into ours and our answers into its.
struct HTTPFrontend: HTTPResponder {
    typealias Context = ConnectionContext

    let api: APIService
    let cors: CORSPolicy
    /// The description of the endpoints, as bytes of JSON.
    let openAPI: Data
    let trustedProxies: Set<String>
    /// What counts requests; nil when nobody asks for figures.
    let metrics: Metrics?
    let report: MetricsEndpoint?
    let logger: Logger

    private static let requestIDs = HTTPField.Name("X-Request-ID")
    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")
    private static let askedHeaders = HTTPField.Name("Access-Control-Request-Headers")

    func respond(to request: Request, context: Context) async throws -> Response {
        let begin = ContinuousClock.now
        let reference = RequestReference.find(in: Self.requestIDs.flatMap { request.headers[$0] })
        let forwarded = Self.forwardedFor.flatMap { request.headers[$0] }
        let address = ClientAddress.find(peer: context.peer, forwarded: forwarded, trusted: trustedProxies)
        let target = request.head.path ?? "/"
        let parts = target.parts(between: "?", atMost: 2)
        let head = APIRequest(
            method: request.method.rawValue, path: String(parts.first ?? "/"),
            query: parts.count > 1 ? Query(parts[1]) : Query(""), authorization: request.headers[.authorization],
            contentType: request.headers[.contentType], body: Data(), address: address, reference: reference)
        var (reply, route) = try await reply(to: request, head)
        reply.headers.append(("X-Request-ID", reference))
        reply.headers.append(("X-Content-Type-Options", "nosniff"))
        reply.headers.append(("Cache-Control", "no-store"))
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        metrics?.answered(
            Metrics.Request(method: head.method, route: route, status: reply.status), seconds: seconds)
        logger.debug(
            "\(head.method) \(head.path)",
            metadata: [
                "request": "\(reference)", "address": "\(address)", "status": "\(reply.status)",
                "ms": "\(Int(seconds * 1000))",
            ])
        return response(to: request, reply)
    }

    /// The answer, and the route it comes from.
    private func reply(to request: Request, _ head: APIRequest) async throws -> (Reply, route: String) {
        let isReading = head.method == "GET" || head.method == "HEAD"
        switch head.path {
        case "/robots.txt" where !isReading, "/openapi.json" where !isReading:
            return (Reply(.wrongMethod(allowed: ["GET", "HEAD"])), head.path)
        case "/robots.txt":
            var robots = Reply.bytes(Data("User-agent: *\nDisallow: /\n".utf8), type: "text/plain; charset=utf-8")
            robots.headers = [("Content-Disposition", "inline; filename=robots.txt")]
            robots.headers += cors.headers(origin: request.headers[.origin], preflight: false, asked: nil)
            return (robots, head.path)
        case "/openapi.json": return (.bytes(openAPI, type: "application/json"), head.path)
        case "/metrics" where report != nil:
            return (await report?.reply(authorization: head.authorization) ?? .message("", status: 404), head.path)
        default: break
        }
        let admission = api.admit(
            method: head.method, path: head.path, authorization: head.authorization, address: head.address)
        var reply = await answer(request, head, admission)
        reply.headers += cors.headers(
            origin: request.headers[.origin], preflight: head.method == "OPTIONS",
            asked: Self.askedHeaders.flatMap { request.headers[$0] })
        return (reply, admission.route)
    }

    private func answer(_ request: Request, _ head: APIRequest, _ admission: Admission) async -> Reply {
        var full = head
        do {
            if admission.refusal != nil {
                // What nobody reads is not collected.
            } else if api.isUpload(method: head.method, path: head.path) {
                full.upload = request.body.map { Data($0.readableBytesView) }
            } else {
                full.body = Data(try await request.body.collect(upTo: admission.bodyLimit).readableBytesView)
            }
        } catch is NIOTooManyBytesError {
            return Reply(.other(413, "The request body is larger than \(admission.bodyLimit) bytes."))
        } catch {
            return Reply(.other(400, "The request body could not be read."))
        }
        return await api.answer(full, admission)
    }

    private func response(to request: Request, _ reply: Reply) -> Response {
        var headers = HTTPFields()
        for (name, value) in reply.headers {
            if let field = HTTPField.Name(name) { headers.append(HTTPField(name: field, value: value)) }
        }
        let body: ResponseBody
        switch reply.body {
        case .json(let text):
            headers[.contentType] = "application/json"
            body = ResponseBody(byteBuffer: ByteBuffer(bytes: text.bytes))
        case .bytes(let data, let type):
            headers[.contentType] = type
            body = ResponseBody(byteBuffer: ByteBuffer(bytes: data))
        case .stream(let source, let type):
            headers[.contentType] = type
            body = ResponseBody(contentLength: source.count) { writer in
                while let piece = try await source.next(), !piece.isEmpty {
                    try await writer.write(ByteBuffer(bytes: piece))
                }
                try await writer.finish(nil)
            }
        case .empty: body = ResponseBody()
        }
        let full = Response(
            status: HTTPTypes.HTTPResponse.Status(code: reply.status), headers: headers,
            body: body)
        return request.method == .head ? full.createHeadResponse() : full
    }
}
