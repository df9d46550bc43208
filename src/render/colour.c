/* SPDX-License-Identifier: MIT */
/* colour.c -- from other colours to sRGB, by littleCMS.
 *
 * A row at a time, at the target's size: to R'G'B', convert, and to Y'CbCr. littleCMS is given
 * chunky 8-bit samples, for which it has fast code: a matrix profile costs 7 ns a pixel, 15 on
 * planes, and 160 without that code (cmsFLAGS_NOOPTIMIZE). What comes in 16 bits has a matrix
 * of our own (light.h), or littleCMS where the profile is a table.
 *
 * Relative colorimetric with black point compensation is what photo editors convert with. To
 * matrix profiles, which cameras and phones embed, it makes no difference: they have one
 * rendering for all intents, and their black is black. */
#include "render/colour.h"
#include "base/error.h"
#include "render/alpha.h"
#include "render/colour-profile.h"
#include "render/colour-rows.h"
#include "render/light.h"
#include "render/limited.h"
#include "render/linear.h"
#include <string.h>

struct SpColourConversion {
    SpForm form;             /* of what is converted */
    gboolean wide;           /* through rows of 16 bits (colour-rows.h) */
    SpMatrix unmix;          /* to wide rows */
    cmsHTRANSFORM transform; /* owned; of samples of 8 or 16 bits, as the rows are */
    SpLight *light;          /* owned */
    SpTable *grey;           /* owned */
    SpHdr *hdr;       /* owned; of these four one, or none where the colours are sRGB's */
    SpLinear *linear; /* owned; what comes is light: it is undone before all else */
};

/* ---- finding --------------------------------------------------------------------------------
 */

#define RENDERING (cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE)

/* Chunky, as the rows are made: TYPE_CMYK_8_REV has full for no ink. NULL without memory, and
 * for a profile that littleCMS cannot use after all. */
static cmsHTRANSFORM
transform_new(cmsHPROFILE source, SpModel model, gboolean wide)
{
    gboolean black = model == SP_MODEL_CMYK || model == SP_MODEL_YCCK;
    guint32 rgb = wide ? TYPE_RGB_16 : TYPE_RGB_8;
    cmsHPROFILE target = cmsCreate_sRGBProfile();
    if (target == NULL)
        return NULL;
    cmsHTRANSFORM transform = cmsCreateTransform(source, black ? TYPE_CMYK_8_REV : rgb, target,
                                                 rgb, INTENT_RELATIVE_COLORIMETRIC, RENDERING);
    cmsCloseProfile(target);
    return transform;
}

static double
transform_grey(double v, gconstpointer transform)
{
    float in = (float)v, out = 0;
    cmsDoTransform((cmsHTRANSFORM)transform, &in, &out, 1);
    return out;
}

/* One channel: whatever the profile does with it, a table says it all. littleCMS' own are off
 * by up to 10 of 255 in the dark. */
static SpTable *
grey_new(cmsHPROFILE source)
{
    cmsHPROFILE target = sp_profile_srgb_grey();
    if (target == NULL)
        return NULL;
    cmsHTRANSFORM transform =
        cmsCreateTransform(source, TYPE_GRAY_FLT, target, TYPE_GRAY_FLT,
                           INTENT_RELATIVE_COLORIMETRIC, RENDERING | cmsFLAGS_NOOPTIMIZE);
    cmsCloseProfile(target);
    if (transform == NULL)
        return NULL;
    SpTable *table = g_new(SpTable, 1);
    sp_table_init(table, transform_grey, transform);
    cmsDeleteTransform(transform);
    return table;
}

static SpLight *
light_new(cmsHPROFILE profile, const double matrix[3][3])
{
    static const cmsTagSignature curves[3] = {cmsSigRedTRCTag, cmsSigGreenTRCTag,
                                              cmsSigBlueTRCTag};
    SpLight *light = g_new(SpLight, 1);
    for (guint i = 0; i < 3; i++)
        sp_table_init(&light->curves[i], sp_curve_at, cmsReadTag(profile, curves[i]));
    sp_matrix_init(&light->matrix, matrix);
    sp_table_init(&light->to_srgb, sp_srgb_from_linear, NULL);
    return light;
}

