/* SPDX-License-Identifier: MIT */
/* limits.c -- the limits that a header can break, and that of memory, which holds from then on.
 */
#include "render/limits.h"
#include "base/error.h"
#include "render/aim.h"
#include "render/chroma.h"
#include "render/thread.h"
#include "sandbox/lock.h"

#define MEBI (G_GUINT64_CONSTANT(1) << 20)

/* n in units, to a tenth, for people: what is there rounded up, what is allowed down, so that
 * what is over its limit reads so. */
static double
rounded(guint64 n, guint64 unit, gboolean up)
{
    guint64 tenths = (n * 10 + (up ? unit - 1 : 0)) / unit;
    return (double)tenths / 10;
}

gboolean
sp_limits_foresee_memory(guint64 memory, guint64 max_memory, GError **error)
{
    return memory <= max_memory ||
           sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY,
                    "the picture needs %.1f MiB of memory, the limit is %.1f MiB "
                    "(limits.max-memory)",
                    rounded(memory, MEBI, TRUE), rounded(max_memory, MEBI, FALSE));
}

gboolean
sp_limits_check_memory(guint64 memory, guint64 max_memory, GError **error)
{
    return sp_limits_foresee_memory(memory, max_memory, error) &&
           (memory == 0 || sp_lock_expect(memory, error));
}

gboolean
sp_limits_check(const SpLimits *limits, SpSize coded, guint64 guard, guint64 memory,
                GError **error)
{
    guint64 pixels = (guint64)coded.width * coded.height;
    guint64 most = MIN(guard, limits->max_pixels);
    if (MAX(coded.width, coded.height) > SP_LIMIT_SIDE)
        return sp_throw(error, SP_ERROR_TOO_MANY_PIXELS,
                        "the picture is %u x %u, the limit is %u pixels a side (of its format)",
                        coded.width, coded.height, SP_LIMIT_SIDE);
    if (pixels > most)
        return sp_throw(error, SP_ERROR_TOO_MANY_PIXELS,
                        "the picture has %" G_GUINT64_FORMAT
                        " pixels, the limit is %" G_GUINT64_FORMAT " (%s)",
                        pixels, most,
                        most == limits->max_pixels ? "limits.max-pixels" : "of its format");
    return sp_limits_check_memory(memory, limits->max_memory, error);
}

gboolean
sp_limits_check_count(guint found, guint most, const char *what, const char *key,
                      GError **error)
{
    return found <= most || sp_throw(error, SP_ERROR_TOO_MUCH_WORK,
                                     "the picture has %u %s, the limit is %u (limits.%s)",
                                     found, what, most, key);
}

void
sp_limits_check_profile(const SpLimits *limits, SpColourTags *tags)
{
    if (tags->icc != NULL && g_bytes_get_size(tags->icc) > limits->max_profile)
        g_clear_pointer(&tags->icc, g_bytes_unref);
}

/* ---- what a job takes ----------------------------------------------------------------------
 * Measured as the growth of a process, and rounded up: on noise, at quality 100. */

#define BASE ((guint64)4 << 20) /* libraries' tables, arenas of threads, the inventory */
#define FEED_THREADS 4u
#define ONE_THREAD (SP_THREAD_STACK + SP_THREAD_STACK / 4) /* and its arena */
#define PROFILE 8       /* times its bytes: littleCMS' tables and transforms */
#define FINISH 12       /* bytes a pixel: colours twice and two copies at 4:4:4 (the turn) */
#define FINISH_ALPHA 18 /* four planes of 16 bits, and what becomes of them */
#define FINISH_WIDE 14  /* three planes of 16 bits, and two copies of 8 */
#define KEPT 15        /* at 4:4:4 the picture and a part of it, that at 4:2:0; colours twice */
#define KEPT_PLAIN 3   /* more: the picture at 4:2:0, where only some variants ask for 4:4:4 */
#define LINEAR 13      /* more, of all that makes a smaller one by way of light */
#define FILE_A_PIXEL 3 /* of a file that is done: no dense one has more */

