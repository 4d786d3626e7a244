// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Node

/// What is read out of the kernel's files, and what is sent.
struct NodeMetricsTests {
    @Test func processorTimeIsADifference() throws {
        let before = try #require(NodeMetrics.ProcessorTime(stat: "cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 2\n"))
        let after = try #require(NodeMetrics.ProcessorTime(stat: "cpu  150 0 150 750 150 0 0 0 0 0\n"))
        #expect(after.percent(since: before) == 50)
        #expect(before.percent(since: before) == 0)
        #expect(NodeMetrics.ProcessorTime(stat: "intr 1 2 3 4 5 6") == nil)
    }

    @Test func memoryIsInBytes() {
        let memory = NodeMetrics.memory("MemTotal:       24684092 kB\nMemFree: 1 kB\nMemAvailable:   23275000 kB\n")
        #expect(memory == (24_684_092 << 10, 23_275_000 << 10))
    }

    @Test func theServerGetsTheNamesItKnows() throws {
        var metrics = NodeMetrics()
        let sample = metrics.sample(containers: 3)
        #expect(
            sample.objectValue?.map(\.key) == [
                "cpu_percent", "memory_percent", "num_algorithm_containers", "os", "platform", "cpu_count",
                "memory_total", "memory_available",
            ])
        #expect(sample["num_algorithm_containers"] == 3)
        #expect((sample["memory_total"]?.intValue ?? 0) > 0)
    }
}
