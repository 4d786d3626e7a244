// SPDX-License-Identifier: Apache-2.0
//
// The first process of every algorithm container: starts the image's own command, once and never again, and writes down in
// the run's status file what becomes of it. Engines can lose track of a container when they are killed in the middle of
// its start; this file cannot. One line a step:
//
//   began            is about to execute the command; from here on it counts as executed
//   running          the command executes
//   unrunnable N     it could not be executed, with the errno; nothing of the image ran
//   ended N          its exit code, 128 + the signal where one ended it
//   expired N        it was ended because it ran for more than N seconds
//
// The file stays locked for as long as this process lives. Removing it ends the algorithm: the node has no other way to
// end one that the engine lost track of.

#define _GNU_SOURCE // pipe2
#include "start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOT_STARTED = 125 };

static volatile pid_t child;

static void pass_on(int signal) {
    if (child > 0) kill(child, signal);
}

// Only interrupts what waits.
static void tick(int signal) { (void)signal; }

static time_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

static void note(int status, const char *text) {
    if (write(status, text, strlen(text)) < 0) perror("v6-relay: status");
}

static void note_number(int status, const char *word, int number) {
    char line[64];
    snprintf(line, sizeof line, "%s %d\n", word, number);
    note(status, line);
}

// As the engine looks a command up: in PATH unless it names a folder; nothing is tried with a shell.
static void execute(char **command) {
    const char *path = getenv("PATH");
    if (strchr(command[0], '/')) {
        execv(command[0], command);
        return;
    }
    int reason = ENOENT;
    if (!path || !*path) path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    while (*path) {
        size_t length = strcspn(path, ":");
        char place[4096];
        if (snprintf(place, sizeof place, "%.*s/%s", (int)length, length ? path : ".", command[0]) < (int)sizeof place) {
            execv(place, command);
            if (errno != ENOENT && errno != ENOTDIR) reason = errno;
        }
        path += length + (path[length] == ':');
    }
    errno = reason;
}

// Ends the algorithm; in a container, where this is the first process, everything else in it ends with this one.
static int end(void) {
    kill(child, SIGKILL);
    return 128 + SIGKILL;
}

// A lock that a dying predecessor still holds is let go of at once; one that is held on belongs to a living one.
static int lock(int status) {
    for (int attempt = 0; attempt < 100; attempt++) {
        if (flock(status, LOCK_EX | LOCK_NB) == 0) return 1;
        usleep(10000);
    }
    return 0;
}

int start(int count, char **arguments) {
    if (count < 6) {
        fprintf(stderr, "usage: v6-relay start STATUS FILE-BYTES SECONDS COMMAND [ARGUMENT...]\n");
        return 64;
    }
    int status = open(arguments[2], O_WRONLY | O_APPEND | O_CLOEXEC);
    struct stat before;
    if (status < 0 || fstat(status, &before) != 0) {
        perror("v6-relay: the status file of the run");
        return NOT_STARTED;
    }
    if (!lock(status) || fstat(status, &before) != 0 || before.st_size > 0) {
        fprintf(stderr, "v6-relay: this run was executed before, it is not executed again\n");
        return NOT_STARTED;
    }
    // Limits are lowered here and not by the engine: that needs no privilege anywhere.
    rlim_t bytes = strtoull(arguments[3], NULL, 10);
    struct rlimit files = {bytes, bytes}, cores = {0, 0};
    if (bytes && setrlimit(RLIMIT_FSIZE, &files) != 0) perror("v6-relay: limit of file sizes");
    setrlimit(RLIMIT_CORE, &cores);

    // The algorithm runs as the same user; it must not be able to trace this process.
    prctl(PR_SET_DUMPABLE, 0);

    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    struct sigaction action = {.sa_handler = pass_on, .sa_flags = SA_RESTART};
    int passed_on[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++) sigaction(passed_on[i], &action, NULL);

    note(status, "began\n");
    fdatasync(status);
    int channel[2]; // closed by a successful exec, carries errno otherwise
    if (pipe2(channel, O_CLOEXEC) != 0) {
        note_number(status, "unrunnable", errno);
        return NOT_STARTED;
    }
    child = fork();
    if (child == 0) {
        execute(arguments + 5);
        int reason = errno;
        if (write(channel[1], &reason, sizeof reason) < 0) _exit(NOT_STARTED);
        _exit(NOT_STARTED);
    }
    int reason = child < 0 ? errno : 0;
    close(channel[1]);
    if (reason || read(channel[0], &reason, sizeof reason) > 0) {
        fprintf(stderr, "v6-relay: %s: %s\n", arguments[5], strerror(reason));
        note_number(status, "unrunnable", reason);
        return NOT_STARTED;
    }
    close(channel[0]);
    note(status, "running\n");

    long seconds = strtol(arguments[4], NULL, 10);
    time_t begun = now();
    struct sigaction ticking = {.sa_handler = tick};
    struct itimerval second = {{1, 0}, {1, 0}};
    sigaction(SIGALRM, &ticking, NULL);
    setitimer(ITIMER_REAL, &second, NULL);

    // Orphans of the algorithm come here as well; the container ends with its first process.
    for (;;) {
        int ending;
        pid_t ended = wait(&ending);
        if (ended < 0 && errno != EINTR) return NOT_STARTED;
        if (ended == child) {
            int code = WIFEXITED(ending) ? WEXITSTATUS(ending) : 128 + WTERMSIG(ending);
            note_number(status, "ended", code);
            return code;
        }
        struct stat file;
        if (fstat(status, &file) == 0 && file.st_nlink == 0) return end();
        if (seconds > 0 && now() - begun >= seconds) {
            note_number(status, "expired", (int)seconds);
            return end();
        }
    }
}
