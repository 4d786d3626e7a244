// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Server

/// Query strings as 4.15.2 reads them, whole and broken.
struct QueryTests {
    /// What stands in a query, and what Werkzeug 3.1 reads in it.
    @Test(arguments: [
        ("%C3%A4", "ä"), ("ä", "ä"), ("+", " "), ("%2B", "+"), ("b=c", "b=c"), ("1;b=2", "1;b=2"), ("%25zz", "%zz"),
        ("%+1", "% 1"), ("%", "%"), ("%zz", "%zz"), ("%f", "%f"), ("%%41", "%A"), ("%-1", "%-1"), ("%00", "\0"),
        ("%C3", "%C3"), ("%c3%28", "%C3("), ("%E2%82+", "%E2%82 "), ("%FFx", "%FFx"), ("%80%80", "%80%80"),
        ("%F0%9F%98", "%F0%9F%98"), ("%ED%A0%80", "%ED%A0%80"), ("%F0%9F%98%80%C3", "😀%C3"),
        // A letter with an accent of its own stands behind each sign that parts names and values.
        ("\u{301}1", "\u{301}1"), ("%\u{301}", "%\u{301}"),
    ])
    func values(text: String, value: String) throws {
        let query = Query("name=\(text)&b\(text)=1&\u{301}=2")
        #expect(query.items.count == 3)
        let read = try #require(query["name"])
        #expect(Array(read.unicodeScalars) == Array(value.unicodeScalars))
        #expect(query["\u{301}"] == "2")
    }

    @Test func namesAndEmptyParts() {
        #expect(Query("").items.isEmpty && Query("&&").items.isEmpty)
        #expect(Query("a").items == [Query.Item(name: "a", value: "")])
        #expect(Query("=").items == [Query.Item(name: "", value: "")])
        #expect(Query("=b&%61=1&a%3Db=2").items.map(\.name) == ["", "a", "a=b"])
        #expect(Query("a=1&b=2&a=3").all("a") == ["1", "3"])
        #expect(Query("a=1&a=2")["a"] == "1")
        #expect(Query("a=&b=x").isSet("a") == false && Query("b=x").isSet("b"))
        #expect(Query("include=a,%20b&include=c").words("include") == ["a", "b", "c"])
    }

    @Test func numbers() throws {
        #expect(try Query("id=%207").integer("id") == 7 && Query("").integer("id") == nil)
        #expect(try Query("id=1&id=+2").integers("id") == [1, 2])
        #expect(throws: Failure.self) { try Query("id=%+1").integer("id") }
        #expect(throws: Failure.self) { try Query("id=9223372036854775808").integer("id") }
        #expect(Query("id=x").identifier("id")?.id == -1)
    }

    @Test func pagesKeepTheirPlace() {
        #expect(Query("page=1&name=%C3%A4+b").text(page: 2) == "page=2&name=%C3%A4+b")
        #expect(Query("name=%zz&name=x").text(page: 3) == "name=%25zz&page=3")
    }
}
