// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

struct JSONValueTests {
    @Test(
        "what is read is written again",
        arguments: [
            "null", "true", "[]", "{}", "-9223372036854775808", "0.25", "\"\"",
            #"{"z":1,"a":[{"b":null},false,"x"],"m":{}}"#, #"["\"\\/\n\t\r","é","🚀","\u0001"]"#,
        ])
    func roundTrip(_ text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(try JSONValue(parsing: value.text(.compact)) == value)
        #expect(try JSONValue(parsing: value.text(.python)) == value)
        #expect(try JSONValue(parsing: value.text(.pretty)) == value)
    }

    @Test("the order of members is kept")
    func order() throws {
        let text = #"{"query":"q","sheet_name":"s","a":{"z":1,"b":2}}"#
        #expect(try JSONValue(parsing: text).text() == text)
    }

    @Test("Python's layout: blanks behind separators, ASCII only, its own literals")
    func python() throws {
        let value: JSONValue = ["a": [1, 2.5, .number(.nan), .number(-.infinity)], "é🚀": "\u{7F}\u{8}"]
        #expect(value.text(.python) == "{\"a\": [1, 2.5, NaN, -Infinity], \"\\u00e9\\ud83d\\ude80\": \"\u{7F}\\b\"}")
        #expect(value.text(.compact).hasPrefix(#"{"a":[1,2.5,null,null]"#))
    }

    @Test("NaN and the infinities of Python are read")
    func literals() throws {
        let items = try #require(JSONValue(parsing: "[NaN, Infinity, -Infinity]").arrayValue)
        #expect(items[0].doubleValue?.isNaN == true)
        #expect(items[1].doubleValue == .infinity && items[2].doubleValue == -.infinity)
    }

    @Test("numbers beyond 64 bits become floating point")
    func bigNumbers() throws {
        #expect(try JSONValue(parsing: "9223372036854775808") == .number(9_223_372_036_854_775_808))
        #expect(try JSONValue(parsing: "1e3") == .number(1000))
        #expect(try JSONValue(parsing: "12").intValue == 12)
    }

    @Test("surrogate pairs are joined, lone ones replaced")
    func surrogates() throws {
        #expect(try JSONValue(parsing: #""\ud83d\ude80""#) == "🚀")
        #expect(try JSONValue(parsing: #""\ud83dx""#) == "\u{FFFD}x")
        #expect(try JSONValue(parsing: #""\ud83d\u0041""#) == "\u{FFFD}A")
    }

    @Test(
        "what is no JSON is refused with its place",
        arguments: [
            ("", 0), ("{", 1), ("[1,]", 3), ("{\"a\" 1}", 5), ("01", 0), ("1.", 2), ("1e", 2), ("\"a", 2), ("nul", 0),
            ("\"\\x\"", 2), ("[1] 2", 4), ("\"\u{1}\"", 1), ("+1", 0), ("{a:1}", 1), ("-", 1), ("\"\\u12", 3),
        ])
    func faults(_ text: String, _ offset: Int) throws {
        let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
        #expect(error?.offset == offset)
    }

    @Test("nesting is bounded, so hostile input cannot exhaust the stack")
    func depth() throws {
        let deep = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        #expect(throws: Never.self) { try JSONValue(parsing: deep) }
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: "[" + deep + "]") }
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: String(repeating: "[", count: 100_000)) }
    }

    @Test("bytes that are no UTF-8 are refused")
    func invalidUTF8() {
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: Data([0x22, 0xFF, 0x22])) }
    }

    @Test("a removed member is gone, the others keep their order")
    func removal() {
        var object: JSONObject = ["a": 1, "b": 2, "c": 3]
        object["a"] = nil
        object["b"] = 5
        object["d"] = 4
        #expect(object.keys == ["b", "c", "d"] && object["b"] == 5 && object["a"] == nil)
        #expect(object == ["d": 4, "c": 3, "b": 5])
    }
}
