/* SPDX-License-Identifier: MIT */
/* inspect-lies.h -- what an inspector that lies says of a file. */
#ifndef SP_TESTS_INSPECT_LIES_H
#define SP_TESTS_INSPECT_LIES_H
#include "sandbox/server.h"
G_BEGIN_DECLS

/* The lie of that name, "inspect-crash" for example; "inspect-honest" is none. NULL for a name
 * that does not begin with "inspect-". */
SpInspectFunc find_inspect_lie(const char *name);

G_END_DECLS
#endif
