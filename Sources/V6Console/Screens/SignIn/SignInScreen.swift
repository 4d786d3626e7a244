// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Profile, server, user, password and, where the server asks for it, the code of an authenticator app.
struct SignInScreen: Screen {
    private(set) var form: Form
    private var fault: String?
    private var isBusy = false
    private var isPrefilled = false
    private let reason: String?
    /// The server that was asked what it is.
    private var probed = ""
    /// Why it gave no answer.
    private var probeFault: String?
    /// The key file that was looked at.
    private var checkedKey = ""
    /// When each profile was last signed in through; nil before it was asked.
    private var signIns: [String: Timestamp]?
    /// The profile that the account of the start belongs to.
    private let profile: String?

    init(_ settings: AccountSettings, reason: String? = nil) {
        self.init(
            profile: settings.profile, server: settings.server ?? "", username: settings.username ?? "",
            keyPath: settings.privateKeyFile ?? "", reason: reason)
    }

    init(
        profile: String? = nil, server: String = "", username: String = "", keyPath: String = "", reason: String? = nil
    ) {
        self.profile = profile
        self.reason = reason
        form = Form([
            FormField(label: "Server", content: .text(LineEditor(server))),
            FormField(label: "Username", content: .text(LineEditor(username))),
            FormField(label: "Password", content: .secret(LineEditor(), isShown: false)),
            FormField(label: "Private key", content: .text(LineEditor(keyPath)), hint: Self.aboutKey),
            FormField(
                label: "", name: "Stay",
                content: .checks([FormField.Item(id: 1, title: "stay signed in")], chosen: [1], cursor: 0),
                hint: Span("tokens, no password, in a file only you can read", .dim)),
        ])
        if !server.isEmpty { form.focus(on: username.isEmpty ? "Username" : "Password") }
    }

    private static let aboutKey = Span("path, only to read encrypted results; may stay empty", .dim)

    var place: Place { .signIn }
    var contexts: [KeyContext] { [.signIn, .form] }
    func title(in world: World) -> String { "Sign in" }

    mutating func prepare(in world: World) {
        offer(world.profiles, current: profile ?? world.identity?.profile)
        if let probeFault {
            // While one still types there, it is no error yet.
            let isTyping = form.focused.name == "Server"
            let sign = isTyping ? "" : "\(world.glyphs[.failed]) "
            form["Server"].hint = Span(sign + probeFault, isTyping ? .dim : .bad)
        }
        // Signing in again: who and where are known.
        guard !isPrefilled, let identity = world.identity else { return }
        isPrefilled = true
        if form["Server"].text.isEmpty { form["Server"].text = identity.server }
        if form["Username"].text.isEmpty { form["Username"].text = identity.username }
        if form["Private key"].text.isEmpty { form["Private key"].text = identity.keyPath ?? "" }
        form.focus(on: "Password")
    }

    /// A field to choose a profile in, where there are profiles; what was chosen stays.
    private mutating func offer(_ profiles: [Profile], current: String?) {
        let names = ["none"] + profiles.map(\.name)
        let items = names.enumerated().map { FormField.Item(id: $0.offset, title: $0.element) }
        let known = form.field("Profile")
        if case .choice(let before, _) = known?.content, before == items { return }
        guard !profiles.isEmpty || known != nil else { return }
        let chosen = names.firstIndex(of: known?.text ?? current ?? "none") ?? 0
        let field = FormField(label: "Profile", content: .choice(items, index: chosen))
        form.replace([field] + form.fields.filter { $0.name != "Profile" })
    }

    /// The profile that is chosen; the first item stands for none.
    private var chosenProfile: String? {
        guard case .choice(let items, let index)? = form.field("Profile")?.content, index > 0 else { return nil }
        return items[index].title
    }

    /// Fills in what the chosen profile says.
    private mutating func takeProfile(in world: World) -> [Reaction] {
        fault = nil
        form.replace(form.fields.filter { $0.name != "Code" })
        form["Password"].text = ""
        let profile = world.profiles.first { $0.name == chosenProfile }
        form["Server"].text = profile?.url ?? ""
        form["Username"].text = profile?.username ?? ""
        form["Private key"].text = profile?.privateKey ?? ""
        probed = ""
        return []
    }

