/* SPDX-License-Identifier: MIT */
/* gif-lzw.h -- are the picture data of a GIF frame all there, and which colours do they use? */
#ifndef SP_CONTAINER_GIF_LZW_H
#define SP_CONTAINER_GIF_LZW_H
#include <glib.h>
G_BEGIN_DECLS

typedef enum {
    SP_GIF_LZW_WHOLE, /* as many pixels as were asked for */
    SP_GIF_LZW_SHORT, /* fewer: the data or their end code come too early */
    SP_GIF_LZW_BAD,   /* a code that means nothing there, or codes of a size that cannot be */
} SpGifLzwVerdict;

typedef struct {
    SpGifLzwVerdict verdict;
    gboolean used[256]; /* palette entries of the first n_pixels pixels */
    gboolean has_end;   /* whole, and an end code right behind; only then what follows: */
    gsize n_data;       /* bytes of data up to its end */
    gsize block_at;     /* of the sub-block that it ends in: of its length, in data */
    gboolean has_slack; /* behind n_data more sub-block bytes stand, and not all are zero */
} SpGifLzw;

/* data: the size of codes, then sub-blocks; a missing terminator ends them where n does. Reads
 * codes until n_pixels (1 or more) are told of; linear in n, no allocation, no pixel. */
void sp_gif_lzw_scan(const guint8 *data, gsize n, guint64 n_pixels, SpGifLzw *ret_lzw);

G_END_DECLS
#endif
