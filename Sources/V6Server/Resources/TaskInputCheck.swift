// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Whether the input for an organization suits the collaboration: readable in an open one, unreadable in an encrypted one.
enum TaskInputCheck {
    /// Refuses input that does not suit.
    static func require(_ organizations: [JSONValue], encrypted: Bool) throws {
        for organization in organizations {
            guard let text = organization["input"]?.stringValue, let bytes = decode(text) else {
                throw Failure.invalid(
                    "The input for each organization must be base64 text. Note that if you are using the user "
                        + "interface or Python client, this should be done for you.")
            }
            let isReadable = String(validating: bytes, as: UTF8.self) != nil
            if encrypted, isReadable {
                throw Failure.invalid(
                    "Your collaboration requires encryption, but input is not encrypted! Please encrypt your input "
                        + "before sending it.")
            }
            if !encrypted, !isReadable {
                throw Failure.invalid(
                    "Your task's input cannot be parsed. Your input should be a base64 encoded JSON string. Note that "
                        + "if you are using the user interface or Python client, this should be done for you. Also, "
                        + "make sure not to encrypt your input, as your collaboration is set to not use encryption.")
            }
        }
    }

    /// Refuses input that is not the name of a blob.
    static func requireNames(_ organizations: [JSONValue]) throws {
        for organization in organizations {
            let note = "Note that if you are using the user interface or Python client, this should be done for you."
            guard let text = organization["input"]?.stringValue else {
                throw Failure.invalid(
                    "Your task's input cannot be parsed. Your input should be a UUID as a large result store has been "
                        + "configured. \(note)")
            }
            guard UUIDSyntax.isValid(text) else {
                throw Failure.invalid("Your task's input cannot be parsed. \(note)")
            }
        }
    }

    /// Decodes as Python does: characters outside the alphabet are skipped, and the first padding that completes a
    /// group ends the text.
    ///
    /// The keys of an encrypted input (`key$iv$payload`) are told from open text by what comes out.
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var group = 0
        var rest: UInt32 = 0
        var padding = 0
        for character in text.utf8 {
            if character == UInt8(ascii: "=") {
                padding += 1
                if group >= 2, group + padding >= 4 { return bytes }
                continue
            }
            guard let value = value(of: character) else { continue }
            padding = 0
            rest = rest << 6 | UInt32(value)
            group += 1
            if group > 1 { bytes.append(UInt8(truncatingIfNeeded: rest >> UInt32(6 - 2 * (group - 1)))) }
            if group == 4 { group = 0 }
        }
        return group == 0 ? bytes : nil
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
