// SPDX-License-Identifier: Apache-2.0
//
// v6-relay PORT SOCKET
//
// Listens on 127.0.0.1:PORT and forwards each connection to the Unix socket SOCKET. It is all that an algorithm can reach:
// it runs in a container without network, and the algorithm joins that container's network name space. SOCKET is looked up
// anew for each connection, and a connection that finds nobody there waits: the node may restart behind it unnoticed.
//
// One process, one poll loop, a fixed number of connections, no allocation: what the algorithm does to it cannot make it grow.

#define _GNU_SOURCE // accept4
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 64, BUFFER_SIZE = 32768, PATIENCE_SECONDS = 300, RETRY_MILLISECONDS = 200 };

// One direction of a connection: bytes read from `from` that `to` has not taken yet.
struct flow {
    int from, to;
    size_t start, end;
    int finished; // no more comes from `from`
    int closed;   // `to` was told so
    char bytes[BUFFER_SIZE];
};

struct connection {
    int used;
    int algorithm, node; // node is -1 while nobody listens at the socket
    time_t patience;     // until when that is waited for
    struct flow up, down;
};

static struct connection connections[MAX_CONNECTIONS];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

// The kernel gives a container's first process no default action for signals.
static void stop(int signal) {
    (void)signal;
    _exit(0);
}

static int connect_node(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) return -1;
    strcpy(address.sun_path, path);
    int node = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (node < 0) return -1;
    if (connect(node, (struct sockaddr *)&address, sizeof address) != 0 || fcntl(node, F_SETFL, O_NONBLOCK) != 0) {
        close(node);
        return -1;
    }
    return node;
}

static void begin(struct flow *flow, int from, int to) {
    flow->from = from;
    flow->to = to;
    flow->start = flow->end = 0;
    flow->finished = flow->closed = 0;
}

static void end(struct connection *c) {
    close(c->algorithm);
    if (c->node >= 0) close(c->node);
    c->used = 0;
}

static time_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

static void try_node(struct connection *c, const char *path) {
    c->node = connect_node(path);
    if (c->node < 0) {
        if (now() > c->patience) end(c);
        return;
    }
    begin(&c->up, c->algorithm, c->node);
    begin(&c->down, c->node, c->algorithm);
}

// Moves what can be moved. Returns 0 when the connection is broken.
static int move(struct flow *flow, short from_events, short to_events) {
    if (flow->end == 0 && !flow->finished && (from_events & (POLLIN | POLLHUP | POLLERR))) {
        ssize_t count = read(flow->from, flow->bytes, BUFFER_SIZE);
        if (count > 0) {
            flow->end = (size_t)count;
            to_events |= POLLOUT; // very likely there is room: try without another round
        } else if (count == 0) {
            flow->finished = 1;
        } else if (errno != EAGAIN && errno != EINTR) {
            return 0;
        }
    }
    if (flow->start < flow->end && (to_events & (POLLOUT | POLLHUP | POLLERR))) {
        ssize_t count = send(flow->to, flow->bytes + flow->start, flow->end - flow->start, MSG_NOSIGNAL);
        if (count > 0) {
            flow->start += (size_t)count;
            if (flow->start == flow->end) flow->start = flow->end = 0;
        } else if (count < 0 && errno != EAGAIN && errno != EINTR) {
            return 0;
        }
    }
    if (flow->finished && flow->end == 0 && !flow->closed) {
        shutdown(flow->to, SHUT_WR);
        flow->closed = 1;
    }
    return 1;
}

static void accept_one(int listener, const char *path) {
    int algorithm = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (algorithm < 0) return;
    for (int i = 0; i < MAX_CONNECTIONS; i++) {
        struct connection *c = &connections[i];
        if (c->used) continue;
        c->used = 1;
        c->algorithm = algorithm;
        c->patience = now() + PATIENCE_SECONDS;
        try_node(c, path);
        return;
    }
    close(algorithm);
}

// What to wait for at a descriptor that `in` reads from and `out` writes to.
static short interest(const struct flow *in, const struct flow *out) {
    short events = 0;
    if (in->end == 0 && !in->finished) events |= POLLIN;
    if (out->end != 0) events |= POLLOUT;
    return events;
}

static struct pollfd entry(int descriptor, short events) {
    // Without interest the descriptor is left out: a hang-up would be reported again and again.
    return (struct pollfd){.fd = events ? descriptor : -1, .events = events};
}

int main(int count, char **arguments) {
    long port = count == 3 ? strtol(arguments[1], NULL, 10) : 0;
    if (port < 1 || port > 65535) {
        fprintf(stderr, "usage: v6-relay PORT SOCKET\n");
        return 64;
    }
    const char *path = arguments[2];
    sigset_t none; // whoever starts this may have blocked signals, which is inherited
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGTERM, stop);
    signal(SIGINT, stop);
    signal(SIGPIPE, SIG_IGN);

    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int yes = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (listener < 0) fail("socket");
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
    if (listen(listener, MAX_CONNECTIONS) != 0) fail("listen");

    static struct pollfd entries[1 + 2 * MAX_CONNECTIONS];
    for (;;) {
        int free_slots = 0, waiting = 0;
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            struct connection *c = &connections[i];
            if (!c->used) free_slots++;
            int open = c->used && c->node >= 0;
            if (c->used && !open) waiting++;
            entries[1 + 2 * i] = open ? entry(c->algorithm, interest(&c->up, &c->down)) : entry(-1, 0);
            entries[2 + 2 * i] = open ? entry(c->node, interest(&c->down, &c->up)) : entry(-1, 0);
        }
        entries[0] = entry(listener, free_slots ? POLLIN : 0);
        if (poll(entries, 1 + 2 * MAX_CONNECTIONS, waiting ? RETRY_MILLISECONDS : -1) < 0) {
            if (errno == EINTR) continue;
            fail("poll");
        }
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            struct connection *c = &connections[i];
            if (!c->used) continue;
            if (c->node < 0) {
                try_node(c, path);
                continue;
            }
            short algorithm = entries[1 + 2 * i].revents, node = entries[2 + 2 * i].revents;
            if (!move(&c->up, algorithm, node) || !move(&c->down, node, algorithm)) end(c);
            else if (c->up.closed && c->down.closed) end(c);
        }
        if (entries[0].revents & POLLIN) accept_one(listener, path);
    }
}
