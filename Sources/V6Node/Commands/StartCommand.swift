// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dispatch
import Foundation
import Logging
import V6Kit

/// The command `v6-node start`.
struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Run the node in the foreground until SIGTERM or SIGINT.",
        discussion: """
            Algorithms that run when the node stops go on running; the next start takes them up again and delivers their \
            results. Exit codes: 65 node and server contradict each other, 69 engine or server is missing, 77 wrong API key, \
            78 fault in the configuration.
            """)

    @OptionGroup var file: ConfigurationOption

    @Flag(help: "Make this node's public key the organization's key at the server, even if another one is there.")
    var replacePublicKey = false

    func run() async throws {
        try await CommandFailure.report {
            let configuration = try file.load(environment: ProcessInfo.processInfo.environment)
            let environment = configuration.takeEnvironment()
            let logger = try Self.logger(configuration.log)
            let daemon = NodeDaemon(
                configuration: configuration, transport: CommandTransport.make(environment),
                replacesPublicKey: replacePublicKey,
                environment: environment, executable: Self.executable, logger: logger)
            try await Self.untilSignal { try await daemon.run() }
        }
    }

    private static func logger(_ log: LogConfiguration) throws -> Logger {
        let file: LogFile?
        do {
            file = try log.file.map {
                try LogFile(path: $0, maximumSize: log.largestFile, backupCount: log.backups)
            }
        } catch let error as LogFileError { throw NodeError(.configuration, error.description) }
        var logger = Logger(label: "v6-node") { label in
            var handlers: [any LogHandler] = []
            if log.usesConsole || file == nil { handlers.append(StreamLogHandler.standardError(label: label)) }
            if let file { handlers.append(FileLogHandler(file: file)) }
            return MultiplexLogHandler(handlers)
        }
        logger.logLevel = level(log.level)
        return logger
    }

    /// Python's names of levels are those of the file.
    private static func level(_ name: String) -> Logger.Level {
        name == "fatal" ? .critical : Logger.Level(rawValue: name) ?? .info
    }

    /// The path of this program.
    static var executable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    /// Runs until SIGTERM or SIGINT come; then it is cancelled, and given 8 seconds to leave everything in order.
    private static func untilSignal(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let work = Task { try await body() }
        let sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                work.cancel()
                // The journal makes an abrupt end harmless.
                DispatchQueue.global().asyncAfter(deadline: .now() + 8) { Foundation.exit(0) }
            }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        do { try await work.value } catch is CancellationError { return }
    }
}
