/* SPDX-License-Identifier: MIT */
/* opsin.h -- a picture's tones and colours as SSIMULACRA2 sees them, at several sizes.
 *
 * Its colours are XYB, of JPEG XL: cube roots of what three kinds of cones would take in, of
 * which Y is the brightness, X red against green, B blue against yellow. Smaller sizes are
 * averages of light. Here a sample is a whole number of SP_OPSIN_ONE. */
#ifndef SP_RENDER_OPSIN_H
#define SP_RENDER_OPSIN_H
#include "render/plane.h"
G_BEGIN_DECLS

#define SP_OPSIN_ONE 4096
#define SP_OPSIN_SIZES 4 /* a half, a quarter, an eighth, a sixteenth */
enum { SP_OPSIN_HALF, SP_OPSIN_QUARTER, SP_OPSIN_EIGHTH, SP_OPSIN_SIXTEENTH };

/* What of them the likeness wants. Planes of 16 bits, all owned; an odd last row or column is
 * left out at each size, and where nothing is left a plane is empty. */
typedef struct {
    SpPlane y[SP_OPSIN_SIZES];
    SpPlane x; /* a quarter */
    SpPlane b; /* a sixteenth */
} SpOpsin;

/* picture: finished; of either sampling, or grey. SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_opsin_init(SpOpsin *opsin, const SpPicture *picture, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void sp_opsin_clear(SpOpsin *opsin);

/* Y of what is grey: of luma from 0 to 255. */
const guint16 *sp_opsin_of_grey(void);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpOpsin, sp_opsin_clear)
G_END_DECLS
#endif