/* FALSE when there is no way from what is meant: then it counts as not said. */
static gboolean
prepare(SpColourConversion *conversion, const SpMeaning *meaning)
{
    SpModel model = conversion->form.model;
    gboolean wide = conversion->wide;
    double matrix[3][3];
    if (meaning->profile == NULL)
        return TRUE;
    if (meaning->hdr != SP_HDR_NONE) {
        if (!sp_profile_matrix(meaning->profile, matrix))
            return FALSE;
        conversion->hdr = sp_hdr_new(meaning->hdr, matrix);
        return TRUE;
    }
    if (model == SP_MODEL_GREY)
        return (conversion->grey = grey_new(meaning->profile)) != NULL;
    if (wide && sp_profile_matrix(meaning->profile, matrix)) {
        conversion->light = light_new(meaning->profile, matrix);
        return TRUE;
    }
    conversion->transform = transform_new(meaning->profile, model, wide);
    return conversion->transform != NULL;
}

static SpColourConversion *
conversion_new(const SpColourSource *source, const SpMeaning *meaning)
{
    const SpForm *form = &source->form;
    SpModel model = form->model;
    SpCodePoints range = {.present = meaning->limited};
    const SpCodePoints *points =
        model == SP_MODEL_RGB || meaning->limited ? &range : &source->ycc;
    gboolean limited = points->present && !points->full_range;
    gboolean jfif = model == SP_MODEL_YCC ? sp_code_points_are_jfif(points) : !limited;
    guint bits = form->bytes == 1 ? 8 : source->bits == 0 ? 10 : source->bits;
    SpColourConversion *conversion = g_new0(SpColourConversion, 1);
    conversion->form = *form;
    conversion->linear = source->linear ? sp_linear_new() : NULL;
    conversion->wide = form->bytes == 2 || form->alpha || meaning->hdr != SP_HDR_NONE || !jfif;
    if (model == SP_MODEL_CMYK || model == SP_MODEL_YCCK)
        conversion->wide = FALSE; /* JPEG's alone */
    else
        sp_unmix_init(&conversion->unmix, model, points, form->bytes, bits);
    return conversion;
}

SpColourConversion *
sp_colour_find(const SpColourTags *tags, const SpColourSource *source, SpColour *ret_colour,
               SpColourOrigin *ret_origin)
{
    SpModel model = source->form.model;
    for (const SpColourTeller *teller = sp_colour_sources; teller->find != NULL; teller++) {
        g_auto(SpMeaning) meaning = {0};
        if (!teller->find(tags, model, &meaning))
            continue;
        g_autoptr(SpColourConversion) conversion = conversion_new(source, &meaning);
        if (!prepare(conversion, &meaning))
            continue;
        *ret_colour = meaning.colour;
        if (ret_origin != NULL)
            *ret_origin = teller->origin;
        gboolean finished = model == SP_MODEL_GREY || model == SP_MODEL_YCC;
        if (meaning.profile == NULL && finished && !conversion->wide)
            return NULL;
        return g_steal_pointer(&conversion);
    }
    g_return_val_if_reached(NULL);
}

void
sp_colour_free(SpColourConversion *conversion)
{
    if (conversion == NULL)
        return;
    if (conversion->transform != NULL)
        cmsDeleteTransform(conversion->transform);
    sp_hdr_free(conversion->hdr);
    sp_linear_free(conversion->linear);
    g_free(conversion->light);
    g_free(conversion->grey);
    g_free(conversion);
}

static guint8 *
row_of(const SpPicture *picture, guint plane, guint y)
{
    return picture->planes[plane].data + picture->planes[plane].stride * y;
}

