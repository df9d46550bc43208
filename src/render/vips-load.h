/* SPDX-License-Identifier: MIT */
/* vips-load.h -- libvips over a slim view: raw rows and nothing else.
 *
 * The only code that speaks to libvips. Of its hundreds of operations the loaders of PNG, WebP,
 * GIF and, where asked for, HEIF are open, each from memory; every other loader stays blocked.
 * Nothing of libvips but these loaders runs: no thumbnailing, no colour, no saving. */
#ifndef SP_RENDER_VIPS_LOAD_H
#define SP_RENDER_VIPS_LOAD_H
#include "container/sniff.h"
#include "container/walk.h"
G_BEGIN_DECLS

/* Start libvips, once in a process, before any fork and without any operation. with_heif: load
 * its module for HEIC and AVIF as well; that it is not there is told by sp_vips_open(). */
void sp_vips_start(gboolean with_heif);
/* For tests: open the loaders of all formats in one process, JPEG's too. */
void sp_vips_open_all(void);

/* "libvips 8.14.1", and with_heif ", libheif 1.15.1" as far as it is there: the versions that
 * run. Behind sp_vips_start(). Owned by the caller. */
char *sp_vips_libraries(gboolean with_heif);

typedef struct SpVipsImage SpVipsImage;

typedef struct {
    guint width, height;
    guint bands; /* 1 grey, 2 with alpha, 3 RGB, 4 with alpha */
    guint bytes; /* a sample: 1, or 2 in host order, 65 535 is full */
} SpVipsForm;

/* Reads the header. bytes: a slim view, borrowed, must outlive the image. shrink: how many
 * times smaller WebP (any number) and JPEG (1, 2, 4 or 8) shall come; others come in full size.
 * Errors: SP_ERROR_UNAVAILABLE (no loader on this host), _TOO_MUCH_MEMORY, _CORRUPT. */
SpVipsImage *sp_vips_open(SpFormat format, GBytes *bytes, double shrink, SpVipsForm *ret_form,
                          GError **error);
void sp_vips_close(SpVipsImage *image);

/* Rows top to top + n of the part of the picture from left on, width wide; each row is
 * row_bytes behind the one before. Must be asked for from top to bottom. The result is borrowed
 * until the next call. NULL with SP_ERROR_CORRUPT or _TOO_MUCH_MEMORY. */
const guint8 *sp_vips_rows(SpVipsImage *image, SpRect part, gsize *ret_row_bytes,
                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpVipsImage, sp_vips_close)
G_END_DECLS
#endif
