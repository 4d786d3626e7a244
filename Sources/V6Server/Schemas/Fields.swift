// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Field {
    /// A name: not empty, not a number, at most 128 characters.
    static let name = Field(.string).ruled(
        described: ["minLength": 1, "maxLength": 128, "pattern": "[^0-9]"], nameProblem)

    /// A text of at most 128 characters.
    static let shortText = Field(.string).longest(128)

    /// A text of at most 1024 characters.
    static let longText = Field(.string).longest(1024)

    /// An identifier.
    static let id = Field(.integer).atLeast(1)

    /// A new password, which follows the password policy.
    static let newPassword = Field(.string).ruled(
        described: [
            "minLength": 8, "maxLength": 128, "format": "password",
            "description":
                "With a small and a capital letter of ASCII, a digit, and a character that is none of these.",
        ]
    ) { value in
        value.stringValue.flatMap(PasswordPolicy.problem)
    }

    /// An address of version 4 or 6.
    static let ipAddress = Field(.string).ruled(
        described: ["anyOf": [["format": "ipv4"], ["format": "ipv6"]]]
    ) { value in
        guard let text = value.stringValue else { return nil }
        // An address of version 6 may name the interface it is reached by: fe80::1%eth0.
        let parts = text.split(separator: "%", omittingEmptySubsequences: false)
        let isZoned = parts.count == 2 && parts[0].contains(":") && !parts[1].isEmpty
        return IPAddress(isZoned ? String(parts[0]) : text) == nil ? "IP address is not valid" : nil
    }

    /// The organizations of a new or changed collaboration or study.
    static let organizationIDs = Field(.list(.integer)).ruled(
        described: ["minItems": 1, "uniqueItems": true]
    ) { value in
        let ids = (value.arrayValue ?? []).compactMap(LenientInteger.read)
        if ids.isEmpty { return "At least one organization id is required" }
        if Set(ids).count != ids.count { return "Organization ids must be unique" }
        return ids.contains { $0 < 1 } ? "Organization ids must be greater than 0" : nil
    }

    /// The name rule (``name``), for members that ask more.
    @Sendable static func nameProblem(_ value: JSONValue) -> String? {
        guard let text = value.stringValue else { return nil }
        if text.isEmpty { return "Name cannot be empty" }
        if text.allSatisfy(\.isNumber) { return "Name cannot a number" }
        return text.unicodeScalars.count > 128 ? "Name cannot be longer than 128 characters" : nil
    }
}