static guint8 *
limited_row(const SpPicture *picture, guint plane, guint y)
{
    return picture->limited[plane].data + picture->limited[plane].stride * y;
}

/* ---- samples of 8 bits ----------------------------------------------------------------------
 */

static void
convert_grey(const SpColourConversion *conversion, SpPicture *picture)
{
    const SpPlane *plane = &picture->planes[0], *limited = &picture->limited[0];
    guint16 wide[256];
    guint8 table[256], limited_table[256];
    for (guint i = 0; i < 256; i++)
        wide[i] = (guint16)(i * 257);
    sp_table_row(conversion->grey, wide, 256);
    sp_wide_to_bytes(wide, 1, 256, table);
    sp_wide_to_limited_grey(wide, 1, 256, limited_table);
    for (guint y = 0; y < plane->height; y++) {
        guint8 *row = plane->data + plane->stride * y;
        guint8 *limited_row = limited->data + limited->stride * y;
        for (guint x = 0; x < plane->width; x++) {
            limited_row[x] = limited_table[row[x]];
            row[x] = table[row[x]];
        }
    }
}

static void
convert_narrow(const SpColourConversion *conversion, SpPicture *picture, guint8 *chunky)
{
    SpPlane *planes = picture->planes;
    guint n = sp_model_planes(conversion->form.model);
    for (guint y = 0; y < picture->height; y++) {
        guint8 *rows[SP_MAX_PLANES]; /* those behind the model's are never read */
        guint8 *rgb = chunky;
        for (guint i = 0; i < SP_MAX_PLANES; i++)
            rows[i] = planes[MIN(i, n - 1)].data + planes[MIN(i, n - 1)].stride * y;
        sp_rows_to_narrow(conversion->form.model, rows, picture->width, chunky);
        if (conversion->transform != NULL) {
            rgb = n == 4 ? chunky + (gsize)picture->width * SP_MAX_PLANES : chunky;
            cmsDoTransform(conversion->transform, chunky, rgb, picture->width);
        } else if (n == 4) {
            sp_narrow_ink_to_rgb(chunky, picture->width);
        }
        sp_narrow_to_ycc(rgb, picture->width, rows[0], rows[1], rows[2]);
        sp_narrow_to_limited(rgb, picture->width, limited_row(picture, 0, y),
                             limited_row(picture, 1, y), limited_row(picture, 2, y));
    }
    for (guint i = 3; i < n; i++)
        sp_plane_clear(&planes[i]);
    picture->model = SP_MODEL_YCC;
    picture->n_planes = 3;
}

/* ---- wide rows ------------------------------------------------------------------------------
 */

/* Of alpha: less is 0 in the finished picture. Half a step of 8 bits. */
#define INVISIBLE 129

static gboolean
one_channel(const SpColourConversion *conversion)
{
    return conversion->form.model == SP_MODEL_GREY && conversion->hdr == NULL;
}

/* A row of `in`, whose colours are straight. What is invisible is black: it has no colour, and
 * shall not count as light. */
static void
load(const SpColourConversion *conversion, const SpPicture *in, guint y, guint16 *wide)
{
    guint n = sp_model_planes(conversion->form.model);
    guint channels = one_channel(conversion) ? 1 : 3;
    const guint8 *rows[3];
    for (guint i = 0; i < 3; i++)
        rows[i] = row_of(in, MIN(i, n - 1), y);
    sp_rows_to_wide(&conversion->unmix, channels, conversion->form.bytes, rows, in->width,
                    wide);
    if (!in->alpha)
        return;
    const guint16 *alpha = (gconstpointer)row_of(in, n, y);
    for (guint x = 0; x < in->width; x++)
        for (guint i = 0; i < channels && alpha[x] < INVISIBLE; i++)
            wide[(gsize)x * channels + i] = 0;
}

