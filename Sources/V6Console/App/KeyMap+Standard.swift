// SPDX-License-Identifier: Apache-2.0

extension KeyMap {
    /// The keys a person of k9s, lazygit or less expects.
    ///
    /// Nothing that destroys is on a key of tmux, screen or vim.
    static let standard: [Binding] =
        everywhere + lists + texts + home + tasks + task + run + result + nodes + timeline + tree + algorithms
        + directory + shelf + site + siteRun + composer
        + forms
        + signIn + help

    private static let everywhere: [Binding] = [
        Binding(.everywhere, [":"], .command, "command line with completion", footer: "cmd"),
        Binding(.everywhere, [.control("p")], .palette, "palette: actions, views, objects"),
        Binding(.everywhere, ["?", .function(1)], .help, "help for this view", footer: "help"),
        Binding(.everywhere, [.escape], .back, "close, clear the filter, go back"),
        Binding(.everywhere, ["q"], .quit, "back; on the first view asks to quit"),
        Binding(.everywhere, ["Q"], .quitNow, "quit at once"),
        Binding(.everywhere, ["["], .historyBack, "one view back in the history"),
        Binding(.everywhere, ["]"], .historyForward, "one view forward in the history"),
        Binding(.everywhere, ["-"], .lastView, "the view before this one"),
        Binding(.everywhere, ["m"], .setBookmark, "set a bookmark: then 1–9; 1–9 alone goes there"),
        Binding(.everywhere, ["n"], .newTask, "compose a new task", footer: "new task"),
        Binding(.everywhere, ["f"], .fullScreen, "fill the screen with this pane (or show all again)"),
        Binding(.everywhere, [.control("r")], .refresh, "fetch again"),
        Binding(.everywhere, [.control("l")], .redraw, "paint the screen anew"),
        Binding(.everywhere, ["Z"], .readOnly, "read-only on, or off after a question"),
        Binding(.everywhere, [.control("z")], .suspend, "suspend"),
        Binding(.everywhere, [.control("c")], .cancel, "stop what is running; twice quits"),
    ]

    private static let lists: [Binding] = [
        Binding(.list, ["j", .down], .moveDown, "down"),
        Binding(.list, ["k", .up], .moveUp, "up"),
        Binding(.list, ["g", .home], .first, "first"),
        Binding(.list, ["G", .end], .last, "last"),
        Binding(.list, [.pageDown], .pageDown, "page down"),
        Binding(.list, [.pageUp], .pageUp, "page up"),
        Binding(.list, [.control("d")], .halfPageDown, "half a page down"),
        Binding(.list, [.control("u")], .halfPageUp, "half a page up"),
        Binding(.list, [.left, "H"], .scrollLeft, "scroll left"),
        Binding(.list, [.right, "L"], .scrollRight, "scroll right: further columns, and long texts in full"),
        Binding(.list, [.enter], .open, "open", footer: "open"),
        Binding(.list, ["/"], .find, "filter: words, or field=value", footer: "filter"),
        Binding(.list, [.tab], .nextPane, "next pane: the detail, or back to the list"),
        Binding(.list, [.backTab], .previousPane, "previous pane"),
        Binding(.list, ["S"], .sort, "sort by a column: choose it"),
        Binding(.list, ["I"], .reverse, "reverse the order"),
        Binding(.list, [" "], .mark, "mark: what can be done to several is done to all marked", footer: "mark"),
        Binding(.list, ["*"], .markAll, "mark all that show"),
        Binding(.list, [.control("\\")], .clearMarks, "clear the marks"),
        Binding(.list, ["c"], .copy, "copy the identifier"),
        Binding(.list, ["s"], .saveList, "save the list, or what is marked, to a file"),
    ]

