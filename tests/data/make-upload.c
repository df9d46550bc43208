/* SPDX-License-Identifier: MIT */
/* make-upload.c -- a sample upload: a picture that the eye can judge, and what phones hide in
 * it.
 *
 * A JPEG of the picture in draw.h, written line by line, so any size costs no memory. Metadata
 * is written by hand, byte by byte, and only where an option asks for it; --canary is the text
 * that must never come out at the other end. With the same options it writes the same bytes. It
 * is a test tool: it must not be installed. Other formats: make-picture.c.
 *
 *     make-upload --size 4032x3024 --orientation 6 --gps --serial --thumbnail sideways.jpg */
#include "data/draw.h"
#include "data/options.h"
#include "data/secrets.h"
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* needs stdio.h */
#include <jpeglib.h>

typedef struct {
    Drawing drawing;
    int h, v; /* luma sampling; 0 is grey */
    int ink;  /* CMYK, as Adobe writes it: inverted, all black in C, M and Y */
    int quality, restart, trailer;
    int gps, serial, thumbnail, xmp, comment, progressive;
    const char *size, *sampling, *icc, *canary;
} Options;

/* ---- JPEG ----------------------------------------------------------------------------------
 */

static Secrets
secrets_of(const Options *o)
{
    return (Secrets){o->drawing.orientation, o->gps, o->serial, o->canary};
}

static void
write_exif(struct jpeg_compress_struct *jpeg, const Options *o, const Buffer *thumbnail)
{
    Secrets secrets = secrets_of(o);
    Buffer tiff = make_tiff(&secrets, thumbnail);
    Buffer segment = {0};
    put(&segment, "Exif\0", 6);
    put(&segment, tiff.bytes, tiff.n);
    if (segment.n > 65533)
        die("too much for an EXIF block", "thumbnail");
    jpeg_write_marker(jpeg, JPEG_APP0 + 1, segment.bytes, (unsigned)segment.n);
    free(segment.bytes);
    free(tiff.bytes);
}

static void
write_xmp(struct jpeg_compress_struct *jpeg, const Options *o)
{
    static const char id[] = "http://ns.adobe.com/xap/1.0/";
    Secrets secrets = secrets_of(o);
    Buffer xmp = make_xmp(&secrets);
    Buffer segment = {0};
    put(&segment, id, sizeof id);
    put(&segment, xmp.bytes, xmp.n);
    jpeg_write_marker(jpeg, JPEG_APP0 + 1, segment.bytes, (unsigned)segment.n);
    free(segment.bytes);
    free(xmp.bytes);
}

static void
write_profile(struct jpeg_compress_struct *jpeg, cmsHPROFILE profile)
{
    Buffer bytes = make_profile_bytes(profile);
    jpeg_write_icc_profile(jpeg, bytes.bytes, (unsigned)bytes.n);
    free(bytes.bytes);
}

static void
start(struct jpeg_compress_struct *jpeg, const Options *o, const Drawing *d)
{
    jpeg->image_width = draw_stored_width(d);
    jpeg->image_height = draw_stored_height(d);
    jpeg->input_components = o->ink ? 4 : 3;
    jpeg->in_color_space = o->ink ? JCS_CMYK : JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, o->quality, TRUE);
    if (o->h == 0) {
        jpeg_set_colorspace(jpeg, JCS_GRAYSCALE);
    } else {
        jpeg->comp_info[0].h_samp_factor = o->h;
        jpeg->comp_info[0].v_samp_factor = o->v;
    }
    jpeg->restart_interval = (unsigned)o->restart;
    if (o->progressive)
        jpeg_simple_progression(jpeg);
}

static uint8_t
to_byte(double value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : lround(value));
}

static void
draw_row(const Drawing *d, unsigned width, unsigned y, uint8_t *row)
{
    for (unsigned x = 0; x < width; x++) {
        Colour colour = draw_at(d, x, y);
        *row++ = to_byte(colour.r);
        *row++ = to_byte(colour.g);
        *row++ = to_byte(colour.b);
    }
}

/* From RGB to inverted CMYK in place: no black. */
static void
spread_ink(uint8_t *row, unsigned width)
{
    for (unsigned x = width; x-- > 0;) {
        memmove(row + (size_t)x * 4, row + (size_t)x * 3, 3);
        row[(size_t)x * 4 + 3] = 255;
    }
}

static void
write_pixels(struct jpeg_compress_struct *jpeg, const Drawing *d, cmsHTRANSFORM transform)
{
    uint8_t *row = malloc((size_t)jpeg->image_width * 4);
    if (row == NULL)
        die("no memory for", "a row");
    while (jpeg->next_scanline < jpeg->image_height) {
        draw_row(d, jpeg->image_width, jpeg->next_scanline, row);
        if (transform != NULL)
            cmsDoTransform(transform, row, row, jpeg->image_width);
        if (jpeg->input_components == 4)
            spread_ink(row, jpeg->image_width);
        jpeg_write_scanlines(jpeg, &row, 1);
    }
    free(row);
}

