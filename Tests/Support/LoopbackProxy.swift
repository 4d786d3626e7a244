// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

/// What stands between a client and a server on loopback, and can be in the way.
public final class LoopbackProxy: Sendable {
    /// What it does with what comes.
    public enum Mood: Sendable {
        /// Everything goes on.
        case open
        /// Requests for a WebSocket are refused.
        case refusesWebSockets
        /// Requests for a WebSocket lead nowhere.
        case swallowsWebSockets
        /// Requests for a WebSocket go on, and nothing comes back.
        case mutesWebSockets
        /// What clients send is not even taken, on connections old and new; what servers send goes on.
        case stalled
        /// Ends the connection instead of carrying the next answer, and is open from then on.
        case hangsUp
        /// Nothing goes on, on connections old and new, which stay open: as when a cable is cut.
        case blackHole
    }

    /// The port it listens on.
    public let port: Int
    private let listener: Int32
    private let change = NSCondition()
    private let mood = Mutex(Mood.open)
    private let refusals = Mutex(0)

    /// Stands in front of a port of 127.0.0.1.
    /// - Throws: ``Failure`` when no port can be had.
    public init(to target: Int, _ mood: Mood = .open) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = Self.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure() }
        port = Int(UInt16(bigEndian: address.sin_port))
        self.mood.withLock { $0 = mood }
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                self?.serve(client, target)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// Changes what it does from now on.
    public func become(_ mood: Mood) {
        self.mood.withLock { $0 = mood }
        change.lock()
        defer { change.unlock() }
        change.broadcast()
    }

    /// How many WebSockets it has refused, swallowed or muted.
    public var refused: Int { refusals.withLock { $0 } }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }

    private func serve(_ client: Int32, _ target: Int) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(target)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(server)
            close(client)
            return
        }
        // Each way has a thread; whichever ends last closes both ends.
        let ends = Ends(client: client, server: server)
        Thread.detachNewThread { [weak self] in self?.carry(client, server, ends, isRequest: true) }
        Thread.detachNewThread { [weak self] in self?.carry(server, client, ends, isRequest: false) }
    }

    private final class Ends: Sendable {
        let client: Int32
        let server: Int32
        private let left = Mutex(2)
        private let silence = Mutex(false)

        init(client: Int32, server: Int32) {
            self.client = client
            self.server = server
        }

        /// Whether what the server sends is dropped.
        var isMute: Bool { silence.withLock { $0 } }

        func mute() { silence.withLock { $0 = true } }

        func leave() {
            let isLast = left.withLock { left in
                left -= 1
                return left == 0
            }
            guard isLast else { return }
            close(client)
            close(server)
        }
    }

    private func carry(_ from: Int32, _ to: Int32, _ ends: Ends, isRequest: Bool) {
        defer { ends.leave() }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(from, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            if isRequest { waitWhileStalled() }
            let asksForWebSocket = isRequest && Self.asksForWebSocket(buffer[..<count])
            switch mood.withLock({ $0 }) {
            case .blackHole: continue
            case .refusesWebSockets where asksForWebSocket:
                refusals.withLock { $0 += 1 }
                let answer = Array("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
                _ = send(from, answer, answer.count, Int32(MSG_NOSIGNAL))
                shutdown(from, Int32(SHUT_RDWR))
                continue
            case .swallowsWebSockets where asksForWebSocket:
                refusals.withLock { $0 += 1 }
                continue
            case .mutesWebSockets where asksForWebSocket:
                refusals.withLock { $0 += 1 }
                ends.mute()
            case .hangsUp where !isRequest:
                mood.withLock { $0 = .open }
                shutdown(from, Int32(SHUT_RDWR))
                shutdown(to, Int32(SHUT_RDWR))
                return
            case .open, .refusesWebSockets, .swallowsWebSockets, .mutesWebSockets, .stalled, .hangsUp: break
            }
            if !isRequest, ends.isMute { continue }
            guard send(to, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        switch mood.withLock({ $0 }) {
        case .blackHole, .stalled: return
        case .open, .refusesWebSockets, .swallowsWebSockets, .mutesWebSockets, .hangsUp: break
        }
        shutdown(from, Int32(SHUT_RDWR))
        shutdown(to, Int32(SHUT_RDWR))
    }

    private func waitWhileStalled() {
        change.lock()
        defer { change.unlock() }
        while case .stalled = mood.withLock({ $0 }) { change.wait() }
    }

    private static func asksForWebSocket(_ bytes: ArraySlice<UInt8>) -> Bool {
        String(decoding: bytes, as: UTF8.self).lowercased().contains("upgrade: websocket")
    }

    /// Why there is no proxy.
    public struct Failure: Error {}
}
