// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import V6Kit

/// Sends mails behind the answers, so that their time tells nothing about who exists.
final class MailQueue: Service, Sendable {
    /// What somebody asked for.
    enum Job: Sendable, Hashable {
        /// To the user with this name, else with this address: a token to reset the password.
        case passwordReset(username: String?, email: String?)
        /// To a user: a token to reset the second factor.
        case secondFactorReset(user: Int64)
        /// To a user: somebody tries to get in.
        case failedLogins(user: Int64)
    }

    private let mails: AccountMails?
    private let logger: Logger
    private typealias Entry = (job: Job, address: String?)

    private let jobs: AsyncStream<Entry>
    private let input: AsyncStream<Entry>.Continuation

    /// A queue; without ``AccountMails`` there is no mail server and every job is dropped.
    init(mails: AccountMails?, logger: Logger) {
        self.mails = mails
        self.logger = logger
        (jobs, input) = AsyncStream.makeStream(of: Entry.self, bufferingPolicy: .bufferingOldest(1000))
    }

    /// Whether there is a mail server.
    var canSend: Bool { mails != nil }

    /// Leaves a job to be done soon.
    ///
    /// When a thousand wait, it is dropped: somebody floods us. Mails that somebody asked for are limited by the address
    /// that asked.
    func add(_ job: Job, askedFrom address: String? = nil) { input.yield((job, address)) }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await (job, address) in self.jobs {
                guard let mails = self.mails else { continue }
                do { try await mails.perform(job, askedFrom: address) } catch {
                    self.logger.error("mail: \(error)")
                }
            }
        }
    }
}
