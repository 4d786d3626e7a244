// SPDX-License-Identifier: Apache-2.0

import V6Kit

@testable import V6Console

extension Network {
    /// The last hour of a node: how busy it was at each minute, and how late.
    static func load(
        of node: Int, cpu: (Int) -> Double, memory: (Int) -> Int, lag: (Int) -> Double, silent: Bool = false
    ) -> NodeLoad? {
        func sample(_ minute: Int) -> String {
            #""lag":\#(lag(minute)),"cpu_percent":\#(cpu(minute)),"memory_used":\#(memory(minute) << 30),"#
                + #""memory_total":\#(16 << 30)"#
        }
        let samples = (0..<60).map { minute in
            #"{"at":"\#(now.adding(seconds: Double(minute - 59) * 60).text)",\#(sample(minute))}"#
        }
        let history = (0..<12).map { String(cpu($0 * 5)) }
        return decode(
            #"{"id":\#(node),"silent":\#(silent),\#(sample(59)),"cpu_history":[\#(history.joined(separator: ","))],"#
                + #""samples":[\#(samples.joined(separator: ","))]}"#)
    }

    /// One that has much to do, one whose answers come later and later, and one that is away.
    static let nodeLoads = [
        load(of: 1, cpu: { Double(20 + $0) }, memory: { 4 + $0 / 10 }, lag: { $0 == 20 ? 3 : 0.012 }),
        load(
            of: 2, cpu: { min(100, Double(40 + $0 * 2)) }, memory: { 8 + $0 / 8 },
            lag: { $0 < 50 ? 0.1 : Double($0 - 47) * 4 }),
        decode(#"{"id":3,"silent":false,"lag":null}"#),
    ].compactMap(\.self)

    /// The same network at a server that tells no load.
    static var withoutLoad: Federation {
        var federation = federation
        federation.absorb(.nodeLoads(nil, lead: 0), for: .nodeLoads, at: now)
        return federation
    }
}
