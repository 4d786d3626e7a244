// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

extension FullScreen {
    /// What is known before the first frame; nothing is asked of a server for it.
    struct Start {
        /// A session with tokens.
        var session: ConsoleSession?
        /// The node on this machine whose console this is.
        var node: NodeControl?
        /// Whose console it is, also while the session is still to be opened; nil where a person has to sign in first.
        var identity: Identity?
        /// Whether a password from outside is still to be turned into a session.
        var awaitsSession = false
        /// Where to begin, where that is not home.
        var screen: (any Screen)?
    }
}

extension FullScreen.Start {
    /// The console of a node.
    init(node: NodeControl, isReadOnly: Bool) {
        self.node = node
        identity = Identity(
            server: node.socket, username: NSUserName(), hasPrivateKey: false, isReadOnly: isReadOnly, isAtNode: true)
        screen = SiteScreen()
    }

    /// The console of a server: with the tokens there are, with the password there is, or with the sign-in screen.
    init(opener: SessionOpener) async throws {
        let settings = opener.settings
        if settings.server != nil {
            session = try await opener.openWithoutServer()
            if session == nil, opener.hasPassword {
                awaitsSession = true
                identity = try Identity(of: opener.unauthenticated())
            }
        }
        if let session { identity = try Identity(of: session) }
        if identity == nil {
            screen = SignInScreen(settings)
        }
    }
}
