/* SPDX-License-Identifier: MIT */
/* colour-profile.h -- what the tags of an upload say of its colours.
 *
 * Each source is a line of sp_colour_sources[], in the order in which they are believed; the
 * first that says something which can be used is taken. */
#ifndef SP_RENDER_COLOUR_PROFILE_H
#define SP_RENDER_COLOUR_PROFILE_H
#include "container/walk.h"
#include "render/hdr.h"
#include "render/plane.h"
#include "sandbox/wire.h"
#include <lcms2.h>
G_BEGIN_DECLS

typedef struct {
    cmsHPROFILE profile; /* owned; fits the model; NULL: sRGB. Of PQ and HLG it has the
                            primaries, RGB whatever the model, and its curves are linear */
    SpHdrCurve hdr;
    gboolean limited; /* R, G, B or grey go from 16 to 235, which only cICP can say */
    SpColour colour;
} SpMeaning;

void sp_meaning_clear(SpMeaning *meaning);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpMeaning, sp_meaning_clear)

/* FALSE, with nothing to clear, where the source says nothing or nonsense. */
typedef gboolean (*SpColourSourceFunc)(const SpColourTags *tags, SpModel model,
                                       SpMeaning *ret_meaning);

typedef struct {
    SpColourSourceFunc find; /* NULL at the end; the last one never fails */
    SpColourOrigin origin;
} SpColourTeller;

extern const SpColourTeller sp_colour_sources[];

/* Curves and a matrix, and no table that stands above them? Then the matrix that leads from
 * its linear R, G, B to sRGB's. */
gboolean sp_profile_matrix(cmsHPROFILE profile, double ret_matrix[3][3]);

/* A curve of littleCMS, as sp_table_init() takes it. */
double sp_curve_at(double v, gconstpointer curve);

/* sRGB's curve, of grey. NULL without memory. */
cmsHPROFILE sp_profile_srgb_grey(void);

G_END_DECLS
#endif
