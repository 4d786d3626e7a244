// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the server listens, and what it means to the operator when it cannot.
struct ListeningAddress: Sendable {
    let host: String
    let port: Int

    /// Finds out whether a server could listen here, and leaves the address free again.
    ///
    /// A start that must fail does so before it has made a database or printed a password.
    ///
    /// - Throws: ``StartError`` when it could not; a name that does not resolve is left to the listener.
    func check() throws {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let first = found else { return }
        defer { freeaddrinfo(first) }
        let socket = socket(first.pointee.ai_family, first.pointee.ai_socktype, 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        var reuse: CInt = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<CInt>.size))
        guard bind(socket, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0, listen(socket, 1) == 0 else {
            if let failure = failure(errno) { throw failure }
            return
        }
    }

    /// What a system error means here; nil when it is none of the known ones.
    func failure(_ code: CInt) -> StartError? {
        switch code {
        case EADDRINUSE:
            StartError("port \(port) on \(host) is in use; stop the other program or choose another port")
        case EACCES:
            StartError("port \(port) needs more rights than this user has; choose one above 1023")
        case EADDRNOTAVAIL:
            StartError("this machine has no address \(host)")
        default: nil
        }
    }
}
