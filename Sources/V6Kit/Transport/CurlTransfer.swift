// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Foundation

/// One request under way.
///
/// `@unchecked Sendable`: after ``deliver(to:)``, which happens before the transfer is posted, only the curl thread
/// touches it.
final class CurlTransfer: @unchecked Sendable {
    struct Head: Sendable {
        let status: Int
        let headers: HTTPHeaders
    }

    enum Delivery {
        case whole(CheckedContinuation<HTTPResponse, any Error>)
        case stream(CheckedContinuation<Head, any Error>, CurlBodyBuffer.Core)
        case done(CurlBodyBuffer.Core?)
    }

    private let request: HTTPRequest
    private let configuration: CurlTransport.Configuration
    private var delivery = Delivery.done(nil)
    private(set) var easy: UnsafeMutableRawPointer?
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var upload: UnsafeMutableRawBufferPointer?
    private var source: HTTPUpload.Source?
    /// What `source` handed out and curl has not taken yet.
    private var waiting = Data()
    private var sourceFailure: (any Error)?
    /// How often a request that may go out once was about to.
    private var attempts: UnsafeMutablePointer<Int32>?
    private var headers = HTTPHeaders()
    private var body = Data()
    var isCancelled = false

    init(request: HTTPRequest, configuration: CurlTransport.Configuration) {
        self.request = request
        self.configuration = configuration
    }

    func deliver(to delivery: Delivery) { self.delivery = delivery }

