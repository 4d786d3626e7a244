// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Whether the engine gets images where they are.
extension NodeCheck {
    /// Signs in at every registry that has a login, and asks the others that the policy names for an image.
    func registries(_ engine: any ContainerEngine) async -> [Finding] {
        var findings: [Finding] = []
        for credential in configuration.registries {
            let subject = "registry \(credential.registry)"
            do {
                try await engine.signIn(credential)
                findings.append(.init(subject: subject, verdict: .fine, text: "lets \(credential.username) in"))
            } catch {
                let fault = RegistryFault(registry: credential.host, message: "\(error)")
                findings.append(
                    .init(subject: subject, verdict: .fault, text: "no login of \(credential.username): \(fault)"))
            }
        }
        var asked = Set(configuration.registries.map(\.host))
        for entry in configuration.policy.algorithms where !entry.isPattern {
            let image = ImageReference(entry.text)
            guard asked.insert(image.registry).inserted else { continue }
            findings.append(await answer(to: image, engine))
        }
        return findings
    }

    private func answer(to image: ImageReference, _ engine: any ContainerEngine) async -> Finding {
        let subject = "registry \(image.registry)"
        do {
            _ = try await engine.registryDigest(image, credential: nil)
            return .init(subject: subject, verdict: .fine, text: "has \(image)")
        } catch {
            let fault = RegistryFault(registry: image.registry, message: "\(error)")
            // Whoever has no tag "latest" has answered all the same, and some want a login for what they do not have.
            guard fault.advice != nil else {
                return .init(subject: subject, verdict: .fine, text: "answers, asked for \(image): \(fault.message)")
            }
            return .init(
                subject: subject, verdict: fault.isRefusal ? .warning : .fault, text: "asked for \(image): \(fault)")
        }
    }
}
