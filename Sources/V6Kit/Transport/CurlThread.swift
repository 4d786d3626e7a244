// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Foundation
internal import Synchronization

/// The thread that runs all transfers of one transport, see ``CurlLoop``.
///
/// `@unchecked Sendable`: `multi`, `running` and `sockets` are touched by the thread alone; everything else goes through `commands`.
final class CurlThread: @unchecked Sendable {
    enum Command {
        case begin(CurlTransfer)
        case cancel(CurlTransfer)
        case unpause(CurlTransfer)
        case connect(CurlSocket, CurlSocket.Writer)
        case send(CurlSocket, [UInt8], CurlSocket.Writer)
        case receive(CurlSocket, CurlSocket.Reader)
        case abandonReceive(CurlSocket)
        case close(CurlSocket)
        case stop
    }

    /// Done once a process, before the first handle, as libcurl demands.
    private static let isInitialized = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private let commands = Mutex<[Command]>([])
    private let multi: UnsafeMutableRawPointer?
    private var running: [ObjectIdentifier: CurlTransfer] = [:]
    private var sockets: [UnsafeMutableRawPointer: CurlSocket] = [:]

    init() {
        multi = Self.isInitialized ? curl_multi_init() : nil
    }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "curl"
        thread.start()
    }

    func post(_ command: Command) {
        commands.withLock { $0.append(command) }
        if let multi { curl_multi_wakeup(multi) }
    }

    private func run() {
        // A minute is only the longest nap: posting a command, a readable socket and curl's own timers end it.
        let longestNap: Int32 = 60_000
        while obey() {
            guard let multi else { continue }
            var active: Int32 = 0
            curl_multi_perform(multi, &active)
            settleEnded()
            var waits = sockets.values.compactMap { $0.work() }
            curl_multi_poll(multi, &waits, UInt32(waits.count), longestNap, nil)
        }
        for socket in sockets.values { close(socket) }
        for transfer in running.values { end(transfer, with: .failure(CancellationError())) }
        if let multi { curl_multi_cleanup(multi) }
    }

    /// Carries out what was posted; false once the loop was told to stop.
    private func obey() -> Bool {
        let posted = commands.withLock { commands in
            defer { commands = [] }
            return commands
        }
        for command in posted {
            switch command {
            case .begin(let transfer): begin(transfer)
            case .cancel(let transfer):
                transfer.isCancelled = true
                if running[ObjectIdentifier(transfer)] != nil { end(transfer, with: .failure(CancellationError())) }
            case .unpause(let transfer):
                if let easy = transfer.easy { curl_easy_pause(easy, CURLPAUSE_CONT) }
            case .connect(let socket, let continuation): connect(socket, continuation)
            case .send(let socket, let bytes, let writer): socket.send(bytes, writer)
            case .receive(let socket, let reader): socket.receive(reader)
            case .abandonReceive(let socket): socket.abandonReceive()
            case .close(let socket): close(socket)
            case .stop: return false
            }
        }
        return true
    }

    private func begin(_ transfer: CurlTransfer) {
        if transfer.isCancelled {
            transfer.finish(with: .failure(CancellationError()))
            return
        }
        guard let multi, let easy = transfer.open() else {
            transfer.finish(
                with: .failure(TransportError(code: .broken, message: "libcurl could not be initialized")))
            return
        }
        running[ObjectIdentifier(transfer)] = transfer
        curl_multi_add_handle(multi, easy)
    }

    private func connect(_ socket: CurlSocket, _ continuation: CurlSocket.Writer) {
        guard !socket.isCancelled, let multi, let easy = socket.open(continuation) else {
            continuation.resume(throwing: CancellationError())
            return
        }
        sockets[easy] = socket
        curl_multi_add_handle(multi, easy)
    }

    private func close(_ socket: CurlSocket) {
        socket.isCancelled = true
        if let easy = socket.easy {
            sockets[easy] = nil
            curl_multi_remove_handle(multi, easy)
        }
        socket.close()
    }

    private func settleEnded() {
        var result = CURLE_OK
        while let easy = v6_multi_next_ended(multi, &result) {
            if let socket = sockets[easy] {
                socket.opened(result)
                if result != CURLE_OK { close(socket) }
                continue
            }
            guard let context = v6_curl_context(easy) else { continue }
            let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            end(transfer, with: transfer.outcome(of: result))
        }
    }

    private func end(_ transfer: CurlTransfer, with outcome: Result<Void, any Error>) {
        running[ObjectIdentifier(transfer)] = nil
        if let easy = transfer.easy { curl_multi_remove_handle(multi, easy) }
        transfer.close()
        transfer.finish(with: outcome)
    }
}
