// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// The section `logging`, with the keys of 4.15.2 and `structure`.
struct LogConfiguration: Sendable, Hashable {
    /// The shapes of a line.
    enum Structure: String, Sendable {
        /// `TIME LEVEL MESSAGE key=value …`.
        case text
        /// One JSON object.
        case json
    }

    /// Nothing less important than this is written.
    var level = Logger.Level.info
    /// Levels for single parts, by the beginning of their names.
    var levels: [String: Logger.Level] = [:]
    /// The file lines go to; nil for none.
    var file: String?
    /// Whether lines go to standard error.
    var usesConsole = true
    /// The size at which a file is put aside, in bytes; nil for never.
    var maximumSize: Int?
    /// How many files are kept beside the one that is written.
    var backupCount = 5
    var structure = Structure.text

    /// What 4.15.2 cannot do without and this server does not use, as the original writes it into each configuration.
    static let forPython = [
        (key: "format", usual: "%(asctime)s - %(name)-14s - %(levelname)-8s - %(message)s"),
        (key: "datefmt", usual: "%Y-%m-%d %H:%M:%S"),
    ]

    private static let levelNames: [String: Logger.Level] = [
        "DEBUG": .debug, "INFO": .info, "WARNING": .warning, "ERROR": .error, "CRITICAL": .critical, "NOTSET": .trace,
    ]

    init() {}

    /// Reads the section; a file with a relative name lies in a folder.
    init(_ section: ConfigurationReader, folder: String) {
        level = Self.level(section) ?? level
        file = section.string("file").map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
        usesConsole = section.bool("use_console") ?? usesConsole
        backupCount = section.integer("backup_count", in: 1...1000) ?? backupCount
        // In units of 1024 bytes, and more than 16 of them, as 4.15.2 has it.
        maximumSize = section.integer("max_size", in: 17...(1 << 30)).map { $0 * 1024 }
        structure = section.choice("structure", of: ["text", "json"]).flatMap(Structure.init) ?? structure
        for logger in section.list("loggers") ?? [] {
            if let name = logger.string("name", required: true), let level = Self.level(logger, isRequired: true) {
                levels[name] = level
            }
            logger.warnUnknown(known: ["name", "level"])
        }
        section.warnUnknown(known: [
            "level", "file", "use_console", "backup_count", "max_size", "format", "datefmt", "loggers", "structure",
        ])
        for (key, usual) in Self.forPython where section.has(key) && section.string(key) != usual {
            section.warn(key, "is written for Python and not used; see structure")
        }
    }

    /// The level of a part of the server.
    func level(of label: String) -> Logger.Level {
        levels.filter { label == $0.key || label.hasPrefix($0.key + ".") }
            .max { $0.key.utf8.count < $1.key.utf8.count }?.value ?? level
    }

    private static func level(_ section: ConfigurationReader, isRequired: Bool = false) -> Logger.Level? {
        guard let text = section.string("level", required: isRequired) else { return nil }
        if let level = levelNames[text.uppercased()] { return level }
        section.fault("level", "expected DEBUG, INFO, WARNING, ERROR or CRITICAL, found \"\(text)\"")
        return nil
    }
}
