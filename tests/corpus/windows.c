/* SPDX-License-Identifier: MIT */
/* windows.c -- does an output hold any 16 bytes of the metadata of its upload?
 *
 *     windows <LINES      each line: UPLOAD, tab, OUTPUT, tab, OUTPUT ...
 *
 * The walkers tell the carriers of the upload: each window of 16 bytes, at least 8 of them
 * distinct, of everything that is not the picture itself, is looked up among the windows of the
 * outputs. Of those the encoder's own segments in the head of a JPEG (JFIF, tables, SOF, SOS)
 * and the headers of RIFF and of its chunks are left out: any two files of an encoder share
 * them. For each carrier and output with a hit a line: upload, carrier, its name, output, how
 * many windows, the first of them; at the end how much was looked up.
 *
 * The outputs are small, so their windows are the ones that are hashed; a carrier of any size
 * is walked through once. */
#include "base/memfd.h"
#include "walk-any.h"
#include <stdio.h>

#define WINDOW 16
#define DISTINCT 8
#define SLOTS_LOG2 22 /* of outputs of at most 2 MB together */

typedef struct {
    const char *name; /* borrowed */
    gsize start, end; /* in Index.bytes */
} Output;

typedef struct {
    GByteArray *bytes; /* owned; the outputs, one behind the other */
    GArray *outputs;   /* owned; of Output */
    guint32 *slots;    /* owned; where a window starts, plus 1; 0 is free */
    const char *upload;
    guint64 n_looked_up;
    guint n_hits;
} Index;

static gsize
slot_of(const guint8 *p)
{
    guint64 a = 0, b = 0;
    memcpy(&a, p, 8);
    memcpy(&b, p + 8, 8);
    a = (a ^ (b << 29 | b >> 35)) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
    return (gsize)((a ^ b * G_GUINT64_CONSTANT(0xC2B2AE3D27D4EB4F)) >> (64 - SLOTS_LOG2));
}

static gboolean
is_distinct(const guint8 *p)
{
    guint64 seen[4] = {0};
    guint n = 0;
    for (guint i = 0; i < WINDOW; i++) {
        guint64 bit = G_GUINT64_CONSTANT(1) << (p[i] & 63);
        n += (seen[p[i] >> 6] & bit) == 0;
        seen[p[i] >> 6] |= bit;
    }
    return n >= DISTINCT;
}

/* ---- outputs ---------------------------------------------------------------------------- */

static void
add_window(Index *index, gsize at)
{
    gsize slot = slot_of(index->bytes->data + at);
    while (index->slots[slot] != 0)
        slot = (slot + 1) & (((gsize)1 << SLOTS_LOG2) - 1);
    index->slots[slot] = (guint32)at + 1;
}

static void
add_range(Index *index, gsize start, gsize end)
{
    for (gsize at = start; at + WINDOW <= end; at++)
        if (is_distinct(index->bytes->data + at))
            add_window(index, at);
}

/* All but what the encoder writes into the head of every file: SOI, JFIF, tables, SOF, SOS's
 * header. What else might stand there is searched. */
static void
add_jpeg(Index *index, gsize start, gsize end)
{
    const guint8 *p = index->bytes->data;
    gsize at = start + 2;
    for (guint marker = 0; at + 4 <= end && p[at] == 0xff && marker != 0xda;) {
        gsize next = at + 2 + (gsize)(p[at + 2] << 8 | p[at + 3]);
        marker = p[at + 1];
        if (memchr("\xe0\xdb\xc0\xc2\xc4\xda", (int)marker, 6) == NULL)
            add_range(index, at, MIN(next, end));
        at = next;
    }
    if (at < end)
        add_range(index, at, end);
}

/* All but RIFF's header, those of chunks, and what VP8X says. */
static void
add_webp(Index *index, gsize start, gsize end)
{
    const guint8 *p = index->bytes->data;
    for (gsize at = start + 12, next = 0; at + 8 <= end; at = next) {
        gsize n = (gsize)p[at + 4] | (gsize)p[at + 5] << 8 | (gsize)p[at + 6] << 16;
        next = at + 8 + n + (n & 1);
        if (memcmp(p + at, "VP8X", 4) != 0)
            add_range(index, at + 8, MIN(next, end));
    }
}

