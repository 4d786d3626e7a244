// SPDX-License-Identifier: Apache-2.0

@testable import V6Server

/// The objects the matrix asks for, of four organizations.
///
/// The callers belong to Alpha (101). Alpha and Beta (102) share the collaboration 201; Beta and Gamma (103) share 202; 203
/// is Alpha's alone; 204, 205 and 206 belong to Alpha, Beta and Gamma and have no nodes; Delta (104) is in none.
enum MatrixWorld {
    static let home: Int64 = 101
    /// The user that calls.
    static let user: Int64 = 500
    /// The node that calls, in collaboration 201; the container of its task 701 as well.
    static let node: Int64 = 401
    /// An input that is the name of a blob.
    static let input = "00000000-0000-0000-0000-000000000000"

    struct Place: Sendable {
        let id: Int64
        let collaboration: Int64?
        let organizations: Set<Int64>
    }

    struct Task: Sendable {
        let id: Int64
        let organization: Int64
        let user: Int64
        let collaboration: Int64
        let job: Int64
        var parent: Int64?
    }

    struct Run: Sendable {
        let id: Int64
        let organization: Int64
        let task: Task
    }

    static let organizations: [Int64] = [101, 102, 103, 104]
    static let members: [Int64: Set<Int64>] = [
        201: [101, 102], 202: [102, 103], 203: [101], 204: [101], 205: [102], 206: [103],
    ]
    static let studies = [
        Place(id: 301, collaboration: 201, organizations: [101]),
        Place(id: 302, collaboration: 201, organizations: [102]),
        Place(id: 303, collaboration: 202, organizations: [103]),
    ]
    static let nodes = [
        Place(id: 401, collaboration: 201, organizations: [101]),
        Place(id: 402, collaboration: 201, organizations: [102]),
        Place(id: 403, collaboration: 202, organizations: [102]),
        Place(id: 404, collaboration: 202, organizations: [103]),
        Place(id: 405, collaboration: 203, organizations: [101]),
    ]
    /// Organizations by user; nobody but the caller holds a rule.
    static let users: [Int64: Int64] = [500: 101, 501: 101, 502: 102, 503: 103, 504: 104]
    static let roles: [Int64: Int64] = [601: 101, 602: 102, 603: 103]
    static let stores: [Int64: Int64?] = [901: nil, 902: 201, 903: 202]
    static let tasks = [
        Task(id: 701, organization: 101, user: 500, collaboration: 201, job: 1),
        Task(id: 702, organization: 101, user: 501, collaboration: 201, job: 2),
        Task(id: 703, organization: 102, user: 502, collaboration: 202, job: 3),
        Task(id: 704, organization: 102, user: 502, collaboration: 201, job: 4),
        Task(id: 705, organization: 101, user: 501, collaboration: 203, job: 5),
        Task(id: 706, organization: 103, user: 503, collaboration: 202, job: 6),
        Task(id: 707, organization: 101, user: 500, collaboration: 201, job: 1, parent: 701),
    ]
    static let runs: [Run] = [
        (801, 101, 0), (802, 102, 0), (803, 101, 1), (804, 102, 1), (805, 102, 2), (806, 103, 2), (807, 101, 3),
        (808, 102, 3), (809, 101, 4), (810, 103, 5), (811, 102, 6),
    ].map { Run(id: $0.0, organization: $0.1, task: tasks[$0.2]) }

    /// Puts all of it into a database.
    static func build(_ session: any SQLSession) throws {
        for id in organizations {
            try session.run("INSERT INTO organization (id, name) VALUES (\(id), \("Organization \(id)"))")
        }
        for (id, members) in members {
            try session.run(
                "INSERT INTO collaboration (id, name, encrypted) VALUES (\(id), \("Place \(id)"), \(false))")
            for member in members { try MembershipTable.collaboration.add(member, to: id, session) }
        }
        for study in studies {
            try session.run(
                """
                INSERT INTO study (id, name, collaboration_id)
                VALUES (\(study.id), \("Study \(study.id)"), \(study.collaboration))
                """)
            for member in study.organizations { try MembershipTable.study.add(member, to: study.id, session) }
        }
        try buildAccounts(session)
        for (id, collaboration) in stores {
            try session.run(
                """
                INSERT INTO algorithmstore (id, name, url, collaboration_id)
                VALUES (\(id), \("Store \(id)"), \("http://127.0.0.1:9/\(id)"), \(collaboration))
                """)
        }
        try buildTasks(session)
    }

    private static func buildAccounts(_ session: any SQLSession) throws {
        for node in nodes {
            try session.run("INSERT INTO authenticatable (id, type, status) VALUES (\(node.id), 'node', 'online')")
            try session.run(
                """
                INSERT INTO node (id, name, api_key, organization_id, collaboration_id) VALUES (\(node.id),
                    \("Node \(node.id)"), \(TestNetwork.hash), \(node.organizations.first), \(node.collaboration))
                """)
        }
        for (id, organization) in users {
            try session.run("INSERT INTO authenticatable (id, type) VALUES (\(id), 'user')")
            try session.run(
                """
                INSERT INTO "user" (id, username, password, firstname, lastname, email, organization_id,
                    failed_login_attempts) VALUES (\(id), \("user\(id)"), \(TestNetwork.hash), 'F', 'L',
                    \("user\(id)@example.org"), \(organization), 0)
                """)
        }
        for (id, organization) in roles {
            try session.run(
                """
                INSERT INTO role (id, name, description, organization_id, is_default_role)
                VALUES (\(id), \("Role \(id)"), '', \(organization), \(false))
                """)
            try session.run("INSERT INTO role_rule_association (role_id, rule_id) SELECT \(id), id FROM rule")
        }
    }

    private static func buildTasks(_ session: any SQLSession) throws {
        for task in tasks {
            try session.run(
                """
                INSERT INTO task (id, name, description, image, collaboration_id, job_id, parent_id, init_org_id,
                    init_user_id, created_at) VALUES (\(task.id), 'task', '', 'image', \(task.collaboration),
                    \(task.job), \(task.parent), \(task.organization), \(task.user), '2026-11-23 18:56:37.283014')
                """)
        }
        for run in runs {
            try session.run(
                """
                INSERT INTO run (id, input, task_id, organization_id, status, blob_storage_used)
                VALUES (\(run.id), \("blob-\(run.id)"), \(run.task.id), \(run.organization), 'pending', \(true))
                """)
        }
    }

    /// Gives the calling user exactly these rules.
    static func grant(_ rules: [MatrixRule], _ session: any SQLSession) throws {
        try UserGrants(session: session).replace(rules: rules.map(\.id), of: user)
    }
}
