// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// Turns signals into messages, outside of signal handlers.
final class SignalWatch {
    private var sources: [any DispatchSourceSignal] = []

    init(mailbox: Mailbox) {
        watch(SIGWINCH, mailbox, .resized)
        watch(SIGCONT, mailbox, .resized)
        watch(SIGHUP, mailbox, .ending(129))
        watch(SIGTERM, mailbox, .ending(143))
        watch(SIGINT, mailbox, .ending(130))
        signal(SIGPIPE, SIG_IGN)
    }

    func cancel() {
        for source in sources { source.cancel() }
        sources = []
    }

    private func watch(_ number: Int32, _ mailbox: Mailbox, _ message: Message) {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { mailbox.post(message) }
        source.resume()
        sources.append(source)
    }
}