    /// Makes the handle of the request; nil when memory is out.
    func open() -> UnsafeMutableRawPointer? {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        let context = Unmanaged.passUnretained(self).toOpaque()
        v6_curl_set_pointer(easy, CURLOPT_PRIVATE, context)
        v6_curl_set_write(easy, receiveBody, context)
        v6_curl_set_header(easy, receiveHeader, context)
        v6_curl_set_text(easy, CURLOPT_URL, request.url)
        v6_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        v6_curl_set_text(easy, CURLOPT_USERAGENT, configuration.userAgent)
        v6_curl_set_text(easy, CURLOPT_ACCEPT_ENCODING, "")
        v6_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        v6_curl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        v6_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.milliseconds)
        if let timeout = request.timeout { v6_curl_set_long(easy, CURLOPT_TIMEOUT_MS, timeout.milliseconds) }
        if let idle = request.idleTimeout {
            v6_curl_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, 1)
            v6_curl_set_long(easy, CURLOPT_LOW_SPEED_TIME, max(1, Int(idle.components.seconds)))
        }
        if let caFile = configuration.caFile { v6_curl_set_text(easy, CURLOPT_CAINFO, caFile) }
        if !request.isRepeatable {
            let attempts = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
            self.attempts = attempts
            v6_curl_send_once(easy, attempts)
        }
        if let path = request.unixSocket {
            v6_curl_set_text(easy, CURLOPT_UNIX_SOCKET_PATH, path)
            v6_curl_set_text(easy, CURLOPT_PROXY, "")
        }
        if let signature = request.signature {
            v6_curl_set_text(easy, CURLOPT_AWS_SIGV4, "aws:amz:\(signature.region):s3")
            v6_curl_set_text(easy, CURLOPT_USERNAME, signature.accessKey)
            v6_curl_set_text(easy, CURLOPT_PASSWORD, signature.secretKey)
        }
        setMethodAndBody(of: easy)
        setHeaders(of: easy)
        return easy
    }

    private func setMethodAndBody(of easy: UnsafeMutableRawPointer) {
        let needsBody = ["POST", "PUT", "PATCH"].contains(request.method)
        if let upload = request.upload {
            let context = Unmanaged.passUnretained(self).toOpaque()
            v6_curl_set_upload(easy, sendBody, beginBody, context, curl_off_t(upload.count))
        } else if let body = request.body ?? (needsBody ? Data() : nil) {
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(body.count, 1), alignment: 1)
            body.copyBytes(to: copy)
            upload = copy
            v6_curl_set_body(easy, copy.baseAddress, curl_off_t(body.count))
        }
        if request.method == "HEAD" { v6_curl_set_long(easy, CURLOPT_NOBODY, 1) }
        v6_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func setHeaders(of easy: UnsafeMutableRawPointer) {
        var lines = request.headers.map { name, value in value.isEmpty ? "\(name);" : "\(name): \(value)" }
        // Keeps curl from asking for "100 Continue" and from naming a form type of its own. Not where it signs: libcurl
        // 7.88 signs these lines as empty headers and then leaves them out.
        if request.signature == nil {
            lines.append("Expect:")
            if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
                lines.append("Content-Type:")
            }
        }
        for line in lines where !line.contains(where: \.isNewline) {
            headerList = curl_slist_append(headerList, line) ?? headerList
        }
        v6_curl_set_headers(easy, headerList)
    }

    /// Frees the handle and what it used.
    func close() {
        if let easy { curl_easy_cleanup(easy) }
        curl_slist_free_all(headerList)
        upload?.deallocate()
        attempts?.deallocate()
        (easy, headerList, upload, source, attempts) = (nil, nil, nil, nil, nil)
        waiting = Data()
    }

    /// Turns curl's verdict into ours.
    func outcome(of code: CURLcode) -> Result<Void, any Error> {
        if code == CURLE_OK { return .success(()) }
        if let sourceFailure { return .failure(sourceFailure) }
        if code == CURLE_ABORTED_BY_CALLBACK, let attempts, attempts.pointee > 1 {
            return .failure(TransportError(code: .broken, message: "the connection ended before an answer came"))
        }
        return .failure(TransportError(curl: code, url: request.url, unixSocket: request.unixSocket))
    }

    /// Tells whoever waits how the transfer ended.
    func finish(with outcome: Result<Void, any Error>) {
        defer { delivery = .done(nil) }
        switch (delivery, outcome) {
        case (.whole(let continuation), .success):
            continuation.resume(returning: HTTPResponse(status: status, headers: headers, body: body))
        case (.whole(let continuation), .failure(let error)): continuation.resume(throwing: error)
        case (.stream(let continuation, let buffer), .success):
            continuation.resume(returning: Head(status: status, headers: headers))
            buffer.finish()
        case (.stream(let continuation, _), .failure(let error)): continuation.resume(throwing: error)
        case (.done(let buffer), .success): buffer?.finish()
        case (.done(let buffer), .failure(let error)): buffer?.finish(throwing: error)
        }
    }

    private var status = 0

    fileprivate func receive(headerLine line: String) {
        if line.hasPrefix("HTTP/") {
            headers = HTTPHeaders()
            status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        } else if let colon = line.firstIndex(of: ":") {
            headers.append(
                String(line[..<colon]),
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines))
        } else if line.allSatisfy(\.isWhitespace), status >= 200, case .stream(let continuation, let buffer) = delivery
        {
            delivery = .done(buffer)
            continuation.resume(returning: Head(status: status, headers: headers))
        }
    }

    /// Begins the body from its start; false when that fails.
    fileprivate func begin() -> Bool {
        do {
            source = try request.upload?.open()
            waiting = Data()
            return true
        } catch {
            sourceFailure = error
            return false
        }
    }

    /// Puts the next bytes of the body into curl's buffer; nil when the source fails.
    fileprivate func send(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        do {
            if source == nil, !begin() { return nil }
            if waiting.isEmpty { waiting = try source?() ?? Data() }
            let piece = waiting.prefix(buffer.count)
            piece.copyBytes(to: buffer)
            // A slice keeps the whole piece alive, which is small.
            waiting = waiting.dropFirst(piece.count)
            return piece.count
        } catch {
            sourceFailure = error
            return nil
        }
    }

    /// Takes a piece of the body; false asks curl to pause.
    fileprivate func receive(_ piece: Data) -> Bool {
        if case .done(let buffer?) = delivery { return buffer.offer(piece) }
        body.append(piece)
        return true
    }
}

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context else { return 0 }
    let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self)
    Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().receive(headerLine: line)
    return size * count
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context else { return 0 }
    let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.receive(Data(bytes: bytes, count: size * count)) ? size * count : Int(CURL_WRITEFUNC_PAUSE)
}

private func sendBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context else { return Int(CURL_READFUNC_ABORT) }
    let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
    return transfer.send(into: buffer) ?? Int(CURL_READFUNC_ABORT)
}

private func beginBody(_ context: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32) -> Int32 {
    guard let context, offset == 0, origin == SEEK_SET else { return CURL_SEEKFUNC_CANTSEEK }
    let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.begin() ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
}

extension Duration {
    /// The duration in whole milliseconds, at least one.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
