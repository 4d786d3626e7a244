// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What this process uses, under the names Prometheus has for it.
struct ProcessFigures: Sendable, Hashable {
    var cpuSeconds = 0.0
    var residentBytes = 0.0
    var openFiles = 0.0

    /// Reads `/proc`; what cannot be read stays 0.
    static func read() -> ProcessFigures {
        var figures = ProcessFigures()
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
            figures.cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        }
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        if let pages, pages.count > 1, let resident = Double(pages[1]) {
            figures.residentBytes = resident * Double(sysconf(Int32(_SC_PAGESIZE)))
        }
        figures.openFiles = Double((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? 0)
        return figures
    }

    /// Adds the figures to a document.
    func add(to document: inout Exposition) {
        document.single("process_cpu_seconds_total", .counter, "Processor time.", cpuSeconds)
        document.single("process_resident_memory_bytes", .gauge, "Memory in use.", residentBytes)
        document.single("process_open_fds", .gauge, "Open files.", openFiles)
    }
}
