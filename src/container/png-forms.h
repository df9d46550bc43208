/* SPDX-License-Identifier: MIT */
/* png-forms.h -- what forms of chunks the specification of PNG knows; for png.c. */
#ifndef SP_CONTAINER_PNG_FORMS_H
#define SP_CONTAINER_PNG_FORMS_H
#include "container/walk.h"
G_BEGIN_DECLS

/* Table 11.1 of the specification. */
enum {
    SP_PNG_GREY = 0,
    SP_PNG_RGB = 2,
    SP_PNG_PALETTE = 3,
    SP_PNG_GREY_ALPHA = 4,
    SP_PNG_RGB_ALPHA = 6,
};

/* What the forms of chunks depend on. */
typedef struct {
    guint colour_type;
    guint width, height;
    guint n_colours;      /* of PLTE, whatever it is for; 0 before it */
    guint n_frames_ahead; /* that an animation may still have; 0 without one */
} SpPngContext;

/* Has that colour type such samples? */
gboolean sp_png_depth_fits(guint colour_type, guint depth);
/* Has a chunk of that name that is none of metadata the size that it always has, and are the
 * numbers in it such as it may have? TRUE for a name that is not in the tables. */
gboolean sp_png_chunk_fits(const SpPngContext *context, guint32 kind, SpSlice payload);

G_END_DECLS
#endif
