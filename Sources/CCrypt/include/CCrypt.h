// SPDX-License-Identifier: Apache-2.0
// bcrypt by the system's libcrypt. The functions keep no state; each call draws its own work area and wipes it after use.
#ifndef V6_CCRYPT_H
#define V6_CCRYPT_H

#include <stdbool.h>
#include <stddef.h>

/// Room for a bcrypt hash in modular form and its closing zero byte.
#define V6_BCRYPT_SIZE 64

/// Hashes a zero-terminated secret with a fresh salt and 2^cost rounds into `output`. False when libcrypt refuses.
bool v6_bcrypt_hash(const char *secret, unsigned long cost, char output[V6_BCRYPT_SIZE]);

/// Whether a zero-terminated secret belongs to a hash in modular form; false also when the hash is malformed.
bool v6_bcrypt_verify(const char *secret, const char *hash);

#endif
