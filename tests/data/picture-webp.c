/* SPDX-License-Identifier: MIT */
/* picture-webp.c -- WebP by libwebp and its mux: lossy, lossless, alpha, animated.
 *
 * exact is on: what stands under alpha 0 is kept, as some programs keep it. */
#include "data/options.h"
#include "data/picture.h"
#include <string.h>
#include <webp/encode.h>
#include <webp/mux.h>

static void
must(int good, const char *what)
{
    if (!good)
        die("libwebp cannot", what);
}

/* One picture, owned by the caller. */
static WebPData
encode(const Options *o, const Frame *frame)
{
    WebPConfig config;
    WebPPicture picture;
    WebPMemoryWriter writer;
    must(WebPConfigInit(&config) && WebPPictureInit(&picture), "start");
    config.lossless = o->lossless;
    config.quality = (float)o->quality;
    config.method = 2;
    config.exact = 1;
    picture.use_argb = 1;
    picture.width = (int)frame->width;
    picture.height = (int)frame->height;
    must(WebPPictureAlloc(&picture), "allocate");
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            const uint16_t *s = SAMPLES(frame, x, y);
            picture.argb[(size_t)y * (size_t)picture.argb_stride + x] =
                (o->alpha == ALPHA_NONE ? 255u : frame_level(s[3], 8)) << 24 |
                frame_level(s[0], 8) << 16 | frame_level(s[1], 8) << 8 | frame_level(s[2], 8);
        }
    WebPMemoryWriterInit(&writer);
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    must(WebPEncode(&config, &picture), "encode");
    WebPPictureFree(&picture);
    return (WebPData){writer.mem, writer.size};
}

static void
push(WebPMux *mux, const WebPData *picture, int offset)
{
    WebPMuxFrameInfo info = {
        .bitstream = *picture,
        .x_offset = offset,
        .y_offset = offset,
        .duration = 100,
        .id = WEBP_CHUNK_ANMF,
        .dispose_method = WEBP_MUX_DISPOSE_NONE,
        .blend_method = WEBP_MUX_BLEND,
    };
    must(WebPMuxPushFrame(mux, &info, 1) == WEBP_MUX_OK, "add a frame");
}

static void
animate(const Options *o, const Frame *frame, WebPMux *mux)
{
    WebPData first = encode(o, frame);
    push(mux, &first, o->canvas);
    WebPDataClear(&first);
    Frame whole = frame_magenta(frame->width + 2 * (unsigned)o->canvas,
                                frame->height + 2 * (unsigned)o->canvas);
    WebPData later = encode(o, &whole);
    for (int i = 1; i < o->frames; i++)
        push(mux, &later, 0);
    WebPDataClear(&later);
    WebPMuxAnimParams params = {.bgcolor = 0xFFFF00FF, .loop_count = 0}; /* magenta, too */
    must(WebPMuxSetAnimationParams(mux, &params) == WEBP_MUX_OK, "animate");
    must(WebPMuxSetCanvasSize(mux, (int)whole.width, (int)whole.height) == WEBP_MUX_OK,
         "set the canvas");
    free(whole.samples);
}

static void
set_chunk(WebPMux *mux, const char *name, const void *bytes, size_t n)
{
    WebPData data = {bytes, n};
    must(n == 0 || WebPMuxSetChunk(mux, name, &data, 1) == WEBP_MUX_OK, "add a chunk");
}

Buffer
write_webp(const Options *o, const Frame *frame)
{
    WebPMux *mux = WebPMuxNew();
    must(mux != NULL, "start");
    if (o->frames > 1 || o->canvas > 0) {
        animate(o, frame, mux);
    } else {
        WebPData still = encode(o, frame);
        must(WebPMuxSetImage(mux, &still, 1) == WEBP_MUX_OK, "set the picture");
        WebPDataClear(&still);
    }
    Buffer exif = picture_exif(o), xmp = picture_xmp(o), profile = picture_profile(o);
    set_chunk(mux, "ICCP", profile.bytes, profile.n);
    set_chunk(mux, "EXIF", exif.bytes, exif.n);
    set_chunk(mux, "XMP ", xmp.bytes, xmp.n);
    set_chunk(mux, "prIv", o->canary, o->unknown ? strlen(o->canary) : 0);
    free(exif.bytes);
    free(xmp.bytes);
    free(profile.bytes);
    WebPData all = {0};
    must(WebPMuxAssemble(mux, &all) == WEBP_MUX_OK, "assemble");
    WebPMuxDelete(mux);
    Buffer file = {0};
    put(&file, all.bytes, all.size);
    WebPDataClear(&all);
    return file;
}
