// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Node

struct RegistryTests {
    @Test(arguments: [
        ("harbor.example.org", "harbor.example.org/a/b:1"), ("https://harbor.example.org/", "harbor.example.org/a/b"),
        ("http://127.0.0.1:5000", "127.0.0.1:5000/a:1"), ("https://index.docker.io/v1/", "a/b"),
        ("docker.io", "docker.io/a/b:1"), ("registry-1.docker.io", "library/python"),
    ])
    func aLoginIsForTheImagesOfItsRegistry(registry: String, image: String) {
        var configuration = NodeConfiguration(
            name: "test", apiKey: "", server: "", apiPath: "", privateKeyPath: "", parallelRuns: 1, dataFolder: "")
        let other = RegistryCredential(registry: "ghcr.io", username: "other", password: "p")
        configuration.registries = [other, .init(registry: registry, username: "site", password: "p")]
        #expect(configuration.credential(for: ImageReference(image))?.username == "site")
        #expect(configuration.credential(for: ImageReference("ghcr.io/a/b"))?.username == "other")
        #expect(configuration.credential(for: ImageReference("quay.io/a/b")) == nil)
    }

    /// In the words of Docker 20 to 27 and Podman 4 and 5.
    @Test(arguments: [
        (
            "Get \"https://r:5000/v2/\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
            "/etc/docker/certs.d/r:5000/ca.crt"
        ),
        ("Get \"https://r:5000/v2/\": x509: certificate has expired or is not yet valid", "not valid"),
        ("x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs", "not valid"),
        ("Get \"https://r:5000/v2/\": http: server gave HTTP response to HTTPS client", "insecure-registries"),
        ("login attempt to https://r:5000/v2/ failed with status: 401 Unauthorized", "docker_registries"),
        ("Head \"https://r:5000/v2/a/manifests/1\": no basic auth credentials", "docker_registries"),
        ("error parsing HTTP 403 response body: Forbidden", "docker_registries"),
        ("dial tcp: lookup r on 127.0.0.53:53: no such host", "cannot reach"),
        ("dial tcp 10.0.0.1:5000: connect: connection refused", "cannot reach"),
        ("pull access denied for a/b, repository does not exist or may require 'docker login': denied", nil as String?),
        ("manifest for r:5000/a:403 not found: manifest unknown", nil),
    ])
    func eachFaultHasItsAdvice(message: String, advice: String?) {
        let fault = RegistryFault(registry: "r:5000", message: message)
        if let advice {
            #expect(fault.advice?.contains(advice) == true, "\(fault)")
            #expect(fault.description.hasPrefix(message))
        } else {
            #expect(fault.advice == nil)
            #expect(fault.description == message)
        }
    }
}
