// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import V6Server

struct StartMemoryTests {
    @Test func onlyCodeInFilesIsGivenBack() {
        let maps = """
            555500000000-555500001000 r--p 00000000 08:01 12 /usr/bin/v6-server
            555500001000-555500003000 r-xp 00001000 08:01 12 /usr/bin/v6-server
            555500003000-555500004000 rw-p 00003000 08:01 12 /usr/bin/v6-server
            7f0000000000-7f0000001000 r-xp 00000000 00:00 0
            7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0 [vdso]
            """
        #expect(StartMemory.codeRanges(maps) == [0x5555_0000_1000..<0x5555_0000_3000])
    }

    @Test func theProgramGoesOn() {
        StartMemory.release()
        #expect(String(describing: Date(timeIntervalSince1970: 0)).hasPrefix("1970"))
    }
}
