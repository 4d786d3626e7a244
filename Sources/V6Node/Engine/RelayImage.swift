// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import V6Kit

/// The image of the relay: nothing but the `v6-relay` program.
///
/// The node makes it itself, no registry is needed.
struct RelayImage: Sendable {
    /// Where the relay finds the folder with the node's socket.
    static let socketFolder = "/run/v6"
    static let program = "/v6-relay"

    /// Made from the content, so that a new program gets a new name.
    let name: String
    private let binary: Data

    /// Reads the program.
    init(binary: Data) {
        self.binary = binary
        name = "v6-relay:\(Self.hexadecimal(SHA256.hash(data: binary)).prefix(12))"
    }

    /// Finds the program beside the one that runs.
    static func beside(executable: String) throws -> RelayImage {
        let path = URL(fileURLWithPath: executable).deletingLastPathComponent().appendingPathComponent("v6-relay").path
        guard let binary = FileManager.default.contents(atPath: path), !binary.isEmpty else {
            throw NodeError(
                .software, "v6-relay is missing: expected it beside v6-node at \(path). Install both programs together."
            )
        }
        return RelayImage(binary: binary)
    }

    /// Puts the program into a folder, from where it starts the algorithms.
    /// - Returns: its path.
    func install(in folder: String) throws -> String {
        let path = "\(folder)/bin/" + name.replacing(":", with: "-")
        let files = FileManager.default
        if files.contents(atPath: path) == binary { return path }
        try files.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
        if files.fileExists(atPath: path) { try files.removeItem(atPath: path) }
        try binary.write(to: URL(fileURLWithPath: path))
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    /// Loads the image into the engine unless it is there.
    func ensure(in engine: some ContainerEngine) async throws {
        if try await engine.image(name) == nil { try await engine.load(archive: archive) }
    }

    /// The image in the form that `docker load` reads.
    var archive: Data {
        var layer = TarArchive()
        layer.add("v6-relay", mode: 0o755, binary)
        let layerData = layer.data
        let configuration: JSONValue = [
            "architecture": .string(Self.architecture), "os": "linux",
            "config": ["Entrypoint": [.string(Self.program)]],
            "rootfs": [
                "type": "layers", "diff_ids": [.string("sha256:" + Self.hexadecimal(SHA256.hash(data: layerData)))],
            ],
        ]
        let configurationData = configuration.data()
        let configurationName = Self.hexadecimal(SHA256.hash(data: configurationData)) + ".json"
        let manifest: JSONValue = [
            ["Config": .string(configurationName), "RepoTags": [.string(name)], "Layers": ["layer.tar"]]
        ]
        var image = TarArchive()
        image.add("layer.tar", layerData)
        image.add(configurationName, configurationData)
        image.add("manifest.json", manifest.data())
        return image.data
    }

    private static var architecture: String {
        #if arch(arm64)
        "arm64"
        #else
        "amd64"
        #endif
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
