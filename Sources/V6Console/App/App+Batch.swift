// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension App {
    /// Does what a person agreed to: several things one after another.
    mutating func carryOut(_ effects: [Effect], title: String) -> [Effect] {
        if model.world.batch == nil, effects.allSatisfy(\.isAwaited), let batch = Batch(title, effects) {
            model.world.batch = batch
            return [batch.current]
        }
        return effects.flatMap { begin($0) }
    }

    /// Goes on after one of several things has ended; tells how they went after the last.
    mutating func advance(after outcome: Message.Outcome) -> [Effect] {
        if case .created(let task) = outcome { insert(task) }
        if case .done = outcome, let effect = model.world.batch?.current { forget(effect) }
        if let next = model.world.batch?.advance(outcome) { return [next] }
        guard let batch = model.world.batch else { return [] }
        model.world.batch = nil
        say(batch.notice)
        if !batch.secrets.isEmpty { show(batch.secrets) }
        var effects: [Effect] = []
        for reload in batch.succeeded.flatMap(afterWrite) where !effects.contains(reload) { effects.append(reload) }
        for failure in batch.failures { lose(failure.fault) }
        if let dialog = Dialog.deletionWithDependents(after: batch.failures) {
            model.dialog = dialog
        }
        return effects
    }

    /// Keys that the server shows this once.
    mutating func show(_ secrets: [(title: String, text: String)]) {
        guard let first = secrets.first else { return }
        let isOne = secrets.count == 1
        let lines = secrets.map { secret in
            isOne ? [Span(secret.text, .strong)] : [Span("\(secret.title)  "), Span(secret.text, .strong)]
        }
        let texts = secrets.map { isOne ? $0.text : "\($0.title)  \($0.text)" }
        let rest =
            isOne
            ? "It is shown this once. Put it into the node's configuration as api_key."
            : "They are shown this once. Each goes into its node's configuration as api_key."
        model.dialog = Dialog(
            isOne ? first.title : "\(secrets.count) new API keys", lines: lines + [[Span("")], [Span(rest)]],
            consent: .keeping(copying: texts.joined(separator: "\n")))
    }

    /// A task that was just made: lists bring their cursor to it.
    mutating func insert(_ task: AlgorithmTask) {
        model.world.federation.insert(task)
        seek(.task(task.id))
    }

    /// Brings the cursor of every list on the way to what was just made.
    mutating func seek(_ place: Place) {
        for index in model.stack.indices { model.stack[index].seek(place) }
    }
}
