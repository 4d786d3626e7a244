// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import V6Console

/// What docs/console.md says of variables and exit codes is what the program has.
@Suite struct ManualTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func manual() throws -> String {
        try String(contentsOf: root.appending(path: "docs/console.md"), encoding: .utf8)
    }

    private static func variables(in text: String) -> Set<String> {
        // The terminal's own constants are called alike.
        Set(text.matches(of: #/\bV6_(?!KEY_|MOUSE_|READ_)[A-Z0-9_]*[A-Z0-9]\b/#).map { String($0.output) })
    }

    @Test func everyVariableIsDocumented() throws {
        var used: Set<String> = []
        let sources = Self.root.appending(path: "Sources/V6Console")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            used.formUnion(Self.variables(in: try String(contentsOf: file, encoding: .utf8)))
        }
        #expect(used.count > 20)
        #expect(try Self.variables(in: Self.manual()) == used)
    }

    @Test(arguments: V6Console.ExitStatus.allCases) func everyExitCodeIsDocumented(status: V6Console.ExitStatus) throws
    {
        let table = try Self.manual().split(separator: "## Exit codes")[1]
        let codes = table.split(separator: "\n").filter { $0.hasPrefix("| ") }
            .flatMap { $0.split(separator: "|")[0].split(separator: ",") }.compactMap { Int32($0.filter(\.isNumber)) }
        #expect(codes.contains(status.rawValue))
    }

    @Test func configurationOfTheManualIsRead() throws {
        let yaml = try #require(
            Self.manual().split(separator: "```yaml\n").dropFirst().first?.split(separator: "```").first)
        let configuration = try ConsoleConfiguration(text: String(yaml), name: "docs/console.md")
        let profile = try configuration.profile(named: "prod")
        #expect(profile.readOnly && profile.username == "anna" && profile.collaboration == "lungs")
        #expect(profile.colour == "white on red")
        var settings = ConsoleSettings()
        try settings.readDisplay(String(yaml), name: "docs/console.md")
        #expect(settings.theme == "light" && settings.usesMouse == true && settings.isASCII == false)
    }
}
