/* SPDX-License-Identifier: MIT */
/* sight.c -- what files of one picture look like, while the quality of one is chosen. */
#include "render/sight.h"
#include "render/alpha.h"
#include "render/readback.h"

void
sp_sight_open(SpSight *sight, const SpPicture *picture, double most, const SpVariant *variant)
{
    guint64 pixels = (guint64)picture->width * picture->height;
    sp_aim_init(&sight->aim, variant->format, sp_likeness_beside(variant->target, most), pixels,
                variant->max_bytes, variant->min_quality, SP_QUALITY_AUTO_MOST);
}

/* What all files of a variant are compared with: where there is alpha, as it is seen. */
static gboolean
prepare(SpSight *sight, const SpPicture *picture, const SpVariant *variant, GError **error)
{
    if (picture->alpha) {
        if (!sp_alpha_flatten(picture, variant->background, &sight->flat, error))
            return FALSE;
        picture = &sight->flat;
    }
    return sp_likeness_init(&sight->likeness, picture, error);
}

void
sp_sight_close(SpSight *sight)
{
    sp_likeness_clear(&sight->likeness);
    sp_picture_clear(&sight->flat);
    for (guint i = 0; i < G_N_ELEMENTS(sight->files); i++)
        g_clear_pointer(&sight->files[i], g_bytes_unref);
}

/* A format with alpha keeps it as it is: shown on the background with that of the picture. */
static gboolean
show(const SpPicture *picture, const SpVariant *variant, GBytes *file, SpPicture *ret_shown,
     GError **error)
{
    g_auto(SpPicture) shown = {0};
    if (!sp_readback(file, variant->format, &shown, error))
        return FALSE;
    if (picture->alpha && variant->format == SP_OUTPUT_WEBP) {
        SpPicture with_alpha = shown;
        with_alpha.alpha = TRUE;
        with_alpha.planes[with_alpha.n_planes++] = picture->planes[picture->n_planes - 1];
        return sp_alpha_flatten(&with_alpha, variant->background, ret_shown, error);
    }
    *ret_shown = sp_picture_steal(&shown);
    return TRUE;
}

gboolean
sp_sight_look(SpSight *sight, const SpPicture *picture, const SpVariant *variant, GBytes *file,
              double quality, double *ret_likeness, GError **error)
{
    g_auto(SpPicture) shown = {0};
    double likeness = 0;
    if ((sight->aim.n == 0 && !prepare(sight, picture, variant, error)) ||
        !show(picture, variant, file, &shown, error) ||
        !sp_likeness_measure(&sight->likeness, &shown, &likeness, error))
        return FALSE;
    gsize n = g_bytes_get_size(file);
    if (n <= variant->max_bytes)
        sight->files[sight->aim.n] = g_bytes_ref(file);
    sp_aim_report(&sight->aim, quality, likeness, n);
    *ret_likeness = likeness;
    return TRUE;
}
