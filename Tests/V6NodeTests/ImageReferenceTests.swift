// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Node

struct ImageReferenceTests {
    @Test(arguments: [
        ("a/b", "docker.io", "a/b", nil as String?, nil as String?, "a/b:latest"),
        ("docker.io/a/b:1", "docker.io", "a/b", "1", nil, "a/b:1"),
        ("127.0.0.1:5000/x/y:1", "127.0.0.1:5000", "127.0.0.1:5000/x/y", "1", nil, "127.0.0.1:5000/x/y:1"),
        ("localhost/x", "localhost", "localhost/x", nil, nil, "localhost/x:latest"),
        ("ghcr.io/x/y:3@sha256:ab", "ghcr.io", "ghcr.io/x/y", "3", "sha256:ab", "ghcr.io/x/y@sha256:ab"),
        ("host:5000/x", "host:5000", "host:5000/x", nil, nil, "host:5000/x:latest"),
        ("library/python", "docker.io", "library/python", nil, nil, "library/python:latest"),
    ])
    func parts(text: String, registry: String, repository: String, tag: String?, digest: String?, pull: String) {
        let image = ImageReference(text)
        #expect(image.registry == registry)
        #expect(image.repository == repository)
        #expect(image.tag == tag)
        #expect(image.digest == digest)
        #expect(image.pullName == pull)
    }
}
