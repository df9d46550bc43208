/* SPDX-License-Identifier: MIT */
/* colour-rows.c -- rows between planes and chunky samples. */
#include "render/colour-rows.h"
#include "render/limited.h"
#include <string.h>

/* ---- narrow -------------------------------------------------------------------------------
 */

/* Y'CbCr as in ITU-T T.871 (JFIF), clause 7, with 16 bits behind the point. */
#define FIXED(x) ((int)((x)*65536 + 0.5))
#define HALF 32768

/* Once more with wider vectors, taken where the processor has them: whole numbers, so the same
 * bytes. (At -O3; what every processor has is no faster than a sample at a time.) clang 14
 * gives what it makes of target_clones another name than who calls it expects. */
#if defined(__x86_64__) && !defined(SP_SANITIZED) && !defined(__clang__)
#define WIDER __attribute__((target_clones("avx2", "default")))
#else
#define WIDER
#endif

static inline guint8
clamp(int v)
{
    return (guint8)(v < 0 ? 0 : v > 255 ? 255 : v);
}

WIDER static void
row_to_rgb(const guint8 *restrict luma, const guint8 *restrict blue, const guint8 *restrict red,
           guint width, guint8 *restrict rgb)
{
    for (guint x = 0; x < width; x++, rgb += 3) {
        int y = luma[x], cb = blue[x] - 128, cr = red[x] - 128;
        int r = y + ((FIXED(1.402) * cr + HALF) >> 16);
        int g = y - ((FIXED(0.344136) * cb + FIXED(0.714136) * cr + HALF) >> 16);
        int b = y + ((FIXED(1.772) * cb + HALF) >> 16);
        gboolean outside = ((r | g | b) & ~255) != 0; /* seldom, and told ahead */
        rgb[0] = outside ? clamp(r) : (guint8)r;
        rgb[1] = outside ? clamp(g) : (guint8)g;
        rgb[2] = outside ? clamp(b) : (guint8)b;
    }
}

/* v less luma, which has 16 bits behind the point; factor has 14, the product 22. Half a step
 * short of a half, since pure red and pure blue would come out at 255.5. */
static inline guint8
chroma(int v, int luma, double factor)
{
    int product = (((v << 16) - luma) >> 8) * (int)(factor * 16384);
    return (guint8)((product + (128 << 22) + (1 << 21) - 1) >> 22);
}

WIDER void
sp_narrow_to_ycc(const guint8 *restrict rgb, guint width, guint8 *restrict luma,
                 guint8 *restrict blue, guint8 *restrict red)
{
    for (guint x = 0; x < width; x++, rgb += 3) {
        int y = FIXED(0.299) * rgb[0] + FIXED(0.587) * rgb[1] + FIXED(0.114) * rgb[2];
        luma[x] = (guint8)((y + HALF) >> 16);
        blue[x] = chroma(rgb[2], y, 1 / 1.772);
        red[x] = chroma(rgb[0], y, 1 / 1.402);
    }
}

/* Of 255 to `steps`. Chroma's three add up to nothing. */
#define SHARE(share, steps) FIXED((share) * (steps) / 255.0)

WIDER void
sp_narrow_to_limited(const guint8 *restrict rgb, guint width, guint8 *restrict luma,
                     guint8 *restrict blue, guint8 *restrict red)
{
    const int half_chroma = SHARE(0.5, SP_LIMITED_CHROMA);
    const int to_blue = SHARE(0.299 / 1.772, SP_LIMITED_CHROMA);
    const int to_red = SHARE(0.114 / 1.402, SP_LIMITED_CHROMA);
    const int black = (SP_LIMITED_BLACK << 16) + HALF, middle = (128 << 16) + HALF;
    for (guint x = 0; x < width; x++, rgb += 3) {
        int r = rgb[0], g = rgb[1], b = rgb[2];
        luma[x] =
            (guint8)((SHARE(0.299, SP_LIMITED_LUMA) * r + SHARE(0.587, SP_LIMITED_LUMA) * g +
                      SHARE(0.114, SP_LIMITED_LUMA) * b + black) >>
                     16);
        blue[x] = (guint8)((half_chroma * (b - g) - to_blue * (r - g) + middle) >> 16);
        red[x] = (guint8)((half_chroma * (r - g) - to_red * (b - g) + middle) >> 16);
    }
}

