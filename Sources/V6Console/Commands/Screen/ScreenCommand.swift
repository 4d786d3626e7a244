// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `--script FILE`: the full screen, driven by a file of keys, for reports and documentation.
struct ScreenCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "screen", abstract: "Press the keys of a file on the full screen and print what it shows.",
        discussion: .help(
            """
            A line of the file that begins with : or / is typed and entered, a text in double quotes is typed, others \
            name keys: j, enter, ctrl-p.
            """, examples: "--script keys.txt --size 80x24 --save screen.txt"))

    @Option(help: ArgumentHelp("File of keys; - is standard input.", valueName: "file"))
    var script: String?

    @Option(help: ArgumentHelp("Columns and rows.", valueName: "80x24"))
    var size = "80x24"

    @Option(help: ArgumentHelp("Write the screen to this file instead.", valueName: "file"))
    var save: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let parts = size.split(separator: "x").compactMap { Int($0) }
        guard parts.count == 2, (20...500).contains(parts[0]), (4...200).contains(parts[1]) else {
            throw ConsoleFailure(
                .usage, "\(size) is no size.", advice: "Write columns and rows, such as --size 160x45.")
        }
        let keys = try script.map { try KeyScript.parse(try InputFile.text(at: $0, console: context.console)) } ?? []
        var screen = try context.headless(size: Size(rows: parts[1], columns: parts[0]), account: account)
        await screen.start()
        for key in keys { await screen.press(key) }
        await screen.rest()
        let surface = screen.app.view()
        let lines = (0..<surface.size.rows).map { surface.line($0) + "\n" }
        if let save {
            try PrivateFile.write(Data(lines.joined().utf8), to: save)
        } else {
            try context.console.output.put(lines.joined())
        }
    }
}

extension CommandContext {
    /// The full screen of this session without a terminal.
    func headless(size: Size, account: AccountOptions) throws -> HeadlessConsole {
        guard let mailbox = Mailbox() else {
            throw ConsoleFailure(.failure, "No pipe could be opened: too many open files?")
        }
        let isASCII = console.environment.isOn("V6_ASCII")
        var world = World(now: console.now(), size: size, glyphs: isASCII ? .ascii : .unicode, zone: .current)
        world.identity = try Identity(of: session)
        world.isReadOnly = session.readOnly
        world.bookmarks = BookmarkFile(paths: console.paths).read()
        let drafts = DraftFile(paths: console.paths)
        (world.draft, world.drafts) = (drafts.read(), drafts.readAside())
        world.connection = .polling(reason: "a script looks once")
        let runner = EffectRunner(
            mailbox: mailbox, session: session, opener: try account.opener(in: console))
        return HeadlessConsole(
            app: App(world: world, theme: .monochrome, start: .home), runner: runner, now: console.now)
    }
}

extension Surface {
    /// The characters of a row, without blanks at its end.
    func line(_ row: Int) -> String {
        var line = String(self.row(row).filter { $0.width > 0 }.map(\.character))
        while line.last == " " { line.removeLast() }
        return line
    }
}
