// SPDX-License-Identifier: Apache-2.0

/// The live key table.
struct KeyMap: Sendable {
    private(set) var bindings: [Binding]

    init(_ bindings: [Binding] = KeyMap.standard) {
        self.bindings = bindings
    }

    /// What a key does where these contexts hold; the first context that binds it decides.
    func action(for key: Key, in contexts: [KeyContext]) -> Action? {
        for context in contexts {
            if let binding = bindings.first(where: { $0.context == context && $0.keys.contains(key) }) {
                return binding.action
            }
        }
        return nil
    }

    /// The bindings that hold in these contexts, most special first, without those another context overrides.
    func bindings(in contexts: [KeyContext]) -> [Binding] {
        var taken: Set<Key> = []
        var result: [Binding] = []
        for context in contexts {
            for binding in bindings where binding.context == context {
                var free = binding
                free.keys.removeAll(where: taken.contains)
                if !free.keys.isEmpty { result.append(free) }
            }
            for binding in bindings where binding.context == context { taken.formUnion(binding.keys) }
        }
        return result
    }

    /// The order of the footer: what one mostly wants first, what destroys behind it, what is everywhere last.
    static let footerOrder: [Action] = [
        .submit, .open, .nextField, .preview, .editExternally, .templates, .showTasks, .newTask, .showLog, .showResult,
        .showInput, .sort, .hideColumn, .timeline, .add, .edit, .rerun, .kill, .nextPane, .explain,
        .find, .follow, .wrap, .save, .zoomIn, .now, .revealPassword, .nextProfile, .browse, .mark, .command, .help,
        .back,
        .quit,
    ]

    /// Replaces the keys of an action in a context; no keys unbind it.
    ///
    /// Returns false if nothing is bound to that action there.
    @discardableResult
    mutating func rebind(_ action: Action, in context: KeyContext, to keys: [Key]) -> Bool {
        guard let index = bindings.firstIndex(where: { $0.action == action && $0.context == context }) else {
            return false
        }
        for other in bindings.indices where bindings[other].context == context {
            bindings[other].keys.removeAll(where: keys.contains)
        }
        bindings[index].keys = keys
        return true
    }

    /// The table as Markdown, for the documentation.
    var markdown: String {
        KeyContext.allCases.map { context in
            let rows = bindings.filter { $0.context == context && !$0.keys.isEmpty }.map { binding in
                let keys = binding.keys.map { "`\($0.name == "|" ? "\\|" : $0.name)`" }.joined(separator: " ")
                return "| \(keys) | `\(binding.action.rawValue)` | \(binding.summary) |"
            }
            return "### \(context.title)\n\n| Key | Action | What it does |\n|---|---|---|\n"
                + rows.joined(separator: "\n")
        }.joined(separator: "\n\n") + "\n"
    }
}