static void
change(const SpColourConversion *conversion, float peak, guint16 *wide, guint width)
{
    if (conversion->hdr != NULL)
        sp_hdr_row(conversion->hdr, peak, wide, width);
    else if (conversion->light != NULL)
        sp_light_row(conversion->light, wide, width);
    else if (conversion->grey != NULL)
        sp_table_row(conversion->grey, wide, width);
    else if (conversion->transform != NULL)
        cmsDoTransform(conversion->transform, wide, wide, width);
}

/* Where alpha is 0, white. */
static void
hide(SpPicture *out, guint y)
{
    const guint8 *alpha = row_of(out, 3, y);
    guint8 *luma = row_of(out, 0, y), *limited = limited_row(out, 0, y);
    guint8 *const chroma[] = {row_of(out, 1, y), row_of(out, 2, y), limited_row(out, 1, y),
                              limited_row(out, 2, y)};
    for (guint x = 0; x < out->width; x++)
        if (alpha[x] == 0) {
            luma[x] = 255;
            limited[x] = SP_LIMITED_WHITE;
            for (guint i = 0; i < G_N_ELEMENTS(chroma); i++)
                chroma[i][x] = 128;
        }
}

/* Of grey, luma alone: chroma is neutral already, if there is any. */
static void
store(const SpColourConversion *conversion, const guint16 *wide, guint y, SpPicture *out)
{
    guint8 *luma = row_of(out, 0, y), *limited = limited_row(out, 0, y);
    guint step = one_channel(conversion) ? 1 : 3;
    if (conversion->form.model == SP_MODEL_GREY) {
        sp_wide_to_bytes(wide, step, out->width, luma);
        sp_wide_to_limited_grey(wide, step, out->width, limited);
    } else {
        sp_wide_to_ycc(wide, out->width, luma, row_of(out, 1, y), row_of(out, 2, y));
        sp_wide_to_limited(wide, out->width, limited, limited_row(out, 1, y),
                           limited_row(out, 2, y));
    }
    if (out->alpha)
        hide(out, y);
}

/* All of the picture, before its first row is written over. */
static float
measure(const SpColourConversion *conversion, const SpPicture *in, guint16 *wide)
{
    if (conversion->hdr == NULL)
        return 1;
    SpHdrPeak peak = {0};
    for (guint y = 0; y < in->height; y++) {
        load(conversion, in, y, wide);
        sp_hdr_measure_row(conversion->hdr, wide, in->width, &peak);
    }
    return sp_hdr_peak(&peak);
}

static void
unpremultiply(const SpPicture *picture)
{
    guint n = picture->n_planes;
    for (guint y = 0; picture->alpha && y < picture->height; y++) {
        guint16 *rows[SP_MAX_PLANES];
        for (guint i = 0; i < n; i++)
            rows[i] = (gpointer)row_of(picture, i, y);
        sp_alpha_unpremultiply_row(rows, n - 1, picture->width);
    }
}

/* The same memory, for samples of 8 bits: rows move to the front. A row that is stored ends
 * before the next one that is to be loaded. */
static SpPlane
narrowed(const SpPlane *plane)
{
    SpPlane narrow = *plane;
    narrow.bytes = 1;
    narrow.stride = ((gsize)plane->width + SP_PLANE_ALIGN - 1) & ~(gsize)(SP_PLANE_ALIGN - 1);
    return narrow;
}

/* The finished picture in the memory of the one that is converted. Only grey with alpha needs
 * more: chroma, which is neutral. */
