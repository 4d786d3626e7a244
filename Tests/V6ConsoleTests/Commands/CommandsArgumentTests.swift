// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

struct CommandsArgumentTests {
    @Test(
        arguments: [
            ("column=age", "column", JSONValue.string("age")),
            ("formula=a=b", "formula", "a=b"),
            ("empty=", "empty", ""),
            ("count:=3", "count", 3),
            ("columns:=[\"a\",\"b\"]", "columns", .array(["a", "b"])),
            ("flag:=true", "flag", true),
            ("text:=\"3\"", "text", "3"),
            ("nothing:=null", "nothing", .null),
            ("number=3", "number", "3"),
            ("url=http://x:=y", "url", "http://x:=y"),
        ])
    func argumentIsReadAsTextOrJSON(text: String, key: String, value: JSONValue) throws {
        let argument = try TaskArgument(parsing: text)
        #expect(argument.key == key)
        #expect(argument.value == value)
    }

    @Test(arguments: ["noequals", "=value", ":=3", "broken:={", "bare:=word"])
    func argumentWithoutNameOrJSONIsAUsageError(text: String) {
        #expect { try TaskArgument(parsing: text) } throws: { ($0 as? ConsoleFailure)?.status == .usage }
    }

    @Test func argumentGivenTwiceIsRefused() {
        #expect { try TaskArgument.object(parsing: ["a=1", "a:=2"]) } throws: { error in
            (error as? ConsoleFailure)?.message.contains("a is given twice") == true
        }
    }

    @Test func databaseTakesAQueryBehindTheColon() {
        #expect(TaskDescription.database(parsing: "default").parameters.isEmpty)
        let database = TaskDescription.database(parsing: "pg:SELECT a::int FROM t")
        #expect(database.label == "pg")
        #expect(database.parameters["query"] == "SELECT a::int FROM t")
    }

    @Test(
        arguments: [
            ("90s", 90.0), ("30m", 1800), ("2h", 7200), ("1h30m", 5400), ("7d", 604_800), ("12", 12), ("1.5h", 5400),
        ])
    func spanOfTimeIsRead(text: String, seconds: Double) {
        #expect(TimeText.seconds(parsing: text) == seconds)
    }

    @Test(arguments: ["", "x", "5y", "m", "3m4", "-5s", "nan", "inf"])
    func textThatIsNoSpanIsRefused(text: String) {
        #expect(TimeText.seconds(parsing: text) == nil)
    }

    @Test func referenceNamesObjectByNumberOrNounAndNumber() {
        #expect(Reference("12").identifier(of: "task") == 12)
        #expect(Reference("task/12").identifier(of: "task") == 12)
        #expect(Reference("run/12").identifier(of: "task") == nil)
        #expect(Reference("task/x").identifier(of: "task") == nil)
        #expect(Reference("task/12/3").noun == nil)
        #expect(Reference("-4").identifier(of: "task") == nil)
    }
}
