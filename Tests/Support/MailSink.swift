// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A mail server on loopback that takes every mail and delivers none.
public final class MailSink: Sendable {
    /// The port it listens on.
    public let port: Int
    /// The mails, each with its head, as they came.
    public let mails: AsyncStream<String>
    private let listener: Int32
    private let input: AsyncStream<String>.Continuation

    /// Starts it at a free port.
    /// - Throws: ``Failure`` when none can be had.
    public init() throws {
        (mails, input) = AsyncStream.makeStream(of: String.self)
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        listener = server
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(server, $0, length) == 0 && listen(server, 16) == 0 && getsockname(server, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure() }
        port = Int(UInt16(bigEndian: address.sin_port))
        let arrivals = input
        Thread.detachNewThread {
            while true {
                let client = accept(server, nil, nil)
                guard client >= 0 else { return }
                MailConversation(client: client, input: arrivals).run()
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        input.finish()
    }

    /// Why there is no mail server.
    public struct Failure: Error {}
}

/// One client of a ``MailSink``.
private struct MailConversation {
    let client: Int32
    let input: AsyncStream<String>.Continuation

    func run() {
        defer { close(client) }
        say("220 sink")
        while let line = readLine() {
            switch line.prefix(4).uppercased() {
            case "DATA":
                say("354 go on")
                var mail = ""
                while let line = readLine(), line != "." { mail += line + "\n" }
                input.yield(mail)
                say("250 taken")
            case "QUIT": return say("221 bye")
            default: say("250 ok")
            }
        }
    }

    private func say(_ line: String) {
        let bytes = Array((line + "\r\n").utf8)
        _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private func readLine() -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while recv(client, &byte, 1, 0) == 1 {
            if byte == 10 { return String(decoding: line, as: UTF8.self) }
            if byte != 13 { line.append(byte) }
        }
        return nil
    }
}
