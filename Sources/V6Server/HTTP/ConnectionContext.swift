// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import NIOCore

/// What Hummingbird carries beside a request, and the other end of the connection it came over.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address of the other end; empty when there is none.
    let peer: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? ""
    }
}
