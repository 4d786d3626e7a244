// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// The table of a result can be sorted, and its columns hidden.
@Suite struct ResultTableTests {
    private func app(at command: String = "result 28", showing result: JSONValue = Network.result) -> App {
        var app = Network.app(size: Size(rows: 24, columns: 100))
        let opened = OpenedResult(run: 51, content: .json(result), wasEncrypted: false)
        app.model.world.federation.absorb(.result(opened), for: .result(run: 51), at: Network.now)
        app.visit(command)
        return app
    }

    private func press(_ app: inout App, _ keys: String, then last: Key? = .enter) {
        for key in keys { _ = app.update(.key(.character(key)), at: Network.now) }
        if let last { _ = app.update(.key(last), at: Network.now) }
    }

    /// Whether these texts come one below the other.
    private func isInOrder(_ app: App, _ texts: String...) -> Bool {
        let rows = app.view().text.split(separator: "\n", omittingEmptySubsequences: false)
        let places = texts.map { text in rows.firstIndex { $0.contains(text) } ?? -1 }
        return !places.contains(-1) && places == places.sorted()
    }

    @Test func aColumnSortsBothWaysAndIsMarked() {
        var app = app()
        #expect(isInOrder(app, "radius ", "texture "))
        press(&app, "Smaximum")
        #expect(isInOrder(app, "maximum▲", "radius ", "texture "), "28.11 is less than 39.28")
        press(&app, "I", then: nil)
        #expect(isInOrder(app, "maximum▼", "texture ", "radius "))
        press(&app, "Sas it comes")
        #expect(isInOrder(app, "name", "radius ", "texture ") && !app.view().text.contains("▲"))
    }

    @Test func numbersAreNoTextsAndWhatIsMissingIsLast() {
        var app = app(showing: [["n": 10], ["n": nil], ["n": 9], ["n": 100]])
        press(&app, "Sn")
        #expect(isInOrder(app, "n▲", "  9 ", " 10 ", "100 "))
    }

    @Test func onlyTheTableThatHasTheColumnIsSorted() {
        var app = app(showing: ["first": [["a": 44], ["a": 33]], "second": [["a": 77], ["a": 66], ["a": 88]]])
        press(&app, "Ssecond.a")
        #expect(isInOrder(app, "first", " 44 ", " 33 ", "second", "a▲", " 66 ", " 77 ", " 88 "))
    }

    @Test func aColumnIsHiddenAndShownAgain() {
        var app = app()
        press(&app, "hvariance")
        press(&app, "hmean")
        #expect(!app.view().text.contains("variance") && !app.view().text.contains("14.1273"))
        #expect(app.view().text.contains("2 hidden"))
        press(&app, "hshow mean")
        #expect(app.view().text.contains("14.1273") && app.view().text.contains("1 hidden"))
        press(&app, "hshow all")
        #expect(app.view().text.contains("variance") && !app.view().text.contains("hidden"))
    }

    @Test func theLastColumnStays() {
        var app = app(showing: [["n": 1]])
        press(&app, "hn")
        #expect(app.model.notice?.text == "Cannot hide n: it is the last column that shows")
        #expect(app.view().text.contains("│ n"))
    }

    @Test func theArrangementStaysForTheNextOrganizationButNotForOtherWaysToLook() {
        var app = app()
        press(&app, "hvariance")
        _ = app.update(.key(.tab), at: Network.now)
        #expect(!app.view().text.contains("variance"))
        press(&app, "v", then: nil)
        press(&app, "S", then: nil)
        #expect(app.model.palette == nil)
        #expect(app.model.notice?.text.contains("only in the table") == true)
    }

    @Test func theRunHasItToo() {
        var app = app(at: "run 51")
        press(&app, "h", then: nil)
        #expect(app.model.notice?.text.contains("only in the result") == true)
        press(&app, "vhvariance")
        #expect(app.view().text.contains("maximum") && !app.view().text.contains("variance"))
    }
}
