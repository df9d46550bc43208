/* SPDX-License-Identifier: MIT */
/* feed.h -- the row interface between a decoder and the resize.
 *
 * A decoder writes rows of each plane, top to bottom, in whatever groups it makes them; one
 * thread a plane resizes them as they come. Between the two stands a ring of rows, so that
 * memory does not grow with the picture's height. The decoder writes straight into the ring: no
 * row is copied.
 *
 *     SpFeed *feed = sp_feed_new(&shape, &error);
 *     while (rows are left)
 *         sp_feed_room(feed, plane, n, rows), decode into rows, sp_feed_push(feed, plane, n)
 *     sp_feed_finish(feed, &picture, &error)
 */
#ifndef SP_RENDER_FEED_H
#define SP_RENDER_FEED_H
#include "render/geometry.h"
#include "render/plane.h"
G_BEGIN_DECLS

#define SP_FEED_ROWS 64 /* the most rows that one sp_feed_room() may ask for */

/* A source plane as the decoder makes it. */
typedef struct {
    guint width, height;     /* samples */
    guint row_bytes;         /* that the decoder may write into a row: all samples or more */
    double pitch_x, pitch_y; /* pixels of the coded picture from one sample to the next */
} SpFeedPlane;

typedef struct {
    SpSize coded;  /* the picture in full size */
    SpSize target; /* in coded orientation */
    SpTurn turn;   /* only to know where chroma is anchored */
    SpForm form;   /* of the picture to make, but that its samples are those that come */
    gboolean fine; /* samples of 8 bits come, but the picture's have 16 */
    SpFeedPlane planes[SP_MAX_PLANES];
    guint64 memory;     /* bytes that the picture needs besides the feed's rows */
    guint64 max_memory; /* that it may need with them; 0 is no limit */
} SpFeedShape;

typedef struct SpFeed SpFeed;

/* Starts the threads. NULL with SP_ERROR_TOO_MUCH_MEMORY. Whether all rows must be held is
 * known when the resize is prepared: what is over max_memory then is told by sp_feed_finish().
 */
SpFeed *sp_feed_new(const SpFeedShape *shape, GError **error);

/* Where the next n rows of the plane go; blocks until there is room. Rows behind the plane's
 * last one may be asked for as well (a decoder's padding) and are dropped. FALSE when the
 * resize has failed: go to sp_feed_finish(). */
gboolean sp_feed_room(SpFeed *feed, guint plane, guint n, guint8 **ret_rows);
/* The rows of the last sp_feed_room() are written. */
void sp_feed_push(SpFeed *feed, guint plane, guint n);

/* Wait for the last row; the picture is in coded orientation, not yet turned. Owned by the
 * caller. */
gboolean sp_feed_finish(SpFeed *feed, SpPicture *ret_picture, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Stops the threads, wherever they are. NULL is fine. */
void sp_feed_free(SpFeed *feed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpFeed, sp_feed_free)
G_END_DECLS
#endif
