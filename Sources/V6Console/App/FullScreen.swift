// SPDX-License-Identifier: Apache-2.0

import CNcurses
import Foundation
import Glibc
import V6Kit

/// The full-screen side of the program: opens the terminal, runs the loop until the person leaves, gives the terminal back.
struct FullScreen {
    private let session: ConsoleSession?
    private let node: NodeSocket?
    private let opener: SessionOpener
    private let paths: ConsolePaths
    private let colour: Bool?

    /// - Parameters:
    ///   - session: a session with tokens, or nil to ask the person to sign in.
    ///   - node: the node on this machine whose console this is; nil for the console of a server.
    ///   - opener: makes other sessions, and knows the settings that fill in the sign-in screen.
    ///   - paths: where bookmarks and the error log lie.
    ///   - colour: what `--color` said; nil leaves it to the terminal.
    init(
        session: ConsoleSession?, node: NodeSocket? = nil, opener: SessionOpener, paths: ConsolePaths,
        colour: Bool? = nil
    ) {
        self.session = session
        self.node = node
        self.opener = opener
        self.paths = paths
        self.colour = colour
    }

    /// Runs on the calling thread, which must be the main one; returns the exit code.
    func run() -> Int32 {
        let profile = TerminalProfile(environment: opener.environment, speaksUTF8: v6_use_locale() == 1, colour: colour)
        guard let mailbox = Mailbox() else {
            FileHandle.standardError.write(Data("v6-console: no pipe could be opened: too many open files?\n".utf8))
            return 1
        }
        let hasKey: Bool
        do { hasKey = try session?.privateKey() != nil } catch {
            FileHandle.standardError.write(Data("v6-console: \(error)\n".utf8))
            return 6
        }
        guard let terminal = CursesTerminal(type: profile.type, descriptor: STDIN_FILENO) else {
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
        world.isReadOnly = session?.readOnly ?? opener.settings.readOnly
        var app = App(world: world, theme: profile.theme(colours: terminal.colours), start: .home)
        app.model.world.bookmarks = BookmarkFile(paths: paths).read()
        if let node {
            app.model.world.identity = Identity(
                server: node.path, username: NSUserName(), hasPrivateKey: false,
                isReadOnly: opener.settings.readOnly, isAtNode: true)
            app.model.world.connection = .connecting
            app.model.stack = [SiteScreen()]
        } else if let session {
            let identity = Identity(
                server: session.address.description, username: session.username ?? "", hasPrivateKey: hasKey,
                isReadOnly: session.readOnly, profile: session.profile)
            app.model.world.identity = identity
            app.model.world.connection = .connecting
        } else {
            let settings = opener.settings
            app.model.stack = [
                SignInScreen(
                    server: settings.server ?? "", username: settings.username ?? "",
                    keyPath: settings.privateKeyFile ?? "")
            ]
        }
        if let notice = terminal.notice { app.say(.bad(notice)) }
        terminal.useMouse(profile.usesMouse)
        app.model.world.draft = DraftFile(paths: paths).read()
        do {
            for effect in app.apply(try ConsoleSettings.load(from: paths)) where effect == .useMouse(true) {
                terminal.useMouse(true)
            }
        } catch {
            app.say(.bad("The settings are not used: \(error)"))
        }

        let runner = EffectRunner(mailbox: mailbox, session: session, node: node, opener: opener)
        let signals = SignalWatch(mailbox: mailbox)
        var loop = Loop(
            app: app, terminal: terminal, mailbox: mailbox, runner: runner, environment: opener.environment,
            paths: paths)
        let code = loop.run()
        signals.cancel()
        runner.stop()
        terminal.end()
        log?.restore()
        return code
    }
}
