// SPDX-License-Identifier: Apache-2.0

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
            FormField(
                label: "Private key", content: .text(LineEditor(keyPath)),
                hint: Span("path, only to read encrypted results; may stay empty", .dim)),
        ])
        if !server.isEmpty { form.focus(on: username.isEmpty ? "Username" : "Password") }
    }

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
        let server = form["Server"].text.trimmed
        guard server != probed else { return [] }
        probed = server
        probeFault = nil
        form["Server"].hint = server.isEmpty ? nil : Span("asking the server …", .dim)
        return server.isEmpty ? [] : [.probe(server: server, profile: chosenProfile)]
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
                        code: code?.isEmpty == false ? code : nil, keyPath: form["Private key"].text)))
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

    func draw(on canvas: inout Canvas, in world: World) {
        let rows = form.fields.reduce(0) { $0 + $1.height + ($1.hint == nil ? 0 : 1) }
        let frame = canvas.bounds.centered(rows: rows + 7, columns: 70)
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
