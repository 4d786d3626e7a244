// SPDX-License-Identifier: Apache-2.0

import CNcurses
import Foundation
import Glibc
import V6Kit

/// Waits for keys, messages and moments; lets the model answer; shows the outcome.
///
/// Sleeps in `poll` otherwise.
struct Loop {
    private var app: App
    private let terminal: CursesTerminal
    private let mailbox: Mailbox
    private let runner: EffectRunner
    private let clipboard: Clipboard
    private let bookmarks: BookmarkFile
    private let drafts: DraftFile
    private let editor: Editor
    private let browser: Browser
    private let log: ErrorLog?
    private var settings: SettingsWatch
    private var exitCode: Int32?
    private var lastFrame: Timestamp?
    /// Something changed that the last frame does not show.
    private var isDirty = false

    /// The least time between two frames that only events ask for, seconds: logs may come a thousand lines a second.
    private static let frameTime = 0.1

    init(
        app: App, terminal: CursesTerminal, mailbox: Mailbox, runner: EffectRunner, environment: ConsoleEnvironment,
        paths: ConsolePaths, log: ErrorLog?
    ) {
        self.log = log
        self.app = app
        self.terminal = terminal
        self.mailbox = mailbox
        self.runner = runner
        clipboard = Clipboard(environment: environment)
        bookmarks = BookmarkFile(paths: paths)
        drafts = DraftFile(paths: paths)
        editor = Editor(environment: environment)
        browser = Browser(environment: environment)
        settings = SettingsWatch(paths: paths)
    }

    /// Who was signed in last.
    var identity: Identity? { app.model.world.identity }
    /// What was typed, for the next start.
    var history: HistoryFile.Entries {
        HistoryFile.Entries(commands: app.model.commandHistory, filters: app.model.filterHistory)
    }
    /// What the next start may show of it.
    var lists: RememberedLists? {
        app.model.heardAt.flatMap { app.model.world.federation.lists(at: $0) }
    }

    mutating func run() -> Int32 {
        let effects = app.start(at: .now())
        // The frame is on the screen before the first byte goes to the network.
        show(urgent: true)
        carryOut(effects)
        while exitCode == nil {
            let woken = wait()
            var isUrgent = false
            for message in mailbox.takeAll() { answer(message) }
            while exitCode == nil, let input = terminal.read() {
                isUrgent = true
                switch input {
                case .key(let key): answer(.key(key))
                case .paste(let text): answer(.paste(text))
                case .mouse(let mouse): answer(.mouse(mouse))
                }
            }
            if woken.isHungUp { exitCode = exitCode ?? 129 }
            let isTime = woken.isTime || app.pause(at: .now()).map { $0 <= 0.001 } == true
            // A folder that is not there yet wakes nobody: then the next key or moment does.
            let mustLook = woken.isChanged || !settings.isWatching && (isTime || isUrgent)
            if mustLook, let message = settings.look() {
                isUrgent = true
                answer(message)
            }
            if isTime { answer(.tick) }
            for line in app.model.world.journal.takeLines() { log?.write(line) }
            if exitCode == nil { show(urgent: isUrgent) }
        }
        // The composer may be below help, or below the sign-in after a session that ended.
        if let composer = app.model.stack.last(where: { $0 is ComposerScreen }) as? ComposerScreen {
            keep(composer.kept)
        }
        return exitCode ?? 0
    }

