// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

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
        _ = press(&app, .tab, .tab, .tab, .tab)
        type(&app, "registry.example.org/v6-summary:1.0\ncentral\ncolumns=[\"radius\"]\nround=2")
        _ = press(&app, .tab, .tab)
        _ = press(&app, "*")
        let submitted = press(&app, .control("s"))
        #expect(submitted.isEmpty, "nothing goes out before the person agreed")
        let screen = app.view().text
        #expect(screen.contains("Submit Mean radius?") && screen.contains("registry.example.org/v6-summary:1.0"))
        #expect(screen.contains("delta-node: offline"), "what will wait is said")
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

    @Test func whyACollaborationMayNotBeAskedStandsInFullOnANarrowScreen() {
        var app = Network.app()
        var surroundings = Network.surroundings
        surroundings.members = [1: [2, 3], 2: [2]]
        app.model.world.federation.absorb(.surroundings(surroundings), for: .surroundings, at: Network.now)
        _ = press(&app, "n")
        let lines = app.view().text.split(separator: "\n").map { String($0).trimmed }
        let text = lines.joined(separator: " ")
        #expect(text.contains("is not in thyroid, so it may not ask") && !text.contains("…"), "\(text)")
    }

    @Test func whyNoOrganizationIsOfferedStandsInFullOnANarrowScreen() {
        var app = Network.app()
        var surroundings = Network.surroundings
        surroundings.organizations = []
        surroundings.members = [:]
        app.model.world.federation.absorb(.surroundings(surroundings), for: .surroundings, at: Network.now)
        _ = press(&app, "n")
        let text = app.view().text
        #expect(text.contains("you may not see the organizations: needs rule organization"))
        #expect(!text.contains("…"), "\(text)")
    }

    @Test func whatWasTypedIsKept() {
        var app = Network.app()
        _ = press(&app, "n")
        type(&app, "Half a task")
        let effects = press(&app, .tab, .tab, .tab, .tab)
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

    @Test func whatIsBeingTypedIsKeptWithinASecond() throws {
        var app = Network.app()
        _ = press(&app, "n")
        type(&app, "Half a t")
        #expect(app.update(.tick, at: Network.now).isEmpty)
        let pause = try #require(app.pause(at: Network.now))
        #expect(pause <= 1)
        let effects = app.update(.tick, at: Network.now.adding(seconds: 1))
        #expect(effects.contains { if case .keepDraft(let draft) = $0 { draft?.name == "Half a t" } else { false } })
        #expect(app.update(.tick, at: Network.now.adding(seconds: 2)).isEmpty, "once is enough")
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

    /// A composer with the stored algorithm chosen.
    private func composing() throws -> App {
        var app = Network.app(size: Size(rows: 45, columns: 160))
        _ = press(&app, "n", .tab, .tab, .tab, .right)
        #expect(try composer(app).function?.name == "central_cox")
        return app
    }

    private func composer(_ app: App) throws -> ComposerScreen { try #require(app.model.top as? ComposerScreen) }

    @Test func aStoredAlgorithmBringsItsTypedArguments() throws {
        var app = try composing()
        let names = try composer(app).form.fields.map(\.name).filter { $0.hasPrefix("argument.") }
        #expect(names == ["time", "covariates", "ties", "alpha", "penalized"].map { "argument.\($0)" })
        #expect(app.view().text.contains("registry.example.org/v6-cox:2.1 · approved"))
        #expect(try composer(app).form["argument.alpha"].text == "0.05", "what the store suggests stands there")

        // Function, then the arguments: a column, columns, an allowed value, a number, a switch.
        _ = press(&app, .tab, .tab)
        type(&app, "age")
        _ = press(&app, .tab)
        type(&app, "age, radius")
        _ = press(&app, .tab, .right, .tab, .control("u"))
        type(&app, "zero")
        #expect(app.view().text.contains("\"zero\" is no number"))
        _ = press(&app, .control("u"))
        type(&app, "0.1")
        _ = press(&app, .tab, .left)
        #expect(try composer(app).form.field("argument.strength") != nil, "it applies now")
        _ = press(&app, .tab)
        type(&app, "2")
        _ = press(&app, .tab, .tab, "*")
        let draft = try #require(try composer(app).composed())
        #expect(
            draft.arguments == [
                "time": "age", "covariates": ["age", "radius"], "ties": "breslow", "alpha": 0.1, "penalized": true,
                "strength": 2,
            ])
        #expect(draft.store == 3 && draft.image == "registry.example.org/v6-cox:2.1" && draft.databases == ["default"])
        #expect(try composer(app).faults(in: app.model.world).isEmpty)
        #expect(press(&app, .control("s"), "y") == [.submit(draft)])
    }

    @Test func theEditorAlsoChangesWhatIsChosen() throws {
        var app = try composing()
        let text = "ties=breslow\npenalized=true\nstrength=3\ncovariates=[\"age\"]"
        _ = app.update(.finished(.edit(""), .edited(text)), at: Network.now)
        let form = try composer(app).form
        #expect(form["argument.ties"].text == "breslow" && form["argument.penalized"].text == "true")
        #expect(form["argument.strength"].text == "3", "it had no field before the editor said that it applies")
        _ = app.update(.finished(.edit(""), .edited("ties=exact")), at: Network.now)
        #expect(app.model.notice?.text.contains("none of its choices") == true)
        #expect(try composer(app).form["argument.ties"].text == "breslow")
    }

    @Test func whatIsChosenIsKeptAtOnce() throws {
        var app = Network.app()
        _ = press(&app, "n")
        type(&app, "Half a task")
        _ = press(&app, .backTab)
        #expect(try composer(app).form.focused.name == "Run at")
        let effects = press(&app, "*")
        let kept = effects.contains { effect in
            if case .keepDraft(let draft?) = effect { draft.organizations == [1, 2, 3] } else { false }
        }
        #expect(kept, "\(effects)")
    }

    @Test func anOrganizationThatMayStayEmptyCan() throws {
        let field = ArgumentField(
            argument: try #require(
                StoredArgument([
                    "name": "site", "type": "organization", "has_default_value": true, "default_value": .null,
                ])))
        let members = [FormField.Item(id: 4, title: "noord"), FormField.Item(id: 7, title: "zuid")]
        func value(_ text: String?) throws -> JSONValue? {
            try field.value(in: FormField(label: "site", content: field.content(text, organizations: members)))
        }
        #expect(try value(nil) == nil)
        #expect(try value("7") == 7)
    }

    @Test(arguments: [["a", "b"], [" padded ", "b"], ["a,b"], [""], ["[x"], []])
    func listsOfTextsSurviveTheForm(_ texts: [String]) throws {
        let value = JSONValue.array(texts.map { .string($0) })
        #expect(try ArgumentType.stringList.value(of: ArgumentType.stringList.text(of: value)) == value)
    }

    @Test func whatIsWrongWithATypedArgumentIsNamed() throws {
        var app = try composing()
        #expect(press(&app, .control("s")).isEmpty)
        #expect(app.model.notice?.text == "time: is needed")
        #expect(try composer(app).form.focused.name == "argument.time")
    }

    @Test func aStudyIsATarget() throws {
        var app = Network.app(size: Size(rows: 45, columns: 160))
        _ = press(&app, "n", .tab, .tab, .right)
        _ = app.update(.tick, at: Network.now)
        #expect(try composer(app).composed()?.study == 4)
        #expect(try composer(app).form["Run at"].selection == [1, 2], "a study means its members")
        let shell = try composer(app).previewLines(.shell, in: app.model.world)
        #expect(shell.contains { $0.contains("--study 4") })
    }

    @Test func eachNodeIsCheckedWithItsReason() throws {
        var check = TaskCheck(
            image: "elsewhere.example.org/x:1", databases: ["default"], organizations: [1, 2, 3, 9],
            nodes: Network.nodes)
        check.columns = [TaskCheck.ColumnUse(argument: "time", column: "height")]
        let findings = check.findings
        #expect(findings[0].state == .fault)
        #expect(findings[0].text.contains("does not allow elsewhere.example.org/x:1"))
        #expect(findings[0].text.contains("has no column height (time)"))
        #expect(findings[2].state == .waits && findings[2].text.contains("offline"))
        #expect(findings[3].state == .fault && findings[3].text == "no node in this collaboration")
        check.image = "registry.example.org/x:1"
        check.columns = []
        #expect(check.findings[0].state == .ok)
        check.databases = ["omop"]
        #expect(check.findings[0].text.contains("has no database omop; there is: default"))
        check.databases = []
        check.isEncrypted = true
        check.withKey = []
        #expect(check.findings[0].text.contains("has no public key"))
        #expect(check.findings[0].text.contains("does not encrypt, but the collaboration does"))
    }

    @Test func templatesKeepAndFill() throws {
        var app = try composing()
        #expect(press(&app, .control("t")) == [.listTemplates])
        let task = try TaskDescription(
            document: [
                "name": "weekly", "collaboration": "thyroid", "study": "SYN-3", "image": "x:1", "method": "m",
                "arguments": ["a": 1], "organizations": ["Noord Hospital"], "databases": ["omop"],
            ], file: "weekly")
        _ = app.update(
            .finished(.listTemplates, .templates([TaskTemplate(name: "weekly", task: task)])), at: Network.now)
        #expect(app.view().text.contains("weekly"))
        _ = press(&app, .enter)
        #expect(try composer(app).template == "weekly")
        let draft = try #require(try composer(app).composed())
        #expect(draft.name == "weekly" && draft.study == 4 && draft.method == "m" && draft.arguments == ["a": 1])
        #expect(draft.organizations == [2] && draft.databases == ["omop"])
        _ = press(&app, .control("t"))
        _ = app.update(.finished(.listTemplates, .templates([])), at: Network.now)
        let kept = press(&app, .enter)
        guard case .saveTemplate(let name, let text)? = kept.first else { throw Absent() }
        #expect(name == "weekly" && text.contains("study: SYN-3") && text.contains("- Noord Hospital"))
        // One of that name is replaced, and said to be.
        let templates = Message.finished(.listTemplates, .templates([TaskTemplate(name: "weekly", task: task)]))
        _ = press(&app, .control("t"))
        _ = app.update(templates, at: Network.now)
        #expect(app.view().text.contains("Replace the template weekly by this form"))
        #expect(press(&app, "d", "e", "l", "e", "t", "e", .enter).isEmpty, "a question first")
        #expect(app.view().text.contains("Delete the template weekly"))
        #expect(press(&app, "y") == [.deleteTemplate("weekly")])
    }

    @Test func templateFilesComeAndGo() async throws {
        try await withTemporaryDirectory { folder in
            let environment = ConsoleEnvironment(variables: ["V6_CONFIG_DIR": folder.path])
            let templates = TemplateFolder(paths: ConsolePaths(environment: environment))
            #expect(try templates.list().isEmpty)
            _ = try templates.save("weekly/../x", text: "name: a\nimage: x:1\nmethod: m\n")
            let names = try templates.list().map(\.name)
            #expect(names == ["weekly-..-x"])
            for name in names { _ = try templates.delete(name) }
            #expect(try templates.list().isEmpty)
        }
    }

    struct Absent: Error {}

    @Test func theSameTaskInOtherWords() throws {
        var draft = TaskDraft()
        (draft.name, draft.image, draft.method) = ("It's", "x:1", "sum")
        (draft.collaboration, draft.organizations, draft.databases) = (1, [1, 2], ["default"])
        draft.arguments = ["a": true, "b": ["x"]]
        let python = TaskPreview.python.lines(draft, server: "https://v6.example.org:7601/api", username: "anna")
        #expect(python.contains("client = Client(\"https://v6.example.org\", 7601, \"/api\")"))
        #expect(python.contains { $0.contains("a") && $0.contains("True") })
        let shell = TaskPreview.shell.lines(draft, server: "", username: "")
        #expect(shell.contains("  --arg 'b:=[\"x\"]'") && shell.contains("  --name 'It'\\''s' \\"))
        let json = TaskPreview.json.lines(draft, server: "", username: "").joined()
        let parsed = try JSONValue(parsing: json)
        #expect(parsed["input"]?["kwargs"]?["a"] == true)
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
