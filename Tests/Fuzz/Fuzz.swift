// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What libFuzzer calls: the decoders of what a stranger can send: over a realtime connection, in a query, a body or a
/// token, and of what an algorithm writes.
///
/// The first byte chooses the decoder. Beside not crashing, each has to keep a promise: bytes mean the same however they are
/// split, and what was read is read again alike after it was written.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let choice = bytes.first else { return 0 }
    let input = Array(bytes.dropFirst())
    switch choice % 8 {
    case 0: frames(input, from: .client)
    case 1: frames(input, from: .server)
    case 2: packets(String(decoding: input, as: UTF8.self))
    case 4: upgrade(input)
    case 5: words(String(decoding: input, as: UTF8.self))
    case 6: log(input)
    case 7: query(String(decoding: input, as: UTF8.self))
    default: json(String(decoding: input, as: UTF8.self))
    }
    return 0
}

private func require(_ condition: Bool, _ promise: StaticString) {
    precondition(condition, "\(promise)")
}

private func frames(_ bytes: [UInt8], from peer: WebSocketDecoder.Peer) {
    func read(in pieces: Int) -> (messages: [WebSocketMessage], error: WebSocketError?) {
        var decoder = WebSocketDecoder(from: peer, limit: 1000)
        var messages: [WebSocketMessage] = []
        var rest = bytes[...]
        do {
            while !rest.isEmpty {
                decoder.feed(rest.prefix(pieces))
                rest = rest.dropFirst(pieces)
                while let message = try decoder.next() { messages.append(message) }
            }
        } catch {
            return (messages, error)
        }
        return (messages, nil)
    }
    let whole = read(in: max(1, bytes.count))
    for pieces in [1, 3] {
        let split = read(in: pieces)
        require(split.messages == whole.messages && split.error == whole.error, "a split changes nothing")
    }
    for message in whole.messages {
        var decoder = WebSocketDecoder(from: peer, limit: 1000)
        decoder.feed(message.frame(mask: peer == .client ? 0x0102_0304 : nil))
        require((try? decoder.next()) == message, "a frame that was read can be written and read again")
    }
}

private func packets(_ text: String) {
    guard let packets = try? EngineIOPayload.decode(text) else { return }
    let again = try? EngineIOPayload.decode(EngineIOPayload.encode(packets))
    require(again == packets, "a payload that was read can be written and read again")
    for case .message(let content) in packets {
        guard let packet = try? SocketIOPacket(content) else { continue }
        require((try? SocketIOPacket(packet.text)) == packet, "a packet that was read can be written and read again")
        if let event = packet.event { _ = NumberedEvents.read(event) }
    }
}

private func json(_ text: String) {
    guard let value = try? JSONValue(parsing: text) else { return }
    // In Python's form, which has words for the infinities; NaN equals nothing, so the texts are compared.
    let text = value.text(.python)
    require((try? JSONValue(parsing: text))?.text(.python) == text, "JSON that was read can be written and read again")
}

private func upgrade(_ bytes: [UInt8]) {
    func read(in pieces: Int) -> String {
        var answer = UpgradeAnswer()
        var rest = bytes[...]
        do {
            while !rest.isEmpty {
                let piece = rest.prefix(pieces)
                rest = rest.dropFirst(pieces)
                if let head = try answer.feed(Array(piece)) {
                    return "\(head.status) \(head.headers) \(head.rest + rest)"
                }
            }
        } catch {
            return "\(error)"
        }
        return "not whole"
    }
    let whole = read(in: max(1, bytes.count))
    for pieces in [1, 3] { require(read(in: pieces) == whole, "a split changes nothing") }
}

private func words(_ text: String) {
    if let moment = Timestamp(text) {
        require(Timestamp(moment.text) == moment, "a time that was read can be written and read again")
        require(Timestamp(moment.sqlText) == moment, "the form of the database says the same")
    }
    if let bytes = Base64URL.decode(text[...]) {
        require(Base64URL.decode(Base64URL.encode(bytes)[...]) == bytes, "bytes can be written and read again")
    }
    let address = ClientAddress.find(peer: "10.0.0.1", forwarded: text, trusted: ["10.0.0.1", "10.0.0.2"])
    require(address.utf8.count <= 64 && address != "10.0.0.2", "an address is short, and none of a proxy")
}

private func query(_ text: String) {
    let query = Query(text)
    let again = query.items.map { Query.encoded($0.name) + "=" + Query.encoded($0.value) }.joined(separator: "&")
    require(Query(again) == query, "a query that was read can be written and read again")
    require(Query(query.text(page: 7))["page"] == "7", "a page that was put in is found")
    for item in query.items { require(query.all(item.name).contains(item.value), "each value is found by its name") }
}

private func log(_ bytes: [UInt8]) {
    func read(in pieces: Int) -> (text: String, lines: [Data]) {
        var frames = LogDemultiplexer()
        var decoder = TextDecoder()
        var splitter = LineSplitter()
        var text = ""
        var lines: [Data] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Data(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            text += decoder.feed(frames.feed(piece))
            lines += splitter.feed(piece)
        }
        return (text + decoder.finish(), lines)
    }
    let whole = read(in: max(1, bytes.count))
    for pieces in [1, 3] {
        let split = read(in: pieces)
        require(split.text == whole.text && split.lines == whole.lines, "a split changes nothing")
    }
    require(!whole.text.utf8.contains(0), "no NUL reaches a database")
}
