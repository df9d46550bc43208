/* SPDX-License-Identifier: MIT */
/* sized.c -- the finished picture at one size, with the chroma that each variant is to have.
 *
 * What a variant gets does not depend on which others there are: what has its chroma in full
 * because only one of them asks for it has a twin for the rest (SpFinished.plain). */
#include "render/sized.h"
#include "render/chroma.h"
#include "render/colour.h"
#include "render/encode.h"
#include "render/likeness.h"
#include "render/linear.h"
#include "render/resize.h"
#include "render/sharpen.h"
#include <math.h>

static gboolean
has_plain(const SpFinished *finished)
{
    return finished->plain != NULL && finished->plain->n_planes > 0;
}

/* *ret_picture is borrowed: *resized, or finished itself where the whole of it is wanted as it
 * is; resized stays empty then. What is sharpened is the copy: the finished picture is what
 * smaller sizes are made from. */
static gboolean
cut_and_resize(const SpSized *sized, SpSize size, SpPicture *finished, SpPicture *resized,
               SpPicture **ret_picture, GError **error)
{
    const SpReduction *how = &sized->reduction;
    gboolean sharpens = how->sharpen > 0 && size.width < floor(sized->wide);
    gboolean (*resize)(const SpPicture *, SpRegion, SpSize, SpPicture *, GError **) =
        how->linear_light ? sp_linear_resize_picture : sp_resize_picture;
    *ret_picture = finished;
    if (!sharpens && sp_geometry_is_all(sized->from, size) &&
        sp_geometry_is_all(sized->from, (SpSize){finished->width, finished->height}))
        return TRUE;
    *ret_picture = resized;
    return resize(finished, sized->from, size, resized, error) &&
           (!sharpens || sp_sharpen(resized, how->sharpen, error));
}

static gboolean
is_full(const SpPicture *picture)
{
    return picture->model == SP_MODEL_YCC && picture->sub == 1;
}

gboolean
sp_sized_make(SpSized *sized, SpSize size, gboolean asks, GError **error)
{
    const SpFinished *finished = sized->finished;
    gboolean is_plain = has_plain(finished) && !asks;
    SpPicture *from = is_plain ? finished->plain : finished->picture;
    sp_sized_clear(sized);
    if (!cut_and_resize(sized, size, from, &sized->resized, &sized->picture, error))
        return FALSE;
    sp_encode_pad(sized->picture);
    sized->is_worth =
        is_full(sized->picture) && finished->is_worth &&
        (sized->picture == finished->picture || sp_chroma_is_worth(sized->picture));
    return TRUE;
}

static gboolean
halve(SpSized *sized, GError **error)
{
    const SpFinished *finished = sized->finished;
    SpSize size = {sized->picture->width, sized->picture->height};
    SpPicture *half = &sized->resized_half;
    gboolean done = has_plain(finished) ? cut_and_resize(sized, size, finished->plain,
                                                         &sized->resized_half, &half, error)
                                        : sp_colour_subsampled(sized->picture, half, error);
    if (!done)
        return FALSE;
    sp_encode_pad(half);
    sized->halved = half;
    return TRUE;
}

SpPicture *
sp_sized_for(SpSized *sized, const SpVariant *variant, GError **error)
{
    gboolean wants =
        sp_chroma_is_asked(variant) || (sized->is_worth && sp_chroma_may_be_full(variant));
    if (wants || !is_full(sized->picture))
        return sized->picture;
    return sized->halved != NULL || halve(sized, error) ? sized->halved : NULL;
}

gboolean
sp_sized_likeness(const SpSized *sized, const SpPicture *picture, double *ret_likeness,
                  GError **error)
{
    g_auto(SpLikeness) likeness = {0};
    *ret_likeness = is_full(picture) ? 100 : sized->finished->halved;
    if (picture == sized->picture || !sized->finished->is_worth)
        return TRUE;
    return sp_likeness_init(&likeness, sized->picture, error) &&
           sp_likeness_measure(&likeness, picture, ret_likeness, error);
}

void
sp_sized_clear(SpSized *sized)
{
    sp_picture_clear(&sized->resized);
    sp_picture_clear(&sized->resized_half);
    sized->picture = sized->halved = NULL;
}
