/* SPDX-License-Identifier: MIT */
/* feed.c -- rings of rows between a decoder and one resizing thread a plane.
 *
 * A ring's size is a power of two, as zimg wants it: row r stands at r & mask. `pushed` counts
 * the rows that the decoder has written, `needed` is the first row that the resize may still
 * read; the decoder may write up to needed + size. The decoder begins while the lane builds its
 * graph. Where zimg passes over the picture several times (resize.h), which only the graph
 * tells, the ring grows to the whole plane and nobody ever waits for room.
 *
 * Two chroma planes of one shape share their graph: building it is most of the resize's cost.
 */
#include "render/feed.h"
#include "base/error.h"
#include "render/limits.h"
#include "render/resize.h"
#include "render/thread.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
    SpFeed *feed; /* borrowed */
    guint index;
    guint8 *ring; /* owned */
    gsize stride; /* bytes */
    guint mask;   /* ring rows - 1 */
    guint held;   /* rows that the resize holds at once */
    guint batch;  /* rows that a sleeping lane is woken for */
    guint known;  /* rows that the resize knows to be there: its own, read without the lock */
    GMutex lock;  /* of what follows, of ring and mask */
    GCond changed;
    guint pushed;  /* rows written by the decoder */
    guint needed;  /* first row that may still be read */
    guint awaited; /* rows pushed that wake the lane; 0: it is awake */
    guint wanted;  /* rows that the ring must grow to; 0: it has what it needs */
    gboolean full; /* the decoder waits for room */
    gboolean stop; /* nobody wants the picture any more */
    gboolean done; /* the resize has ended, well or not */
    GError *error; /* owned; why it failed */
    SpThread thread;
    gboolean started;
} Lane;

struct SpFeed {
    SpFeedShape shape;
    guint n_planes;
    SpPicture picture; /* owned */
    GMutex counting;   /* of what follows */
    GCond counted;
    guint64 memory;                     /* bytes, with graphs and rings so far */
    guint n_counted;                    /* lanes whose graphs are in it */
    gboolean agreed;                    /* all are, and it is within the limit */
    gboolean stopped;                   /* nobody wants the picture any more */
    GMutex building[SP_MAX_PLANES];     /* of each of resizers */
    SpResizer *resizers[SP_MAX_PLANES]; /* owned; planes of one shape share one */
    Lane lanes[SP_MAX_PLANES];
};

static SpResizer *
build(const SpFeed *feed, guint index, GError **error)
{
    const SpFeedShape *shape = &feed->shape;
    const SpFeedPlane *plane = &shape->planes[index];
    guint sub = index == 0 ? 1 : shape->form.sub;
    SpResizeShape resize = {
        .in_width = plane->width,
        .in_height = plane->height,
        .bytes = shape->fine ? 1 : feed->picture.planes[index].bytes,
        .out_bytes = feed->picture.planes[index].bytes,
        .out_width = feed->picture.planes[index].width,
        .out_height = feed->picture.planes[index].height,
        .x = sp_geometry_span(shape->coded.width, plane->pitch_x, shape->target.width, sub,
                              shape->turn.flip_x),
        .y = sp_geometry_span(shape->coded.height, plane->pitch_y, shape->target.height, sub,
                              shape->turn.flip_y),
    };
    return sp_resizer_new(&resize, error);
}

static gboolean
same_samples(const SpFeedPlane *a, const SpFeedPlane *b)
{
    return a->width == b->width && a->height == b->height && a->pitch_x == b->pitch_x &&
           a->pitch_y == b->pitch_y;
}

/* The slot of a graph: a plane takes that of the first plane of its shape. */
static guint
slot_of(const SpFeed *feed, guint index)
{
    const SpFeedPlane *planes = feed->shape.planes;
    for (guint i = 0; i < index; i++)
        if (same_samples(&planes[i], &planes[index]) &&
            feed->picture.planes[i].width == feed->picture.planes[index].width &&
            feed->picture.planes[i].height == feed->picture.planes[index].height)
            return i;
    return index;
}

