// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// The sign-in screen.
@Suite struct SignInTests {
    private func start() -> App {
        App(world: World(now: Network.now, size: Size(rows: 24, columns: 80)), theme: .standard, start: .signIn)
    }

    private func type(_ app: inout App, _ text: String) -> [Effect] {
        text.flatMap { character in
            app.update(
                .key(character == "\t" ? .tab : character == "\n" ? .enter : .character(character)), at: Network.now)
        }
    }

    @Test func credentialsGoOutAndThePasswordStaysHidden() {
        var app = start()
        _ = type(&app, "v6.example.org\tanna\tsecret?")
        #expect(!app.view().text.contains("secret"))
        let request = SignInRequest(
            server: "v6.example.org", username: "anna", password: "secret?", code: nil, keyPath: "")
        #expect(type(&app, "\n") == [.signIn(request)])
        #expect(type(&app, "x").isEmpty, "while the server is asked nothing is typed")
        #expect(app.view().text.contains("Asking the server"))
        _ = app.update(.finished(.signIn(request), .signedIn(Network.identity)), at: Network.now)
        #expect(app.model.top.place == .home)
    }

    @Test func aSecondFactorAddsItsField() {
        var app = start()
        let request = SignInRequest(server: "a", username: "b", password: "c", code: nil, keyPath: "")
        _ = type(&app, "a\tb\tc\n")
        _ = app.update(
            .finished(.signIn(request), .codeRequired("Please include your two-factor code")), at: Network.now)
        #expect(app.view().text.contains("Please include your two-factor code"))
        var second = request
        second.code = "402118"
        #expect(type(&app, "402 118\n") == [.signIn(second)])
    }

    @Test func aFailureStandsBesideTheForm() {
        var app = start()
        _ = type(&app, "a\tb\tc\n")
        let request = SignInRequest(server: "a", username: "b", password: "c", code: nil, keyPath: "")
        _ = app.update(
            .finished(
                .signIn(request), .failed(Fault(kind: .unauthenticated, message: "Invalid username or password!"))),
            at: Network.now)
        #expect(app.view().text.contains("Invalid username or password!"))
        #expect((app.model.top as? SignInScreen)?.form.focused.label == "Password")
    }

    @Test func whatIsMissingIsSaid() {
        var app = start()
        #expect(type(&app, "\n").isEmpty)
        #expect(app.view().text.contains("Server is missing."))
    }

