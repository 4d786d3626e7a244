// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import Foundation

/// The HTTP exchange that turns a connection into a WebSocket, as the client sees it.
public struct WebSocketHandshake: Sendable {
    private let key: String
    private var answer = UpgradeAnswer()

    /// A handshake with a fresh key.
    public init() {
        var source = SystemRandomNumberGenerator()
        self.init(key: (0..<16).map { _ in UInt8.random(in: 0...255, using: &source) })
    }

    init(key: [UInt8]) { self.key = Data(key).base64EncodedString() }

    /// What a server answers to a key.
    public static func accept(_ key: String) -> String {
        let text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        return Data(Insecure.SHA1.hash(data: Data(text.utf8))).base64EncodedString()
    }

    /// The request, for a path with its query and the host and port of the URL.
    public func request(target: String, host: String, headers: [(name: String, value: String)]) -> [UInt8] {
        let own = [
            ("Host", host), ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Key", key),
            ("Sec-WebSocket-Version", "13"),
        ]
        let lines = (own + headers.map { ($0.name, $0.value) }).map { "\($0): \($1)\r\n" }
        return Array("GET \(target) HTTP/1.1\r\n\(lines.joined())\r\n".utf8)
    }

    /// Takes in bytes of the answer.
    /// - Returns: the header fields and the bytes behind the answer, once it is whole.
    /// - Throws: ``RealtimeError`` when the server, or a proxy before it, does not agree.
    public mutating func feed(_ bytes: [UInt8]) throws(RealtimeError) -> (headers: HTTPHeaders, rest: [UInt8])? {
        guard let head = try answer.feed(bytes) else { return nil }
        guard head.status == 101 else {
            throw RealtimeError("the server, or a proxy before it, refuses a WebSocket (\(head.status))")
        }
        let headers = head.headers
        guard headers["Upgrade"]?.lowercased() == "websocket", headers["Sec-WebSocket-Accept"] == Self.accept(key),
            headers["Sec-WebSocket-Extensions"] == nil
        else { throw RealtimeError("what answers the WebSocket request does not speak RFC 6455") }
        return (headers, head.rest)
    }
}
