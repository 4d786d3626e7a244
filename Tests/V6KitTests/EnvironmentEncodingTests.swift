// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

struct EnvironmentEncodingTests {
    static let recorded: [(String, String)] = [
        ("", ""), ("abcde", "MFRGGZDF"), ("a", "ME!!!!!!"), ("csv", "MNZXM!!!"), ("ab", "MFRA!!!!"),
        ("8080", "HAYDQMA!"), ("abc", "MFRGG!!!"), ("http://proxyserver", "NB2HI4B2F4XXA4TPPB4XGZLSOZSXE!!!"),
        ("abcd", "MFRGGZA!"), ("Zoë", "LJX4HKY!"), ("default,fold", "MRSWMYLVNR2CYZTPNRSA!!!!"),
        ("/mnt/data/task-000000018/input", "F5WW45BPMRQXIYJPORQXG2ZNGAYDAMBQGAYDCOBPNFXHA5LU"),
    ]

    @Test("values are encoded as recorded", arguments: recorded)
    func encodes(_ plain: String, _ encoded: String) {
        #expect(EnvironmentEncoding.encode(plain) == encoded)
        #expect(EnvironmentEncoding.decode(encoded) == plain)
    }

    @Test(
        "what is not encoded comes back as it is",
        arguments: ["/usr/bin", "mfrggzdf", "MFRGG", "MFRGG!!", "ABCDEFGH", "MFRGGZD1", "M!!!!!!!"])
    func passesThrough(_ text: String) {
        #expect(EnvironmentEncoding.decode(text) == text)
    }
}
