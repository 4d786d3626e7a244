// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The program in an algorithm image: reads the input, calls the method it names, writes its value to the output file.
///
/// ```swift
/// await AlgorithmProgram([average, partialAverage]).run()
/// ```
public struct AlgorithmProgram: Sendable {
    private let methods: [AlgorithmMethod]

    /// A program that offers these methods.
    public init(_ methods: [AlgorithmMethod]) { self.methods = methods }

    /// Does what the node asks for and ends the process: status 0 when the result is written, else 1 with the reason in
    /// the log.
    public func run() async -> Never {
        // The first process of a container ignores signals it has no handler for: without this one, stopping the
        // container gently would take until the engine kills it.
        signal(SIGTERM) { _ in _exit(143) }
        let environment = AlgorithmEnvironment.current()
        for (name, value) in environment.webProxies { setenv(name, value, 1) }
        let log = AlgorithmLog.standardOutput
        do {
            try await execute(environment, log: log, transport: CurlTransport())
        } catch {
            log.error("\(error)")
            exit(1)
        }
        exit(0)
    }

    /// Does one run; the output file stays as it is unless the method succeeds.
    func execute(_ environment: AlgorithmEnvironment, log: AlgorithmLog, transport: any HTTPTransport) async throws {
        let output = try environment.required("OUTPUT_FILE")
        let input = try input(at: environment.required("INPUT_FILE"))
        guard let method = methods.first(where: { $0.name == input.method }) else {
            throw AlgorithmError(
                "there is no method \"\(input.method)\"; there are: \(methods.map(\.name).joined(separator: ", "))")
        }
        log.info("calling \(method.name)")
        let run = AlgorithmRun(
            arguments: try AlgorithmArguments(input, parameters: method.parameters),
            environment: environment,
            log: log,
            transport: transport
        )
        let value = try await method.body(run)
        try write(value.data(.python), to: output)
        log.info("\(method.name) is done")
    }

    private func input(at path: String) throws -> TaskInput {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw AlgorithmError("the input cannot be read at \(path)")
        }
        do {
            return try TaskInput(data: data)
        } catch {
            throw AlgorithmError("the input of the task cannot be used: \(error)")
        }
    }

    /// Writes into the file that is there: the folder may not be ours to create another one in.
    private func write(_ data: Data, to path: String) throws {
        do {
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try file.truncate(atOffset: 0)
            try file.write(contentsOf: data)
            try file.close()
        } catch {
            throw AlgorithmError("the result cannot be written to \(path): \(error.localizedDescription)")
        }
    }
}
