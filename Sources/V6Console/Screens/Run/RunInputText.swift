// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// What a run was given.
enum RunInputText {
    static func lines(of run: Run, in world: World) -> [String] {
        guard let text = run.input, !text.isEmpty else { return ["The server does not show the input of this run."] }
        let collaboration = run.task.flatMap { world.federation.tasks[$0.id]?.collaboration?.id }
        if let collaboration, world.federation.collaborations[collaboration]?.encrypted == true {
            let name = world.federation.organizationName(run.organization?.id)
            return ["The input is encrypted for \(name): only its node can read it.", "", "\(text.utf8.count) bytes"]
        }
        if run.blobStorageUsed == true { return ["The input is kept in the blob store as \(text)."] }
        do {
            let data = try PlainText.decode(text)
            do {
                return try JSONValue(parsing: data).text(.pretty).split(separator: "\n").map(String.init)
            } catch {
                // Sealed, where it is not known yet that the collaboration is encrypted.
                guard let text = String(bytes: data, encoding: .utf8) else {
                    return ["The input is no text that can be read here.", "", "\(data.count) bytes"]
                }
                return text.split(separator: "\n").map(String.init)
            }
        } catch {
            return ["The input cannot be read: \(error)"]
        }
    }
}