static gboolean
make_room(const SpPicture *in, SpPicture *ret_out, GError **error)
{
    SpPicture out = *in;
    for (guint i = 0; i < in->n_planes; i++)
        out.planes[i] = narrowed(&in->planes[i]);
    if (in->alpha && in->model == SP_MODEL_GREY) {
        g_auto(SpPlane) blue = {0}, red = {0};
        if (!sp_plane_init(&blue, in->width, in->height, 1, error) ||
            !sp_plane_init(&red, in->width, in->height, 1, error))
            return FALSE;
        memset(blue.data, 128, blue.stride * blue.height);
        memset(red.data, 128, red.stride * red.height);
        for (guint i = 1; i < 3; i++)
            memset(in->limited[i].data, 128, in->limited[i].stride * in->limited[i].height);
        out.planes[3] = out.planes[1];
        out.planes[1] = blue;
        out.planes[2] = red;
        blue = red = (SpPlane){0};
    }
    if (in->alpha || in->model != SP_MODEL_GREY)
        out.model = SP_MODEL_YCC;
    out.n_planes = sp_model_planes(out.model) + out.alpha;
    *ret_out = out;
    return TRUE;
}

static void
undo_linear(const SpColourConversion *conversion, const SpPicture *picture)
{
    guint n = sp_model_planes(picture->model);
    for (guint y = 0; conversion->linear != NULL && y < picture->height; y++)
        for (guint i = 0; i < n; i++)
            sp_linear_row_back(conversion->linear, (gpointer)row_of(picture, i, y),
                               picture->width);
}

static gboolean
convert_wide(const SpColourConversion *conversion, SpPicture *picture, guint16 *wide,
             GError **error)
{
    SpPicture out;
    if (!make_room(picture, &out, error))
        return FALSE;
    unpremultiply(picture);
    undo_linear(conversion, picture);
    float peak = measure(conversion, picture, wide);
    for (guint y = 0; y < picture->height; y++) {
        load(conversion, picture, y, wide);
        change(conversion, peak, wide, picture->width);
        if (picture->alpha) {
            gconstpointer alpha = row_of(picture, picture->n_planes - 1, y);
            sp_wide_to_bytes(alpha, 1, picture->width, row_of(&out, 3, y));
        }
        store(conversion, wide, y, &out);
    }
    *picture = out;
    return TRUE;
}

gboolean
sp_colour_convert(const SpColourConversion *conversion, SpPicture *picture, GError **error)
{
    const SpForm *form = &conversion->form, found = sp_picture_form(picture);
    g_return_val_if_fail(found.model == form->model && found.alpha == form->alpha, FALSE);
    g_return_val_if_fail(found.bytes == form->bytes, FALSE);
    g_return_val_if_fail(found.sub == 1 || form->model == SP_MODEL_GREY, FALSE);
    g_return_val_if_fail(!form->alpha || (form->bytes == 2 && (form->model == SP_MODEL_RGB ||
                                                               form->model == SP_MODEL_GREY)),
                         FALSE);
    gboolean grey = form->model == SP_MODEL_GREY && !form->alpha;
    if (!sp_limited_add(picture, grey ? SP_MODEL_GREY : SP_MODEL_YCC, error))
        return FALSE;
    if (form->model == SP_MODEL_GREY && !conversion->wide) {
        convert_grey(conversion, picture);
        return TRUE;
    }
    /* two rows of CMYK, or one of R, G, B in 16 bits */
    g_autofree guint8 *chunky = g_try_malloc((gsize)picture->width * SP_MAX_PLANES * 2);
    if (chunky == NULL)
        return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "no memory to convert colours");
    if (conversion->wide)
        return convert_wide(conversion, picture, (gpointer)chunky, error);
    convert_narrow(conversion, picture, chunky);
    return TRUE;
}

/* ---- chroma at half size --------------------------------------------------------------------
 */

/* Rounded up and down in turn, so that the mean stays. */
static void
average_rows(const guint8 *restrict upper, const guint8 *restrict lower, gsize n,
             guint8 *restrict to)
{
    for (gsize x = 0; x < n; x++) {
        guint sum = upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1];
        to[x] = (guint8)((sum + 1 + (x & 1)) >> 2);
    }
}

