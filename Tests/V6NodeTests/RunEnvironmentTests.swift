// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Node

/// The environment recorded from a stock node (4.15.2), but for what is not asked for.
struct RunEnvironmentTests {
    private let databases: [DatabaseConfiguration] = [
        .init(
            label: "default", uri: "/data/a.csv", type: "csv", kind: .file(suffix: ".csv"), isMountedReadOnly: false,
            parameters: [:]),
        .init(label: "fold", uri: "/data/f", type: "folder", kind: .folder, isMountedReadOnly: false, parameters: [:]),
        .init(
            label: "rofile", uri: "/data/r.csv", type: "csv", kind: .file(suffix: ".csv"), isMountedReadOnly: true,
            parameters: [:]),
        .init(
            label: "pg", uri: "postgresql://u:p@host:5432/db", type: "sql", kind: .connection, isMountedReadOnly: false,
            parameters: ["user": "admin", "passWord": "s3cret"]),
    ]
    private let steps = #"[{"function": "filter_range", "parameters": {"column": "a", "min_": 1}}]"#

    private func encoded(_ requested: [AssignedRun.RequestedDatabase]) throws -> Set<String> {
        Set(
            try RunEnvironment(runID: 18, requested: requested, databases: databases, extra: ["player": "Alice"])
                .encoded)
    }

    @Test func theRecordedEnvironment() throws {
        let variables = try encoded([
            .init(label: "default", query: "select 1", sheetName: "s1", preprocessing: steps), .init(label: "fold"),
        ])
        let recorded: Set<String> = [
            "API_PATH=",
            "DB_LABELS=MRSWMYLVNR2CYZTPNRSCY4TPMZUWYZJMOBTQ!!!!",
            "DEFAULT_DATABASE_TYPE=MNZXM!!!",
            "DEFAULT_DATABASE_URI=F5WW45BPMRQXIYJPMRSWMYLVNR2C4Y3TOY!!!!!!",
            "DEFAULT_QUERY=ONSWYZLDOQQDC!!!",
            "DEFAULT_SHEET_NAME=OMYQ!!!!",
            "FOLD_DATABASE_TYPE=MZXWYZDFOI!!!!!!",
            "FOLD_DATABASE_URI=F5WW45BPMZXWYZA!",
            "HOST=NB2HI4B2F4XXA4TPPB4XGZLSOZSXE!!!",
            "INPUT_FILE=F5WW45BPMRQXIYJPORQXG2ZNGAYDAMBQGAYDCOBPNFXHA5LU",
            "OUTPUT_FILE=F5WW45BPMRQXIYJPORQXG2ZNGAYDAMBQGAYDCOBPN52XI4DVOQ!!!!!!",
            "PG_DATABASE_TYPE=ONYWY!!!",
            "ROFILE_DATABASE_TYPE=MNZXM!!!",
            "ROFILE_DATABASE_URI=F5WW45BPOJXWM2LMMUXGG43W",
            "TEMPORARY_FOLDER=F5WW45BPORWXA!!!",
            "TOKEN_FILE=F5WW45BPMRQXIYJPORQXG2ZNGAYDAMBQGAYDCOBPORXWWZLO",
            "USER_REQUESTED_DATABASE_LABELS=MRSWMYLVNR2CYZTPNRSA!!!!",
            "player=IFWGSY3F",
            "PORT=HAYDQMA!",
        ]
        #expect(recorded.subtracting(variables) == [])
        let others = variables.subtracting(recorded)
        #expect(others.count == 1)
        #expect(others.first?.hasPrefix("DEFAULT_PREPROCESSING=LN5SEZTV") == true)
    }

    @Test func credentialsGoOnlyToRunsThatAskForTheDatabase() throws {
        let without = try encoded([.init(label: "default")])
        #expect(!without.contains { $0.hasPrefix("PG_DATABASE_URI") || $0.hasPrefix("PG_DB_PARAM") })
        let with = try encoded([.init(label: "pg")])
        #expect(with.contains("PG_DATABASE_URI=OBXXG5DHOJSXG4LMHIXS65J2OBAGQ33TOQ5DKNBTGIXWIYQ!"))
        #expect(with.contains("PG_DB_PARAM_PASSWORD=OMZWG4TFOQ!!!!!!"))
        #expect(with.contains("PG_DB_PARAM_USER=MFSG22LO"))
    }

    @Test func aRunWithoutDatabasesHasAnEmptyRequest() throws {
        #expect(try encoded([]).contains("USER_REQUESTED_DATABASE_LABELS="))
    }

    @Test(arguments: ["PKG_NAME", "1a", "a-b", "", "a b", "a=b"])
    func namesThatCannotBeAreRefused(name: String) {
        #expect(throws: RunEnvironment.InvalidName.self) {
            try RunEnvironment(runID: 1, requested: [], databases: [], extra: [name: "x"])
        }
    }
}
