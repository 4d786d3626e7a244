// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// A bucket and the key that opens it.
struct S3Bucket: Sendable {
    /// The address of the store, such as `https://s3.eu-central-1.amazonaws.com`, without a slash at the end.
    let endpoint: String
    /// The name of the bucket.
    let name: String
    /// What stands before the names of our blobs; may be empty.
    let prefix: String
    /// What requests are signed with.
    let signature: AWSSignature

    init(endpoint: String, name: String, prefix: String = "", signature: AWSSignature) {
        self.endpoint = endpoint
        self.name = name
        self.prefix = prefix
        self.signature = signature
    }

    /// Reads the section `large_result_store`; nil after a fault.
    ///
    /// The key may come from `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` instead of the file.
    init?(_ section: ConfigurationReader, environment: [String: String]) {
        let region = section.string("region") ?? environment["AWS_REGION"] ?? "us-east-1"
        let address = section.string("endpoint") ?? "https://s3.\(region).amazonaws.com"
        let bucket = section.string("bucket", required: true)
        let accessKey = Self.secret("access_key_id", section, environment["AWS_ACCESS_KEY_ID"])
        let secretKey = Self.secret("secret_access_key", section, environment["AWS_SECRET_ACCESS_KEY"])
        let prefix = section.string("prefix") ?? ""
        section.warnUnknown(known: [
            "type", "endpoint", "region", "bucket", "prefix", "access_key_id", "secret_access_key", "max_size",
        ])
        let bare = address.hasSuffix("/") ? String(address.dropLast()) : address
        guard let url = URLComponents(string: bare), ["http", "https"].contains(url.scheme), url.host != nil,
            url.path.isEmpty, url.query == nil
        else {
            section.fault("endpoint", "expected https://HOST[:PORT], found \"\(address)\"")
            return nil
        }
        if let bucket, !Self.isPlain(bucket) {
            section.fault("bucket", "expected letters, digits, dots, hyphens and underscores, found \"\(bucket)\"")
            return nil
        }
        guard prefix.split(separator: "/").allSatisfy({ Self.isPlain(String($0)) }), !prefix.hasPrefix("/") else {
            section.fault("prefix", "expected a path such as results/, found \"\(prefix)\"")
            return nil
        }
        guard let bucket, let accessKey, let secretKey else { return nil }
        self.init(
            endpoint: bare, name: bucket, prefix: prefix,
            signature: AWSSignature(accessKey: accessKey, secretKey: secretKey, region: region))
    }

    private static func secret(_ key: String, _ section: ConfigurationReader, _ variable: String?) -> String? {
        section.string(key, required: variable == nil) ?? variable
    }

    /// Whether a text stands in a URL as it is.
    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
                    || [0x2D, 0x2E, 0x5F].contains(byte)
            }
    }

    /// The URL of a blob.
    func url(_ blob: String) -> String { "\(endpoint)/\(name)/\(prefix)\(blob)" }
}
