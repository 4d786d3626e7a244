// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Something to do outside of the model, as data: tests read it, the runner does it.
enum Effect: Hashable, Sendable {
    case load(Subject)
    /// Loads after a pause, for what the server announces before it stores it.
    case loadLater(Subject, milliseconds: Int)
    case signIn(SignInRequest)
    /// Signs in with the password that file and environment give.
    case openSession
    /// Asks a server what it is, before anybody signs in; a later question replaces one that has not been answered.
    case probe(server: String, profile: String? = nil)
    /// Looks whether a file holds a private key.
    case checkKey(path: String, server: String, username: String)
    /// Reads when somebody last signed in through each profile.
    case listSignIns
    case submit(TaskDraft)
    case kill(task: Int)
    /// A new task with the inputs of these runs of an earlier one.
    case rerun(task: Int, runs: [Int])
    case createNode(collaboration: Int, organization: Int, name: String)
    case resetKey(node: Int)
    case change(Change)
    /// Ends these, whose answers nobody waits for any more.
    case abandon([Effect])
    case connect
    case copy(String)
    /// Writes a file that is not there yet; where the name is ours, the next free one like it.
    case save(Export, ending: String, path: String, mayRename: Bool)
    case rememberBookmarks([Int: String])
    /// Keeps what stands in the composer, or forgets it.
    case keepDraft(ComposerDraft?)
    /// Keeps it within a second: what is being typed is not written letter by letter.
    case keepDraftSoon(ComposerDraft?)
    /// Keeps a draft beside the one in the composer.
    case putAside(ComposerDraft)
    /// Forgets drafts that were put aside.
    case dropDrafts([KeptDraft.ID])
    /// Replaces the drafts on disk that were put aside.
    case writeDrafts([KeptDraft])
    /// Reads which profiles there are, to choose from.
    case listProfiles
    /// Leaves for another profile.
    case useProfile(String)
    /// Tells the person outside of the window, where the terminal can.
    case notify(String)
    /// Reads the person's task templates.
    case listTemplates
    case saveTemplate(name: String, text: String)
    case deleteTemplate(String)
    case renameTemplate(String, to: String)
    /// Opens a text in the person's editor.
    case edit(String)
    /// Shows a web page in the person's browser.
    case browse(String)
    /// Runs a command of the person's own on the terminal.
    case shell(name: String, script: String)
    case useMouse(Bool)
    /// Ends read-only mode, after the person agreed.
    case allowWriting
    /// Leaves the screen, after the person agreed.
    case leave
    case bell
    case suspend
    case repaint
    case quit(Int32)

    /// Whether somebody waits for the end of it, so that it counts as running.
    var isAwaited: Bool {
        switch self {
        case .load, .signIn, .openSession, .submit, .kill, .rerun, .save, .createNode, .resetKey, .change,
            .listTemplates, .saveTemplate, .deleteTemplate, .renameTemplate, .listProfiles, .useProfile:
            true
        default: false
        }
    }

    /// What it does, in the words of the status line.
    var title: String {
        switch self {
        case .load(let subject): "loading \(subject.title)"
        case .signIn, .openSession: "signing in"
        case .submit: "submitting the task"
        case .kill(let id): "killing task \(id)"
        case .rerun(let id, _): "running task \(id) again"
        case .save, .saveTemplate: "saving"
        case .listTemplates: "reading your templates"
        case .deleteTemplate(let name): "deleting the template \(name)"
        case .renameTemplate(let name, _): "renaming the template \(name)"
        case .useProfile(let name): "signing in as \(name)"
        case .createNode: "creating the node"
        case .resetKey(let id): "resetting the key of node \(id)"
        case .change(let change): change.doing
        default: ""
        }
    }
}

/// What the sign-in screen asks for.
struct SignInRequest: Hashable, Sendable {
    /// The profile whose server and settings it is about, where one was chosen.
    var profile: String? = nil
    var server: String
    var username: String
    var password: String
    /// The code of an authenticator app, where the server wants one.
    var code: String?
    /// Path of the organization's private key, or empty.
    var keyPath: String
    /// Whether the tokens are kept for the next start.
    var stays = true
}

/// A task as composed.
struct TaskDraft: Hashable, Sendable {
    var name = ""
    var image = ""
    var method = ""
    /// The keyword arguments of the method.
    var arguments = JSONObject()
    var collaboration = 0
    var study: Int?
    /// The algorithm store that names the image.
    var store: Int?
    var organizations: [Int] = []
    var databases: [String] = []

    /// What goes to each organization, encrypted or not.
    var input: JSONValue {
        ["method": .string(method), "args": [], "kwargs": .object(arguments)]
    }
}
