/* SPDX-License-Identifier: MIT */
/* make-upload.c -- a sample upload: a picture that the eye can judge, and what phones hide in
 * it.
 *
 * The picture is a house under a sky, an arrow that points up, a strip of colour patches and a
 * different colour in each corner (red top left, green top right, blue bottom left, yellow
 * bottom right), so that turning, mirroring, colour and cropping all show. It is drawn line by
 * line, so any size costs no memory. Metadata is written by hand, byte by byte, and only where
 * an option asks for it; --canary is the text that must never come out at the other end. With
 * the same options it writes the same bytes. It is a test tool: it must not be installed.
 *
 *     make-upload --size 4032x3024 --orientation 6 --gps --serial --thumbnail sideways.jpg */
#include "data/tiff.h"
#include <lcms2.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* needs stdio.h */
#include <jpeglib.h>

typedef struct {
    unsigned width, height; /* of the upright picture */
    int h, v;               /* luma sampling; 0 is grey */
    int orientation, quality, noise, restart, seed, trailer;
    int gps, serial, thumbnail, xmp, comment, progressive;
    const char *size, *sampling, *icc, *canary;
} Options;

static _Noreturn void
die(const char *what, const char *which)
{
    fprintf(stderr, "make-upload: %s '%s'\n", what, which);
    exit(64);
}

/* ---- the picture ---------------------------------------------------------------------------
 * u and v run from 0 to 1 over the upright picture; colours are sRGB, 0 to 255. */

typedef struct {
    double r, g, b;
} Colour;

typedef struct {
    double left, top, right, bottom;
    Colour colour;
} Box;

static const Box boxes[] = {
    {0.00, 0.00, 0.08, 0.08, {220, 30, 30}},   {0.92, 0.00, 1.00, 0.08, {30, 160, 50}},
    {0.00, 0.92, 0.08, 1.00, {30, 60, 200}},   {0.92, 0.92, 1.00, 1.00, {240, 210, 40}},
    {0.15, 0.50, 0.45, 0.78, {200, 170, 130}}, {0.20, 0.56, 0.27, 0.64, {150, 200, 230}},
    {0.34, 0.60, 0.41, 0.78, {110, 60, 30}},   {0.69, 0.40, 0.75, 0.74, {40, 40, 40}},
    {0.20, 0.84, 0.30, 0.90, {255, 0, 0}},     {0.30, 0.84, 0.40, 0.90, {0, 255, 0}},
    {0.40, 0.84, 0.50, 0.90, {0, 0, 255}},     {0.50, 0.84, 0.60, 0.90, {128, 128, 128}},
    {0.60, 0.84, 0.70, 0.90, {255, 255, 255}}, {0.70, 0.84, 0.80, 0.90, {224, 172, 140}},
};

/* A triangle that points up: its tip, its base line and half the length of the base. */
typedef struct {
    double tip_u, tip_v, base_v, half;
    Colour colour;
} Tip;

static const Tip tips[] = {
    {0.30, 0.34, 0.50, 0.19, {170, 50, 40}}, /* the roof */
    {0.72, 0.22, 0.42, 0.11, {40, 40, 40}},  /* the arrow */
};

static Colour
background(double u, double v)
{
    double wave = 0.62 + 0.03 * sin(u * 9.0);
    if (v > wave) {
        double t = (v - wave) / (1.0 - wave);
        return (Colour){90 + 50 * t, 150 - 40 * t, 60 + 10 * sin(u * 40.0)};
    }
    double t = v / wave;
    double sun = exp(-((u - 0.52) * (u - 0.52) + (v - 0.16) * (v - 0.16)) * 120.0);
    return (Colour){90 + 110 * t + 55 * sun, 150 + 65 * t + 30 * sun, 225 + 15 * t - 60 * sun};
}

