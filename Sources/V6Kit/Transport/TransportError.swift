// SPDX-License-Identifier: Apache-2.0

/// Why no HTTP response came.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: Sendable, Hashable {
        /// The host name has no address.
        case cannotResolve
        /// Nobody listens there, or the network does not reach it.
        case cannotConnect
        /// The time allowed has passed.
        case timedOut
        /// The certificate was refused, or no common TLS version was found.
        case tls
        /// The URL cannot be used.
        case invalidURL
        /// The connection broke, or the answer was no HTTP.
        case broken
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, for a person, with the address that was tried.
    public let message: String

    /// A failure with its text.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
