// SPDX-License-Identifier: Apache-2.0

/// An algorithm as a store describes it (4.15: `GET <store>/algorithm`).
///
/// Stores of several versions are about, so what is absent or has an unknown form is left out, never an error.
public struct StoredAlgorithm: Sendable, Hashable {
    public let id: Int
    public let name: String
    public let description: String
    public let image: String
    /// The digest that was reviewed, such as `sha256:…`.
    public let digest: String?
    /// `horizontal` or `vertical`.
    public let partitioning: String?
    /// Such as `approved` or `under review`.
    public let status: String?
    public let version: String?
    public let codeURL: String?
    public let documentationURL: String?
    public let functions: [StoredFunction]
    /// All the store said of it.
    public let json: JSONValue

    /// Reads an element of the store's list; nil without number and image.
    public init?(_ json: JSONValue) {
        guard let id = json["id"]?.intValue, let image = json["image"]?.stringValue, !image.isEmpty else { return nil }
        self.id = id
        self.image = image
        self.json = json
        name = json["name"]?.stringValue ?? image
        description = json["description"]?.stringValue ?? ""
        digest = json["digest"]?.stringValue
        partitioning = json["partitioning"]?.stringValue
        status = json["status"]?.stringValue
        version = json["vantage6_version"]?.stringValue
        codeURL = json["code_url"]?.stringValue
        documentationURL = json["documentation_url"]?.stringValue
        functions = (json["functions"]?.arrayValue ?? []).compactMap(StoredFunction.init)
    }

    /// The function of that name.
    public func function(named name: String) -> StoredFunction? { functions.first { $0.name == name } }
}
