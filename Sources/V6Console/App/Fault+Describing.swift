// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Fault {
    /// What an error of the client means to a person.
    init(describing error: any Error) {
        switch error {
        case let fault as Fault: self = fault
        case let error as APIError:
            let kind: Kind =
                switch error.kind {
                case .unreachable: .unreachable
                case .unauthenticated: .unauthenticated
                case .forbidden: .forbidden
                case .notFound: .missing
                case .invalid: .rejected
                case .readOnly: .readOnly
                case .serverFault: .other
                }
            let answered = error.status.map { " was answered with \($0)" } ?? ""
            let name = error.requestID.map { ", request \($0)" } ?? ""
            self.init(kind: kind, message: error.message.sentence, origin: error.request + answered + name)
        case let error as NodeControlError:
            let kind: Kind =
                switch error.kind {
                case .absent: .unreachable
                case .refused(let status): status == 404 ? .missing : status < 500 ? .rejected : .other
                case .unreadable: .other
                }
            self.init(kind: kind, message: error.message.sentence)
        case let failure as ConsoleFailure:
            self.init(kind: .rejected, message: failure.description)
        default: self.init(kind: .other, message: "\(error)".sentence)
        }
    }
}

extension String {
    /// With a capital letter at the beginning and a full stop at the end.
    fileprivate var sentence: String {
        guard let first, let last else { return self }
        return first.uppercased() + dropFirst() + (last.isPunctuation ? "" : ".")
    }
}
