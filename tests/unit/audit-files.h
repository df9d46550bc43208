/* SPDX-License-Identifier: MIT */
/* audit-files.h -- good files, made by libjpeg and libwebp themselves, and ways to spoil them.
 *
 * For the tests of the audit. Every audit runs on a heap block of exactly the file's size, so
 * that a sanitizer sees a read past its end; every refusal must hold certain words, because a
 * file that is refused for another reason shows nothing. */
#ifndef SP_TESTS_AUDIT_FILES_H
#define SP_TESTS_AUDIT_FILES_H
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* libjpeg wants stdio.h before it */
#include <jpeglib.h>
#include <webp/encode.h>

#include "audit/audit.h"
#include "storyphoto.h"

/* The size of most files. */
#define WIDTH 40
#define HEIGHT 24

#define BYTES(string) string, sizeof(string) - 1

/* ---- asking the audit --------------------------------------------------------------- */

static inline SpAuditPromise
promise_of(SpAuditFormat format, guint width, guint height, guint components)
{
    return (SpAuditPromise){format, width, height, components, 16383, 16383, 1 << 24};
}

static inline gboolean
audit_copy(const GByteArray *file, const SpAuditPromise *promise, GError **error)
{
    g_autofree guint8 *copy = g_memdup2(file->data, file->len);
    return sp_audit(copy, file->len, promise, error);
}

static inline void
assert_passes(const GByteArray *file, const SpAuditPromise *promise, const char *name)
{
    g_autoptr(GError) error = NULL;

    if (!audit_copy(file, promise, &error))
        g_error("%s is refused: %s", name, error->message);
    g_assert_no_error(error);
}

/* words: what the message must hold; NULL is any message. */
static inline void
assert_refused(const GByteArray *file, const SpAuditPromise *promise, const char *words,
               const char *name)
{
    g_autoptr(GError) error = NULL;

    if (audit_copy(file, promise, &error))
        g_error("%s is not refused", name);
    g_assert_error(error, SP_ERROR, SP_ERROR_AUDIT);
    if (words != NULL && strstr(error->message, words) == NULL)
        g_error("%s: '%s' is not in '%s'", name, words, error->message);
}

static inline GByteArray *
copy_of(const GByteArray *file)
{
    return g_byte_array_append(g_byte_array_new(), file->data, file->len);
}

static inline void
splice(GByteArray *file, guint at, guint cut, const void *insert, guint n_insert)
{
    g_autofree guint8 *tail = g_memdup2(file->data + at + cut, file->len - at - cut);
    guint n_tail = file->len - at - cut;

    g_byte_array_set_size(file, at);
    g_byte_array_append(file, insert, n_insert);
    g_byte_array_append(file, tail, n_tail);
}

/* A wave, so that every coefficient has something to say; the same on every run. */
static inline guint8
sample(guint x, guint y, guint channel)
{
    return (guint8)(x * 7 + y * 13 + channel * 50 + (x * y * (channel + 3)) % 61);
}

/* ---- JPEG --------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    guint width, height, components;
    int quality;
    gboolean progressive, optimised;
    int h, v;                          /* sampling of component 1; 0 is libjpeg's default */
    void (*configure)(j_compress_ptr); /* or NULL: last before the start */
    void (*inside)(j_compress_ptr);    /* or NULL: first after the start */
    const char *words;                 /* NULL: must pass; else must be refused with these */
} JpegRecipe;

static inline GByteArray *
make_jpeg(const JpegRecipe *recipe)
{
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char *out = NULL;
    unsigned long n_out = 0;
    g_autoptr(GByteArray) row = g_byte_array_new();

    g_byte_array_set_size(row, recipe->width * 3);
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &out, &n_out);
    cinfo.image_width = recipe->width;
    cinfo.image_height = recipe->height;
    cinfo.input_components = (int)recipe->components;
    cinfo.in_color_space = recipe->components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&cinfo);
    jpeg_set_quality(&cinfo, recipe->quality, TRUE);
    cinfo.optimize_coding = recipe->optimised;
    if (recipe->h != 0) {
        cinfo.comp_info[0].h_samp_factor = recipe->h;
        cinfo.comp_info[0].v_samp_factor = recipe->v;
    }
    if (recipe->progressive)
        jpeg_simple_progression(&cinfo);
    if (recipe->configure != NULL)
        recipe->configure(&cinfo);
    jpeg_start_compress(&cinfo, TRUE);
    if (recipe->inside != NULL)
        recipe->inside(&cinfo);
    for (guint y = 0; y < recipe->height; y++) {
        for (guint i = 0; i < recipe->width * recipe->components; i++)
            row->data[i] = sample(i / recipe->components, y, i % recipe->components);
        JSAMPROW rows[] = {row->data};
        jpeg_write_scanlines(&cinfo, rows, 1);
    }
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    GByteArray *file = g_byte_array_append(g_byte_array_new(), out, (guint)n_out);
    free(out);
    return file;
}

