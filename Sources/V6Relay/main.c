// SPDX-License-Identifier: Apache-2.0
//
// v6-relay FOLDER ADDRESS:PORT=NAME...
//
// Listens on each loopback ADDRESS:PORT and forwards each connection to the Unix socket NAME in FOLDER. It is all that an
// algorithm can reach: it runs in a container without network, and the algorithm joins that container's network name space.
// A socket is looked up anew for each connection. A connection to the first one, the node's proxy, waits when it finds nobody
// there: the node may restart behind it unnoticed. At the others nobody may be meant to answer, so those are closed.
//
// The same program starts the algorithms, see start.c.
//
// One process, one poll loop, a fixed number of connections, no allocation: what the algorithm does to it cannot make it grow.

#define _GNU_SOURCE // accept4
#include "start.h"

#include <arpa/inet.h>
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

enum {
    MAX_CONNECTIONS = 128,
    KEPT_CONNECTIONS = 16, // only for the first listener: whoever floods another one must not lose the proxy
    MAX_LISTENERS = 64,
    BUFFER_SIZE = 32768,
    PATIENCE_SECONDS = 300,
    RETRY_MILLISECONDS = 200
};

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
    const char *path;
    int algorithm, node; // node is -1 while nobody listens at the socket
    time_t patience;     // until when that is waited for
    struct flow up, down;
};

struct listener {
    int descriptor;
    char path[sizeof ((struct sockaddr_un *)0)->sun_path];
};

static struct connection connections[MAX_CONNECTIONS];
static struct listener listeners[MAX_LISTENERS];

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

static void try_node(struct connection *c) {
    c->node = connect_node(c->path);
    if (c->node < 0) {
        if (now() >= c->patience) end(c);
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

static void accept_one(const struct listener *listener, int free_slots) {
    int algorithm = accept4(listener->descriptor, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (algorithm < 0) return;
    int is_first = listener == listeners;
    for (int i = 0; i < MAX_CONNECTIONS && (is_first || free_slots > KEPT_CONNECTIONS); i++) {
        struct connection *c = &connections[i];
        if (c->used) continue;
        c->used = 1;
        c->path = listener->path;
        c->algorithm = algorithm;
        c->patience = now() + (is_first ? PATIENCE_SECONDS : 0);
        try_node(c);
        return;
    }
    close(algorithm);
}

// Reads ADDRESS:PORT=NAME and listens there. Returns 0 when it is not of that form.
static int begin_listening(struct listener *listener, const char *folder, char *text) {
    char *colon = strchr(text, ':'), *equals = strchr(text, '=');
    if (!colon || !equals || equals < colon || !equals[1]) return 0;
    *colon = *equals = 0;
    long port = strtol(colon + 1, NULL, 10);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    if (port < 1 || port > 65535 || inet_pton(AF_INET, text, &address.sin_addr) != 1) return 0;
    int length = snprintf(listener->path, sizeof listener->path, "%s/%s", folder, equals + 1);
    if (length < 0 || (size_t)length >= sizeof listener->path) return 0;
    int yes = 1;
    listener->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener->descriptor < 0) fail("socket");
    setsockopt(listener->descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener->descriptor, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
    if (listen(listener->descriptor, MAX_CONNECTIONS) != 0) fail("listen");
    return 1;
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
    if (count > 1 && strcmp(arguments[1], "start") == 0) return start(count, arguments);
    sigset_t none; // whoever starts this may have blocked signals, which is inherited
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGTERM, stop);
    signal(SIGINT, stop);
    signal(SIGPIPE, SIG_IGN);

    int listening = count - 2;
    if (listening < 1 || listening > MAX_LISTENERS) listening = 0;
    for (int i = 0; i < listening; i++) {
        if (!begin_listening(&listeners[i], arguments[1], arguments[i + 2])) listening = 0;
    }
    if (!listening) {
        fprintf(stderr, "usage: v6-relay FOLDER ADDRESS:PORT=NAME...\n");
        return 64;
    }

    static struct pollfd entries[MAX_LISTENERS + 2 * MAX_CONNECTIONS];
    for (;;) {
        int free_slots = 0, waiting = 0;
        struct pollfd *pairs = entries + listening;
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            struct connection *c = &connections[i];
            if (!c->used) free_slots++;
            int open = c->used && c->node >= 0;
            if (c->used && !open) waiting++;
            pairs[2 * i] = open ? entry(c->algorithm, interest(&c->up, &c->down)) : entry(-1, 0);
            pairs[2 * i + 1] = open ? entry(c->node, interest(&c->down, &c->up)) : entry(-1, 0);
        }
        for (int i = 0; i < listening; i++) entries[i] = entry(listeners[i].descriptor, free_slots ? POLLIN : 0);
        if (poll(entries, (nfds_t)(listening + 2 * MAX_CONNECTIONS), waiting ? RETRY_MILLISECONDS : -1) < 0) {
            if (errno == EINTR) continue;
            fail("poll");
        }
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            struct connection *c = &connections[i];
            if (!c->used) continue;
            if (c->node < 0) {
                try_node(c);
                continue;
            }
            short algorithm = pairs[2 * i].revents, node = pairs[2 * i + 1].revents;
            if (!move(&c->up, algorithm, node) || !move(&c->down, node, algorithm)) end(c);
            else if (c->up.closed && c->down.closed) end(c);
        }
        for (int i = 0; i < listening; i++) {
            if (entries[i].revents & POLLIN) accept_one(&listeners[i], free_slots);
        }
    }
}
