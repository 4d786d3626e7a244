// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// How late nodes are.
extension Federation {
    /// From how many seconds on a node counts as lagging.
    static let lateFrom = 5.0
    /// How often a node shows that it is there (4.15.2), seconds, and by how much that may be late.
    private static let sign = (every: 60.0, patience: 15.0)

    /// Whether the server tells how busy and how late nodes are; nil while that is not known.
    var tellsLoad: Bool? { hasLoaded(.nodeLoads) ? nodeLoads != nil : nil }

    /// Seconds by which a node answers late, as far as the server measures it.
    func lag(of node: Node, at now: Timestamp) -> Double? {
        guard node.isOnline, let load = nodeLoads?[node.id], let lag = load.lag else { return nil }
        // While its answer is due, it is a second later with each second.
        guard load.silent, let asked = loads[.nodeLoads]?.loadedAt else { return lag }
        return lag + max(0, now.seconds(since: asked))
    }

    /// Seconds by which an online node lags; nil where it keeps up.
    func lateness(of node: Node, at now: Timestamp) -> Double? {
        guard node.isOnline, let tells = tellsLoad else { return nil }
        if tells { return lag(of: node, at: now).flatMap { $0 >= Self.lateFrom ? $0 : nil } }
        // What the last answer said was true then: since, the node may have shown itself.
        guard let answered = loads[.nodes]?.loadedAt, let seen = node.lastSeen else { return nil }
        let overdue = answered.seconds(since: seen) - Double(clockLead) - Self.sign.every
        return overdue > Self.sign.patience ? overdue : nil
    }

    /// The nodes that lag, by name.
    func lateNodes(at now: Timestamp) -> [Node] { sortedNodes.filter { lateness(of: $0, at: now) != nil } }

    /// Whether a lag on the screen grows by itself.
    var hasGrowingLag: Bool {
        nodeLoads?.values.contains { $0.silent && nodes[$0.id]?.isOnline == true && ($0.lag ?? 0) >= Self.lateFrom }
            ?? false
    }

    /// When what shows is to be asked for again, of that which no event tells; nil where nothing is.
    func refreshTime(of subject: Subject) -> Timestamp? {
        guard let pace = subject.pace, nodeLoads != nil else { return nil }
        return loads[subject]?.loadedAt?.adding(seconds: pace)
    }
}

extension World {
    /// Sign and word of a node's state, with its lag.
    func span(of node: Node) -> Span {
        guard let lag = federation.lateness(of: node, at: now) else { return node.span(glyphs) }
        let words = "\(glyphs[.starting]) lagging"
        return Span("\(words) \(Times.whole(lag))", .warning, brief: words)
    }

    /// How busy a node was during the last hour; nothing where the server does not tell or the node does not.
    func load(of node: Node) -> Span {
        guard let load = federation.nodeLoads?[node.id], let history = load.cpuHistory else { return "" }
        let busy = (load.cpuPercent ?? 0) / 100
        return Span(
            glyphs.spark(parts: history.map { $0.map { $0 / 100 } }), busy >= Self.busyFrom ? .warning : .running,
            order: load.cpuPercent)
    }

    /// From which part of its processors on a node counts as busy.
    private static let busyFrom = 0.9

    /// What a lag means, in words.
    func warning(ofLag lag: Double, wide: Bool = true) -> String {
        let time = Times.whole(lag)
        guard federation.tellsLoad == true else {
            return wide ? "its sign of life is \(time) overdue" : "\(time) overdue"
        }
        return "event lag \(time)" + (wide ? " (normal < \(Int(Federation.lateFrom)) s)" : "")
    }

    /// How many of some nodes are there, and how many of those lag.
    func presence(of nodes: [Node]) -> Span {
        let late = nodes.count { federation.lateness(of: $0, at: now) != nil }
        let words = "\(nodes.count(where: \.isOnline))/\(nodes.count) online"
        return late > 0 ? Span("\(words), \(late) lagging", .warning) : Span(words)
    }
}
