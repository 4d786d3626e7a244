// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The time a server tells in the header field `Date` of every answer.
enum ServerClock {
    /// How many seconds a moment is ahead of the server's time; nil where it tells none.
    static func lead(of moment: Timestamp, over response: APIResponse) -> Int? {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let text = response.headers["Date"], let date = format.date(from: text) else { return nil }
        return Int(moment.date.timeIntervalSince(date).rounded())
    }
}
