// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Console

/// The key table: one truth for dispatch, footer, help and documentation.
@Suite struct KeyMapTests {
    @Test func noKeyStandsTwiceInAContext() {
        for context in KeyContext.allCases {
            var seen: Set<Key> = []
            for binding in KeyMap.standard where binding.context == context {
                for key in binding.keys { #expect(seen.insert(key).inserted, "\(key.name) in \(context)") }
            }
        }
    }

    @Test func nothingDestroysOnAKeyOfTmuxOrVim() {
        let reserved: [Key] = [.control("d"), .control("k"), .control("a"), .control("b")]
        for binding in KeyMap.standard where [.kill, .rerun, .submit].contains(binding.action) {
            #expect(Set(binding.keys).isDisjoint(with: reserved))
        }
        let sameBytes: [Key] = [.control("h"), .control("m"), .control("i"), .control("[")]
        for binding in KeyMap.standard { #expect(Set(binding.keys).isDisjoint(with: sameBytes)) }
    }

    @Test func namesReadBack() {
        for binding in KeyMap.standard { for key in binding.keys { #expect(Key(name: key.name) == key) } }
        #expect(Key(name: "up") == .up && Key(name: "nonsense") == nil && Key(name: "f99") == nil)
    }

    @Test func keysCanBeChanged() {
        var map = KeyMap()
        let bound = map.rebind(.kill, in: .task, to: ["X"])
        #expect(bound)
        #expect(map.action(for: "x", in: [.task, .list, .everywhere]) == nil)
        #expect(map.action(for: "X", in: [.task, .list, .everywhere]) == .kill)
        let unbound = map.rebind(.zoomIn, in: .task, to: ["z"])
        #expect(!unbound)
        #expect(map.markdown.contains("| `X` | `kill` |"))
    }

    @Test func specialBeatsGeneral() {
        let map = KeyMap()
        #expect(map.action(for: "n", in: [.run, .text, .everywhere]) == .nextMatch)
        #expect(map.action(for: "n", in: [.task, .list, .everywhere]) == .newTask)
        let shown = map.bindings(in: [.run, .text, .everywhere])
        #expect(!shown.contains { $0.action == .newTask }, "help does not offer what the view takes for itself")
    }
}
