/* SPDX-License-Identifier: MIT */
/* bytes.c -- writing files byte by byte. Nothing is read here, and nothing can fail. */
#include "selftest/bytes.h"
#include <gio/gio.h>
#include <string.h>

void
sp_put(GByteArray *out, gconstpointer bytes, gsize n)
{
    if (n > 0)
        g_byte_array_append(out, bytes, (guint)n);
}

void
sp_put_array(GByteArray *out, const GByteArray *more)
{
    sp_put(out, more->data, more->len);
}

void
sp_put_text(GByteArray *out, const char *text)
{
    sp_put(out, text, strlen(text));
}

void
sp_put_be(GByteArray *out, guint size, guint64 number)
{
    for (guint i = size; i-- > 0;) {
        guint8 byte = (guint8)(number >> 8 * i);
        sp_put(out, &byte, 1);
    }
}

void
sp_put_le(GByteArray *out, guint size, guint64 number)
{
    for (guint i = 0; i < size; i++) {
        guint8 byte = (guint8)(number >> 8 * i);
        sp_put(out, &byte, 1);
    }
}

void
sp_patch_be(GByteArray *out, gsize at, guint size, guint64 number)
{
    for (guint i = 0; i < size; i++)
        out->data[at + i] = (guint8)(number >> 8 * (size - 1 - i));
}

void
sp_patch_le(GByteArray *out, gsize at, guint size, guint64 number)
{
    for (guint i = 0; i < size; i++)
        out->data[at + i] = (guint8)(number >> 8 * i);
}

void
sp_put_deflated(GByteArray *out, gconstpointer bytes, gsize n)
{
    g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9);
    gsize size = n + n / 100 + 1024, n_read = 0, n_written = 0;
    g_autofree guint8 *buffer = g_malloc(size);
    GConverterResult result =
        g_converter_convert(G_CONVERTER(zlib), bytes, n, buffer, size, G_CONVERTER_INPUT_AT_END,
                            &n_read, &n_written, NULL);
    g_assert(result == G_CONVERTER_FINISHED && n_read == n);
    sp_put(out, buffer, n_written);
}

guint32
sp_crc32(gconstpointer bytes, gsize n)
{
    const guint8 *p = bytes;
    guint32 crc = G_MAXUINT32;
    for (gsize i = 0; i < n; i++) {
        crc ^= p[i];
        for (guint bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xEDB88320 & (0 - (crc & 1)));
    }
    return ~crc;
}

void
sp_put_png_chunk(GByteArray *out, const char *name, gconstpointer bytes, gsize n)
{
    sp_put_be(out, 4, n);
    gsize at = out->len;
    sp_put(out, name, 4);
    sp_put(out, bytes, n);
    sp_put_be(out, 4, sp_crc32(out->data + at, n + 4));
}

void
sp_put_riff_chunk(GByteArray *out, const char *name, gconstpointer bytes, gsize n)
{
    sp_put(out, name, 4);
    sp_put_le(out, 4, n);
    sp_put(out, bytes, n);
    sp_put_le(out, n & 1, 0);
}

void
sp_put_segment(GByteArray *out, guint marker, gconstpointer bytes, gsize n)
{
    g_assert(n <= 65533);
    sp_put_be(out, 2, 0xFF00 | marker);
    sp_put_be(out, 2, n + 2);
    sp_put(out, bytes, n);
}

void
sp_put_box(GByteArray *out, const char *type, gconstpointer bytes, gsize n)
{
    sp_put_be(out, 4, n + 8);
    sp_put(out, type, 4);
    sp_put(out, bytes, n);
}
