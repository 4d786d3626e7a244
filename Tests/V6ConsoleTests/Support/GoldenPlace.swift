// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Console

/// Every view there is, so that each has its golden files, in every state.
enum GoldenPlace: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case login, home, tasks, task, run, result, timeline, nodes, node, events, collaborations, composer, raw, algorithms
    case whoami, doctor, messages, organizations, users, roles, bookmarks, drafts, templates, stores, help, site
    case newNode = "new-node"
    case recordOrganization = "record-organization"
    case recordCollaboration = "record-collaboration"
    case recordStudy = "record-study"
    case recordUser = "record-user"
    case recordRole = "record-role"
    case recordNode = "record-node"
    case siteRun = "site-run"
    case siteExplain = "site-explain"

    /// A new place has to get a name here, and with it its golden files, before the tests can be built.
    init(_ place: Place) {
        self =
            switch place {
            case .signIn: .login
            case .home: .home
            case .tasks: .tasks
            case .task: .task
            case .run: .run
            case .result: .result
            case .timeline: .timeline
            case .nodes: .nodes
            case .node: .node
            case .events: .events
            case .collaborations: .collaborations
            case .composer: .composer
            case .raw: .raw
            case .algorithms: .algorithms
            case .whoami: .whoami
            case .doctor: .doctor
            case .messages: .messages
            case .directory(.organizations): .organizations
            case .directory(.users): .users
            case .directory(.roles): .roles
            case .shelf(.bookmarks): .bookmarks
            case .shelf(.drafts): .drafts
            case .shelf(.templates): .templates
            case .shelf(.stores): .stores
            case .newNode: .newNode
            case .record(.organization, _): .recordOrganization
            case .record(.collaboration, _): .recordCollaboration
            case .record(.study, _): .recordStudy
            case .record(.user, _): .recordUser
            case .record(.role, _): .recordRole
            case .record(.node, _): .recordNode
            // Tasks have a composer in place of a form.
            case .record(.task, _): .composer
            case .site: .site
            case .siteRun: .siteRun
            case .siteExplain: .siteExplain
            case .help: .help
            }
    }

    /// One of that kind.
    var place: Place {
        switch self {
        case .login: .signIn
        case .home: .home
        case .tasks: .tasks(filter: "")
        case .task: .task(30)
        case .run: .run(61)
        case .result: .result(task: 28)
        case .timeline: .timeline(task: 28)
        case .nodes: .nodes
        case .node: .node(1)
        case .events: .events
        case .collaborations: .collaborations
        case .composer: .composer(nil)
        case .raw: .raw(.task(28))
        case .algorithms: .algorithms
        case .whoami: .whoami
        case .doctor: .doctor
        case .messages: .messages
        case .organizations: .directory(.organizations)
        case .users: .directory(.users)
        case .roles: .directory(.roles)
        case .bookmarks: .shelf(.bookmarks)
        case .drafts: .shelf(.drafts)
        case .templates: .shelf(.templates)
        case .stores: .shelf(.stores)
        case .newNode: .newNode
        case .recordOrganization: .record(.organization, nil)
        case .recordCollaboration: .record(.collaboration, nil)
        case .recordStudy: .record(.study, nil)
        case .recordUser: .record(.user, nil)
        case .recordRole: .record(.role, nil)
        case .recordNode: .record(.node, 1)
        case .site: .site
        case .siteRun: .siteRun(75)
        case .siteExplain: .siteExplain
        case .help: .help
        }
    }

    /// Whether it belongs to the console of a node.
    var isAtNode: Bool { [.site, .siteRun, .siteExplain].contains(self) }
    var testDescription: String { rawValue }
}