static const SpResizer *
shared_resizer(SpFeed *feed, guint index, GError **error)
{
    guint slot = slot_of(feed, index);
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&feed->building[slot]);
    if (feed->resizers[slot] == NULL)
        feed->resizers[slot] = build(feed, slot, error);
    return feed->resizers[slot];
}

/* ---- rings --------------------------------------------------------------------------------
 */

static guint
ring_rows(const SpFeedPlane *plane, guint held)
{
    guint whole = plane->height + SP_FEED_ROWS;
    guint wanted = held >= plane->height ? whole : MIN(held + 2 * SP_FEED_ROWS, whole);
    guint rows = SP_FEED_ROWS;
    while (rows < wanted)
        rows *= 2;
    return rows;
}

/* Rows that zimg will hold where it passes over the picture once: six lobes, and some that it
 * takes together. Nothing goes wrong when it is more. */
static guint
guess_held(const SpFeed *feed, guint index)
{
    guint height = feed->shape.planes[index].height;
    double ratio = (double)height / feed->picture.planes[index].height;
    return (guint)MIN(height, 6 * MAX(ratio, 1) + 16);
}

static gboolean
throw_memory(gsize n_bytes, GError **error)
{
    return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "no memory for %" G_GSIZE_FORMAT " bytes",
                    n_bytes);
}

static gboolean
check_memory(const SpFeed *feed, GError **error)
{
    return feed->shape.max_memory == 0 ||
           sp_limits_check_memory(feed->memory, feed->shape.max_memory, error);
}

/* What decoding can begin with, before a graph says what is needed. */
static gboolean
make_rings(SpFeed *feed, GError **error)
{
    gsize sizes[SP_MAX_PLANES];
    for (guint i = 0; i < feed->n_planes; i++) {
        const SpFeedPlane *plane = &feed->shape.planes[i];
        Lane *lane = &feed->lanes[i];
        lane->mask = ring_rows(plane, guess_held(feed, i)) - 1;
        lane->stride = ((gsize)plane->row_bytes + (gsize)2 * SP_PLANE_ALIGN - 1) &
                       ~(gsize)(SP_PLANE_ALIGN - 1);
        sizes[i] = lane->stride * (lane->mask + 1);
        feed->memory += sizes[i];
    }
    if (!check_memory(feed, error))
        return FALSE;
    for (guint i = 0; i < feed->n_planes; i++) {
        void *ring = NULL;
        if (posix_memalign(&ring, SP_PLANE_ALIGN, sizes[i]) != 0)
            return throw_memory(sizes[i], error);
        feed->lanes[i].ring = ring;
    }
    return TRUE;
}

/* Until so many rows are pushed, nobody wants them any more, or the ring has grown. */
static void
sleep_until(Lane *lane, guint rows)
{
    gboolean grows = lane->wanted > 0;
    lane->awaited = rows;
    while (lane->pushed < rows && !lane->stop && !(grows && lane->wanted == 0))
        g_cond_wait(&lane->changed, &lane->lock);
    lane->awaited = 0;
}

/* By the decoder, with the lock, while the lane waits: no row has been used up yet. */
static void
grow_ring(Lane *lane)
{
    void *ring = NULL;
    gsize n_bytes = lane->stride * lane->wanted;
    if (posix_memalign(&ring, SP_PLANE_ALIGN, n_bytes) != 0) {
        throw_memory(n_bytes, &lane->error);
    } else {
        memcpy(ring, lane->ring, lane->stride * lane->pushed);
        free(lane->ring);
        lane->ring = ring;
        lane->mask = lane->wanted - 1;
    }
    lane->wanted = 0;
    g_cond_signal(&lane->changed);
}

/* All lanes wait until the graphs and rings of all have been counted: the decoder needs them
 * all anyway, and so the limit is asked once, by the last one, before any ring grows. FALSE
 * without an error when another lane has it. */
