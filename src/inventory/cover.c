/* SPDX-License-Identifier: MIT */
/* cover.c -- which bytes of a block some reader has taken, and what the others are. */
#include "inventory/cover.h"

#include <string.h>

typedef struct {
    gsize from, to;
} Span;

void
sp_cover_clear(SpCover *cover)
{
    g_clear_pointer(&cover->spans, g_array_unref);
}

void
sp_cover_add(SpCover *cover, gsize at, gsize n)
{
    Span span = {at, n <= G_MAXSIZE - at ? at + n : G_MAXSIZE};
    if (n == 0)
        return;
    if (cover->spans == NULL)
        cover->spans = g_array_new(FALSE, FALSE, sizeof(Span));
    if (cover->spans->len < SP_COVER_SPANS)
        g_array_append_val(cover->spans, span);
}

static gint
compare_spans(gconstpointer a, gconstpointer b)
{
    const Span *first = a;
    const Span *second = b;
    return (first->from > second->from) - (first->from < second->from);
}

/* NUL, space, and FF beside FF: memory that was erased and not written. */
static gboolean
is_blank(SpSlice gap, gsize i)
{
    guint8 byte = gap.bytes[i];
    return byte == 0 || byte == ' ' ||
           (byte == 0xFF && ((i > 0 && gap.bytes[i - 1] == 0xFF) ||
                             (i + 1 < gap.n && gap.bytes[i + 1] == 0xFF)));
}

static void
add_gap(SpLeftover *left, SpSlice gap)
{
    for (gsize i = 0; i < gap.n; i++) {
        if (is_blank(gap, i))
            continue;
        if (left->n++ == 0)
            left->first = sp_slice_behind(gap, i);
    }
    if (left->picture.n > 0 || gap.n < 3)
        return;
    const guint8 *start = memmem(gap.bytes, gap.n, "\xFF\xD8\xFF", 3);
    if (start != NULL)
        left->picture = (SpSlice){start, gap.n - (gsize)(start - gap.bytes)};
}

SpLeftover
sp_cover_leftover(SpCover *cover, SpSlice content)
{
    SpLeftover left = {0};
    gsize at = 0;

    if (cover->spans != NULL)
        g_array_sort(cover->spans, compare_spans);
    for (guint i = 0; cover->spans != NULL && i < cover->spans->len; i++) {
        const Span *span = &g_array_index(cover->spans, Span, i);
        if (span->from >= content.n)
            break;
        if (span->from > at)
            add_gap(&left, (SpSlice){content.bytes + at, span->from - at});
        at = MAX(at, span->to);
    }
    if (at < content.n)
        add_gap(&left, (SpSlice){content.bytes + at, content.n - at});
    return left;
}
