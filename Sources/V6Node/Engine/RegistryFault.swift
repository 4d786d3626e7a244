// SPDX-License-Identifier: Apache-2.0

/// Why the engine gets nothing from a registry, and what an operator can do about it.
struct RegistryFault: Sendable, Hashable, CustomStringConvertible {
    /// Host with port.
    let registry: String
    /// The engine's own words.
    let message: String

    private enum Cause {
        case unknownAuthority, badCertificate, noTLS, refused, unreachable, other
    }

    /// Docker and Podman give their reasons as text only, that of Go's libraries.
    private var cause: Cause {
        let text = message.lowercased()
        func has(_ parts: String...) -> Bool { parts.contains { text.contains($0) } }
        if has("unknown authority") { return .unknownAuthority }
        if has("x509:") { return .badCertificate }
        if has("server gave http response to https client") { return .noTLS }
        // Docker Hub says "denied" of what is not there, too.
        if has("does not exist") { return .other }
        if has("unauthorized", "forbidden", "no basic auth credentials", "authentication required", "access denied") {
            return .refused
        }
        if has("no such host", "connection refused", "no route to host", "timeout", "deadline exceeded") {
            return .unreachable
        }
        return .other
    }

    /// Whether the registry answered that it wants another login.
    var isRefusal: Bool { cause == .refused }

    /// What to do; nil when the message does not tell.
    var advice: String? {
        switch cause {
        case .unknownAuthority:
            """
            The engine does not know the authority of its certificate: put that authority's certificate into \
            /etc/docker/certs.d/\(registry)/ca.crt of the engine's machine (Podman: /etc/containers/certs.d/\(registry)/ca.crt); \
            nothing has to be restarted.
            """
        case .badCertificate:
            "Its certificate is not valid for it: whoever runs the registry has to mend that, or the clock of the engine's machine."
        case .noTLS:
            """
            It speaks no TLS: whoever runs the registry should give it a certificate. The engine takes it as it is when \
            "insecure-registries" of /etc/docker/daemon.json names it, and anybody in between can then exchange images.
            """
        case .refused:
            "It wants a login that it knows: put username and password for \(registry) into docker_registries."
        case .unreachable:
            """
            The engine cannot reach it: check its name, the name servers and the firewall of the engine's machine, and the proxy \
            of the engine (HTTPS_PROXY of its service).
            """
        case .other: nil
        }
    }

    var description: String { advice.map { "\(message). \($0)" } ?? message }
}
