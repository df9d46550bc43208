/* SPDX-License-Identifier: MIT */
/* feed.c -- rings of rows between a decoder and one resizing thread a plane.
 *
 * A ring's size is a power of two, as zimg wants it: row r stands at r & mask. `pushed` counts
 * the rows that the decoder has written, `needed` is the first row that the resize may still
 * read; the decoder may write up to needed + size. Where zimg passes over the picture several
 * times (resize.h), the ring holds the whole plane and nobody ever waits for room.
 *
 * Two chroma planes of one shape share their graph: building it is most of the resize's cost.
 */
#include "render/feed.h"
#include "base/error.h"
#include "render/limits.h"
#include "render/resize.h"
#include "render/thread.h"
#include <stdlib.h>

typedef struct {
    SpFeed *feed; /* borrowed */
    guint index;
    guint8 *ring; /* owned; NULL until the graph is built */
    gsize stride; /* bytes */
    guint mask;   /* ring rows - 1 */
    guint held;   /* rows that the resize holds at once */
    guint batch;  /* rows that a sleeping lane is woken for */
    guint known;  /* rows that the resize knows to be there: its own, read without the lock */
    GMutex lock;  /* of what follows, and of ring */
    GCond changed;
    guint pushed;  /* rows written by the decoder */
    guint needed;  /* first row that may still be read */
    guint awaited; /* rows pushed that wake the lane; 0: it is awake */
    gboolean full; /* the decoder waits for room, or for the ring */
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
    guint64 memory;                     /* bytes, with the rings so far */
    guint n_counted;                    /* lanes whose rings are in it */
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
        .bytes = shape->form.bytes,
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

/* A ring is small but where zimg passes over the picture in strips: then it is the plane. All
 * lanes wait until all have been counted: the decoder needs them all anyway, and so the limit
 * is asked once, by the last one, before any ring is there. FALSE without an error when another
 * lane has it. */
static gboolean
agree(SpFeed *feed, gsize bytes, GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&feed->counting);
    gboolean fits = TRUE;
    feed->memory += bytes;
    if (++feed->n_counted == feed->n_planes) {
        fits = feed->shape.max_memory == 0 ||
               sp_limits_check_memory(feed->memory, feed->shape.max_memory, error);
        feed->agreed = fits;
        g_cond_broadcast(&feed->counted);
    }
    while (feed->n_counted < feed->n_planes && !feed->stopped)
        g_cond_wait(&feed->counted, &feed->counting);
    return feed->agreed;
}

/* How many rows the ring has, and how long they are; its size in bytes. Of a ring that is not
 * the whole plane, what is held, a batch and a group of the decoder's fit into it together. */
static gsize
shape_ring(Lane *lane, const SpResizer *resizer)
{
    const SpFeedPlane *plane = &lane->feed->shape.planes[lane->index];
    lane->held = sp_resizer_rows_held(resizer);
    guint rows = ring_rows(plane, lane->held);
    lane->mask = rows - 1;
    lane->batch = MAX(rows - lane->held - SP_FEED_ROWS, SP_FEED_ROWS);
    lane->stride = ((gsize)plane->row_bytes + (gsize)2 * SP_PLANE_ALIGN - 1) &
                   ~(gsize)(SP_PLANE_ALIGN - 1);
    return lane->stride * rows;
}

/* Build the graph, then the ring that it wants, and let the decoder in. */
static const SpResizer *
prepare(Lane *lane)
{
    SpFeed *feed = lane->feed;
    g_autoptr(GError) error = NULL;
    const SpResizer *resizer = shared_resizer(feed, lane->index, &error);
    gsize n_bytes = resizer != NULL ? shape_ring(lane, resizer) : 0;
    void *ring = NULL;
    if (resizer == NULL)
        (void)agree(feed, 0, NULL); /* the others wait for us */
    else if (agree(feed, n_bytes + sp_resizer_memory(resizer), &error) &&
             posix_memalign(&ring, SP_PLANE_ALIGN, n_bytes) != 0)
        sp_throw(&error, SP_ERROR_TOO_MUCH_MEMORY, "no memory for %" G_GSIZE_FORMAT " bytes",
                 n_bytes);
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&lane->lock);
    lane->ring = ring;
    lane->error = g_steal_pointer(&error);
    g_cond_signal(&lane->changed);
    return lane->ring != NULL ? resizer : NULL;
}

static void
sleep_until(Lane *lane, guint rows)
{
    lane->awaited = rows;
    while (lane->pushed < rows && !lane->stop)
        g_cond_wait(&lane->changed, &lane->lock);
    lane->awaited = 0;
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
    const SpResizer *resizer = prepare(lane);
    g_autoptr(GError) error = NULL;
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
    for (guint i = 0; i < G_N_ELEMENTS(feed->lanes); i++) {
        g_mutex_init(&feed->building[i]);
        g_mutex_init(&feed->lanes[i].lock);
        g_cond_init(&feed->lanes[i].changed);
    }
    if (!sp_picture_init(&feed->picture, shape->target.width, shape->target.height, shape->form,
                         error))
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
    while (!lane->done &&
           (lane->ring == NULL || lane->pushed + n > lane->needed + lane->mask + 1)) {
        lane->full = TRUE;
        g_cond_wait(&lane->changed, &lane->lock);
    }
    lane->full = FALSE;
    /* A resize that has all it wants leaves its ring to be written over. */
    for (guint i = 0; i < n && lane->ring != NULL; i++)
        ret_rows[i] = lane->ring + lane->stride * ((lane->pushed + i) & lane->mask);
    return lane->ring != NULL && lane->error == NULL;
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
