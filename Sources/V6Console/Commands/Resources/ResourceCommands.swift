// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `collaboration`.
struct CollaborationCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collaboration", abstract: "Look at collaborations and change them.",
        subcommands: [
            ListCommand<CollaborationResource>.self, ShowCommand<CollaborationResource>.self, CollaborationCreate.self,
            CollaborationUpdate.self, DeleteCommand<CollaborationResource>.self,
        ],
        aliases: ["collaborations"])
}

/// `organization`.
struct OrganizationCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organization", abstract: "Look at organizations and their keys, and change them.",
        subcommands: [
            ListCommand<OrganizationResource>.self, ShowCommand<OrganizationResource>.self, OrganizationCreate.self,
            OrganizationUpdate.self, OrganizationSetKey.self, DeleteCommand<OrganizationResource>.self,
        ],
        aliases: ["organizations", "org", "orgs"])
}

/// `study`.
struct StudyCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study", abstract: "Look at studies and change them.",
        subcommands: [
            ListCommand<StudyResource>.self, ShowCommand<StudyResource>.self, StudyCreate.self, StudyUpdate.self,
            DeleteCommand<StudyResource>.self,
        ],
        aliases: ["studies"])
}

/// `user`.
struct UserCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Look at users and change them.",
        subcommands: [
            ListCommand<UserResource>.self, ShowCommand<UserResource>.self, UserCreate.self, UserUpdate.self,
            DeleteCommand<UserResource>.self,
        ],
        aliases: ["users"])
}

/// `role`.
struct RoleCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Look at roles and change them.",
        subcommands: [
            ListCommand<RoleResource>.self, ShowCommand<RoleResource>.self, RoleCreate.self, RoleUpdate.self,
            DeleteCommand<RoleResource>.self,
        ],
        aliases: ["roles"])
}

/// `node`.
struct NodeCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Look at nodes, register them, stop what runs there.",
        subcommands: [
            ListCommand<NodeResource>.self, ShowCommand<NodeResource>.self, NodeWatch.self, NodeCreate.self,
            NodeUpdate.self,
            NodeResetKey.self, NodeKillTasks.self, DeleteCommand<NodeResource>.self,
        ],
        aliases: ["nodes"])
}
