// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Something that happened, to which the model answers.
enum Message: Sendable {
    case key(Key)
    case paste(String)
    case mouse(Mouse)
    case resize(Size)
    case tick

    /// An awaited effect ended.
    case finished(Effect, Outcome)
    /// So many records have come of what is being loaded.
    case progress(Effect, Int)
    /// So much of something large has come.
    case transfer(Effect, DownloadProgress)
    case realtime(RealtimeSignal)

    /// A piece of the log of a run at the node; nil at its end.
    case siteLog(run: Int, String?)

    case settings(ConsoleSettings)
    case settingsFault(String)

    // For the loop itself.
    case resized
    case ending(Int32)

    enum Outcome: Sendable {
        case loaded(Loaded)
        /// Done, and what to tell.
        case done(String)
        case signedIn(Identity)
        /// A task was created.
        case created(AlgorithmTask)
        /// A key that shows this once.
        case secret(title: String, text: String, node: Int?)
        /// Something was made: where it shows, and what to tell.
        case made(Place, String)
        case templates([TaskTemplate])
        case profiles([String], current: String?)
        /// The person left their editor.
        case edited(String)
        /// The server asks for the code of an authenticator app.
        case codeRequired(String)
        /// What a server that was asked is.
        case greeted(String)
        /// The public half of a private key that a file holds, and that of the organization as far as it is known here.
        case key(PublicKey, organization: String?)
        /// When each profile was last signed in through or its sign-in renewed.
        case signIns([String: Timestamp])
        /// A profile whose sign-in has ended.
        case signInNeeded(AccountSettings)
        case failed(Fault)
    }
}

/// Whom the server took the person for.
struct Identity: Hashable, Sendable {
    var server: String
    var username: String
    var hasPrivateKey: Bool
    var isReadOnly: Bool
    /// Whether this is the console of a node on this machine, not of a server.
    var isAtNode = false
    var profile: String?
    /// The public half of the private key that was read.
    var key: PublicKey? = nil
    /// Path of the private key, for signing in again with it.
    var keyPath: String?
    /// Whether a recording is played, without a server.
    var isRecorded = false
}

extension Identity {
    /// The account of a session.
    ///
    /// - Throws: `ConsoleFailure` when its private key cannot be read: that is told now, not when a result is to be read.
    init(of session: ConsoleSession) throws {
        let key = try session.privateKey()?.publicKey
        self.init(
            server: session.address.description, username: session.username ?? "",
            hasPrivateKey: key != nil, isReadOnly: session.readOnly, profile: session.profile, key: key,
            keyPath: session.settings.privateKeyFile,
            isRecorded: session.transport is RecordedTransport)
    }
}
