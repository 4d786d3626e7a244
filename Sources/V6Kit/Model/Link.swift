// SPDX-License-Identifier: Apache-2.0

/// A reference from one object of the server to another.
public struct Link: Sendable, Hashable, Codable {
    /// The identifier of the object referred to.
    public let id: Int
    /// Its address, relative to the server, with the API path in front.
    public let link: String?
    /// The HTTP methods the address knows, in no defined order.
    public let methods: [String]?

    /// A reference to an object.
    public init(id: Int, link: String? = nil, methods: [String]? = nil) {
        self.id = id
        self.link = link
        self.methods = methods
    }
}