/* The last column or row of an odd side stands for itself alone. */
static void
average_fours(const SpPlane *in, SpPlane *out)
{
    gsize pairs = in->width / 2;
    for (guint y = 0; y < out->height; y++) {
        const guint8 *upper = in->data + in->stride * 2 * y;
        const guint8 *lower = in->data + in->stride * MIN(2 * y + 1, in->height - 1);
        guint8 *to = out->data + out->stride * y;
        average_rows(upper, lower, pairs, to);
        if (pairs < out->width)
            to[pairs] =
                (guint8)((upper[2 * pairs] * 2 + lower[2 * pairs] * 2 + 1 + (pairs & 1)) >> 2);
    }
}

/* The same, rounding too, where a pixel counts as much as it covers. What is all transparent is
 * neutral. */
static void
average_covered(const SpPlane *in, const SpPlane *alpha, SpPlane *out)
{
    for (guint y = 0; y < out->height; y++) {
        gsize rows[2] = {2 * (gsize)y, MIN(2 * (gsize)y + 1, in->height - 1)};
        guint8 *to = out->data + out->stride * y;
        for (guint x = 0; x < out->width; x++) {
            guint columns[2] = {2 * x, MIN(2 * x + 1, in->width - 1)};
            guint sum = 0, weight = 0;
            for (guint i = 0; i < 4; i++) {
                guint a = alpha->data[alpha->stride * rows[i / 2] + columns[i % 2]];
                sum += a * in->data[in->stride * rows[i / 2] + columns[i % 2]];
                weight += a;
            }
            to[x] = (guint8)(weight == 0 ? 128 : (sum + (weight - 1 + (x & 1)) / 2) / weight);
        }
    }
}

static void
average(const SpPicture *picture, const SpPlane *chroma, SpPlane *out)
{
    if (picture->alpha)
        average_covered(chroma, &picture->planes[3], out);
    else
        average_fours(chroma, out);
}

gboolean
sp_colour_subsample(SpPicture *picture, GError **error)
{
    if (picture->model != SP_MODEL_YCC || picture->sub == 2)
        return TRUE;
    SpPlane *chroma[] = {&picture->planes[1], &picture->planes[2], &picture->limited[1],
                         &picture->limited[2]};
    guint n = sp_picture_form(picture).limited ? 4 : 2;
    g_auto(SpPicture) halves = {0};
    SpForm four = {.model = SP_MODEL_CMYK, .bytes = 1, .sub = 1}; /* as many planes */
    if (!sp_picture_init(&halves, sp_plane_samples(picture->width, 1, 2),
                         sp_plane_samples(picture->height, 1, 2), four, error))
        return FALSE;
    for (guint i = 0; i < n; i++) {
        average(picture, chroma[i], &halves.planes[i]);
        sp_plane_clear(chroma[i]);
        *chroma[i] = halves.planes[i];
        halves.planes[i] = (SpPlane){0};
    }
    picture->sub = 2;
    return TRUE;
}

/* Chroma is halved, all else stays. */
static void
halve_or_copy(const SpPicture *picture, const SpPlane *plane, guint index, SpPlane *out)
{
    if (index == 1 || index == 2)
        average(picture, plane, out);
    else
        memcpy(out->data, plane->data, plane->stride * plane->height);
}

gboolean
sp_colour_subsampled(const SpPicture *picture, SpPicture *ret_picture, GError **error)
{
    g_return_val_if_fail(picture->model == SP_MODEL_YCC && picture->sub == 1, FALSE);
    SpForm form = sp_picture_form(picture);
    form.sub = 2;
    if (!sp_picture_init(ret_picture, picture->width, picture->height, form, error))
        return FALSE;
    for (guint i = 0; i < picture->n_planes; i++)
        halve_or_copy(picture, &picture->planes[i], i, &ret_picture->planes[i]);
    for (guint i = 0; form.limited && i < G_N_ELEMENTS(picture->limited); i++)
        halve_or_copy(picture, &picture->limited[i], i, &ret_picture->limited[i]);
    return TRUE;
}
