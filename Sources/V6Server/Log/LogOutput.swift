// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// Where log lines go: standard error, a file, or both.
final class LogOutput: Sendable {
    private let configuration: LogConfiguration
    private let file: LogFile?

    /// Opens what the configuration names.
    ///
    /// - Throws: ``StartError`` when the file cannot be written.
    init(_ configuration: LogConfiguration) throws {
        self.configuration = configuration
        do {
            file = try configuration.file.map {
                try LogFile(path: $0, maximumSize: configuration.maximumSize, backupCount: configuration.backupCount)
            }
        } catch let error as LogFileError { throw StartError(error.description) }
    }

    /// A logger that writes here.
    func logger(_ label: String) -> Logger {
        Logger(label: label) { label in
            LineLogHandler(label: label, output: self, logLevel: self.configuration.level(of: label))
        }
    }

    /// Opens the file anew.
    ///
    /// - Throws: ``LogFileError`` when it cannot be written.
    func reopen() throws { try file?.reopen() }

    /// Writes one event.
    func write(_ event: LogEvent, label: String, metadata: Logger.Metadata) {
        let line = LogLine(moment: .now(), label: label, event: event, metadata: metadata)
        let text =
            switch configuration.structure {
            case .text: line.text
            case .json: line.json
            }
        if configuration.usesConsole { FileHandle.standardError.write(Data((text + "\n").utf8)) }
        file?.write(text)
    }
}

/// A log handler that makes one line of each event.
struct LineLogHandler: LogHandler {
    let label: String
    let output: LogOutput
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(label: String, output: LogOutput, logLevel: Logger.Level) {
        self.label = label
        self.output = output
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let metadata = event.metadata.map { self.metadata.merging($0) { _, new in new } } ?? self.metadata
        output.write(event, label: label, metadata: metadata)
    }
}