static Colour
paint(double u, double v)
{
    Colour colour = background(u, v);
    for (size_t i = 0; i < COUNT(tips); i++) {
        const Tip *tip = &tips[i];
        double reach = tip->half * (v - tip->tip_v) / (tip->base_v - tip->tip_v);
        if (v >= tip->tip_v && v < tip->base_v && fabs(u - tip->tip_u) <= reach)
            colour = tip->colour;
    }
    for (size_t i = 0; i < COUNT(boxes); i++) {
        const Box *box = &boxes[i];
        if (u >= box->left && u < box->right && v >= box->top && v < box->bottom)
            colour = box->colour;
    }
    return colour;
}

/* A cheap hash of the place, so that noise does not depend on the order of drawing. */
static double
grain(unsigned x, unsigned y, unsigned seed)
{
    uint32_t k = x * 0x9E3779B1u ^ y * 0x85EBCA77u ^ seed * 0xC2B2AE3Du;
    k = (k ^ k >> 15) * 0x2C1B3C6Du;
    k = (k ^ k >> 12) * 0x297A2D39u;
    return (double)((k ^ k >> 15) & 0xFFFF) / 32767.5 - 1.0;
}

static uint8_t
to_byte(double value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : lround(value));
}

/* ---- turning -------------------------------------------------------------------------------
 * EXIF orientation as three switches: the stored picture is the upright one, mirrored along x,
 * mirrored along y, then transposed. */

static const struct {
    int flip_x, flip_y, swap;
} turns[9] = {
    [1] = {0, 0, 0}, [2] = {1, 0, 0}, [3] = {1, 1, 0}, [4] = {0, 1, 0},
    [5] = {0, 0, 1}, [6] = {1, 0, 1}, [7] = {1, 1, 1}, [8] = {0, 1, 1},
};

static void
draw_row(const Options *o, unsigned width, unsigned height, unsigned stored_y, uint8_t *row)
{
    int swap = turns[o->orientation].swap;
    unsigned stored_width = swap ? height : width;
    for (unsigned stored_x = 0; stored_x < stored_width; stored_x++) {
        unsigned x = swap ? stored_y : stored_x;
        unsigned y = swap ? stored_x : stored_y;
        x = turns[o->orientation].flip_x ? width - 1 - x : x;
        y = turns[o->orientation].flip_y ? height - 1 - y : y;
        Colour colour = paint((x + 0.5) / width, (y + 0.5) / height);
        double noise = o->noise * grain(x, y, (unsigned)o->seed);
        *row++ = to_byte(colour.r + noise);
        *row++ = to_byte(colour.g + noise);
        *row++ = to_byte(colour.b + noise);
    }
}

/* ---- EXIF ----------------------------------------------------------------------------------
 */

/* 53° 33' 2.88" N, 9° 59' 36.6" E: the town hall of Hamburg, nobody's home. */
static const uint8_t latitude[24] = {53, 0, 0, 0, 1,    0, 0, 0, 33,  0, 0, 0,
                                     1,  0, 0, 0, 0x20, 1, 0, 0, 100, 0, 0, 0};
static const uint8_t longitude[24] = {9, 0, 0, 0, 1,    0, 0, 0, 59, 0, 0, 0,
                                      1, 0, 0, 0, 0x6e, 1, 0, 0, 10, 0, 0, 0};
static const uint8_t altitude[8] = {12, 0, 0, 0, 1, 0, 0, 0};

static const Tag gps_tags[] = {
    {0x0000, BYTE, 4, "\2\3\0", 0},      {0x0001, ASCII, 2, "N", 0},
    {0x0002, RATIONAL, 3, latitude, 0},  {0x0003, ASCII, 2, "E", 0},
    {0x0004, RATIONAL, 3, longitude, 0}, {0x0005, BYTE, 1, NULL, 0},
    {0x0006, RATIONAL, 1, altitude, 0},  {0x001D, ASCII, 11, "2024:05:17", 0},
};

