/* SPDX-License-Identifier: MIT */
/* test-publish.c -- all of a set or nothing, whatever the disk and the neighbours do.
 *
 * Every test of naming runs through all `ways` to stage and to name (publish-fixture.h, where
 * system calls are made to fail too). Everything runs on real folders; what needs a file system
 * of its own mounts a small tmpfs in a private mount namespace, or is skipped. */
#include "publish-fixture.h"
#include <sys/resource.h>

static void
test_set(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_test_message("%s", ways[i].name);
        setup();
        faults = ways[i].faults;
        g_autoptr(SpPublish) publish = stage_set("b.webp=one a.jpg=two c.jpg=", FALSE);
        g_autofree char *visible = in_folder("b.webp");
        g_assert_false(g_file_test(visible, G_FILE_TEST_EXISTS));
        if (!faults.no_tmpfile && !faults.no_proc)
            assert_names("");
        assert_commit(publish, SP_ERROR_NONE);
        assert_names("a.jpg b.webp c.jpg");
        assert_has("b.webp", "one");
        assert_has("a.jpg", "two");
        assert_has("c.jpg", "");
        assert_commit(publish, SP_ERROR_NONE); /* nothing is staged any more */
        assert_names("a.jpg b.webp c.jpg");
        teardown();
    }
}

static void
test_dropped(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        setup();
        faults = ways[i].faults;
        sp_publish_free(stage_set("a=1 b=2", FALSE));
        assert_names("");
        teardown();
    }
    sp_publish_free(NULL);
}

static void
test_modes_and_times(void)
{
    static const struct {
        guint mode, mask, expected;
    } cases[] = {
        {0644, 0022, 0644},
        {0600, 0022, 0600},
        {0644, 0077, 0600},
        {0644, 0, 0644},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases) * G_N_ELEMENTS(ways); i++) {
        guint c = i % G_N_ELEMENTS(cases);
        setup();
        faults = ways[i / G_N_ELEMENTS(cases)].faults;
        mode_t before = umask(cases[c].mask);
        g_autoptr(SpPublish) publish = sp_publish_new(folder, -1, NULL, 0, NULL);
        gint64 today = g_get_real_time() / G_USEC_PER_SEC / 86400;
        g_assert_true(stage(publish, "a", "1", 1, cases[c].mode, NULL));
        assert_commit(publish, SP_ERROR_NONE);
        umask(before);
        struct stat there = stat_of("a");
        g_assert_cmpuint(there.st_mode & 07777, ==, cases[c].expected);
        g_assert_cmpint(there.st_mtim.tv_sec % 86400, ==, 0);
        g_assert_cmpint(there.st_mtim.tv_nsec, ==, 0);
        g_assert_cmpint(there.st_mtim.tv_sec / 86400 - today, <=, 1);
        g_assert_cmpint(there.st_mtim.tv_sec / 86400 - today, >=, 0);
        teardown();
    }
}

static void
test_names(void)
{
    setup();
    g_autofree char *longest = g_strnfill(255, 'x');
    g_autofree char *longer = g_strnfill(256, 'x');
    const struct {
        const char *name;
        SpErrorCode code;
    } cases[] = {
        {"", SP_ERROR_CANNOT_WRITE},     {".", SP_ERROR_CANNOT_WRITE},
        {"..", SP_ERROR_CANNOT_WRITE},   {"a/b", SP_ERROR_CANNOT_WRITE},
        {"/a", SP_ERROR_CANNOT_WRITE},   {"../a", SP_ERROR_CANNOT_WRITE},
        {"a/", SP_ERROR_CANNOT_WRITE},   {longer, SP_ERROR_CANNOT_WRITE},
        {longest, SP_ERROR_NONE},        {"...", SP_ERROR_NONE},
        {"-rf \n\"\xff", SP_ERROR_NONE}, {longest, SP_ERROR_EXISTS}, /* twice in a set */
    };
    g_autoptr(SpPublish) publish = sp_publish_new(folder, -1, NULL, SP_PUBLISH_FORCE, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        gboolean done = stage(publish, cases[i].name, "1", 1, 0644, &error);
        g_assert_cmpint(error == NULL ? SP_ERROR_NONE : error->code, ==, cases[i].code);
        g_assert_cmpint(done, ==, cases[i].code == SP_ERROR_NONE);
    }
    assert_commit(publish, SP_ERROR_NONE);
    g_autofree char *expected = g_strconcat("-rf \n\"\xff ... ", longest, NULL);
    assert_names(expected);
    teardown();
}

