/* SPDX-License-Identifier: MIT */
/* told.h -- what a walk may tell, whatever it walks: parts in file order, within the file, that
 * do not overlap; for tests and fuzz targets of the walkers that walk a file once. */
#ifndef SP_TESTS_DATA_TOLD_H
#define SP_TESTS_DATA_TOLD_H
#include <glib.h>

#include "container/walk.h"

#define CARRIER(name) ((guint64)1 << SP_CARRIER_##name)
G_STATIC_ASSERT(SP_CARRIER_COUNT <= 64);

typedef struct {
    const guint8 *at, *end; /* what may still be told */
    guint64 n_left;         /* bytes that parts may still take in the file */
    guint64 carriers;       /* a bit each; without SP_CARRIER_PICTURE */
    GString *parts;         /* owned by the caller; what was told, in words; may be NULL */
} Told;

/* An SpPartFunc; data is a Told. The content of a part does not begin before the one before it
 * ends, and no part takes less than its content. What takes no bytes at all has none: it says
 * something of what was told before. */
static inline void
note_told(const SpPart *part, gpointer data)
{
    Told *told = data;
    const SpSlice *content = &part->content;

    g_assert((guint)part->carrier < SP_CARRIER_COUNT);
    g_assert(content->bytes >= told->at && content->bytes <= told->end);
    g_assert(content->n <= (gsize)(told->end - content->bytes));
    g_assert(part->n_bytes >= content->n);
    g_assert(part->n_bytes <= told->n_left);
    told->at = content->bytes + content->n;
    told->n_left -= part->n_bytes;
    if (part->carrier != SP_CARRIER_PICTURE)
        told->carriers |= (guint64)1 << part->carrier;
    if (told->parts == NULL || part->carrier == SP_CARRIER_PICTURE)
        return;
    g_string_append_printf(told->parts, "%s:%X:%" G_GUINT64_FORMAT ":",
                           sp_carrier_info(part->carrier)->word, part->kind, part->n_bytes);
    for (gsize i = 0; i < content->n; i++) {
        guint8 byte = content->bytes[i];
        g_string_append_printf(told->parts, g_ascii_isgraph((char)byte) ? "%c" : "<%02x>",
                               byte);
    }
    g_string_append_c(told->parts, ' ');
}

static inline Told
told_of(const guint8 *bytes, gsize n)
{
    return (Told){.at = bytes, .end = bytes + n, .n_left = n};
}
#endif
