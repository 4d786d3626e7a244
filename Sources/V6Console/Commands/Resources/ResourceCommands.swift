// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `collaboration`.
struct CollaborationCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collaboration", abstract: "Look at collaborations.",
        subcommands: [ListCommand<CollaborationResource>.self, ShowCommand<CollaborationResource>.self],
        aliases: ["collaborations"])
}

/// `organization`.
struct OrganizationCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organization", abstract: "Look at organizations and their keys.",
        subcommands: [
            ListCommand<OrganizationResource>.self, ShowCommand<OrganizationResource>.self, OrganizationSetKey.self,
        ],
        aliases: ["organizations", "org", "orgs"])
}

/// `study`.
struct StudyCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study", abstract: "Look at studies.",
        subcommands: [ListCommand<StudyResource>.self, ShowCommand<StudyResource>.self], aliases: ["studies"])
}

/// `user`.
struct UserCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Look at users.",
        subcommands: [ListCommand<UserResource>.self, ShowCommand<UserResource>.self], aliases: ["users"])
}

/// `role`.
struct RoleCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Look at roles.",
        subcommands: [ListCommand<RoleResource>.self, ShowCommand<RoleResource>.self], aliases: ["roles"])
}

/// `node`.
struct NodeCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Look at nodes.",
        subcommands: [ListCommand<NodeResource>.self, ShowCommand<NodeResource>.self], aliases: ["nodes"])
}
