// SPDX-License-Identifier: Apache-2.0

/// An algorithm store that the server knows: a catalogue of reviewed algorithms, elsewhere.
public struct AlgorithmStore: Sendable, Hashable, Codable {
    public let id: Int
    public let name: String
    /// Where its API answers, such as `https://store.example.org/api`.
    public let url: String

    /// A store from its parts.
    public init(id: Int, name: String, url: String) {
        self.id = id
        self.name = name
        self.url = url
    }
}
