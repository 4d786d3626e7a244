// SPDX-License-Identifier: Apache-2.0

/// A list of the server, fetched page by page as it is walked through.
public struct PagedList<Element: Decodable & Sendable>: AsyncSequence, Sendable {
    private let client: V6Client
    private let path: String
    private let query: [(String, String)]

    init(client: V6Client, path: String, query: [(String, String)]) {
        self.client = client
        self.path = path
        self.query = query
    }

    /// Walks through the list.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let client: V6Client
        private var next: (path: String, query: [(String, String)])?
        private var ready: ArraySlice<Element> = []

        fileprivate init(client: V6Client, path: String, query: [(String, String)]) {
            self.client = client
            next = (path, query)
        }

        public mutating func next() async throws -> Element? {
            while ready.isEmpty, let request = next {
                let page: Page<Element> = try await client.get(request.path, query: request.query)
                ready = page.data[...]
                next = page.links?.next.map { (client.address.endpoint(ofLink: $0), []) }
            }
            return ready.popFirst()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(client: client, path: path, query: query)
    }

    /// All elements, or the first `limit` of them.
    /// - Throws: ``APIError``; `CancellationError`.
    public func all(limit: Int = .max) async throws -> [Element] {
        var elements: [Element] = []
        for try await element in self {
            guard elements.count < limit else { break }
            elements.append(element)
        }
        return elements
    }
}
