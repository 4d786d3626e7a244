// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// Turns failures into a message on standard error and an exit code.
enum CommandFailure {
    /// Runs the body of a command.
    static func report(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as NodeError {
            throw exit(error.kind, error.description)
        } catch let error as ConfigurationError {
            throw exit(.configuration, error.description)
        } catch let error as EngineError {
            throw exit(.unavailable, error.description)
        } catch let error as NodeControlError {
            throw exit(.unavailable, error.description)
        } catch let error as InvalidServerAddress {
            throw exit(.configuration, error.description)
        } catch let error as APIError {
            throw exit(.unavailable, error.description)
        }
    }

    private static func exit(_ kind: NodeError.Kind, _ text: String) -> ExitCode {
        write(text)
        return ExitCode(kind.rawValue)
    }

    /// Writes a line to standard error.
    static func write(_ text: String) {
        FileHandle.standardError.write(Data("v6-node: \(text)\n".utf8))
    }
}
