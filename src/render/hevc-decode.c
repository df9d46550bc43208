/* SPDX-License-Identifier: MIT */
/* hevc-decode.c -- the tiles of a HEIC coded in HEVC, side by side: planes into a feed.
 *
 * Worker threads take tiles in order; each has a codec of its own, so that tiles never wait for
 * each other. A decoded tile is copied into the planes of its row of tiles while it is still in
 * the cache, and its frame is used again. There are two such rows: the caller's thread pushes
 * one into the feed while the workers fill the other. The picture is never whole in memory,
 * unless it is one tile.
 *
 * A chroma sample of 4:2:0 is taken to lie in the middle of its four pixels, whatever the coded
 * picture says of it (or, mostly, does not say, which would mean the left side): so do libheif
 * and the encoders of phones. In photos of Apple's, Samsung's and Xiaomi's that say nothing,
 * edges of chroma meet those of luma best when it lies in the middle. */
#include "render/hevc-decode.h"
#include "base/error.h"
#include "render/thread.h"
#include <string.h>

#define SLOTS 2 /* rows of tiles held */

typedef struct {
    SpHevcDecoder *decoder; /* borrowed */
    SpHevcCodec *codec;     /* owned */
    SpThread thread;
    gboolean started;
} Worker;

struct SpHevcDecoder {
    const SpHeifWalk *walk; /* borrowed */
    SpHevcFormat format;
    SpPlane slots[SLOTS][3]; /* owned; a row of tiles each */
    guint n_workers;         /* 1 to SP_HEVC_THREADS */
    Worker workers[SP_HEVC_THREADS];
    GMutex lock; /* of what follows */
    GCond changed;
    guint next;            /* the tile that is to be taken next */
    guint rows_allowed;    /* rows of tiles, from the first on, that may be worked on */
    guint finished[SLOTS]; /* tiles of a slot that are there */
    gboolean stop;
    guint failed_tile;
    GError *error; /* owned; why the first of the broken tiles is that */
};

/* ---- life cycle -------------------------------------------------------------------------- */

/* What the parameter sets say of a tile, against what the file says. */
static gboolean
check_format(const SpHevcDecoder *decoder, GError **error)
{
    const SpHeifWalk *walk = decoder->walk;
    const SpHevcFormat *format = &decoder->format;
    if (format->width != walk->tile_width || format->height != walk->tile_height)
        return sp_throw(error, SP_ERROR_UNAVAILABLE,
                        "the HEVC's pictures are %u x %u, the file says %u x %u", format->width,
                        format->height, walk->tile_width, walk->tile_height);
    const SpRect *crop = &walk->walk.crop;
    guint left = crop->left | (walk->columns > 1 ? walk->tile_width : 0);
    guint top = crop->top | (walk->rows > 1 ? walk->tile_height : 0);
    if ((left & ((1u << format->shift_x) - 1)) != 0 ||
        (top & ((1u << format->shift_y) - 1)) != 0)
        return sp_throw(error, SP_ERROR_UNAVAILABLE,
                        "a tile or the crop begins within a sample of chroma");
    return TRUE;
}

SpHevcDecoder *
sp_hevc_decoder_new(const SpHeifWalk *walk, guint threads, GError **error)
{
    g_autoptr(SpHevcDecoder) decoder = g_new0(SpHevcDecoder, 1);
    decoder->walk = walk;
    g_mutex_init(&decoder->lock);
    g_cond_init(&decoder->changed);
    decoder->n_workers = MIN(MIN(threads, SP_HEVC_THREADS), walk->tiles->len);
    for (guint i = 0; i < decoder->n_workers; i++) {
        Worker *worker = &decoder->workers[i];
        worker->decoder = decoder;
        worker->codec = sp_hevc_codec_new(walk->config, error);
        if (worker->codec == NULL)
            return NULL;
    }
    decoder->format = *sp_hevc_codec_format(decoder->workers[0].codec);
    if (!check_format(decoder, error))
        return NULL;
    return g_steal_pointer(&decoder);
}

void
sp_hevc_decoder_free(SpHevcDecoder *decoder)
{
    if (decoder == NULL)
        return;
    for (guint i = 0; i < SP_HEVC_THREADS; i++)
        sp_hevc_codec_free(decoder->workers[i].codec);
    for (guint i = 0; i < SLOTS * 3; i++)
        sp_plane_clear(&decoder->slots[i / 3][i % 3]);
    g_clear_error(&decoder->error);
    g_mutex_clear(&decoder->lock);
    g_cond_clear(&decoder->changed);
    g_free(decoder);
}

/* ---- what is known ahead ----------------------------------------------------------------- */

const SpHevcFormat *
sp_hevc_decoder_format(const SpHevcDecoder *decoder)
{
    return &decoder->format;
}

static guint
shift_x(const SpHevcDecoder *decoder, guint plane)
{
    return plane == 0 ? 0 : decoder->format.shift_x;
}

