// SPDX-License-Identifier: Apache-2.0

/// What a new password must be like.
enum PasswordPolicy {
    /// The first rule a password breaks, in the words of 4.15.2; nil when it breaks none.
    @Sendable static func problem(_ password: String) -> String? {
        let scalars = password.unicodeScalars
        if scalars.count < 8 {
            return "Password too short: use at least 8 characters with mixed lowercase, uppercase, numbers and "
                + "special characters"
        }
        if scalars.count > 128 { return "Password too long: use at most 128 characters" }
        if !scalars.contains(where: { ("0"..."9").contains($0) }) {
            return "Password should contain at least one number"
        }
        if !scalars.contains(where: { ("A"..."Z").contains($0) }) {
            return "Password should contain at least one uppercase letter"
        }
        if !scalars.contains(where: { ("a"..."z").contains($0) }) {
            return "Password should contain at least one lowercase letter"
        }
        let isSpecial: (Unicode.Scalar) -> Bool = { !($0.properties.isAlphabetic || $0.properties.numericType != nil) }
        return scalars.contains(where: isSpecial) ? nil : "Password should contain at least one special character"
    }
}
