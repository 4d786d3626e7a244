// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Wakes the loop when a file in one of some folders was written, replaced or removed.
final class FolderWatch {
    /// What to `poll`; -1 where the system has no more watches, which `poll` leaves out.
    let descriptor: Int32
    private let folders: [String]
    /// Whether the first folder is there.
    private(set) var isWatching = false

    /// - Parameter folders: those that do not exist are watched once they do: one that lies in the first as soon as it is made,
    ///   the others after the next ``drain()``.
    init(_ folders: [String]) {
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        self.folders = folders
        watch()
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Forgets what was told: that something was told is all there is to know.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while read(descriptor, &bytes, bytes.count) > 0 {}
        watch()
    }

    private func watch() {
        let events = UInt32(IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF)
        // Watching a folder twice is watching it once.
        let watches = folders.map { descriptor < 0 ? -1 : inotify_add_watch(descriptor, $0, events) }
        isWatching = watches.first.map { $0 >= 0 } ?? false
    }
}
