// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import V6Kit

/// Between Hummingbird and the endpoints: turns its requests into ours and our answers into its.
struct HTTPFrontend: HTTPResponder {
    typealias Context = BasicRequestContext

    let api: APIService
    let cors: CORSPolicy
    /// The description of the endpoints, as bytes of JSON.
    let openAPI: Data
    let maximumBodySize: Int

    func respond(to request: Request, context: Context) async throws -> Response {
        let target = request.head.path ?? "/"
        let parts = target.parts(between: "?", atMost: 2)
        let path = String(parts.first ?? "/")
        let query = parts.count > 1 ? Query(parts[1]) : Query("")
        if path == "/robots.txt" {
            var robots = Reply.bytes(Data("User-agent: *\nDisallow: /\n".utf8), type: "text/plain; charset=utf-8")
            robots.headers = [("Content-Disposition", "inline; filename=robots.txt")]
            robots.headers += cors.headers(origin: request.headers[.origin], preflight: false, asked: nil)
            return response(to: request, robots)
        }
        if path == "/openapi.json" { return response(to: request, .bytes(openAPI, type: "application/json")) }
        return response(to: request, await answer(request, path: path, query: query))
    }

    private func answer(_ request: Request, path: String, query: Query) async -> Reply {
        var body = Data()
        var upload: (any AsyncSequence<Data, any Error> & Sendable)?
        do {
            if api.isUpload(method: request.method.rawValue, path: path) {
                upload = request.body.map { Data($0.readableBytesView) }
            } else {
                body = Data(try await request.body.collect(upTo: maximumBodySize).readableBytesView)
            }
        } catch is NIOTooManyBytesError {
            return Reply(.other(413, "The request body is larger than \(maximumBodySize) bytes."))
        } catch {
            return Reply(.other(400, "The request body could not be read."))
        }
        let asked = HTTPField.Name("Access-Control-Request-Headers").flatMap { request.headers[$0] }
        return await api.answer(
            APIRequest(
                method: request.method.rawValue, path: path, query: query,
                authorization: request.headers[.authorization], contentType: request.headers[.contentType], body: body,
                upload: upload),
            origin: request.headers[.origin], askedHeaders: asked)
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
