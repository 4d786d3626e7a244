// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing
import V6TestSupport

@testable import V6Console

/// Settings are taken up when their file is written, not at the next moment the console has something else to do.
@Suite struct FolderWatchTests {
    private func isReadable(_ descriptor: Int32) -> Bool {
        var one = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&one, 1, 0) == 1
    }

    @Test func writtenReplacedAndRemovedFilesWake() async throws {
        try await withTemporaryDirectory { folder in
            let file = folder.appending(path: "keys.yaml")
            let watch = FolderWatch([folder.path, folder.appending(path: "nowhere").path])
            #expect(!isReadable(watch.descriptor))
            for atomically in [false, true] {
                try "a".write(to: file, atomically: atomically, encoding: .utf8)
                #expect(isReadable(watch.descriptor))
                watch.drain()
                #expect(!isReadable(watch.descriptor))
            }
            try FileManager.default.removeItem(at: file)
            #expect(isReadable(watch.descriptor))
        }
    }

    @Test func foldersThatComeLaterAreWatchedFromThenOn() async throws {
        try await withTemporaryDirectory { folder in
            let outer = folder.appending(path: "settings")
            let inner = outer.appending(path: "themes")
            let watch = FolderWatch([outer.path, inner.path])
            #expect(!watch.isWatching)
            try FileManager.default.createDirectory(at: outer, withIntermediateDirectories: false)
            watch.drain()
            #expect(watch.isWatching)
            for place in [inner, inner.appending(path: "more")] {
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
                #expect(isReadable(watch.descriptor))
                watch.drain()
                #expect(!isReadable(watch.descriptor))
            }
        }
    }

    @Test func faultIsToldByTheNameOfItsFile() async throws {
        try await withTemporaryDirectory { folder in
            let paths = ConsolePaths(environment: ConsoleEnvironment(variables: ["V6_CONFIG_DIR": folder.path]))
            var watch = SettingsWatch(paths: paths)
            #expect(watch.look() == nil)
            try "task:\n  nonsense: B\n".write(toFile: paths.keysFile, atomically: true, encoding: .utf8)
            guard case .settingsFault(let text)? = watch.look() else {
                Issue.record("nothing was told")
                return
            }
            #expect(text.hasPrefix("Settings unchanged: keys.yaml:2: "))
        }
    }
}
