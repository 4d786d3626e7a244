// SPDX-License-Identifier: Apache-2.0

/// One answer of an endpoint: its status, what it holds, and the headers that come with it.
struct Answer: Sendable {
    /// What the body is.
    enum Body: Sendable {
        case json(Shape)
        /// Bytes of a type.
        case bytes(String)
    }

    let status: Int
    let body: Body
    /// Headers that are always there.
    var headers: [String] = []
    /// Whether it is one page of a list.
    var isPage = false

    /// 200 with a value.
    static func ok(_ shape: Shape) -> Answer { Answer(status: 200, body: .json(shape)) }

    /// 201 with a value.
    static func created(_ shape: Shape) -> Answer { Answer(status: 201, body: .json(shape)) }

    /// 200 with a `msg`.
    static let message = ok(Objects.message)

    /// 200 with one page of a list, and the headers that tell about the others.
    static func page(of shape: Shape) -> Answer {
        Answer(
            status: 200,
            body: .json(.object(["data": .list(shape), "links": Objects.pageLinks])),
            headers: ["total-count", "Link", "access-control-expose-headers"], isPage: true)
    }

    /// The same answer with further headers.
    func with(headers: String...) -> Answer {
        var answer = self
        answer.headers += headers
        return answer
    }
}
