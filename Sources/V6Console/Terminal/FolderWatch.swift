// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Wakes the loop when a file in one of some folders was written, replaced or removed.
final class FolderWatch {
    /// What to `poll`; -1 where the system has no more watches, which `poll` leaves out.
    let descriptor: Int32

    /// - Parameter folders: those that do not exist are left out.
    init(_ folders: [String]) {
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        let events = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
        for folder in folders where descriptor >= 0 { _ = inotify_add_watch(descriptor, folder, events) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Forgets what was told: that something was told is all there is to know.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }
}
