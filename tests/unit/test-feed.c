/* SPDX-License-Identifier: MIT */
/* test-feed.c -- the rings between decoder and resize, by a decoder that is only a loop.
 *
 * What comes out must be what sp_resize_plane() makes of the whole plane, however fast the rows
 * come and in what groups. Rows are pushed as libjpeg pushes them: a group of each plane in
 * turn, up to a whole number of groups, with rubbish behind each row's end and behind the last
 * row. A watchdog turns a hang into a failure. */
#include "base/error.h"
#include "picture.h"
#include "render/feed.h"
#include "render/resize.h"
#include <unistd.h>

#define HANG_SECONDS 120 /* of a loaded host, under a sanitizer; else a deadlock */

typedef struct {
    guint width, height;       /* coded */
    guint to_width, to_height; /* target */
    guint orientation;         /* only for where chroma is anchored */
    guint sub;                 /* of the target */
    double pitches[3][2];      /* of Y, Cb, Cr; Cb's 0: grey */
    guint group;               /* rows of Y at a time; the others in proportion */
    guint nap, nap_every;      /* microseconds of the decoder, and before which groups */
} Case;

#define P444                                                                                   \
    {                                                                                          \
        {1, 1}, {1, 1},                                                                        \
        {                                                                                      \
            1, 1                                                                               \
        }                                                                                      \
    }
#define P420                                                                                   \
    {                                                                                          \
        {1, 1}, {2, 2},                                                                        \
        {                                                                                      \
            2, 2                                                                               \
        }                                                                                      \
    }
#define P_UNLIKE                                                                               \
    {                                                                                          \
        {1, 1}, {2, 1},                                                                        \
        {                                                                                      \
            2, 2                                                                               \
        }                                                                                      \
    }
#define PGREY                                                                                  \
    {                                                                                          \
        {                                                                                      \
            1, 1                                                                               \
        }                                                                                      \
    }

static const Case cases[] = {
    /* tiny */
    {1, 1, 1, 1, 1, 2, P420, 16},
    {1, 1, 1, 1, 3, 2, P420, 16},
    {1, 1, 1, 1, 1, 1, PGREY, 8},
    {2, 1, 1, 1, 1, 2, P420, 16},
    {3, 200, 1, 67, 1, 2, P420, 16},
    {200, 3, 67, 1, 1, 2, P420, 16},
    /* as large as a ring, a row less, a row more */
    {40, 255, 20, 128, 1, 2, P420, 16},
    {40, 256, 20, 128, 1, 2, P420, 16},
    {40, 257, 20, 129, 1, 2, P420, 16},
    /* taller than the ring, in groups of every kind */
    {40, 5000, 20, 2500, 1, 2, P420, 16},
    {40, 5000, 16, 2000, 8, 2, P420, 2},
    {40, 5000, 13, 1625, 6, 2, P420, 64},
    {40, 5000, 20, 2500, 1, 1, P444, 1},
    {41, 4999, 21, 2561, 3, 2, P_UNLIKE, 8},
    {41, 4999, 41, 4999, 7, 2, P_UNLIKE, 32},
    {40, 5000, 20, 2500, 1, 1, PGREY, 8},
    /* a reduction that needs many rows at once */
    {64, 4000, 1, 63, 1, 2, P420, 16},
    {64, 4000, 1, 1, 1, 2, P420, 16},
    {400, 4000, 4, 40, 2, 2, P444, 8},
    /* wide: zimg may go over it in strips, and wants the rows again */
    {9000, 300, 4500, 150, 1, 2, P420, 16},
    {30000, 90, 15000, 45, 1, 2, P420, 16},
    {20000, 400, 1024, 20, 1, 2, P420, 16},
    {9000, 700, 4500, 350, 1, 2, P420, 16},
    {9000, 700, 4500, 350, 6, 2, P420, 16, 200, 1},
    {9000, 700, 4500, 350, 1, 1, PGREY, 64, 30000, 4},
    /* a slow decoder */
    {300, 2000, 100, 667, 1, 2, P420, 16, 100, 1},
    {300, 2000, 100, 667, 6, 2, P420, 16, 20000, 60},
};

/* ---- the decoder --------------------------------------------------------------------------
 */

typedef struct {
    SpFeedShape shape;
    guint groups[3];
    guint n_groups; /* until every plane is done */
    SpPlane planes[3];
} Source;

