// SPDX-License-Identifier: Apache-2.0

import Synchronization
import V6Kit

/// How busy the machines of the nodes are, as they tell it with `node_metrics_update`.
///
/// Names and labels for Prometheus are those of 4.15.2. A node's figures are shown by the process it is connected to,
/// as long as it is.
final class NodeFigures: Sendable {
    /// What a node may tell.
    private struct Kind: Sendable {
        let name: String
        let help: String
        /// Whether there is one for each graphics processor.
        var isList = false
    }

    private static let kinds = [
        Kind(name: "cpu_percent", help: "How busy the processors of a node are."),
        Kind(name: "memory_percent", help: "How much of the memory of a node is used."),
        Kind(name: "num_algorithm_containers", help: "Algorithms that run at a node."),
        Kind(name: "cpu_count", help: "Processors of a node."),
        Kind(name: "memory_total", help: "Bytes of memory of a node."),
        Kind(name: "memory_available", help: "Bytes of memory of a node that are free."),
        Kind(name: "gpu_count", help: "Graphics processors of a node."),
        Kind(name: "gpu_load", help: "How busy a graphics processor is.", isList: true),
        Kind(name: "gpu_memory_used", help: "Memory of a graphics processor that is used.", isList: true),
        Kind(name: "gpu_memory_free", help: "Memory of a graphics processor that is free.", isList: true),
        Kind(name: "gpu_temperature", help: "How warm a graphics processor is.", isList: true),
    ]
    /// The most graphics processors, and letters of a label: a node must not fill the memory.
    private static let longest = 64

    /// For how long what a node told counts as how it is: original nodes tell it every 45 s.
    private static let patience = Duration.seconds(150)

    /// What one node told last.
    private struct Sample: Sendable {
        var toldAt: ContinuousClock.Instant
        var labels: [(String, String)]
        var values: [String: [Double]]
    }

    private let clock = ContinuousClock()
    private let samples = Mutex<[Int64: Sample]>([:])

    /// Keeps what a node tells instead of what it told before; what has no known name is left out.
    func update(_ node: Int64, _ payload: JSONValue) {
        var values: [String: [Double]] = [:]
        for kind in Self.kinds {
            let given = kind.isList ? payload[kind.name]?.arrayValue ?? [] : payload[kind.name].map { [$0] } ?? []
            let numbers = given.prefix(Self.longest).compactMap(\.doubleValue).filter(\.isFinite)
            if !numbers.isEmpty { values[kind.name] = numbers }
        }
        func label(_ name: String) -> (String, String) {
            (name, String((payload[name]?.stringValue ?? "").unicodeScalars.prefix(Self.longest)))
        }
        let sample = Sample(
            toldAt: clock.now, labels: [("node_id", String(node)), label("os"), label("platform")], values: values)
        samples.withLock { $0[node] = sample }
    }

    /// Fills in how busy the machine of a node is, as far as it told lately.
    func fill(_ load: inout LoadSample) {
        let now = clock.now
        let values = samples.withLock { samples in
            samples[load.node].flatMap { now - $0.toldAt < Self.patience ? $0.values : nil }
        }
        guard let values else { return }
        func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
            values[name]?.first.flatMap { range.contains($0) ? $0 : nil }
        }
        load.cpuPercent = number("cpu_percent", in: 0...100)
        load.containers = number("num_algorithm_containers", in: 0...1e6).map { Int64($0) }
        load.memoryTotal = number("memory_total", in: 1...1e15).map { Int64($0) }
        if let total = load.memoryTotal, let available = number("memory_available", in: 0...Double(total)) {
            load.memoryUsed = total - Int64(available)
        }
    }

    /// Drops the figures of a node that has gone.
    func forget(_ node: Int64) { samples.withLock { $0[node] = nil } }

    /// Adds the figures of all nodes to a document.
    func add(to document: inout Exposition) {
        let samples = samples.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
        for kind in Self.kinds where samples.contains(where: { $0.values[kind.name] != nil }) {
            document.begin(kind.name, .gauge, kind.help)
            for sample in samples {
                for (index, value) in (sample.values[kind.name] ?? []).enumerated() {
                    let labels = (kind.isList ? [("gpu_id", String(index))] : []) + sample.labels
                    document.add(kind.name, labels, value)
                }
            }
        }
    }
}
