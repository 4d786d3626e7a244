// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import V6Console

/// Colours that a person can read and tell apart.
@Suite struct ThemeTests {
    /// Brightness of a colour of the palette of 256 as WCAG has it, 0 to 1; nil for those the terminal chooses.
    private func luminance(_ colour: Colour) -> Double? {
        let parts: [Int]
        switch colour.index {
        case 16...231:
            let cube = [0, 95, 135, 175, 215, 255]
            let index = colour.index - 16
            parts = [cube[index / 36], cube[index / 6 % 6], cube[index % 6]]
        case 232...255: parts = Array(repeating: 8 + (colour.index - 232) * 10, count: 3)
        default: return nil
        }
        let linear = parts.map { part in
            let share = Double(part) / 255
            return share <= 0.03928 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    private static let quiet: Set<TextRole> = [.border, .disabled]

    @Test(arguments: Theme.all.map(\.name)) func textStandsOutFromWhatIsBehindIt(_ name: String) throws {
        let theme = try #require(Theme.named(name))
        for role in TextRole.allCases where !Self.quiet.contains(role) {
            let style = theme.style(role)
            guard let text = luminance(style.foreground) else { continue }
            let behind = luminance(style.background) ?? (name == "light" ? 1 : 0)
            let contrast = (max(text, behind) + 0.05) / (min(text, behind) + 0.05)
            #expect(contrast >= 4.5, "\(name): \(role) has a contrast of \(contrast)")
        }
    }

    @Test(arguments: Theme.all.map(\.name)) func blackIsNeverBold(_ name: String) throws {
        let theme = try #require(Theme.named(name))
        for role in TextRole.allCases {
            let style = theme.style(role)
            #expect(
                style.foreground != .black || !style.attributes.contains(.bold),
                "\(name): \(role) is grey where bold means bright")
        }
    }
}