    private static let texts: [Binding] = [
        Binding(.text, ["j", .down], .moveDown, "line down"),
        Binding(.text, ["k", .up], .moveUp, "line up"),
        Binding(.text, ["g", .home], .first, "beginning"),
        Binding(.text, ["G", .end], .last, "end"),
        Binding(.text, [.pageDown, " "], .pageDown, "page down"),
        Binding(.text, [.pageUp], .pageUp, "page up"),
        Binding(.text, [.control("d")], .halfPageDown, "half a page down"),
        Binding(.text, [.control("u")], .halfPageUp, "half a page up"),
        Binding(.text, [.left, "H"], .scrollLeft, "half a screen left"),
        Binding(.text, [.right, "L"], .scrollRight, "half a screen right"),
        Binding(.text, ["/"], .find, "search", footer: "find"),
        Binding(.text, ["n"], .nextMatch, "next match"),
        Binding(.text, ["N"], .previousMatch, "previous match"),
        Binding(.text, ["F"], .follow, "follow the end", footer: "follow"),
        Binding(.text, ["w"], .wrap, "wrap long lines", footer: "wrap"),
        Binding(.text, ["E"], .errorsOnly, "only lines that warn or fail"),
        Binding(.text, ["s"], .save, "save to a file", footer: "save"),
        Binding(.text, ["c"], .copy, "copy the text"),
        Binding(.text, [.tab], .nextPane, "next part"),
        Binding(.text, [.backTab], .previousPane, "previous part"),
    ]

    private static let home: [Binding] = [
        Binding(.home, ["T"], .showTasks, "all tasks", footer: "tasks"),
        Binding(.home, ["B"], .showBookmarks, "bookmarks"),
        Binding(.home, ["d"], .showDrafts, "drafts of tasks"),
        Binding(.home, ["t"], .showTemplates, "templates of tasks"),
        Binding(.home, ["A"], .showStores, "algorithm stores"),
        Binding(.home, [.left, "H"], .scrollLeft, "scroll left"),
        Binding(.home, [.right, "L"], .scrollRight, "scroll right: further columns, and long texts in full"),
    ]

    private static let tasks: [Binding] = [
        Binding(.tasks, ["x"], .kill, "kill the task (asks)", footer: "kill"),
        Binding(.tasks, ["r"], .rerun, "run again: all, or only the failed (asks)", footer: "re-run"),
        Binding(.tasks, ["R"], .rerunWithEdits, "edit and run again"),
        Binding(.tasks, ["D"], .delete, "delete the task: runs, results and subtasks go with it (type its name)"),
        Binding(.tasks, ["l"], .showLog, "log"),
        Binding(.tasks, ["v"], .showResult, "result", footer: "result"),
        Binding(.tasks, ["i"], .showInput, "input"),
        Binding(.tasks, ["T"], .timeline, "timeline"),
        Binding(.tasks, ["W"], .watch, "watch: tell when it ends"),
        Binding(.tasks, ["y"], .showRaw, "the task as JSON"),
        Binding(.tasks, ["C"], .copyCommand, "copy as a shell command"),
        Binding(.tasks, ["w"], .wide, "the list alone, or the chosen task below it"),
    ]

    private static let task: [Binding] = [
        Binding(.task, ["x"], .kill, "kill the task (asks)", footer: "kill"),
        Binding(.task, ["r"], .rerun, "run again: all, or only the failed (asks)", footer: "re-run"),
        Binding(.task, ["R"], .rerunWithEdits, "edit and run again"),
        Binding(.task, ["D"], .delete, "delete the task: runs, results and subtasks go with it (type its name)"),
        Binding(.task, ["l"], .showLog, "log", footer: "log"),
        Binding(.task, ["v"], .showResult, "result", footer: "result"),
        Binding(.task, ["i"], .showInput, "input of the run, or of the first"),
        Binding(.task, ["T"], .timeline, "timeline", footer: "timeline"),
        Binding(.task, ["W"], .watch, "watch: tell when it ends"),
        Binding(.task, ["y"], .showRaw, "the task as JSON"),
        Binding(.task, ["C"], .copyCommand, "copy as a shell command"),
        Binding(.task, [.right], .expand, "unfold a subtask"),
        Binding(.task, [.left], .collapse, "fold a subtask"),
    ]

