// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Opens a blob piece by piece as it comes: decrypts it, or undoes its base64 (`encryption`, §4).
public struct BlobOpener: Sendable {
    /// The header of an encrypted blob ends within this many bytes, also for the longest keys.
    private static let longestHeader = 16 << 10

    private let key: PrivateKey?
    private var waiting = Data()
    private var cipher: CounterMode?

    /// An opener with the receiver's key; nil for the blobs of open collaborations.
    public init(key: PrivateKey?) { self.key = key }

    /// The plain bytes of the next piece, as far as they are known.
    /// - Throws: ``CryptographyError`` when this is no blob for the key.
    public mutating func feed(_ piece: Data) throws(CryptographyError) -> Data {
        guard let key else { return try decode(piece) }
        if cipher != nil { return try decrypt(piece) }
        waiting.append(piece)
        guard waiting.count(where: { $0 == UInt8(ascii: "$") }) >= 2 else {
            if waiting.count > Self.longestHeader { throw Self.noMessage }
            return Data()
        }
        let (header, rest) = try Envelope.split(waiting)
        cipher = try header.cipher(with: key)
        waiting = Data()
        return try decrypt(Data(rest))
    }

    /// The last bytes.
    /// - Throws: ``CryptographyError`` when the blob ended too early.
    public mutating func finish() throws(CryptographyError) -> Data {
        if key == nil {
            guard let last = Data(base64Encoded: waiting) else { throw Self.noMessage }
            return last
        }
        guard cipher != nil else { throw Self.noMessage }
        return Data()
    }

    private static let noMessage = CryptographyError(
        .cannotOpen, "the blob is not in the form this collaboration uses; is it encrypted here and not there?")

    private mutating func decrypt(_ piece: Data) throws(CryptographyError) -> Data {
        do { return try cipher?.apply(to: piece) ?? Data() } catch { throw Self.noMessage }
    }

    private mutating func decode(_ piece: Data) throws(CryptographyError) -> Data {
        waiting.append(piece.filter { !($0 == 10 || $0 == 13 || $0 == 32) })
        // Four characters are three bytes; the padding can only be in the last four.
        let whole = max(0, (waiting.count - 1) / 4 * 4)
        guard let bytes = Data(base64Encoded: waiting.prefix(whole)) else { throw Self.noMessage }
        waiting = Data(waiting.dropFirst(whole))
        return bytes
    }
}
