// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Console

struct CommandsAccountTests {
    private static let configuration = ConsoleConfiguration(
        current: "home",
        profiles: [
            Profile(name: "home", url: "http://home", apiPath: "/v", username: "ada", privateKey: "/home.pem"),
            Profile(name: "work", url: "http://work", username: "bob", collaboration: "cox", readOnly: true),
        ])

    private func settings(
        _ flags: AccountFlags = AccountFlags(), _ variables: [String: String] = [:]
    ) throws
        -> AccountSettings
    {
        try AccountSettings(
            flags: flags, environment: ConsoleEnvironment(variables: variables), configuration: Self.configuration)
    }

    @Test func currentProfileIsUsedWhenNothingElseIsSaid() throws {
        let found = try settings()
        #expect(found.profile == "home")
        #expect(found.server == "http://home")
        #expect(found.apiPath == "/v")
        #expect(found.username == "ada")
        #expect(found.privateKeyFile == "/home.pem")
        #expect(!found.readOnly)
    }

    @Test func environmentBeatsProfileAndFlagBeatsEnvironment() throws {
        let variables = [
            "V6_PROFILE": "work", "V6_USERNAME": "eve", "V6_PRIVATE_KEY": "/e.pem", "V6_COLLABORATION": "x",
        ]
        let byEnvironment = try settings(AccountFlags(), variables)
        #expect(byEnvironment.server == "http://work")
        #expect(byEnvironment.username == "eve")
        #expect(byEnvironment.collaboration == "x")
        #expect(byEnvironment.readOnly)
        let flags = AccountFlags(profile: "home", username: "flo", privateKey: "/f.pem", collaboration: "y")
        let byFlag = try settings(flags, variables)
        #expect(byFlag.profile == "home")
        #expect(byFlag.username == "flo")
        #expect(byFlag.privateKeyFile == "/f.pem")
        #expect(byFlag.collaboration == "y")
    }

    @Test func anotherServerDropsUserAndKeyOfTheProfile() throws {
        let found = try settings(AccountFlags(), ["V6_SERVER_URL": "http://elsewhere"])
        #expect(found.profile == nil)
        #expect(found.server == "http://elsewhere")
        #expect(found.username == nil)
        #expect(found.privateKeyFile == nil)
        #expect(found.credentialName == "http://elsewhere")
    }

    @Test func tildeOfAProfileIsTheHome() throws {
        let configuration = ConsoleConfiguration(
            current: "a", profiles: [Profile(name: "a", url: "http://a", privateKey: "~/key.pem")])
        let found = try AccountSettings(
            flags: AccountFlags(), environment: ConsoleEnvironment(variables: ["HOME": "/home/ada"]),
            configuration: configuration)
        #expect(found.privateKeyFile == "/home/ada/key.pem")
    }

    @Test func emptyVariableCountsAsAbsentAndSwitchesKnowNo() throws {
        #expect(try settings(AccountFlags(), ["V6_PROFILE": "", "V6_READONLY": "0"]).readOnly == false)
        #expect(try settings(AccountFlags(), ["V6_READONLY": "1"]).readOnly)
    }

    @Test func unknownProfileListsTheOnesThereAre() {
        #expect { try settings(AccountFlags(profile: "nope")) } throws: { error in
            let failure = error as? ConsoleFailure
            return failure?.status == .notFound && failure?.message.contains("home, work") == true
        }
    }

    @Test func placesFollowOwnVariablesThenXDGThenHome() {
        func paths(_ variables: [String: String]) -> ConsolePaths {
            ConsolePaths(environment: ConsoleEnvironment(variables: variables))
        }
        #expect(paths(["HOME": "/h"]).configurationFile == "/h/.config/vantage6/console/config.yaml")
        #expect(paths(["HOME": "/h"]).credentialsFile == "/h/.local/state/vantage6/console/credentials.json")
        #expect(paths(["HOME": "/h", "XDG_STATE_HOME": "/s"]).state == "/s/vantage6/console")
        #expect(paths(["HOME": "/h", "XDG_STATE_HOME": "/s", "V6_STATE_DIR": "/o"]).state == "/o")
    }

    @Test func credentialsAreForTheirOwnerOnly() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appending(path: "deep/state/credentials.json").path
            let store = CredentialStore(path: path)
            let credentials = Credentials(server: "http://a", username: "ada", accessToken: "t", refreshToken: nil)
            try store.save(credentials, for: "home")
            try store.save(credentials, for: "work")
            func mode(_ path: String) throws -> Int? {
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            }
            #expect(try mode(path) == 0o600)
            #expect(try mode(folder.appending(path: "deep/state").path) == 0o700)
            #expect(try store.credentials(for: "home") == credentials)
            #expect(try store.remove("home"))
            #expect(try !store.remove("home"))
            #expect(try store.credentials(for: "work") == credentials)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "deep/state").path).count
                    == 1)
        }
    }

    @Test func configurationEditsKeepCommentsAndReadBack() throws {
        var text = ConfigurationText(
            """
            # my servers
            current: old
            profiles:
              old:
                url: http://old  # slow
            """)
        text.add(
            Profile(
                name: "new \"one\"", url: "https://n", apiPath: "/api", username: "no", privateKey: "/k.pem",
                collaboration: "12", readOnly: true))
        text.use(profile: "new \"one\"")
        #expect(text.text.contains("# my servers"))
        #expect(text.text.contains("# slow"))
        let read = try ConsoleConfiguration(text: text.text, name: "config.yaml")
        #expect(read.current == "new \"one\"")
        #expect(Set(read.profiles.map(\.name)) == ["old", "new \"one\""])
        let added = try read.profile(named: "new \"one\"")
        #expect(added.username == "no")
        #expect(added.collaboration == "12")
        #expect(added.readOnly)
    }

    @Test func configurationFaultNamesFileAndLine() {
        let text = "profiles:\n  a:\n    api_path: /x\n"
        #expect { try ConsoleConfiguration(text: text, name: "config.yaml") } throws: { error in
            "\(error)".contains("config.yaml:") && "\(error)".contains("url")
        }
        #expect(throws: Never.self) { try ConsoleConfiguration(text: "# nothing yet\n\n", name: "config.yaml") }
    }

    @Test func profilesAreAddedUsedAndListed() async throws {
        try await withWorld { world in
            world.environment = [:]
            #expect(await world.run("profile", "add", "a", "--server", "http://a", "--username", "ada").status == 0)
            #expect(await world.run("profile", "add", "b", "--server", "http://b").status == 0)
            #expect(await world.run("profile", "add", "b", "--server", "http://b").status == 6)
            #expect(await world.run("profile", "use", "b").status == 0)
            #expect(await world.run("profile", "use", "c").status == 3)
            let list = await world.run("profile", "list", "--fields", "name,current", "--sort", "x")
            #expect(list.status == 64)
            let shown = await world.run("profile", "list", "-o", "tsv", "--no-headers", "--fields", "name,current")
            #expect(Set(shown.output.split(separator: "\n")) == ["a\t", "b\tyes"])
        }
    }
}
