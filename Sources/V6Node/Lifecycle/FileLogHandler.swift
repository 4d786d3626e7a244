// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// Writes the node's log to a file that rotates (`logging`, `directories.log`).
struct FileLogHandler: LogHandler {
    let file: LogFile
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let notes = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value) " }.joined()
        // A message may quote what came from elsewhere: it stays one line.
        let text = OutputFormat.printable("\(notes)\(event.message)")
        file.write("\(Date().formatted(.iso8601)) \(event.level.rawValue) \(text)")
    }
}
