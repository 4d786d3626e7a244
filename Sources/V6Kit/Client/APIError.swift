// SPDX-License-Identifier: Apache-2.0

/// A request that the server did not fulfil.
public struct APIError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure, which decides what a person can do about it.
    public enum Kind: Sendable, Hashable {
        /// No token, or one that is rejected or has ended: sign in.
        case unauthenticated
        /// A rule is missing.
        case forbidden
        /// There is no such object.
        case notFound
        /// The request itself was refused.
        case invalid
        /// No answer came.
        case unreachable
        /// The server failed.
        case serverFault
        /// This client was told not to write.
        case readOnly
    }

    /// Whether the same call may succeed later: the server is away, failed, or asks for patience.
    public var isTransient: Bool { kind == .unreachable || kind == .serverFault || status == 429 }

    /// The kind of failure.
    public let kind: Kind
    /// The HTTP status; nil when there was no answer.
    public let status: Int?
    /// What the server said, or what went wrong on the way.
    public let message: String
    /// The method and path of the request.
    public let request: String
    /// The name that the server gave the request, by which its log can be searched; 4.15.2 gives none.
    public let requestID: String?

    /// A failure from its parts.
    public init(kind: Kind, status: Int? = nil, message: String, request: String, requestID: String? = nil) {
        self.kind = kind
        self.status = status
        self.message = message
        self.request = request
        self.requestID = requestID
    }

    public var description: String {
        status.map { "\(message) (\(request) answered \($0))" } ?? "\(message) (\(request))"
    }
}

extension APIError {
    /// The failure that a response tells of.
    ///
    /// 4.15 answers 401 both for a bad token and for a missing rule; the text tells them apart.
    init(response: HTTPResponse, request: String) {
        let json = try? JSONValue(parsing: response.body)
        let errors = json?["errors"].map { ": \(Self.sentence(of: $0))" } ?? ""
        let said = json?["msg"].map { $0.stringValue ?? $0.text(.python) } ?? json?["message"]?.stringValue
        let message = said.map { $0 + errors } ?? "\(request) was answered with \(response.status) and no reason"
        let isTokenFault = ["Token", "token", "Authorization", "Error loading the user", "Failed to login", "Api key"]
            .contains { message.contains($0) }
        let kind: Kind =
            switch response.status {
            case 401 where isTokenFault || said == nil: .unauthenticated
            case 401, 403: .forbidden
            case 404: .notFound
            case 422: .unauthenticated
            case 400..<500: .invalid
            default: .serverFault
            }
        self.init(
            kind: kind, status: response.status, message: message, request: request,
            requestID: response.headers["X-Request-ID"])
    }

    /// What 4.15 says of each member of a refused body, `{"password": ["Too short"]}`, in words.
    private static func sentence(of errors: JSONValue) -> String {
        guard let members = errors.objectValue, !members.isEmpty else { return errors.text(.python) }
        return members.map { member in
            let said = (member.value.arrayValue ?? [member.value]).map { $0.stringValue ?? $0.text(.python) }
            return "\(member.key): \(said.joined(separator: " "))"
        }.joined(separator: "; ")
    }
}