/* Bytes a pixel of one variant while it is encoded, its file included. WebP's methods 0 and 1
 * take more than 2; from 3 on, libwebp keeps its tokens until the end of a pass. To find
 * repetitions in alpha takes much at any method. */
static guint
encoder_bytes(const SpVariant *variant, gboolean alpha)
{
    if (variant->format != SP_OUTPUT_WEBP)
        return sp_chroma_may_be_full(variant) ? (alpha ? 18 : 13) : (alpha ? 12 : 7);
    if (alpha)
        return 46;
    return variant->effort >= 3 ? 31 : variant->effort >= 2 ? 11 : 19;
}

/* Bytes a pixel while quality = auto is chosen: what the picture is compared with stays, on a
 * background where there is alpha; to read a file back takes its planes, of a progressive JPEG
 * its coefficients too, and never at the same time as to encode it. */
#define COMPARED 1
#define COMPARED_ALPHA 4
#define READ_BACK 12

static guint
variant_bytes(const SpVariant *variant, gboolean alpha)
{
    guint encode = encoder_bytes(variant, alpha);
    if (variant->quality > SP_QUALITY_AUTO)
        return encode;
    return MAX(encode, READ_BACK) + (alpha ? COMPARED_ALPHA : COMPARED);
}

/* All variants of number i's size: where there are threads, they are encoded at once, else one
 * after the other, and then the largest counts. */
static guint64
group_bytes(const SpWireRequest *request, const SpPlan *plans, guint i, gboolean alpha)
{
    SpSize size = plans[i].size;
    guint64 pixels = (guint64)size.width * size.height, all = 0, largest = 0;
    for (guint k = 0; k < request->n_variants; k++) {
        if (plans[k].size.width != size.width || plans[k].size.height != size.height)
            continue;
        guint64 one = pixels * variant_bytes(&request->variants[k], alpha);
        all += one + ONE_THREAD;
        largest = MAX(largest, one);
    }
    return request->threads > 1 ? all : largest;
}

static guint64
variants_bytes(const SpWireRequest *request, SpSize upright, gboolean alpha)
{
    SpPlan plans[SP_MAX_VARIANTS];
    guint64 files = 0, group = 0;
    for (guint i = 0; i < request->n_variants; i++)
        plans[i] = sp_geometry_plan(upright, &request->variants[i]);
    for (guint i = 0; i < request->n_variants; i++) {
        guint64 pixels = (guint64)plans[i].size.width * plans[i].size.height;
        guint n = request->variants[i].quality > SP_QUALITY_AUTO ? 1 : SP_AIM_MOST;
        files += n * MIN(request->variants[i].max_bytes, pixels * FILE_A_PIXEL);
        group = MAX(group, group_bytes(request, plans, i, alpha));
    }
    return files + group;
}

/* Whether a picture needs its chroma in full, its header does not say: so it may, whatever the
 * variants. */
static guint64
kept_bytes(const SpWireRequest *request, guint64 pixels)
{
    gboolean both = sp_chroma_one_asks(request) && !sp_chroma_all_ask(request);
    return pixels * (both ? KEPT + KEPT_PLAIN : KEPT);
}

guint64
sp_limits_job_bytes(const SpWireRequest *request, const SpColourTags *tags, SpSize upright,
                    SpSize target, gboolean alpha)
{
    guint64 pixels = (guint64)target.width * target.height;
    guint64 profile = tags->icc == NULL ? 0 : PROFILE * g_bytes_get_size(tags->icc);
    gboolean linear = request->reduction.linear_light != 0;
    guint64 finish = pixels * (alpha ? FINISH_ALPHA : linear ? FINISH_WIDE : FINISH);
    guint64 kept = kept_bytes(request, pixels) + (linear ? pixels * LINEAR : 0);
    guint64 encode = kept + variants_bytes(request, upright, alpha);
    return BASE + FEED_THREADS * ONE_THREAD + profile + MAX(finish, encode);
}
