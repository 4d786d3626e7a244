// SPDX-License-Identifier: Apache-2.0

/// The tokens of one account at one server.
struct Credentials: Sendable, Equatable, Codable {
    /// The server they were issued by: tokens are never sent to another.
    var server: String
    var username: String?
    var accessToken: String
    var refreshToken: String?

    enum CodingKeys: String, CodingKey {
        case server
        case username
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
    }
}
