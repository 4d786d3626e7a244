// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// The form of inputs and results in open collaborations: base64, nothing else.
public enum PlainText {
    /// The text of some bytes.
    public static func encode(_ data: Data) -> String { data.base64EncodedString() }

    /// The bytes of a text; characters outside the alphabet are skipped, as the reference does.
    /// - Throws: ``CryptographyError`` when no bytes can be read.
    public static func decode(_ text: String) throws(CryptographyError) -> Data {
        guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
            throw CryptographyError(.cannotOpen, "this is no base64 text")
        }
        return data
    }
}