static gboolean
agree(SpFeed *feed, gsize bytes, GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&feed->counting);
    feed->memory += bytes;
    if (++feed->n_counted == feed->n_planes) {
        feed->agreed = check_memory(feed, error);
        g_cond_broadcast(&feed->counted);
    }
    while (feed->n_counted < feed->n_planes && !feed->stopped)
        g_cond_wait(&feed->counted, &feed->counting);
    return feed->agreed;
}

/* Wait for a ring of so many rows; one that has all rows of the plane already will do. */
static void
await_ring(Lane *lane, guint rows)
{
    guint height = lane->feed->shape.planes[lane->index].height;
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&lane->lock);
    if (rows <= lane->mask + 1)
        return;
    lane->wanted = rows;
    if (lane->full)
        g_cond_signal(&lane->changed);
    sleep_until(lane, height);
    lane->wanted = 0;
}

/* ---- lanes --------------------------------------------------------------------------------
 */

/* Build the graph; the ring that it wants is there when this returns. NULL: see the error, of
 * this or another lane. What a ring that is not the whole plane has room for is what is held, a
 * batch, and a group of the decoder's. */
static const SpResizer *
prepare(Lane *lane, GError **error)
{
    SpFeed *feed = lane->feed;
    const SpResizer *resizer = shared_resizer(feed, lane->index, error);
    if (resizer == NULL) {
        (void)agree(feed, 0, NULL); /* the others wait for us */
        return NULL;
    }
    lane->held = sp_resizer_rows_held(resizer);
    guint rows = ring_rows(&feed->shape.planes[lane->index], lane->held);
    gsize more = rows > lane->mask + 1 ? lane->stride * rows : 0;
    lane->batch = MAX(rows - lane->held - SP_FEED_ROWS, SP_FEED_ROWS);
    if (!agree(feed, more + sp_resizer_memory(resizer), error))
        return NULL;
    await_ring(lane, rows);
    return resizer;
}

/* zimg is about to read row. The lock is taken once for all rows that have come meanwhile: then
 * everything before the rows that zimg holds may be overwritten. */
static gboolean
wait_for_row(guint row, gpointer data)
{
    Lane *lane = data;
    guint height = lane->feed->shape.planes[lane->index].height;
    if (row < lane->known)
        return TRUE;
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&lane->lock);
    lane->needed = row + 1 > lane->held ? row + 1 - lane->held : 0;
    if (lane->full)
        g_cond_signal(&lane->changed);
    if (lane->pushed <= row)
        sleep_until(lane, MIN(row + lane->batch, height));
    lane->known = lane->pushed;
    return !lane->stop;
}

static void *
resize_lane(void *data)
{
    Lane *lane = data;
    SpFeed *feed = lane->feed;
    g_autoptr(GError) error = NULL;
    const SpResizer *resizer = prepare(lane, &error);
    if (resizer != NULL)
        sp_resizer_run(resizer, lane->ring, lane->stride, lane->mask,
                       &feed->picture.planes[lane->index], wait_for_row, lane, &error);
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&lane->lock);
    if (lane->error == NULL)
        lane->error = g_steal_pointer(&error);
    lane->done = TRUE;
    g_cond_signal(&lane->changed);
    return NULL;
}

SpFeed *
sp_feed_new(const SpFeedShape *shape, GError **error)
{
    g_autoptr(SpFeed) feed = g_new0(SpFeed, 1);
    feed->shape = *shape;
    feed->memory = shape->memory;
    g_mutex_init(&feed->counting);
    g_cond_init(&feed->counted);
    feed->n_planes = sp_model_planes(shape->form.model) + shape->form.alpha;
    SpForm form = shape->form;
    form.bytes = shape->fine ? 2 : form.bytes;
    for (guint i = 0; i < G_N_ELEMENTS(feed->lanes); i++) {
        g_mutex_init(&feed->building[i]);
        g_mutex_init(&feed->lanes[i].lock);
        g_cond_init(&feed->lanes[i].changed);
    }
    if (!sp_picture_init(&feed->picture, shape->target.width, shape->target.height, form,
                         error) ||
        !make_rings(feed, error))
        return NULL;
    for (guint i = 0; i < feed->n_planes; i++) {
        Lane *lane = &feed->lanes[i];
        lane->feed = feed;
        lane->index = i;
        if (!sp_thread_start(&lane->thread, resize_lane, lane, error))
            return NULL;
        lane->started = TRUE;
    }
    return g_steal_pointer(&feed);
}

