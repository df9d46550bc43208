/* SPDX-License-Identifier: MIT */
/* chroma.c -- how finely colours are sampled: what variants ask for, what a picture needs.
 *
 * At 4:2:0 four pixels share their mean colour. What that loses is the variance of their
 * chroma; it is little in photos, wherever their edges are, and much at the edges of coloured
 * text and lines. Where luma changes as well, it is not seen so much: red on white suffers less
 * than red on blue. So counted are fours that lose much, each by what it loses and by how much
 * luma hides of that.
 *
 * All integers: machines must agree on it. */
#include "render/chroma.h"

/* Of the variances of Cb and Cr together. Of 22 photos and 12 graphics at 1 024 pixels: what
 * was smaller by a tenth and more at 4:4:4, at equal SSIMULACRA2, had 10 sixteenths and more,
 * six graphics, most of them smaller by half; what was larger, most photos by some 3 %, had 7
 * and fewer. */
#define MUCH 256        /* that a four loses: less does not count */
#define WORTH 9         /* sixteenths: the mean over all fours of what counts */
#define HIDING_RANGE 16 /* of luma in a four: what hides half of it */

/* ---- the picture --------------------------------------------------------------------------
 */

/* 16 times the variance. */
static inline guint
spread(const guint8 *upper, const guint8 *lower)
{
    guint a = upper[0], b = upper[1], c = lower[0], d = lower[1];
    guint sum = a + b + c + d;
    return 4 * (a * a + b * b + c * c + d * d) - sum * sum;
}

static inline guint
range(const guint8 *upper, const guint8 *lower)
{
    guint8 most = MAX(MAX(upper[0], upper[1]), MAX(lower[0], lower[1]));
    guint8 least = MIN(MIN(upper[0], upper[1]), MIN(lower[0], lower[1]));
    return (guint)most - least;
}

static inline const guint8 *
row_of(const SpPicture *picture, guint index, guint y)
{
    return picture->planes[index].data + picture->planes[index].stride * y;
}

/* In sixteenths, of two rows' fours; what is not all opaque does not count. */
static guint64
count_rows(const SpPicture *picture, guint y)
{
    const guint hides = HIDING_RANGE * HIDING_RANGE;
    const guint8 *upper[SP_MAX_PLANES], *lower[SP_MAX_PLANES];
    guint64 sum = 0;
    for (guint i = 0; i < SP_MAX_PLANES; i++) { /* without alpha, luma stands in its place */
        upper[i] = row_of(picture, i < picture->n_planes ? i : 0, y);
        lower[i] = row_of(picture, i < picture->n_planes ? i : 0, y + 1);
    }
    for (guint x = 0; x + 1 < picture->width; x += 2) {
        guint lost = spread(upper[1] + x, lower[1] + x) + spread(upper[2] + x, lower[2] + x);
        if (lost < 16 * MUCH)
            continue;
        if (picture->alpha &&
            (upper[3][x] & upper[3][x + 1] & lower[3][x] & lower[3][x + 1]) != 255)
            continue;
        guint luma = range(upper[0] + x, lower[0] + x);
        sum += lost * hides / (hides + luma * luma);
    }
    return sum;
}

gboolean
sp_chroma_is_worth(const SpPicture *picture)
{
    if (picture->model != SP_MODEL_YCC || picture->sub != 1)
        return FALSE;
    guint64 fours = (guint64)(picture->width / 2) * (picture->height / 2), sum = 0;
    for (guint y = 0; y + 1 < picture->height; y += 2)
        sum += count_rows(picture, y);
    return fours > 0 && sum >= WORTH * fours;
}

/* ---- variants -----------------------------------------------------------------------------
 */

gboolean
sp_chroma_may_be_full(const SpVariant *variant)
{
    return variant->format == SP_OUTPUT_JPEG && variant->chroma != SP_CHROMA_420;
}

gboolean
sp_chroma_is_asked(const SpVariant *variant)
{
    return sp_chroma_may_be_full(variant) && variant->chroma == SP_CHROMA_444;
}

static guint
count_asking(const SpWireRequest *request)
{
    guint n = 0;
    for (guint i = 0; i < request->n_variants; i++)
        n += sp_chroma_is_asked(&request->variants[i]) ? 1 : 0;
    return n;
}

gboolean
sp_chroma_one_asks(const SpWireRequest *request)
{
    return count_asking(request) > 0;
}

gboolean
sp_chroma_all_ask(const SpWireRequest *request)
{
    return count_asking(request) == request->n_variants;
}
