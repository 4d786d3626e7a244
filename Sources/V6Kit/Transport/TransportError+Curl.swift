// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Foundation

extension TransportError {
    /// The failure behind a code of libcurl.
    init(curl code: CURLcode, url: String, unixSocket: String?) {
        let place = unixSocket ?? Self.origin(of: url)
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            self.init(code: .cannotResolve, message: "no address was found for \(place); check the name")
        case CURLE_COULDNT_CONNECT:
            self.init(code: .cannotConnect, message: "nobody answers at \(place); is it running there?")
        case CURLE_OPERATION_TIMEDOUT:
            self.init(code: .timedOut, message: "\(place) did not answer in time")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM:
            self.init(code: .tls, message: "no trusted TLS connection to \(place): \(Self.text(of: code))")
        case CURLE_UNSUPPORTED_PROTOCOL where url.hasPrefix("http"):
            self.init(code: .broken, message: "what answers at \(place) does not speak HTTP")
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            self.init(code: .invalidURL, message: "\"\(url)\" is no address of the form https://host[:port]")
        default:
            self.init(code: .broken, message: "the connection to \(place) broke: \(Self.text(of: code))")
        }
    }

    private static func text(of code: CURLcode) -> String {
        curl_easy_strerror(code).map { String(cString: $0) } ?? "code \(code.rawValue)"
    }

    /// Scheme, host and port of a URL: what may be shown, without path and query.
    private static func origin(of url: String) -> String {
        guard let scheme = url.range(of: "://") else { return url }
        let end = url[scheme.upperBound...].firstIndex { "/?#".contains($0) } ?? url.endIndex
        return String(url[..<end])
    }
}