/* R, G, B, packed at the row's front, to C, M, Y, K: as libjpeg turns YCCK to CMYK, C is what R
 * lacks. From the end on, so that nothing is written over before it is read. */
static void
row_add_black(const guint8 *black, guint width, guint8 *chunky)
{
    for (guint x = width; x-- > 0;) {
        chunky[4 * x + 3] = black[x];
        for (guint i = 3; i-- > 0;)
            chunky[4 * x + i] = 255 - chunky[3 * x + i];
    }
}

void
sp_rows_to_narrow(SpModel model, guint8 *const rows[SP_MAX_PLANES], guint width, guint8 *chunky)
{
    guint n = sp_model_planes(model);
    if (model == SP_MODEL_YCC || model == SP_MODEL_YCCK)
        row_to_rgb(rows[0], rows[1], rows[2], width, chunky);
    else
        for (guint x = 0; x < width; x++)
            for (guint i = 0; i < n; i++)
                chunky[n * x + i] = rows[i][x];
    if (model == SP_MODEL_YCCK)
        row_add_black(rows[3], width, chunky);
}

void
sp_narrow_ink_to_rgb(guint8 *chunky, guint width)
{
    for (guint x = 0; x < width; x++)
        for (guint i = 0; i < 3; i++)
            chunky[3 * x + i] =
                (guint8)((chunky[4 * x + i] * (guint)chunky[4 * x + 3] + 127) / 255);
}

/* ---- wide ---------------------------------------------------------------------------------
 */

#define FULL 65535.0

/* The shares of red and blue in luma: ITU-T H.273, table 4. */
typedef struct {
    double red, blue;
} Shares;

static Shares
shares_of(const SpCodePoints *points)
{
    static const Shares bt601 = {0.299, 0.114}, bt709 = {0.2126, 0.0722},
                        bt2020 = {0.2627, 0.0593}, fcc = {0.30, 0.11},
                        smpte240 = {0.212, 0.087};
    switch (points->present ? points->matrix : 2) {
    case 1:
        return bt709;
    case 4:
        return fcc;
    case 7:
        return smpte240;
    case 9:
    case 10: /* constant luminance, as libheif takes it */
        return bt2020;
    case 12: /* derived from the primaries */
        return points->primaries == 9 ? bt2020 : bt709;
    default:
        return bt601;
    }
}

gboolean
sp_code_points_are_jfif(const SpCodePoints *points)
{
    Shares shares = shares_of(points);
    gboolean mixed = !points->present || (points->matrix != 0 && points->matrix != 8);
    return mixed && shares.red == 0.299 && (!points->present || points->full_range);
}

/* R, G, B from luma 0 to 1 and chroma -0.5 to 0.5. */
static void
matrix_of(const SpCodePoints *points, double ret_matrix[3][3])
{
    static const double gbr[3][3] = {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}};
    static const double ycgco[3][3] = {{1, -1, 1}, {1, 1, 0}, {1, -1, -1}};
    Shares shares = shares_of(points);
    double by_red = 2 * (1 - shares.red), by_blue = 2 * (1 - shares.blue);
    double green = 1 - shares.red - shares.blue;
    const double mixed[3][3] = {
        {1, 0, by_red},
        {1, -by_blue * shares.blue / green, -by_red * shares.red / green},
        {1, by_blue, 0},
    };
    const double(*matrix)[3] = points->present && points->matrix == 0   ? gbr
                               : points->present && points->matrix == 8 ? ycgco
                                                                        : mixed;
    memcpy(ret_matrix, matrix, sizeof mixed);
}

