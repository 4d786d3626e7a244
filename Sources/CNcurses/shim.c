// SPDX-License-Identifier: Apache-2.0
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE 1
#define NCURSES_WIDECHAR 1

#include "CNcurses.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define PASTE_START 0x2001
#define PASTE_END 0x2002
#define MAXIMUM_PAIRS 4096

static SCREEN *screen;
static FILE *input, *output;
static int tty = -1;
static int mouse_on;
static struct { int foreground, background; } pairs[MAXIMUM_PAIRS];
static int pair_count;

static void write_all(int descriptor, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t done = write(descriptor, bytes, length);
        if (done <= 0) return;
        bytes += done;
        length -= (size_t)done;
    }
}

// Keypad mode makes terminals send one form; multiplexers and old programs send the other. Both are known here.
static void define_keys(void) {
    static const struct { const char *bytes; int code; } extra[] = {
        {"\033[A", KEY_UP},    {"\033OA", KEY_UP},    {"\033[B", KEY_DOWN},  {"\033OB", KEY_DOWN},
        {"\033[C", KEY_RIGHT}, {"\033OC", KEY_RIGHT}, {"\033[D", KEY_LEFT},  {"\033OD", KEY_LEFT},
        {"\033[H", KEY_HOME},  {"\033OH", KEY_HOME},  {"\033[F", KEY_END},   {"\033OF", KEY_END},
        {"\033[1~", KEY_HOME}, {"\033[4~", KEY_END},  {"\033[3~", KEY_DC},   {"\033[5~", KEY_PPAGE},
        {"\033[6~", KEY_NPAGE}, {"\033OM", KEY_ENTER}, {"\033[Z", KEY_BTAB},
        {"\033OP", KEY_F(1)},  {"\033OQ", KEY_F(2)},  {"\033OR", KEY_F(3)},  {"\033OS", KEY_F(4)},
        {"\033[11~", KEY_F(1)}, {"\033[12~", KEY_F(2)}, {"\033[13~", KEY_F(3)}, {"\033[14~", KEY_F(4)},
        {"\033[200~", PASTE_START}, {"\033[201~", PASTE_END},
    };
    for (size_t i = 0; i < sizeof extra / sizeof extra[0]; i++) define_key(extra[i].bytes, extra[i].code);
}

static void modes_on(void) {
    static const char paste[] = "\033[?2004h";
    write_all(tty, paste, sizeof paste - 1);
    if (mouse_on) v6_term_use_mouse(1);
}

static void modes_off(void) {
    static const char paste[] = "\033[?2004l";
    write_all(tty, paste, sizeof paste - 1);
}

int v6_term_open(const char *type, int descriptor) {
    tty = descriptor;
    input = fdopen(dup(descriptor), "r");
    output = fdopen(dup(descriptor), "w");
    if (!input || !output) return -1;
    if (!getenv("ESCDELAY")) set_escdelay(25);
    screen = newterm(type, output, input);
    if (!screen) {
        fclose(input);
        fclose(output);
        input = output = NULL;
        return -1;
    }
    set_term(screen);
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    intrflush(stdscr, FALSE);
    define_keys();
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    pair_count = 1;
    curs_set(0);
    modes_on();
    return 0;
}

void v6_term_close(void) {
    if (!screen) return;
    modes_off();
    if (mouse_on) mousemask(0, NULL);
    endwin();
}

void v6_term_resume(void) {
    if (!screen) return;
    raw();
    doupdate();
    modes_on();
    clearok(stdscr, TRUE);
}

void v6_term_end(void) {
    if (!screen) return;
    v6_term_close();
    delscreen(screen);
    screen = NULL;
    fclose(input);
    fclose(output);
    input = output = NULL;
}

int v6_term_colours(void) { return has_colors() ? COLORS : 0; }

int v6_term_pair(int foreground, int background) {
    if (!has_colors() || (foreground < 0 && background < 0)) return 0;
    int colours = COLORS;
    if (foreground >= colours) foreground = foreground < 16 && colours >= 8 ? foreground % 8 : -1;
    if (background >= colours) background = background < 16 && colours >= 8 ? background % 8 : -1;
    if (foreground < 0 && background < 0) return 0;
    for (int i = 1; i < pair_count; i++)
        if (pairs[i].foreground == foreground && pairs[i].background == background) return i;
    int limit = COLOR_PAIRS < MAXIMUM_PAIRS ? COLOR_PAIRS : MAXIMUM_PAIRS;
    if (pair_count >= limit || init_extended_pair(pair_count, foreground, background) == ERR) return 0;
    pairs[pair_count].foreground = foreground;
    pairs[pair_count].background = background;
    return pair_count++;
}