static void
test_no_folder(void)
{
    setup();
    put("file", "x");
    static const char *const cases[] = {"missing", "file", "missing/below"};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = in_folder(cases[i]);
        g_autoptr(GError) error = NULL;
        g_assert_null(sp_publish_new(path, -1, NULL, 0, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_WRITE);
        g_assert_nonnull(strstr(error->message, path));
    }
    teardown();
}

static void
test_same_bytes(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        setup();
        faults = ways[i].faults;
        put("b", "two");
        struct stat before = stat_of("b");
        assert_publish("a=one b=two c=three", FALSE, SP_ERROR_NONE);
        assert_publish("a=one b=two c=three", FALSE, SP_ERROR_NONE);
        assert_publish("a=one b=two c=three", TRUE, SP_ERROR_NONE);
        assert_names("a b c");
        struct stat after = stat_of("b");
        g_assert_cmpuint(before.st_ino, ==, after.st_ino);
        teardown();
    }
}

/* Longer than one block of the comparison, different in its last byte. */
static void
test_last_byte(void)
{
    setup();
    g_autofree char *one = g_strnfill(100000, 'x');
    g_autofree char *other = g_strnfill(100000, 'x');
    other[99999] = 'y';
    g_autofree char *set_one = g_strconcat("a=", one, NULL);
    g_autofree char *set_other = g_strconcat("a=", other, NULL);
    assert_publish(set_one, FALSE, SP_ERROR_NONE);
    assert_publish(set_one, FALSE, SP_ERROR_NONE);
    assert_publish(set_other, FALSE, SP_ERROR_EXISTS);
    assert_has("a", one);
    assert_publish(set_other, TRUE, SP_ERROR_NONE);
    assert_has("a", other);
    assert_names("a");
    teardown();
}

static void
test_taken(void)
{
    static const char *const cases[] = {
        "TWO", "tw", "twofold", "", "-> target", "-> nowhere", "-> b", "fifo", "folder",
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases) * G_N_ELEMENTS(ways); i++) {
        const char *what = cases[i % G_N_ELEMENTS(cases)];
        g_test_message("%s, %s", what, ways[i / G_N_ELEMENTS(cases)].name);
        setup();
        faults = ways[i / G_N_ELEMENTS(cases)].faults;
        put("target", "two"); /* the same bytes, but not under this name */
        block_b(what);
        struct stat before = stat_of("b");
        assert_publish("a=one b=two c=three", FALSE, SP_ERROR_EXISTS);
        assert_names("b target");
        struct stat after = stat_of("b");
        g_assert_cmpuint(before.st_ino, ==, after.st_ino);
        gboolean is_file = S_ISREG(before.st_mode); /* the only thing force replaces */
        assert_publish("a=one b=two c=three", TRUE, is_file ? SP_ERROR_NONE : SP_ERROR_EXISTS);
        assert_names(is_file ? "a b c target" : "b target");
        if (is_file)
            assert_has("b", "two");
        g_assert_cmpint(S_ISREG(stat_of("b").st_mode), ==, is_file);
        assert_has("target", "two");
        teardown();
    }
}

/* A FIFO without a writer reads like an empty file, but is none. */
static void
test_empty_fifo(void)
{
    setup();
    block_b("fifo");
    assert_publish("b=", FALSE, SP_ERROR_EXISTS);
    g_assert_true(S_ISFIFO(stat_of("b").st_mode));
    teardown();
}

/* The same bytes by somebody else's hand count only once they last. EINVAL: a failure for a
 * file, but not for the folder. */
static void
test_same_bytes_sync(void)
{
    setup();
    put("a", "1");
    g_autoptr(SpPublish) publish = stage_set("a=1", FALSE);
    faults.bad_fsyncs = 1;
    faults.fsync_errno = EINVAL;
    assert_commit(publish, SP_ERROR_IO);
    assert_has("a", "1");
    teardown();
}

/* What was there before stays when a later name fails; force replaces nothing then. */
static void
test_rollback_spares(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        setup();
        faults = ways[i].faults;
        put("a", "one");
        put("c", "other");
        assert_publish("a=one b=two c=three d=four", FALSE, SP_ERROR_EXISTS);
        assert_names("a c");
        assert_has("c", "other");
        block_b("folder");
        assert_publish("c=three d=four b=two e=five", TRUE, SP_ERROR_EXISTS);
        assert_names("a b c");
        assert_has("c", "other");
        teardown();
    }
}

