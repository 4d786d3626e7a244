// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Node

/// Which addresses an algorithm finds, and what they lead to.
struct OutletPlanTests {
    private func database(_ label: String, _ uri: String) -> DatabaseConfiguration {
        .init(label: label, uri: uri, type: "sql", kind: .connection, isMountedReadOnly: false, parameters: [:])
    }

    private func configuration(_ databases: [DatabaseConfiguration]) -> NodeConfiguration {
        NodeConfiguration(
            name: "t", apiKey: "", server: "", apiPath: "", databases: databases, privateKeyPath: "", parallelRuns: 1,
            dataFolder: "/d")
    }

    @Test(arguments: [
        ("postgresql://u:p@host:5433/db", [DatabaseAddress(host: "host", port: 5433)]),
        ("postgresql+psycopg2://u:p@host/db?sslmode=require", [.init(host: "host", port: 5432)]),
        ("postgresql://u:a@b@h1:1,h2:2/db", [.init(host: "h1", port: 1), .init(host: "h2", port: 2)]),
        ("mysql://[2001:db8::7]:3307/x", [.init(host: "2001:db8::7", port: 3307)]),
        ("mysql://[2001:db8::7]/x", [.init(host: "2001:db8::7", port: 3306)]),
        ("jdbc:sqlserver://db.example:1434;databaseName=x", [.init(host: "db.example", port: 1434)]),
        ("http://sparql.example/query", [.init(host: "sparql.example", port: 80)]),
        ("https://sparql.example", [.init(host: "sparql.example", port: 443)]),
        ("sqlite:////data/x.sqlite", []), ("/data/x.sqlite", []), ("odd://host", []), ("postgresql://h:0/d", []),
        ("", []),
    ])
    func addressesInConnectionStrings(uri: String, addresses: [DatabaseAddress]) {
        #expect(DatabaseAddress.all(in: uri) == addresses)
    }

    @Test func eachHostHasAnAddressAndKeepsItsName() throws {
        let plan = OutletPlan(
            configuration([
                database("a", "postgresql://u@db-a.example:5432/x"),
                database("b", "postgresql://u@db-b.example:5432/x"),
                database("c", "postgresql://u@DB-A.example:5432/y"),
            ]))
        #expect(plan.outlets.map(\.address) == ["127.0.1.1", "127.0.1.2"])
        #expect(plan.outlets[0].databases == ["a", "c"])
        #expect(
            plan.hosts == """
                127.0.0.1 localhost proxyserver
                127.0.1.1 db-a.example
                127.0.1.2 db-b.example

                """)
        #expect(plan.databases[0].uriInContainer == "postgresql://u@db-a.example:5432/x")
        #expect(plan.outlets[0].socket != plan.outlets[1].socket)
        #expect(plan.relayArguments.count == 4)
        #expect(plan.relayArguments[1] == "127.0.0.1:8080=s")
        #expect(plan.relayArguments[2] == "127.0.1.1:5432=\(plan.outlets[0].socket)")
    }

    @Test func aBareAddressIsReplacedInTheConnectionString() throws {
        let plan = OutletPlan(
            configuration([
                database("a", "postgresql://u:p@10.0.0.5:5432/x"), database("b", "mysql://localhost/y"),
                database("c", "postgresql://[fd00::1]:5432/z"),
            ]))
        #expect(plan.databases[0].uriInContainer == "postgresql://u:p@127.0.1.1:5432/x")
        #expect(plan.databases[1].uriInContainer == "mysql://127.0.1.2/y")
        #expect(plan.databases[2].uriInContainer == "postgresql://127.0.1.3:5432/z")
        #expect(plan.hosts == "127.0.0.1 localhost proxyserver\n")
        #expect(plan.outlets[1].target == .tcp(host: "localhost", port: 3306))
    }

    @Test func aDatabaseIsOnlyOpenToRunsThatAskForIt() {
        let plan = OutletPlan(configuration([database("a", "postgresql://h/x"), database("b", "mysql://h/x")]))
        #expect(plan.outlets.map { $0.isOpen(to: ["a"]) } == [true, false])
        #expect(plan.outlets.map { $0.isOpen(to: [String]()) } == [false, false])
    }

    @Test func tunnelsAndServicesStandBehindTheirNames() {
        var configuration = configuration([
            database("far", "postgresql://u@tunnelled:8888/x"), database("near", "mysql://linked:3306/x"),
        ])
        func tunnel(_ name: String, _ port: Int) -> TunnelConfiguration {
            .init(
                name: name, host: "gate", port: 22, hostKey: "", user: "u", keyFile: "/k", bindPort: port,
                destinationHost: "127.0.0.1", destinationPort: 5432)
        }
        configuration.tunnels = [tunnel("tunnelled", 8888), tunnel("free", 9999)]
        configuration.services = [
            .init(alias: "linked", container: "mysql-1"), .init(alias: "store", container: "fhir"),
        ]
        let plan = OutletPlan(configuration, servicePorts: ["linked": [3306, 33060], "store": [8080]])
        let outlets = plan.outlets.map { "\($0.hostName ?? ""):\($0.port) \($0.databases?.sorted() ?? ["*"])" }
        #expect(
            outlets == [
                #"tunnelled:8888 ["far"]"#, #"linked:3306 ["near"]"#, #"free:9999 ["*"]"#, #"linked:33060 ["*"]"#,
                #"store:8080 ["*"]"#,
            ])
        #expect(plan.outlets[0].target == .tunnel("tunnelled"))
        #expect(plan.outlets[1].target == .container("mysql-1", port: 3306))
        #expect(plan.environment.isEmpty)
    }

    @Test func theWayOutIsWhereOriginalAlgorithmsLookForIt() {
        var configuration = configuration([])
        configuration.allowList = AllowList(domains: ["a"], addresses: [], ports: [443])
        let plan = OutletPlan(configuration)
        #expect(plan.hosts.contains("127.0.0.1 squid\n"))
        #expect(plan.environment["https_proxy"] == "http://squid:3128")
        #expect(plan.environment["NO_PROXY"] == "localhost, proxyserver")
        #expect(plan.relayArguments.last?.hasPrefix("127.0.0.1:3128=") == true)
    }
}
