// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// Which rule a refused request was for want of.
@Suite struct RequiredRuleTests {
    private func held(_ rules: (String, String, String)...) -> Permissions {
        Permissions(
            rules.compactMap { name, operation, scope in
                Network.decode(
                    #"{"id":1,"name":"\#(name)","operation":"\#(operation)","scope":"\#(scope)","description":""}"#)
            })
    }

    @Test(arguments: [
        ("DELETE /user/3", "user delete (organization or wider)"),
        ("POST /organization", "organization create (global)"),
        ("POST /task", "task create (collaboration or global)"),
        ("POST /kill/task", "event send (collaboration or global)"),
        ("POST /kill/node/tasks", "event send (collaboration or global)"),
        ("GET /result/4", "run view (organization or wider)"),
        ("POST /recover/node", "node edit (organization or wider)"),
        ("GET /collaboration", "collaboration view (organization or global)"),
        ("POST /collaboration/1/organization", "collaboration edit (collaboration or global)"),
        ("DELETE /role/2/rule/5", "role edit (organization or wider)"),
        ("PATCH /study/4?x=1", "study edit (organization or wider)"),
    ]) func requestNamesItsRule(request: String, rule: String) {
        #expect(RequiredRule(request: request)?.text() == rule)
    }

    @Test(arguments: ["GET /version", "POST /token/user", "nonsense", ""]) func otherRequestsNameNone(request: String) {
        #expect(RequiredRule(request: request) == nil)
    }

    @Test func whatIsHeldAlreadyIsNotAskedFor() {
        let rule = RequiredRule("user", "delete")
        #expect(rule.text(beyond: held(("user", "DELETE", "ORGANIZATION"))) == "user delete (collaboration or global)")
        #expect(rule.text(beyond: held(("user", "DELETE", "GLOBAL"))) == nil)
        #expect(
            rule.advice(to: held(("user", "DELETE", "ORGANIZATION")))
                == "The rule user delete (collaboration or global) would allow it; yours reaches organization: "
                + "ask an administrator for it.")
    }

    @Test func refusalOnTheScreenNamesTheRule() {
        var app = Network.app()
        let change = Change.deletion(of: .user, 8, named: "bram")
        let fault = Fault(
            kind: .forbidden, message: "You lack the permission to do that!",
            origin: "DELETE /user/8 was answered with 401")
        _ = app.update(.finished(.change(change), .failed(fault)), at: Network.now)
        #expect(
            app.model.notice?.text.contains(
                "The rule user delete (collaboration or global) would allow it; yours reaches organization") == true)
    }

    @Test func refusalThatExplainsItselfStaysAsItIs() {
        #expect(RequiredRule(refusing: "POST /user", "You don't have the rules that you want to assign") == nil)
    }
}
