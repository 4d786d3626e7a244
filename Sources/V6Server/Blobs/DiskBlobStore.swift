// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Inputs and results kept as files in one folder, each named by a UUID.
///
/// Files are written and read piece by piece on threads of their own, so that neither memory nor other requests feel
/// their size.
final class DiskBlobStore: BlobStore {
    private let folder: String
    private let maximumSize: Int
    private let threads = WorkerThreads<Void>(name: "v6-blob", count: 2, state: {})

    private static let pieceSize = 256 << 10

    /// A store in a folder, which is made when it is missing.
    ///
    /// - Parameters:
    ///   - folder: where the files are.
    ///   - maximumSize: the largest file, in bytes.
    /// - Throws: ``StartError`` when the folder cannot be used.
    init(folder: String, maximumSize: Int) throws {
        self.folder = folder
        self.maximumSize = maximumSize
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StartError("cannot make the folder \(folder) for large results: \(error.localizedDescription)")
        }
    }

    deinit { threads.stop() }

    func store(_ upload: any AsyncSequence<Data, any Error> & Sendable) async throws -> String {
        let name = BlobName.new()
        let part = "\(folder)/.\(name).part"
        let file = try await perform { () throws -> FileHandle in
            guard FileManager.default.createFile(atPath: part, contents: nil, attributes: [.posixPermissions: 0o600]),
                let file = FileHandle(forWritingAtPath: part)
            else { throw StoreError(description: "cannot write to \(self.folder)") }
            return file
        }
        do {
            var size = 0
            for try await piece in upload {
                size += piece.count
                guard size <= maximumSize else {
                    throw Failure.other(413, "The upload is larger than \(maximumSize) bytes.")
                }
                try await perform { try file.write(contentsOf: piece) }
            }
            try await perform {
                try file.close()
                try FileManager.default.moveItem(atPath: part, toPath: "\(self.folder)/\(name)")
            }
        } catch {
            _ = await threads.perform { _ in Result { try FileManager.default.removeItem(atPath: part) } }
            throw error
        }
        return name
    }

    func open(_ name: String) async throws -> ByteSource? {
        guard BlobName.isValid(name) else { return nil }
        return try await perform { () throws -> ByteSource? in
            guard let file = FileHandle(forReadingAtPath: "\(self.folder)/\(name)") else { return nil }
            let size = try file.seekToEnd()
            try file.seek(toOffset: 0)
            return ByteSource(count: Int(size)) {
                try await self.perform { try file.read(upToCount: Self.pieceSize) }
            }
        }
    }

    func remove(_ name: String) async throws {
        guard BlobName.isValid(name) else { return }
        let path = "\(folder)/\(name)"
        try await perform {
            guard FileManager.default.fileExists(atPath: path) else { return }
            do { try FileManager.default.removeItem(atPath: path) } catch let error as CocoaError
                where error.code == .fileNoSuchFile
            {
                return  // another server was faster
            }
        }
    }

    func probe() async throws -> String {
        let name = BlobName.new()
        do {
            try await perform { try Data().write(to: URL(fileURLWithPath: "\(self.folder)/.\(name).part")) }
            try await perform { try FileManager.default.removeItem(atPath: "\(self.folder)/.\(name).part") }
        } catch { throw StartError("cannot write to the folder \(folder) for large results") }
        return "the folder \(folder)"
    }

    private func perform<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        guard let outcome = await threads.perform({ _ in Result { try work() } }) else {
            throw StoreError(description: "the store of large results is closed")
        }
        return try outcome.get()
    }
}
