// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Finds and removes what runs leave behind: folders of runs and jobs, copies of images.
///
/// A run cleans up after itself; this is for what a crash, a full disk or an absent engine kept it from removing, and for what
/// is kept on purpose for a while.
struct Housekeeping: Sendable {
    /// Something that can go.
    struct Item: Sendable, Hashable {
        enum Kind: String, Sendable {
            case runFolder = "run folder"
            case jobFolder = "job folder"
            case relayImage = "relay image"
            case image
        }

        let kind: Kind
        /// A path, or the name of an image.
        let name: String
        let bytes: Int
        let reason: String
    }

    /// How long the shared folder of a job is kept after its last use here.
    static let jobAge: TimeInterval = 7 * 86_400
    /// How long an image is kept after its last run here.
    static let imageAge: TimeInterval = 30 * 86_400

    let folder: String
    let journal: RunJournal
    let engine: any ContainerEngine
    /// The relay image in use, which stays.
    let relayImage: String
    let now: @Sendable () -> Date

    /// Everything that can go.
    func items() async throws -> [Item] {
        let records = try journal.runs()
        let open = records.filter { $0.phase != .done }
        var items: [Item] = []
        for (path, id) in Self.entries("\(folder)/runs") where !open.contains(where: { $0.id == id }) {
            items.append(
                .init(kind: .runFolder, name: path, bytes: DiskSpace.used(by: path), reason: "the run is done"))
        }
        for (path, id) in Self.entries("\(folder)/jobs") where !open.contains(where: { $0.jobID == id }) {
            let last = records.filter { $0.jobID == id }.map(\.changedAt).max() ?? Self.changed(path)
            guard now().timeIntervalSince1970 - last > Self.jobAge else { continue }
            items.append(
                .init(kind: .jobFolder, name: path, bytes: DiskSpace.used(by: path), reason: "not used for 7 days"))
        }
        for image in try await engine.images(named: "v6-relay") where image.name != relayImage {
            items.append(
                .init(kind: .relayImage, name: image.name, bytes: image.bytes, reason: "of an earlier version"))
        }
        for (image, runs) in Dictionary(grouping: records, by: { $0.resolvedImage ?? "" }) where !image.isEmpty {
            let last = runs.map(\.changedAt).max() ?? 0
            guard runs.allSatisfy({ $0.phase == .done }), now().timeIntervalSince1970 - last > Self.imageAge,
                try await engine.image(image) != nil
            else { continue }
            items.append(.init(kind: .image, name: image, bytes: 0, reason: "no run for 30 days"))
        }
        return items
    }

    /// Removes an item; an image that something else uses stays.
    func remove(_ item: Item) async throws {
        switch item.kind {
        case .runFolder, .jobFolder: try FileManager.default.removeItem(atPath: item.name)
        case .relayImage, .image: try await engine.removeImage(item.name)
        }
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
