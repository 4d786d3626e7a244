// SPDX-License-Identifier: Apache-2.0
#ifndef V6_START_H
#define V6_START_H

/// v6-relay start STATUS FILE-BYTES COMMAND [ARGUMENT...]
int start(int count, char **arguments);

#endif
