// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// Composing a task: what is typed, what is checked, what is sent.
@Suite struct ComposerTests {
    private func type(_ app: inout App, _ text: String) {
        for character in text {
            _ = app.update(.key(character == "\n" ? .enter : .character(character)), at: Network.now)
        }
    }

    private func press(_ app: inout App, _ keys: Key...) -> [Effect] {
        keys.flatMap { app.update(.key($0), at: Network.now) }
    }

    @Test func aTaskIsSentAfterItWasShown() {
        var app = Network.app()
        _ = press(&app, "n")
        #expect(app.model.top.place == .composer(nil))
        type(&app, "Mean radius")
        _ = press(&app, .tab, .tab)
        type(&app, "registry.example.org/v6-summary:1.0\ncentral\ncolumns=[\"radius\"]\nround=2")
        _ = press(&app, .tab, .tab)
        _ = press(&app, "*")
        let submitted = press(&app, .control("s"))
        #expect(submitted.isEmpty, "nothing goes out before the person agreed")
        let screen = app.view().text
        #expect(screen.contains("Submit Mean radius?") && screen.contains("registry.example.org/v6-summary:1.0"))
        #expect(screen.contains("delta-node is offline"), "what will wait is said")
        var draft = TaskDraft()
        draft.name = "Mean radius"
        draft.image = "registry.example.org/v6-summary:1.0"
        draft.method = "central"
        draft.arguments = ["columns": ["radius"], "round": 2]
        draft.collaboration = 1
        draft.organizations = [1, 2, 3]
        draft.databases = ["default"]
        let sent = press(&app, "y")
        #expect(sent == [.submit(draft)])
        if let task = Network.task(40, "Mean radius", "pending", created: "14:22:07") {
            _ = app.update(.finished(.submit(draft), .created(task)), at: Network.now)
        }
        #expect(app.model.top.place == .task(40))
        #expect(app.model.world.draft == nil, "what was sent is no draft any more")
    }

    @Test func whatWasTypedIsKept() {
        var app = Network.app()
        _ = press(&app, "n")
        type(&app, "Half a task")
        let effects = press(&app, .tab, .tab)
        type(&app, "image:1")
        let left = press(&app, .escape)
        #expect(effects.contains { if case .keepDraft(let draft) = $0 { draft?.name == "Half a task" } else { false } })
        #expect(left.contains { if case .keepDraft(let draft) = $0 { draft?.image == "image:1" } else { false } })
        #expect(app.model.top.place == .home)
        _ = press(&app, "n")
        #expect(app.view().text.contains("Half a task") && app.view().text.contains("as you left it"))
        _ = press(&app, .control("x"))
        #expect(!app.view().text.contains("Half a task"))
        #expect(app.model.world.draft == nil)
    }

    @Test func theEditorBringsArgumentsBack() {
        var app = Network.app()
        _ = press(&app, "n")
        let effects = press(&app, .control("o"))
        #expect(effects == [.edit("")])
        _ = app.update(.finished(.edit(""), .edited("a=1\nb=2\n\n")), at: Network.now)
        #expect((app.model.top as? ComposerScreen)?.form["Arguments"].text == "a=1\nb=2")
    }

    @Test func whatIsMissingIsNamedAndFocused() {
        var app = Network.app()
        _ = press(&app, "n")
        #expect(press(&app, .control("s")).isEmpty)
        #expect(app.model.notice?.text.hasPrefix("Image:") == true)
        #expect((app.model.top as? ComposerScreen)?.form.focused.label == "Image")
    }

    @Test func editAndRunAgainStartsFromTheInput() throws {
        var app = Network.app()
        app.visit("task 28")
        _ = press(&app, "R")
        let form = try #require(app.model.top as? ComposerScreen).form
        #expect(form["Method"].text == "central")
        #expect(form["Arguments"].text == "columns=[\"age\"]")
        #expect(form["Run at"].selection == [1, 2, 3])
    }

    @Test func argumentsReadBothForms() throws {
        let lines = try TaskArguments.parse("a=1\n b = text with = in it \nc=[1, 2]\nd=\"7\"\n\ne=true")
        #expect(lines == ["a": 1, "b": "text with = in it", "c": [1, 2], "d": "7", "e": true])
        #expect(try TaskArguments.parse("{\"x\": [1.5]}") == ["x": [1.5]])
        #expect(try TaskArguments.parse("") == [:])
        for wrong in ["a", "=1", "a=1\na=2", "a=[1", "{", "{\"a\":}"] {
            #expect(throws: TaskArguments.Problem.self) { try TaskArguments.parse(wrong) }
        }
    }

    @Test(arguments: [
        ["a": 1, "b": "text", "c": ["x", 2], "d": "7", "e": "true", "f": "", "g": " padded ", "h": "two\nlines"]
            as JSONObject
    ]) func argumentsSurviveTheRoundTrip(_ arguments: JSONObject) throws {
        #expect(try TaskArguments.parse(TaskArguments.text(arguments)) == arguments)
    }
}
