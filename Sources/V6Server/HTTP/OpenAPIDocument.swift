// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The endpoints as an OpenAPI 3.1 document, made from the route table.
struct OpenAPIDocument {
    let apiPath: String
    let routes: [Route]

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
            "info": ["title": "vantage6 server", "version": .string(ServiceResource.contractVersion)],
            "servers": [["url": .string(apiPath.isEmpty ? "/" : apiPath)]],
            "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"]
                ],
                "responses": [
                    "refusal": [
                        "description": "The request was refused; `msg` says why.",
                        "content": [
                            "application/json": [
                                "schema": [
                                    "type": "object",
                                    "properties": [
                                        "msg": [:], "message": ["type": "string"], "errors": ["type": "object"],
                                    ],
                                ]
                            ]
                        ],
                    ]
                ],
            ],
        ]
    }

    private func operation(_ route: Route) -> JSONValue {
        var operation: JSONObject = [
            "summary": .string(route.summary), "operationId": .string(Self.name(of: route)),
            "tags": [.string(route.path.split(separator: "/").first.map(String.init) ?? "")],
        ]
        if let description = Self.callers(route) { operation["description"] = .string(description) }
        if route.callers != .anyone { operation["security"] = [["token": []]] }
        let parameters = pathParameters(route) + queryParameters(route)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let schema = route.schema {
            operation["requestBody"] = [
                "required": true, "content": ["application/json": ["schema": schema.openAPI]],
            ]
        }
        operation["responses"] = [
            "2XX": ["description": "Done."], "4XX": ["$ref": "#/components/responses/refusal"],
        ]
        return .object(operation)
    }

    private func pathParameters(_ route: Route) -> [JSONValue] {
        route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { segment in
            let name = String(segment.dropFirst().dropLast())
            let isNumber = name == "id" || name.hasSuffix("_id")
            return [
                "name": .string(name), "in": "path", "required": true,
                "schema": isNumber ? ["type": "integer", "minimum": 0] : ["type": "string"],
            ]
        }
    }

    private func queryParameters(_ route: Route) -> [JSONValue] {
        let texts = route.query + (route.pages ? ["sort"] : [])
        let numbers = route.pages ? ["page", "per_page"] : []
        return texts.map { ["name": .string($0), "in": "query", "schema": ["type": "string"]] }
            + numbers.map { ["name": .string($0), "in": "query", "schema": ["type": "integer", "minimum": 1]] }
    }

    private static func name(of route: Route) -> String {
        let words = route.path.split { !$0.isLetter && !$0.isNumber }
        return ([route.method.lowercased()] + words.map(String.init)).joined(separator: "_")
    }

    private static func callers(_ route: Route) -> String? {
        let rule = route.permission.map { " Asks for a rule of `\($0.resource.rawValue)` to \($0.operation)." } ?? ""
        switch route.callers {
        case .anyone: return nil
        case .refresh: return "Takes a refresh token."
        case .access(let kinds):
            let names = Principal.Kind.allCases.filter(kinds.contains).map(\.rawValue)
            return "Takes tokens of kind \(names.joined(separator: ", "))." + rule
        }
    }
}

extension Schema {
    /// The schema in the words of OpenAPI.
    var openAPI: JSONValue {
        var properties = JSONObject()
        for (name, field) in fields { properties[name] = field.kind.openAPI(nullable: field.allowsNull) }
        var result: JSONObject = [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
        ]
        let required = fields.filter(\.field.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { result["required"] = .array(required) }
        return .object(result)
    }
}

extension Field.Kind {
    fileprivate func openAPI(nullable: Bool = false) -> JSONValue {
        func type(_ name: JSONValue, _ more: JSONObject = [:]) -> JSONValue {
            var result: JSONObject = ["type": nullable ? [name, "null"] : name]
            for (key, value) in more { result[key] = value }
            return .object(result)
        }
        switch self {
        case .string: return type("string")
        case .integer: return type("integer")
        case .boolean: return type("boolean")
        case .email: return type("string", ["format": "email"])
        case .url: return type("string", ["format": "uri"])
        case .moment: return type("string", ["format": "date-time"])
        case .mapping: return type("object")
        case .list(let item): return type("array", ["items": item.openAPI()])
        }
    }
}
