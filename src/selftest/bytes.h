/* SPDX-License-Identifier: MIT */
/* bytes.h -- writing files byte by byte: numbers, boxes, chunks, checksums.
 *
 * Everything appends to a GByteArray that the caller owns. Numbers are 1 to 8 bytes wide. */
#ifndef SP_SELFTEST_BYTES_H
#define SP_SELFTEST_BYTES_H
#include <glib.h>
G_BEGIN_DECLS

void sp_put(GByteArray *out, gconstpointer bytes, gsize n);
void sp_put_array(GByteArray *out, const GByteArray *more);
/* Without its NUL. */
void sp_put_text(GByteArray *out, const char *text);
void sp_put_be(GByteArray *out, guint size, guint64 number);
void sp_put_le(GByteArray *out, guint size, guint64 number);
/* Replace the number of size bytes at `at`. */
void sp_patch_be(GByteArray *out, gsize at, guint size, guint64 number);
void sp_patch_le(GByteArray *out, gsize at, guint size, guint64 number);

/* A zlib stream (RFC 1950) of the bytes. */
void sp_put_deflated(GByteArray *out, gconstpointer bytes, gsize n);
/* ITU-T V.42, as PNG and zip have it. */
guint32 sp_crc32(gconstpointer bytes, gsize n);

/* A PNG chunk: length, name, payload, CRC. */
void sp_put_png_chunk(GByteArray *out, const char *name, gconstpointer bytes, gsize n);
/* A RIFF chunk, with its pad byte of 0. */
void sp_put_riff_chunk(GByteArray *out, const char *name, gconstpointer bytes, gsize n);
/* A JPEG segment of at most 65 533 bytes. */
void sp_put_segment(GByteArray *out, guint marker, gconstpointer bytes, gsize n);
/* An ISO 14496-12 box. */
void sp_put_box(GByteArray *out, const char *type, gconstpointer bytes, gsize n);

G_END_DECLS
#endif
