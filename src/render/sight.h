/* SPDX-License-Identifier: MIT */
/* sight.h -- what files of one picture look like, while the quality of one is chosen. */
#ifndef SP_RENDER_SIGHT_H
#define SP_RENDER_SIGHT_H
#include "preset/preset.h"
#include "render/aim.h"
#include "render/likeness.h"
G_BEGIN_DECLS

typedef struct {
    gboolean is_over; /* the quality is chosen, or was given */
    SpAim aim;
    SpLikeness likeness;        /* owned */
    SpPicture flat;             /* owned; what it is of, where there is alpha */
    GBytes *files[SP_AIM_MOST]; /* owned; of aim's trials; NULL: too large */
} SpSight;

/* Begin: aim at variant's target. most: how much picture itself looks like what it was with all
 * its chroma (sp_sized_likeness()). What has been lost with that counts: the aim is higher, so
 * that the file looks as wanted beside what there was; where it never can, it is not. */
void sp_sight_open(SpSight *sight, const SpPicture *picture, double most,
                   const SpVariant *variant);

/* Look at a file of picture, made for variant at quality: it is read back, compared, and
 * reported to sight->aim; with alpha, as it is seen on the variant's background. The first call
 * prepares what is compared with. picture: the same in each call. *ret_likeness: likeness.h.
 * SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_sight_look(SpSight *sight, const SpPicture *picture, const SpVariant *variant,
                       GBytes *file, double quality, double *ret_likeness, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Free what it holds; aim stays. */
void sp_sight_close(SpSight *sight);

G_END_DECLS
#endif
