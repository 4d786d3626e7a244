// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension App {
    /// The whole screen as it should look now.
    func view() -> Surface {
        let world = model.world
        var canvas = Canvas(size: world.size, theme: theme, glyphs: world.glyphs)
        guard world.size.rows >= 4, world.size.columns >= 20 else {
            canvas.text("too small", row: 0)
            return canvas.surface
        }
        header(on: &canvas)
        crumbs(on: &canvas)
        if world.isRoomy {
            canvas.rule(row: 2)
            canvas.rule(row: world.size.rows - 2)
        }
        canvas.region(world.body) { model.top.draw(on: &$0, in: world) }
        if model.dialog != nil || model.palette != nil || model.prompt != nil { canvas.hideCursor() }
        footer(on: &canvas)
        canvas.region(world.body) { model.palette?.draw(on: &$0) }
        // A small screen has no rows to spare around a question.
        canvas.region(world.isRoomy ? world.body : canvas.bounds) { model.dialog?.draw(on: &$0) }
        return canvas.surface
    }

    /// The theme, with the colour of the profile: which server one is at should be seen before one does something there.
    private var theme: Theme {
        let profile = model.world.profiles.first { $0.name == model.world.identity?.profile }
        guard model.theme.name != Theme.monochrome.name, let colour = profile?.colour.flatMap(Style.init(words:)) else {
            return model.theme
        }
        return Theme(name: model.theme.name, base: model.theme, [.profile: colour])
    }

    private func header(on canvas: inout Canvas) {
        let world = model.world
        let bar = " \(world.glyphs[.separator]) "
        var left: [Span] = [Span(canvas.size.columns >= 100 ? " vantage6" : " v6", .header)]
        if let identity = world.identity {
            let version = world.federation.surroundings.serverVersion.map { " \($0)" } ?? ""
            let site = identity.isAtNode ? "node \(world.federation.site.status.name)" : nil
            let server = site ?? (canvas.size.columns >= 100 ? identity.server + version : identity.host)
            let organization = world.federation.surroundings.organizationID.map { id in
                "@" + world.federation.organizationName(id)
            }
            if let profile = identity.profile { left += [Span(bar, .border), Span(profile, .profile)] }
            left += [Span(bar, .border), Span(server)]
            left += [Span(bar, .border), Span(identity.username + (organization ?? ""))]
        }
        let readOnly = world.isReadOnly ? [Span(bar, .border), Span("read-only", .warning)] : []
        let connection = world.connection.label(world.glyphs)
        let width = TextWidth.of(connection) + 1
        let room = canvas.size.columns - width - 1
        let about = collaboration(isLong: canvas.size.columns >= 100)
        // It is told below, too: where there is no room for all of it, it is left out.
        if !about.isEmpty, (left + [Span(bar)] + about + readOnly).width <= room {
            left += [Span(bar, .border)] + about
        }
        left += readOnly
        let role: TextRole = world.connection == .live ? .good : world.connection.isUp ? .text : .headerAlert
        canvas.line(left, row: 0, columns: room)
        canvas.line([Span(connection, role)], row: 0, column: canvas.size.columns - width)
    }

    /// The collaboration that one is looking at, by the view that shows or the nearest below it that is about one.
    ///
    /// Where there is only one, it is that.
    private func collaboration(isLong: Bool) -> [Span] {
        let federation = model.world.federation
        let shown = model.stack.reversed().lazy.compactMap { $0.collaboration(in: model.world) }.first
        let only = federation.collaborations.count == 1 ? federation.collaborations.keys.first : nil
        guard let known = (shown ?? only).flatMap({ federation.collaborations[$0] }) else { return [] }
        if !isLong { return [Span(known.name)] }
        return [Span("collaboration ", .dim), Span(known.name)] + (known.encrypted ? [Span("  encrypted", .good)] : [])
    }

    private func crumbs(on canvas: inout Canvas) {
        let world = model.world
        let titles = model.stack.map { $0.title(in: world) }
        var spans: [Span] = []
        if let filter = model.top.filter, !filter.isEmpty, model.prompt == nil {
            spans.append(Span("  /\(filter)", .warning))
        }
        var note = model.top.note(in: world)
        if model.top.marked > 0 { note.insert(Span("\(model.top.marked) marked  ", .marked), at: 0) }
        let known = world.federation.rememberedAt(model.top.needs(in: world))
        if let batch = world.batch {
            let frames = world.glyphs.spinner
            let since = world.running[batch.current].map { world.now.seconds(since: $0) } ?? 0
            let rest = batch.isStopped ? "no more after this" : "esc stops"
            note = [
                Span("\(frames[Int(since * 4) % frames.count]) \(batch.current.title)  "),
                Span("\(batch.done + 1)/\(batch.total)", .strong), Span("  \(rest)", .dim),
            ]
        } else if world.identity != nil, let heard = known ?? (world.connection.isUp ? nil : model.heardAt) {
            note = [Span("as of \(Times.stamp(heard, at: world.now, zone: world.zone))", .warning)]
        } else if let slow = world.slow {
            let frames = world.glyphs.spinner
            let frame = frames[Int(slow.seconds * 4) % frames.count]
            let seconds = slow.seconds >= 2 ? "\(Int(slow.seconds)) s" : ""
            let words = ["\(frame) \(slow.effect.title)", world.progress(of: slow.effect), seconds]
            note = [Span(words.filter { !$0.isEmpty }.joined(separator: " "), .dim)]
            if canStop { note.append(Span("  esc stops", .dim)) }
        }
        let room = canvas.size.columns - note.width - 2
        // Where the way is too long its beginning is left out: where one is counts more.
        var first = 0
        func way() -> [Span] {
            var way: [Span] = [Span(first > 0 ? " \(world.glyphs[.ellipsis])" : "", .dim)]
            for (index, title) in titles.enumerated() where index >= first {
                way.append(Span(index > 0 ? " \(world.glyphs[.breadcrumb]) " : " ", .dim))
                way.append(Span(title, index == titles.count - 1 ? .strong : .dim))
            }
            return way + spans
        }
        while first < titles.count - 1, way().width > room { first += 1 }
        canvas.line(way(), row: 1, columns: room)
        canvas.trailing(note, row: 1, margin: 1)
    }

    private func footer(on canvas: inout Canvas) {
        let row = canvas.size.rows - 1
        if let prompt = model.prompt {
            canvas.text(prompt.sign, row: row, column: 0, role: .key)
            let completions =
                prompt.kind == .command
                ? completions(of: prompt.editor.text).prefix(8).joined(separator: "  ") : ""
            let typed = TextWidth.of(prompt.editor.text)
            let room = canvas.size.columns - 1
            canvas.text(prompt.editor.text, row: row, column: 1, columns: room)
            canvas.placeCursor(row: row, column: min(1 + prompt.editor.cursorColumn, canvas.size.columns - 1))
            if typed + 3 < room { canvas.text(completions, row: row, column: typed + 4, role: .dim) }
            return
        }
        if let palette = model.palette, model.notice == nil {
            let rest = palette.isGeneral ? " \(model.world.glyphs[.dot]) : for the command line" : ""
            let what = palette.isGeneral ? "search actions, views and objects" : "narrow the list"
            canvas.text(" type to \(what)\(rest)", row: row, role: .dim)
            return
        }
        if let notice = model.notice {
            let role: TextRole = notice.kind == .bad ? .toastError : .toast
            let sign = model.world.glyphs[notice.kind == .bad ? .failed : .completed]
            let text = " \(sign) \(notice.text)"
            canvas.text(text.padded(to: canvas.size.columns), row: row, role: role)
            if offersMore(notice) {
                let hint = "  enter shows all "
                canvas.text(hint, row: row, column: max(0, canvas.size.columns - TextWidth.of(hint)), role: role)
            }
            return
        }
        var column = 1
        let hints = hints()
        // Whatever else has no room, the way to help has.
        let help = hints.last { $0.isHelp }.map { TextWidth.of($0.key) + TextWidth.of($0.label) + 3 } ?? 0
        for hint in hints {
            let width = TextWidth.of(hint.key) + 1 + TextWidth.of(hint.label)
            if column + width + (hint.isHelp ? 0 : help) > canvas.size.columns - 1 { continue }
            canvas.text(hint.key, row: row, column: column, role: hint.isRefused ? .disabled : .key)
            canvas.text(
                hint.label, row: row, column: column + width - TextWidth.of(hint.label),
                role: hint.isRefused ? .disabled : .text)
            column += width + 2
        }
    }

    /// One key of the footer.
    private struct Hint {
        let key: String
        let label: String
        let isRefused: Bool
        let isHelp: Bool
        let isMark: Bool
    }

    /// The keys that work now, for the footer: at most nine, what is refused behind the others, help at the end.
    private func hints() -> [Hint] {
        func rank(_ action: Action) -> Int { KeyMap.footerOrder.firstIndex(of: action) ?? .max }
        let grows = model.top.grows(in: model.world)
        let bindings = model.keyMap.bindings(in: model.top.contexts)
            .filter { !$0.label.isEmpty && !(isAtNode && $0.action == .newTask) && (grows || $0.action != .follow) }
            .sorted { rank($0.action) < rank($1.action) }
        let all = bindings.map { binding in
            Hint(
                key: binding.keys[0].name, label: binding.label, isRefused: refusal(of: binding.action) != nil,
                isHelp: binding.action == .help, isMark: binding.action == .mark)
        }
        // That nothing can be marked here is no news.
        let others = all.filter { !$0.isHelp && !($0.isRefused && $0.isMark) }
        let first = (others.filter { !$0.isRefused } + others.filter(\.isRefused)).prefix(8)
        return Array(first) + all.filter(\.isHelp)
    }
}

extension Identity {
    /// The server's host, for narrow screens.
    var host: String {
        let bare = server.split(separator: "/").dropFirst(server.contains("://") ? 1 : 0).first
        return bare.map(String.init) ?? server
    }
}

extension String {
    /// The text with blanks behind it up to a width.
    func padded(to columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - TextWidth.of(self)))
    }
}
