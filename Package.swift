// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Settings of every Swift target of our own: the strictest language mode, and no warning left standing.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "vantage6-swift",
    products: [
        .library(name: "V6Kit", targets: ["V6Kit"]),
        .executable(name: "v6-server", targets: ["V6Server"]),
        .executable(name: "v6-node", targets: ["V6Node"]),
        .executable(name: "v6-console", targets: ["V6Console"]),
        .executable(name: "v6-relay", targets: ["V6Relay"]),
        .executable(name: "v6-algorithm-summary", targets: ["Summary"]),
        .executable(name: "v6-algorithm-logistic", targets: ["Logistic"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C libraries, as typed functions: variadic calls, macros and C globals do not cross into Swift.
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        .target(name: "CCrypt", linkerSettings: [.linkedLibrary("crypt")]),
        .target(name: "CDemo", exclude: ["demo.jsonl"]),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),

        .target(
            name: "V6Kit",
            dependencies: [
                "CCurl",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "V6Server",
            dependencies: [
                "V6Kit", "CCrypt", "CPostgres", "CSQLite",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "V6Node",
            dependencies: [
                "V6Kit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "V6Console",
            dependencies: [
                "V6Kit", "CDemo", "CNcurses",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        // Forwards one loopback port of a run's network name space to the node's Unix socket. Static C.
        .executableTarget(
            name: "V6Relay",
            // Without the start-up code of Swift, which would pull its whole runtime in.
            linkerSettings: [
                .unsafeFlags(["-static-executable", "-nostartfiles", "-Xlinker", "--gc-sections", "-Xlinker", "-s"])
            ]),

        .executableTarget(
            name: "Summary", dependencies: ["V6Kit"], path: "examples/algorithms/Summary", swiftSettings: strict),
        .executableTarget(
            name: "Logistic", dependencies: ["V6Kit"], path: "examples/algorithms/Logistic", swiftSettings: strict),

        // The yardstick of Benchmarks/server.py.
        .executableTarget(
            name: "BareServer",
            dependencies: [
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Benchmarks/server", exclude: ["request.lua", "seed.py"], swiftSettings: strict),

        .target(
            name: "V6TestSupport",
            dependencies: [
                "V6Kit",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "Tests/Support", swiftSettings: strict),
        .testTarget(
            name: "V6KitTests", dependencies: ["V6Kit", "V6TestSupport"], resources: [.copy("Fixtures")],
            swiftSettings: strict),
        .testTarget(
            name: "V6ServerTests",
            dependencies: [
                "V6Server", "V6Kit", "V6TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(name: "V6NodeTests", dependencies: ["V6Node", "V6Kit", "V6TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "V6ConsoleTests", dependencies: ["V6Console", "V6Kit", "V6TestSupport"], resources: [.copy("Golden")],
            swiftSettings: strict),
        .testTarget(
            name: "ExampleTests", dependencies: ["Summary", "Logistic", "V6Kit"], exclude: ["Fixtures"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
