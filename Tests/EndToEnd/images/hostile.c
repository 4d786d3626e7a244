// SPDX-License-Identifier: Apache-2.0
// A test algorithm that tries what it must not be able to do. The method of its input says what; the result is a JSON
// object of attempts and what came of each: "got through", or the reason why not.

#define _GNU_SOURCE
#include "contract.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *result;
static int attempts;

static void report(const char *attempt, const char *outcome) {
    printf("%-44s %s\n", attempt, outcome);
    fprintf(result, "%s\"%s\": \"%s\"", attempts++ ? ", " : "", attempt, outcome);
    fflush(result);
}
static void judge(const char *attempt, int succeeded) { report(attempt, succeeded ? "got through" : strerror(errno)); }

static void reach(const char *attempt, const char *address, int port) {
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    struct timeval patience = {3, 0};
    int s = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, address, &target.sin_addr);
    setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    judge(attempt, connect(s, (struct sockaddr *)&target, sizeof target) == 0);
    close(s);
}
static void reach_socket(const char *attempt, const char *path) {
    struct sockaddr_un target = {.sun_family = AF_UNIX};
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(target.sun_path, sizeof target.sun_path, "%s", path);
    judge(attempt, connect(s, (struct sockaddr *)&target, sizeof target) == 0);
    close(s);
}
static void open_file(const char *attempt, const char *path, int flags) {
    int file = open(path, flags, 0644);
    judge(attempt, file >= 0);
    if (file >= 0) close(file);
}

// Asks a name server for the address of example.org.
static void resolve(const char *attempt, const char *server) {
    static const char question[] = "\1\2\1\0\0\1\0\0\0\0\0\0\7example\3org\0\0\1\0\1";
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons(53)};
    struct timeval patience = {2, 0};
    char answer[512];
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    inet_pton(AF_INET, server, &target.sin_addr);
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    judge(attempt, connect(s, (struct sockaddr *)&target, sizeof target) == 0 &&
                       send(s, question, sizeof question - 1, 0) > 0 && recv(s, answer, sizeof answer, 0) > 0);
    close(s);
}

// What the proxy answers to a request: only the status line counts.
static void ask_proxy(const char *attempt, const char *request) {
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    target.sin_port = htons((unsigned short)atoi(value_of("PORT")));
    struct timeval patience = {10, 0};
    char answer[64] = "";
    int s = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(s, (struct sockaddr *)&target, sizeof target) != 0 || write(s, request, strlen(request)) < 0 ||
        read(s, answer, sizeof answer - 1) <= 0) {
        report(attempt, "no answer");
    } else {
        answer[strcspn(answer, "\r\n")] = 0;
        report(attempt, strncmp(answer, "HTTP/1.1 2", 10) == 0 ? "got through" : answer);
    }
    close(s);
}

static void probe(const char *input) {
    reach("connect: server on the host", "127.0.0.1", (int)number_in(input, "\"server\""));
    reach("connect: registry on the host", "127.0.0.1", (int)number_in(input, "\"registry\""));
    reach("connect: host by the bridge", "172.17.0.1", (int)number_in(input, "\"server\""));
    reach("connect: another container", "172.17.0.2", 80);
    reach("connect: metadata address", "169.254.169.254", 80);
    reach("connect: name server 8.8.8.8", "8.8.8.8", 53);
    resolve("resolve: example.org at 8.8.8.8", "8.8.8.8");
    resolve("resolve: example.org at the engine", "127.0.0.11");
    open_file("write: /etc/resolv.conf", "/etc/resolv.conf", O_WRONLY);
    judge("raw socket", socket(AF_INET, SOCK_RAW, 1) >= 0);
    judge("packet socket", socket(AF_PACKET, SOCK_RAW, 0) >= 0);

    ask_proxy("proxy: without a token", "GET /organization HTTP/1.1\r\nHost: p\r\n\r\n");
    ask_proxy("proxy: with another token", "GET /organization HTTP/1.1\r\nHost: p\r\nAuthorization: Bearer x\r\n\r\n");
    ask_proxy("proxy: users", "GET /user HTTP/1.1\r\nHost: p\r\n\r\n");
    ask_proxy("proxy: path with ..", "GET /task/../user HTTP/1.1\r\nHost: p\r\n\r\n");
    ask_proxy("proxy: node login", "POST /token/node HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\n{}");

    reach_socket("docker socket: /var/run", "/var/run/docker.sock");
    reach_socket("docker socket: /run", "/run/docker.sock");
    reach_socket("socket of the relay", "/run/v6/s");

    open_file("read: /proc/kcore", "/proc/kcore", O_RDONLY);
    open_file("read: root of process 1 /etc/shadow", "/proc/1/root/etc/shadow", O_RDONLY);
    open_file("write: /proc/sysrq-trigger", "/proc/sysrq-trigger", O_WRONLY);
    open_file("write: /proc/sys/kernel/core_pattern", "/proc/sys/kernel/core_pattern", O_WRONLY);
    open_file("write: /sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/cgroup.procs", O_WRONLY);
    open_file("read: /dev/mem", "/dev/mem", O_RDONLY);
    open_file("read: /dev/sda", "/dev/sda", O_RDONLY);
    open_file("read: /dev/vda", "/dev/vda", O_RDONLY);
    open_file("write: /", "/file", O_WRONLY | O_CREAT);
    open_file("write: /etc/hosts", "/etc/hosts", O_WRONLY);
    open_file("write: /mnt/data", "/mnt/data/file", O_WRONLY | O_CREAT);
    open_file("write: own input", value_of("INPUT_FILE"), O_WRONLY);
    open_file("write: own token", value_of("TOKEN_FILE"), O_WRONLY);
    open_file("write: database", value_of("DEFAULT_DATABASE_URI"), O_WRONLY);
    open_file("write: its own starter", "/.v6/start", O_WRONLY);

    // Only the own folder and the databases that were asked for are there.
    int others = 0;
    DIR *folder = opendir("/mnt/data");
    char own[64];
    const char *task = strstr(value_of("INPUT_FILE"), "task-");
    snprintf(own, sizeof own, "%.*s", (int)strcspn(task, "/"), task);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (!strncmp(entry->d_name, "task-", 5) && strcmp(entry->d_name, own)) others++;
    report("files of other runs", others ? "got through" : "none there");

    judge("mount", mount("none", "/tmp", "tmpfs", 0, NULL) == 0);
    judge("chroot", chroot("/tmp") == 0);
    judge("make a device", mknod("/tmp/device", S_IFBLK | 0600, 0x800) == 0);
    judge("trace process 1", ptrace(PTRACE_ATTACH, 1, NULL, NULL) == 0);
    judge("load a kernel module", syscall(SYS_init_module, "", 0, "") == 0);
    judge("set the host name", sethostname("x", 1) == 0);
    judge("new mount name space", unshare(CLONE_NEWNS) == 0);
    judge("become another user", setuid(getuid() + 1) == 0);
    char line[200], capabilities[64] = "", privileges[8] = "";
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) {
        sscanf(line, "CapEff: %63s", capabilities);
        sscanf(line, "NoNewPrivs: %7s", privileges);
    }
    report("capabilities", strspn(capabilities, "0") == strlen(capabilities) ? "none" : "got through");
    report("gain privileges by exec", strcmp(privileges, "1") == 0 ? "never" : "got through");
}

