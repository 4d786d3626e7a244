// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Which colour a status word gets; the word itself is always there.
enum StatusTint {
    static func tint(of word: String) -> TableText.Tint {
        switch word {
        case "online", "yes", "ok": .good
        case "offline", "no": .faint
        case "fault": .bad
        default:
            switch RunStatus(rawValue: word) {
            case .completed?: .good
            case .active?, .initializing?: .busy
            case .pending?: .faint
            case let status? where status.isFailed: .bad
            default: .plain
            }
        }
    }
}
