// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// Creating, changing and deleting records by forms and questions.
@Suite struct RecordFormTests {
    /// The network as somebody sees it who holds every rule.
    private static func app(holding: [Rule] = everything) -> App {
        var federation = Network.federation
        var surroundings = Network.surroundings
        surroundings.permissions = Permissions(holding)
        surroundings.catalogue = everything
        federation.absorb(.surroundings(surroundings), for: .surroundings, at: Network.now)
        federation.absorb(.rolesOf(user: 8, [2]), for: .rolesOf(user: 8), at: Network.now)
        federation.absorb(.membersOf(study: 4, [1, 2]), for: .membersOf(study: 4), at: Network.now)
        return Network.app(federation: federation)
    }

    static let everything: [Rule] = {
        let names = ["user", "role", "organization", "collaboration", "study", "node", "event"]
        let rules = names.flatMap { name in ["CREATE", "EDIT", "DELETE", "SEND"].map { (name, $0) } }
        return rules.enumerated().compactMap { index, rule in
            Network.decode(
                #"{"id":\#(index + 1),"name":"\#(rule.0)","operation":"\#(rule.1)","scope":"GLOBAL","description":""}"#)
        }
    }()

    private func press(_ app: inout App, _ keys: Key...) -> [Effect] {
        keys.flatMap { app.update(.key($0), at: Network.now) }
    }

    private func type(_ app: inout App, _ text: String) {
        for character in text { _ = app.update(.key(.character(character)), at: Network.now) }
    }

    private func change(_ effects: [Effect]) -> Change? {
        effects.compactMap { if case .change(let change) = $0 { change } else { nil } }.first
    }

    @Test func userIsCreatedFromTheForm() {
        var app = Self.app()
        app.visit("users")
        _ = press(&app, "a")
        #expect(app.view().text.contains("New user"))
        type(&app, "cora")
        _ = press(&app, .tab, .tab)
        type(&app, "Cora")
        _ = press(&app, .tab, .tab)
        type(&app, "cora@example.org")
        _ = press(&app, .tab)
        type(&app, "Geheim-123!")
        #expect(change(press(&app, .control("s"))) == nil, "the passwords differ")
        #expect(app.model.notice?.text == "the two passwords differ")
        type(&app, "Geheim-123!")
        _ = press(&app, .tab, " ")
        let change = change(press(&app, .control("s")))
        #expect(change?.method == "POST")
        #expect(change?.path == "/user")
        #expect(
            change?.body == [
                "email": "cora@example.org", "firstname": "Cora", "lastname": "", "organization_id": 1,
                "password": "Geheim-123!", "roles": [1], "username": "cora",
            ])
        guard let change else { return }
        let after = app.update(.finished(.change(change), .done(change.done)), at: Network.now)
        #expect(after.contains(.load(.surroundings)))
        #expect(app.model.top.place == .directory(.users))
        #expect(app.model.notice == .good("cora is created"))
    }

    @Test func longListOfRulesIsFoundThroughByLetters() throws {
        var app = Self.app()
        app.visit("roles")
        _ = press(&app, "a")
        type(&app, "pilot")
        _ = press(&app, .tab, .tab, .tab)
        type(&app, "uu")
        _ = press(&app, " ", .end, " ", .home, " ")
        let text = app.view().text
        #expect(text.contains("3 of 28") && text.contains("space chooses"))
        let rules = change(press(&app, .control("s")))?.body?["rules"]?.arrayValue ?? []
        let names = rules.compactMap { rule in Self.everything.first { $0.id == rule.intValue } }.map {
            "\($0.name) \($0.operation)"
        }
        #expect(Set(names) == ["collaboration CREATE", "user DELETE", "user SEND"])
    }

    @Test func onlyWhatDiffersIsSent() {
        var app = Self.app()
        app.visit("users")
        _ = press(&app, "e")
        _ = press(&app, .tab, .tab)
        type(&app, "bram@example.org")
        let change = change(press(&app, .control("s")))
        #expect(change?.method == "PATCH")
        #expect(change?.path == "/user/8")
        #expect(change?.body == ["email": "bram@example.org"])
    }

    @Test func nothingDifferentSendsNothing() {
        var app = Self.app()
        app.visit("collaborations")
        _ = press(&app, "e")
        #expect(press(&app, .control("s")).isEmpty)
        #expect(app.model.top.place == .collaborations)
    }

    @Test func refusedFormKeepsWhatWasTyped() {
        var app = Self.app()
        app.visit("organizations")
        _ = press(&app, "a")
        type(&app, "Maas Clinic")
        guard let change = change(press(&app, .control("s"))) else {
            Issue.record("nothing was sent")
            return
        }
        let fault = Fault(kind: .rejected, message: "Organization with name 'Maas Clinic' already exists!")
        _ = app.update(.finished(.change(change), .failed(fault)), at: Network.now)
        #expect(app.model.top.place == .record(.organization, nil))
        #expect(app.view().text.contains("already exists"))
        #expect(app.view().text.contains("Name           Maas Clinic"))
    }

