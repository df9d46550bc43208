/* SPDX-License-Identifier: MIT */
/* bytes.h -- numbers of two to eight bytes out of foreign bytes, big or little endian.
 *
 * p has as many bytes as the number: who calls has looked. */
#ifndef SP_BASE_BYTES_H
#define SP_BASE_BYTES_H
#include <glib.h>
G_BEGIN_DECLS

static inline guint
sp_get16be(const guint8 *p)
{
    return (guint)p[0] << 8 | p[1];
}

static inline guint
sp_get16le(const guint8 *p)
{
    return (guint)p[1] << 8 | p[0];
}

static inline guint32
sp_get24le(const guint8 *p)
{
    return (guint32)p[2] << 16 | sp_get16le(p);
}

static inline guint32
sp_get32be(const guint8 *p)
{
    return (guint32)sp_get16be(p) << 16 | sp_get16be(p + 2);
}

static inline guint32
sp_get32le(const guint8 *p)
{
    return (guint32)sp_get16le(p + 2) << 16 | sp_get16le(p);
}

static inline guint64
sp_get64be(const guint8 *p)
{
    return (guint64)sp_get32be(p) << 32 | sp_get32be(p + 4);
}

G_END_DECLS
#endif
