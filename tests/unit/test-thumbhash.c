/* SPDX-License-Identifier: MIT */
/* test-thumbhash.c -- against the published algorithm, written down again from its JavaScript
 * (evanw.github.io/thumbhash, rgbaToThumbHash and its decoders) for RGBA and any size.
 *
 * Up to 32 x 32 pixels and without subsampling the two must agree to the byte. Larger pictures
 * are sampled by us, not by the reference, so they are compared by what their hashes show. */
#include "picture.h"
#include "render/alpha.h"
#include "render/thumbhash.h"

/* ---- the published algorithm --------------------------------------------------------------
 */

typedef struct {
    double dc, scale, ac[64];
    guint n;
} Encoded;

static Encoded
encode_channel(const double *channel, guint w, guint h, guint nx, guint ny)
{
    Encoded e = {0};
    for (guint cy = 0; cy < ny; cy++)
        for (guint cx = 0; cx * ny < nx * (ny - cy); cx++) {
            double f = 0;
            for (guint y = 0; y < h; y++)
                for (guint x = 0; x < w; x++)
                    f += channel[y * w + x] * cos(G_PI / w * cx * (x + 0.5)) *
                         cos(G_PI / h * cy * (y + 0.5));
            f /= (double)w * h;
            if (cx == 0 && cy == 0) {
                e.dc = f;
                continue;
            }
            e.ac[e.n++] = f;
            e.scale = fmax(e.scale, fabs(f));
        }
    for (guint i = 0; i < e.n && e.scale > 0; i++)
        e.ac[i] = 0.5 + 0.5 / e.scale * e.ac[i];
    return e;
}

/* The samples of pixel (x, y) as RGB by JFIF's matrix, clipped. */
static void
rgb_at(const SpPicture *picture, guint x, guint y, double rgb[3])
{
    double v[3] = {0, 128, 128};
    for (guint i = 0; i < picture->n_planes; i++) {
        guint sub = i == 0 ? 1 : picture->sub;
        const SpPlane *plane = &picture->planes[i];
        guint row = y / sub, column = x / sub;
        v[i] = plane->data[plane->stride * row + column];
    }
    rgb[0] = CLAMP((v[0] + 1.402 * (v[2] - 128)) / 255, 0, 1);
    rgb[1] = CLAMP((v[0] - 0.344136 * (v[1] - 128) - 0.714136 * (v[2] - 128)) / 255, 0, 1);
    rgb[2] = CLAMP((v[0] + 1.772 * (v[1] - 128)) / 255, 0, 1);
}

static guint
published(const SpPicture *picture, guint8 hash[SP_THUMBHASH_MAX])
{
    guint w = picture->width, h = picture->height, longer = MAX(w, h);
    g_autofree double *lpq = g_new0(double, (gsize)w *h * 3);
    double *p = lpq + (gsize)w * h, *q = p + (gsize)w * h;
    for (guint i = 0; i < w * h; i++) {
        double rgb[3];
        rgb_at(picture, i % w, i / w, rgb);
        lpq[i] = (rgb[0] + rgb[1] + rgb[2]) / 3;
        p[i] = (rgb[0] + rgb[1]) / 2 - rgb[2];
        q[i] = rgb[0] - rgb[1];
    }
    guint lx = (guint)fmax(1, round(7.0 * w / longer));
    guint ly = (guint)fmax(1, round(7.0 * h / longer));
    Encoded e[3] = {
        encode_channel(lpq, w, h, MAX(3, lx), MAX(3, ly)),
        encode_channel(p, w, h, 3, 3),
        encode_channel(q, w, h, 3, 3),
    };
    guint header24 = (guint)round(63 * e[0].dc) | (guint)round(31.5 + 31.5 * e[1].dc) << 6 |
                     (guint)round(31.5 + 31.5 * e[2].dc) << 12 |
                     (guint)round(31 * e[0].scale) << 18;
    guint header16 = (w > h ? ly : lx) | (guint)round(63 * e[1].scale) << 3 |
                     (guint)round(63 * e[2].scale) << 9 | (w > h ? 1u : 0u) << 15;
    memset(hash, 0, SP_THUMBHASH_MAX);
    guint8 head[5] = {(guint8)header24, (guint8)(header24 >> 8), (guint8)(header24 >> 16),
                      (guint8)header16, (guint8)(header16 >> 8)};
    memcpy(hash, head, sizeof head);
    guint index = 0;
    for (guint i = 0; i < 3; i++)
        for (guint k = 0; k < e[i].n; k++, index++)
            hash[5 + (index >> 1)] |=
                (guint8)((guint)round(15 * e[i].ac[k]) << ((index & 1) << 2));
    return 5 + (index + 1) / 2;
}

