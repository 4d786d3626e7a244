// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// PEM text as the reference writes it: lines of 64 columns, a newline at the end.
enum PEM {
    static func text(label: String, der: Data) -> String {
        let body = der.base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n"
    }
}
