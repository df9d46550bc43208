/* SPDX-License-Identifier: MIT */
/* start-lies.h -- what a fork server that lies does before it serves, or instead of it. */
#ifndef SP_TESTS_START_LIES_H
#define SP_TESTS_START_LIES_H
#include <glib.h>
G_BEGIN_DECLS

/* Returns if the server of that name is to serve. */
void lie_at_start(const char *name);

G_END_DECLS
#endif
