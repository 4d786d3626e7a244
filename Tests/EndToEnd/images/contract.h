// SPDX-License-Identifier: Apache-2.0
// What the test algorithms share: the node's variables, and numbers and words of the input.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static const char *read_input(void) {
    static char input[65536];
    FILE *file = fopen(value_of("INPUT_FILE"), "r");
    if (!file) {
        perror("input");
        exit(1);
    }
    input[fread(input, 1, sizeof input - 1, file)] = 0;
    fclose(file);
    return input;
}

static double number_in(const char *input, const char *key) {
    const char *found = strstr(input, key);
    if (!found || !(found = strchr(found, ':'))) return 0;
    return atof(found + 1);
}