    private static let run: [Binding] = [
        Binding(.run, ["v"], .showResult, "result", footer: "result"),
        Binding(.run, ["l"], .showLog, "log", footer: "log"),
        Binding(.run, ["i"], .showInput, "input", footer: "input"),
        Binding(.run, ["x"], .kill, "kill the task of this run (asks)", footer: "kill"),
        Binding(.run, ["t"], .timestamps, "when each line came"),
        Binding(.run, ["M"], .markLine, "draw a line below what is there now"),
        Binding(.run, ["0"], .sinceAll, "the whole log"),
        Binding(.run, ["1"], .since1, "lines of the last minute"),
        Binding(.run, ["2"], .since5, "lines of the last 5 minutes"),
        Binding(.run, ["3"], .since15, "lines of the last 15 minutes"),
        Binding(.run, ["4"], .since30, "lines of the last 30 minutes"),
        Binding(.run, ["5"], .since60, "lines of the last hour"),
        Binding(.run, ["6"], .since360, "lines of the last 6 hours"),
        Binding(.run, ["y"], .showRaw, "the run as JSON"),
        Binding(.run, ["S"], .sort, "sort the table of the result by a column: choose it"),
        Binding(.run, ["I"], .reverse, "reverse the order of the table"),
        Binding(.run, ["h"], .hideColumn, "hide a column of the table, or show it again"),
    ]

    private static let result: [Binding] = [
        Binding(.result, ["v"], .showResult, "next: table, numbers, histogram, sparkline, raw", footer: "next view"),
        Binding(.result, ["S"], .sort, "sort the table by a column: choose it", footer: "sort"),
        Binding(.result, ["I"], .reverse, "reverse the order of the table"),
        Binding(.result, ["h"], .hideColumn, "hide a column of the table, or show it again", footer: "hide column"),
    ]

    private static let nodes: [Binding] = [
        Binding(.nodes, ["d"], .open, "describe: what it shares, and its runs"),
        Binding(.nodes, ["l"], .showLog, "log of the chosen run"),
        Binding(.nodes, ["y"], .showRaw, "the node as JSON"),
        Binding(.nodes, ["t"], .showTasks, "tasks of the node's organization", footer: "tasks"),
        Binding(.nodes, ["a"], .add, "add a node and see its API key", footer: "add"),
        Binding(.nodes, ["e"], .edit, "rename the node"),
        Binding(.nodes, ["x"], .kill, "stop every run on the node (type how many)"),
        Binding(.nodes, ["u"], .unblock, "find help for a node that is away: what waits for it, whom to ask"),
        Binding(.nodes, ["K"], .resetKey, "give the node a new API key (asks)"),
        Binding(.nodes, ["D"], .delete, "delete the node (type its name)"),
    ]

    private static let timeline: [Binding] = [
        Binding(.timeline, ["+", "="], .zoomIn, "zoom in", footer: "zoom"),
        Binding(.timeline, ["-"], .zoomOut, "zoom out"),
        Binding(.timeline, [.left, "H"], .scrollLeft, "earlier"),
        Binding(.timeline, [.right, "L"], .scrollRight, "later"),
        Binding(.timeline, ["0"], .now, "the whole task", footer: "all"),
        Binding(.timeline, ["t"], .groupBy, "lanes by organization, or by task; in the map the rounds"),
        Binding(.timeline, ["v"], .showResult, "bars, or organizations against the last tasks", footer: "map"),
    ]

    private static let tree: [Binding] = [
        Binding(.tree, [.right], .expand, "unfold"),
        Binding(.tree, [.left], .collapse, "fold"),
        Binding(.tree, ["t"], .showTasks, "tasks of the collaboration or study", footer: "tasks"),
        Binding(.tree, ["y"], .showRaw, "as JSON"),
        Binding(.tree, ["a"], .add, "add a collaboration", footer: "add"),
        Binding(.tree, ["A"], .addStudy, "add a study"),
        Binding(.tree, ["e"], .edit, "change collaboration, organization or study", footer: "change"),
        Binding(.tree, ["D"], .delete, "delete collaboration or study (type its name)"),
    ]

    private static let directory: [Binding] = [
        Binding(.directory, ["y"], .showRaw, "as JSON"),
        Binding(.directory, ["a"], .add, "add one", footer: "add"),
        Binding(.directory, ["e"], .edit, "change it", footer: "change"),
        Binding(.directory, ["D"], .delete, "delete it (type its name)"),
        Binding(.directory, ["t"], .showTasks, "tasks of the organization or user", footer: "tasks"),
    ]

    private static let shelf: [Binding] = [
        Binding(.shelf, ["e"], .edit, "rename it; a bookmark gets another number", footer: "rename"),
        Binding(.shelf, ["D"], .delete, "delete it, or all marked (asks)", footer: "delete"),
        Binding(.shelf, ["y"], .showRaw, "as JSON"),
    ]

