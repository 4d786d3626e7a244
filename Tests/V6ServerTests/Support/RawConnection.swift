// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// A connection to a server on which a test writes what it likes, also what no client would.
final class RawConnection: Sendable {
    private let descriptor: Int32

    /// Connects to a server on loopback.
    init(_ address: ServerAddress) throws {
        guard let port = URL(string: address.root)?.port.flatMap(UInt16.init(exactly:)) else {
            throw Failure(description: "no port in \(address.root)")
        }
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = port.bigEndian
        target.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(description: "cannot connect: \(errno)") }
    }

    deinit { Foundation.close(descriptor) }

    /// Why there is no connection.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Writes a text.
    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure(description: "cannot write: \(errno)")
        }
    }

    /// Everything the server sends until it closes the connection.
    func readToEnd() async -> String { await readUntil(nil) }

    /// What the server sends up to a text, or to its end.
    func readUntil(_ end: String?) async -> String {
        // Reading blocks, and the server shares the threads of the tests.
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: self.read(until: end)) }
        }
    }

    private func read(until end: String?) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer[..<count]
            if let end, String(decoding: bytes, as: UTF8.self).hasSuffix(end) { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Ends the connection.
    func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
