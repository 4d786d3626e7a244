// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A draft that made room in the composer for another.
struct KeptDraft: Hashable, Sendable, Codable, Identifiable {
    var draft: ComposerDraft
    /// When it was put aside; tells it from the others.
    var at: Timestamp

    var id: Int64 { at.microseconds }
}

extension [KeptDraft] {
    /// How many are kept: the oldest goes when there are more.
    private static let most = 50

    /// Keeps a draft as the newest; one with the same content is the same draft.
    mutating func putAside(_ draft: ComposerDraft, at moment: Timestamp) {
        guard !draft.isEmpty else { return }
        removeAll { $0.draft == draft }
        insert(KeptDraft(draft: draft, at: moment), at: 0)
        if count > Self.most { removeLast(count - Self.most) }
    }
}
