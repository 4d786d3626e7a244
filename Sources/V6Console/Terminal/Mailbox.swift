// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Where other threads leave messages for the loop, and the pipe that wakes it.
final class Mailbox: Sendable {
    /// The end to `poll`: readable when there are messages.
    let descriptor: Int32
    private let writeEnd: Int32
    private let waiting = Mutex<[Message]>([])

    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        descriptor = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(descriptor)
        close(writeEnd)
    }

    func post(_ message: Message) {
        let wasEmpty = waiting.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        guard wasEmpty else { return }
        // A full pipe means the loop has been woken already.
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    func takeAll() -> [Message] {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &bytes, bytes.count) == bytes.count {}
        return waiting.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
