// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6TestSupport

@testable import V6Kit

struct AlgorithmProgramTests {
    /// Runs a program on an input as a node would; what the output file holds afterwards.
    private func output(
        _ input: String, _ program: AlgorithmProgram, before: String = ""
    ) async throws -> (output: String, log: [String], error: String?) {
        try await withTemporaryDirectory { folder in
            let inputFile = folder.appendingPathComponent("input")
            let outputFile = folder.appendingPathComponent("output")
            try Data(input.utf8).write(to: inputFile)
            try Data(before.utf8).write(to: outputFile)
            let environment = AlgorithmEnvironment([
                "INPUT_FILE": EnvironmentEncoding.encode(inputFile.path),
                "OUTPUT_FILE": EnvironmentEncoding.encode(outputFile.path),
            ])
            let lines = Mutex<[String]>([])
            let log = AlgorithmLog { line in lines.withLock { $0.append(line) } }
            var fault: String?
            do {
                try await program.execute(environment, log: log, transport: CurlTransport())
            } catch {
                fault = "\(error)"
            }
            let output = String(decoding: try Data(contentsOf: outputFile), as: UTF8.self)
            return (output, lines.withLock { $0 }, fault)
        }
    }

    private static let echo = AlgorithmProgram([
        AlgorithmMethod("echo", parameters: ["value"]) { run in
            run.log.warning("to be echoed")
            return ["value": .string(try run.arguments.required("value", run.arguments.string("value")))]
        },
        AlgorithmMethod("numbers", parameters: []) { _ in
            [.number(.nan), .number(-.infinity), .number(0.1), .integer(3), nil]
        },
    ])

    @Test func writesTheResultAsPythonDoes() async throws {
        let run = try await output(
            "{\"method\": \"echo\", \"args\": [\"Zoë\"]}", Self.echo, before: "longer than the result, by far")
        #expect(run.error == nil)
        #expect(run.output == "{\"value\": \"Zo\\u00eb\"}")
        #expect(run.log == ["info > calling echo", "warn > to be echoed", "info > echo is done"])
    }

    @Test func writesNumbersThatStrictJSONDoesNotKnow() async throws {
        #expect(try await output("{\"method\": \"numbers\"}", Self.echo).output == "[NaN, -Infinity, 0.1, 3, null]")
    }

    @Test(arguments: [
        ("{\"method\": \"other\"}", "there is no method \"other\"; there are: echo, numbers"),
        ("{\"method\": \"echo\"}", "echo needs the argument \"value\""),
        ("{\"kwargs\": {}}", "the input of the task cannot be used: the input names no \"method\""),
    ])
    func leavesTheOutputAloneWhenItFails(input: String, message: String) async throws {
        let run = try await output(input, Self.echo)
        #expect(run.error == message)
        #expect(run.output == "")
    }
}
