// SPDX-License-Identifier: Apache-2.0

/// Why a command did not do what it was asked, with what to do about it.
struct ConsoleFailure: Error, Equatable, CustomStringConvertible {
    var status: ExitStatus
    /// What failed and why, one sentence.
    var message: String
    /// What to do next.
    var advice: String?
    /// The server's HTTP status, when it was the server that refused.
    var serverStatus: Int?
    /// The server's name for the request, to look it up in its log.
    var requestID: String?

    init(
        _ status: ExitStatus, _ message: String, advice: String? = nil, serverStatus: Int? = nil,
        requestID: String? = nil
    ) {
        self.status = status
        self.message = message
        self.advice = advice
        self.serverStatus = serverStatus
        self.requestID = requestID
    }

    var description: String { advice.map { "\(message) \($0)" } ?? message }

    /// Something named does not exist; says what does.
    static func unknown(_ kind: String, _ name: String, known: [String], advice: String? = nil) -> ConsoleFailure {
        let there = known.isEmpty ? "There is none." : "There is: \(known.prefix(20).joined(separator: ", "))"
        let ending = known.isEmpty ? "" : known.count > 20 ? ", and \(known.count - 20) more." : "."
        return ConsoleFailure(.notFound, "No \(kind) is called \(name). \(there)\(ending)", advice: advice)
    }

    /// A silent end with a code: everything worth saying was said.
    static func quiet(_ status: ExitStatus) -> ConsoleFailure { ConsoleFailure(status, "") }
}
