// SPDX-License-Identifier: Apache-2.0
// The recording that v6-console --demo plays, as a part of the program.
#ifndef V6_DEMO_H
#define V6_DEMO_H

#include <stddef.h>

/// The lines of the recording, and how many bytes they are.
const unsigned char *v6_demo_recording(size_t *size);

#endif
