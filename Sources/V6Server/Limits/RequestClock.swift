// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// How long the parts of a request have taken on one connection, and whether that is too long.
///
/// Only what a client owes us is timed. An answer may be as late as it likes, as those to polls are; and while the server
/// does not read, because it cannot keep up itself, a body is not late.
struct RequestClock: Sendable {
    /// What to do with the connection.
    enum Verdict: Sendable, Hashable {
        case wait
        /// Nobody asks for anything here, or nobody takes in what was answered.
        case close
        /// A request does not arrive: 408.
        case timeOut
    }

    private let requestTime: TimeAmount
    private let idleTime: TimeAmount
    /// When the last request was answered, or the connection began.
    private var idleSince: NIODeadline
    /// When the first byte of the headers came that are not complete yet.
    private var headersSince: NIODeadline?
    /// When the body began, or would have, had we not paused it.
    private var bodySince: NIODeadline?
    private var lastPiece: NIODeadline
    private var bodyBytes = 0
    /// Requests that are not answered yet.
    private var due = 0
    private var blockedSince: NIODeadline?

    init(limits: RequestLimits, now: NIODeadline) {
        requestTime = .nanoseconds(Int64(limits.requestSeconds * 1e9))
        idleTime = .nanoseconds(Int64(limits.idleSeconds * 1e9))
        idleSince = now
        lastPiece = now
    }

    /// Whether headers are on their way.
    var isReceivingHeaders: Bool { headersSince != nil }

    /// Bytes came, of whatever.
    mutating func bytesCame(_ now: NIODeadline) {
        if bodySince == nil, headersSince == nil { headersSince = now }
    }

    /// The headers of a request are complete.
    mutating func headersCame(_ now: NIODeadline) {
        headersSince = nil
        bodySince = now
        lastPiece = now
        bodyBytes = 0
        due += 1
    }

    /// A piece of a body came.
    mutating func pieceCame(_ count: Int, _ now: NIODeadline) {
        bodyBytes += count
        lastPiece = now
    }

    /// A request is complete.
    mutating func requestEnded(_ now: NIODeadline) {
        bodySince = nil
        headersSince = nil
        idleSince = now
    }

    /// A request is answered.
    mutating func answerEnded(_ now: NIODeadline) {
        due = max(0, due - 1)
        idleSince = now
    }

    /// The client takes in what it is sent, or not.
    mutating func writability(_ isWritable: Bool, _ now: NIODeadline) {
        blockedSince = isWritable ? nil : (blockedSince ?? now)
    }

    /// What to do now.
    ///
    /// While we do not wait for bytes (`isReading`), the time since the last question is ours.
    mutating func verdict(_ now: NIODeadline, isReading: Bool, sinceLast: TimeAmount) -> Verdict {
        if let blockedSince, now - blockedSince >= idleTime { return .close }
        if let start = bodySince {
            guard isReading else {
                bodySince = start + sinceLast
                lastPiece = now
                return .wait
            }
            let allowed = requestTime + .nanoseconds(Int64(Double(bodyBytes) / RequestLimits.slowestBody * 1e9))
            return now - lastPiece >= requestTime || now - start >= allowed ? .timeOut : .wait
        }
        if let headersSince { return now - headersSince >= requestTime ? .timeOut : .wait }
        return due == 0 && now - idleSince >= idleTime ? .close : .wait
    }
}