static void
source_clear(Source *source)
{
    for (guint i = 0; i < 3; i++)
        sp_plane_clear(&source->planes[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Source, source_clear)

static void
source_init(Source *source, const Case *c)
{
    SpFeedShape *shape = &source->shape;
    *shape = (SpFeedShape){
        .coded = {c->width, c->height},
        .target = {c->to_width, c->to_height},
        .turn = sp_geometry_turn(c->orientation),
        .form = sp_form_of_jpeg(c->sub, c->pitches[1][0] == 0 ? 1 : 3),
    };
    for (guint i = 0; i < sp_model_planes(shape->form.model); i++) {
        double pitch_x = c->pitches[i][0], pitch_y = c->pitches[i][1];
        guint width = (guint)ceil(c->width / pitch_x),
              height = (guint)ceil(c->height / pitch_y);
        shape->planes[i] = (SpFeedPlane){width, height, (width + 15) & ~15u, pitch_x, pitch_y};
        g_assert_true(sp_plane_init(&source->planes[i], width, height, 1, NULL));
        picture_fill_plane(&source->planes[i], i, PICTURE_NOISE, 0);
        source->groups[i] = MAX(1, (guint)(c->group / pitch_y));
        guint n = (height + source->groups[i] - 1) / source->groups[i];
        source->n_groups = MAX(source->n_groups, n);
    }
}

/* One group of one plane; FALSE when the feed does not want it. */
static gboolean
push_group(const Source *source, SpFeed *feed, guint index, guint group, guint8 **ret_first)
{
    const SpPlane *plane = &source->planes[index];
    guint n = source->groups[index];
    guint8 *rows[SP_FEED_ROWS] = {0};
    if (group * n >= plane->height)
        return TRUE; /* this plane is done */
    if (!sp_feed_room(feed, index, n, rows))
        return FALSE;
    for (guint k = 0; k < n; k++) {
        guint y = group * n + k;
        memset(rows[k], 0xEE, source->shape.planes[index].row_bytes);
        if (y < plane->height)
            memcpy(rows[k], plane->data + plane->stride * y, plane->width);
    }
    *ret_first = rows[0];
    sp_feed_push(feed, index, n);
    return TRUE;
}

/* The groups from 0 to n_groups. seen: of Y's rows, where they were put; or NULL. */
static gboolean
push(const Source *source, SpFeed *feed, guint n_groups, const Case *c, GHashTable *seen)
{
    for (guint group = 0; group < n_groups; group++) {
        if (c->nap > 0 && group % c->nap_every == 0)
            g_usleep(c->nap);
        for (guint i = 0; i < sp_model_planes(source->shape.form.model); i++) {
            guint8 *first = NULL;
            if (!push_group(source, feed, i, group, &first))
                return FALSE;
            if (seen != NULL && i == 0)
                g_hash_table_add(seen, first);
        }
    }
    return TRUE;
}

/* ---- against the whole plane --------------------------------------------------------------
 */

static void
whole(const Source *source, SpPicture *ret)
{
    const SpFeedShape *shape = &source->shape;
    g_assert_true(
        sp_picture_init(ret, shape->target.width, shape->target.height, shape->form, NULL));
    for (guint i = 0; i < sp_model_planes(shape->form.model); i++) {
        guint sub = i == 0 ? 1 : shape->form.sub;
        SpSpan x = sp_geometry_span(shape->coded.width, shape->planes[i].pitch_x,
                                    shape->target.width, sub, shape->turn.flip_x);
        SpSpan y = sp_geometry_span(shape->coded.height, shape->planes[i].pitch_y,
                                    shape->target.height, sub, shape->turn.flip_y);
        g_assert_true(sp_resize_plane(&source->planes[i], x, y, &ret->planes[i], NULL));
    }
}

static void
check(const Case *c)
{
    g_auto(Source) source = {0};
    source_init(&source, c);
    g_auto(SpPicture) expected = {0}, found = {0};
    whole(&source, &expected);
    g_autoptr(GError) error = NULL;
    g_autoptr(SpFeed) feed = sp_feed_new(&source.shape, &error);
    g_assert_no_error(error);
    g_assert_true(push(&source, feed, source.n_groups, c, NULL));
    gboolean done = sp_feed_finish(feed, &found, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    g_test_message("%u x %u to %u x %u", c->width, c->height, c->to_width, c->to_height);
    g_assert_true(picture_same(&expected, &found));
}

static void
test_equals_whole(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        check(&cases[i]);
}

/* The comparison must be able to fail. */
static void
test_sees_a_lost_row(void)
{
    Case c = {40, 600, 20, 300, 1, 2, P420, 16};
    g_auto(Source) source = {0}, other = {0};
    source_init(&source, &c);
    source_init(&other, &c);
    const SpPlane *chroma = &other.planes[2];
    memmove(chroma->data + chroma->stride * 100, chroma->data + chroma->stride * 101,
            chroma->width);
    g_auto(SpPicture) expected = {0}, found = {0};
    whole(&source, &expected);
    g_autoptr(SpFeed) feed = sp_feed_new(&source.shape, NULL);
    g_assert_true(push(&other, feed, other.n_groups, &c, NULL));
    g_assert_true(sp_feed_finish(feed, &found, NULL));
    g_assert_false(picture_same(&expected, &found));
    g_assert_true(picture_same_plane(&expected.planes[1], &found.planes[1]));
}

/* Memory does not grow with the height: Y's rows come back to the same places. */
static void
test_ring_is_small(void)
{
    Case c = {40, 20000, 20, 10000, 1, 2, P420, 16};
    g_auto(Source) source = {0};
    source_init(&source, &c);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(SpFeed) feed = sp_feed_new(&source.shape, NULL);
    g_assert_true(push(&source, feed, source.n_groups, &c, seen));
    g_auto(SpPicture) found = {0};
    g_assert_true(sp_feed_finish(feed, &found, NULL));
    g_assert_cmpuint(g_hash_table_size(seen) * (gsize)16, <=, 512);
}

/* The table above has planes that zimg goes over in strips: every row is wanted again. */
static void
test_strips_are_met(void)
{
    SpResizeShape shape = {30000, 90, 1, 15000, 45, {0, 30000}, {0, 90}};
    g_autoptr(SpResizer) wide = sp_resizer_new(&shape, NULL);
    g_assert_cmpuint(sp_resizer_rows_held(wide), ==, 90);
    shape = (SpResizeShape){40, 5000, 1, 20, 2500, {0, 40}, {0, 5000}};
    g_autoptr(SpResizer) tall = sp_resizer_new(&shape, NULL);
    g_assert_cmpuint(sp_resizer_rows_held(tall), <, 64);
}

/* A wide picture's rows are all held: they count, and what is over the limit is refused. */
static void
test_rows_count(void)
{
    static const struct {
        guint64 memory, max_memory;
        gboolean fits;
    } bounds[] = {
        {0, 0, TRUE}, {0, 64 << 20, TRUE}, {0, 1 << 20, FALSE}, {60 << 20, 64 << 20, FALSE}};
    Case c = {30000, 90, 15000, 45, 1, 2, P420, 16};
    for (guint i = 0; i < G_N_ELEMENTS(bounds); i++) {
        g_auto(Source) source = {0};
        source_init(&source, &c);
        source.shape.memory = bounds[i].memory;
        source.shape.max_memory = bounds[i].max_memory;
        g_autoptr(GError) error = NULL;
        g_autoptr(SpFeed) feed = sp_feed_new(&source.shape, &error);
        gboolean pushed = feed != NULL && push(&source, feed, source.n_groups, &c, NULL);
        g_auto(SpPicture) found = {0};
        gboolean done = feed != NULL && sp_feed_finish(feed, &found, &error);
        g_assert_cmpint(done, ==, bounds[i].fits);
        if (bounds[i].fits) {
            g_assert_true(pushed);
            continue;
        }
        g_assert_error(error, SP_ERROR, SP_ERROR_TOO_MUCH_MEMORY);
        g_assert_nonnull(strstr(error->message, "limits.max-memory"));
    }
}

/* That a ring must grow is known when decoding has begun: refused at the limit all the same. */
static void
test_growing_counts(void)
{
    static const SpResizeShape luma = {9000, 700, 1, 4500, 350, {0, 9000}, {0, 700}};
    g_autoptr(SpResizer) resizer = sp_resizer_new(&luma, NULL);
    gboolean grows = sp_resizer_rows_held(resizer) == 700; /* to 9 MB, from 2 */
    Case c = {9000, 700, 4500, 350, 1, 2, P420, 16};
    for (guint mebi = 4; mebi <= 64; mebi *= 2) {
        g_auto(Source) source = {0};
        source_init(&source, &c);
        source.shape.max_memory = (guint64)mebi << 20;
        g_autoptr(GError) error = NULL;
        g_autoptr(SpFeed) feed = sp_feed_new(&source.shape, &error);
        g_assert_cmpint(feed != NULL, ==, mebi >= 8);
        gboolean pushed = feed != NULL && push(&source, feed, source.n_groups, &c, NULL);
        g_auto(SpPicture) found = {0};
        gboolean done = feed != NULL && sp_feed_finish(feed, &found, &error);
        g_assert_cmpint(done, ==, mebi >= 16 || (mebi == 8 && !grows));
        g_assert_true(pushed || !done);
        if (!done)
            g_assert_error(error, SP_ERROR, SP_ERROR_TOO_MUCH_MEMORY);
    }
}

/* ---- ends that are no end -----------------------------------------------------------------
 */

static void
test_abort(void)
{
    static const guint groups[] = {0, 1, 2, 5, 100, 300};
    Case c = {400, 5000, 200, 2500, 1, 2, P420, 16};
    g_auto(Source) source = {0};
    source_init(&source, &c);
    for (guint i = 0; i < G_N_ELEMENTS(groups); i++)
        for (guint nap = 0; nap <= 2000; nap += 2000) {
            g_autoptr(SpFeed) feed = sp_feed_new(&source.shape, NULL);
            g_assert_true(push(&source, feed, groups[i], &c, NULL));
            g_usleep(nap);
        }
    sp_feed_free(NULL);
}

/* After the last row, and then not asked for. */
static void
test_abort_at_the_end(void)
{
    Case c = {400, 500, 200, 250, 1, 2, P420, 16};
    g_auto(Source) source = {0};
    source_init(&source, &c);
    for (guint i = 0; i < 20; i++) {
        g_autoptr(SpFeed) feed = sp_feed_new(&source.shape, NULL);
        g_assert_true(push(&source, feed, source.n_groups, &c, NULL));
    }
}

/* A plane with a pitch of infinity covers nothing, which zimg refuses. The decoder is told at
 * that plane, and finishing then neither succeeds nor waits for the rows of the others. */
static void
test_resize_fails(void)
{
    for (guint bad = 0; bad < 3; bad++)
        for (guint late = 0; late < 2; late++) {
            Case c = {40, 5000, 20, 2500, 1, 2, P420, 16};
            g_auto(Source) source = {0};
            source_init(&source, &c);
            source.shape.planes[bad].pitch_x = INFINITY;
            g_autoptr(GError) error = NULL;
            g_autoptr(SpFeed) feed = sp_feed_new(&source.shape, NULL);
            g_usleep(late * (gulong)20000);
            g_assert_false(push(&source, feed, source.n_groups, &c, NULL));
            g_auto(SpPicture) found = {0};
            g_assert_false(sp_feed_finish(feed, &found, &error));
            g_assert_error(error, SP_ERROR, SP_ERROR_TOO_MUCH_MEMORY);
            g_assert_cmpuint(found.n_planes, ==, 0);
        }
}

static void
test_resize_fails_and_abort(void)
{
    Case c = {40, 5000, 20, 2500, 1, 2, P420, 16};
    g_auto(Source) source = {0};
    source_init(&source, &c);
    source.shape.planes[1].pitch_x = INFINITY;
    g_autoptr(SpFeed) feed = sp_feed_new(&source.shape, NULL);
    g_assert_false(push(&source, feed, source.n_groups, &c, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    alarm(HANG_SECONDS);
    g_test_add_func("/feed/equals-whole", test_equals_whole);
    g_test_add_func("/feed/sees-a-lost-row", test_sees_a_lost_row);
    g_test_add_func("/feed/ring-is-small", test_ring_is_small);
    g_test_add_func("/feed/strips-are-met", test_strips_are_met);
    g_test_add_func("/feed/rows-count", test_rows_count);
    g_test_add_func("/feed/growing-counts", test_growing_counts);
    g_test_add_func("/feed/abort", test_abort);
    g_test_add_func("/feed/abort-at-the-end", test_abort_at_the_end);
    g_test_add_func("/feed/resize-fails", test_resize_fails);
    g_test_add_func("/feed/resize-fails-and-abort", test_resize_fails_and_abort);
    return g_test_run();
}
