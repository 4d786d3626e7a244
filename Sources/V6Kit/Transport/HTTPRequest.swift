// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// One HTTP request.
public struct HTTPRequest: Sendable {
    /// The method, in capitals.
    public var method: String
    /// The absolute URL, with `http` or `https`.
    public var url: String
    /// The header fields, sent as they are.
    public var headers: [(name: String, value: String)]
    /// The body; nil sends none.
    public var body: Data?
    /// A body made while it is sent; it takes the place of `body`.
    public var upload: HTTPUpload?
    /// What the request is signed with; nil leaves it unsigned.
    public var signature: AWSSignature?
    /// How long the whole transfer may take; nil is without limit.
    public var timeout: Duration?
    /// How long the transfer may stand still, in whole seconds; nil is without limit.
    public var idleTimeout: Duration?
    /// How long the connection may take to come about.
    public var connectTimeout: Duration
    /// Whether it goes out again by itself when a connection that was kept breaks before an answer.
    ///
    /// Not for what the other side may have acted on already: a `POST`, or a poll, whose answer is given once.
    public var isRepeatable: Bool
    /// A Unix socket to connect to instead of the host of the URL.
    public var unixSocket: String?

    /// A request; without a timeout it waits as long as the peer keeps the connection.
    public init(
        method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: Data? = nil,
        upload: HTTPUpload? = nil, signature: AWSSignature? = nil, timeout: Duration? = nil,
        idleTimeout: Duration? = nil, connectTimeout: Duration = .seconds(10), unixSocket: String? = nil,
        isRepeatable: Bool? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.upload = upload
        self.signature = signature
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.connectTimeout = connectTimeout
        self.unixSocket = unixSocket
        self.isRepeatable = isRepeatable ?? (method != "POST")
    }
}
