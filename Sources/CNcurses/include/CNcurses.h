// SPDX-License-Identifier: Apache-2.0
// The part of ncursesw that the console needs, as typed functions: macros, variadic calls and C globals do not cross into Swift.
#ifndef V6_CNCURSES_H
#define V6_CNCURSES_H

#include <stddef.h>
#include <stdint.h>

// What v6_term_read returns.
enum {
    V6_READ_NOTHING = 0,
    V6_READ_CHARACTER = 1,
    V6_READ_KEY = 2,
};

// Function keys, as v6_term_read reports them in `code` with V6_READ_KEY.
enum {
    V6_KEY_UNKNOWN = 0,
    V6_KEY_UP,
    V6_KEY_DOWN,
    V6_KEY_LEFT,
    V6_KEY_RIGHT,
    V6_KEY_HOME,
    V6_KEY_END,
    V6_KEY_PAGE_UP,
    V6_KEY_PAGE_DOWN,
    V6_KEY_BACKSPACE,
    V6_KEY_DELETE,
    V6_KEY_INSERT,
    V6_KEY_ENTER,
    V6_KEY_BACK_TAB,
    V6_KEY_RESIZE,
    V6_KEY_MOUSE,
    V6_KEY_PASTE_START,
    V6_KEY_PASTE_END,
    V6_KEY_FUNCTION,  // plus the number: F1 is V6_KEY_FUNCTION + 1
};

// A mouse event that the console listens to.
enum {
    V6_MOUSE_NONE = 0,
    V6_MOUSE_CLICK,
    V6_MOUSE_WHEEL_UP,
    V6_MOUSE_WHEEL_DOWN,
};

// Attributes of a cell.
enum {
    V6_BOLD = 1,
    V6_DIM = 2,
    V6_UNDERLINE = 4,
    V6_REVERSE = 8,
};

// Opens the terminal in raw mode. 0: open. -1: the terminal type is unknown.
int v6_term_open(const char *type, int descriptor);
// Leaves the alternate screen and gives the terminal back; may be followed by v6_term_resume.
void v6_term_close(void);
void v6_term_resume(void);
// Frees everything of v6_term_open.
void v6_term_end(void);

int v6_term_colours(void);
// Number of a colour pair, or 0 where the terminal has no more.
int v6_term_pair(int foreground, int background);
// Writes one cell: a base with its marks, as wide characters.
void v6_term_put(int row, int column, const int32_t *text, int length, int attributes, int pair);
// Shows what was written since the last time, in one go; a negative row hides the cursor.
void v6_term_show(int cursor_row, int cursor_column);
// Has the next v6_term_show paint everything anew.
void v6_term_repaint(void);
void v6_term_resize(int rows, int columns);
// One event of the input, without waiting.
int v6_term_read(int32_t *code);
int v6_term_mouse(int *row, int *column);
void v6_term_use_mouse(int on);
void v6_term_bell(void);
// Writes bytes past ncurses, for sequences it does not know.
void v6_term_write(int descriptor, const char *bytes, size_t length);

// Size of the terminal; 0 on success.
int v6_window_size(int descriptor, int *rows, int *columns);
// Columns of a character by the C library, -1 for what cannot be shown.
int v6_width(int32_t character);
// Chooses a locale with UTF-8 where there is one: 1 if the terminal speaks UTF-8, 0 if it speaks ASCII only.
int v6_use_locale(void);

// Has memory of large pieces go back to the system when they are freed, for a program that stays open for days: by itself
// the C library keeps more and more of what a long log or a big result once took.
void v6_return_large_memory(void);

// Gives the terminal back when the program dies of a fault. Saves the state it finds: call before v6_term_open.
void v6_guard_install(int descriptor);
void v6_guard_remove(void);
// What brings a terminal back.
const char *v6_reset_sequence(void);
// Adds a line that the guard prints on the restored terminal.
void v6_guard_say(const char *line);
// Stops the process as ctrl-z does; returns when it is continued.
void v6_stop_process(void);
// Runs a command of the shell on the terminal and waits for it; its exit code, or -1.
int v6_run_command(const char *command);

#endif
