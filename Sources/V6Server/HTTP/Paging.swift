// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The page a list request asks for.
struct Paging: Sendable {
    /// The most rows on one page; no known client asks for more than a tenth of it.
    static let maximum: Int64 = 100_000

    let page: Int
    let perPage: Int

    /// Reads `page` and `per_page`.
    ///
    /// - Throws: ``Failure`` 400 in the words of 4.15.2 (which sends them with status 500).
    init(_ query: Query) throws {
        let page = try query.integer("page") ?? 1
        guard page >= 1 else { throw Failure.invalid("page needs to be >= 1") }
        let perPage = try query.integer("per_page") ?? 10
        guard perPage >= 1 else { throw Failure.invalid("per_page needs to be >= 1") }
        self.page = Int(min(page, Int64.max / Self.maximum))
        self.perPage = Int(min(perPage, Self.maximum))
    }

    /// Everything on one page.
    private init(whole: Void) {
        page = 1
        perPage = Int(Int32.max)
    }

    /// One page that holds everything, for `GET /rule?no_pagination=1`.
    static let whole = Paging(whole: ())

    /// The rows before this page.
    var offset: Int { (page - 1) * perPage }

    /// The end of a statement that cuts out this page.
    var limit: SQL { "LIMIT \(perPage) OFFSET \(offset)" }

    /// The answer with the objects of this page and its links.
    func reply(_ items: [some JSONWritable], total: Int, request: APIRequest) -> Reply {
        var text = JSONText(capacity: 1024 * (items.count + 1))
        text.openObject()
        text.name("data")
        text.write(items)
        text.name("links")
        let addresses = addresses(total: total, request)
        text.write(Self.links(addresses))
        text.closeObject()
        return Reply(headers: Self.headers(addresses, total: total), body: .json(text))
    }

    /// The answer with the objects of this page in parts.
    func reply(_ keys: [Int64], total: Int, request: APIRequest, part: @escaping LongPage.Part) -> Reply {
        let addresses = addresses(total: total, request)
        var tail = JSONText()
        tail.openObject()
        tail.name("links")
        tail.write(Self.links(addresses))
        tail.closeObject()
        let page = LongPage(keys: keys, tail: tail, part: part)
        return Reply(
            headers: Self.headers(addresses, total: total), body: .stream(page.source, type: "application/json"))
    }

    /// The headers that tell about the other pages.
    private static func headers(
        _ addresses: [(name: String, url: String)], total: Int
    ) -> [(name: String, value: String)] {
        let links = addresses.map { "<\($0.url)>; rel=\($0.name)" }
        return [
            ("total-count", String(total)), ("Link", links.joined(separator: ",")),
            ("access-control-expose-headers", "total-count, Link"),
        ]
    }

    private static func links(_ addresses: [(name: String, url: String)]) -> JSONValue {
        var links = JSONObject()
        for (name, url) in addresses { links[name] = .string(url) }
        return .object(links)
    }

    private func addresses(total: Int, _ request: APIRequest) -> [(name: String, url: String)] {
        let last = (total + perPage - 1) / perPage
        var pages = [("first", 1)]
        if page > 1 { pages.append(("previous", page - 1)) }
        pages.append(("self", page))
        if page < last { pages.append(("next", page + 1)) }
        if total > 0 { pages.append(("last", last)) }
        return pages.map { ($0.0, "\(request.path)?\(request.query.text(page: $0.1))") }
    }
}
