/* SPDX-License-Identifier: MIT */
/* limits.c -- the limits that a header can break, and that of memory, which holds from then on.
 */
#include "render/limits.h"
#include "base/error.h"
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
sp_limits_check_memory(guint64 memory, guint64 max_memory, GError **error)
{
    if (memory > max_memory)
        return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY,
                        "the picture needs %.1f MiB of memory, the limit is %.1f MiB "
                        "(limits.max-memory)",
                        rounded(memory, MEBI, TRUE), rounded(max_memory, MEBI, FALSE));
    sp_lock_expect(memory);
    return TRUE;
}

gboolean
sp_limits_check(const SpLimits *limits, SpSize coded, guint64 guard, guint64 memory,
                GError **error)
{
    guint64 pixels = (guint64)coded.width * coded.height;
    guint64 most = MIN(guard, limits->max_pixels);
    if (MAX(coded.width, coded.height) > SP_LIMIT_SIDE)
        return sp_throw(error, SP_ERROR_TOO_MANY_PIXELS,
                        "the picture is %u x %u, the limit is %u pixels a side", coded.width,
                        coded.height, SP_LIMIT_SIDE);
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

/* Two copies of the planes at 4:4:4 (the turn), libwebp's and libjpeg's working memory:
 * measured as 12 bytes a pixel, rounded up. From method 3 on, libwebp keeps its tokens until
 * the end of a pass: measured as 32 bytes a pixel in all, on noise at quality 100. What it
 * needs to find alpha's repetitions comes to 47 in all, on noise, at any method. */
#define USUAL 16
#define WITH_TOKENS 32
#define WITH_ALPHA 56

guint64
sp_limits_finished_bytes(SpSize target, const SpVariant *variants, guint n_variants,
                         gboolean alpha)
{
    guint64 a_pixel = USUAL;
    for (guint i = 0; i < n_variants; i++) {
        if (variants[i].format != SP_OUTPUT_WEBP)
            continue;
        guint64 webp = alpha ? WITH_ALPHA : variants[i].effort >= 3 ? WITH_TOKENS : USUAL;
        a_pixel = MAX(a_pixel, webp);
    }
    return a_pixel * target.width * target.height;
}
