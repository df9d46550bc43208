/* SPDX-License-Identifier: MIT */
/* test-generation.c -- the bytes of outputs are those of this generation.
 *
 * A batch takes what it has published for done while sp_generation() and the libraries are the
 * same. So whoever changes what comes out of an upload, be it a rounding, must raise GENERATION
 * in src/base/version.c, then PINNED here, and write down the new hashes: `test-generation -k`
 * prints those of each test that fails.
 *
 * Hashes hold for the libraries that they were made with, and for one kind of processor: with
 * others the test says so and is skipped. Uploads are made of whole numbers, no two hosts draw
 * them differently. */
#include "base/error.h"
#include "base/memfd.h"
#include "sample.h"
#include "storyphoto.h"
#include <lcms2.h>
#include <string.h>
#include <zlib.h>

#define PINNED 4
#define LIBRARIES "libjpeg-turbo 2.1.5, zimg 3.0.4, libwebp 1.2.4, lcms2 2.14" /* Debian 12 */
#define VIPS ", libvips 8.14.1"

#define PRESETS 2  /* story, best */
#define VARIANTS 2 /* of each of them: WebP, JPEG */

/* ---- uploads -------------------------------------------------------------------------------
 */

static GBytes *
make_turned(void)
{
    const Sample sample = {1600, 1201, SAMPLING_420, SAMPLE_PATCHES, .orientation = 6};
    return sample_jpeg(&sample);
}

static GBytes *
make_adobe_rgb(void)
{
    const Sample sample = {900,
                           700,
                           SAMPLING_420,
                           SAMPLE_PATCHES,
                           .orientation = 1,
                           .adobe_interop = TRUE,
                           .progressive = TRUE};
    return sample_jpeg(&sample);
}

static GBytes *
make_grey(void)
{
    const Sample sample = {1300, 500, {{0}}, SAMPLE_PATCHES};
    return sample_jpeg(&sample);
}

/* A profile of a colour space without a name. */
static GBytes *
profile(void)
{
    static const double curve[] = {2.2};
    cmsToneCurve *tone = cmsBuildParametricToneCurve(NULL, 1, curve);
    cmsToneCurve *tones[3] = {tone, tone, tone};
    const cmsCIExyY white = {0.3457, 0.3585, 1};
    const cmsCIExyYTRIPLE primaries = {{0.7, 0.28, 1}, {0.2, 0.7, 1}, {0.14, 0.06, 1}};
    cmsHPROFILE made = cmsCreateRGBProfile(&white, &primaries, tones);
    cmsUInt32Number n = 0;
    g_assert_true(cmsSaveProfileToMem(made, NULL, &n));
    guint8 *bytes = g_malloc(n);
    g_assert_true(cmsSaveProfileToMem(made, bytes, &n));
    cmsCloseProfile(made);
    cmsFreeToneCurve(tone);
    return g_bytes_new_take(bytes, n);
}

static GBytes *
make_profiled(void)
{
    g_autoptr(GBytes) icc = profile();
    const Sample sample = {1200, 900, {{1, 1}, {1, 1}, {1, 1}}, SAMPLE_PATCHES, .icc = icc};
    return sample_jpeg(&sample);
}

static void
append_chunk(GByteArray *png, const char *type, const guint8 *bytes, guint n)
{
    guint32 length = GUINT32_TO_BE(n);
    g_byte_array_append(png, (const guint8 *)&length, 4);
    guint start = png->len;
    g_byte_array_append(png, (const guint8 *)type, 4);
    g_byte_array_append(png, bytes, n);
    guint32 crc = GUINT32_TO_BE((guint32)crc32(0, png->data + start, n + 4));
    g_byte_array_append(png, (const guint8 *)&crc, 4);
}

/* 8 bits a sample, of 3 (RGB) or 4 (RGBA) channels: slopes under grain, and a disc's edge. */
static GBytes *
make_png(guint width, guint height, guint channels)
{
    const guint8 head[13] = {0,
                             0,
                             (guint8)(width >> 8),
                             (guint8)width,
                             0,
                             0,
                             (guint8)(height >> 8),
                             (guint8)height,
                             8,
                             channels == 4 ? 6 : 2};
    g_autoptr(GByteArray) rows = g_byte_array_new();
    guint32 grain = 1;
    for (guint y = 0; y < height; y++) {
        g_byte_array_append(rows, (const guint8 *)"", 1); /* no filter */
        for (guint x = 0; x < width; x++) {
            grain = grain * 1664525u + 1013904223u; /* Numerical Recipes */
            guint noise = grain >> 28;
            gint dx = (gint)x - (gint)width / 2, dy = (gint)y - (gint)height / 2;
            gboolean inside = dx * dx + dy * dy < 160 * 160;
            const guint8 pixel[4] = {(guint8)(x * 239 / width + noise),
                                     (guint8)(y * 239 / height + noise),
                                     (guint8)(inside ? 200 + noise : 40 + noise),
                                     (guint8)(inside ? 255 : x * 255 / width)};
            g_byte_array_append(rows, pixel, channels);
        }
    }
    uLongf n = compressBound(rows->len);
    g_autofree guint8 *packed = g_malloc(n);
    g_assert_cmpint(compress2(packed, &n, rows->data, rows->len, 1), ==, Z_OK);
    g_autoptr(GByteArray) png = g_byte_array_new();
    g_byte_array_append(png, (const guint8 *)"\x89PNG\r\n\x1a\n", 8);
    append_chunk(png, "IHDR", head, sizeof head);
    append_chunk(png, "IDAT", packed, (guint)n);
    append_chunk(png, "IEND", NULL, 0);
    return g_byte_array_free_to_bytes(g_steal_pointer(&png));
}

