/* SPDX-License-Identifier: MIT */
/* colour.c -- real photos with a profile, their colours held against littleCMS.
 *
 *     build/tests/corpus/colour FILE...
 *
 * For each JPEG that has an RGB or grey profile, or Interop R03, one line: name, the colours'
 * word, what is left between ours and the reference (colour-reference.h), what would be there
 * without a conversion, and ok or FAIL; the last two are "-" and "refused: why" where the
 * upload is refused. Other files print nothing. Exits with 1 when a line says FAIL.
 *
 * ok is: less than 1 of 255, and at most a third of the figure without conversion. Where that
 * figure is small itself (sRGB; a grey wall), what filters leave is allowed. */
#include "container/jpeg.h"
#include "render/geometry.h"
#include "unit/colour-reference.h"

#define WIDTH 1024
#define MOST 1.0    /* of 255 */
#define FILTERS 0.5 /* of 255: what two ways of resizing leave in real photos */

/* Adobe RGB (1998), for R03. */
static GBytes *
adobe_rgb(void)
{
    const cmsCIExyY white = {0.3127, 0.3290, 1};
    const cmsCIExyYTRIPLE primaries = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
    cmsToneCurve *curve = cmsBuildGamma(NULL, 563.0 / 256);
    cmsToneCurve *curves[3] = {curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
    cmsUInt32Number n = 0;
    cmsSaveProfileToMem(profile, NULL, &n);
    guint8 *bytes = g_malloc(n);
    cmsSaveProfileToMem(profile, bytes, &n);
    cmsCloseProfile(profile);
    cmsFreeToneCurve(curve);
    return g_bytes_new_take(bytes, n);
}

/* The profile as libjpeg finds it, when it is one for that many components. */
static GBytes *
libjpeg_profile(GBytes *jpeg, guint n_components)
{
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    JOCTET *icc = NULL;
    unsigned n = 0;
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, g_bytes_get_data(jpeg, NULL), g_bytes_get_size(jpeg));
    jpeg_save_markers(&cinfo, JPEG_APP0 + 2, 0xFFFF);
    jpeg_read_header(&cinfo, TRUE);
    boolean found = jpeg_read_icc_profile(&cinfo, &icc, &n);
    jpeg_destroy_decompress(&cinfo);
    cmsHPROFILE profile = found ? cmsOpenProfileFromMem(icc, n) : NULL;
    cmsColorSpaceSignature space = n_components == 1 ? cmsSigGrayData : cmsSigRgbData;
    gboolean fits = profile != NULL && cmsGetColorSpace(profile) == space;
    if (profile != NULL)
        cmsCloseProfile(profile);
    if (!fits) {
        free(icc);
        return NULL;
    }
    return g_bytes_new_with_free_func(icc, n, free, icc);
}

/* The same file without what says its colours: APP2 left out, R03 made R98. */
static GBytes *
without_profile(GBytes *jpeg)
{
    gsize n = 0, at = 2;
    const guint8 *bytes = g_bytes_get_data(jpeg, &n);
    GByteArray *out = g_byte_array_new();
    g_byte_array_append(out, bytes, 2);
    while (at + 4 <= n && bytes[at] == 0xFF && bytes[at + 1] != 0xDA) {
        gsize length = 2 + ((gsize)bytes[at + 2] << 8 | bytes[at + 3]);
        if (at + length > n)
            break;
        gsize start = out->len;
        if (bytes[at + 1] != 0xE2)
            g_byte_array_append(out, bytes + at, (guint)length);
        guint8 *interop = bytes[at + 1] == 0xE1
                              ? memmem(out->data + start, out->len - start, "R03", 4)
                              : NULL;
        if (interop != NULL)
            memcpy(interop, "R98", 3);
        at += length;
    }
    g_byte_array_append(out, bytes + at, (guint)(n - at));
    return g_byte_array_free_to_bytes(out);
}

typedef struct {
    SpColour colour;
    double with, without;
} Figures;

static gboolean
measure(GBytes *jpeg, GBytes *icc, const SpJpegWalk *walk, Figures *figures, GError **error)
{
    g_autoptr(GBytes) bare = without_profile(jpeg);
    g_auto(SpDeveloped) ours = {0}, unconverted = {0};
    if (!picture_develop(jpeg, WIDTH, &ours, error) ||
        !picture_develop(bare, WIDTH, &unconverted, error))
        return FALSE;
    SpSize target = {ours.picture.width, ours.picture.height};
    guint eighths = sp_geometry_dct_eighths(
        (SpSize){walk->width, walk->height},
        sp_geometry_turned(target, sp_geometry_turn(walk->orientation)));
    g_auto(Picture) full = picture_decode(jpeg, eighths);
    g_auto(Picture) upright = picture_turned(&full, walk->orientation);
    g_auto(Picture) expected = picture_reduced(&upright, target.width, target.height);
    picture_convert(&expected, icc, walk->n_components == 1);
    g_auto(Picture) a = picture_of(&ours.picture);
    g_auto(Picture) b = picture_of(&unconverted.picture);
    *figures = (Figures){ours.colour, picture_difference(&a, &expected),
                         picture_difference(&b, &expected)};
    return TRUE;
}

/* FALSE: it failed. */
static gboolean
check(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_auto(SpJpegWalk) walk = {0};
    char *read = NULL;
    gsize n = 0;
    if (!g_file_get_contents(path, &read, &n, NULL))
        return FALSE;
    g_autoptr(GBytes) jpeg = g_bytes_new_take(read, n);
    if (!sp_jpeg_walk((const guint8 *)read, n, NULL, NULL, &walk, NULL) ||
        walk.n_components == 4)
        return TRUE;
    g_autoptr(GBytes) icc = libjpeg_profile(jpeg, walk.n_components);
    if (icc == NULL && walk.colour.adobe_rgb && walk.n_components == 3)
        icc = adobe_rgb();
    if (icc == NULL)
        return TRUE;
    Figures f = {0};
    if (!measure(jpeg, icc, &walk, &f, &error)) {
        g_print("%s\t-\t-\t-\trefused: %s\n", path, error->message);
        return TRUE;
    }
    gboolean ok = f.with < MOST && f.with <= MAX(f.without / 3, FILTERS);
    g_print("%s\t%s\t%.3f\t%.3f\t%s\n", path, sp_wire_colour_word(f.colour), f.with, f.without,
            ok ? "ok" : "FAIL");
    return ok;
}

int
main(int argc, char **argv)
{
    gboolean ok = TRUE;
    for (int i = 1; i < argc; i++)
        ok = check(argv[i]) && ok;
    return ok ? 0 : 1;
}
