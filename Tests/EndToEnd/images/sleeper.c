// SPDX-License-Identifier: Apache-2.0
// A test algorithm that takes its time: sleeps for the number of seconds in its input, leaves a mark in the folder that
// all runs of a job share, and returns how many marks are there. A run that was executed twice says 2.

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// The node hands over its values in base32, with '!' for '='.
static const char *value_of(const char *name) {
    static char text[4][1024];
    static int next = 0;
    const char *encoded = getenv(name);
    if (!encoded) {
        fprintf(stderr, "no %s in the environment\n", name);
        exit(1);
    }
    char *out = text[next++ % 4];
    unsigned bits = 0, buffer = 0;
    size_t length = 0;
    for (const char *c = encoded; *c && *c != '!' && length < 1023; c++) {
        unsigned digit = *c >= 'A' && *c <= 'Z' ? (unsigned)(*c - 'A') : (unsigned)(*c - '2' + 26);
        buffer = buffer << 5 | digit;
        bits += 5;
        if (bits >= 8) out[length++] = (char)(buffer >> (bits -= 8));
    }
    out[length] = 0;
    return out;
}

static double number_in(const char *input, const char *key) {
    const char *found = strstr(input, key);
    if (!found || !(found = strchr(found, ':'))) return 0;
    return atof(found + 1);
}

int main(void) {
    char input[4096] = "", mark[1200];
    FILE *file = fopen(value_of("INPUT_FILE"), "r");
    if (!file) return perror("input"), 1;
    size_t size = fread(input, 1, sizeof input - 1, file);
    input[size] = 0;
    fclose(file);

    const char *shared = value_of("TEMPORARY_FOLDER");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(mark, sizeof mark, "%s/mark-%lld-%ld", shared, (long long)now.tv_sec, now.tv_nsec);
    if (!(file = fopen(mark, "w"))) return perror(mark), 1;
    fclose(file);

    double seconds = number_in(input, "\"seconds\"");
    for (double gone = 0; gone < seconds; gone += 0.25) {
        printf("slept %.2f of %.2f s\n", gone, seconds);
        fflush(stdout);
        usleep(250000);
    }

    int marks = 0;
    DIR *folder = opendir(shared);
    if (!folder) return perror(shared), 1;
    for (struct dirent *entry; (entry = readdir(folder));) marks += !strncmp(entry->d_name, "mark-", 5);
    closedir(folder);

    if (!(file = fopen(value_of("OUTPUT_FILE"), "w"))) return perror("output"), 1;
    fprintf(file, "{\"slept\": %g, \"executions\": %d}", seconds, marks);
    return fclose(file) ? 1 : 0;
}