    func refusal(of action: Action, in world: World) -> String? {
        switch action {
        case .submit where isBusy: "the server is being asked"
        case .nextProfile where world.profiles.isEmpty: "none yet: v6-console profile add NAME --server URL"
        default: nil
        }
    }

    mutating func type(_ key: Key, in world: World) -> [Reaction]? {
        if isBusy, key != .escape, key != .control("c") { return [] }
        if key == .escape, world.identity != nil { return [.back] }
        let profile = chosenProfile
        guard form.handle(key) else { return nil }
        if chosenProfile != profile { return takeProfile(in: world) }
        fault = nil
        return []
    }

    mutating func paste(_ text: String, in world: World) -> [Reaction] {
        form.paste(text)
        return []
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        switch action {
        case .nextField, .previousField:
            form.move(action == .nextField ? 1 : -1)
        case .revealPassword:
            if case .secret(let editor, let isShown) = form["Password"].content {
                form["Password"].content = .secret(editor, isShown: !isShown)
            }
        case .nextProfile:
            guard case .choice(let items, let index) = form["Profile"].content else { return [] }
            form["Profile"].content = .choice(items, index: (index + 1) % items.count)
            return takeProfile(in: world)
        case .submit: return submit()
        default: break
        }
        return []
    }

    /// Asks the server while its address is typed, so that a slip shows before the password is.
    mutating func wishes(in world: World) -> [Effect] {
        var effects = checks(in: world)
        let server = form["Server"].text.trimmed
        guard server != probed else { return effects }
        probed = server
        probeFault = nil
        form["Server"].hint = server.isEmpty ? nil : Span("asking the server …", .dim)
        if !server.isEmpty { effects.append(.probe(server: server, profile: chosenProfile)) }
        return effects
    }

    /// What this machine knows: whether the file is a key, once its path is typed, and who signed in when.
    private mutating func checks(in world: World) -> [Effect] {
        var effects: [Effect] = []
        if signIns == nil, !world.profiles.isEmpty {
            signIns = [:]
            effects.append(.listSignIns)
        }
        let path = form["Private key"].text.trimmed
        if path != checkedKey, form.focused.name != "Private key" {
            checkedKey = path
            form["Private key"].hint = Self.aboutKey
            if !path.isEmpty {
                let username = form["Username"].text.trimmed
                effects.append(.checkKey(path: path, server: form["Server"].text.trimmed, username: username))
            }
        }
        return effects
    }

    /// A key, and whether it is the organization's, where the server has told that one's.
    private func describe(_ key: PublicKey, remembered: String?, in world: World) -> Span {
        let isHere = world.identity?.server == form["Server"].text
        let match = KeyMatch(key, organization: (isHere ? world.federation.ownKey : nil) ?? remembered)
        return match.line(world.glyphs)
    }

    private mutating func submit() -> [Reaction] {
        for label in ["Server", "Username", "Password"] where form[label].text.isEmpty {
            fault = "\(label) is missing."
            form.focus(on: label)
            return []
        }
        fault = nil
        isBusy = true
        let code = form.fields.first { $0.label == "Code" }?.text.filter { !$0.isWhitespace }
        return [
            .run(
                .signIn(
                    SignInRequest(
                        profile: chosenProfile, server: form["Server"].text, username: form["Username"].text,
                        password: form["Password"].text,
                        code: code?.isEmpty == false ? code : nil, keyPath: form["Private key"].text,
                        stays: form["Stay"].selection == [1])))
        ]
    }