static guint
shift_y(const SpHevcDecoder *decoder, guint plane)
{
    return plane == 0 ? 0 : decoder->format.shift_y;
}

/* Samples along n pixels: the last one may hang over. */
static guint
samples(guint n, guint shift)
{
    return (n + (1u << shift) - 1) >> shift;
}

/* Pixels of a row of tiles; the last one is cut. */
static guint
row_height(const SpHevcDecoder *decoder, guint row)
{
    const SpHeifWalk *walk = decoder->walk;
    return MIN(walk->tile_height, walk->walk.height - row * walk->tile_height);
}

/* libavcodec takes the units of a packet out into a copy. */
static guint64
largest_packet(const SpHevcDecoder *decoder)
{
    const GArray *tiles = decoder->walk->tiles;
    gsize largest = 0;
    for (guint i = 0; i < tiles->len; i++)
        largest = MAX(largest, sp_hevc_codec_packet(decoder->workers[0].codec,
                                                    g_array_index(tiles, SpSlice, i)));
    return largest;
}

guint64
sp_hevc_decoder_memory(const SpHevcDecoder *decoder)
{
    guint64 slot = 0, stack = SP_THREAD_STACK;
    for (guint i = 0; i < decoder->format.n_planes; i++)
        slot += (guint64)samples(decoder->walk->walk.width, shift_x(decoder, i)) *
                samples(row_height(decoder, 0), shift_y(decoder, i)) * decoder->format.bytes;
    return decoder->n_workers *
               (sp_hevc_codec_memory(&decoder->format) + 2 * largest_packet(decoder) + stack) +
           MIN(decoder->walk->rows, SLOTS) * slot;
}

void
sp_hevc_decoder_shape(const SpHevcDecoder *decoder, SpFeedShape *shape)
{
    const SpRect *crop = &decoder->walk->walk.crop;
    const SpHevcFormat *format = &decoder->format;
    shape->form.model = format->n_planes == 1 ? SP_MODEL_GREY : SP_MODEL_YCC;
    shape->form.bytes = format->bytes;
    for (guint i = 0; i < format->n_planes; i++) {
        guint width = samples(crop->width, shift_x(decoder, i));
        shape->planes[i] = (SpFeedPlane){
            .width = width,
            .height = samples(crop->height, shift_y(decoder, i)),
            .row_bytes = width * format->bytes,
            .pitch_x = 1u << shift_x(decoder, i),
            .pitch_y = 1u << shift_y(decoder, i),
        };
    }
}

/* ---- workers ----------------------------------------------------------------------------- */

/* FALSE when there is nothing to do any more. Tiles are taken in order: so when one fails, all
 * before it are being worked on, and the first broken one is always found. */
static gboolean
take_tile(SpHevcDecoder *decoder, guint *ret_index)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&decoder->lock);
    while (!decoder->stop && decoder->next < decoder->walk->tiles->len &&
           decoder->next / decoder->walk->columns >= decoder->rows_allowed)
        g_cond_wait(&decoder->changed, &decoder->lock);
    if (decoder->stop || decoder->next >= decoder->walk->tiles->len)
        return FALSE;
    *ret_index = decoder->next++;
    return TRUE;
}

static void
report_success(SpHevcDecoder *decoder, guint index)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&decoder->lock);
    decoder->finished[index / decoder->walk->columns % SLOTS]++;
    g_cond_broadcast(&decoder->changed);
}

/* error is taken over. */
static void
report_failure(SpHevcDecoder *decoder, guint index, GError *error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&decoder->lock);
    gboolean first = decoder->error == NULL || index < decoder->failed_tile;
    if (first) {
        g_clear_error(&decoder->error);
        decoder->error = error;
        decoder->failed_tile = index;
    } else {
        g_error_free(error);
    }
    decoder->stop = TRUE;
    g_cond_broadcast(&decoder->changed);
}

/* Into its place in its row of tiles. */
static void
copy_tile(const SpHevcDecoder *decoder, const SpHevcCodec *codec, guint index)
{
    const SpHeifWalk *walk = decoder->walk;
    guint row = index / walk->columns, left = index % walk->columns * walk->tile_width;
    guint width = MIN(walk->tile_width, walk->walk.width - left);
    for (guint i = 0; i < decoder->format.n_planes; i++) {
        const SpPlane *slot = &decoder->slots[row % SLOTS][i];
        guint x = left >> shift_x(decoder, i);
        sp_hevc_codec_copy(codec, i, samples(width, shift_x(decoder, i)),
                           samples(row_height(decoder, row), shift_y(decoder, i)),
                           slot->data + (gsize)x * slot->bytes, slot->stride);
    }
}

static void *
work(void *data)
{
    Worker *worker = data;
    SpHevcDecoder *decoder = worker->decoder;
    guint index = 0;
    while (take_tile(decoder, &index)) {
        GError *error = NULL;
        SpSlice item = g_array_index(decoder->walk->tiles, SpSlice, index);
        if (!sp_hevc_codec_decode(worker->codec, item, &error)) {
            report_failure(decoder, index, error);
            break;
        }
        copy_tile(decoder, worker->codec, index);
        report_success(decoder, index);
    }
    return NULL;
}

