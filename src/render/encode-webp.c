/* SPDX-License-Identifier: MIT */
/* encode-webp.c -- libwebp's lossy encoder, from planes.
 *
 * It takes the picture's limited planes (limited.h), or makes them. No container chunk is ever
 * asked for, so the file is RIFF and one `VP8 ` chunk; alpha, which is lossless and full-range,
 * makes it VP8X, ALPH and `VP8 `. */
#include "base/error.h"
#include "render/alpha.h"
#include "render/encode.h"
#include "render/limited.h"
#include <webp/encode.h>

/* At method 6 alpha takes seconds a megapixel, ten times what 5 takes, at every quality that is
 * tried: a picture that 5 makes in time would run into the timeout. */
#define ALPHA_MOST_EFFORT 5

typedef struct {
    SpPicture made;       /* owned; what the picture has not */
    SpPlane planes[3];    /* borrowed, from made or the picture: luma and chroma, limited */
    const SpPlane *alpha; /* borrowed from the picture; NULL: opaque */
    guint effort;
} State;

static void
webp_close(gpointer data)
{
    State *state = data;
    sp_picture_clear(&state->made);
    g_free(state);
}

/* Without alpha libwebp only reads: the picture's own will do. */
static gboolean
take_planes(State *state, const SpPicture *picture, GError **error)
{
    SpForm form = {.model = SP_MODEL_YCC, .bytes = 1, .sub = 2};
    gboolean given = sp_picture_form(picture).limited;
    if (given && picture->model == SP_MODEL_YCC && state->alpha == NULL) {
        memcpy(state->planes, picture->limited, sizeof state->planes);
        return TRUE;
    }
    if (!sp_picture_init(&state->made, picture->width, picture->height, form, error))
        return FALSE;
    memcpy(state->planes, state->made.planes, sizeof state->planes);
    for (guint i = 0; i < 3; i++) {
        SpPlane *plane = &state->planes[i];
        if (i >= sp_model_planes(picture->model))
            memset(plane->data, 128, plane->stride * plane->height);
        else if (given)
            memcpy(plane->data, picture->limited[i].data, plane->stride * plane->height);
        else
            sp_limited_plane(&picture->planes[i], i > 0, plane);
    }
    return TRUE;
}

static gpointer
webp_open(const SpPicture *picture, const SpVariant *variant, GError **error)
{
    State *state = g_new0(State, 1);
    state->effort = variant->effort;
    if (picture->alpha && !sp_alpha_is_opaque(picture)) /* a part of one may be */
        state->alpha = &picture->planes[picture->n_planes - 1];
    if (!take_planes(state, picture, error)) {
        webp_close(state);
        return NULL;
    }
    return state;
}

/* The picture borrows the planes: WebPPictureFree() is not to be called, it owns nothing. Of
 * the colours, libwebp writes over what alpha hides, the same way each time; alpha it only
 * reads. */
static void
picture_init(WebPPicture *picture, const State *state, WebPMemoryWriter *writer)
{
    const SpPlane *planes = state->planes;
    picture->use_argb = 0;
    picture->colorspace = WEBP_YUV420;
    picture->width = (int)planes[0].width;
    picture->height = (int)planes[0].height;
    picture->y = planes[0].data;
    picture->u = planes[1].data;
    picture->v = planes[2].data;
    picture->y_stride = (int)planes[0].stride;
    picture->uv_stride = (int)planes[1].stride;
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

/* The quantiser is 0 in every segment: 127 * (1 - c^1.45) < 1 of c = cbrt(quality / 50 - 1). */
const SpEncoder sp_encoder_webp = {webp_open, webp_encode, webp_close, 0, {99.25, 99.25}};
