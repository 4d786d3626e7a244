// SPDX-License-Identifier: Apache-2.0
#include "CDemo.h"

// #embed is of C23; clang has it for every standard, and says so.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char recording[] = {
#embed "demo.jsonl"
};

const unsigned char *v6_demo_recording(size_t *size) {
    *size = sizeof recording;
    return recording;
}
