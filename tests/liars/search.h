/* SPDX-License-Identifier: MIT */
/* search.h -- a renderer that looks for what it must not have. */
#ifndef SP_TESTS_SEARCH_H
#define SP_TESTS_SEARCH_H
#include <glib.h>
G_BEGIN_DECLS

/* Where a marker was found, and how often. */
typedef struct {
    guint memory, environ, cmdline, descriptors;
} SpFound;

/* For names of the form "search-HEX" or "inspect-search-HEX": HEX is the marker, each byte
 * XORed with SP_SEARCH_MASK, for whoever knows the marker itself would find his own copy. FALSE
 * for other names. Searches this process, a server that has not begun, and remembers. */
gboolean search_at_start(const char *name);

/* Search this process again. */
SpFound search(void);

/* What was found as the server began. */
SpFound found_at_start(void);

#define SP_SEARCH_MASK 0x5A

G_END_DECLS
#endif