static void
add_output(Index *index, const char *path)
{
    g_autofree char *bytes = NULL;
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &bytes, &n, &error))
        g_error("%s", error->message);
    gsize start = index->bytes->len;
    g_byte_array_append(index->bytes, (const guint8 *)bytes, (guint)n);
    g_assert_cmpuint(index->bytes->len, <, (gsize)1 << (SLOTS_LOG2 - 1));
    Output output = {path, start, start + n};
    g_array_append_val(index->outputs, output);
    if (n > 12 && memcmp(bytes, "RIFF", 4) == 0)
        add_webp(index, start, start + n);
    else
        add_jpeg(index, start, start + n);
}

/* ---- the upload ------------------------------------------------------------------------- */

/* Each output that has this window: counted; its first one is kept. */
static void
look_up(Index *index, const guint8 *p, guint *counts, gsize *firsts, gsize at)
{
    for (gsize slot = slot_of(p); index->slots[slot] != 0;
         slot = (slot + 1) & (((gsize)1 << SLOTS_LOG2) - 1)) {
        gsize found = index->slots[slot] - 1;
        if (memcmp(index->bytes->data + found, p, WINDOW) != 0)
            continue;
        for (guint i = 0; i < index->outputs->len; i++) {
            const Output *output = &g_array_index(index->outputs, Output, i);
            if (found < output->start || found >= output->end)
                continue;
            firsts[i] = counts[i]++ == 0 ? at : firsts[i];
        }
    }
}

static void
print_hits(const Index *index, const SpPart *part, const guint *counts, const gsize *firsts)
{
    for (guint i = 0; i < index->outputs->len; i++) {
        if (counts[i] == 0)
            continue;
        printf("%s\t%s\t%08x\t%s\t%u\t", index->upload, sp_carrier_info(part->carrier)->word,
               part->kind, g_array_index(index->outputs, Output, i).name, counts[i]);
        for (guint k = 0; k < WINDOW; k++)
            printf("%02x", part->content.bytes[firsts[i] + k]);
        printf("\n");
    }
}

static void
check_part(const SpPart *part, gpointer data)
{
    Index *index = data;
    if (part->carrier == SP_CARRIER_PICTURE || part->content.n < WINDOW)
        return;
    g_autofree guint *counts = g_new0(guint, index->outputs->len);
    g_autofree gsize *firsts = g_new0(gsize, index->outputs->len);
    for (gsize at = 0; at + WINDOW <= part->content.n; at++)
        look_up(index, part->content.bytes + at, counts, firsts, at);
    index->n_looked_up += part->content.n - WINDOW + 1;
    for (guint i = 0; i < index->outputs->len; i++)
        index->n_hits += counts[i];
    print_hits(index, part, counts, firsts);
}

static void
check_line(Index *index, char *line)
{
    g_auto(GStrv) paths = g_strsplit(g_strchomp(line), "\t", -1);
    g_autofree char *bytes = NULL;
    gsize n = 0;
    g_auto(SpWalk) walk = {0};
    memset(index->slots, 0, sizeof *index->slots << SLOTS_LOG2);
    g_byte_array_set_size(index->bytes, 0);
    g_array_set_size(index->outputs, 0);
    index->upload = paths[0];
    for (guint i = 1; paths[0] != NULL && paths[i] != NULL; i++)
        add_output(index, paths[i]);
    if (paths[0] != NULL && g_file_get_contents(paths[0], &bytes, &n, NULL))
        walk_any((const guint8 *)bytes, n, check_part, index, &walk);
}

int
main(void)
{
    Index index = {
        .bytes = g_byte_array_new(),
        .outputs = g_array_new(FALSE, FALSE, sizeof(Output)),
        .slots = g_new0(guint32, (gsize)1 << SLOTS_LOG2),
    };
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0)
        check_line(&index, line);
    free(line);
    printf("# %" G_GUINT64_FORMAT " windows looked up, %u found\n", index.n_looked_up,
           index.n_hits);
    g_byte_array_unref(index.bytes);
    g_array_unref(index.outputs);
    g_free(index.slots);
    return index.n_hits != 0;
}
