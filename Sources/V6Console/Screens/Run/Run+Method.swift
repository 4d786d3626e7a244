// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Run {
    /// What is read of an input for a list, bytes: a method stands before long arguments of which none matter here.
    private static let readable = 16_384

    /// The function of the algorithm that it calls; nil where its input is sealed, large or elsewhere.
    var method: String? {
        guard blobStorageUsed != true, let input, input.utf8.count <= Self.readable else { return nil }
        // A sealed input is no JSON, and that says all there is to say.
        return (try? JSONValue(parsing: PlainText.decode(input)))?["method"]?.stringValue
    }
}
