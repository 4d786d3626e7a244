// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The endpoints as an OpenAPI 3.1 document, made from the route table.
struct OpenAPIDocument {
    let apiPath: String
    let routes: [Route]

    /// What the server itself may answer before an endpoint is asked.
    static let limits: [(status: Int, description: String)] = [
        (408, "The request did not arrive in time."), (413, "The request body is too large."),
        (429, "Too many requests; `Retry-After` says when to come back."),
    ]

    /// The document.
    var json: JSONValue {
        var paths = JSONObject()
        for route in routes {
            var item = paths[route.path]?.objectValue ?? [:]
            item[route.method.lowercased()] = operation(route)
            paths[route.path] = .object(item)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "vantage6 server", "version": .string(ServiceResource.contractVersion),
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": .string(apiPath.isEmpty ? "/" : apiPath)]],
            "paths": .object(paths),
            "components": [
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"]],
                "schemas": .object(schemas),
            ],
        ]
    }

    /// The named forms of all answers.
    private var schemas: JSONObject {
        var shapes = Objects.refusal.components.merging(Objects.roleRefusal.components) { $1 }
        for case .json(let shape) in routes.flatMap(\.answers).map(\.body) {
            shapes.merge(shape.components) { $1 }
        }
        var result = JSONObject()
        for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) { result[name] = shape.openAPI }
        return result
    }

    private func operation(_ route: Route) -> JSONValue {
        var operation: JSONObject = [
            "summary": .string(route.summary), "operationId": .string(route.name),
            "tags": [.string(route.path.split(separator: "/").first.map(String.init) ?? "")],
        ]
        let description = [route.callerWords, route.permission?.words].compactMap { $0 }.joined(separator: " ")
        operation["description"] = .string(description)
        operation["security"] = route.callers == .anyone ? [] : [["token": []]]
        let parameters = pathParameters(route) + queryParameters(route)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let schema = route.schema {
            operation["requestBody"] = [
                "required": true, "content": ["application/json": ["schema": schema.openAPI]],
            ]
        } else if route.takesBytes {
            operation["requestBody"] = ["content": ["application/octet-stream": [:]]]
        }
        operation["responses"] = .object(responses(route))
        return .object(operation)
    }

    private func pathParameters(_ route: Route) -> [JSONValue] {
        route.pathParameters.map { name in
            let isNumber = name == "id" || name.hasSuffix("_id")
            return [
                "name": .string(name), "in": "path", "required": true,
                "schema": isNumber
                    ? ["type": "integer", "minimum": 0, "maximum": .integer(.max)] : ["type": "string"],
            ]
        }
    }

    private func queryParameters(_ route: Route) -> [JSONValue] {
        route.allQuery.map { parameter in
            var object: JSONObject = [
                "name": .string(parameter.name), "in": "query", "schema": parameter.openAPI,
            ]
            if let words = parameter.words { object["description"] = .string(words) }
            return .object(object)
        }
    }

    // MARK: - Answers

    private func responses(_ route: Route) -> JSONObject {
        var responses = JSONObject()
        for answer in route.answers { responses[String(answer.status)] = response(answer, route) }
        for status in route.refusalStatuses { responses[String(status)] = refusal(status, route) }
        for limit in Self.limits {
            responses[String(limit.status)] = [
                "description": .string(limit.description),
                "content": ["application/json": ["schema": Objects.refusal.openAPI]],
            ]
        }
        return responses
    }

    private func response(_ answer: Answer, _ route: Route) -> JSONValue {
        var response: JSONObject = ["description": "Done."]
        switch answer.body {
        case .json(let shape): response["content"] = ["application/json": ["schema": shape.openAPI]]
        case .bytes(let type): response["content"] = .object([type: [:]])
        }
        if !answer.headers.isEmpty {
            var headers = JSONObject()
            for name in answer.headers {
                headers[name] = ["required": true, "schema": ["type": name == "total-count" ? "integer" : "string"]]
            }
            response["headers"] = .object(headers)
        }
        return .object(response)
    }

    private func refusal(_ status: Int, _ route: Route) -> JSONValue {
        let isRoleRefusal = status == 400 && route.refusesLikeRoles
        let shape = isRoleRefusal ? Objects.roleRefusal : Objects.refusal
        var content: JSONObject = ["application/json": ["schema": shape.openAPI]]
        // A path that leads nowhere, such as one with a word for an identifier, is answered with a page.
        if status == 404, !route.pathParameters.isEmpty { content["text/html"] = [:] }
        return ["description": .string(Route.words(forRefusal: status)), "content": .object(content)]
    }
}
