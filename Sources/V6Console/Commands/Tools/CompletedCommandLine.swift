// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The command line as the shells complete it: the commands, and beside them what ``CommandAliases`` rewrites.
///
/// Nothing is parsed by it.
struct CompletedCommandLine: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "v6-console", version: ConsoleCommandLine.configuration.version,
        subcommands: ConsoleCommandLine.configuration.subcommands + [
            KubectlGet.self, KubectlDescribe.self, KubectlDelete.self, KubectlWait.self, KubectlLogs.self,
            KubectlApply.self,
        ])

    @OptionGroup var commandLine: ConsoleCommandLine
}

/// `get NOUNS [WHICH]`.
private struct KubectlGet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "List what there is, or show one.",
        subcommands: [
            Get<TaskResource>.self, Get<RunResource>.self, Get<NodeResource>.self, Get<CollaborationResource>.self,
            Get<OrganizationResource>.self, Get<StudyResource>.self, Get<UserResource>.self, Get<RoleResource>.self,
            Get<RuleResource>.self,
            Named<AlgorithmList, Algorithms>.self, Named<ProfileList, Profiles>.self, Named<ResultGet, Results>.self,
        ])

    struct Get<Resource: ConsoleResource>: ParsableCommand {
        static var configuration: CommandConfiguration {
            let nouns = Resource.noun == "study" ? "studies" : "\(Resource.noun)s"
            return CommandConfiguration(
                commandName: nouns, abstract: "List each \(Resource.noun), or show one.",
                aliases: CommandAliases.synonyms(of: nouns))
        }

        @Argument(completion: .values(ofNoun: Resource.noun)) var reference: String?
        @OptionGroup var list: ListCommand<Resource>
    }

    enum Algorithms: CommandName { static let text = "algorithms" }
    enum Profiles: CommandName { static let text = "profiles" }
    enum Results: CommandName { static let text = "results" }
}

/// `describe NOUN WHICH`.
private struct KubectlDescribe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Show one.",
        subcommands: [
            Named<TaskShow, Noun<TaskResource>>.self, Show<RunResource>.self, Show<NodeResource>.self,
            Show<CollaborationResource>.self, Show<OrganizationResource>.self, Show<StudyResource>.self,
            Show<UserResource>.self, Show<RoleResource>.self, Show<RuleResource>.self,
            Named<AlgorithmShow, Algorithm>.self, Named<ProfileShow, Profile>.self, Named<ResultGet, Result>.self,
        ])

    typealias Show<Resource: ConsoleResource> = Named<ShowCommand<Resource>, Noun<Resource>>

    enum Algorithm: CommandName { static let text = "algorithm" }
    enum Profile: CommandName { static let text = "profile" }
    enum Result: CommandName { static let text = "result" }
}

/// `delete NOUN WHICH`.
private struct KubectlDelete: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete one.",
        subcommands: [
            Delete<TaskResource>.self, Delete<NodeResource>.self, Delete<CollaborationResource>.self,
            Delete<OrganizationResource>.self, Delete<StudyResource>.self, Delete<UserResource>.self,
            Delete<RoleResource>.self,
        ])

    typealias Delete<Resource: DeletableResource> = Named<DeleteCommand<Resource>, Noun<Resource>>
}

/// `wait task WHICH`.
private struct KubectlWait: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait for the end of a task.",
        subcommands: [Named<TaskWait, Noun<TaskResource>>.self])
}

/// `logs` and `apply`.
private typealias KubectlLogs = Named<RunLogs, Logs>
private typealias KubectlApply = Named<TaskCreate, Apply>

private enum Logs: CommandName { static let text = "logs" }
private enum Apply: CommandName { static let text = "apply" }

/// The word that stands for a command.
private protocol CommandName: Sendable {
    static var text: String { get }
}

private enum Noun<Resource: ConsoleResource>: CommandName {
    static var text: String { Resource.noun }
}

/// A command by another name.
private struct Named<Base: ParsableCommand, Name: CommandName>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Name.text, abstract: Base.configuration.abstract,
            aliases: CommandAliases.synonyms(of: Name.text))
    }

    @OptionGroup var base: Base
}
