// SPDX-License-Identifier: Apache-2.0

/// Where things of a run lie, on the host and in the container.
struct RunPaths: Sendable, Hashable {
    /// The name behind which an algorithm finds the proxy.
    static let proxyHost = "http://proxyserver"
    /// The port of the proxy inside the container.
    static let proxyPort = 8080
    /// Where the container sees the program that starts the algorithm, and its status file.
    static let starterInContainer = "/.v6/start"
    static let statusInContainer = "/.v6/status"
    static let temporaryInContainer = "/mnt/tmp"

    /// The data folder of the node.
    let root: String
    let runID: Int
    let jobID: Int

    /// `task-000000018`, after the run.
    static func taskFolder(_ runID: Int) -> String {
        let digits = String(runID)
        return "task-" + String(repeating: "0", count: max(0, 9 - digits.count)) + digits
    }

    /// A file of the run as its container sees it.
    static func inContainer(_ runID: Int, _ file: String) -> String { "/mnt/data/\(taskFolder(runID))/\(file)" }

    /// Everything of the run.
    var folder: String { "\(root)/runs/\(runID)" }
    /// What the container sees as `/mnt/data`.
    var data: String { "\(folder)/data" }
    var input: String { "\(data)/\(Self.taskFolder(runID))/input" }
    var output: String { "\(data)/\(Self.taskFolder(runID))/output" }
    var token: String { "\(data)/\(Self.taskFolder(runID))/token" }
    /// The description of the run, where the node writes one.
    var context: String { "\(data)/\(Self.taskFolder(runID))/run_context.json" }
    /// What the container sees as `/etc/hosts`: Podman, unlike Docker, does not hand on the names of the relay.
    var hosts: String { "\(folder)/hosts" }
    /// The final log of the algorithm.
    var log: String { "\(folder)/log" }
    /// What the starter of the algorithm writes, see ``RunLife``.
    var status: String { "\(folder)/status" }
    /// What all runs of a job share on this node.
    var job: String { "\(root)/jobs/\(jobID)" }
}
