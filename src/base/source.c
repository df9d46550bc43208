/* SPDX-License-Identifier: MIT */
/* source.c -- the bytes of an upload, while they still arrive. */
#include "base/source.h"

SpSource
sp_source_whole(const guint8 *bytes, gsize n)
{
    static const guint8 nothing[1];
    return (SpSource){.bytes = bytes != NULL ? bytes : nothing, .n = n, .at_end = TRUE};
}

gboolean
sp_source_more(SpSource *source)
{
    gsize before = source->n;
    while (!source->at_end && source->n == before)
        source->more(source);
    return source->n > before;
}

gboolean
sp_source_reach(SpSource *source, gsize n)
{
    while (source->n < n && sp_source_more(source))
        ;
    return source->n >= n;
}

void
sp_source_all(SpSource *source)
{
    while (sp_source_more(source))
        ;
}