static void fork_bomb(void) {
    int children = 0;
    for (; children < 5000; children++) {
        pid_t child = fork();
        if (child < 0) break;
        if (child == 0) {
            pause();
            _exit(0);
        }
    }
    char outcome[80];
    snprintf(outcome, sizeof outcome, "stopped at %d: %s", children, strerror(errno));
    report("fork bomb", children == 5000 ? "got through" : outcome);
}

// Fills what it is told to, 1 MB at a time.
static void fill(const char *attempt, const char *path, long megabytes) {
    static char block[1 << 20];
    signal(SIGXFSZ, SIG_IGN);
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    long written = 0;
    while (file >= 0 && written < megabytes && write(file, block, sizeof block) == (ssize_t)sizeof block) written++;
    char outcome[80];
    snprintf(outcome, sizeof outcome, "stopped after %ld MB: %s", written, strerror(errno));
    report(attempt, written == megabytes ? "got through" : outcome);
    if (file >= 0) close(file);
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    const char *input = read_input();
    const char *output = value_of("OUTPUT_FILE");
    long megabytes = (long)number_in(input, "\"megabytes\"");
    if (!(result = fopen(output, "w"))) return perror("output"), 1;
    fputc('{', result);
    if (strstr(input, "\"probe\"")) probe(input);
    if (strstr(input, "\"fork_bomb\"")) fork_bomb();
    if (strstr(input, "\"memory_bomb\""))
        for (long taken = 0; taken < megabytes; taken++) {
            volatile char *block = malloc(1 << 20); // volatile: or the compiler leaves it all out
            for (int i = 0; block && i < 1 << 20; i += 4096) block[i] = 1;
        }
    if (strstr(input, "\"fill_tmp\"")) fill("fill /tmp", "/tmp/file", megabytes);
    if (strstr(input, "\"fill_shared\"")) {
        char path[64];
        for (int i = 0; i < 1000; i++) {
            snprintf(path, sizeof path, "/mnt/tmp/file-%d", i);
            fill("fill the shared folder", path, 32);
            usleep(100000);
        }
    }
    if (strstr(input, "\"escapes\"")) printf("\033]0;owned\007\033[2J\033[31mred\x01 nul:%c bad utf-8:\xff\xfe\n", 0);
    if (strstr(input, "\"log_flood\"")) {
        char text[1024];
        memset(text, 'x', 1022);
        text[1022] = '\n';
        for (long line = 0; line < megabytes * 1024; line++) fwrite(text, 1, 1023, stdout);
        printf("end of the flood\n");
    }
    if (strstr(input, "\"stubborn\"")) {
        signal(SIGTERM, SIG_IGN);
        printf("ignoring SIGTERM\n");
        for (;;) pause();
    }
    if (strstr(input, "\"big_output\"")) {
        fclose(result);
        result = fopen("/dev/null", "w");
        fill("big output", output, megabytes);
        return 0;
    }
    fputc('}', result);
    return fclose(result) ? 1 : 0;
}