/* From "II" on. thumbnail may be empty. */
static Buffer
make_tiff(const Options *o, const Buffer *thumbnail)
{
    char serial[256], owner[256];
    snprintf(serial, sizeof serial, "SN-%s", o->canary);
    snprintf(owner, sizeof owner, "Owner %s", o->canary);
    Tag main_ifd[8], exif_ifd[8];
    size_t n_main = 0, n_exif = 0;

    exif_ifd[n_exif++] = (Tag){0x9000, UNDEFINED, 4, "0232", 0};
    exif_ifd[n_exif++] = TEXT(0x9003, "2024:05:17 18:42:07");
    if (o->serial) {
        exif_ifd[n_exif++] = TEXT(0xA430, owner);
        exif_ifd[n_exif++] = TEXT(0xA431, serial);
        exif_ifd[n_exif++] = TEXT(0xA435, serial);
    }
    /* Pointers are filled in below; their size does not depend on it. */
    main_ifd[n_main++] = TEXT(0x010F, "Storyphoto Test");
    main_ifd[n_main++] = TEXT(0x0110, "Sample Phone 1");
    main_ifd[n_main++] = NUMBER(0x0112, SHORT, (uint32_t)o->orientation);
    main_ifd[n_main++] = TEXT(0x0131, "make-upload");
    main_ifd[n_main++] = TEXT(0x0132, "2024:05:17 18:42:07");
    main_ifd[n_main++] = NUMBER(0x8769, LONG, 0);
    if (o->gps)
        main_ifd[n_main++] = NUMBER(0x8825, LONG, 0);

    uint32_t at_exif = (uint32_t)(8 + ifd_size(main_ifd, n_main));
    uint32_t at_gps = (uint32_t)(at_exif + ifd_size(exif_ifd, n_exif));
    uint32_t at_next = (uint32_t)(at_gps + (o->gps ? ifd_size(gps_tags, COUNT(gps_tags)) : 0));
    Tag next_ifd[] = {
        NUMBER(0x0103, SHORT, 6),
        NUMBER(0x0112, SHORT, (uint32_t)o->orientation),
        NUMBER(0x0201, LONG, 0),
        NUMBER(0x0202, LONG, (uint32_t)thumbnail->n),
    };
    next_ifd[2].value = (uint32_t)(at_next + ifd_size(next_ifd, COUNT(next_ifd)));
    main_ifd[5].value = at_exif;
    if (o->gps)
        main_ifd[6].value = at_gps;

    Buffer tiff = {0};
    put(&tiff, "II*\0\10\0\0\0", 8);
    put_ifd(&tiff, main_ifd, n_main, thumbnail->n > 0 ? at_next : 0);
    put_ifd(&tiff, exif_ifd, n_exif, 0);
    if (o->gps)
        put_ifd(&tiff, gps_tags, COUNT(gps_tags), 0);
    if (thumbnail->n > 0) {
        put_ifd(&tiff, next_ifd, COUNT(next_ifd), 0);
        put(&tiff, thumbnail->bytes, thumbnail->n);
    }
    return tiff;
}

/* ---- JPEG ----------------------------------------------------------------------------------
 */

static void
write_exif(struct jpeg_compress_struct *jpeg, const Options *o, const Buffer *thumbnail)
{
    Buffer tiff = make_tiff(o, thumbnail);
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
    char text[1024];
    snprintf(
        text, sizeof text,
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
        "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
        "rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:creator><rdf:Seq>"
        "<rdf:li>%s</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF>"
        "</x:xmpmeta>",
        o->canary);
    Buffer segment = {0};
    put(&segment, id, sizeof id);
    put(&segment, text, strlen(text));
    jpeg_write_marker(jpeg, JPEG_APP0 + 1, segment.bytes, (unsigned)segment.n);
    free(segment.bytes);
}

