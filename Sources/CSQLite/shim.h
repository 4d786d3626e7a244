// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>

/// Keeps no statistics of memory, which take a lock of the whole process for each piece; before the first connection.
static inline int v6_sqlite_forgo_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
