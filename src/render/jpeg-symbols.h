/* SPDX-License-Identifier: MIT */
/* jpeg-symbols.h -- what Huffman codes cost, before there are any. */
#ifndef SP_RENDER_JPEG_SYMBOLS_H
#define SP_RENDER_JPEG_SYMBOLS_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_JPEG_SYMBOLS 256
#define SP_JPEG_BIT 256 /* what a bit is in rates */

/* By how often each was seen: their entropy, at least a bit and at most 16, and little more
 * than the rarest for what was never seen. In whole numbers, so that every machine has the
 * same. */
void sp_jpeg_symbol_rates(const guint32 counts[SP_JPEG_SYMBOLS],
                          guint32 ret_rates[SP_JPEG_SYMBOLS]);

/* Bits that it takes to write level down; 0 of 0. */
static inline guint
sp_jpeg_size_of(guint level)
{
    return level == 0 ? 0 : 32u - (guint)__builtin_clz(level);
}

G_END_DECLS
#endif
