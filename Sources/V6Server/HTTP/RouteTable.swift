// SPDX-License-Identifier: Apache-2.0

import Logging
import V6Kit

/// All endpoints.
///
/// What is not here does not exist.
struct RouteTable {
    let store: any Store
    let links: Links
    let hashing: HashingPool
    let issuer: TokenIssuer
    let passwords: PasswordCheck
    let secondFactor: SecondFactor
    let stores: AlgorithmStores
    let recovery: RecoveryTokens
    let mails: MailQueue
    let blobs: (any BlobStore)?
    /// Whether the configuration names a VPN server, which nobody here can reach.
    let expectsVPN: Bool
    /// How long a used refresh token is taken again, in seconds.
    let refreshOverlap: Int
    let logger: Logger

    var routes: [Route] {
        let nodes = NodeResource(links: links, hashing: hashing)
        return ServiceResource(store: store).routes
            + TokenResource(
                issuer: issuer, passwords: passwords, secondFactor: secondFactor, refreshOverlap: refreshOverlap,
                logger: logger
            ).routes
            + OrganizationResource(links: links).routes
            + CollaborationResource(links: links).routes
            + CollaborationMembers(links: links).routes
            + StudyResource(links: links).routes
            + nodes.routes
            + NodeLoadResource(nodes: nodes).routes
            + UserResource(links: links, hashing: hashing).routes
            + RoleResource(links: links).routes
            + RuleResource(links: links).routes
            + TaskResource(links: links).routes
            + TaskCreation(links: links, stores: stores, usesBlobs: blobs != nil).routes
            + RunResource(links: links).routes
            + KillResource().routes
            + EventResource().routes
            + ColumnResource(links: links, usesBlobs: blobs != nil).routes
            + PortResource(expectsVPN: expectsVPN).routes
            + AlgorithmStoreResource(links: links, stores: stores).routes
            + BlobResource(store: blobs).routes
            + PasswordResource(passwords: passwords).routes
            + RecoveryResource(
                passwords: passwords, secondFactor: secondFactor, tokens: recovery, mails: mails
            ).routes
    }
}