    @Test func leavingAFilledFormAsks() {
        var app = Self.app()
        app.visit("roles")
        _ = press(&app, "a")
        type(&app, "Data manager")
        _ = press(&app, .escape)
        #expect(app.model.dialog?.title == "Leave the form?")
        _ = press(&app, "n")
        #expect(app.model.top.place == .record(.role, nil))
        _ = press(&app, .escape, "y")
        #expect(app.model.top.place == .directory(.roles))
    }

    @Test func studyOffersTheMembersOfItsCollaboration() {
        var app = Self.app()
        app.visit("collaborations")
        _ = press(&app, "A")
        type(&app, "pilot")
        #expect(!app.view().text.contains("Delta UMC"), "lung has two members")
        _ = press(&app, .tab, .right)
        #expect(app.view().text.contains("[ ] Delta UMC"))
        _ = press(&app, .tab, " ")
        let change = change(press(&app, .control("s")))
        #expect(change?.body == ["name": "pilot", "collaboration_id": 1, "organization_ids": [3]])
    }

    @Test func deletionNeedsTheNameAndAsksAgainForDependents() {
        var app = Self.app()
        app.visit("users")
        _ = press(&app, "D")
        type(&app, "nobody")
        #expect(press(&app, .enter).isEmpty)
        _ = press(&app, .control("u"))
        type(&app, "bram")
        guard let change = change(press(&app, .enter)) else {
            Issue.record("nothing was sent")
            return
        }
        #expect(change.method == "DELETE" && change.path == "/user/8" && change.deletes?.includesDependents == false)
        let fault = Fault(kind: .rejected, message: "User has created 3 tasks.")
        _ = app.update(.finished(.change(change), .failed(fault)), at: Network.now)
        #expect(app.view().text.contains("User has created 3 tasks."))
        type(&app, "delete 8")
        let second = self.change(press(&app, .enter))
        #expect(second?.deletes?.includesDependents == true)
    }

    @Test func nodeIsToldToStopEverything() {
        var app = Self.app()
        app.visit("nodes")
        _ = press(&app, "j", "x")
        guard app.model.dialog != nil else {
            Issue.record("no question: \(app.model.notice?.text ?? "")")
            return
        }
        let runs = app.model.world.federation.openRuns(on: Network.nodes[0]).count
        type(&app, String(runs))
        let change = change(press(&app, .enter))
        #expect(change?.path == "/kill/node/tasks")
        #expect(change?.body == ["id": 1])
    }

    @Test(arguments: ["users", "roles", "organizations", "collaborations"])
    func withoutTheRuleTheReasonIsSaid(_ view: String) {
        var app = Self.app(holding: [])
        app.visit(view)
        for key: Key in ["a", "e", "D"] {
            #expect(press(&app, key).isEmpty)
            #expect(app.model.notice?.text.contains("needs rule") == true, "\(key.name)")
        }
        _ = press(&app, "a")
        #expect(app.model.notice?.text.contains("API key") == false, "what another view says of its own key")
    }

    @Test(arguments: ["users", "roles", "organizations", "collaborations"])
    func emptyListNamesTheRuleThatWouldFillIt(_ view: String) {
        var federation = Federation()
        var surroundings = Surroundings()
        surroundings.permissions = Permissions([])
        federation.absorb(.surroundings(surroundings), for: .surroundings, at: Network.now)
        federation.absorb(.roles([]), for: .roles, at: Network.now)
        var app = Network.app(size: Size(rows: 30, columns: 200), federation: federation)
        app.visit(view)
        #expect(app.view().text.contains("You may not see \(view)."))
        #expect(app.view().text.contains("The rule \(view.dropLast()) view (organization or"))
    }

    @Test func onlyRolesThatTheUserCanHaveAreOffered() {
        let roles: [Role] = [(1, "Shared", "null"), (3, "Theirs", #"{"id":2}"#), (4, "Foreign", #"{"id":3}"#)]
            .compactMap {
                Network.decode(#"{"id":\#($0.0),"name":"\#($0.1)","description":"","organization":\#($0.2)}"#)
            }
        var app = Self.app()
        var surroundings = app.model.world.federation.surroundings
        surroundings.users = [Network.decode(#"{"id":8,"username":"bram","organization":{"id":2}}"#)].compactMap { $0 }
        app.model.world.federation.absorb(.surroundings(surroundings), for: .surroundings, at: Network.now)
        app.model.world.federation.absorb(.roles(roles), for: .roles, at: Network.now)
        app.visit("users")
        _ = press(&app, "e")
        let text = app.view().text
        #expect(text.contains("] Shared") && text.contains("] Theirs") && !text.contains("] Foreign"))
    }

    @Test func whoamiNamesTheRulesThatAreMissing() {
        var app = Self.app(holding: Array(Self.everything.prefix(3)))
        app.visit("whoami")
        #expect(app.view().text.contains("Rules you do not hold"))
    }
}
