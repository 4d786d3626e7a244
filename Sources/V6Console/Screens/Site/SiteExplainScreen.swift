// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Asks the policy of this node whether an image would run, and which rule decides.
struct SiteExplainScreen: Screen {
    private(set) var form = Form([
        FormField(label: "Image", content: .text(LineEditor())),
        FormField(
            label: "User", content: .text(LineEditor()), hint: Span("the number of who asks; may stay empty", .dim)),
        FormField(label: "Organization", content: .text(LineEditor()), hint: Span("its number; may stay empty", .dim)),
    ])
    private var asked: PolicyQuestion?

    var place: Place { .siteExplain }
    var contexts: [KeyContext] { [.form] }
    func title(in world: World) -> String { "What would the policy say" }
    func needs(in world: World) -> [Subject] { [.site(.status)] + (asked.map { [.site(.explain($0))] } ?? []) }
    func stale(in world: World) -> [Subject] { [.site(.status)] }

    mutating func type(_ key: Key, in world: World) -> [Reaction]? {
        if form.handle(key) { return [] }
        if key == .escape { return [.back] }
        if key == .enter { return perform(.submit, in: world) }
        return nil
    }

    mutating func paste(_ text: String, in world: World) -> [Reaction] {
        form.paste(text.trimmed)
        return []
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        switch action {
        case .nextField: form.move(1)
        case .previousField: form.move(-1)
        case .submit:
            let image = form["Image"].text.trimmed
            guard !image.isEmpty else {
                form.focus(on: "Image")
                return [.say(.bad("Name an image, such as registry.example.org/average:1.2"))]
            }
            let question = PolicyQuestion(
                image: image, user: form["User"].text.trimmed, organization: form["Organization"].text.trimmed)
            asked = question
            return [.run(.load(.site(.explain(question))))]
        default: break
        }
        return []
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let parts = Rect(canvas.size).split(top: min(7, canvas.size.rows))
        canvas.region(parts.top) { canvas in
            canvas.box("Would it run here?", focused: true) { form.draw(on: &$0, labels: 15) }
        }
        canvas.region(parts.rest) { canvas in
            guard let asked else {
                canvas.paragraphs([("enter asks the running node; nothing is pulled or started.", .dim)])
                return
            }
            guard let decision = world.federation.site.decisions[asked] else {
                _ = canvas.placeholder(for: .site(.explain(asked)), isEmpty: true, empty: "", in: world)
                return
            }
            let verdict: Span =
                decision.isAllowed
                ? Span("\(world.glyphs[.completed]) it would run here", .good)
                : Span("\(world.glyphs[.refused]) it would be refused", .bad)
            canvas.line([verdict], row: 0, column: 1)
            for (row, finding) in decision.findings.enumerated() {
                let (word, role): (String, TextRole) =
                    finding.holds.map { $0 ? ("holds", .good) : ("refuses", .bad) } ?? ("no opinion", .dim)
                canvas.line([Span(word.padded(to: 12), role), Span(finding.rule)], row: 2 * row + 2, column: 1)
                canvas.text(finding.reason, row: 2 * row + 3, column: 13, role: .dim)
            }
        }
    }
}