/* A later step failed: what was linked goes, what was there or is replaced stays, and is told.
 */
static void
test_undo(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        setup();
        faults = ways[i].faults;
        put("b", "two");
        put("c", "other");
        g_autoptr(SpPublish) publish = stage_set("a=one b=two c=three d=four", TRUE);
        assert_commit(publish, SP_ERROR_NONE);
        assert_names("a b c d");
        put("d", "somebody else's");
        g_autoptr(GError) error = NULL;
        sp_throw(&error, SP_ERROR_IO, "it failed");
        sp_publish_undo(publish, &error);
        g_assert_cmpstr(error->message, ==, "replaced 'c' already, then: it failed");
        assert_names("b c d");
        assert_has("c", "three");
        assert_has("d", "somebody else's");
        sp_publish_undo(publish, NULL); /* nothing is left to undo */
        assert_names("b c d");
        teardown();
    }
}

/* The disk fails after the first name was replaced: nothing could have told before. */
static void
test_replaced_then_failed(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        setup();
        faults = ways[i].faults;
        put("a", "other");
        g_autoptr(SpPublish) publish = stage_set("a=one b=two", TRUE);
        faults.good_names = 1;
        faults.bad_names = 1;
        faults.name_errno = EIO;
        g_autoptr(GError) error = NULL;
        g_assert_false(sp_publish_commit(publish, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_IO);
        g_assert_true(g_str_has_prefix(error->message, "replaced 'a' already, then: "));
        assert_names("a");
        assert_has("a", "one");
        teardown();
    }
}

static void
test_too_many_open(void)
{
    setup();
    put("b", "1");
    g_autoptr(SpPublish) publish = stage_set("b=1", FALSE);
    struct rlimit before;
    g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &before), ==, 0);
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &(struct rlimit){0, before.rlim_max}), ==, 0);
    g_autoptr(GError) opened = NULL, staged = NULL, compared = NULL;
    g_assert_null(sp_publish_new(folder, -1, NULL, 0, &opened));
    g_assert_false(stage(publish, "c", "1", 1, 0644, &staged));
    g_assert_false(sp_publish_commit(publish, &compared));
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &before), ==, 0);
    g_assert_error(opened, SP_ERROR, SP_ERROR_BUSY);
    g_assert_error(staged, SP_ERROR, SP_ERROR_BUSY);
    g_assert_error(compared, SP_ERROR, SP_ERROR_BUSY);
    assert_names("b");
    assert_publish("b=1 c=1", FALSE, SP_ERROR_NONE);
    teardown();
}

static void
test_failing_name(void)
{
    static const struct {
        int err;
        SpErrorCode code;
    } cases[] = {
        {EIO, SP_ERROR_IO},
        {ENOSPC, SP_ERROR_NO_SPACE},
        {EDQUOT, SP_ERROR_NO_SPACE},
        {EROFS, SP_ERROR_CANNOT_WRITE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases) * G_N_ELEMENTS(ways); i++) {
        setup();
        faults = ways[i / G_N_ELEMENTS(cases)].faults;
        g_autoptr(SpPublish) publish = stage_set("a=1 b=2 c=3", FALSE);
        faults.good_names = 2;
        faults.bad_names = 1;
        faults.name_errno = cases[i % G_N_ELEMENTS(cases)].err;
        assert_commit(publish, cases[i % G_N_ELEMENTS(cases)].code);
        assert_names("");
        teardown();
    }
}

/* Taken, but gone when we look: tried again, yet not for ever. */
static void
test_comes_and_goes(void)
{
    setup();
    faults.name_errno = EEXIST;
    faults.bad_names = 3;
    assert_publish("a=1", FALSE, SP_ERROR_NONE);
    assert_has("a", "1");
    faults.bad_names = G_MAXUINT;
    assert_publish("b=1", FALSE, SP_ERROR_EXISTS);
    assert_names("a");
    teardown();
}

static void
replace_a(void)
{
    g_autofree char *path = in_folder("a");
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        put("a", "somebody else's"); /* by rename */
}

