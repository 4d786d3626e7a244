// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Foundation

/// One connection that curl only opens and then lends its bytes.
///
/// `@unchecked Sendable`: after it was posted only the curl thread touches it.
final class CurlSocket: @unchecked Sendable {
    typealias Writer = CheckedContinuation<Void, any Error>
    typealias Reader = CheckedContinuation<[UInt8], any Error>

    private let request: HTTPRequest
    private let configuration: CurlTransport.Configuration
    private var opening: Writer?
    private var outgoing: [(bytes: ArraySlice<UInt8>, writer: Writer)] = []
    private var reader: Reader?
    private(set) var easy: UnsafeMutableRawPointer?
    private var isConnected = false
    var isCancelled = false

    init(request: HTTPRequest, configuration: CurlTransport.Configuration) {
        self.request = request
        self.configuration = configuration
    }

    /// Makes the handle; nil when memory is out.
    func open(_ opening: Writer) -> UnsafeMutableRawPointer? {
        guard let easy = curl_easy_init() else { return nil }
        (self.easy, self.opening) = (easy, opening)
        v6_curl_set_text(easy, CURLOPT_URL, request.url)
        v6_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        v6_curl_set_text(easy, CURLOPT_USERAGENT, configuration.userAgent)
        v6_curl_set_long(easy, CURLOPT_CONNECT_ONLY, 1)
        // Also to a plain http server the bytes are ours, not those of a proxy's own requests.
        v6_curl_set_long(easy, CURLOPT_HTTPPROXYTUNNEL, 1)
        v6_curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        v6_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        v6_curl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        v6_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.milliseconds)
        if let caFile = configuration.caFile { v6_curl_set_text(easy, CURLOPT_CAINFO, caFile) }
        if let path = request.unixSocket {
            v6_curl_set_text(easy, CURLOPT_UNIX_SOCKET_PATH, path)
            v6_curl_set_text(easy, CURLOPT_PROXY, "")
        }
        return easy
    }

    /// The connection stands, or will not.
    func opened(_ code: CURLcode) {
        isConnected = code == CURLE_OK
        let waiting = opening
        opening = nil
        if code == CURLE_OK { waiting?.resume() } else { waiting?.resume(throwing: failure(code)) }
    }

    func send(_ bytes: [UInt8], _ writer: Writer) {
        guard easy != nil else { return writer.resume(throwing: closed) }
        outgoing.append((bytes[...], writer))
    }

    func receive(_ reader: Reader) {
        guard easy != nil else { return reader.resume(throwing: closed) }
        self.reader?.resume(throwing: CancellationError())
        self.reader = reader
    }

    func abandonReceive() {
        reader?.resume(throwing: CancellationError())
        reader = nil
    }

    /// Moves what can be moved; gives what to wait for, and nothing when there is nothing to wait for.
    func work() -> curl_waitfd? {
        guard isConnected else { return nil }
        write()
        read()
        var events: Int32 = 0
        if reader != nil { events |= CURL_WAIT_POLLIN }
        if !outgoing.isEmpty { events |= CURL_WAIT_POLLOUT }
        guard events != 0, let easy else { return nil }
        return curl_waitfd(fd: v6_curl_socket(easy), events: Int16(events), revents: 0)
    }

    private func write() {
        while let next = outgoing.first, let easy {
            var count = 0
            let code = next.bytes.withUnsafeBytes { curl_easy_send(easy, $0.baseAddress, $0.count, &count) }
            guard code == CURLE_OK else {
                if code != CURLE_AGAIN { outgoing.removeFirst().writer.resume(throwing: failure(code)) }
                return
            }
            outgoing[0].bytes = next.bytes.dropFirst(count)
            if outgoing[0].bytes.isEmpty { outgoing.removeFirst().writer.resume() }
        }
    }

    private func read() {
        guard let reader, let easy else { return }
        var count = 0
        var code = CURLE_OK
        let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, filled in
            code = curl_easy_recv(easy, buffer.baseAddress, buffer.count, &count)
            filled = code == CURLE_OK ? count : 0
        }
        guard code != CURLE_AGAIN else { return }
        self.reader = nil
        if code == CURLE_OK { reader.resume(returning: bytes) } else { reader.resume(throwing: failure(code)) }
    }

    /// Frees the handle and tells whoever waits.
    func close() {
        if let easy { curl_easy_cleanup(easy) }
        easy = nil
        isConnected = false
        opening?.resume(throwing: CancellationError())
        reader?.resume(throwing: closed)
        for item in outgoing { item.writer.resume(throwing: closed) }
        (opening, reader, outgoing) = (nil, nil, [])
    }

    private var closed: TransportError { TransportError(code: .broken, message: "the connection was closed") }

    private func failure(_ code: CURLcode) -> TransportError {
        TransportError(curl: code, url: request.url, unixSocket: request.unixSocket)
    }
}
