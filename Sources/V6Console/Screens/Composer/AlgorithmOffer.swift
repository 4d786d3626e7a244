// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// An algorithm that a store of a collaboration offers.
struct AlgorithmOffer: Hashable, Sendable {
    let store: AlgorithmStore
    let algorithm: StoredAlgorithm

    /// Unique over all stores.
    var id: Int { store.id << 32 | algorithm.id }
}

extension Federation {
    /// What the stores of a collaboration offer, by name.
    func offers(in collaboration: Int) -> [AlgorithmOffer] {
        (stores[collaboration] ?? []).flatMap { store in
            (algorithms[store.id] ?? []).map { AlgorithmOffer(store: store, algorithm: $0) }
        }.sorted { ($0.algorithm.name, $0.id) < ($1.algorithm.name, $1.id) }
    }

    /// What must be asked to know the offers of a collaboration.
    func offerNeeds(in collaboration: Int) -> [Subject] {
        [.stores(collaboration: collaboration)] + (stores[collaboration] ?? []).map { .algorithms(store: $0.id) }
    }
}