static void
test_rollback_spares_others(void)
{
    setup();
    put("b", "other");
    faults.before_name = replace_a;
    assert_publish("a=1 b=2", FALSE, SP_ERROR_EXISTS);
    assert_names("a b");
    assert_has("a", "somebody else's");
    teardown();
}

static void
test_fsync(void)
{
    static const struct {
        const char *what;
        guint good, bad;
        int err;
        SpErrorCode stage, commit;
        guint opened;
    } cases[] = {
        {"a file's once", 0, 1, EIO, SP_ERROR_NONE, SP_ERROR_NONE, 2},
        {"a file's twice", 0, 2, EIO, SP_ERROR_IO, SP_ERROR_NONE, 2},
        {"a file's, no space", 0, 2, ENOSPC, SP_ERROR_NO_SPACE, SP_ERROR_NONE, 2},
        {"a file's, interrupted", 0, 5, EINTR, SP_ERROR_NONE, SP_ERROR_NONE, 1},
        {"the folder's", 1, 1, EIO, SP_ERROR_NONE, SP_ERROR_IO, 1},
        {"the folder's, which has none", 1, 1, EINVAL, SP_ERROR_NONE, SP_ERROR_NONE, 1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases) * G_N_ELEMENTS(ways); i++) {
        guint c = i % G_N_ELEMENTS(cases);
        g_test_message("%s", cases[c].what);
        setup();
        faults = ways[i / G_N_ELEMENTS(cases)].faults;
        faults.good_fsyncs = cases[c].good;
        faults.bad_fsyncs = cases[c].bad;
        faults.fsync_errno = cases[c].err;
        g_autoptr(SpPublish) publish = sp_publish_new(folder, -1, NULL, 0, NULL);
        g_autoptr(GError) error = NULL;
        gboolean done = stage(publish, "a", "1", 1, 0644, &error);
        g_assert_cmpint(error == NULL ? SP_ERROR_NONE : error->code, ==, cases[c].stage);
        g_assert_cmpint(done, ==, error == NULL);
        if (!faults.no_proc)
            g_assert_cmpuint(faults.n_opened, ==, cases[c].opened);
        assert_commit(publish, cases[c].commit);
        gboolean there = done && cases[c].commit == SP_ERROR_NONE;
        assert_names(there ? "a" : "");
        if (there)
            assert_has("a", "1");
        teardown();
    }
}

static void
test_short_writes(void)
{
    setup();
    faults.write_max = 7;
    assert_publish("a=the-quick-brown-fox-jumps-over-the-lazy-dog", FALSE, SP_ERROR_NONE);
    assert_has("a", "the-quick-brown-fox-jumps-over-the-lazy-dog");
    g_assert_cmpuint(faults.n_writes, ==, 14);
    teardown();
}

static void
test_moved_folder(void)
{
    setup();
    g_autoptr(SpPublish) publish = stage_set("a=1", FALSE);
    g_autofree char *moved = g_strconcat(folder, "-moved", NULL);
    g_assert_cmpint(g_rename(folder, moved), ==, 0);
    assert_commit(publish, SP_ERROR_NONE);
    g_free(folder);
    folder = g_steal_pointer(&moved);
    assert_names("a");
    teardown();
}

static void
test_removed_folder(void)
{
    setup();
    g_autoptr(SpPublish) publish = stage_set("a=1", FALSE);
    g_autoptr(SpPublish) late = stage_set("b=1", FALSE);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_autoptr(GError) error = NULL;
    if (!stage(late, "c", "1", 1, 0644, &error)) /* tmpfs lets one write there */
        g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_WRITE);
    assert_commit(publish, SP_ERROR_CANNOT_WRITE);
    assert_commit(late, SP_ERROR_CANNOT_WRITE);
    teardown();
}

/* ---- file systems of their own -------------------------------------------------------------
 */

static void
test_no_space(void)
{
    g_autofree char *big = g_strnfill(50000, 'x');
    g_autofree char *set = g_strconcat("c=", big, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        setup();
        if (!mount_tmpfs(0, "size=64k")) {
            g_test_skip("no tmpfs can be mounted here");
            teardown();
            return;
        }
        faults = ways[i].faults;
        fill_disk();
        assert_names("");
        assert_publish(set, FALSE, SP_ERROR_NONE); /* the space is free again */
        assert_names("c");
        g_assert_cmpint(umount(folder), ==, 0);
        teardown();
    }
}