/* thumbHashToAverageRGBA */
static void
average(const guint8 *hash, double rgb[3])
{
    guint header = hash[0] | (guint)hash[1] << 8 | (guint)hash[2] << 16;
    double l = (header & 63) / 63.0;
    double p = (header >> 6 & 63) / 31.5 - 1, q = (header >> 12 & 63) / 31.5 - 1;
    double b = l - 2 / 3.0 * p, r = (3 * l - b + q) / 2, g = r - q;
    rgb[0] = CLAMP(r, 0, 1);
    rgb[1] = CLAMP(g, 0, 1);
    rgb[2] = CLAMP(b, 0, 1);
}

/* thumbHashToApproximateAspectRatio */
static double
aspect(const guint8 *hash)
{
    gboolean landscape = (hash[4] & 0x80) != 0;
    double lx = landscape ? 7 : hash[3] & 7, ly = landscape ? hash[3] & 7 : 7;
    return lx / ly;
}

/* ---- tests --------------------------------------------------------------------------------
 */

static guint
hash_of(const SpPicture *picture, guint8 hash[SP_THUMBHASH_MAX])
{
    guint n = 0;
    g_autoptr(GError) error = NULL;
    gboolean done = sp_thumbhash(picture, hash, &n, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    return n;
}

static void
test_equals_published(void)
{
    static const guint sizes[][2] = {{1, 1}, {2, 1},   {1, 2},   {3, 5},   {7, 7},  {32, 24},
                                     {9, 2}, {24, 32}, {32, 32}, {31, 17}, {32, 1}, {1, 32}};
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (PictureKind kind = PICTURE_WAVES; kind <= PICTURE_NOISE; kind++)
            for (guint n_planes = 1; n_planes <= 3; n_planes += 2) {
                g_auto(SpPicture) picture = {0};
                guint8 ours[SP_THUMBHASH_MAX], theirs[SP_THUMBHASH_MAX];
                picture_make(&picture, sizes[i][0], sizes[i][1], 1, n_planes, kind, 0xA5);
                guint n = hash_of(&picture, ours);
                g_test_message("%u x %u, %u planes", sizes[i][0], sizes[i][1], n_planes);
                g_assert_cmpuint(n, ==, published(&picture, theirs));
                /* Grey has colour differences of chance size: their scale is 0, not shown. */
                guint compared = n_planes == 3 && sizes[i][0] * sizes[i][1] > 1 ? n : 5;
                g_assert_cmpmem(ours, compared, theirs, compared);
            }
}

/* A larger picture is sampled in cells: what its hash shows differs by a step at most. */
static void
test_near_published(void)
{
    static const guint sizes[][2] = {{333, 217}, {217, 333}, {640, 480}, {129, 128}};
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (guint sub = 1; sub <= 2; sub++) {
            g_auto(SpPicture) picture = {0};
            guint8 ours[SP_THUMBHASH_MAX], theirs[SP_THUMBHASH_MAX];
            picture_make(&picture, sizes[i][0], sizes[i][1], sub, 3, PICTURE_WAVES, 0xA5);
            guint n = hash_of(&picture, ours);
            g_assert_cmpuint(n, ==, published(&picture, theirs));
            for (guint k = 5; k < n; k++) {
                g_assert_cmpint(abs((ours[k] & 15) - (theirs[k] & 15)), <=, 1);
                g_assert_cmpint(abs((ours[k] >> 4) - (theirs[k] >> 4)), <=, 1);
            }
            g_assert_cmpint(abs((ours[0] & 63) - (theirs[0] & 63)), <=, 1);
        }
}

static void
test_average(void)
{
    static const guint8 colours[][3] = {
        {0, 128, 128},  {255, 128, 128}, {128, 128, 128}, {76, 85, 255}, /* red */
        {150, 44, 21},                                                   /* green */
        {29, 255, 107},                                                  /* blue */
        {226, 0, 149},                                                   /* yellow */
    };
    for (guint i = 0; i < G_N_ELEMENTS(colours); i++) {
        g_auto(SpPicture) picture = {0};
        guint8 hash[SP_THUMBHASH_MAX];
        double want[3], found[3];
        picture_make(&picture, 100, 75, 2, 3, PICTURE_FLAT, 0);
        for (guint k = 0; k < 3; k++)
            memset(picture.planes[k].data, colours[i][k],
                   picture.planes[k].stride * picture.planes[k].height);
        rgb_at(&picture, 0, 0, want);
        hash_of(&picture, hash);
        average(hash, found);
        for (guint k = 0; k < 3; k++)
            g_assert_cmpfloat_with_epsilon(found[k], want[k], 0.03);
        g_assert_cmpuint(hash[2] >> 2, ==, 0); /* flat: no scale, no alpha */
    }
}

static void
test_sizes(void)
{
    static const struct {
        guint width, height, bytes;
        double aspect;
    } cases[] = {
        {1, 1, 24, 1},
        {1024, 1024, 24, 1},
        {1024, 768, 21, 7 / 5.0},
        {768, 1024, 21, 5 / 7.0},
        {16, 9, 19, 7 / 4.0},
        {1, 16383, 17, 1 / 7.0},
        {16383, 1, 17, 7},
        {16383, 2, 17, 7},
        {2, 16383, 17, 1 / 7.0},
        {1, 2, 19, 4 / 7.0},
        {1000, 999, 24, 1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        for (guint n_planes = 1; n_planes <= 3; n_planes += 2) {
            g_auto(SpPicture) picture = {0};
            guint8 hash[SP_THUMBHASH_MAX], again[SP_THUMBHASH_MAX];
            picture_make(&picture, cases[i].width, cases[i].height, 2, n_planes, PICTURE_WAVES,
                         0);
            guint n = hash_of(&picture, hash);
            g_test_message("%u x %u", cases[i].width, cases[i].height);
            g_assert_cmpuint(n, ==, cases[i].bytes);
            g_assert_cmpfloat_with_epsilon(aspect(hash), cases[i].aspect, 1e-9);
            for (guint k = n; k < SP_THUMBHASH_MAX; k++)
                g_assert_cmpuint(hash[k], ==, 0);
            g_assert_cmpuint(hash_of(&picture, again), ==, n);
            g_assert_cmpmem(hash, sizeof hash, again, sizeof again);
        }
}

/* What lies behind the rows is not seen. */
static void
test_padding(void)
{
    g_auto(SpPicture) one = {0}, other = {0};
    guint8 a[SP_THUMBHASH_MAX], b[SP_THUMBHASH_MAX];
    picture_make(&one, 131, 97, 2, 3, PICTURE_NOISE, 0x00);
    picture_make(&other, 131, 97, 2, 3, PICTURE_NOISE, 0xFF);
    hash_of(&one, a);
    hash_of(&other, b);
    g_assert_cmpmem(a, sizeof a, b, sizeof b);
}

/* With alpha: what is seen on white, and nothing that alpha hides. */
static void
test_alpha(void)
{
    g_auto(SpPicture) picture = {0}, flat = {0}, other = {0};
    guint8 ours[SP_THUMBHASH_MAX], theirs[SP_THUMBHASH_MAX], on_white[SP_THUMBHASH_MAX];
    picture_make_alpha(&picture, 133, 97, PICTURE_WAVES, 0x00);
    picture_make_alpha(&other, 133, 97, PICTURE_WAVES, 0xFF);
    for (guint y = 0; y < 97; y++)
        for (guint x = 0; x < 133; x++)
            if (picture_is_hidden(&other, 0, x, y))
                other.planes[0].data[other.planes[0].stride * y + x] = 0;
    g_assert_true(sp_alpha_flatten(&picture, 0xFFFFFF, &flat, NULL));
    guint n = hash_of(&picture, ours);
    g_assert_cmpuint(n, ==, hash_of(&flat, on_white));
    g_assert_cmpmem(ours, sizeof ours, on_white, sizeof on_white);
    g_assert_cmpuint(n, ==, hash_of(&other, theirs));
    g_assert_cmpmem(ours, sizeof ours, theirs, sizeof theirs);
    g_assert_cmpuint(ours[2] & 0x80, ==, 0); /* the hash itself has no alpha */
    double seen[3];
    memset(picture.planes[3].data, 0, picture.planes[3].stride * 97);
    hash_of(&picture, ours);
    average(ours, seen);
    for (guint i = 0; i < 3; i++)
        g_assert_cmpfloat_with_epsilon(seen[i], 1, 0.03);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/thumbhash/equals-published", test_equals_published);
    g_test_add_func("/thumbhash/near-published", test_near_published);
    g_test_add_func("/thumbhash/average", test_average);
    g_test_add_func("/thumbhash/sizes", test_sizes);
    g_test_add_func("/thumbhash/padding", test_padding);
    g_test_add_func("/thumbhash/alpha", test_alpha);
    return g_test_run();
}
