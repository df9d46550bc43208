/* SPDX-License-Identifier: MIT */
/* baseline.h -- the same JPEG by jpeg-baseline.h and by libjpeg alone; for tests and a fuzz
 * target.
 *
 * Planes are resized to the size that luma is decoded at: so luma's samples are its own, and
 * none of chroma's can differ without a trace. */
#ifndef SP_TESTS_BASELINE_H
#define SP_TESTS_BASELINE_H
#include "container/jpeg.h"
#include "render/jpeg-decode.h"
#include <string.h>

typedef enum {
    BASELINE_NONE, /* not one that is taken */
    BASELINE_LOST,
    BASELINE_WON,
} BaselineBet;

static inline SpFeedShape
baseline_shape(SpJpegDecoder *decoder, const SpJpegWalk *walk, guint eighths)
{
    SpFeedShape shape = {.coded = {walk->width, walk->height}};
    if (!sp_jpeg_decoder_scale(decoder, eighths, &shape, NULL))
        g_error("cannot scale what has a header");
    shape.target = (SpSize){shape.planes[0].width, shape.planes[0].height};
    shape.form.sub = 1;
    return shape;
}

/* By one or two threads of jpeg-baseline.h. */
static inline BaselineBet
baseline_decode(const SpJpegWalk *walk, guint eighths, guint threads, SpPicture *ret_picture)
{
    g_autoptr(SpJpegDecoder) decoder = sp_jpeg_decoder_new(walk, NULL, NULL, NULL);
    if (decoder == NULL)
        return BASELINE_NONE;
    SpFeedShape shape = baseline_shape(decoder, walk, eighths);
    g_autoptr(SpJpegBaseline) baseline = sp_jpeg_decoder_baseline(decoder);
    if (baseline == NULL)
        return BASELINE_NONE;
    g_autoptr(SpFeed) feed = sp_feed_new(&shape, NULL);
    return feed != NULL && sp_jpeg_baseline_run(baseline, feed, threads) &&
                   sp_feed_finish(feed, ret_picture, NULL)
               ? BASELINE_WON
               : BASELINE_LOST;
}

static inline gboolean
libjpeg_decode(const SpJpegWalk *walk, guint eighths, SpPicture *ret_picture, GError **error)
{
    g_autoptr(SpJpegDecoder) decoder = sp_jpeg_decoder_new(walk, NULL, NULL, error);
    if (decoder == NULL)
        return FALSE;
    SpFeedShape shape = baseline_shape(decoder, walk, eighths);
    g_autoptr(SpFeed) feed = sp_feed_new(&shape, error);
    return feed != NULL && sp_jpeg_decoder_run(decoder, feed, error) &&
           sp_feed_finish(feed, ret_picture, error);
}

static inline gboolean
same_pictures(const SpPicture *a, const SpPicture *b)
{
    if (a->n_planes != b->n_planes)
        return FALSE;
    for (guint i = 0; i < a->n_planes; i++)
        for (guint y = 0; y < a->planes[i].height; y++)
            if (memcmp(a->planes[i].data + y * a->planes[i].stride,
                       b->planes[i].data + y * b->planes[i].stride, a->planes[i].width) != 0)
                return FALSE;
    return TRUE;
}

/* A bet that is won has what libjpeg alone gives, without a word of it. Ends the program when
 * it has not. */
static inline BaselineBet
baseline_check(const SpJpegWalk *walk, guint eighths, guint threads)
{
    g_auto(SpPicture) ours = {0}, theirs = {0};
    g_autoptr(GError) error = NULL;
    BaselineBet bet = baseline_decode(walk, eighths, threads, &ours);
    if (bet != BASELINE_WON)
        return bet;
    if (!libjpeg_decode(walk, eighths, &theirs, &error))
        g_error("won, where libjpeg says: %s", error->message);
    if (!same_pictures(&ours, &theirs))
        g_error("won, with another picture");
    return bet;
}
#endif
