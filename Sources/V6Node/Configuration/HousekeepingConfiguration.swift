// SPDX-License-Identifier: Apache-2.0

/// What is kept, for how long and how much of it (`housekeeping`, a section of our own).
struct HousekeepingConfiguration: Sendable, Hashable {
    /// Bytes that must be free before a run begins.
    var freeBytes = 1 << 30
    /// Seconds that an image is kept after its last run here.
    var imageAge = 30 * 86_400
    /// Seconds that the shared folder of a job is kept after its last run here.
    var jobAge = 7 * 86_400
    /// Bytes that the images of algorithms may take together; nil for no limit.
    var imageBytes: Int?
    /// Bytes that the shared folders of jobs may take together; nil for no limit.
    var jobBytes: Int?
    /// Seconds between two rounds.
    var interval = 6 * 3600

    static let keys = ["min_free", "image_age", "job_age", "image_quota", "job_quota", "interval"]
}
