/* SPDX-License-Identifier: MIT */
/* likeness.c -- of pictures and what the encoders make of them, the terms of
 * src/render/likeness.c and their sum: what bench/fit-likeness.pl works on.
 *
 *     likeness FOLDER FILE.jpg... >terms.tsv
 *
 * The files are pictures as they are encoded, best made by storyphoto itself at quality 100, as
 * for bench/curves. Each is encoded at several qualities, and that is left in FOLDER, for the
 * metric to be run on. A line a file: its name, that of its picture, format, quality, bytes,
 * what the likeness is now, milliseconds of CPU to read it back and to measure it, and the
 * terms. */
#include "render/likeness.h"
#include "preset/preset.h"
#include "render/encode.h"
#include "render/readback.h"
#include <stdio.h>
#include <time.h>

static gboolean
load(const char *path, SpPicture *picture)
{
    g_autofree char *text = NULL;
    gsize n = 0;
    if (!g_file_get_contents(path, &text, &n, NULL))
        return FALSE;
    g_autoptr(GBytes) bytes = g_bytes_new(text, n);
    return sp_readback(bytes, SP_OUTPUT_JPEG, picture, NULL);
}

/* Of CPU: other programs do not count. */
static double
milliseconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1000 + (double)time.tv_nsec / 1e6;
}

static gboolean
print_terms(const SpLikeness *likeness, GBytes *bytes, guint32 format)
{
    g_auto(SpPicture) shown = {0};
    double terms[SP_LIKENESS_TERMS], score = 0;
    double start = milliseconds();
    if (!sp_readback(bytes, format, &shown, NULL))
        return FALSE;
    double read = milliseconds() - start;
    start = milliseconds();
    if (!sp_likeness_measure(likeness, &shown, &score, NULL))
        return FALSE;
    double measured = milliseconds() - start;
    if (!sp_likeness_terms(likeness, &shown, terms, NULL))
        return FALSE;
    printf("\t%g\t%.2f\t%.2f", score, read, measured);
    for (guint i = 0; i < SP_LIKENESS_TERMS; i++)
        printf("\t%.7g", terms[i]);
    printf("\n");
    return TRUE;
}

static const guint qualities[] = {1, 10, 25, 40, 58, 66, 74, 80, 86, 92};

static gboolean
try_format(const char *folder, const char *path, const SpPicture *picture, guint32 format)
{
    g_auto(SpLikeness) likeness = {0};
    SpVariant variant = {.format = format, .effort = 2};
    const SpEncoder *encoder = sp_encoder(format);
    gpointer state = encoder->open(picture, &variant, NULL);
    g_autofree char *name = g_path_get_basename(path);
    gboolean done = state != NULL && sp_likeness_init(&likeness, picture, NULL);
    for (guint i = 0; done && i < G_N_ELEMENTS(qualities); i++) {
        guint quality = qualities[i];
        g_autofree char *file = g_strdup_printf("%s/%s.%u%s", folder, name, quality,
                                                sp_output_format_extension(format));
        g_autoptr(GBytes) bytes = encoder->encode(state, quality, NULL);
        gsize n = bytes != NULL ? g_bytes_get_size(bytes) : 0;
        printf("%s\t%s\t%s\t%u\t%" G_GSIZE_FORMAT, file, path, sp_output_format_word(format),
               quality, n);
        done = n > 0 && print_terms(&likeness, bytes, format) &&
               g_file_set_contents(file, g_bytes_get_data(bytes, NULL), (gssize)n, NULL);
    }
    if (state != NULL)
        encoder->close(state);
    return done;
}

int
main(int argc, char **argv)
{
    for (int i = 2; i < argc; i++) {
        g_auto(SpPicture) picture = {0};
        if (!load(argv[i], &picture))
            return 1;
        sp_encode_pad(&picture);
        for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++)
            if (!try_format(argv[1], argv[i], &picture, format))
                return 1;
    }
    return 0;
}
