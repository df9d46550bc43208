/* SPDX-License-Identifier: MIT */
/* picture-frame.c -- the picture in memory: drawn, made transparent, coded in its space. */
#include "data/options.h"
#include "data/picture.h"
#include <math.h>
#include <string.h>

/* ---- spaces --------------------------------------------------------------------------------
 * A space is a name, its ITU-T H.273 numbers, and how sRGB gets there: through profiles, or by
 * a curve of its own over BT.2020. SDR white stands at 203 cd/m2 (ITU-R BT.2408). */

#define WHITE_NITS 203.0

/* SMPTE ST 2084; v is 1 at 10 000 cd/m2. */
static double
to_pq(double v)
{
    double p = pow(v, 0.1593017578125);
    return pow((0.8359375 + 18.8515625 * p) / (1 + 18.6875 * p), 78.84375);
}

/* ITU-R BT.2100 table 5; v is 1 at the peak of the scene. */
static double
to_hlg(double v)
{
    return v <= 1 / 12.0 ? sqrt(3 * v) : 0.17883277 * log(12 * v - 0.28466892) + 0.55991073;
}

typedef struct {
    const char *name;
    unsigned primaries, transfer;
    const char *profile;       /* for make_profile() */
    double (*curve)(double v); /* else */
} Space;

static const Space spaces[] = {
    {"srgb", 1, 13, "srgb", NULL}, {"p3", 12, 13, "p3", NULL},   {"adobe", 2, 2, "adobe", NULL},
    {"pq", 9, 16, NULL, to_pq},    {"hlg", 9, 18, NULL, to_hlg},
};

static const Space *
find_space(const char *name)
{
    for (size_t i = 0; i < COUNT(spaces); i++)
        if (strcmp(name, spaces[i].name) == 0)
            return &spaces[i];
    die("unknown colour space", name);
}

void
picture_code_points(const char *space, unsigned *primaries, unsigned *transfer)
{
    *primaries = find_space(space)->primaries;
    *transfer = find_space(space)->transfer;
}

static double
srgb_to_light(double v)
{
    v = v < 0 ? 0 : v > 1 ? 1 : v;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* BT.709 to BT.2020 (ITU-R BT.2087), then the curve. HLG is a scene's light: its system gamma
 * of 1.2 for a display of 1000 cd/m2 is taken back first. */
static void
to_hdr(const Space *space, double *rgb)
{
    double r = srgb_to_light(rgb[0]), g = srgb_to_light(rgb[1]), b = srgb_to_light(rgb[2]);
    double light[3] = {0.6274 * r + 0.3293 * g + 0.0433 * b,
                       0.0691 * r + 0.9195 * g + 0.0114 * b,
                       0.0164 * r + 0.0880 * g + 0.8956 * b};
    double luma = 0.2627 * light[0] + 0.6780 * light[1] + 0.0593 * light[2];
    double scale = WHITE_NITS / 10000;
    if (space->curve == to_hlg)
        scale = WHITE_NITS / 1000 * pow(fmax(luma, 1e-6) * WHITE_NITS / 1000, (1 - 1.2) / 1.2);
    for (int i = 0; i < 3; i++)
        rgb[i] = space->curve(light[i] * scale);
}

/* NULL where the samples stay as they are. */
static cmsHTRANSFORM
make_transform(const Space *space)
{
    if (space->profile == NULL || strcmp(space->profile, "srgb") == 0)
        return NULL;
    cmsHPROFILE from = cmsCreate_sRGBProfile(), to = make_profile(space->profile);
    cmsHTRANSFORM transform = cmsCreateTransform(from, TYPE_RGB_DBL, to, TYPE_RGB_DBL,
                                                 INTENT_RELATIVE_COLORIMETRIC, 0);
    cmsCloseProfile(from);
    cmsCloseProfile(to);
    return transform;
}

/* ---- frames --------------------------------------------------------------------------------
 */

static uint16_t
to_word(double value)
{
    return (uint16_t)lround(65535 * (value < 0 ? 0 : value > 1 ? 1 : value));
}

/* How far from the ball's edge, in units of its radius; negative is inside. */
static double
outside_ball(const Frame *frame, unsigned x, unsigned y)
{
    unsigned side = frame->width < frame->height ? frame->width : frame->height;
    double dx = x + 0.5 - frame->width / 2.0, dy = y + 0.5 - frame->height / 2.0;
    return sqrt(dx * dx + dy * dy) / (0.35 * side) - 1;
}

static const uint16_t magenta[4] = {65535, 0, 65535, 65535};

static void
make_transparent(const Options *o, const Frame *frame)
{
    const double rim = 0.15, seen = o->alpha == ALPHA_MOAT ? 0.6 : rim;
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            double out = outside_ball(frame, x, y);
            uint16_t *pixel = SAMPLES(frame, x, y);
            pixel[3] = to_word(1 - out / rim);
            if (pixel[3] == 0 && out > seen && !o->bare)
                memcpy(pixel, magenta, 3 * sizeof *pixel);
        }
}