void
sp_unmix_init(SpMatrix *unmix, SpModel model, const SpCodePoints *points, guint bytes,
              guint bits)
{
    static const double same[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    gboolean full = !points->present || points->full_range;
    gboolean coloured = model == SP_MODEL_YCC && !(points->present && points->matrix == 0);
    double matrix[3][3];
    memcpy(matrix, same, sizeof matrix);
    if (model == SP_MODEL_YCC)
        matrix_of(points, matrix);
    /* H.273, equations 24 to 35, in samples of `bits` bits. A plane of 16 holds them times
     * 65535 / (2^bits - 1), so that the middle of chroma is not in the middle. */
    double most = (double)((1U << bits) - 1), eighth = (double)(1U << (bits - 8));
    double sample = bytes == 1 ? 1 : most / FULL;
    double factors[3][3], offsets[3] = {0};
    for (guint i = 0; i < 9; i++) {
        gboolean chroma = coloured && i % 3 > 0;
        double range = full ? most : (chroma ? 224 : 219) * eighth;
        double zero = chroma ? 128 * eighth : full ? 0 : 16 * eighth;
        double factor = FULL * matrix[i / 3][i % 3] / range;
        factors[i / 3][i % 3] = factor * sample;
        offsets[i / 3] -= factor * zero;
    }
    sp_matrix_init(unmix, factors);
    for (guint i = 0; i < 3; i++)
        unmix->offset[i] = (float)offsets[i];
}

static inline float
sample_at(const guint8 *row, guint bytes, guint x)
{
    return (float)(bytes == 1 ? row[x] : ((const guint16 *)(gconstpointer)row)[x]);
}

void
sp_rows_to_wide(const SpMatrix *unmix, guint channels, guint bytes, const guint8 *const rows[3],
                guint width, guint16 *restrict chunky)
{
    for (guint x = 0; x < width; x++, chunky += channels) {
        float a = sample_at(rows[0], bytes, x);
        if (channels == 1) {
            float v = unmix->column[0][0] * a + unmix->offset[0];
            chunky[0] = (guint16)(CLAMP(v, 0, (float)FULL) + 0.5F);
            continue;
        }
        float b = sample_at(rows[1], bytes, x), c = sample_at(rows[2], bytes, x);
        sp_four_store(sp_four_clip(sp_matrix_apply(unmix, a, b, c), (float)FULL), chunky);
    }
}

/* Pure red and pure blue come out at 255.5. */
static inline guint8
chroma_of(float difference, double factor)
{
    int v = (int)(difference * (float)(factor / 257) + 128.5F);
    return (guint8)(v > 255 ? 255 : v);
}

void
sp_wide_to_ycc(const guint16 *restrict rgb, guint width, guint8 *restrict luma,
               guint8 *restrict blue, guint8 *restrict red)
{
    for (guint x = 0; x < width; x++, rgb += 3) {
        float r = (float)rgb[0], g = (float)rgb[1], b = (float)rgb[2];
        float y = 0.299F * r + 0.587F * g + 0.114F * b;
        luma[x] = (guint8)(y * (1 / 257.0F) + 0.5F);
        blue[x] = chroma_of(b - y, 1 / 1.772);
        red[x] = chroma_of(r - y, 1 / 1.402);
    }
}

/* Shares of 2^14, so that a sum of them has 30 bits. */
#define SHARE_14(x) ((int)((x)*16384 + 0.5))

void
sp_wide_to_limited(const guint16 *restrict rgb, guint width, guint8 *restrict luma,
                   guint8 *restrict blue, guint8 *restrict red)
{
    for (guint x = 0; x < width; x++, rgb += 3) {
        int r = rgb[0], g = rgb[1], b = rgb[2];
        int y = SHARE_14(0.299) * r + SHARE_14(0.587) * g + SHARE_14(0.114) * b;
        int to_blue = 8192 * (b - g) - SHARE_14(0.299 / 1.772) * (r - g);
        int to_red = 8192 * (r - g) - SHARE_14(0.114 / 1.402) * (b - g);
        luma[x] = sp_limited_luma((guint32)(y + 8192) >> 14);
        blue[x] = sp_limited_chroma((to_blue + 8192) >> 14);
        red[x] = sp_limited_chroma((to_red + 8192) >> 14);
    }
}

void
sp_wide_to_limited_grey(const guint16 *in, guint step, guint width, guint8 *luma)
{
    for (guint x = 0; x < width; x++)
        luma[x] = sp_limited_luma(in[(gsize)x * step]);
}

void
sp_wide_to_bytes(const guint16 *in, guint step, guint width, guint8 *out)
{
    for (guint x = 0; x < width; x++)
        out[x] = (guint8)((in[(gsize)x * step] * 255U + 32767) / 65535);
}
