// SPDX-License-Identifier: Apache-2.0

/// What a request is called in the log, and in the `X-Request-ID` of its answer.
enum RequestReference {
    /// The name a client or a proxy gave it, when that is a plain word; else a new one.
    static func find(in header: String?) -> String {
        if let header, (1...128).contains(header.utf8.count), header.utf8.allSatisfy(isPlain) { return header }
        var source = SystemRandomNumberGenerator()
        let text = String(UInt64.random(in: .min ... .max, using: &source), radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
