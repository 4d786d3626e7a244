// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

extension ConsoleFailure {
    /// Any error of the layers below, as exit code, sentence and advice.
    ///
    /// - Parameters:
    ///   - error: What was thrown.
    ///   - server: The server's address, for messages about reaching it.
    init(describing error: any Error, server: String?) {
        switch error {
        case let failure as ConsoleFailure:
            self = failure
        case let error as APIError:
            self = Self.failure(for: error, server: server)
        case let error as TransportError:
            self = Self.failure(for: error, server: server)
        case let error as ValidationError:
            self = ConsoleFailure(.usage, error.message)
        case let error as ConfigurationError:
            self = ConsoleFailure(.rejected, "\(error)")
        case let error as JSONParseError:
            self = ConsoleFailure(.rejected, "This is not JSON: \(error).")
        case let error as InvalidServerAddress:
            self = ConsoleFailure(.usage, Self.sentence("\(error)"))
        case let error as CryptographyError:
            self = ConsoleFailure(.rejected, Self.sentence("\(error)"))
        case is CancellationError:
            self = .quiet(.cancelled)
        default:
            self = ConsoleFailure(.failure, "\(error)")
        }
    }

    private static func failure(for error: APIError, server: String?) -> ConsoleFailure {
        let status: ExitStatus
        var advice: String?
        switch error.kind {
        case .unauthenticated:
            status = .unauthenticated
            advice =
                error.request.contains("/token/")
                ? "Sign in with v6-console auth login, or set V6_TOKEN_FILE."
                : "The server does not take this token. Sign in with v6-console auth login, or set V6_TOKEN_FILE."
        case .forbidden:
            status = .forbidden
            advice = "Ask an administrator of your organization for the rule, or see what you hold with auth status."
        case .notFound:
            status = .notFound
        case .invalid:
            status = .rejected
        case .readOnly:
            status = .rejected
            advice = "Leave out --read-only and V6_READONLY, or set readonly: false in the profile, to allow writes."
        case .unreachable:
            status = .unreachable
            advice = reachAdvice(server)
        case .serverFault:
            status = .failure
            let place = error.requestID.map { " under \($0)" } ?? ""
            advice = "The fault is the server's; its log says more\(place)."
        }
        return ConsoleFailure(
            status, sentence(error.message), advice: advice, serverStatus: error.status, requestID: error.requestID)
    }

    private static func failure(for error: TransportError, server: String?) -> ConsoleFailure {
        let target = server.map { "The server \($0)" } ?? "The server"
        return ConsoleFailure(
            .unreachable, "\(target) cannot be reached: \(sentence(error.message))", advice: reachAdvice(server))
    }

    private static func reachAdvice(_ server: String?) -> String {
        server == nil
            ? "Set V6_SERVER_URL or --server."
            : "Check the address (--server, V6_SERVER_URL, profile) and that the server runs; doctor looks closer."
    }

    /// A server's text, ended like a sentence.
    private static func sentence(_ text: String) -> String {
        guard let last = text.last else { return "No reason was given." }
        return ".!?".contains(last) ? text : "\(text)."
    }
}
