/* SPDX-License-Identifier: MIT */
/* develop.c -- what every lane does before its decoder and behind its resize.
 *
 * Pictures are resized in coded orientation while the decoder runs, and turned when they are
 * small. Colours are converted at the target's size and at 4:4:4, so that chroma is averaged
 * once. */
#include "render/develop.h"
#include "render/alpha.h"
#include "render/chroma.h"
#include "render/likeness.h"
#include "render/limited.h"
#include "render/turn.h"

void
sp_developed_clear(SpDeveloped *developed)
{
    sp_picture_clear(&developed->picture);
    sp_picture_clear(&developed->plain);
}

SpSize
sp_develop_target(const SpWireRequest *request, SpSize coded, SpTurn turn,
                  SpDeveloped *developed)
{
    SpSize upright = sp_geometry_turned(coded, turn), target = {1, 1};
    for (guint i = 0; i < request->n_variants; i++) {
        SpPlan plan = sp_geometry_plan(upright, &request->variants[i]);
        SpSize whole = sp_geometry_whole(upright, &plan);
        target.width = MAX(target.width, whole.width);
        target.height = MAX(target.height, whole.height);
    }
    developed->upright = upright;
    return sp_geometry_turned(target, turn);
}

gboolean
sp_develop_is_linear(const SpWireRequest *request, SpModel model, SpColour colour)
{
    return request->reduction.linear_light != 0 && model != SP_MODEL_CMYK &&
           model != SP_MODEL_YCCK && colour != SP_COLOUR_PQ && colour != SP_COLOUR_HLG;
}

guint
sp_develop_sub(const SpWireRequest *request, gboolean is_full, SpDeveloped *developed)
{
    developed->is_stretched = !is_full && !developed->is_plain && sp_chroma_one_asks(request);
    return is_full || developed->is_stretched ? 1 : 2;
}

static gboolean
is_looked_at(const SpWireRequest *request)
{
    for (guint i = 0; i < request->n_variants; i++)
        if (request->variants[i].quality <= SP_QUALITY_AUTO)
            return TRUE;
    return FALSE;
}

/* In a copy; and, for whoever chooses a quality by the look, what is lost with it. */
static gboolean
halve_chroma(const SpPicture *picture, const SpWireRequest *request, SpPicture *ret_half,
             double *ret_likeness, GError **error)
{
    g_auto(SpLikeness) likeness = {0};
    if (!sp_colour_subsampled(picture, ret_half, error))
        return FALSE;
    return !is_looked_at(request) ||
           (sp_likeness_init(&likeness, picture, error) &&
            sp_likeness_measure(&likeness, ret_half, ret_likeness, error));
}

/* Chroma as fine as it is of use. That does not depend on which variants there are: each is
 * made from what it would be made from alone. */
static gboolean
choose_chroma(SpDeveloped *developed, const SpWireRequest *request, GError **error)
{
    SpPicture *picture = &developed->picture;
    developed->halved = 100;
    if (developed->is_stretched || picture->model != SP_MODEL_YCC || picture->sub == 2)
        return TRUE;
    developed->is_worth = sp_chroma_is_worth(picture);
    if (developed->is_worth || sp_chroma_all_ask(request))
        return TRUE;
    if (!sp_chroma_one_asks(request) && !is_looked_at(request))
        return sp_colour_subsample(picture, error);
    if (!halve_chroma(picture, request, &developed->plain, &developed->halved, error))
        return FALSE;
    if (!sp_chroma_one_asks(request)) {
        sp_picture_clear(picture);
        *picture = sp_picture_steal(&developed->plain);
    }
    return TRUE;
}

gboolean
sp_develop_finish(SpDeveloped *developed, const SpColourConversion *conversion, SpTurn turn,
                  const SpWireRequest *request, GError **error)
{
    SpPicture *picture = &developed->picture;
    if (conversion != NULL && !sp_colour_convert(conversion, picture, error))
        return FALSE;
    if (conversion == NULL && picture->planes[0].bytes == 2 &&
        !sp_limited_round(picture, error))
        return FALSE;
    if (sp_alpha_is_opaque(picture))
        sp_alpha_drop(picture);
    return sp_turn(picture, turn, error) && choose_chroma(developed, request, error);
}