    @Test func serverIsAskedWhileItsAddressIsTyped() {
        var app = start()
        #expect(
            type(&app, "v6") == [.probe(server: "v"), .probe(server: "v6")], "a later question replaces an earlier")
        #expect(app.view().text.contains("asking the server …"))
        _ = app.update(.finished(.probe(server: "v"), .greeted("nobody wants to know")), at: Network.now)
        #expect(!app.view().text.contains("nobody wants"))
        #expect(type(&app, ".example.org\t").last == .probe(server: "v6.example.org"))
        let greeting = "reachable · vantage6 4.15.2 · TLS · 38 ms"
        _ = app.update(.finished(.probe(server: "v6.example.org"), .greeted(greeting)), at: Network.now)
        #expect(app.view().text.contains("✓ \(greeting)"))
        #expect(type(&app, "anna\t").isEmpty, "a server that was asked is not asked again")
    }

    @Test func serverThatDoesNotAnswerIsToldBesideItsFieldAndForgottenWhenItIsCorrected() {
        var app = start()
        _ = type(&app, "a")
        let fault = Fault(kind: .unreachable, message: "Nobody answers at a.")
        _ = app.update(.finished(.probe(server: "b"), .failed(fault)), at: Network.now)
        #expect(!app.view().text.contains("Nobody answers"), "what stood there before is of no interest")
        _ = app.update(.finished(.probe(server: "a"), .failed(fault)), at: Network.now)
        #expect(app.view().text.contains("  Nobody answers at a."), "while one types there it is no error yet")
        _ = type(&app, "\t")
        #expect(app.view().text.contains("✗ Nobody answers at a."))
        #expect(app.model.notice == nil)
        _ = app.update(.key(.backTab), at: Network.now)
        #expect(type(&app, "b") == [.probe(server: "ab")])
        #expect(!app.view().text.contains("Nobody answers"))
    }

    @Test func whoseSignInEndedSignsInAgainWithTheSameKeyAndComesBack() {
        var app = Network.app()
        app.model.world.identity?.keyPath = "/keys/maas.pem"
        app.visit("task 30")
        let fault = Fault(kind: .unauthenticated, message: "Token has expired.")
        _ = app.update(.finished(.load(.task(30)), .failed(fault)), at: Network.now)
        #expect(app.view().text.contains("Your sign-in has ended: Token has expired."))
        let request = SignInRequest(
            server: Network.identity.server, username: Network.identity.username, password: "x", code: nil,
            keyPath: "/keys/maas.pem")
        #expect(type(&app, "x\n").contains(.signIn(request)))
        _ = app.update(.finished(.signIn(request), .signedIn(Network.identity)), at: Network.now)
        #expect(app.model.top.place == .task(30))
    }

    @Test func tokensAreKeptUnlessThePersonSaysOtherwise() {
        var app = start()
        _ = type(&app, "a\tb\tc\t\t")
        #expect(app.view().text.contains("[x] stay signed in"))
        let request = SignInRequest(server: "a", username: "b", password: "c", code: nil, keyPath: "", stays: false)
        #expect(type(&app, " \n") == [.signIn(request)])
    }

    @Test func keyFileIsLookedAtWhenItsPathIsTyped() throws {
        var app = Network.app()
        app.visit("login")
        app.model.stack.append(SignInScreen(server: Network.identity.server, username: "anna"))
        _ = type(&app, "secret\t/keys/maas.pem")
        let server = Network.identity.server
        let effect = Effect.checkKey(path: "/keys/maas.pem", server: server, username: "anna")
        #expect(type(&app, "\t").contains(effect), "not letter by letter")
        let fault = Fault(kind: .rejected, message: "/keys/maas.pem holds no private key.")
        _ = app.update(.finished(effect, .failed(fault)), at: Network.now)
        #expect(app.view().text.contains("✗ /keys/maas.pem holds no private key."))
        #expect(app.model.notice == nil)
        let key = try PrivateKey.generate(bits: 2_048).publicKey
        // Of a server one has not been at, the last session may have left the organization's key.
        for (remembered, words) in [
            (nil, "✓ 2048 bit · \(key.fingerprint.prefix(17))"), (key.wire, "✓ 2048 bit · matches organization key"),
        ] {
            var elsewhere = Network.app(federation: Federation())
            elsewhere.model.stack.append(SignInScreen(server: server, username: "anna"))
            _ = type(&elsewhere, "secret\t/keys/maas.pem\t")
            _ = elsewhere.update(.finished(effect, .key(key, organization: remembered)), at: Network.now)
            #expect(elsewhere.view().text.contains(words))
        }
        var surroundings = Network.surroundings
        for (wire, words) in [
            (key.wire, "✓ 2048 bit · matches organization key"),
            ("b3RoZXI=", "✗ 2048 bit · not your organization's key"),
            ("", "✗ 2048 bit · your organization has no key yet"),
        ] {
            let text = #"{"id":1,"name":"Maas Clinic","public_key":"\#(wire)"}"#
            surroundings.organizations = [Network.decode(text)].compactMap(\.self)
            app.model.world.federation.absorb(.surroundings(surroundings), for: .surroundings, at: Network.now)
            _ = app.update(.finished(effect, .key(key, organization: nil)), at: Network.now)
            #expect(app.view().text.contains(words))
        }
    }

    @Test func refusedCodeTellsHowTheClocksDiffer() {
        var app = start()
        let request = SignInRequest(server: "a", username: "b", password: "c", code: nil, keyPath: "")
        _ = type(&app, "a\tb\tc\n")
        _ = app.update(.finished(.signIn(request), .codeRequired("Code, please")), at: Network.now)
        var second = request
        second.code = "402118"
        _ = type(&app, "402118\n")
        let fault = Fault(kind: .unauthenticated, message: "Invalid MFA code!", clock: -94)
        _ = app.update(.finished(.signIn(second), .failed(fault)), at: Network.now)
        #expect(app.view().text.contains("✗ Invalid MFA code!"))
        #expect(app.view().text.contains("check the clock: it is 94 s behind the server's"))
    }

    // MARK: profiles

    @Test func otherProfilesTellWhenOneSignedInThroughThem() throws {
        var app = startWithProfiles("prod")
        app.model.world.size = Size(rows: 45, columns: 160)
        let moment = Network.now.adding(seconds: -3 * 86_400)
        _ = app.update(.finished(.listSignIns, .signIns(["staging": moment])), at: Network.now)
        try Golden.check(app.view(), "login-profile-160x45")
        #expect(app.view().text.contains("Other profiles:  staging  https://staging.example.org   signed in 3 d ago"))
        #expect(app.view().text.contains("demo     recorded data, no server: v6-console --demo"))
    }

    private static let profiles = [
        Profile(name: "prod", url: "https://v6.example.org", username: "anna", privateKey: "~/keys/maas.pem"),
        Profile(name: "staging", url: "https://staging.example.org"),
    ]

    private func startWithProfiles(_ current: String? = nil) -> App {
        var app = start()
        app.model.stack = [SignInScreen(profile: current, server: "https://v6.example.org", username: "anna")]
        var settings = ConsoleSettings()
        settings.profiles = Self.profiles
        _ = app.update(.settings(settings), at: Network.now)
        return app
    }

    @Test func profileInUseIsChosenAndGoesOutWithTheCredentials() throws {
        var app = startWithProfiles("prod")
        try Golden.check(app.view(), "login-profile-80x24")
        #expect(app.view().text.contains("prod"))
        let request = SignInRequest(
            profile: "prod", server: "https://v6.example.org", username: "anna", password: "x", code: nil, keyPath: "")
        #expect(type(&app, "x\n") == [.signIn(request)])
    }

    @Test func serverThatStandsThereAlreadyIsAskedAtOnce() {
        var app = start()
        app.model.stack = [SignInScreen(server: "https://v6.example.org", username: "anna")]
        #expect(app.update(.tick, at: Network.now) == [.probe(server: "https://v6.example.org")])
        #expect(app.update(.tick, at: Network.now).isEmpty)
    }

    @Test func anotherProfileFillsTheFormAndItsServerIsAsked() {
        var app = startWithProfiles("prod")
        let probe = Effect.probe(server: "https://staging.example.org", profile: "staging")
        #expect(app.update(.key(.function(3)), at: Network.now) == [probe])
        #expect(app.view().text.contains("https://staging.example.org"))
        #expect(!app.view().text.contains("anna"), "the other profile's user says nothing here")
        #expect(app.update(.key(.function(3)), at: Network.now).isEmpty, "no profile, no server to ask")
        _ = app.update(.key(.function(3)), at: Network.now)
        #expect(app.view().text.contains("~/keys/maas.pem"))
    }

    @Test func arrowsChooseAProfileInItsField() {
        var app = startWithProfiles()
        for _ in 0..<2 { _ = app.update(.key(.backTab), at: Network.now) }
        _ = app.update(.key(.backTab), at: Network.now)
        #expect((app.model.top as? SignInScreen)?.form.focused.label == "Profile")
        let probe = Effect.probe(server: "https://v6.example.org", profile: "prod")
        let check = Effect.checkKey(path: "~/keys/maas.pem", server: "https://v6.example.org", username: "anna")
        #expect(app.update(.key(.right), at: Network.now) == [check, probe])
    }

    @Test func whoHasNoProfileSeesNoFieldForOne() {
        var app = start()
        #expect(!app.view().text.contains("Profile"))
        _ = app.update(.key(.function(3)), at: Network.now)
        #expect(app.view().text.contains("v6-console profile add"))
    }
}
