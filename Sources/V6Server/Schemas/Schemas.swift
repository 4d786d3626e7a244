// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The bodies of the endpoints.
enum Schemas {
    static let login = Schema([
        "username": Field(.string).length(1...128).required,
        "password": Field(.string).length(1...128).required,
        "mfa_code": Field(.string).longest(10),
    ])

    static let nodeLogin = Schema([
        "api_key": Field(.string).required.ruled(described: ["format": "uuid"]) { value in
            value.stringValue.map(UUIDSyntax.isValid) == false ? "API key is not a valid UUID" : nil
        }
    ])

    static let containerToken = Schema([
        "task_id": Field.id.required,
        "image": Field(.string).shortest(1).required,
    ])

    /// The bodies that name one object.
    static let onlyID = Schema(["id": Field.id.required])

    static let passwordChange = Schema([
        "current_password": Field(.string).longest(128).required,
        "new_password": Field.newPassword.required,
    ])

    static let recoverLost = Schema(
        ["email": Field(.email), "username": Field.shortText],
        oneOf: ["email", "username"], refusal: "Email or username is required"
    )

    static let recoverReset = Schema([
        "reset_token": Field.longText.required,
        "password": Field.newPassword.required,
    ])

    /// The Python client sends `email` as well, which 4.15.2 refuses; it is not looked at.
    static let recoverSecondFactor = Schema([
        "username": Field(.string).length(1...128).required,
        "password": Field(.string).length(1...128).required,
        "email": Field(.email).nullable,
    ])

    static let resetSecondFactor = Schema(["reset_token": Field.longText.required])

    static let organization = Schema([
        "name": Field.name.required,
        "address1": .shortText, "address2": .shortText, "zipcode": .shortText, "country": .shortText,
        "domain": .shortText, "public_key": Field(.string),
    ])

    static let collaboration = Schema([
        "name": Field.name.required,
        "organization_ids": Field.organizationIDs.required,
        "encrypted": Field(.boolean).required,
    ])

    /// A change takes no words for truth values: 4.15.2 fails on them.
    static let collaborationChange = Schema([
        "name": .name,
        "organization_ids": .organizationIDs,
        "encrypted": Field(.boolean).ruled(described: ["anyOf": [["enum": [true, false, 0, 1]]]]) { value in
            value.stringValue == nil ? nil : "Not a valid boolean."
        },
    ])

    static let study = Schema([
        "name": Field.name.required,
        "collaboration_id": Field.id.required,
        "organization_ids": Field.organizationIDs.required,
    ])

    static let node = Schema([
        "collaboration_id": Field.id.required,
        "organization_id": .id, "name": .name, "ip": .ipAddress, "clear_ip": Field(.boolean),
    ])

    static let user = Schema([
        "username": Field(.string).length(3...128).required.ruled(Field.nameProblem)
            .ruled(described: ["pattern": "^[a-zA-Z][a-zA-Z0-9._-]+$"], usernameProblem),
        "email": Field(.email).required,
        "password": Field.newPassword.required,
        "firstname": Field.shortText.missedLast, "lastname": Field.shortText.missedLast,
        "organization_id": .id,
        "roles": Field(.list(.identifier)), "rules": Field(.list(.identifier)),
    ])

    static let role = Schema([
        "name": Field.shortText.required.ruled(
            described: ["not": ["enum": .array(DefaultRole.allCases.map { .string($0.rawValue) })]]
        ) { value in
            value.stringValue.flatMap(DefaultRole.init) != nil ? "Role name cannot be one of the default roles" : nil
        },
        "description": .longText,
        "rules": Field(.list(.identifier)).required,
        "organization_id": .id,
    ])

    static let run = Schema([
        "status": Field(.string).ruled(
            described: ["enum": .array(RunStatus.allCases.map { .string($0.rawValue) })]
        ) { value in
            guard value.stringValue.flatMap(RunStatus.init) == nil else { return nil }
            return "Must be one of: \(RunStatus.allCases.map(\.rawValue).joined(separator: ", "))."
        },
        "started_at": Field(.moment), "finished_at": Field(.moment),
        "result": Field(.string), "log": Field(.string),
    ])

    static let port = Schema([
        "port": Field(.integer).required.ruled(described: ["minimum": 1, "maximum": 65535]) { value in
            LenientInteger.read(value).map { (1...65535).contains($0) } == false
                ? "Port must be between 1 and 65535" : nil
        },
        "run_id": Field.id.required,
        "label": Field.shortText.nullable,
    ])

    static let algorithmStore = Schema([
        "name": Field(.string).required,
        "algorithm_store_url": Field(.url).required,
        "collaboration_id": .id,
        "server_url": Field(.url),
        "force": Field(.boolean),
    ])

    private static let usernameProblem: Field.Check = { value in
        guard let name = value.stringValue else { return nil }
        let letters = name.unicodeScalars
        let isLetter: (Unicode.Scalar) -> Bool = { ("a"..."z").contains($0) || ("A"..."Z").contains($0) }
        let isGood =
            letters.first.map(isLetter) == true && letters.count > 1
            && letters.allSatisfy { isLetter($0) || ("0"..."9").contains($0) || "._-".unicodeScalars.contains($0) }
        return isGood
            ? nil
            : "Username \(name) is invalid. Only letters, numbers, hyphens and underscores are allowed, and it should "
                + "start with a letter."
    }
}
