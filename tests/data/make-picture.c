/* SPDX-License-Identifier: MIT */
/* make-picture.c -- a sample upload in PNG, WebP, GIF, HEIC or AVIF, by the name's ending.
 *
 * The picture is draw.h's. Whatever must not be chosen or seen is magenta: later frames,
 * thumbnails, further pictures, what a crop cuts away, colours under alpha 0. Metadata is
 * written only where an option asks for it, and does not change a byte of the picture data.
 * With the same options and the same libraries it writes the same bytes. It is a test tool: it
 * must not be installed.
 *
 *     make-picture --size 640x480 --orientation 6 --gps --serial --canary X sideways.heic
 *
 * A new format is a picture-*.c and a line in formats[]. */
#include "data/options.h"
#include "data/picture.h"
#include <string.h>

static const struct {
    const char *ending;
    Buffer (*write)(const Options *o, const Frame *frame);
} formats[] = {
    {".png", write_png},   {".webp", write_webp}, {".gif", write_gif},
    {".heic", write_heic}, {".avif", write_avif},
};

static Options given = {
    .drawing = {.orientation = 1, .seed = 1},
    .bits = 8,
    .quality = 90,
    .space = "srgb",
    .exif_orientation = -1,
    .canary = "CANARY",
    .frames = 1,
};
static const char *size = "640x480", *alpha = "none";

static const Option known_options[] = {
    {"--size", NULL, 0, 0, &size},
    {"--orientation", &given.drawing.orientation, 1, 8, NULL},
    {"--noise", &given.drawing.noise, 0, 255, NULL},
    {"--seed", &given.drawing.seed, 0, 1 << 30, NULL},
    {"--bits", &given.bits, 1, 16, NULL},
    {"--grey", &given.grey, 1, 1, NULL},
    {"--palette", &given.palette, 1, 1, NULL},
    {"--key", &given.key, 1, 1, NULL}, /* transparent is one colour, not a channel */
    {"--interlace", &given.interlace, 1, 1, NULL},
    {"--flat", &given.flat, 1, 1, NULL}, /* all of it grey: no fringe can hide */
    {"--lossless", &given.lossless, 1, 1, NULL},
    {"--quality", &given.quality, 1, 100, NULL},
    {"--alpha", NULL, 0, 0, &alpha},
    {"--bare", &given.bare, 1, 1, NULL},
    {"--space", NULL, 0, 0, &given.space},
    {"--icc", NULL, 0, 0, &given.icc},
    {"--cicp", NULL, 0, 0, &given.cicp},
    {"--nclx", NULL, 0, 0, &given.nclx},
    {"--gama", NULL, 0, 0, &given.gama},
    {"--srgb", &given.srgb, 1, 1, NULL},
    {"--exif", &given.exif, 1, 1, NULL},
    {"--exif-orientation", &given.exif_orientation, 0, 65535, NULL}, /* 0: no such tag */
    {"--gps", &given.gps, 1, 1, NULL},
    {"--serial", &given.serial, 1, 1, NULL},
    {"--xmp", &given.xmp, 1, 1, NULL},
    {"--comment", &given.comment, 1, 1, NULL},
    {"--unknown", &given.unknown, 1, 1, NULL},
    {"--trailer", &given.trailer, 0, 1 << 30, NULL},
    {"--canary", NULL, 0, 0, &given.canary},
    {"--frames", &given.frames, 1, 1000, NULL},
    {"--thumbnail", &given.thumbnail, 1, 1, NULL},
    {"--second", &given.second, 1, 1, NULL},
    {"--auxiliaries", &given.auxiliaries, 0, 8, NULL},
    {"--canvas", &given.canvas, 0, 10000, NULL},
    {"--clap", &given.clap, 0, 10000, NULL},
    {"--tile", &given.tile, 64, 8192, NULL},
    {"--gif87", &given.gif87, 1, 1, NULL},
};

static Alpha
find_alpha(const char *word)
{
    static const char *const words[] = {"none", "full", "ball", "moat"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (strcmp(word, words[i]) == 0)
            return (Alpha)i;
    die("unknown kind of alpha", word);
}

static Buffer
make(const char *path)
{
    const char *ending = strrchr(path, '.');
    for (size_t i = 0; ending != NULL && i < COUNT(formats); i++) {
        if (strcmp(ending, formats[i].ending) != 0)
            continue;
        Frame frame = frame_draw(&given);
        Buffer file = formats[i].write(&given, &frame);
        free(frame.samples);
        size_t n = strlen(given.canary);
        for (int at = 0; at < given.trailer; at++)
            put(&file, n > 0 ? &given.canary[(size_t)at % n] : "x", 1);
        return file;
    }
    die("no known format:", path);
}

int
main(int argc, char **argv)
{
    const char *path = options_read(known_options, COUNT(known_options), argv + (argc > 0));
    options_check_canary(given.canary);
    options_set_size(size, &given.drawing);
    given.alpha = find_alpha(alpha);
    Buffer bytes = make(path);
    FILE *file = options_open(path);
    if (fwrite(bytes.bytes, 1, bytes.n, file) != bytes.n || fclose(file) != 0)
        die("cannot write", path);
    free(bytes.bytes);
    return 0;
}
