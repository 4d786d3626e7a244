// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// An image as an algorithm store knows it.
struct ResolvedImage: Sendable {
    /// The image, pinned by its digest when the store has one.
    let image: String
    /// The store, as long as the digest is known.
    let storeID: Int64?
}

/// What the server asks algorithm stores.
struct AlgorithmStores: Sendable {
    /// A question that is ready to be sent.
    struct Lookup: Sendable {
        let storeID: Int64
        let url: String
        let image: String
        let serverURL: String
        let authorization: String
    }

    let transport: any HTTPTransport
    /// `server_url` with the API path; nil when it is not configured.
    let serverURL: String?

    /// Prepares the question for the image of a task.
    ///
    /// - Throws: ``Failure`` 400 when there is no such store, 403 when it belongs to another collaboration.
    func lookup(
        _ id: Int64, image: String, collaboration: Int64, serverURL: String?, _ call: Call
    ) throws -> Lookup {
        guard let row = try call.session.row("SELECT url, collaboration_id FROM algorithmstore WHERE id = \(id)")
        else { throw Failure.invalid("Algorithm store id=\(id) not found!") }
        if let owner = row.integer(1), owner != collaboration {
            throw Failure.forbidden(
                "The algorithm store is not part of the collaboration to which the task is posted.")
        }
        return Lookup(
            storeID: id, url: row.text(0) ?? "", image: image, serverURL: serverURL ?? self.serverURL ?? "",
            authorization: call.request.authorization ?? "")
    }

    /// Asks the store for the image.
    ///
    /// - Throws: ``Failure`` 400 when the store does not know it or cannot be asked.
    func resolve(_ lookup: Lookup) async throws -> ResolvedImage {
        let url = "\(lookup.url)/algorithm?image=\(Query.encoded(lookup.image))"
        let response: HTTPResponse
        do {
            response = try await transport.send(
                HTTPRequest(
                    method: "GET", url: url,
                    headers: [("server_url", lookup.serverURL), ("Authorization", lookup.authorization)],
                    timeout: .seconds(20)))
        } catch let error as TransportError {
            throw Failure.invalid("The algorithm store cannot be reached: \(error)")
        }
        let answer: JSONValue
        do { answer = try JSONValue(parsing: response.body) } catch {
            throw Failure.invalid("The algorithm store did not answer with JSON (HTTP status \(response.status)).")
        }
        guard response.status == 200 else {
            throw Failure.invalid(answer["msg"]?.stringValue ?? "The algorithm store refused (\(response.status)).")
        }
        guard let algorithm = answer["data"]?[0], let image = algorithm["image"]?.stringValue else {
            throw Failure.invalid("Algorithm not found in store!")
        }
        guard let digest = algorithm["digest"]?.stringValue else { return ResolvedImage(image: image, storeID: nil) }
        let bare = image.split(separator: "@")[0]
        return ResolvedImage(image: "\(bare)@\(digest)", storeID: lookup.storeID)
    }
}
