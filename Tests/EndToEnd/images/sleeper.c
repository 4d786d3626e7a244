// SPDX-License-Identifier: Apache-2.0
// A test algorithm that takes its time: sleeps for the number of seconds in its input, leaves a mark in the folder that
// all runs of a job share, and returns how many marks are there. A run that was executed twice says 2. The result is filled
// up to as many megabytes as the input says.

#include "contract.h"

#include <dirent.h>
#include <time.h>
#include <unistd.h>

int main(void) {
    const char *input = read_input();
    char mark[1200];
    FILE *file;
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
    fprintf(file, "{\"slept\": %g, \"executions\": %d", seconds, marks);
    // A result as large as it is asked for.
    char filling[1024];
    memset(filling, 'x', sizeof filling);
    long kilobytes = (long)(number_in(input, "\"megabytes\"") * 1024);
    if (kilobytes) fputs(", \"filling\": \"", file);
    for (long i = 0; i < kilobytes; i++) fwrite(filling, 1, sizeof filling, file);
    fputs(kilobytes ? "\"}" : "}", file);
    return fclose(file) ? 1 : 0;
}
