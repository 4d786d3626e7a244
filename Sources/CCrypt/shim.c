// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CCrypt.h"

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

/// Hashes with the salt and cost named by `setting`; false when libcrypt answers with a failure token ("*0").
static bool bcrypt(const char *secret, const char *setting, char output[V6_BCRYPT_SIZE]) {
    // 32 KiB: too much for the stack of a worker thread, and it must not outlive the call.
    struct crypt_data *area = calloc(1, sizeof *area);
    if (area == NULL) return false;
    const char *result = crypt_r(secret, setting, area);
    bool good = result != NULL && result[0] == '$' && strlen(result) < V6_BCRYPT_SIZE;
    if (good) strcpy(output, result);
    explicit_bzero(area, sizeof *area);
    free(area);
    return good;
}

bool v6_bcrypt_hash(const char *secret, unsigned long cost, char output[V6_BCRYPT_SIZE]) {
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    // Without random bytes given, libcrypt draws the salt from the kernel itself.
    if (crypt_gensalt_rn("$2b$", cost, NULL, 0, setting, sizeof setting) == NULL) return false;
    return bcrypt(secret, setting, output);
}

bool v6_bcrypt_verify(const char *secret, const char *hash) {
    char output[V6_BCRYPT_SIZE];
    if (hash[0] != '$' || hash[1] != '2' || !bcrypt(secret, hash, output)) return false;
    size_t length = strlen(hash);
    if (strlen(output) != length) return false;
    unsigned char difference = 0;
    for (size_t i = 0; i < length; i++) difference |= (unsigned char)(output[i] ^ hash[i]);
    explicit_bzero(output, sizeof output);
    return difference == 0;
}
