// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Testing
import V6Kit

@testable import V6Console

struct CommandsWordTests {
    @Test(
        arguments: [
            (["tsk", "list"], "v6-console task?"), (["task", "lst"], "v6-console task list?"),
            (["gte", "tasks"], "v6-console get?"), (["help", "task", "wiat"], "v6-console task wait?"),
            (["--server", "http://x", "nodse"], "v6-console node?"),
        ])
    func slipOfThePenIsGuessed(words: [String], guess: String) async throws {
        try await withWorld { world in
            do {
                try CommandWords.check(words)
                Issue.record("\(words) was taken")
            } catch let failure as ConsoleFailure {
                #expect(failure.status == .usage)
                #expect(failure.advice == "Did you mean \(guess)")
            }
        }
    }

    @Test(
        arguments: [
            (["get", "pods"], "v6-console get knows no pods."),
            (["describe"], "v6-console describe needs to know of what."),
            (["--demo", "delete", "5"], "v6-console delete knows no 5."),
            (["help", "get"], "v6-console get needs to know of what."),
        ])
    func wordOfKubectlWithoutANounNamesTheNouns(words: [String], message: String) {
        let failure = #expect(throws: ConsoleFailure.self) { try CommandWords.check(CommandAliases.expanded(words)) }
        #expect(failure?.message == message)
        #expect(failure?.advice?.hasPrefix("There is: algorithm, collaboration, node") == true)
    }

    @Test func wordThatIsLikeNothingGetsTheList() {
        let failure = #expect(throws: ConsoleFailure.self) { try CommandWords.check(["task", "frobnicate"]) }
        #expect(failure?.advice?.contains("list, show, create") == true)
        #expect(failure?.advice?.contains("__complete") == false)
    }

    @Test func usageFaultIsAnObjectForWhoReadsJSON() {
        let collector = Collector()
        let failure = ConsoleFailure(.usage, "no")
        for arguments in [["task", "lst", "-o", "json"], ["task", "--output=jsonl"]] {
            let report = UsageReport(failure, arguments: arguments, environment: ConsoleEnvironment(variables: [:]))
            #expect(report.write(to: console(talk: collector)) == 64)
        }
        #expect(collector.text.split(separator: "\n").allSatisfy { $0.hasPrefix(#"{"error":{"code":"usage""#) })
    }

    private func console(talk: Collector) -> ScriptConsole {
        var console = ScriptConsole.ofProcess()
        console.talk = talk.sink
        return console
    }

    @Test func wordsOfKubectlMayStandBehindOptionsOfTheProgram() {
        let options = ["--server", "http://x", "--read-only"]
        #expect(CommandAliases.expanded(options + ["get", "tasks"]) == options + ["task", "list"])
        #expect(CommandAliases.expanded(["--profile=a", "--plain", "home"]) == ["--profile=a", "plain", "home"])
        #expect(CommandAliases.expanded(["--plain", "doctor"]) == ["doctor", "--output", "plain"])
        #expect(CommandAliases.expanded(["--plain", "log", "3"]) == ["run", "logs", "3", "--output", "plain"])
    }

    @Test func everyOptionOfTheProgramMayStandInFrontOfThem() {
        let lines = ConsoleCommandLine.helpMessage(columns: 200).split(separator: "\n").filter { $0.hasPrefix("  -") }
        let options = lines.map { $0.split(separator: "  ", omittingEmptySubsequences: true)[0] }
            .filter { !$0.contains("--version") && !$0.contains("--help") }
        #expect(options.count > 10)
        for option in options {
            let takesValue = option.contains("<")
            for name in option.split(separator: ",").compactMap({ $0.split(separator: " ").first.map(String.init) }) {
                let words = takesValue ? [name, "x"] : [name]
                #expect(CommandAliases.expanded(words + ["get", "tasks"]) == words + ["task", "list"], "\(name)")
            }
        }
    }

    /// Every command that does something, with its words.
    private static let leaves = leaves(of: ConsoleCommandLine.self, path: [])

    private static func leaves(
        of command: any ParsableCommand.Type, path: [String]
    ) -> [(path: [String], command: any ParsableCommand.Type)] {
        command.configuration.subcommands.filter { $0.configuration.shouldDisplay }.flatMap { next in
            let words = path + [next.configuration.commandName ?? "?"]
            return next.configuration.subcommands.isEmpty ? [(words, next)] : leaves(of: next, path: words)
        }
    }

    @Test func everyCommandHasExamplesThatAreTaken() throws {
        #expect(Self.leaves.count > 60)
        for (path, command) in Self.leaves {
            let lines = command.configuration.discussion.split(separator: "\n").filter { $0.hasPrefix("  ") }
            #expect(!lines.isEmpty, "\(path.joined(separator: " ")) has no example")
            for line in lines {
                let words = Self.words(String(line))
                guard words.first == "v6-console" else { continue }
                let arguments = CommandAliases.expanded(Array(words.dropFirst()))
                #expect(throws: Never.self, "\(line)") { _ = try ConsoleCommandLine.parsed(arguments) }
            }
        }
    }

    /// A command line as a shell would cut it, up to a redirection.
    private static func words(_ line: String) -> [String] {
        var words: [String] = []
        var quote: Character?
        var word = ""
        for character in line + " " {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == " " {
                if word == ">" { break }
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        return words
    }
}
