// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Everything the program remembers while it runs.
struct Model: Sendable {
    var world: World
    /// The way from home to the screen that shows, which is the last.
    var stack: [any Screen]
    var dialog: Dialog?
    var prompt: Prompt?
    var palette: Palette?
    var notice: Notice?
    var noticeEnds: Timestamp?
    var keyMap = KeyMap()
    var theme: Theme
    /// What the display comes back to where the files say nothing of it any more.
    var display: DisplayStart
    /// What the files said at the last look.
    var settings = ConsoleSettings()
    /// Themes that the person wrote; they come before ours of the same name.
    var themes: [Theme] = []
    /// The person's own commands.
    var commands: [UserCommand] = []
    var commandHistory: [String] = []
    var filterHistory: [String] = []
    var awaitsBookmarkNumber = false
    /// Views that were left, for the way back and forth.
    var visited: [Place] = []
    var ahead: [Place] = []
    /// Views that were left, as they were: with their cursor, filter and order.
    var kept: [Place: any Screen] = [:]
    var pollAt: Timestamp?
    /// When something that shows is to be asked for again, since no event tells of it.
    var refreshAt: Timestamp?
    /// Whether a password from outside still has to be turned into a session: nothing can be asked before.
    var awaitsSession = false
    /// Whether some task was unfinished, or a node silent, at that version of the data: then clocks on the screen tick.
    var activity = (version: -1, isActive: false)
    /// The private key that was compared with the organization's.
    var comparedKey: PublicKey?
    /// When ctrl-c was pressed last.
    var cancelledAt: Timestamp?
    /// When data last came in, for the stamp while nothing does.
    var heardAt: Timestamp?
    /// What stands in the composer and is not kept yet, and when it shall be.
    var unkeptDraft: (draft: ComposerDraft?, due: Timestamp)?
    /// When each failed subject may be asked for again.
    var retryAt: [Subject: Timestamp] = [:]

    init(world: World, theme: Theme, start: Place) {
        self.world = world
        self.theme = theme
        display = DisplayStart(theme: theme, glyphs: world.glyphs)
        stack = [start.screen()]
    }

    var top: any Screen {
        get { stack[stack.count - 1] }
        set { stack[stack.count - 1] = newValue }
    }
}
