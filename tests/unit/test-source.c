/* SPDX-License-Identifier: MIT */
/* test-source.c -- a source that is all there, one that comes in pieces, and one through a
 * pipe. */
#include "base/error.h"
#include "base/memfd.h"
#include "data/pieces.h"
#include "sandbox/arrival.h"
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

static void
test_whole(void)
{
    SpSource nothing = sp_source_whole(NULL, 0);
    SpSource some = sp_source_whole((const guint8 *)"abc", 3);
    g_assert_nonnull(nothing.bytes);
    g_assert_false(sp_source_more(&nothing));
    g_assert_true(sp_source_reach(&nothing, 0));
    g_assert_false(sp_source_reach(&nothing, 1));
    g_assert_true(sp_source_reach(&some, 3));
    g_assert_false(sp_source_reach(&some, 4));
    sp_source_all(&some);
    g_assert_cmpuint(some.n, ==, 3);
}

/* No more is asked for than is needed. */
static void
test_pieces(void)
{
    g_auto(Pieces) pieces = pieces_of((const guint8 *)"0123456789", 10, 1, 3);
    SpSource *source = &pieces.source;
    g_assert_true(sp_source_reach(source, 1));
    g_assert_cmpuint(pieces.asked, ==, 0);
    g_assert_true(sp_source_reach(source, 5));
    g_assert_cmpuint(source->n, ==, 7);
    g_assert_true(sp_source_more(source));
    g_assert_cmpuint(source->n, ==, 10);
    g_assert_false(source->at_end);
    g_assert_false(sp_source_reach(source, 11));
    g_assert_true(source->at_end);
    g_assert_cmpuint(pieces.asked, ==, 4);
    g_assert_false(sp_source_more(source));
    g_assert_cmpmem(source->bytes, source->n, "0123456789", 10);
}

/* ---- a pipe -------------------------------------------------------------------------------
 */

typedef struct {
    SpArrival arrival;
    SpFd reader, writer; /* owned */
} Scene;

static void
scene_init(Scene *scene, const char *head, guint64 max_upload, guint32 timeout_ms)
{
    int ends[2];
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    scene->reader = ends[0];
    scene->writer = ends[1];
    gboolean begun = sp_arrival_begin(&scene->arrival, ends[0], head, strlen(head), max_upload,
                                      timeout_ms, &error);
    g_assert_no_error(error);
    g_assert_true(begun);
}

static void
scene_clear(Scene *scene)
{
    g_clear_error(&scene->arrival.source.error);
    sp_fd_clear(&scene->reader);
    sp_fd_clear(&scene->writer);
}

static void
test_pipe(void)
{
    Scene scene;
    scene_init(&scene, "ab", 10, 600000);
    SpSource *source = &scene.arrival.source;
    const guint8 *bytes = source->bytes;
    g_assert_cmpuint(source->n, ==, 2);
    g_assert_true(sp_write_full(scene.writer, "cde", 3));
    g_assert_true(sp_source_more(source));
    g_assert_cmpmem(source->bytes, source->n, "abcde", 5);
    sp_fd_clear(&scene.writer);
    g_assert_false(sp_source_more(source));
    g_assert_true(source->at_end);
    g_assert_no_error(source->error);
    g_assert_true(source->bytes == bytes);
    scene_clear(&scene);
}

/* Of a limit of 4 bytes: whether the fifth stands in the head, or comes. */
static void
test_too_large(void)
{
    static const char *const heads[] = {"abcde", "abcdefgh", "abcd", ""};
    for (guint i = 0; i < G_N_ELEMENTS(heads); i++) {
        Scene scene;
        scene_init(&scene, heads[i], 4, 600000);
        g_assert_true(sp_write_full(scene.writer, "01234567", 8)); /* and holds */
        SpSource *source = &scene.arrival.source;
        sp_source_all(source);
        g_assert_error(source->error, SP_ERROR, SP_ERROR_TOO_LARGE);
        g_assert_cmpstr(source->error->message, ==,
                        "the upload has at least 5 bytes, the limit is 4 (limits.max-upload)");
        g_assert_cmpuint(source->n, ==, 5);
        scene_clear(&scene);
    }
}

static void *
write_much(void *data)
{
    g_autofree char *block = g_malloc(100000);
    for (guint i = 0; i < 50; i++) {
        memset(block, (int)i, 100000);
        g_assert_true(sp_write_full(GPOINTER_TO_INT(data), block, 100000));
    }
    close(GPOINTER_TO_INT(data));
    return NULL;
}

/* More than the first room, and it stays where it is. */
static void
test_long(void)
{
    Scene scene;
    scene_init(&scene, "", 64 << 20, 600000);
    GThread *writer = g_thread_new("writer", write_much, GINT_TO_POINTER(scene.writer));
    scene.writer = -1;
    SpSource *source = &scene.arrival.source;
    const guint8 *bytes = source->bytes;
    sp_source_all(source);
    g_thread_join(writer);
    g_assert_no_error(source->error);
    g_assert_cmpuint(source->n, ==, 5000000);
    for (gsize i = 0; i < source->n; i++)
        g_assert_cmpuint(bytes[i], ==, i / 100000);
    scene_clear(&scene);
}

/* The timer of the work would end this test, did it not stand still meanwhile. */
static void
test_patience(void)
{
    static const struct itimerval work = {.it_value = {.tv_sec = 1}}, none;
    struct itimerval left;
    Scene scene;
    scene_init(&scene, "ab", 10, 1500);
    g_assert_cmpint(setitimer(ITIMER_REAL, &work, NULL), ==, 0);
    g_assert_false(sp_source_reach(&scene.arrival.source, 3));
    g_assert_cmpint(setitimer(ITIMER_REAL, &none, &left), ==, 0);
    g_assert_true(left.it_value.tv_sec > 0 || left.it_value.tv_usec > 0);
    g_assert_error(scene.arrival.source.error, SP_ERROR, SP_ERROR_INPUT_TIMEOUT);
    g_assert_cmpstr(scene.arrival.source.error->message, ==,
                    "the sender is not done after 2 bytes (limits.input-timeout)");
    scene_clear(&scene);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/source/whole", test_whole);
    g_test_add_func("/source/pieces", test_pieces);
    g_test_add_func("/source/pipe", test_pipe);
    g_test_add_func("/source/too-large", test_too_large);
    g_test_add_func("/source/long", test_long);
    g_test_add_func("/source/patience", test_patience);
    return g_test_run();
}
