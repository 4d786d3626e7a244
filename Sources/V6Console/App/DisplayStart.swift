// SPDX-License-Identifier: Apache-2.0

/// How the screen looks and listens as long as no file says otherwise.
struct DisplayStart: Sendable {
    var theme: Theme
    var glyphs: Glyphs
    var usesMouse = false
    /// What the terminal or a variable has decided, so that no file changes it.
    var decided: Set<DisplaySetting> = []
}
