// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Kit

struct AlgorithmArgumentsTests {
    private func arguments(_ list: [JSONValue] = [], _ keywords: JSONObject = [:]) throws -> AlgorithmArguments {
        try AlgorithmArguments(
            TaskInput(method: "m", arguments: list, keywords: keywords), parameters: ["text", "list", "number"])
    }

    @Test func takesArgumentsByPositionAndByName() throws {
        let arguments = try arguments(["a", [1, 2]], ["number": 0.5])
        #expect(try arguments.string("text") == "a")
        #expect(try arguments.integers("list") == [1, 2])
        #expect(try arguments.numbers("list") == [1, 2])
        #expect(try arguments.number("number") == 0.5)
    }

    @Test func nullIsNotGiven() throws {
        let arguments = try arguments([nil])
        #expect(try arguments.string("text") == nil)
        #expect(throws: AlgorithmError("m needs the argument \"text\"")) {
            try arguments.required("text", arguments.string("text"))
        }
    }

    private static let misfits: [([JSONValue], JSONObject, String)] = [
        ([], ["texts": "a"], "m has no argument \"texts\"; it takes: text, list, number"),
        (["a"], ["text": "b"], "m: argument \"text\" is given twice"),
        ([1, 2, 3, 4], [:], "m takes at most 3 arguments, 4 were given"),
    ]

    @Test(arguments: misfits)
    func refusesWhatDoesNotFit(list: [JSONValue], keywords: JSONObject, message: String) {
        #expect(throws: AlgorithmError(message)) { try arguments(list, keywords) }
    }

    @Test func refusesValuesOfAnotherKind() throws {
        let arguments = try arguments([1, ["a", 1], "x"])
        #expect(throws: AlgorithmError("m: argument \"text\" must be a text")) { try arguments.string("text") }
        #expect(throws: AlgorithmError("m: argument \"list\" must be a list of texts")) {
            try arguments.strings("list")
        }
        #expect(throws: AlgorithmError("m: argument \"number\" must be a whole number")) {
            try arguments.integer("number")
        }
    }
}
