// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Kit

struct ProcessMemoryTests {
    private static let smaps = """
        55d0c0000000-55d0c0100000 r--p 00000000 fe:00 12 /usr/bin/v6-node
        Rss:                1024 kB
        Anonymous:             0 kB
        55d0c0100000-55d0c0200000 r-xp 00100000 fe:00 12 /usr/bin/v6-node
        Rss:                1024 kB
        Anonymous:             0 kB
        55d0c0200000-55d0c0210000 r--p 00200000 fe:00 12 /usr/bin/v6-node
        Anonymous:            64 kB
        55d0c0210000-55d0c0220000 rw-p 00210000 fe:00 12 /usr/bin/v6-node
        Anonymous:             0 kB
        7f0000000000-7f0000100000 r--p 00000000 00:00 0
        Anonymous:             0 kB
        7f0000200000-7f0000300000 r--s 00000000 fe:00 13 /var/lib/v6/journal.sqlite-shm
        Anonymous:             0 kB
        7ffcc0000000-7ffcc0002000 r-xp 00000000 00:00 0 [vdso]
        Anonymous:             0 kB
        """

    /// What was relocated, written or shared would be lost or is not ours.
    @Test func onlyUnwrittenPagesOfFilesAreGivenBack() {
        #expect(
            ProcessMemory.untouchedMappings(of: Self.smaps) == [
                0x55d0_c000_0000..<0x55d0_c010_0000, 0x55d0_c010_0000..<0x55d0_c020_0000,
            ])
    }

    @Test func theProcessGoesOnWithLess() {
        let before = ProcessMemory.resident
        ProcessMemory.giveBack()
        let after = ProcessMemory.resident
        #expect(before.all > before.anonymous && before.anonymous > 0)
        // Other tests take memory of their own meanwhile.
        #expect(after.all - after.anonymous < before.all - before.anonymous)
    }
}
