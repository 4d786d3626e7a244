// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Console

/// Lists of bookmarks, drafts, templates and algorithm stores.
@Suite struct ShelfTests {
    private func app() -> App {
        var app = Network.app()
        app.model.world.bookmarks = Network.bookmarks
        app.model.world.drafts = Network.drafts
        return app
    }

    @discardableResult
    private func type(_ app: inout App, _ keys: Key...) -> [Effect] {
        keys.flatMap { app.update(.key($0), at: Network.now) }
    }

    @discardableResult
    private func type(_ app: inout App, _ text: String) -> [Effect] {
        text.flatMap { app.update(.key($0 == "\n" ? .enter : .character($0)), at: Network.now) }
    }

    @Test func bookmarkLeadsToItsViewChangesItsNumberAndGoes() {
        var app = app()
        app.visit("bookmarks")
        #expect(type(&app, .enter).isEmpty == false || app.model.top.place == .tasks(filter: "status=failed"))
        #expect(app.model.top.place == .tasks(filter: "status=failed"))
        app.visit("bookmarks")
        type(&app, "e")
        #expect(app.model.prompt?.editor.text == "rename 1")
        // The number of another is given to it, and that one gets ours: nothing is lost.
        type(&app, .backspace)
        let effects = type(&app, "4\n")
        #expect(effects.contains(.rememberBookmarks([1: "node maas-node", 4: "tasks status=failed"])))
        #expect(app.model.world.bookmarks[4] == "tasks status=failed")
        type(&app, "D")
        #expect(app.model.dialog?.title == "Delete the bookmark 4  tasks status=failed?")
        #expect(type(&app, "y").contains(.rememberBookmarks([1: "node maas-node"])))
    }

    @Test func manyAreDeletedAfterTheirNumberWasTyped() {
        var app = app()
        app.visit("drafts")
        type(&app, "*D")
        #expect(app.model.dialog?.title == "Delete 2 drafts?")
        #expect(type(&app, "2\n").contains(.writeDrafts([])))
        #expect(app.view().text.contains("No drafts."))
    }

    @Test func draftComesBackIntoTheComposerAndWhatStoodThereIsPutAside() throws {
        var app = app()
        var before = ComposerDraft()
        before.name = "half done"
        app.model.world.draft = before
        app.visit("drafts")
        #expect(app.view().text.contains("in the composer"))
        type(&app, "j")
        let effects = type(&app, .enter)
        guard case .composer(let draft?) = app.model.top.place else {
            Issue.record("the composer does not show")
            return
        }
        #expect(draft.name == "Cox, stage III")
        #expect(effects.contains(.keepDraft(draft)), "it is kept before it leaves the list")
        #expect(app.model.world.drafts.map(\.draft.name) == ["half done", ""])
        let written = effects.compactMap { if case .writeDrafts(let list) = $0 { list } else { nil } }.last
        #expect(written == app.model.world.drafts)
    }

    @Test func emptiedFormIsFoundAmongTheDrafts() {
        var app = app()
        app.model.world.drafts = []
        app.visit("new")
        type(&app, "precious")
        let effects = type(&app, .control("x"))
        #expect(app.model.world.drafts.map(\.draft.name) == ["precious"])
        #expect(effects.contains(.writeDrafts(app.model.world.drafts)) && app.model.unkeptDraft == nil)
    }

    @Test func templateIsComposedRenamedAndDeletedAndAFaultyOneSaysWhy() {
        var app = app()
        app.visit("templates")
        type(&app, .enter)
        guard case .composer(let draft?) = app.model.top.place else {
            Issue.record("the composer does not show")
            return
        }
        #expect(draft.method == "central_cox" && draft.collaboration == 1)
        app.visit("templates")
        #expect(type(&app, ":rename cox daily\n").contains(.renameTemplate("cox weekly", to: "cox daily")))
        type(&app, "j", .enter)
        #expect(app.model.notice?.text.contains("its file cannot be used") == true)
        #expect(app.view().text.contains("torn.yaml:3: expected a key"))
        app.model.notice = nil
        type(&app, "D")
        #expect(type(&app, "y").contains(.deleteTemplate("torn")))
    }

    @Test func oneFaultyFileLeavesTheOthersUsable() async throws {
        try await withTemporaryDirectory { folder in
            let paths = ConsolePaths(environment: ConsoleEnvironment(variables: ["V6_CONFIG_DIR": folder.path]))
            let templates = TemplateFolder(paths: paths)
            _ = try templates.save("good", text: "name: a\nimage: x:1\nmethod: m\n")
            _ = try templates.save("torn", text: "name: [")
            let list = try templates.list()
            #expect(list.map(\.name) == ["good", "torn"])
            #expect(list[0].task?.image == "x:1" && list[0].fault == nil && list[0].at != nil)
            #expect(list[1].task == nil && list[1].fault?.isEmpty == false)
            #expect(throws: ConsoleFailure.self) { try templates.rename("torn", to: "good") }
            _ = try templates.rename("torn", to: "mended")
            #expect(try templates.list().map(\.name) == ["good", "mended"])
        }
    }

    @Test func storesTellWhetherTheyAnswerAndNeedARuleToChange() {
        var app = app()
        let fault = Fault(kind: .unreachable, message: "No store answers at store.example.org.")
        app.model.world.federation.absorb(fault, for: .algorithms(store: 3))
        app.visit("stores")
        _ = app.update(.finished(.load(.algorithms(store: 3)), .failed(fault)), at: Network.now)
        #expect(app.view().text.contains("✗ no answer") && app.model.world.connection == .live)
        app.model.notice = nil
        type(&app, "D")
        #expect(app.model.notice?.text.contains("needs rule collaboration edit") == true)
        var surroundings = Network.surroundings
        surroundings.permissions = Permissions(RecordFormTests.everything)
        app.model.world.federation.absorb(.surroundings(surroundings), for: .surroundings, at: Network.now)
        type(&app, "D")
        guard case .change(let change)? = type(&app, "research\n").first else {
            Issue.record("nothing was sent")
            return
        }
        #expect(change.method == "DELETE" && change.path == "/algorithmstore/3")
        #expect(change.query == ["server_url": Network.identity.server])
    }

    @Test func draftsSurviveOnDisk() async throws {
        try await withTemporaryDirectory { folder in
            let paths = ConsolePaths(environment: ConsoleEnvironment(variables: ["V6_STATE_DIR": folder.path]))
            let file = DraftFile(paths: paths)
            #expect(file.readAside() == [])
            try file.writeAside(Network.drafts)
            #expect(file.readAside() == Network.drafts)
            var many: [KeptDraft] = []
            for number in 0..<60 {
                var draft = ComposerDraft()
                draft.name = "draft \(number)"
                many.putAside(draft, at: Network.now.adding(seconds: Double(number)))
            }
            #expect(many.count == 50 && many[0].draft.name == "draft 59")
            many.putAside(many[7].draft, at: Network.now.adding(seconds: 99))
            #expect(many.count == 50 && many[0].draft.name == "draft 52", "the same content is the same draft")
        }
    }

    @Test(
        arguments: [("B", ShelfKind.bookmarks), ("d", .drafts), ("t", .templates), ("A", .stores)] as [(Key, ShelfKind)]
    )
    func homeLeadsThere(_ key: Key, _ kind: ShelfKind) {
        var app = app()
        type(&app, key)
        #expect(app.model.top.place == .shelf(kind))
    }
}
