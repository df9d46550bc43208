/* SPDX-License-Identifier: MIT */
/* encode-webp.c -- libwebp's lossy encoder, from planes.
 *
 * WebP is limited-range BT.601 (16 to 235, chroma 16 to 240; RFC 6386 section 9.2 and libwebp's
 * own conversion), our planes are full-range. No container chunk is ever asked for, so
 * the file is RIFF and one `VP8 ` chunk; alpha, which is lossless and full-range, makes it
 * VP8X, ALPH and `VP8 `. */
#include "base/error.h"
#include "render/alpha.h"
#include "render/encode.h"
#include <webp/encode.h>

/* At method 6 alpha takes seconds a megapixel, ten times what 5 takes, at every quality that is
 * tried: a picture that 5 makes in time would run into the timeout. */
#define ALPHA_MOST_EFFORT 5

typedef struct {
    SpPicture limited;    /* owned; always three planes */
    const SpPlane *alpha; /* borrowed from the picture; NULL: opaque */
    guint effort;
} State;

/* From full range, rounded: luma to 16 + v * 219 / 255, chroma to 128 + (v - 128) * 224 / 255.
 * All fits into 16 bits, of which compilers make vectors (-O3). */
static void
limit_row(const guint8 *restrict source, guint width, gboolean is_chroma,
          guint8 *restrict target)
{
    const guint16 range = is_chroma ? 224 : 219;
    const guint16 offset = 127 + (is_chroma ? 128 * (255 - 224) : 16 * 255);
    for (guint x = 0; x < width; x++)
        target[x] = (guint8)((guint16)(source[x] * range + offset) / 255);
}

static void
limit_plane(SpPlane *to, const SpPlane *from, gboolean is_chroma)
{
    for (guint y = 0; y < to->height; y++)
        limit_row(from->data + from->stride * y, to->width, is_chroma,
                  to->data + to->stride * y);
}

static void
webp_close(gpointer data)
{
    State *state = data;
    sp_picture_clear(&state->limited);
    g_free(state);
}

static gpointer
webp_open(const SpPicture *picture, const SpVariant *variant, GError **error)
{
    State *state = g_new0(State, 1);
    state->effort = variant->effort;
    if (picture->alpha && !sp_alpha_is_opaque(picture)) /* a part of one may be */
        state->alpha = &picture->planes[picture->n_planes - 1];
    SpForm form = {SP_MODEL_YCC, FALSE, 1, 2};
    if (!sp_picture_init(&state->limited, picture->width, picture->height, form, error)) {
        webp_close(state);
        return NULL;
    }
    limit_plane(&state->limited.planes[0], &picture->planes[0], FALSE);
    for (guint i = 1; i < 3; i++) {
        SpPlane *plane = &state->limited.planes[i];
        if (picture->model == SP_MODEL_YCC)
            limit_plane(plane, &picture->planes[i], TRUE);
        else
            memset(plane->data, 128, plane->stride * plane->height);
    }
    return state;
}

/* The picture borrows the planes: WebPPictureFree() is not to be called, it owns nothing. Of
 * the colours, libwebp writes over what alpha hides, the same way each time; alpha it only
 * reads. */
static void
picture_init(WebPPicture *picture, const State *state, WebPMemoryWriter *writer)
{
    const SpPicture *planes = &state->limited;
    picture->use_argb = 0;
    picture->colorspace = WEBP_YUV420;
    picture->width = (int)planes->width;
    picture->height = (int)planes->height;
    picture->y = planes->planes[0].data;
    picture->u = planes->planes[1].data;
    picture->v = planes->planes[2].data;
    picture->y_stride = (int)planes->planes[0].stride;
    picture->uv_stride = (int)planes->planes[1].stride;
    if (state->alpha != NULL) {
        picture->colorspace = WEBP_YUV420A;
        picture->a = state->alpha->data;
        picture->a_stride = (int)state->alpha->stride;
    }
    picture->writer = WebPMemoryWrite;
    picture->custom_ptr = writer;
}

/* A partition of dense pixels may outgrow its size field: that is said of the picture, not of
 * memory. */
static SpErrorCode
error_code(WebPEncodingError webp)
{
    switch (webp) {
    case VP8_ENC_ERROR_PARTITION0_OVERFLOW:
    case VP8_ENC_ERROR_PARTITION_OVERFLOW:
    case VP8_ENC_ERROR_FILE_TOO_BIG:
        return SP_ERROR_CANNOT_FIT;
    case VP8_ENC_ERROR_OUT_OF_MEMORY:
    case VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY:
        return SP_ERROR_TOO_MUCH_MEMORY;
    default:
        return SP_ERROR_UNAVAILABLE;
    }
}

static gboolean
is_partition_overflow(const WebPPicture *picture)
{
    return picture->error_code == VP8_ENC_ERROR_PARTITION0_OVERFLOW;
}

static gboolean
config_init(WebPConfig *config, const State *state, double quality)
{
    if (!WebPConfigInit(config))
        return FALSE;
    config->quality = (float)quality;
    config->method =
        (int)(state->alpha == NULL ? state->effort : MIN(state->effort, ALPHA_MOST_EFFORT));
    config->exact = 0; /* colours that alpha hides may become what costs least */
    config->alpha_compression = 1;
    config->alpha_quality = 100; /* lossless */
    config->alpha_filtering = 1; /* 2 tries all filters: twice the time, the same bytes */
    return TRUE;
}

static GBytes *
webp_encode(gpointer data, double quality, GError **error)
{
    const State *state = data;
    WebPConfig config;
    WebPPicture picture;
    if (!config_init(&config, state, quality) || !WebPPictureInit(&picture))
        return sp_throw_null(error, SP_ERROR_UNAVAILABLE, "libwebp is of another version");
    WebPMemoryWriter writer;
    WebPMemoryWriterInit(&writer);
    picture_init(&picture, state, &writer);
    gboolean done = WebPEncode(&config, &picture);
    if (!done && is_partition_overflow(&picture)) {
        config.partition_limit = 100; /* coarser modes, so that the first partition fits */
        WebPMemoryWriterClear(&writer);
        done = WebPEncode(&config, &picture);
    }
    if (!done) {
        WebPMemoryWriterClear(&writer);
        return sp_throw_null(error, error_code(picture.error_code),
                             "cannot encode WebP: error %d", (int)picture.error_code);
    }
    return g_bytes_new_with_free_func(writer.mem, writer.size, WebPFree, writer.mem);
}

const SpEncoder sp_encoder_webp = {webp_open, webp_encode, webp_close};
