/* SPDX-License-Identifier: MIT */
/* heif-boxes.c -- boxes and numbers of ISO/IEC 14496-12. */
#include "container/heif-boxes.h"

#include <string.h>

guint64
sp_heif_read(SpHeifReader *reader, guint size)
{
    const guint8 *p = sp_heif_skip(reader, size);
    guint64 number = 0;
    for (guint i = 0; p != NULL && i < size; i++)
        number = number << 8 | p[i];
    return number;
}

const guint8 *
sp_heif_skip(SpHeifReader *reader, gsize n)
{
    if (reader->failed || n > reader->rest.n) {
        reader->failed = TRUE;
        return NULL;
    }
    const guint8 *p = reader->rest.bytes;
    reader->rest = (SpSlice){p + n, reader->rest.n - n};
    return p;
}

SpSlice
sp_heif_read_text(SpHeifReader *reader)
{
    SpSlice text = reader->rest;
    const guint8 *end = text.n == 0 ? NULL : memchr(text.bytes, 0, text.n);
    if (end != NULL)
        text.n = (gsize)(end - text.bytes);
    sp_heif_skip(reader, text.n + (end != NULL));
    return text;
}

/* The first byte is zero, and each equals the one before it. */
gboolean
sp_heif_is_zero(SpSlice bytes)
{
    return bytes.n == 0 ||
           (bytes.bytes[0] == 0 && memcmp(bytes.bytes, bytes.bytes + 1, bytes.n - 1) == 0);
}

gboolean
sp_heif_next_box(SpSlice *rest, SpHeifBox *ret_box)
{
    SpHeifReader reader = {*rest};
    guint64 size = sp_heif_read(&reader, 4);
    guint32 type = (guint32)sp_heif_read(&reader, 4);
    if (size == 1)
        size = sp_heif_read(&reader, 8);
    else if (size == 0)
        size = rest->n;
    gsize head = rest->n - reader.rest.n;
    if (reader.failed || size < head)
        return FALSE;
    gsize inside = MIN(size - head, reader.rest.n);
    *ret_box = (SpHeifBox){type, {reader.rest.bytes, inside}, head + inside, size > rest->n};
    *rest = (SpSlice){reader.rest.bytes + inside, reader.rest.n - inside};
    return TRUE;
}
