// SPDX-License-Identifier: Apache-2.0
// A test algorithm that visits addresses: says a line to each "host:port" in its input and returns what it was answered.
// Of an address "host:port>target" it first asks the proxy at host:port for a tunnel to the target.

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// The node hands over its values in base32, with '!' for '='.
static void value_of(const char *name, char *out, size_t room) {
    const char *encoded = getenv(name);
    unsigned bits = 0, buffer = 0;
    size_t length = 0;
    for (const char *c = encoded ? encoded : ""; *c && *c != '!' && length + 1 < room; c++) {
        unsigned digit = *c >= 'A' && *c <= 'Z' ? (unsigned)(*c - 'A') : (unsigned)(*c - '2' + 26);
        buffer = buffer << 5 | digit;
        bits += 5;
        if (bits >= 8) out[length++] = (char)(buffer >> (bits -= 8));
    }
    out[length] = 0;
}

// A static program has no resolver: the hosts file is all there is in its container anyway.
static int address_of(const char *host, struct in_addr *address) {
    if (inet_pton(AF_INET, host, address) == 1) return 1;
    FILE *file = fopen("/etc/hosts", "r");
    char line[512];
    int found = 0;
    while (file && !found && fgets(line, sizeof line, file)) {
        char *first = strtok(line, " \t\n");
        for (char *name = first; name && !found; name = strtok(NULL, " \t\n")) {
            found = name != first && !strcmp(name, host) && inet_pton(AF_INET, first, address) == 1;
        }
    }
    if (file) fclose(file);
    return found;
}

static int connect_to(const char *host, const char *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port))};
    if (!address_of(host, &address.sin_addr)) return -1;
    int place = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(place, (struct sockaddr *)&address, sizeof address) != 0) {
        close(place);
        return -1;
    }
    return place;
}

static size_t say(int place, const char *words, char *answer, size_t room) {
    ssize_t count = write(place, words, strlen(words)) < 0 ? 0 : read(place, answer, room - 1);
    answer[count > 0 ? count : 0] = 0;
    return strlen(answer);
}

static void visit(char *address, char *answer, size_t room) {
    char words[256], *target = strchr(address, '>');
    if (target) *target++ = 0;
    char *port = strrchr(address, ':');
    if (!port) return (void)snprintf(answer, room, "no address");
    *port++ = 0;
    int place = connect_to(address, port);
    if (place < 0) return (void)snprintf(answer, room, "no way");
    if (target) {
        snprintf(words, sizeof words, "CONNECT %s HTTP/1.1\r\n\r\n", target);
        say(place, words, answer, room);
        if (!strstr(answer, " 200 ")) {
            answer[strcspn(answer, "\r\n")] = 0;
            close(place);
            return;
        }
    }
    if (!say(place, "hello\n", answer, room)) snprintf(answer, room, "closed");
    close(place);
}

int main(void) {
    char path[512], input[4096] = "", answer[4096];
    value_of("INPUT_FILE", path, sizeof path);
    FILE *file = fopen(path, "r");
    if (!file) return perror(path), 1;
    input[fread(input, 1, sizeof input - 1, file)] = 0;
    fclose(file);
    value_of("OUTPUT_FILE", path, sizeof path);
    if (!(file = fopen(path, "w"))) return perror(path), 1;

    fprintf(file, "{");
    char *list = strstr(input, "\"places\""), *rest = NULL;
    list = list ? strchr(list, ':') : NULL;
    list = list ? strchr(list, '"') : NULL;
    if (list) list[1 + strcspn(list + 1, "\"")] = 0;
    int first = 1;
    for (char *item = list ? strtok_r(list + 1, ",", &rest) : NULL; item; item = strtok_r(NULL, ",", &rest)) {
        char name[256];
        snprintf(name, sizeof name, "%s", item);
        visit(item, answer, sizeof answer);
        for (char *c = answer; *c; c++) {
            if (!isprint((unsigned char)*c) || *c == '"' || *c == '\\') *c = ' ';
        }
        fprintf(file, "%s\"%s\": \"%s\"", first ? "" : ", ", name, answer);
        first = 0;
    }
    value_of("HTTPS_PROXY", answer, sizeof answer);
    fprintf(file, "%s\"proxy\": \"%s\"", first ? "" : ", ", answer);
    value_of("REMOTE_DATABASE_URI", answer, sizeof answer);
    fprintf(file, ", \"uri\": \"%s\"", answer);

    // The one variable that is not encoded, and the name of the method in the file that it names.
    const char *context = getenv("RUN_CONTEXT_FILE");
    FILE *description = context ? fopen(context, "r") : NULL;
    if (description) {
        answer[fread(answer, 1, sizeof answer - 1, description)] = 0;
        fclose(description);
        char *entry = strstr(answer, "\"name\": \""), *end = entry ? strchr(entry + 9, '"') : NULL;
        if (end) *end = 0;
        fprintf(file, ", \"context\": \"%s\", \"entry\": \"%s\"", context, end ? entry + 9 : "");
    }
    fprintf(file, "}");
    return fclose(file) ? 1 : 0;
}
