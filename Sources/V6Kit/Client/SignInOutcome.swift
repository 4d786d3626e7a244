// SPDX-License-Identifier: Apache-2.0

/// What became of a sign-in with a correct password.
public enum SignInOutcome: Sendable, Hashable {
    /// The tokens are there.
    case signedIn
    /// The server wants the code of the authenticator as well, with its text.
    case codeRequired(message: String)
    /// The account must first be put into an authenticator, by this `otpauth` URI or secret.
    case enrolment(uri: String, secret: String, message: String)
}
