/* SPDX-License-Identifier: MIT */
/* lanes.c -- real JPEGs and HEICs through both of their lanes: they must come out alike.
 *
 *     build/tests/corpus/lanes FILE...
 *
 * The lanes are our own, over planes, and libvips', over R'G'B'. For each file that both know,
 * a line: name, mean and largest difference of block means (16 x 16 pixels, of 255), the
 * largest of blocks that are not clipped, and ok or FAIL; or what each lane says where one
 * refuses. libvips' clips each pixel before the resize, ours behind it: that alone may make
 * more than MOST_BLOCK. Exits with 1 when a line says FAIL. Only tests open libvips' loader of
 * JPEG. */
#include "container/jpeg.h"
#include "container/sniff.h"
#include "render/hevc-codec.h"
#include "render/vips-load.h"
#include "unit/colour-reference.h"

#define WIDTH 1024
#define MOST_MEAN 1.5
#define MOST_BLOCK                                                                             \
    4.5 /* 4 in photos; a picture of single lines, whose chroma aliases, has 4.3 */

/* The lane of planes for that file; NULL when there is none. libvips takes CMYK for alpha. */
static SpDevelopFunc
planar_lane(const guint8 *bytes, gsize n)
{
    const SpSniffed *kind = sp_sniff(bytes, n);
    g_auto(SpJpegWalk) walk = {0};
    if (kind == NULL || kind->format == SP_FORMAT_HEIC)
        return kind == NULL ? NULL : sp_develop_hevc;
    return kind->format == SP_FORMAT_JPEG && sp_jpeg_walk(bytes, n, NULL, NULL, &walk, NULL) &&
                   walk.n_components != 4
               ? sp_develop_jpeg
               : NULL;
}

/* FALSE: it failed. */
static gboolean
check(const char *path)
{
    g_autoptr(GError) planar_says = NULL, vips_says = NULL;
    g_auto(SpDeveloped) planar = {0}, vips = {0};
    char *read = NULL;
    gsize n = 0;
    if (!g_file_get_contents(path, &read, &n, NULL))
        return FALSE;
    g_autoptr(GBytes) file = g_bytes_new_take(read, n);
    SpDevelopFunc lane = planar_lane((const guint8 *)read, n);
    if (lane == NULL)
        return TRUE;
    gboolean a = picture_develop_by(lane, file, WIDTH, &planar, &planar_says);
    gboolean b = picture_develop_by(sp_develop_vips, file, WIDTH, &vips, &vips_says);
    if (!a || !b) {
        g_print("%s\t-\t-\t-\tplanar: %s; vips: %s\n", path, a ? "taken" : planar_says->message,
                b ? "taken" : vips_says->message);
        return TRUE;
    }
    g_auto(Picture) p = picture_of(&planar.picture);
    g_auto(Picture) q = picture_of(&vips.picture);
    Difference apart = picture_differences(&p, &q);
    gboolean ok = apart.mean < MOST_MEAN && apart.most_inside <= MOST_BLOCK;
    g_print("%s\t%.3f\t%.3f\t%.3f\t%s\n", path, apart.mean, apart.most, apart.most_inside,
            ok ? "ok" : "FAIL");
    return ok;
}

int
main(int argc, char **argv)
{
    gboolean ok = TRUE;
    sp_hevc_warm_up();
    sp_vips_start(TRUE);
    sp_vips_open_all();
    for (int i = 1; i < argc; i++)
        ok = check(argv[i]) && ok;
    return ok ? 0 : 1;
}