/* One is enough. */
static gboolean
start_workers(SpHevcDecoder *decoder, GError **error)
{
    for (guint i = 0; i < decoder->n_workers; i++) {
        Worker *worker = &decoder->workers[i];
        worker->started = sp_thread_start(&worker->thread, work, worker, i == 0 ? error : NULL);
        if (!worker->started)
            return i > 0;
    }
    return TRUE;
}

static void
stop_workers(SpHevcDecoder *decoder)
{
    g_mutex_lock(&decoder->lock);
    decoder->stop = TRUE;
    g_cond_broadcast(&decoder->changed);
    g_mutex_unlock(&decoder->lock);
    for (guint i = 0; i < decoder->n_workers; i++)
        if (decoder->workers[i].started)
            pthread_join(decoder->workers[i].thread, NULL);
}

/* ---- rows of tiles ----------------------------------------------------------------------- */

static gboolean
make_slots(SpHevcDecoder *decoder, GError **error)
{
    const SpHeifWalk *walk = decoder->walk;
    for (guint i = 0; i < MIN(walk->rows, SLOTS); i++)
        for (guint j = 0; j < decoder->format.n_planes; j++)
            if (!sp_plane_init(&decoder->slots[i][j],
                               samples(walk->walk.width, shift_x(decoder, j)),
                               samples(row_height(decoder, 0), shift_y(decoder, j)),
                               decoder->format.bytes, error))
                return FALSE;
    decoder->rows_allowed = SLOTS;
    return TRUE;
}

/* FALSE when a tile, there or elsewhere, is broken. */
static gboolean
wait_for_row(SpHevcDecoder *decoder, guint row)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&decoder->lock);
    while (!decoder->stop && decoder->finished[row % SLOTS] < decoder->walk->columns)
        g_cond_wait(&decoder->changed, &decoder->lock);
    return !decoder->stop;
}

static void
release_row(SpHevcDecoder *decoder, guint row)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&decoder->lock);
    decoder->finished[row % SLOTS] = 0;
    decoder->rows_allowed++;
    g_cond_broadcast(&decoder->changed);
}

/* What the crop leaves of a plane of a row of tiles that begins at pixel `top`: from pixel
 * `from` to pixel `to`. */
static gboolean
push_plane(const SpHevcDecoder *decoder, guint index, const SpPlane *slot, guint top,
           guint from, guint to, SpFeed *feed)
{
    const SpRect *crop = &decoder->walk->walk.crop;
    guint first = (from - top) >> shift_y(decoder, index);
    guint end = samples(to - top, shift_y(decoder, index));
    gsize left = (gsize)(crop->left >> shift_x(decoder, index)) * slot->bytes;
    gsize n_bytes = (gsize)samples(crop->width, shift_x(decoder, index)) * slot->bytes;
    while (first < end) {
        guint8 *rows[SP_FEED_ROWS];
        guint n = MIN(end - first, SP_FEED_ROWS);
        if (!sp_feed_room(feed, index, n, rows))
            return FALSE;
        for (guint i = 0; i < n; i++)
            memcpy(rows[i], slot->data + slot->stride * (first + i) + left, n_bytes);
        sp_feed_push(feed, index, n);
        first += n;
    }
    return TRUE;
}

static gboolean
push_row(const SpHevcDecoder *decoder, guint row, SpFeed *feed)
{
    const SpRect *crop = &decoder->walk->walk.crop;
    guint top = row * decoder->walk->tile_height, end = top + row_height(decoder, row);
    guint from = MAX(top, crop->top), to = MIN(end, crop->top + crop->height);
    for (guint i = 0; from < to && i < decoder->format.n_planes; i++)
        if (!push_plane(decoder, i, &decoder->slots[row % SLOTS][i], top, from, to, feed))
            return FALSE;
    return TRUE;
}

gboolean
sp_hevc_decoder_run(SpHevcDecoder *decoder, SpFeed *feed, GError **error)
{
    if (!make_slots(decoder, error) || !start_workers(decoder, error))
        return FALSE;
    gboolean wanted = TRUE;
    for (guint row = 0; wanted && row < decoder->walk->rows; row++) {
        if (!wait_for_row(decoder, row))
            break;
        wanted = push_row(decoder, row, feed);
        release_row(decoder, row);
    }
    stop_workers(decoder);
    if (decoder->error == NULL)
        return TRUE;
    if (decoder->error->code == SP_ERROR_CORRUPT || decoder->error->code == SP_ERROR_TRUNCATED)
        decoder->error->code = decoder->walk->walk.cut ? SP_ERROR_TRUNCATED : SP_ERROR_CORRUPT;
    g_propagate_prefixed_error(error, g_steal_pointer(&decoder->error),
                               "tile %u of %u: ", decoder->failed_tile + 1,
                               decoder->walk->tiles->len);
    return FALSE;
}
