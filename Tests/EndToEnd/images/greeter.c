// SPDX-License-Identifier: Apache-2.0
// A test service that listens at LISTEN_PORT of this machine and answers each line with its own name and the line.

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
    const char *port = getenv("LISTEN_PORT");
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((unsigned short)atoi(port ? port : "7000")),
        .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 8) != 0) return 1;
    for (;;) {
        char line[256], answer[300];
        int guest = accept(listener, NULL, NULL);
        ssize_t count = guest < 0 ? -1 : read(guest, line, sizeof line - 1);
        if (count > 0) {
            line[count] = 0;
            snprintf(answer, sizeof answer, "service %s", line);
            if (write(guest, answer, strlen(answer)) < 0) perror("write");
        }
        close(guest);
    }
}
