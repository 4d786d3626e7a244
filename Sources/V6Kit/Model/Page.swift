// SPDX-License-Identifier: Apache-2.0

/// One page of a list, as every list endpoint answers.
public struct Page<Element: Sendable & Decodable>: Sendable, Decodable {
    /// The addresses of other pages, relative to the server.
    public struct Links: Sendable, Hashable, Codable {
        /// The page that was asked for.
        public let current: String?
        /// The page behind it; nil on the last page.
        public let next: String?

        private enum CodingKeys: String, CodingKey {
            case current = "self"
            case next
        }
    }

    /// The objects of this page.
    public let data: [Element]
    /// The addresses of other pages; absent when the server was told not to page.
    public let links: Links?
}