void v6_term_put(int row, int column, const int32_t *text, int length, int attributes, int pair) {
    wchar_t wide[CCHARW_MAX + 1];
    cchar_t cell;
    attr_t attribute = A_NORMAL;
    if (length > CCHARW_MAX) length = CCHARW_MAX;
    for (int i = 0; i < length; i++) wide[i] = (wchar_t)text[i];
    wide[length] = 0;
    if (attributes & V6_BOLD) attribute |= A_BOLD;
    if (attributes & V6_DIM) attribute |= A_DIM;
    if (attributes & V6_UNDERLINE) attribute |= A_UNDERLINE;
    if (attributes & V6_REVERSE) attribute |= A_REVERSE;
    if (setcchar(&cell, wide, attribute, (short)pair, &pair) == OK) mvwadd_wch(stdscr, row, column, &cell);
}

void v6_term_show(int cursor_row, int cursor_column) {
    if (cursor_row >= 0) wmove(stdscr, cursor_row, cursor_column);
    curs_set(cursor_row >= 0 ? 1 : 0);
    wnoutrefresh(stdscr);
    doupdate();
}

void v6_term_repaint(void) { clearok(stdscr, TRUE); }

void v6_term_resize(int rows, int columns) {
    resizeterm(rows, columns);
    werase(stdscr);
    clearok(stdscr, TRUE);
}

int v6_term_read(int32_t *code) {
    wint_t character = 0;
    int kind = wget_wch(stdscr, &character);
    if (kind == ERR) return V6_READ_NOTHING;
    if (kind == OK) {
        *code = (int32_t)character;
        return V6_READ_CHARACTER;
    }
    switch ((int)character) {
    case KEY_UP: *code = V6_KEY_UP; break;
    case KEY_DOWN: *code = V6_KEY_DOWN; break;
    case KEY_LEFT: *code = V6_KEY_LEFT; break;
    case KEY_RIGHT: *code = V6_KEY_RIGHT; break;
    case KEY_HOME: *code = V6_KEY_HOME; break;
    case KEY_END: *code = V6_KEY_END; break;
    case KEY_PPAGE: *code = V6_KEY_PAGE_UP; break;
    case KEY_NPAGE: *code = V6_KEY_PAGE_DOWN; break;
    case KEY_BACKSPACE: *code = V6_KEY_BACKSPACE; break;
    case KEY_DC: *code = V6_KEY_DELETE; break;
    case KEY_IC: *code = V6_KEY_INSERT; break;
    case KEY_ENTER: *code = V6_KEY_ENTER; break;
    case KEY_BTAB: *code = V6_KEY_BACK_TAB; break;
    case KEY_RESIZE: *code = V6_KEY_RESIZE; break;
    case KEY_MOUSE: *code = V6_KEY_MOUSE; break;
    case PASTE_START: *code = V6_KEY_PASTE_START; break;
    case PASTE_END: *code = V6_KEY_PASTE_END; break;
    default:
        if ((int)character > KEY_F0 && (int)character <= KEY_F(24))
            *code = V6_KEY_FUNCTION + ((int)character - KEY_F0);
        else
            *code = V6_KEY_UNKNOWN;
    }
    return V6_READ_KEY;
}

int v6_term_mouse(int *row, int *column) {
    MEVENT event;
    if (getmouse(&event) != OK) return V6_MOUSE_NONE;
    *row = event.y;
    *column = event.x;
    if (event.bstate & BUTTON4_PRESSED) return V6_MOUSE_WHEEL_UP;
    if (event.bstate & BUTTON5_PRESSED) return V6_MOUSE_WHEEL_DOWN;
    if (event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED)) return V6_MOUSE_CLICK;
    return V6_MOUSE_NONE;
}

void v6_term_use_mouse(int on) {
    mouse_on = on;
    mouseinterval(0);
    mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

void v6_term_bell(void) { beep(); }

void v6_term_write(int descriptor, const char *bytes, size_t length) { write_all(descriptor, bytes, length); }

int v6_window_size(int descriptor, int *rows, int *columns) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return -1;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

void v6_return_large_memory(void) {
#ifdef __GLIBC__
    // Setting the limit, here to its first value, ends its growth with what is freed.
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
#endif
}

int v6_width(int32_t character) { return wcwidth((wchar_t)character); }

int v6_use_locale(void) {
    setlocale(LC_ALL, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return 1;
    // The terminal was promised another character set: stay with ASCII on screen, but let ncurses and the decoder read UTF-8.
    setlocale(LC_CTYPE, "C.UTF-8");
    return 0;
}