/* The profile that the picture is to be coded in; the picture itself is drawn in sRGB. */
static cmsHPROFILE
make_profile(const char *name)
{
    static const cmsFloat64Number srgb_curve[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92,
                                                  0.04045};
    static const cmsCIExyY d65 = {0.3127, 0.3290, 1.0};
    static const cmsCIExyYTRIPLE p3 = {{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
    static const cmsCIExyYTRIPLE adobe = {
        {0.640, 0.330, 1}, {0.210, 0.710, 1}, {0.150, 0.060, 1}};
    if (strcmp(name, "srgb") == 0)
        return cmsCreate_sRGBProfile();
    int is_p3 = strcmp(name, "p3") == 0;
    if (!is_p3 && strcmp(name, "adobe") != 0)
        die("unknown profile", name);
    cmsToneCurve *curve = is_p3 ? cmsBuildParametricToneCurve(NULL, 4, srgb_curve)
                                : cmsBuildGamma(NULL, 563.0 / 256.0);
    cmsToneCurve *curves[3] = {curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(&d65, is_p3 ? &p3 : &adobe, curves);
    cmsFreeToneCurve(curve);
    cmsMLU *title = cmsMLUalloc(NULL, 1);
    cmsMLUsetASCII(title, "en", "US", is_p3 ? "Display P3" : "Adobe RGB (1998)");
    cmsWriteTag(profile, cmsSigProfileDescriptionTag, title);
    cmsMLUfree(title);
    return profile;
}

static void
write_profile(struct jpeg_compress_struct *jpeg, cmsHPROFILE profile)
{
    cmsUInt32Number n = 0;
    if (!cmsSaveProfileToMem(profile, NULL, &n))
        die("cannot make", "profile");
    uint8_t *bytes = malloc(n);
    if (bytes == NULL || !cmsSaveProfileToMem(profile, bytes, &n))
        die("cannot make", "profile");
    /* lcms2 writes the time of day into the header; the same options give the same bytes. */
    static const uint8_t date[12] = {0x07, 0xe8, 0, 5, 0, 17};
    if (n >= 36)
        memcpy(bytes + 24, date, sizeof date);
    jpeg_write_icc_profile(jpeg, bytes, n);
    free(bytes);
}

static void
start(struct jpeg_compress_struct *jpeg, const Options *o, unsigned width, unsigned height)
{
    int swap = turns[o->orientation].swap;
    jpeg->image_width = swap ? height : width;
    jpeg->image_height = swap ? width : height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
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

static void
write_pixels(struct jpeg_compress_struct *jpeg, const Options *o, unsigned width,
             unsigned height, cmsHTRANSFORM transform)
{
    uint8_t *row = malloc((size_t)jpeg->image_width * 3);
    if (row == NULL)
        die("no memory for", "a row");
    while (jpeg->next_scanline < jpeg->image_height) {
        draw_row(o, width, height, jpeg->next_scanline, row);
        if (transform != NULL)
            cmsDoTransform(transform, row, row, jpeg->image_width);
        jpeg_write_scanlines(jpeg, &row, 1);
    }
    free(row);
}

/* A plain JPEG of at most 160 pixels a side, turned as the photo is. Owned by the caller. */
static Buffer
make_thumbnail(const Options *o)
{
    unsigned longest = o->width > o->height ? o->width : o->height;
    unsigned width = 1 + 159 * o->width / longest, height = 1 + 159 * o->height / longest;
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr err;
    unsigned char *bytes = NULL;
    unsigned long n = 0;
    jpeg.err = jpeg_std_error(&err);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &n);
    start(&jpeg, o, width, height);
    jpeg_start_compress(&jpeg, TRUE);
    write_pixels(&jpeg, o, width, height, NULL);
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
    if (o->gps || o->serial || o->thumbnail || o->orientation != 1)
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
    cmsHTRANSFORM transform = NULL;
    if (profile != NULL)
        transform = cmsCreateTransform(srgb, TYPE_RGB_8, profile, TYPE_RGB_8,
                                       INTENT_RELATIVE_COLORIMETRIC, 0);
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr err;
    jpeg.err = jpeg_std_error(&err);
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, file);
    start(&jpeg, o, o->width, o->height);
    /* Cameras write EXIF instead of JFIF, not beside it. */
    jpeg.write_JFIF_header = !(o->gps || o->serial || o->thumbnail || o->orientation != 1);
    jpeg_start_compress(&jpeg, TRUE);
    write_metadata(&jpeg, o, profile);
    write_pixels(&jpeg, o, o->width, o->height, transform);
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
        int h, v;
    } known[] = {
        {"444", 1, 1}, {"422", 2, 1}, {"420", 2, 2},
        {"440", 1, 2}, {"411", 4, 1}, {"grey", 0, 0},
    };
    for (size_t i = 0; i < COUNT(known); i++) {
        if (strcmp(o->sampling, known[i].word) == 0) {
            o->h = known[i].h;
            o->v = known[i].v;
            return;
        }
    }
    die("unknown sampling", o->sampling);
}

static int
number(const char *word, int least, int most)
{
    char *end = NULL;
    long value = strtol(word, &end, 10);
    if (end == word || *end != '\0' || value < least || value > most)
        die("bad number", word);
    return (int)value;
}

static void
set_size(Options *o)
{
    char *end = NULL;
    unsigned long width = strtoul(o->size, &end, 10);
    unsigned long height = *end == 'x' ? strtoul(end + 1, &end, 10) : 0;
    if (*end != '\0' || width < 1 || height < 1 || width > 65500 || height > 65500)
        die("bad size", o->size);
    o->width = (unsigned)width;
    o->height = (unsigned)height;
}

static Options given = {.size = "1600x1200",
                        .sampling = "420",
                        .orientation = 1,
                        .quality = 88,
                        .noise = 6,
                        .seed = 1,
                        .canary = "CANARY"};

/* An option is a text, or a number in a range; a range of one number is a flag. */
static const struct {
    const char *name;
    int *place, least, most;
    const char **text;
} known_options[] = {
    {"--size", NULL, 0, 0, &given.size},
    {"--sampling", NULL, 0, 0, &given.sampling},
    {"--icc", NULL, 0, 0, &given.icc},
    {"--canary", NULL, 0, 0, &given.canary},
    {"--orientation", &given.orientation, 1, 8, NULL},
    {"--quality", &given.quality, 1, 100, NULL},
    {"--noise", &given.noise, 0, 255, NULL},
    {"--restart", &given.restart, 0, 65535, NULL},
    {"--seed", &given.seed, 0, 1 << 30, NULL},
    {"--trailer", &given.trailer, 0, 1 << 30, NULL},
    {"--gps", &given.gps, 1, 1, NULL},
    {"--serial", &given.serial, 1, 1, NULL},
    {"--thumbnail", &given.thumbnail, 1, 1, NULL},
    {"--xmp", &given.xmp, 1, 1, NULL},
    {"--comment", &given.comment, 1, 1, NULL},
    {"--progressive", &given.progressive, 1, 1, NULL},
};

/* Take the option at *word; returns the last word that belongs to it. */
static char **
read_option(char **word)
{
    for (size_t i = 0; i < COUNT(known_options); i++) {
        if (strcmp(*word, known_options[i].name) != 0)
            continue;
        int *place = known_options[i].place;
        if (place != NULL && known_options[i].least == known_options[i].most) {
            *place = known_options[i].most;
            return word;
        }
        if (word[1] == NULL)
            die("no value for", *word);
        if (place != NULL)
            *place = number(word[1], known_options[i].least, known_options[i].most);
        else
            *known_options[i].text = word[1];
        return word + 1;
    }
    die("unknown option", *word);
}

/* Fills in given; returns the file to write. */
static const char *
read_options(char **words)
{
    const char *path = NULL;
    for (; *words != NULL; words++) {
        if (strncmp(*words, "--", 2) == 0)
            words = read_option(words);
        else if (path == NULL)
            path = *words;
        else
            die("more than one file to write:", *words);
    }
    if (path == NULL)
        die("no file to write;", "-");
    if (strlen(given.canary) > 200)
        die("too long:", given.canary);
    set_size(&given);
    set_sampling(&given);
    return path;
}

int
main(int argc, char **argv)
{
    const char *path = read_options(argv + (argc > 0));
    int to_stdout = strcmp(path, "-") == 0;
    FILE *file = to_stdout ? stdout : fopen(path, "wb");
    if (file == NULL)
        die("cannot write", path);
    write_photo(&given, file);
    if (fclose(file) != 0)
        die("cannot write", path);
    return 0;
}
