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
        let last = (total + perPage - 1) / perPage
        var pages = [("first", 1)]
        if page > 1 { pages.append(("previous", page - 1)) }
        pages.append(("self", page))
        if page < last { pages.append(("next", page + 1)) }
        if total > 0 { pages.append(("last", last)) }
        var text = JSONText(capacity: 1024 * (items.count + 1))
        text.openObject()
        text.name("data")
        text.openList()
        for item in items { item.write(to: &text) }
        text.closeList()
        var links = JSONObject()
        var header: [String] = []
        for (name, number) in pages {
            let url = "\(request.path)?\(request.query.text(page: number))"
            links[name] = .string(url)
            header.append("<\(url)>; rel=\(name)")
        }
        text.name("links")
        text.write(.object(links))
        text.closeObject()
        return Reply(
            headers: [
                ("total-count", String(total)), ("Link", header.joined(separator: ",")),
                ("access-control-expose-headers", "total-count, Link"),
            ],
            body: .json(text)
        )
    }
}
