// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Console

/// Keys and looks from files, bookmarks, clipboard.
@Suite struct SettingsTests {
    @Test func keysAreReboundAndUnbound() throws {
        var settings = ConsoleSettings()
        try settings.readKeys("task:\n  kill: X\n  rerun: none\nlist:\n  open: [enter, o]\n", name: "keys.yaml")
        #expect(settings.keyMap.action(for: "X", in: [.task]) == .kill)
        #expect(settings.keyMap.action(for: "r", in: [.task]) == nil)
        #expect(settings.keyMap.action(for: "o", in: [.list]) == .open)
        var app = Network.app()
        _ = app.update(.settings(settings), at: Network.now)
        app.visit("task 30")
        _ = app.update(.key("X"), at: Network.now)
        #expect(app.model.dialog?.title == "Kill task 30?")
    }

    @Test(arguments: [
        ("nowhere:\n  kill: x\n", "nowhere"), ("task:\n  dance: x\n", "dance"),
        ("task:\n  kill: ctrl-nonsense\n", "kill"),
        ("task:\n  zoom-in: z\n", "zoom-in"),
    ]) func wrongKeysNameTheirLine(_ text: String, _ word: String) {
        var settings = ConsoleSettings()
        let error = #expect(throws: ConfigurationError.self) { try settings.readKeys(text, name: "keys.yaml") }
        #expect(error?.description.contains("keys.yaml:") == true && error?.description.contains(word) == true)
    }

    @Test func ownCommandsRunWithWhatTheScreenShows() throws {
        var settings = ConsoleSettings()
        settings.commands = try UserCommand.read(
            """
            lines:
              summary: count the lines of the log
              run: v6-console run logs $RUN_ID | wc -l
              key: ctrl-g
            tag:
              run: tag.sh "$TASK_ID"
              confirm: Tag this task?
              writes: true
            """, name: "commands.yaml")
        var app = Network.app()
        _ = app.apply(settings)
        app.visit("run 61")
        let effects = app.update(.key(.control("g")), at: Network.now)
        let script = "export RUN_ID=61 TASK_ID=30; v6-console run logs $RUN_ID | wc -l"
        #expect(effects.contains(.shell(name: "lines", script: script)))
        _ = app.execute("tag")
        #expect(app.model.dialog?.title == "tag", "it asks before it runs")
        let agreed = app.update(.key("y"), at: Network.now)
        #expect(agreed.contains(.shell(name: "tag", script: "export RUN_ID=61 TASK_ID=30; tag.sh \"$TASK_ID\"")))
        #expect(app.completions(of: "ta").contains("tag"))

        for view in ["nodes", "node 1"] {
            app.visit(view)
            let variables = app.model.top.variables(in: app.model.world)
            #expect(variables[.node] != nil && variables[.organization] != nil, "\(view)")
        }

        app.visit("run 61")
        app.model.world.isReadOnly = true
        #expect(app.execute("tag").isEmpty && app.view().text.contains("read-only"))
        app.visit("nodes")
        #expect(app.execute("lines").isEmpty && app.view().text.contains("nothing here gives RUN_ID"))
        for key in [Key.control("p"), "c", "o", "u", "n", "t"] { _ = app.update(.key(key), at: Network.now) }
        #expect(app.view().text.contains("lines: count the lines of the log"))
    }

    @Test(arguments: [
        ("lines:\n  summary: nothing to run\n", "run"), ("lines:\n  run: ls\n  key: ctrl-nonsense\n", "key"),
        ("tasks:\n  run: ls\n", "tasks"), ("lines:\n  run: ls\n  writes: perhaps\n", "writes"),
    ]) func wrongCommandsNameTheirLine(_ text: String, _ word: String) {
        let error = #expect(throws: ConfigurationError.self) { try UserCommand.read(text, name: "commands.yaml") }
        #expect(error?.description.contains("commands.yaml:") == true && error?.description.contains(word) == true)
    }

    @Test func displaySettingsAreTaken() throws {
        var settings = ConsoleSettings()
        try settings.readDisplay("profiles: {}\ndisplay:\n  theme: light\n  ascii: true\n", name: "config.yaml")
        var app = Network.app()
        _ = app.apply(settings)
        #expect(app.model.theme.name == "light" && app.model.world.glyphs == .ascii)
        var wrong = ConsoleSettings()
        #expect(throws: ConfigurationError.self) { try wrong.readDisplay("display:\n  theme: pink\n", name: "c") }
    }