    mutating func receive(_ outcome: Message.Outcome, of effect: Effect, in world: World) -> [Reaction] {
        if case .probe(let server, _) = effect {
            // An answer to what stood there before says nothing of what stands there now.
            guard server == probed else { return [] }
            switch outcome {
            case .greeted(let text): form["Server"].hint = Span("\(world.glyphs[.completed]) \(text)", .good)
            case .failed(let problem):
                probeFault = problem.message
                prepare(in: world)
            default: break
            }
            return []
        }
        switch (effect, outcome) {
        case (.checkKey(let path, _, _), .key(let key, let remembered)) where path == checkedKey:
            form["Private key"].hint = describe(key, remembered: remembered, in: world)
        case (.checkKey(let path, _, _), .failed(let problem)) where path == checkedKey:
            form["Private key"].hint = Span("\(world.glyphs[.failed]) \(problem.message)", .bad)
        case (.listSignIns, .signIns(let known)): signIns = known
        default: break
        }
        guard case .signIn = effect else { return [] }
        isBusy = false
        switch outcome {
        case .codeRequired(let text):
            if !form.fields.contains(where: { $0.label == "Code" }) {
                let place = form.fields.firstIndex { $0.name == "Private key" } ?? form.fields.count
                form.fields.insert(
                    FormField(label: "Code", content: .text(LineEditor()), hint: Span(text, .dim)), at: place)
            }
            form.focus(on: "Code")
        case .failed(let problem):
            fault = problem.message
            if form.fields.contains(where: { $0.label == "Code" }) {
                form["Code"].text = ""
                if let clock = problem.clock { form["Code"].hint = Self.about(clock: clock) }
                form.focus(on: "Code")
            } else if problem.kind == .unauthenticated {
                form.focus(on: "Password")
            } else if problem.kind == .unreachable {
                form.focus(on: "Server")
            }
        default: break
        }
        return []
    }

    private static func about(clock: Int) -> Span {
        if clock == 0 { return Span("codes hold 30 s; the clock agrees with the server's", .dim) }
        let lead = "\(abs(clock)) s \(clock > 0 ? "ahead of" : "behind")"
        return Span("check the clock: it is \(lead) the server's", abs(clock) < 30 ? .dim : .warning)
    }

    /// The profiles that are not chosen, and the demonstration, where there is room below the form.
    private func others(in world: World) -> [[Span]] {
        let profiles = world.profiles.filter { $0.name != chosenProfile }
        let names = (profiles.map(\.name) + ["demo"]).map { TextWidth.of($0) }.max() ?? 0
        let urls = profiles.map { TextWidth.of($0.url) }.max() ?? 0
        var lines = profiles.map { profile in
            let used = signIns?[profile.name].map { "signed in \(world.age($0)) ago" } ?? "not signed in"
            return [
                Span("\(profile.name.padded(to: names))  "), Span(profile.url.padded(to: urls), .dim),
                Span("   \(used)", .dim),
            ]
        }
        lines.append([Span("demo".padded(to: names)), Span("  recorded data, no server: v6-console --demo", .dim)])
        return lines.enumerated().map { index, line in
            [Span((index == 0 ? "Other profiles:" : "").padded(to: 17), .dim)] + line
        }
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let columns = min(70, canvas.size.columns)
        let rows = form.rows(labels: 13, columns: columns - 4)
        let frame = canvas.bounds.centered(rows: rows + 7, columns: columns)
        if canvas.size.columns >= 120 {
            for (row, line) in others(in: world).enumerated() where frame.row + frame.rows + 1 + row < canvas.size.rows
            {
                canvas.line(line, row: frame.row + frame.rows + 1 + row, column: frame.column)
            }
        }
        canvas.region(frame) { canvas in
            canvas.box("Sign in", focused: true) { canvas in
                canvas.region(Rect(row: 1, column: 1, rows: rows, columns: canvas.size.columns - 2)) { canvas in
                    form.draw(on: &canvas, labels: 13)
                }
                let row = rows + 2
                if isBusy {
                    canvas.text("Asking the server …", row: row, column: 2, role: .dim)
                } else if let fault {
                    canvas.text(
                        "\(world.glyphs[.failed]) \(fault)", row: row, column: 2, columns: canvas.size.columns - 4,
                        role: .bad)
                } else if let reason {
                    canvas.text(reason, row: row, column: 2, columns: canvas.size.columns - 4, role: .warning)
                }
                canvas.text(
                    "No server at hand: v6-console --demo plays a recording", row: row + 1, column: 2,
                    columns: canvas.size.columns - 4, role: .dim)
                canvas.text(
                    "Scripts: V6_SERVER_URL=… V6_TOKEN_FILE=… v6-console task list", row: row + 2, column: 2,
                    columns: canvas.size.columns - 4, role: .dim)
            }
        }
    }
}