    /// Sleeps until there is something to do: input, a message, or a moment the model waits for.
    private func wait() -> (isTime: Bool, isHungUp: Bool, isChanged: Bool) {
        var descriptors = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: settings.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        var pause = app.pause(at: .now())
        if isDirty { pause = min(pause ?? .infinity, Self.frameTime) }
        let milliseconds = pause.map { Int32(min(3_600_000, ($0 * 1_000).rounded(.up))) } ?? -1
        let ready = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        return (
            ready == 0, descriptors[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0, descriptors[2].revents != 0
        )
    }

    private mutating func answer(_ message: Message) {
        switch message {
        case .resized:
            let size = terminal.size()
            guard size != app.model.world.size else { return }
            terminal.resize(to: size)
            carryOut(app.update(.resize(size), at: .now()))
        case .ending(let code): exitCode = code
        default: carryOut(app.update(message, at: .now()))
        }
    }

    private mutating func carryOut(_ effects: [Effect]) {
        for effect in effects {
            switch effect {
            case .quit(let code): exitCode = code
            case .repaint: terminal.repaint()
            case .suspend:
                terminal.suspend()
                answer(.resized)
            case .bell: terminal.bell()
            case .notify(let text): terminal.write("\u{1B}]9;vantage6: \(SafeText.line(text))\u{07}")
            case .useMouse(let on): terminal.useMouse(on)
            case .copy(let text): copy(text)
            case .rememberBookmarks(let list):
                do { try bookmarks.write(list) } catch {
                    app.say(.bad("The bookmarks cannot be saved: \(error.localizedDescription)"))
                }
            case .keepDraft(let draft): keep(draft)
            case .writeDrafts(let list):
                do { try drafts.writeAside(list) } catch { refuseDrafts(error) }
            case .edit(let text): edit(text, effect)
            case .shell(let name, let script): shell(name, script)
            case .browse(let address): browse(address)
            case .allowWriting: break
            default: runner.start(effect)
            }
        }
    }

    private mutating func keep(_ draft: ComposerDraft?) {
        do { try drafts.write(draft) } catch { refuseDrafts(error) }
    }

    private mutating func refuseDrafts(_ error: any Error) {
        app.say(.bad("The draft cannot be kept: \(Fault(describing: error).message)"))
    }

    private mutating func edit(_ text: String, _ effect: Effect) {
        var outcome = Message.Outcome.edited(text)
        terminal.lend {
            do { outcome = .edited(try editor.edit(text)) } catch { outcome = .failed(Fault(describing: error)) }
        }
        answer(.resized)
        answer(.finished(effect, outcome))
    }

    /// Runs a command of the person's own on the lent terminal, which stays until they have read it.
    private mutating func shell(_ name: String, _ script: String) {
        var code: Int32 = 0
        terminal.lend {
            // Standard error is our log while the screen is up.
            code = v6_run_command("{ \(script)\n} 2>&1")
            print("\n-- \(SafeText.line(name)) ended with code \(code). Press enter.", terminator: "")
            fflush(nil)
            _ = readLine()
        }
        answer(.resized)
        app.say(code == 0 ? .good("\(name) is done") : .bad("\(name) ended with code \(code)"))
    }

    private mutating func browse(_ address: String) {
        switch browser.method {
        case .terminal(let command):
            guard let line = Browser.line(command, opening: address) else { return refuse(address) }
            var code: Int32 = 0
            terminal.lend { code = v6_run_command(line) }
            answer(.resized)
            app.say(code == 0 ? .good("Opened \(address)") : .bad("\(command) ended with code \(code)"))
        case .desktop(let command):
            guard let line = Browser.line(command, opening: address) else { return refuse(address) }
            // In the background, and silent: what it says would land between the cells.
            let code = v6_run_command("\(line) </dev/null >/dev/null 2>&1 &")
            app.say(code == 0 ? .good("Opened \(address)") : .bad("\(command) cannot be started; set V6_BROWSER"))
        case .none:
            copy(address)
            app.say(.good("No browser here (V6_BROWSER names one); copied \(address)"))
        }
    }

    private mutating func refuse(_ address: String) {
        app.say(.bad("Not opened: \(address) is no address of a web page"))
    }

    private mutating func copy(_ wanted: String) {
        let text = SafeText.clipboard(wanted)
        switch clipboard.method(for: text) {
        case .sequence(let sequence): terminal.write(sequence)
        case .command(let command):
            do { try Clipboard.run(command, text: text) } catch {
                app.say(.bad("Not copied: \(Fault(describing: error).message)"))
            }
        case .off(let reason): app.say(.bad("Not copied: \(reason)."))
        }
    }

    /// Draws a frame: at once after a key, and at most ten times a second for what comes from outside.
    private mutating func show(urgent: Bool) {
        let now = Timestamp.now()
        if !urgent, let lastFrame, now.seconds(since: lastFrame) < Self.frameTime {
            isDirty = true
            return
        }
        isDirty = false
        lastFrame = now
        terminal.show(app.view())
    }
}