static Frame
frame_new(unsigned width, unsigned height)
{
    Frame frame = {width, height, calloc((size_t)width * height, 4 * sizeof(uint16_t))};
    if (frame.samples == NULL)
        die("no memory for", "the picture");
    return frame;
}

Frame
frame_magenta(unsigned width, unsigned height)
{
    Frame frame = frame_new(width, height);
    for (size_t i = 0; i < (size_t)width * height; i++)
        memcpy(frame.samples + 4 * i, magenta, sizeof magenta);
    return frame;
}

Frame
frame_draw(const Options *o)
{
    Frame frame = frame_new(draw_stored_width(&o->drawing), draw_stored_height(&o->drawing));
    const Space *space = find_space(o->space);
    cmsHTRANSFORM transform = make_transform(space);
    for (unsigned y = 0; y < frame.height; y++)
        for (unsigned x = 0; x < frame.width; x++) {
            Colour c = o->flat ? (Colour){128, 128, 128} : draw_at(&o->drawing, x, y);
            double rgb[3] = {c.r / 255, c.g / 255, c.b / 255};
            if (space->curve != NULL)
                to_hdr(space, rgb);
            else if (transform != NULL)
                cmsDoTransform(transform, rgb, rgb, 1);
            uint16_t *pixel = SAMPLES(&frame, x, y);
            for (int i = 0; i < 3; i++)
                pixel[i] = to_word(rgb[i]);
            pixel[3] = 65535;
        }
    if (transform != NULL)
        cmsDeleteTransform(transform);
    if (o->alpha > ALPHA_FULL)
        make_transparent(o, &frame);
    return frame;
}

unsigned
frame_level(uint16_t sample, int bits)
{
    unsigned most = (1u << bits) - 1;
    return (sample * most + 32767) / 65535;
}

uint16_t
frame_luma(const uint16_t *samples)
{
    return (uint16_t)lround(0.2126 * samples[0] + 0.7152 * samples[1] + 0.0722 * samples[2]);
}

/* ---- palette -------------------------------------------------------------------------------
 */

size_t
palette_make(int bits, uint8_t *rgba)
{
    /* The four corners come first, so that they are in the smaller palettes too. */
    static const uint8_t own[14][3] = {
        {220, 30, 30},  {30, 160, 50},   {30, 60, 200},   {240, 210, 40},  {140, 190, 230},
        {110, 130, 60}, {200, 170, 130}, {150, 200, 230}, {110, 60, 30},   {40, 40, 40},
        {170, 50, 40},  {128, 128, 128}, {255, 255, 255}, {224, 172, 140},
    };
    size_t all = (size_t)1 << bits, n = 0;
    for (size_t i = 0; i < COUNT(own) && n < all; i++, n++) {
        memcpy(rgba + 4 * n, own[i], 3);
        rgba[4 * n + 3] = 255;
    }
    for (unsigned i = 0; i < 216 && n + 2 < all; i++, n++)
        memcpy(rgba + 4 * n,
               (uint8_t[]){(uint8_t)(51 * (i / 36)), (uint8_t)(51 * (i / 6 % 6)),
                           (uint8_t)(51 * (i % 6)), 255},
               4);
    if (bits >= 4) {
        memcpy(rgba + 4 * n++, (uint8_t[]){128, 128, 128, 128}, 4);
        memcpy(rgba + 4 * n++, (uint8_t[]){255, 0, 255, 0}, 4);
    }
    return n;
}

uint8_t
palette_find(const uint8_t *rgba, size_t n, const uint16_t *samples)
{
    if (n >= 16 && samples[3] < 49152)
        return (uint8_t)(samples[3] < 16384 ? n - 1 : n - 2);
    size_t best = 0;
    int least = 1 << 30;
    for (size_t i = 0; i < (n >= 16 ? n - 2 : n); i++) {
        int distance = 0;
        for (int k = 0; k < 3; k++) {
            int d = rgba[4 * i + (size_t)k] - (int)frame_level(samples[k], 8);
            distance += d * d;
        }
        if (distance < least) {
            least = distance;
            best = i;
        }
    }
    return (uint8_t)best;
}

/* ---- metadata ------------------------------------------------------------------------------
 */

Buffer
picture_exif(const Options *o)
{
    Secrets secrets = {o->drawing.orientation, o->gps, o->serial, o->canary};
    if (o->exif_orientation >= 0)
        secrets.orientation = o->exif_orientation;
    if (!o->exif && !o->gps && !o->serial && o->exif_orientation < 0)
        return (Buffer){0};
    return make_tiff(&secrets, &(Buffer){0});
}

Buffer
picture_xmp(const Options *o)
{
    Secrets secrets = {.orientation = o->drawing.orientation, .canary = o->canary};
    return o->xmp ? make_xmp(&secrets) : (Buffer){0};
}

Buffer
picture_profile(const Options *o)
{
    if (o->icc == NULL)
        return (Buffer){0};
    cmsHPROFILE profile = make_profile(o->icc);
    if (profile == NULL)
        die("unknown profile", o->icc);
    Buffer bytes = make_profile_bytes(profile);
    cmsCloseProfile(profile);
    return bytes;
}
