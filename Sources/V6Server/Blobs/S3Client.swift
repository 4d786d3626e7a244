// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import V6Kit

/// The few requests of the S3 protocol that a blob store needs.
struct S3Client: Sendable {
    let bucket: S3Bucket
    let transport: any HTTPTransport

    /// How often a request is sent before it is given up, and how long is waited in between.
    private static let pauses: [Duration] = [.milliseconds(200), .seconds(1)]
    private static let emptyHash = hash(Data())

    /// Stores an object in one piece.
    func put(_ name: String, _ data: Data) async throws {
        try await expectSuccess("PUT", bucket.url(name), body: data)
    }

    /// The size of an object in bytes; nil when there is none.
    func size(_ name: String) async throws -> Int? {
        let answer = try await expectSuccess("HEAD", bucket.url(name), allowed: [404])
        if answer.status == 404 { return nil }
        guard let size = answer.headers["Content-Length"].flatMap({ Int($0) }) else {
            throw StoreError(description: "the store of large results did not say how large an object is")
        }
        return size
    }

    /// Some bytes of an object.
    func get(_ name: String, _ range: Range<Int>) async throws -> Data {
        let header = ("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")
        let data = try await expectSuccess("GET", bucket.url(name), headers: [header]).body
        guard data.count == range.count else {
            throw StoreError(description: "the store of large results gave \(data.count) of \(range.count) bytes")
        }
        return data
    }

    /// Deletes an object; one that is not there is no failure.
    func delete(_ name: String) async throws {
        try await expectSuccess("DELETE", bucket.url(name), allowed: [404])
    }

    /// Begins an object that comes in parts; gives the number of the upload.
    func begin(_ name: String) async throws -> String {
        let answer = try await expectSuccess("POST", bucket.url(name) + "?uploads=", body: Data())
        guard let id = Self.element("UploadId", of: answer.body) else { throw refusal(200, answer.body) }
        return id
    }

    /// Stores a part, counted from 1; gives the tag by which it is named at the end.
    func put(_ name: String, upload: String, part: Int, _ data: Data) async throws -> String {
        let url = "\(bucket.url(name))?partNumber=\(part)&uploadId=\(Self.encoded(upload))"
        let answer = try await expectSuccess("PUT", url, body: data)
        guard let tag = answer.headers["ETag"] else {
            throw StoreError(description: "the store of large results gave no tag for a part")
        }
        return tag
    }

    /// Makes the parts one object.
    func complete(_ name: String, upload: String, tags: [String]) async throws {
        let parts = tags.enumerated().map { index, tag in
            "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(Self.escaped(tag))</ETag></Part>"
        }
        let text = "<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>"
        let answer = try await expectSuccess(
            "POST", "\(bucket.url(name))?uploadId=\(Self.encoded(upload))", body: Data(text.utf8))
        // A failure on the way is told in the body, after the status was sent.
        if Self.element("Code", of: answer.body) != nil { throw refusal(answer.status, answer.body) }
    }

    /// Gives up an object that came in parts.
    func abort(_ name: String, upload: String) async throws {
        try await expectSuccess(
            "DELETE", "\(bucket.url(name))?uploadId=\(Self.encoded(upload))", allowed: [404])
    }

    @discardableResult
    private func expectSuccess(
        _ method: String, _ url: String, headers: [(String, String)] = [], body: Data? = nil, allowed: Set<Int> = []
    ) async throws -> HTTPResponse {
        var pauses = Self.pauses[...]
        while true {
            do {
                let answer = try await transport.send(request(method, url, headers, body))
                if (200..<300).contains(answer.status) || allowed.contains(answer.status) { return answer }
                guard answer.status >= 500, !pauses.isEmpty else { throw refusal(answer.status, answer.body) }
            } catch let error as TransportError where pauses.isEmpty {
                throw StoreError(description: "the store of large results: \(error)")
            } catch is TransportError {}  // tried again below
            try await Task.sleep(for: pauses.removeFirst())
        }
    }

    private func request(
        _ method: String, _ url: String, _ more: [(String, String)], _ body: Data?
    ) -> HTTPRequest {
        let digest = body.map { Self.hash($0) } ?? Self.emptyHash
        var headers = more + [("x-amz-content-sha256", digest), ("Accept-Encoding", "identity")]
        if body != nil { headers.append(("Content-Type", "application/octet-stream")) }
        return HTTPRequest(
            method: method, url: url, headers: headers, body: body, signature: bucket.signature,
            idleTimeout: .seconds(60))
    }

    private func refusal(_ status: Int, _ body: Data) -> StoreError {
        let code = Self.element("Code", of: body) ?? "status \(status)"
        let message = Self.element("Message", of: body).map { ": \($0)" } ?? ""
        return StoreError(description: "the store of large results refused (\(code)\(message))")
    }

    private static func hash(_ data: Data) -> String {
        SHA256.hash(data: data).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// The text of the first element of a name, with what XML escapes put back.
    static func element(_ name: String, of xml: Data) -> String? {
        let text = String(decoding: xml.prefix(1 << 20), as: UTF8.self)
        guard let begin = text.range(of: "<\(name)>"),
            let end = text.range(of: "</\(name)>", range: begin.upperBound..<text.endIndex)
        else { return nil }
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
        return entities.reduce(String(text[begin.upperBound..<end.lowerBound])) {
            $0.replacingOccurrences(of: $1.0, with: $1.1)
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    }

    /// A text as it stands in a query, where the signature wants everything but unreserved characters encoded.
    private static func encoded(_ text: String) -> String {
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? text
    }
}
