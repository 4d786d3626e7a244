// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What is known of the node on this machine.
struct Site: Sendable {
    private(set) var status = SiteStatus(.null)
    private(set) var runs: [SiteRun] = []
    private(set) var containers: [SiteContainer] = []
    private(set) var disk = SiteDisk(.null)
    private(set) var databases: [SiteDatabase] = []
    /// Keys of the configuration and what they say.
    private(set) var policy: [(key: String, value: String)] = []
    private(set) var leftovers: [SiteLeftover] = []
    private(set) var decisions: [PolicyQuestion: SiteDecision] = [:]
    /// Runs whose log still comes.
    private(set) var following: Set<Int> = []

    mutating func absorb(_ answer: JSONValue, for part: SitePart) {
        let list = answer.arrayValue ?? []
        switch part {
        case .status: status = SiteStatus(answer)
        case .runs: runs = list.compactMap(SiteRun.init).sorted { $0.id > $1.id }
        case .containers: containers = list.map(SiteContainer.init)
        case .disk: disk = SiteDisk(answer)
        case .databases: databases = list.map(SiteDatabase.init)
        case .policy:
            policy = (answer.objectValue ?? JSONObject()).map { key, value in
                let items = value.arrayValue.map { $0.map(\.plain) }
                return (key, items.map { $0.isEmpty ? "everything" : $0.joined(separator: "  ") } ?? value.plain)
            }
        case .leftovers: leftovers = list.map(SiteLeftover.init)
        case .explain(let question): decisions[question] = SiteDecision(answer)
        case .log(let run): following.insert(run)
        }
    }

    mutating func endLog(of run: Int) { following.remove(run) }

    func run(_ id: Int) -> SiteRun? { runs.first { $0.id == id } }
}

extension JSONValue {
    /// A text without quotes, everything else as JSON.
    var plain: String { stringValue ?? text() }
}