static inline SpAuditPromise
jpeg_promise(const JpegRecipe *recipe)
{
    return promise_of(SP_AUDIT_JPEG, recipe->width, recipe->height, recipe->components);
}

/* Where the segment that begins at byte at ends; an SOS with its entropy data. */
static inline guint
segment_end(const GByteArray *file, guint at)
{
    guint marker = file->data[at + 1];

    if (marker == 0xd8 || marker == 0xd9)
        return at + 2;
    guint end = at + 2 + (file->data[at + 2] << 8 | file->data[at + 3]);
    while (marker == 0xda && (file->data[end] != 0xff || file->data[end + 1] == 0))
        end++;
    return end;
}

/* The byte where segment number nth of this marker begins. */
static inline guint
find_segment(const GByteArray *file, guint marker, guint nth)
{
    for (guint at = 0; at < file->len; at = segment_end(file, at)) {
        if (file->data[at + 1] == marker && nth-- == 0)
            return at;
    }
    g_assert_not_reached();
}

/* ---- WebP --------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    guint width, height;
    gboolean lossless, alpha;
    int method, partitions, segments, filter_type, alpha_compression, quality;
} WebpRecipe;

static inline GByteArray *
make_webp(const WebpRecipe *recipe)
{
    WebPConfig config;
    WebPPicture picture;
    WebPMemoryWriter writer;
    guint width = recipe->width, height = recipe->height;
    g_autofree guint8 *pixels = g_malloc((gsize)width * height * 4);

    for (guint i = 0; i < width * height * 4; i++)
        pixels[i] =
            i % 4 == 3 && !recipe->alpha ? 255 : sample(i / 4 % width, i / 4 / width, i % 4);
    g_assert_true(WebPConfigInit(&config) && WebPPictureInit(&picture));
    config.lossless = recipe->lossless;
    config.method = recipe->method;
    config.partitions = recipe->partitions;
    config.segments = recipe->segments;
    config.filter_type = recipe->filter_type;
    config.alpha_compression = recipe->alpha_compression;
    config.quality = (float)recipe->quality;
    picture.use_argb = recipe->lossless;
    picture.width = (int)width;
    picture.height = (int)height;
    WebPMemoryWriterInit(&writer);
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    g_assert_true(WebPPictureImportRGBA(&picture, pixels, (int)width * 4));
    g_assert_true(WebPEncode(&config, &picture));
    GByteArray *file = g_byte_array_append(g_byte_array_new(), writer.mem, (guint)writer.size);
    WebPPictureFree(&picture);
    WebPMemoryWriterClear(&writer);
    return file;
}

static inline SpAuditPromise
webp_promise(const WebpRecipe *recipe)
{
    return promise_of(SP_AUDIT_WEBP, recipe->width, recipe->height, 3);
}

static inline guint
read_le(const guint8 *p, guint n)
{
    return n == 0 ? 0 : p[0] | read_le(p + 1, n - 1) << 8;
}

static inline void
write_le(guint8 *p, guint n, guint value)
{
    for (guint i = 0; i < n; i++)
        p[i] = (guint8)(value >> 8 * i);
}

/* The byte where the chunk begins. */
static inline guint
find_chunk(const GByteArray *file, const char *tag)
{
    for (guint at = 12; at < file->len;) {
        if (memcmp(file->data + at, tag, 4) == 0)
            return at;
        guint n = read_le(file->data + at + 4, 4);
        at += 8 + n + (n & 1);
    }
    g_assert_not_reached();
}
#endif
