/* SPDX-License-Identifier: MIT */
/* aim.h -- find the quality at which the file looks as it should, in few encodes.
 *
 * Pure arithmetic, apart from the encoders, as budget.h: the caller encodes at the quality that
 * it is told, says what came out, and asks again.
 *
 *     sp_aim_init(&aim, format, target, pixels, most_bytes, min_quality, max_quality);
 *     while (sp_aim_next(&aim, &q))
 *         sp_aim_report(&aim, q, likeness_at(q), bytes_at(q));
 *     aim.trials[aim.best]
 */
#ifndef SP_RENDER_AIM_H
#define SP_RENDER_AIM_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_AIM_MOST 3 /* encodes; two where the first correction is good */

typedef struct {
    double quality;
    double likeness; /* render/likeness.h */
    gsize bytes;
} SpAimTrial;

typedef struct {
    guint32 format; /* SpOutputFormat: whose qualities */
    double target;
    double pixels;
    gsize max_bytes;
    double min_quality, max_quality;
    guint n;
    guint best; /* of trials: the one that is nearest to what is wanted; of two, the first */
    SpAimTrial trials[SP_AIM_MOST];
} SpAim;

/* target: on the scale of SSIMULACRA2. pixels: of the picture. A file of more than max_bytes is
 * as bad as too good a one: nothing better is tried. */
void sp_aim_init(SpAim *aim, guint32 format, double target, guint64 pixels, gsize max_bytes,
                 double min_quality, double max_quality);

/* What this picture's file should look like; target itself before the first trial. */
double sp_aim_wanted(const SpAim *aim);

/* FALSE when aim->best is good, or as good as it becomes. */
gboolean sp_aim_next(const SpAim *aim, double *ret_quality);
void sp_aim_report(SpAim *aim, double quality, double likeness, gsize bytes);

G_END_DECLS
#endif
