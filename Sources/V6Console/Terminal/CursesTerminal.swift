// SPDX-License-Identifier: Apache-2.0

import CNcurses
import Glibc

/// The terminal, by way of ncurses.
///
/// Belongs to the thread that opened it.
///
/// ncurses only carries cells to the terminal and keys from it: what a cell shows was decided in a ``Surface``.
final class CursesTerminal {
    /// What the person did.
    enum Input: Sendable {
        case key(Key)
        case paste(String)
        case mouse(Mouse)
    }

    /// Set when the terminal type was unknown and a common one is used instead.
    let notice: String?
    let colours: Int

    private let descriptor: Int32
    private var shown: Surface?
    private var paste: String?

    /// Opens the terminal.
    ///
    /// Nil if it is of no known type. The richer types are tried first, and missed in silence.
    init?(type: String, richerTypes: [String] = [], descriptor: Int32) {
        self.descriptor = descriptor
        v6_guard_install(descriptor)
        if (richerTypes + [type]).contains(where: { v6_term_open($0, descriptor) == 0 }) {
            notice = nil
        } else if v6_term_open("xterm-256color", descriptor) == 0 {
            notice = "Terminal type \"\(SafeText.line(type))\" is unknown here: using xterm-256color"
        } else {
            v6_guard_remove()
            return nil
        }
        colours = Int(v6_term_colours())
        signal(SIGWINCH, SIG_IGN)
    }

    /// Gives the terminal back for good.
    func end() {
        v6_term_end()
        v6_guard_remove()
    }

    /// Rows and columns as they are now.
    func size() -> Size {
        var rows: Int32 = 24
        var columns: Int32 = 80
        _ = v6_window_size(descriptor, &rows, &columns)
        return Size(rows: Int(rows), columns: Int(columns))
    }

    func resize(to size: Size) {
        v6_term_resize(Int32(size.rows), Int32(size.columns))
        shown = nil
    }

    func repaint() {
        shown = nil
        v6_term_repaint()
    }

    func bell() { v6_term_bell() }
    func useMouse(_ on: Bool) { v6_term_use_mouse(on ? 1 : 0) }

    /// Writes a sequence that ncurses does not know, such as the one for the clipboard.
    func write(_ sequence: String) {
        v6_term_write(descriptor, sequence, sequence.utf8.count)
    }

    /// Stops the process, as ctrl-z does in a program that shows nothing; returns when it goes on.
    func suspend() {
        v6_term_close()
        v6_stop_process()
        v6_term_resume()
        shown = nil
    }

    /// Gives the terminal to another program while `work` runs it.
    func lend(_ work: () -> Void) {
        v6_term_close()
        work()
        v6_term_resume()
        shown = nil
    }

    /// Shows a surface: only rows that changed go to ncurses, and only cells that changed go to the terminal.
    func show(_ surface: Surface) {
        guard surface != shown else { return }
        let known = shown?.size == surface.size ? shown : nil
        for row in 0..<surface.size.rows {
            let cells = surface.row(row)
            if let known, known.row(row) == cells { continue }
            for (column, cell) in cells.enumerated() where cell.width > 0 { put(cell, row: row, column: column) }
        }
        let cursor = surface.cursor
        v6_term_show(Int32(cursor?.row ?? -1), Int32(cursor?.column ?? 0))
        shown = surface
    }

    private func put(_ cell: Cell, row: Int, column: Int) {
        var scalars = cell.character.unicodeScalars.map { Int32(bitPattern: $0.value) }
        // Another C library may count a character differently; then the row would shift. A question mark never does.
        if let base = scalars.first, base > 0x7E, v6_width(base) != Int32(cell.width) {
            scalars = [0x3F]
            if cell.width == 2 { put(Cell(style: cell.style), row: row, column: column + 1) }
        }
        let style = cell.style.fitted(to: colours)
        let pair = v6_term_pair(Int32(style.foreground.index), Int32(style.background.index))
        v6_term_put(
            Int32(row), Int32(column), scalars, Int32(scalars.count), Int32(style.attributes.rawValue), pair)
    }

    /// The next thing the person did, or nil when there is nothing more now.
    func read() -> Input? {
        var code: Int32 = 0
        while true {
            switch v6_term_read(&code) {
            case Int32(V6_READ_CHARACTER):
                guard let scalar = Unicode.Scalar(UInt32(bitPattern: code)) else { continue }
                if paste != nil {
                    paste?.unicodeScalars.append(scalar == "\r" ? "\n" : scalar)
                    continue
                }
                if let key = Key(input: scalar) { return .key(key) }
            case Int32(V6_READ_KEY):
                if code == Int32(V6_KEY_PASTE_START) { paste = "" }
                if code == Int32(V6_KEY_PASTE_END), let text = paste {
                    paste = nil
                    return .paste(text)
                }
                if code == Int32(V6_KEY_MOUSE), let mouse = mouse() { return .mouse(mouse) }
                if paste == nil, let key = Key(curses: code) { return .key(key) }
            default:
                return nil
            }
        }
    }

    private func mouse() -> Mouse? {
        var row: Int32 = 0
        var column: Int32 = 0
        let kind = v6_term_mouse(&row, &column)
        let point = Point(row: Int(row), column: Int(column))
        switch kind {
        case Int32(V6_MOUSE_CLICK): return .click(point)
        case Int32(V6_MOUSE_WHEEL_UP): return .wheel(up: true)
        case Int32(V6_MOUSE_WHEEL_DOWN): return .wheel(up: false)
        default: return nil
        }
    }
}
