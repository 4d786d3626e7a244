// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Server

struct PageMarksTests {
    private let list: SQL = "FROM task WHERE collaboration_id = \(Int64(1))"

    @Test func theNearestMarkAboveIsFound() {
        let marks = PageMarks()
        for below in [900, 100, 500] {
            marks.add(PageMarks.Mark(id: Int64(below) * 10, below: below), to: list, shift: 1)
        }
        #expect(marks.mark(in: list, shift: 1, atLeast: 450) == PageMarks.Mark(id: 5000, below: 500))
        #expect(marks.mark(in: list, shift: 1, atLeast: 500) == PageMarks.Mark(id: 5000, below: 500))
        #expect(marks.mark(in: list, shift: 1, atLeast: 901) == nil)
    }

    @Test func marksOfAnotherStateOrListAreNotUsed() {
        let marks = PageMarks()
        marks.add(PageMarks.Mark(id: 5, below: 4), to: list, shift: 1)
        #expect(marks.mark(in: list, shift: 2, atLeast: 1) == nil)
        #expect(marks.mark(in: "FROM task", shift: 1, atLeast: 1) == nil)
        marks.add(PageMarks.Mark(id: 7, below: 6), to: list, shift: 2)
        #expect(marks.mark(in: list, shift: 1, atLeast: 1) == nil)
        #expect(marks.mark(in: list, shift: 2, atLeast: 1) == PageMarks.Mark(id: 7, below: 6))
    }
}
