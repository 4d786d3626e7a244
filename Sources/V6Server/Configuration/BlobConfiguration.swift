// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The section `large_result_store`: where large inputs and results are kept.
struct BlobConfiguration: Sendable {
    /// The kinds of places.
    enum Place: Sendable {
        /// A folder of this machine.
        case folder(String)
        /// A bucket of Amazon S3 or of a store that speaks its protocol.
        case bucket(S3Bucket)
    }

    let place: Place
    /// The largest input or result, in bytes.
    var maximumSize = 8 << 30

    init(place: Place, maximumSize: Int = 8 << 30) {
        self.place = place
        self.maximumSize = maximumSize
    }

    /// Reads the section; nil after a fault.
    init?(_ section: ConfigurationReader, environment: [String: String]) {
        guard let type = section.string("type", required: true) else { return nil }
        switch type {
        case "disk":
            guard let folder = section.string("folder", required: true) else { return nil }
            place = .folder(folder)
            section.warnUnknown(known: ["type", "folder", "max_size"])
        case "s3":
            guard let bucket = S3Bucket(section, environment: environment) else { return nil }
            place = .bucket(bucket)
        default:
            section.fault("type", "expected disk or s3, found \"\(type)\"")
            return nil
        }
        maximumSize = section.integer("max_size", in: 1...Int.max) ?? maximumSize
    }

    /// The store.
    ///
    /// - Throws: ``StartError`` when its folder cannot be used.
    func open() throws -> any BlobStore {
        switch place {
        case .folder(let folder): try DiskBlobStore(folder: folder, maximumSize: maximumSize)
        case .bucket(let bucket):
            S3BlobStore(client: S3Client(bucket: bucket, transport: CurlTransport()), maximumSize: maximumSize)
        }
    }
}
