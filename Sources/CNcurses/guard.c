// SPDX-License-Identifier: Apache-2.0
// Gives the terminal back when the program dies of a fault. Only calls that are safe in a signal handler.
#define _DEFAULT_SOURCE 1

#include "CNcurses.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static const char reset[] =
    "\033[?2004l\033[?1006l\033[?1002l\033[?1000l\033[?1l\033>\033[?1049l\033[?25h\033[0m\r\n";
static const int faults[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE};

static struct termios saved;
static int tty = -1;
static char words[512];
static size_t words_length;
static char stack[65536];

static void on_fault(int number) {
    if (tty >= 0) {
        ssize_t done = write(tty, reset, sizeof reset - 1);
        if (words_length > 0) done = write(tty, words, words_length);
        (void)done;
        tcsetattr(tty, TCSANOW, &saved);
    }
    signal(number, SIG_DFL);
    raise(number);
}

void v6_guard_install(int descriptor) {
    if (tcgetattr(descriptor, &saved) != 0) return;
    tty = descriptor;
    // A stack that overflowed has no room for a handler: it gets one of its own.
    stack_t own = {.ss_sp = stack, .ss_size = sizeof stack, .ss_flags = 0};
    sigaltstack(&own, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_fault;
    action.sa_flags = SA_NODEFER | SA_RESETHAND | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) sigaction(faults[i], &action, NULL);
}

void v6_guard_remove(void) {
    tty = -1;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) signal(faults[i], SIG_DFL);
}

const char *v6_reset_sequence(void) { return reset; }

void v6_guard_say(const char *line) {
    words_length = strlen(line);
    if (words_length > sizeof words - 2) words_length = sizeof words - 2;
    memcpy(words, line, words_length);
    memcpy(words + words_length, "\r\n", 2);
    words_length += 2;
}

void v6_stop_process(void) {
    // SIGTSTP to the group, as the terminal driver does it: the shell waits for the whole job, and where no shell would
    // continue it (an orphaned group) the kernel leaves it running.
    signal(SIGTSTP, SIG_DFL);
    kill(0, SIGTSTP);
}

int v6_run_command(const char *command) {
    int status = system(command);
    return status != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
