// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Kit

struct AlgorithmEnvironmentTests {
    /// What a 4.15.2 node was seen to set for a run with two of its four databases.
    private static let recorded = AlgorithmEnvironment([
        "API_PATH": "",
        "DB_LABELS": "MRSWMYLVNR2CYZTPNRSCY4TPMZUWYZJMOBTQ!!!!",
        "DEFAULT_DATABASE_TYPE": "MNZXM!!!",
        "DEFAULT_DATABASE_URI": "F5WW45BPMRQXIYJPMRSWMYLVNR2C4Y3TOY!!!!!!",
        "DEFAULT_QUERY": "ONSWYZLDOQQDC!!!",
        "DEFAULT_SHEET_NAME": "OMYQ!!!!",
        "FOLD_DATABASE_TYPE": "MZXWYZDFOI!!!!!!",
        "FOLD_DATABASE_URI": "F5WW45BPMZXWYZA!",
        "HOST": "NB2HI4B2F4XXA4TPPB4XGZLSOZSXE!!!",
        "INPUT_FILE": "F5WW45BPMRQXIYJPORQXG2ZNGAYDAMBQGAYDCOBPNFXHA5LU",
        "PORT": "HAYA!!!!",
        "USER_REQUESTED_DATABASE_LABELS": "MRSWMYLVNR2CYZTPNRSA!!!!",
        "http_proxy": "NB2HI4B2F4XXG4LVNFSDUMZRGI4A!!!!",
        "no_proxy": "NRXWGYLMNBXXG5BMEBYHE33YPFZWK4TWMVZA!!!!",
    ])

    @Test func readsWhatANodeSets() throws {
        let environment = Self.recorded
        #expect(environment["INPUT_FILE"] == "/mnt/data/task-000000018/input")
        #expect(environment.requestedDatabases == ["default", "fold"])
        #expect(try environment.proxyAddress() == "http://proxyserver:80")
        #expect(
            try environment.database("default")
                == AlgorithmDatabase(
                    label: "default", uri: "/mnt/data/default.csv", type: "csv", query: "select 1", sheetName: "s1",
                    preprocessing: nil))
        #expect(try environment.database("fold").uri == "/mnt/fold")
    }

    @Test func decodesTheWebProxiesThatLibrariesReadByThemselves() {
        let proxies = Self.recorded.webProxies
        #expect(proxies.map(\.name) == ["http_proxy", "no_proxy"])
        #expect(proxies.map(\.value) == ["http://squid:3128", "localhost, proxyserver"])
    }

    @Test func joinsTheAPIPathOfTheProxy() throws {
        let environment = AlgorithmEnvironment(["HOST": "http://h", "PORT": "1", "API_PATH": "/api/"])
        #expect(try environment.proxyAddress() == "http://h:1/api")
    }

    @Test func namesTheDatabasesThereAreWhenOneIsNot() {
        let error = #expect(throws: AlgorithmError.self) { try Self.recorded.database("other") }
        #expect(error?.message.contains("default,fold,rofile,pg") == true)
    }

    @Test func namesAVariableThatIsMissing() {
        let error = #expect(throws: AlgorithmError.self) { try Self.recorded.required("OUTPUT_FILE") }
        #expect(error?.message.hasPrefix("OUTPUT_FILE is not set") == true)
    }

    @Test func anEmptyValueCountsAsNone() {
        #expect(Self.recorded["API_PATH"] == nil)
        #expect(AlgorithmEnvironment(["USER_REQUESTED_DATABASE_LABELS": ""]).requestedDatabases == [])
    }

    @Test(arguments: [(nil, 5), ("10", 10), ("1", 5)])
    func aNodeCanAskForMoreRowsNeverForFewer(setting: String?, count: Int) throws {
        let variables = setting.map { ["MINIMUM_ROWS": EnvironmentEncoding.encode($0)] } ?? [:]
        let minimum = try MinimumRows(AlgorithmEnvironment(variables))
        #expect(minimum.count == count)
        try minimum.check(count, "x")
        #expect(throws: AlgorithmError.self) { try minimum.check(count - 1, "x") }
        #expect(throws: AlgorithmError.self) { try minimum.check(count + 1, besides: 2, "x") }
    }

    @Test func aMinimumThatIsNoNumberStopsTheRun() {
        #expect(throws: AlgorithmError.self) { try MinimumRows(AlgorithmEnvironment(["MINIMUM_ROWS": "ten"])) }
    }
}
