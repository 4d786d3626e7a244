// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Finds and removes what runs leave behind: containers and volumes, folders of runs and jobs, copies of images.
///
/// A run cleans up after itself; this is for what a crash, a full disk or an absent engine kept it from removing, and for what
/// is kept on purpose for a while.
struct Housekeeping: Sendable {
    /// Something that can go.
    struct Item: Sendable, Hashable {
        enum Kind: String, Sendable {
            case container
            case volume
            case runFolder = "run folder"
            case jobFolder = "job folder"
            case relayImage = "relay image"
            case image
        }

        let kind: Kind
        /// A path, or the name of a container, volume or image.
        let name: String
        let bytes: Int
        let reason: String
    }

    /// What became of an item.
    struct Removal: Sendable, Hashable {
        let item: Item
        /// Why it is still there; nil when it is gone.
        let failure: String?
    }

    /// How long a run that is done is remembered, in seconds.
    static let memory = 30.0 * 86_400

    let folder: String
    let journal: RunJournal
    let engine: any ContainerEngine
    /// The relay image in use, which stays.
    let relayImage: String
    var limits = HousekeepingConfiguration()
    let now: @Sendable () -> Date

    /// Everything that can go.
    ///
    /// When room is pressing, age and quota do not protect what no open run needs.
    func items(isPressing: Bool = false) async throws -> [Item] {
        let labels = [RunServices.instanceLabel: try journal.instance()]
        // Before the journal is read: what is made after that belongs to a run that the journal has.
        let containers = try await engine.containers(labels: labels)
        let volumes = try await engine.volumes(labels: labels)
        let records = try journal.runs()
        let open = records.filter { $0.phase != .done }
        var items = containers.compactMap { container -> Item? in
            guard let run = Self.run(ofContainer: container.name), !open.contains(where: { $0.id == run }) else {
                return nil
            }
            return Item(kind: .container, name: container.name, bytes: 0, reason: "its run is done")
        }
        // While a container is being made, its volume belongs to nobody.
        if !open.contains(where: { $0.phase == .creating || $0.phase == .starting }) {
            items += volumes.map { .init(kind: .volume, name: $0, bytes: 0, reason: "its container is gone") }
        }
        for (path, id) in Self.entries("\(folder)/runs") where !open.contains(where: { $0.id == id }) {
            items.append(
                .init(kind: .runFolder, name: path, bytes: DiskSpace.used(by: path), reason: "the run is done"))
        }
        let jobs = Self.entries("\(folder)/jobs").filter { entry in !open.contains { $0.jobID == entry.id } }
        items += excess(
            jobs.map { path, id in
                let last = records.filter { $0.jobID == id }.map(\.changedAt).max() ?? Self.changed(path)
                return Kept(kind: .jobFolder, name: path, bytes: DiskSpace.used(by: path), lastUse: last)
            }, age: limits.jobAge, quota: limits.jobBytes, isPressing: isPressing)
        for image in try await engine.images(named: "v6-relay") where image.name != relayImage {
            items.append(
                .init(kind: .relayImage, name: image.name, bytes: image.bytes, reason: "of an earlier version"))
        }
        var images: [Kept] = []
        for (image, runs) in Dictionary(grouping: records, by: { $0.resolvedImage ?? "" }) where !image.isEmpty {
            guard runs.allSatisfy({ $0.phase == .done }), let bytes = try await engine.size(ofImage: image) else {
                continue
            }
            images.append(
                Kept(kind: .image, name: image, bytes: bytes, lastUse: runs.map(\.changedAt).max() ?? 0))
        }
        return items + excess(images, age: limits.imageAge, quota: limits.imageBytes, isPressing: isPressing)
    }

    /// Something that no open run needs and that is kept for a while.
    private struct Kept {
        let kind: Item.Kind
        let name: String
        let bytes: Int
        /// Seconds since 1970.
        let lastUse: Double
    }

    /// What is too old, and what is too much: of that, what was not used for longest.
    private func excess(_ kept: [Kept], age: Int, quota: Int?, isPressing: Bool) -> [Item] {
        var total = kept.reduce(0) { $0 + $1.bytes }
        return kept.sorted { ($0.lastUse, $0.name) < ($1.lastUse, $1.name) }.compactMap { entry in
            let idle = now().timeIntervalSince1970 - entry.lastUse
            let reason: String
            if idle > Double(age) {
                reason = "not used for \(Self.duration(age))"
            } else if let quota, total > quota {
                reason = "more than \(quota >> 20) MiB are kept"
            } else if isPressing {
                reason = "the disk is nearly full"
            } else {
                return nil
            }
            total -= entry.bytes
            return Item(kind: entry.kind, name: entry.name, bytes: entry.bytes, reason: reason)
        }
    }

    /// Removes everything that can go, and forgets runs of long ago.
    /// - Returns: what was to go, and what became of it.
    func tidy(isPressing: Bool = false) async throws -> [Removal] {
        var removals: [Removal] = []
        for item in try await items(isPressing: isPressing) {
            do {
                try await remove(item)
                removals.append(.init(item: item, failure: nil))
            } catch {
                removals.append(.init(item: item, failure: "\(error)"))
            }
        }
        try await forget()
        return removals
    }

    /// Removes an item; an image that something else uses stays.
    private func remove(_ item: Item) async throws {
        switch item.kind {
        case .container: try await engine.remove(item.name)
        case .volume: try await engine.removeVolume(item.name)
        case .runFolder, .jobFolder: try FileManager.default.removeItem(atPath: item.name)
        case .relayImage, .image: try await engine.removeImage(item.name)
        }
    }

    /// Forgets runs of long ago.
    ///
    /// The last one of each image stays as long as the image does: it tells for how long the image was not used.
    func forget() async throws {
        let records = try journal.runs()
        var last: [String: RunRecord] = [:]
        for record in records {
            guard let image = record.resolvedImage else { continue }
            if last[image].map({ $0.changedAt <= record.changedAt }) ?? true { last[image] = record }
        }
        let limit = now().timeIntervalSince1970 - Self.memory
        var forgotten: [Int] = []
        for record in records where record.phase == .done && record.changedAt < limit {
            if let image = record.resolvedImage, last[image]?.id == record.id,
                try await engine.size(ofImage: image) != nil
            {
                continue
            }
            forgotten.append(record.id)
        }
        try journal.remove(forgotten)
    }

    /// The run whose container or relay has a name, see ``RunServices``; a relay that waits has none.
    private static func run(ofContainer name: String) -> Int? {
        name.wholeMatch(of: #/vantage6-.*-run-([0-9]+)(-helper)?/#).flatMap { Int($0.1) }
    }

    private static func duration(_ seconds: Int) -> String {
        seconds >= 86_400 ? "\(seconds / 86_400) days" : "\(seconds / 3600) hours"
    }

    /// The folders that are named by numbers.
    private static func entries(_ folder: String) -> [(path: String, id: Int)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { name in Int(name).map { ("\(folder)/\(name)", $0) } }.sorted { $0.id < $1.id }
    }

    private static func changed(_ path: String) -> Double {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    }
}