    @Test func whatAFileSaysNoLongerComesBackToTheStart() throws {
        func settings(_ text: String) throws -> ConsoleSettings {
            var settings = ConsoleSettings()
            try settings.readDisplay(text, name: "config.yaml")
            return settings
        }
        var app = Network.app()
        let on = app.apply(try settings("display:\n  theme: light\n  ascii: true\n  mouse: true\n"))
        #expect(on == [.useMouse(true)])
        _ = app.execute("set theme 256")
        #expect(app.apply(try settings("display:\n  theme: light\n  mouse: true\n")).isEmpty, "the mouse stays")
        #expect(app.model.theme.name == "256" && app.model.world.glyphs == .unicode, "`:set` is not undone")
        let off = app.apply(try settings("display: {}\n"))
        #expect(off == [.useMouse(false)])
        #expect(app.model.theme.name == Theme.standard.name)
    }

    @Test func anEditedThemeShowsAtOnce() {
        var settings = ConsoleSettings()
        var app = Network.app()
        for colour in [Colour.red, .green] {
            settings.themes = [Theme(name: "mine", base: .standard, [.good: Style(colour)])]
            _ = app.apply(settings)
            if colour == .red { _ = app.execute("set theme mine") }
            #expect(app.model.theme.style(.good) == Style(colour))
        }
    }

    @Test func aVariableGoesBeforeTheFiles() throws {
        var settings = ConsoleSettings()
        try settings.readDisplay("display:\n  theme: light\n  ascii: false\n  mouse: false\n", name: "config.yaml")
        func look(_ variables: [String: String], colours: Int = 256) -> (theme: String, glyphs: Glyphs, [Effect]) {
            let profile = TerminalProfile(environment: ConsoleEnvironment(variables: variables), speaksUTF8: false)
            let own = Theme(name: "mine", base: .standard, [:])
            let display = profile.display(colours: colours, own: [own])
            var app = Network.app(theme: display.theme, glyphs: display.glyphs)
            app.model.display = display
            let effects = app.apply(settings)
            return (app.model.theme.name, app.model.world.glyphs, effects)
        }
        #expect(look([:]) == ("light", .unicode, [.useMouse(false)]), "the locale is only a guess")
        #expect(look(["V6_THEME": "mine", "V6_ASCII": "1", "V6_MOUSE": "1"]) == ("mine", .ascii, []))
        #expect(look(["V6_THEME": "nonsense"]).theme == "light")
        #expect(look(["NO_COLOR": "1"]).theme == "monochrome" && look([:], colours: 2).theme == "monochrome")
    }

    @Test func bookmarksReadBackAndNonsenseIsLeftOut() {
        #expect(BookmarkFile.parse("1 task 28\n9 nodes\n0 x\n12 y\nz\n3\n") == [1: "task 28", 9: "nodes"])
    }

    @Test func theClipboardTakesTheWayThatWorks() {
        func method(_ variables: [String: String], _ text: String = "abc") -> Clipboard.Method {
            Clipboard(environment: ConsoleEnvironment(variables: variables)).method(for: text)
        }
        #expect(method([:]) == .sequence("\u{1B}]52;c;YWJj\u{07}"))
        #expect(method(["TMUX": "/tmp/x"]) == .command(["tmux", "load-buffer", "-w", "-"]))
        #expect(method(["DISPLAY": ":0"]) == .command(["xclip", "-selection", "clipboard"]))
        #expect(method(["DISPLAY": ":0", "SSH_CONNECTION": "1 2 3 4"]) == .sequence("\u{1B}]52;c;YWJj\u{07}"))
        #expect(method(["V6_CLIPBOARD": "off"]) == .off(reason: "V6_CLIPBOARD is off"))
        #expect(method(["V6_OSC52_MAX": "3"]) == .off(reason: "the text is too long for the terminal"))
    }

    @Test func aThemeOf256ColoursStandsOnFewer() {
        #expect(Style(.palette(81), on: .standard, .bold).fitted(to: 8) == Style(.cyan, on: .standard, .bold))
        #expect(Style(.palette(203)).fitted(to: 8) == Style(.red))
        #expect(Style(.palette(114)).fitted(to: 8) == Style(.green))
        #expect(Style(.palette(240)).fitted(to: 8) == Style(), "no grey on black")
        #expect(Style(.palette(231), on: .palette(24)).fitted(to: 8) == Style(.standard, on: .standard, .reverse))
        #expect(Style(.palette(81)).fitted(to: 256) == Style(.palette(81)))
        for theme in Theme.all {
            for role in TextRole.allCases {
                let style = theme.style(role).fitted(to: 8)
                #expect(style.foreground.index < 8 && style.background.index < 8)
                #expect(style.foreground.index < 0 || style.foreground != style.background, "\(role) of \(theme.name)")
            }
        }
    }

