// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The account, the connection, and what the user may do.
struct WhoAmIScreen: Screen {
    private var pager = TextPager()

    var place: Place { .whoami }
    var contexts: [KeyContext] { [.text, .everywhere] }
    var filter: String? { pager.query }
    func title(in world: World) -> String { "Account and connection" }

    private func lines(in world: World) -> [String] {
        let federation = world.federation
        let surroundings = federation.surroundings
        var reason = ""
        if case .polling(let why) = world.connection { reason = "  (\(why))" }
        var lines = [
            "server         \(world.identity?.server ?? "–")",
            "version        \(surroundings.serverVersion ?? "–")",
            "connection     \(world.connection.label(world.glyphs))\(reason)",
            "user           \(world.identity?.username ?? "–")  id \(surroundings.userID.map(String.init) ?? "–")",
            "organization   \(federation.organizationName(surroundings.organizationID))",
            "private key    \(privateKey(in: world))",
            "read-only      \(world.isReadOnly ? "on" : "off")",
            "",
        ]
        guard let permissions = surroundings.permissions else {
            return lines + ["The server does not tell which rules you hold."]
        }
        lines.append("Rules you hold")
        lines += permissions.lines.map { "  " + $0 }
        let lacking = Permissions(surroundings.catalogue.filter { !permissions.allows($0) }).lines
        guard !lacking.isEmpty else { return lines }
        lines += ["", "Rules you do not hold: whoever manages your organization can give you a role that has them"]
        lines += lacking.map { "  " + $0 }
        return lines
    }

    private func privateKey(in world: World) -> String {
        guard world.identity?.hasPrivateKey == true else { return "none: encrypted results stay closed" }
        guard let key = world.identity?.key else { return "loaded: encrypted results can be read here" }
        return KeyMatch(key, organization: world.federation.ownKey).line(world.glyphs).text
    }

    mutating func setFilter(_ text: String, in world: World) {
        pager.search(text, lines: lines(in: world), size: world.body.size)
    }

    func export(in world: World) -> Export? { Export("account", lines: lines(in: world)) }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if action == .copy {
            return [.run(.copy(lines(in: world).joined(separator: "\n"))), .say(.good("Copied the account"))]
        }
        _ = pager.handle(action, lines: lines(in: world), size: world.body.size)
        return []
    }

    func draw(on canvas: inout Canvas, in world: World) {
        canvas.region(Rect(row: 0, column: 1, rows: canvas.size.rows, columns: canvas.size.columns - 2)) { canvas in
            canvas.pager(pager, lines: lines(in: world))
        }
    }
}