static void
test_read_only(void)
{
    setup();
    if (mount_tmpfs(MS_RDONLY, "size=64k")) {
        assert_unwritable(EROFS);
        g_assert_cmpint(umount(folder), ==, 0);
    } else if (geteuid() != 0) {
        g_assert_cmpint(chmod(folder, 0555), ==, 0);
        assert_unwritable(EACCES);
    } else
        g_test_skip("root may write everywhere, and no tmpfs can be mounted here");
    teardown();
}

/* ---- many at once --------------------------------------------------------------------------
 */

static void
test_threads(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        setup();
        faults = ways[i].faults;
        GThread *threads[PUBLISHERS];
        for (guint k = 0; k < PUBLISHERS; k++)
            threads[k] = g_thread_new("publisher", publish_rounds, NULL);
        for (guint k = 0; k < PUBLISHERS; k++)
            g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(threads[k])), ==, ROUNDS);
        assert_rounds();
        teardown();
    }
}

static void
test_processes(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        setup();
        faults = ways[i].faults;
        pid_t pids[PUBLISHERS];
        for (guint k = 0; k < PUBLISHERS; k++) {
            pids[k] = fork();
            if (pids[k] == 0)
                _exit((int)GPOINTER_TO_UINT(publish_rounds(NULL)));
        }
        for (guint k = 0; k < PUBLISHERS; k++) {
            int status = 0;
            g_assert_cmpint(waitpid(pids[k], &status, 0), ==, pids[k]);
            g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == ROUNDS);
        }
        assert_rounds();
        teardown();
    }
}

/* Sets that differ under the same names: of each, exactly one publisher wins, and wholly. */
static void
test_rivals(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        setup();
        faults = ways[i].faults;
        static char bytes[PUBLISHERS][2];
        GThread *threads[PUBLISHERS];
        guint won = 0;
        for (guint k = 0; k < PUBLISHERS; k++) {
            bytes[k][0] = (char)('A' + k);
            threads[k] = g_thread_new("rival", publish_rounds, bytes[k]);
        }
        for (guint k = 0; k < PUBLISHERS; k++)
            won += GPOINTER_TO_UINT(g_thread_join(threads[k]));
        g_assert_cmpuint(won, ==, ROUNDS);
        assert_rounds();
        for (guint k = 0; k < ROUNDS; k++) {
            g_autofree char *a = g_strdup_printf("%s/%u.a", folder, k);
            g_autofree char *winner = NULL;
            g_assert_true(g_file_get_contents(a, &winner, NULL, NULL));
            g_autofree char *b = g_strdup_printf("%u.b", k);
            g_autofree char *c = g_strdup_printf("%u.c", k);
            assert_has(b, winner);
            assert_has(c, winner);
        }
        teardown();
    }
}

static const struct {
    const char *path;
    void (*run)(void);
} tests[] = {
    {"/publish/set", test_set},
    {"/publish/dropped", test_dropped},
    {"/publish/modes-and-times", test_modes_and_times},
    {"/publish/names", test_names},
    {"/publish/no-folder", test_no_folder},
    {"/publish/same-bytes", test_same_bytes},
    {"/publish/last-byte", test_last_byte},
    {"/publish/taken", test_taken},
    {"/publish/empty-fifo", test_empty_fifo},
    {"/publish/same-bytes-sync", test_same_bytes_sync},
    {"/publish/rollback-spares", test_rollback_spares},
    {"/publish/undo", test_undo},
    {"/publish/replaced-then-failed", test_replaced_then_failed},
    {"/publish/too-many-open", test_too_many_open},
    {"/publish/rollback-spares-others", test_rollback_spares_others},
    {"/publish/failing-name", test_failing_name},
    {"/publish/comes-and-goes", test_comes_and_goes},
    {"/publish/fsync", test_fsync},
    {"/publish/short-writes", test_short_writes},
    {"/publish/moved-folder", test_moved_folder},
    {"/publish/removed-folder", test_removed_folder},
    {"/publish/no-space", test_no_space},
    {"/publish/read-only", test_read_only},
    {"/publish/threads", test_threads},
    {"/publish/processes", test_processes},
    {"/publish/rivals", test_rivals},
};

int
main(int argc, char **argv)
{
    try_namespace();
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(tests[i].path, tests[i].run);
    return g_test_run();
}
