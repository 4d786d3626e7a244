// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The objects of the answers.
enum Objects {
    static let message: Shape = .named("Message", .object(["msg": .text]))

    /// The link to one object.
    static let link: Shape = .named("Link", .object(["id": .integer, "link": .text, "methods": .list(.text)]))

    /// The paths of the pages of a list.
    static let pageLinks: Shape = .named(
        "PageLinks",
        .object(["first": .text, "self": .text], optional: ["previous": .text, "next": .text, "last": .text]))

    static let organization: Shape = .named(
        "Organization",
        .object([
            "id": .integer, "name": .nullable(.text), "domain": .nullable(.text), "address1": .nullable(.text),
            "address2": .nullable(.text), "zipcode": .nullable(.text), "country": .nullable(.text),
            "public_key": .text, "collaborations": .text, "nodes": .text, "users": .text, "tasks": .text,
            "runs": .text, "studies": .text,
        ]))

    static let collaboration: Shape = .named(
        "Collaboration",
        .object([
            "id": .integer, "name": .nullable(.text), "encrypted": .nullable(.boolean),
            "organizations": .either([.text, .list(organization)]), "nodes": .text, "tasks": .text,
            "algorithm_stores": .text, "studies": .text,
        ]))

    static let study: Shape = .named(
        "Study",
        .object([
            "id": .integer, "name": .nullable(.text), "collaboration": .nullable(link),
            "organizations": .either([.text, .list(organization)]), "tasks": .text,
        ]))

    static let node: Shape = .named(
        "Node",
        .object([
            "id": .integer, "name": .nullable(.text), "type": .text, "organization": .nullable(link),
            "collaboration": .nullable(link), "ip": .nullable(.text), "status": .nullable(.text),
            "last_seen": .nullable(.moment),
            "config": .list(.object(["key": .nullable(.text), "value": .nullable(.text)])),
        ]))

    /// A node as its creation shows it, this once with its key.
    static let nodeWithKey = node.with(["api_key": .text])

    private static let load: KeyValuePairs<String, Shape> = [
        "lag": .nullable(.number), "cpu_percent": .nullable(.number), "memory_used": .nullable(.integer),
        "memory_total": .nullable(.integer), "algorithm_containers": .nullable(.integer),
    ]

    /// How busy and how late a node is now.
    private static let nodeLoadNow: Shape = .object([
        "id": .integer, "name": .nullable(.text), "status": .nullable(.text), "measured_at": .nullable(.moment),
        "silent": .boolean,
    ]).with(load)

    /// How busy and how late a node is, with its processor time over the last hour.
    static let nodeLoad: Shape = .named(
        "NodeLoad", nodeLoadNow.with(["cpu_history": .list(.nullable(.number))]))

    /// How busy and how late a node was over the last hour.
    static let nodeLoadSeries: Shape = .named(
        "NodeLoadSeries", nodeLoadNow.with(["samples": .list(.object(["at": .moment]).with(load))]))

    /// A node in the list of a collaboration it was added to.
    static let nodeOfCollaboration = node.without("type").without("collaboration").without("config")

    static let user: Shape = .named(
        "User",
        .object(
            [
                "id": .integer, "username": .nullable(.text), "firstname": .nullable(.text),
                "lastname": .nullable(.text), "email": .nullable(.text), "type": .text, "ip": .nullable(.text),
                "status": .nullable(.text), "last_seen": .nullable(.moment), "organization": .nullable(link),
                "roles": .text, "rules": .text, "otp_secret": .nullable(.text),
                "last_email_failed_login_sent": .nullable(.moment),
                "last_email_recover_password_sent": .nullable(.moment),
            ],
            optional: [
                "permissions": .object([
                    "roles": .list(.integer), "rules": .list(.integer), "orgs_in_collabs": .list(.integer),
                ])
            ]))

    static let role: Shape = .named(
        "Role",
        .object([
            "id": .integer, "name": .nullable(.text), "description": .nullable(.text),
            "is_default_role": .nullable(.boolean), "organization": .nullable(link), "rules": .text, "users": .text,
        ]))

    static let rule: Shape = .named(
        "Rule",
        .object([
            "id": .integer, "name": .text, "operation": .text, "scope": .text, "description": .nullable(.text),
            "users": .text,
        ]))

    static let store: Shape = .named(
        "AlgorithmStore",
        .object([
            "id": .integer, "name": .nullable(.text), "url": .nullable(.text), "collaborations": .nullable(.text),
        ]))

    static let event: Shape = .named(
        "Event", .object(["id": .integer, "name": .text, "room": .text, "data": .any, "created_at": .moment]))
}