    @Test func theBrowserIsThePersonsOwn() {
        func method(_ variables: [String: String]) -> Browser.Method {
            Browser(environment: ConsoleEnvironment(variables: variables)).method
        }
        #expect(method(["V6_BROWSER": "w3m", "BROWSER": "firefox", "DISPLAY": ":0"]) == .terminal("w3m"))
        #expect(method(["BROWSER": "firefox"]) == .terminal("firefox"))
        #expect(method(["DISPLAY": ":0"]) == .desktop("xdg-open"))
        #expect(method([:]) == .none)
        #expect(Browser.line("w3m", opening: "https://example.org/a?b=1&c") == "w3m 'https://example.org/a?b=1&c'")
        for bad in [
            "file:///etc/passwd", "https://x/'; rm -rf ~; '", "https://x/ y", "https://x/\u{1B}[2J", "-x",
            "https://x/é",
        ] {
            #expect(Browser.line("w3m", opening: bad) == nil, "\(bad)")
        }
    }

    @Test func theSchemaSaysWhatTheProgramReads() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/config.schema.json")
        if ProcessInfo.processInfo.environment["V6_GOLDEN"] == "write" {
            try ConfigurationSchema.text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(
            (try? String(contentsOf: file, encoding: .utf8)) == ConfigurationSchema.text,
            "docs/config.schema.json is out of date")
        let properties = try #require(ConfigurationSchema.json["properties"])
        let profile = properties["profiles"]?["additionalProperties"]?["properties"]?.objectValue
        #expect(profile?.keys.sorted() == ProfileSetting.allCases.map(\.rawValue).sorted())
        #expect(properties["display"]?["properties"]?["theme"]?["anyOf"] != nil)
    }

    @Test func theTerminalIsReadFromTheEnvironment() {
        func profile(_ variables: [String: String], utf8: Bool = true) -> TerminalProfile {
            TerminalProfile(environment: ConsoleEnvironment(variables: variables), speaksUTF8: utf8)
        }
        let rich = profile(["TERM": "xterm", "COLORTERM": "truecolor"])
        #expect(rich.type == "xterm" && rich.richerTypes == ["xterm-256color"])
        #expect(profile(["TERM": "xterm"]).richerTypes.isEmpty)
        #expect(profile(["TERM": "tmux-256color", "COLORTERM": "24bit"]).richerTypes.isEmpty)
        #expect(profile(["TERM": "xterm"]).display(colours: 256, own: []).theme.name == "default")
        #expect(profile(["NO_COLOR": "1"]).display(colours: 256, own: []).theme.name == "monochrome")
        #expect(profile([:]).display(colours: 0, own: []).theme.name == "monochrome")
        #expect(profile(["V6_THEME": "light"]).display(colours: 16, own: []).theme.name == "light")
        #expect(profile([:], utf8: false).glyphs == .ascii)
        #expect(profile(["V6_ASCII": "1"]).glyphs == .ascii && profile(["V6_ASCII": "0"]).glyphs == .unicode)
    }

    /// The key table of the documentation is the one the program uses.
    ///
    /// `V6_GOLDEN=write` writes it anew.
    @Test func aThemeOfOnesOwnStandsOnOneOfOurs() throws {
        let text = "base: light\ngood: 34 bold\nselected: white on 24\n"
        let theme = try ThemeFolder.theme(text, name: "mine", file: "mine.yaml")
        #expect(theme.style(.good) == Style(.palette(34), on: .standard, .bold))
        #expect(theme.style(.selected) == Style(.white, on: .palette(24)))
        #expect(theme.style(.key) == Theme.light.style(.key))
        #expect(throws: ConfigurationError.self) {
            try ThemeFolder.theme("good: chartreuse\nnothing: red\n", name: "x", file: "x.yaml")
        }
        var app = Network.app()
        var settings = ConsoleSettings()
        (settings.themes, settings.theme) = ([theme], "mine")
        _ = app.update(.settings(settings), at: Network.now)
        #expect(app.model.theme.name == "mine")
    }

    @Test func theDocumentationNamesTheKeys() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/keys.md")
        let text = """
            # Keys of the console

            Made from the key table of the program; `?` shows the same in it, with the keys as you have changed them. A file
            `keys.yaml` beside `config.yaml` changes them, by context, action and key:

            ```yaml
            task:
              kill: X          # another key
              rerun: none      # no key
            list:
              open: [enter, o] # several
            ```


            """ + KeyMap().markdown
        if ProcessInfo.processInfo.environment["V6_GOLDEN"] == "write" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect((try? String(contentsOf: file, encoding: .utf8)) == text, "docs/keys.md is out of date")
    }
}
