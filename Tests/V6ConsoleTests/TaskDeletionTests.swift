// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// A task is deleted on the screen only after its name is typed, and leaves every view.
@Suite struct TaskDeletionTests {
    private func press(_ app: inout App, _ keys: Key...) -> [Effect] {
        keys.flatMap { app.update(.key($0), at: Network.now) }
    }

    private func type(_ app: inout App, _ text: String) {
        for letter in text { _ = app.update(.key(.character(letter)), at: Network.now) }
    }

    private func deletion(_ id: Int) -> Effect { .change(.deletion(of: .task, id, named: "Task \(id)")) }

    @Test func nameIsTyped() {
        var app = Network.administrator()
        app.visit("task 30")
        _ = press(&app, "D")
        let text = app.view().text
        #expect(text.contains("1 run with logs and results, and 1 subtask"))
        #expect(text.contains("It is not over: it is killed first."))
        type(&app, "Summary")
        #expect(press(&app, .enter).isEmpty)
        #expect(app.view().text.contains("exactly Summary of radius is expected"))
        type(&app, " of radius")
        #expect(!app.view().text.contains("is expected"), "the reproach goes with the next letter")
        #expect(press(&app, .enter) == [deletion(30)])
        let after = app.update(.finished(deletion(30), .done("Task 30 is deleted")), at: Network.now)
        #expect(after.contains(.load(.tasks)))
        #expect(app.model.top.place == .tasks(filter: ""), "the view of what is gone is left")
        let federation = app.model.world.federation
        #expect(federation.tasks[30] == nil && federation.tasks[31] == nil && federation.run(61) == nil)
        #expect(!federation.taskIDs.contains(30) && federation.totalTasks == 5)
    }

    @Test func markedOnesNeedTheirNumber() {
        var app = Network.administrator()
        app.visit("tasks")
        _ = press(&app, " ", " ", "D")
        #expect(app.model.dialog?.title == "Delete 2 tasks?" && app.model.dialog?.consent == .typing("2"))
        type(&app, "2")
        #expect(press(&app, .enter) == [deletion(30)])
        #expect(app.update(.finished(deletion(30), .done("")), at: Network.now).contains(deletion(28)))
        _ = app.update(.finished(deletion(28), .done("")), at: Network.now)
        #expect(app.model.notice?.kind == .good && app.model.top.marked == 0)
        #expect(app.model.world.federation.taskIDs == [27, 26, 25, 24])
    }

    @Test func refusalKeepsTheTaskAndAsksNoMore() {
        var app = Network.administrator()
        app.visit("task 28")
        let fault = Fault(kind: .rejected, message: "no")
        _ = app.update(.finished(deletion(28), .failed(fault)), at: Network.now)
        #expect(app.model.dialog == nil && app.model.world.federation.tasks[28] != nil)
        #expect(app.model.notice?.kind == .bad)
    }

    @Test func nothingIsDeletedInReadOnlyMode() {
        var app = Network.administrator()
        app.visit("task 28")
        app.model.world.isReadOnly = true
        _ = press(&app, "D")
        #expect(app.model.dialog == nil && app.model.notice?.text.contains("read-only mode") == true)
    }

    /// 4.15.2: the scope decides whose tasks one may delete; anna is user 7 of organization 1.
    @Test(arguments: [
        ("OWN", 28, true), ("OWN", 26, false), ("ORGANIZATION", 26, true), ("COLLABORATION", 24, true),
        ("GLOBAL", 26, true),
    ])
    func scopeOfTheRuleDecides(scope: String, task: Int, isAllowed: Bool) throws {
        var federation = Network.federation
        var surroundings = Network.surroundings
        let rule: Rule? = Network.decode(
            #"{"id":1,"name":"task","operation":"DELETE","scope":"\#(scope)","description":""}"#)
        surroundings.permissions = Permissions([try #require(rule)])
        federation.absorb(.surroundings(surroundings), for: .surroundings, at: Network.now)
        let refusal = federation.refusalToDelete(try #require(federation.tasks[task]))
        #expect((refusal == nil) == isAllowed)
        #expect(refusal?.contains("needs rule task delete") != false)
    }

    @Test func whoHoldsNoRuleIsToldWhich() {
        var app = Network.app()
        app.visit("tasks")
        _ = press(&app, "D")
        #expect(app.model.notice?.text.hasPrefix("Cannot delete the task: needs rule task delete") == true)
    }

    @Test func numberIsAskedForWhereTheNameCannotBeTyped() throws {
        var federation = Network.federation
        let task = try #require(Network.task(28, "医院\u{202E}", "completed", created: "14:02:00"))
        federation.absorb(.task(task), for: .task(28), at: Network.now)
        var world = World(now: Network.now, size: Size(rows: 24, columns: 80))
        world.federation = federation
        #expect(Dialog.deletion(of: [28], in: world).consent == .typing("28"))
        #expect(Dialog.deletion(of: [27], in: world).consent == .typing("Kaplan-Meier"))
    }
}
