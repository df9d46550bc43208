/* SPDX-License-Identifier: MIT */
/* memory.h -- what an input needed of memory, against what was expected from its headers. */
#ifndef SP_TESTS_FUZZ_MEMORY_H
#define SP_TESTS_FUZZ_MEMORY_H
#include <glib.h>

/* Count from here on. */
void memory_begin(void);
/* The most bytes that were allocated at once since then are no more than a locked child could
 * have had: what it was last told to expect, and SP_LOCK_SLACK. Without a sanitizer nothing is
 * counted. */
void memory_check(void);
#endif