static GBytes *
make_grained(void)
{
    return make_png(1500, 1100, 3);
}

static GBytes *
make_transparent(void)
{
    return make_png(800, 600, 4);
}

/* ---- what comes out ------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    GBytes *(*make)(void);
    const char *libraries;
    /* SHA-256s, of which the first 32 digits are as good as all */
    const char *hashes[PRESETS * VARIANTS];
} uploads[] = {
    {"turned",
     make_turned,
     LIBRARIES,
     {"8dcc0f4885f34462480819011b38c273", "827ae0c31409c0c99cabf2dd0987ad72",
      "450986a079f871bc03df6b15b77da468", "f8bad184814344a62591605588fc545f"}},
    {"adobe-rgb",
     make_adobe_rgb,
     LIBRARIES,
     {"1a50796d45d58022e8dd954b00a7de3a", "83b9bd678bf505b359233598fa079f29",
      "4a3b6d813a1c8666565281aea5d337df", "47e4104d6e83a81eba8dd991f45ec3c3"}},
    {"grey",
     make_grey,
     LIBRARIES,
     {"12d2cc2f17bd3e8d770239598452624a", "e0232325c7cbfef37643ca8fd258d074",
      "3c8fbbd437d1109dea0a20a6f9780ecd", "0b1c311ca2fb19fe60539cc09f25a54c"}},
    {"profiled",
     make_profiled,
     LIBRARIES,
     {"37934ee902268307edab8fa9482dfc5c", "ae48f0af87693c3c1aa2143afcb04591",
      "19bc86ab5de88ab4422a1f299e1cd631", "ee7ad0588e4f64bc9d10a406f1474a0f"}},
    {"grained",
     make_grained,
     LIBRARIES VIPS,
     {"d61c9cec7947c1c2a36a59cd780d7247", "78016bdc292444db160ce81a993772b2",
      "22dedb1130e4d965d0a06b19e32e51f7", "11a33a45976cfb49ce243cd2adfe803b"}},
    {"transparent",
     make_transparent,
     LIBRARIES VIPS,
     {"9f1eb750db10a338b8beb1611899f045", "fc8045894c3f07cdf0e4aeacc22dd863",
      "84ee50d5882fd8f4f4adec235b379f3c", "aab6eaa98f1cb89773b0aa789913e568"}},
};

static gboolean
take_nothing(const SpOutput *output G_GNUC_UNUSED, const void *bytes G_GNUC_UNUSED,
             gsize n G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    return TRUE;
}

static SpReceipt *
process(SpSession *session, const char *name, GBytes *bytes)
{
    g_autoptr(GError) error = NULL;
    SpPreset *preset = sp_preset_load(name, &error);
    g_assert_no_error(error);
    g_auto(SpFd) fd = sp_memfd_create(&error);
    g_assert_no_error(error);
    g_assert_true(sp_write_full(fd, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)));
    const SpUpload upload = {.fd = fd, .name = "upload"};
    const SpTarget target = {.sink = take_nothing};
    SpReceipt *receipt = sp_process(session, preset, &upload, &target);
    g_assert_no_error(receipt->error);
    g_assert_cmpuint(receipt->outputs->len, ==, VARIANTS);
    sp_preset_free(preset);
    return receipt;
}

/* NULL, or why the hashes do not hold here. Owned by the caller. */
static char *
reason_to_skip(const char *libraries, const char *pinned)
{
#ifndef __x86_64__
    return g_strdup("the hashes are of another kind of processor");
#endif
    return g_str_equal(libraries, pinned)
               ? NULL
               : g_strdup_printf("the hashes are of %s, and here is %s", pinned, libraries);
}

static void
test_bytes(gconstpointer data)
{
    static const char *const presets[PRESETS] = {"story", "best"};
    guint at = GPOINTER_TO_UINT(data);
    g_autoptr(GBytes) bytes = uploads[at].make();
    SpSession *session = sp_session_new();
    g_autoptr(GString) found = g_string_new(NULL);
    g_autofree char *skip = NULL;
    gboolean same = TRUE;
    for (guint i = 0; i < PRESETS && skip == NULL; i++) {
        SpReceipt *receipt = process(session, presets[i], bytes);
        skip = reason_to_skip(receipt->libraries, uploads[at].libraries);
        for (guint k = 0; k < VARIANTS; k++) {
            const SpOutput *output = g_ptr_array_index(receipt->outputs, k);
            const char *pinned = uploads[at].hashes[i * VARIANTS + k];
            same = same && strncmp(output->sha256, pinned, 32) == 0;
            g_string_append_printf(found, "\"%.32s\", ", output->sha256);
        }
        sp_receipt_free(receipt);
    }
    sp_session_free(session);
    if (skip != NULL) {
        g_test_skip(skip);
    } else if (!same) {
        g_test_message("other bytes: raise GENERATION and PINNED, and pin {%s}", found->str);
        g_test_fail();
    }
}

static void
test_number(void)
{
    g_assert_cmpuint(sp_generation(), ==, PINNED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/generation/number", test_number);
    for (guint i = 0; i < G_N_ELEMENTS(uploads); i++) {
        g_autofree char *path = g_strconcat("/generation/", uploads[i].name, NULL);
        g_test_add_data_func(path, GUINT_TO_POINTER(i), test_bytes);
    }
    return g_test_run();
}