/* A plain JPEG of at most 160 pixels a side, turned as the photo is. Owned by the caller. */
static Buffer
make_thumbnail(const Options *o)
{
    Drawing small = o->drawing;
    unsigned longest = small.width > small.height ? small.width : small.height;
    small.width = 1 + 159 * small.width / longest;
    small.height = 1 + 159 * small.height / longest;
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr err;
    unsigned char *bytes = NULL;
    unsigned long n = 0;
    jpeg.err = jpeg_std_error(&err);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &n);
    start(&jpeg, o, &small);
    jpeg_start_compress(&jpeg, TRUE);
    write_pixels(&jpeg, &small, NULL);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return (Buffer){bytes, n, n};
}

static void
write_metadata(struct jpeg_compress_struct *jpeg, const Options *o, cmsHPROFILE profile)
{
    Buffer thumbnail = {0};
    if (o->thumbnail)
        thumbnail = make_thumbnail(o);
    if (o->gps || o->serial || o->thumbnail || o->drawing.orientation != 1)
        write_exif(jpeg, o, &thumbnail);
    free(thumbnail.bytes);
    if (o->xmp)
        write_xmp(jpeg, o);
    if (profile != NULL)
        write_profile(jpeg, profile);
    if (o->comment)
        jpeg_write_marker(jpeg, JPEG_COM, (const JOCTET *)o->canary,
                          (unsigned)strlen(o->canary));
}

static void
write_photo(const Options *o, FILE *file)
{
    cmsHPROFILE srgb = cmsCreate_sRGBProfile();
    cmsHPROFILE profile = o->icc != NULL ? make_profile(o->icc) : NULL;
    if (o->icc != NULL && profile == NULL)
        die("unknown profile", o->icc);
    cmsHTRANSFORM transform = NULL;
    if (profile != NULL && cmsGetColorSpace(profile) == cmsSigRgbData)
        transform = cmsCreateTransform(srgb, TYPE_RGB_8, profile, TYPE_RGB_8,
                                       INTENT_RELATIVE_COLORIMETRIC, 0);
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr err;
    jpeg.err = jpeg_std_error(&err);
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, file);
    start(&jpeg, o, &o->drawing);
    /* Cameras write EXIF instead of JFIF, not beside it. */
    jpeg.write_JFIF_header =
        !(o->gps || o->serial || o->thumbnail || o->ink || o->drawing.orientation != 1);
    jpeg_start_compress(&jpeg, TRUE);
    write_metadata(&jpeg, o, profile);
    write_pixels(&jpeg, &o->drawing, transform);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    if (transform != NULL)
        cmsDeleteTransform(transform);
    if (profile != NULL)
        cmsCloseProfile(profile);
    cmsCloseProfile(srgb);
    size_t n = strlen(o->canary);
    for (int i = 0; i < o->trailer; i++)
        putc(n > 0 ? o->canary[(size_t)i % n] : 'x', file);
}

/* ---- options -------------------------------------------------------------------------------
 */

static void
set_sampling(Options *o)
{
    static const struct {
        const char *word;
        int h, v, ink;
    } known[] = {
        {"444", 1, 1}, {"422", 2, 1},  {"420", 2, 2},     {"440", 1, 2},
        {"411", 4, 1}, {"grey", 0, 0}, {"cmyk", 1, 1, 1},
    };
    for (size_t i = 0; i < COUNT(known); i++) {
        if (strcmp(o->sampling, known[i].word) == 0) {
            o->h = known[i].h;
            o->v = known[i].v;
            o->ink = known[i].ink;
            return;
        }
    }
    die("unknown sampling", o->sampling);
}

static Options given = {.size = "1600x1200",
                        .sampling = "420",
                        .drawing = {.orientation = 1, .noise = 6, .seed = 1},
                        .quality = 88,
                        .canary = "CANARY"};

static const Option known_options[] = {
    {"--size", NULL, 0, 0, &given.size},
    {"--sampling", NULL, 0, 0, &given.sampling},
    {"--icc", NULL, 0, 0, &given.icc},
    {"--canary", NULL, 0, 0, &given.canary},
    {"--orientation", &given.drawing.orientation, 1, 8, NULL},
    {"--quality", &given.quality, 1, 100, NULL},
    {"--noise", &given.drawing.noise, 0, 255, NULL},
    {"--restart", &given.restart, 0, 65535, NULL},
    {"--seed", &given.drawing.seed, 0, 1 << 30, NULL},
    {"--trailer", &given.trailer, 0, 1 << 30, NULL},
    {"--gps", &given.gps, 1, 1, NULL},
    {"--serial", &given.serial, 1, 1, NULL},
    {"--thumbnail", &given.thumbnail, 1, 1, NULL},
    {"--xmp", &given.xmp, 1, 1, NULL},
    {"--comment", &given.comment, 1, 1, NULL},
    {"--progressive", &given.progressive, 1, 1, NULL},
};

int
main(int argc, char **argv)
{
    const char *path = options_read(known_options, COUNT(known_options), argv + (argc > 0));
    options_check_canary(given.canary);
    options_set_size(given.size, &given.drawing);
    set_sampling(&given);
    FILE *file = options_open(path);
    write_photo(&given, file);
    if (fclose(file) != 0)
        die("cannot write", path);
    return 0;
}
