// SPDX-License-Identifier: Apache-2.0

import CNcurses
import Foundation
import Glibc
import V6Kit

/// The full-screen side of the program: opens the terminal, runs the loop until the person leaves, gives the terminal back.
struct FullScreen {
    private let start: Start
    private let opener: SessionOpener
    private let paths: ConsolePaths
    private let files: ConfigurationFiles

    /// - Parameters:
    ///   - start: what is known before the first frame.
    ///   - opener: makes other sessions, and knows the settings that fill in the sign-in screen.
    ///   - paths: where bookmarks and the error log lie.
    ///   - files: the texts of `config.yaml` as they were at the start.
    init(_ start: Start, opener: SessionOpener, paths: ConsolePaths, _ files: ConfigurationFiles) {
        self.files = files
        self.start = start
        self.opener = opener
        self.paths = paths
    }

    /// Runs on the calling thread, which must be the main one; returns the exit code.
    func run() -> Int32 {
        v6_return_large_memory()
        let profile = TerminalProfile(environment: opener.environment, speaksUTF8: v6_use_locale() == 1)
        guard let mailbox = Mailbox() else {
            FileHandle.standardError.write(Data("v6-console: no pipe could be opened: too many open files?\n".utf8))
            return 1
        }
        guard
            let terminal = CursesTerminal(
                type: profile.type, richerTypes: profile.richerTypes, descriptor: STDIN_FILENO)
        else {
            FileHandle.standardError.write(
                Data(
                    "v6-console: the terminal type \"\(SafeText.line(profile.type))\" is unknown; set TERM, for example to xterm-256color\n"
                        .utf8))
            return 64
        }
        let log = ErrorLog(directory: URL(filePath: paths.state))
        v6_guard_say(
            "v6-console stopped by a fault of its own; the reason is in \(log?.path ?? "nowhere: the log could not be opened")"
        )

        var world = World(now: .now(), size: terminal.size(), glyphs: profile.glyphs, zone: .current)
        world.isReadOnly = start.identity?.isReadOnly ?? opener.settings.readOnly
        world.identity = start.identity
        world.connection = start.identity == nil ? .none : .connecting
        world.bookmarks = BookmarkFile(paths: paths).read()
        let drafts = DraftFile(paths: paths)
        world.draft = drafts.read()
        world.drafts = drafts.readAside()
        let cache = ListCache(paths: paths)
        if let lists = start.identity.flatMap(cache.lists(of:)) { world.federation = Federation(remembering: lists) }
        var settings = ConsoleSettings()
        var fault: String?
        do { settings = try ConsoleSettings.load(from: paths, files) } catch {
            fault = "The settings are not used: \(error)"
        }
        let display = profile.display(colours: terminal.colours, own: settings.themes)
        var app = App(world: world, theme: display.theme, start: .home)
        app.model.display = display
        let history = HistoryFile(paths: paths)
        let typed = history.read()
        (app.model.commandHistory, app.model.filterHistory) = (typed.commands, typed.filters)
        app.model.awaitsSession = start.awaitsSession
        if let screen = start.screen { app.model.stack = [screen] }
        if let notice = terminal.notice { app.say(.bad(notice)) }
        terminal.useMouse(display.usesMouse)
        for case .useMouse(let on) in app.apply(settings) { terminal.useMouse(on) }
        if let fault { app.say(.bad(fault)) }

        let runner = EffectRunner(mailbox: mailbox, session: start.session, node: start.node, opener: opener)
        let signals = SignalWatch(mailbox: mailbox)
        var loop = Loop(
            app: app, terminal: terminal, mailbox: mailbox, runner: runner, environment: opener.environment,
            paths: paths, log: log)
        let code = loop.run()
        signals.cancel()
        runner.stop()
        terminal.end()
        log?.restore()
        // A history that cannot be written costs some typing, nothing else.
        if loop.history != typed { try? history.write(loop.history) }
        if let identity = loop.identity, let lists = loop.lists {
            // A cache that cannot be written costs the next start its first look, nothing else.
            try? cache.keep(lists, of: identity)
        }
        return code
    }
}
