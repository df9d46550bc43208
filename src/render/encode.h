/* SPDX-License-Identifier: MIT */
/* encode.h -- the table of encoders.
 *
 * An encoder is opened once for a picture and may then encode it several times; what does not
 * depend on quality is done at opening. A new format is one new file and one line in encode.c.
 */
#ifndef SP_RENDER_ENCODE_H
#define SP_RENDER_ENCODE_H
#include "preset/preset.h"
#include "render/plane.h"
G_BEGIN_DECLS

typedef struct {
    /* picture is borrowed, finished, padded by sp_encode_pad(), and must outlive the state. Its
     * chroma is as it is to be in the file: at sub 2 for WebP.
     * Several encoders may read one picture at once. A format without alpha shows
     * variant->background behind it. SP_ERROR_TOO_MUCH_MEMORY. */
    gpointer (*open)(const SpPicture *picture, const SpVariant *variant, GError **error);
    /* quality: 1 to 100, real. The same picture and quality give the same bytes. NULL with
     * SP_ERROR_TOO_MUCH_MEMORY. Owned by the caller. */
    GBytes *(*encode)(gpointer state, double quality, GError **error);
    void (*close)(gpointer state);
    /* Qualities that give the same bytes: all up to the one, all from the other on, where
     * chroma is at sub 1, at sub 2. */
    double alike_below, alike_above[2];
} SpEncoder;

/* format: SpOutputFormat. */
const SpEncoder *sp_encoder(guint32 format);

extern const SpEncoder sp_encoder_webp, sp_encoder_jpeg;

/* Repeat the last sample of each row up to a multiple of 16, as JPEG's blocks read it. */
void sp_encode_pad(SpPicture *picture);

G_END_DECLS
#endif