    private static let site: [Binding] = [
        Binding(
            .site, [.tab, .right], .nextPane, "next part: runs, containers, databases, policy, disk",
            footer: "next part"),
        Binding(.site, [.backTab, .left], .previousPane, "previous part"),
        Binding(.site, ["l"], .showLog, "log of the run", footer: "log"),
        Binding(.site, ["x"], .kill, "end the run (asks)", footer: "kill"),
        Binding(.site, ["e"], .explain, "would an image run here?", footer: "explain"),
        Binding(.site, ["D"], .delete, "in the part Disk: remove what is listed (type how many)"),
    ]

    private static let siteRun: [Binding] = [
        Binding(.siteRun, ["x"], .kill, "end the run (asks)", footer: "kill")
    ]

    private static let algorithms: [Binding] = [
        Binding(.algorithms, [.enter], .open, "compose a task with it", footer: "compose"),
        Binding(.algorithms, ["y"], .showRaw, "the algorithm as JSON"),
        Binding(.algorithms, ["c"], .copy, "copy the image"),
        Binding(.algorithms, ["o"], .browse, "open its documentation in a browser", footer: "docs"),
    ]

    private static let forms: [Binding] = [
        Binding(.form, [.control("s")], .submit, "submit", footer: "submit"),
        Binding(.form, [.tab, .down], .nextField, "next field", footer: "next"),
        Binding(.form, [.backTab, .up], .previousField, "previous field"),
        Binding(.form, [.escape], .back, "leave; a draft of a task is kept, else it asks", footer: "cancel"),
        Binding(.form, [.function(1)], .help, "help for this view", footer: "help"),
        Binding(.form, [.control("l")], .redraw, "paint the screen anew"),
        Binding(.form, [.control("z")], .suspend, "suspend"),
        Binding(.form, [.control("c")], .cancel, "stop what is running; twice quits"),
    ]

    private static let composer: [Binding] = [
        Binding(.composer, [.control("o")], .editExternally, "edit the arguments in your editor", footer: "editor"),
        Binding(
            .composer, [.function(2)], .preview, "next preview: JSON, shell command, Python, checks", footer: "preview"),
        Binding(
            .composer, [.control("t")], .templates, "templates: use, keep, replace or delete one", footer: "templates"),
        Binding(.composer, [.control("y")], .copyPreview, "copy what the preview shows"),
        Binding(.composer, [.control("x")], .clearForm, "empty the form"),
        Binding(.composer, [.pageDown], .pageDown, "preview: page down"),
        Binding(.composer, [.pageUp], .pageUp, "preview: page up"),
    ]

    private static let signIn: [Binding] = [
        Binding(.signIn, [.enter], .submit, "sign in", footer: "sign in"),
        Binding(.signIn, [.function(2)], .revealPassword, "show or hide the password", footer: "show password"),
        Binding(.signIn, [.function(3)], .nextProfile, "the next profile", footer: "profile"),
        Binding(.signIn, [.escape], .quit, "quit", footer: "quit"),
    ]

    private static let help: [Binding] = [
        Binding(.help, ["/"], .find, "search keys and commands", footer: "search keys"),
        Binding(.help, [.enter], .open, "leave help and run the chosen entry", footer: "run selected"),
        Binding(.help, ["j", .down], .moveDown, "next entry"),
        Binding(.help, ["k", .up], .moveUp, "previous entry"),
        Binding(.help, [.left], .scrollLeft, "column at the left"),
        Binding(.help, [.right, .tab], .scrollRight, "column at the right"),
        Binding(.help, [.home], .first, "first entry"),
        Binding(.help, [.end], .last, "last entry"),
        Binding(.help, [.pageDown], .pageDown, "page down"),
        Binding(.help, [.pageUp], .pageUp, "page up"),
        Binding(.help, [.escape, "q"], .back, "close", footer: "close"),
        Binding(.help, ["?", .function(1)], .help, "close"),
        Binding(.help, [.control("l")], .redraw, "paint the screen anew"),
        Binding(.help, [.control("z")], .suspend, "suspend"),
        Binding(.help, [.control("c")], .cancel, "stop what is running; twice quits"),
    ]
}

extension Key: ExpressibleByExtendedGraphemeClusterLiteral {
    init(extendedGraphemeClusterLiteral value: Character) {
        self = .character(value)
    }
}
