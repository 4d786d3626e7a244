// SPDX-License-Identifier: Apache-2.0

/// Finds the route of a request.
struct Router: Sendable {
    /// What a path and a method lead to.
    enum Match: Sendable {
        case route(Route, parameters: [String])
        /// The path exists, the method does not: the methods that do.
        case wrongMethod(allowed: [String])
        /// A doubled slash: the path without it.
        case redirect(String)
        case nothing
    }

    private struct Node {
        var literals: [String: Node] = [:]
        var number: [Node] = []
        var text: [Node] = []
        var routes: [Route] = []
    }

    /// The path before all routes, such as `/api`; may be empty.
    let apiPath: String
    private var root = Node()

    init(apiPath: String, routes: [Route]) {
        self.apiPath = apiPath
        for route in routes { Self.insert(route, into: &root, segments: route.path.split(separator: "/")[...]) }
    }

    private static func insert(_ route: Route, into node: inout Node, segments: ArraySlice<Substring>) {
        guard let segment = segments.first else {
            node.routes.append(route)
            return
        }
        let rest = segments.dropFirst()
        func descend(_ children: inout [Node]) {
            if children.isEmpty { children.append(Node()) }
            insert(route, into: &children[0], segments: rest)
        }
        if segment == "{id}" || segment.hasSuffix("_id}") {
            descend(&node.number)
        } else if segment.hasPrefix("{") {
            descend(&node.text)
        } else {
            insert(route, into: &node.literals[String(segment), default: Node()], segments: rest)
        }
    }

    /// Finds what a request leads to.
    ///
    /// `HEAD` goes where `GET` goes.
    func match(method: String, path: String) -> Match {
        guard path.hasPrefix(apiPath + "/") else { return .nothing }
        if zip(path.utf8, path.utf8.dropFirst()).contains(where: { $0 == UInt8(ascii: "/") && $0 == $1 }) {
            let single = path.split(separator: "/", omittingEmptySubsequences: true).joined(separator: "/")
            return .redirect("/" + single)
        }
        let segments = path.parts(between: "/").dropFirst(apiPath.parts(between: "/").count)
        guard let (routes, parameters) = Self.find(segments[...], in: root), !routes.isEmpty else { return .nothing }
        let wanted = method == "HEAD" ? "GET" : method
        if let route = routes.first(where: { $0.method == wanted }) { return .route(route, parameters: parameters) }
        var allowed = routes.map(\.method)
        if allowed.contains("GET") { allowed.append("HEAD") }
        return .wrongMethod(allowed: allowed + ["OPTIONS"])
    }

    private static func find(
        _ segments: ArraySlice<Substring>, in node: Node
    ) -> (routes: [Route], parameters: [String])? {
        guard let segment = segments.first else { return node.routes.isEmpty ? nil : (node.routes, []) }
        let rest = segments.dropFirst()
        if let child = node.literals[String(segment)], let found = find(rest, in: child) { return found }
        let isNumber = !segment.isEmpty && segment.utf8.allSatisfy { (0x30...0x39).contains($0) }
        let children = (isNumber ? node.number : []) + (segment.isEmpty ? [] : node.text)
        for child in children {
            if var found = find(rest, in: child) {
                found.parameters.insert(String(segment), at: 0)
                return found
            }
        }
        return nil
    }
}