gboolean
sp_feed_room(SpFeed *feed, guint plane, guint n, guint8 **ret_rows)
{
    g_return_val_if_fail(n <= SP_FEED_ROWS && plane < feed->n_planes, FALSE);
    Lane *lane = &feed->lanes[plane];
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&lane->lock);
    for (;;) {
        if (lane->wanted > 0)
            grow_ring(lane);
        if (lane->done || lane->error != NULL || /* of a ring that could not grow */
            lane->pushed + n <= lane->needed + lane->mask + 1)
            break;
        lane->full = TRUE;
        g_cond_wait(&lane->changed, &lane->lock);
        lane->full = FALSE;
    }
    /* A resize that has all it wants leaves its ring to be written over. */
    for (guint i = 0; i < n; i++)
        ret_rows[i] = lane->ring + lane->stride * ((lane->pushed + i) & lane->mask);
    return lane->error == NULL;
}

void
sp_feed_push(SpFeed *feed, guint plane, guint n)
{
    Lane *lane = &feed->lanes[plane];
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&lane->lock);
    lane->pushed += n;
    if (lane->awaited > 0 && lane->pushed >= lane->awaited)
        g_cond_signal(&lane->changed);
}

static gboolean
has_failed(SpFeed *feed)
{
    gboolean failed = FALSE;
    for (guint i = 0; i < feed->n_planes; i++) {
        Lane *lane = &feed->lanes[i];
        g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&lane->lock);
        failed |= lane->error != NULL;
    }
    return failed;
}

static void
stop(SpFeed *feed)
{
    g_mutex_lock(&feed->counting);
    feed->stopped = TRUE;
    g_cond_broadcast(&feed->counted);
    g_mutex_unlock(&feed->counting);
    for (guint i = 0; i < G_N_ELEMENTS(feed->lanes); i++) {
        Lane *lane = &feed->lanes[i];
        g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&lane->lock);
        lane->stop = TRUE;
        g_cond_signal(&lane->changed);
    }
}

static void
join(SpFeed *feed)
{
    for (guint i = 0; i < feed->n_planes; i++)
        if (feed->lanes[i].started)
            pthread_join(feed->lanes[i].thread, NULL);
    for (guint i = 0; i < feed->n_planes; i++)
        feed->lanes[i].started = FALSE;
}

gboolean
sp_feed_finish(SpFeed *feed, SpPicture *ret_picture, GError **error)
{
    /* The decoder has stopped at the lane that failed: the other lanes' rows never come. */
    if (has_failed(feed))
        stop(feed);
    join(feed);
    for (guint i = 0; i < feed->n_planes; i++)
        if (feed->lanes[i].error != NULL) {
            g_propagate_error(error, g_steal_pointer(&feed->lanes[i].error));
            return FALSE;
        }
    *ret_picture = sp_picture_steal(&feed->picture);
    return TRUE;
}

void
sp_feed_free(SpFeed *feed)
{
    if (feed == NULL)
        return;
    stop(feed);
    join(feed);
    for (guint i = 0; i < G_N_ELEMENTS(feed->lanes); i++) {
        free(feed->lanes[i].ring);
        g_clear_error(&feed->lanes[i].error);
        g_mutex_clear(&feed->building[i]);
        g_mutex_clear(&feed->lanes[i].lock);
        g_cond_clear(&feed->lanes[i].changed);
        sp_resizer_free(feed->resizers[i]);
    }
    g_mutex_clear(&feed->counting);
    g_cond_clear(&feed->counted);
    sp_picture_clear(&feed->picture);
    g_free(feed);
}
