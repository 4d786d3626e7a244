// SPDX-License-Identifier: Apache-2.0

/// What a key can stand for.
///
/// The raw value is the name in `keys.yaml`.
enum Action: String, CaseIterable, Sendable {
    case moveDown = "move-down"
    case moveUp = "move-up"
    case first, last
    case pageDown = "page-down"
    case pageUp = "page-up"
    case halfPageDown = "half-page-down"
    case halfPageUp = "half-page-up"
    case scrollLeft = "scroll-left"
    case scrollRight = "scroll-right"
    case nextPane = "next-pane"
    case previousPane = "previous-pane"
    case open, back
    case expand, collapse

    case find
    case nextMatch = "next-match"
    case previousMatch = "previous-match"
    case sort
    case reverse
    case mark
    case markAll = "mark-all"
    case clearMarks = "clear-marks"

    case command, palette, help
    case historyBack = "history-back"
    case historyForward = "history-forward"
    case lastView = "last-view"
    case setBookmark = "set-bookmark"
    case refresh, redraw, suspend, cancel
    case quit
    case quitNow = "quit-now"
    case readOnly = "read-only"

    case newTask = "new-task"
    case rerun
    case rerunWithEdits = "rerun-with-edits"
    case kill
    case showLog = "show-log"
    case showResult = "show-result"
    case showInput = "show-input"
    case showRaw = "show-raw"
    case showTasks = "show-tasks"
    case showBookmarks = "show-bookmarks"
    case showDrafts = "show-drafts"
    case showTemplates = "show-templates"
    case showStores = "show-stores"
    case timeline
    case watch
    case copy
    case copyCommand = "copy-command"
    case save
    /// The rows of a list, to a file.
    case saveList = "save-list"
    case wide
    case hideColumn = "hide-column"
    case fullScreen = "full-screen"

    case follow, wrap
    case errorsOnly = "errors-only"
    case timestamps
    case markLine = "mark-line"
    case sinceAll = "since-all"
    case since1 = "since-1-minute"
    case since5 = "since-5-minutes"
    case since15 = "since-15-minutes"
    case since30 = "since-30-minutes"
    case since60 = "since-1-hour"
    case since360 = "since-6-hours"

    case zoomIn = "zoom-in"
    case zoomOut = "zoom-out"
    case now

    case submit
    case nextField = "next-field"
    case previousField = "previous-field"
    case toggle
    case add, edit, delete
    case addStudy = "add-study"
    case explain
    /// What holds something up, and who can help.
    case unblock
    /// A web page, in a browser.
    case browse
    case resetKey = "reset-key"
    case groupBy = "group-by"
    case editExternally = "edit-externally"
    case preview, templates
    case copyPreview = "copy-preview"
    case clearForm = "clear-form"
    case revealPassword = "reveal-password"
    case nextProfile = "next-profile"
}
