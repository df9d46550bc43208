/* SPDX-License-Identifier: MIT */
/* test-folder.c -- folders below the output folder, made when a set is published there; and
 * sets that wait for no disk.
 *
 * A few system calls are defined here in front of libc's: they are counted, and fail or are
 * outrun as the running test says. */
#include "base/error.h"
#include "base/memfd.h"
#include "pipeline/folder.h"
#include "pipeline/publish.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char *folder;    /* of the running test */
static guint n_fsyncs;  /* counted */
static guint n_ranges;  /* of sync_file_range */
static guint bad_fsync; /* that many-th call fails, from 1 on; 0: none */
static int fsync_errno;
static int mkdir_errno; /* 0: none fails */
static void (*before_mkdir)(void);
static void (*after_mkdir)(void);

int fault_fsync(int fd) __asm__("fsync");
int fault_range(int fd, off64_t offset, off64_t n, unsigned flags) __asm__("sync_file_range");
int fault_mkdirat(int at, const char *path, mode_t mode) __asm__("mkdirat");

int
fault_fsync(int fd)
{
    if ((guint)g_atomic_int_add(&n_fsyncs, 1) + 1 == bad_fsync) {
        errno = fsync_errno;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

int
fault_range(int fd, off64_t offset, off64_t n, unsigned flags)
{
    g_atomic_int_inc(&n_ranges);
    return (int)syscall(SYS_sync_file_range, fd, offset, n, flags);
}

int
fault_mkdirat(int at, const char *path, mode_t mode)
{
    if (before_mkdir != NULL)
        before_mkdir();
    if (mkdir_errno != 0) {
        errno = mkdir_errno;
        return -1;
    }
    int result = (int)syscall(SYS_mkdirat, at, path, mode);
    int err = errno;
    if (after_mkdir != NULL)
        after_mkdir();
    errno = err;
    return result;
}

/* ---- fixture -------------------------------------------------------------------------------
 */

static void
set_up(void)
{
    folder = g_dir_make_tmp("storyphoto-folder-XXXXXX", NULL);
    g_assert_nonnull(folder);
    n_fsyncs = n_ranges = bad_fsync = 0;
    mkdir_errno = 0;
    before_mkdir = after_mkdir = NULL;
}

static void
tear_down(void)
{
    before_mkdir = after_mkdir = NULL;
    const char *argv[] = {"rm", "-rf", folder, NULL};
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
    g_clear_pointer(&folder, g_free);
}

static gboolean
exists(const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    struct stat there;
    return lstat(path, &there) == 0;
}

static gboolean
is_folder(const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    struct stat there;
    return lstat(path, &there) == 0 && S_ISDIR(there.st_mode);
}

static void
link_to(const char *target, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_cmpint(symlink(target, path), ==, 0);
}

static SpErrorCode
code_of(const GError *error)
{
    return error == NULL ? SP_ERROR_NONE : (SpErrorCode)error->code;
}

/* What opening it says; the message must name the folder. */
static SpErrorCode
try_open(const char *below, gboolean unsynced)
{
    g_autoptr(GError) error = NULL;
    g_auto(SpFd) fd = sp_folder_open(folder, -1, below, unsynced, &error);
    g_assert_cmpint(fd >= 0, ==, error == NULL);
    if (error != NULL) {
        g_test_message("%s", error->message);
        const char *wrong = below != NULL ? below : "";
        g_assert_true(strstr(error->message, folder) != NULL ||
                      strstr(error->message, wrong) != NULL);
    }
    return code_of(error);
}

static SpErrorCode
publish(const char *below, SpPublishFlags flags, const char *bytes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPublish) set = sp_publish_new(folder, -1, below, flags, &error);
    const SpPublishFile files[] = {{"a", bytes, strlen(bytes), 0644},
                                   {"b", bytes, strlen(bytes), 0644}};
    if (set != NULL && sp_publish_stage(set, files, G_N_ELEMENTS(files), &error) &&
        sp_publish_commit(set, &error))
        g_assert_no_error(error);
    if (error != NULL)
        g_test_message("%s", error->message);
    return code_of(error);
}

/* ---- folders -------------------------------------------------------------------------------
 */

static void
test_made(void)
{
    static const char *const cases[] = {"2019", "2019/summer", "2019/winter/sn\xf8w",
                                        "...",  "a b\n/-rf",   "2019"};
    set_up();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_cmpint(publish(cases[i], 0, "1"), ==, SP_ERROR_NONE);
        g_autofree char *name = g_build_filename(cases[i], "a", NULL);
        g_assert_true(exists(name));
    }
    g_assert_false(exists("a"));
    tear_down();
}

static void
test_mode(void)
{
    static const mode_t masks[] = {0, 0022, 0077};
    for (guint i = 0; i < G_N_ELEMENTS(masks); i++) {
        set_up();
        mode_t before = umask(masks[i]);
        g_assert_cmpint(try_open("x/y", FALSE), ==, SP_ERROR_NONE);
        umask(before);
        g_autofree char *path = g_build_filename(folder, "x/y", NULL);
        struct stat there;
        g_assert_cmpint(stat(path, &there), ==, 0);
        g_assert_cmpuint(there.st_mode & 0777, ==, 0777 & ~masks[i]);
        tear_down();
    }
}

static void
test_refused(void)
{
    static const char *const cases[] = {"",    "/",   "/x",     "x/",   "x//y", ".",    "..",
                                        "./x", "x/.", "x/../y", "../x", "x/..", "x/./y"};
    set_up();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(try_open(cases[i], FALSE), ==, SP_ERROR_CANNOT_WRITE);
    g_assert_false(exists("x"));
    g_autofree char *longer = g_strnfill(256, 'x');
    g_assert_cmpint(try_open(longer, FALSE), ==, SP_ERROR_CANNOT_WRITE);
    g_autoptr(GError) error = NULL;
    g_autofree char *missing = g_build_filename(folder, "missing", NULL);
    g_assert_cmpint(sp_folder_open(missing, -1, "x", FALSE, &error), ==, -1);
    g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_WRITE);
    g_assert_false(exists("missing"));
    tear_down();
}

/* Nothing leads out of the output folder, and nothing is replaced. */
static void
test_taken(void)
{
    set_up();
    g_assert_cmpint(try_open("there", FALSE), ==, SP_ERROR_NONE);
    g_assert_cmpint(publish(NULL, 0, "1"), ==, SP_ERROR_NONE);
    link_to("there", "inside");
    link_to("/tmp", "outside");
    link_to("nowhere", "dangling");
    link_to("loop", "loop");
    static const char *const cases[] = {"inside",    "inside/x", "outside",
                                        "outside/x", "dangling", "dangling/x",
                                        "loop",      "a",        "a/x"};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_cmpint(try_open(cases[i], FALSE), ==, SP_ERROR_EXISTS);
        g_assert_cmpint(publish(cases[i], SP_PUBLISH_FORCE, "1"), ==, SP_ERROR_EXISTS);
    }
    g_assert_false(exists("there/x"));
    g_assert_false(exists("there/a"));
    g_assert_false(exists("nowhere"));
    tear_down();
}

/* But the output folder itself may be a link, as it always could. */
static void
test_linked_output(void)
{
    set_up();
    g_assert_cmpint(try_open("real", FALSE), ==, SP_ERROR_NONE);
    link_to("real", "output");
    g_autofree char *output = g_build_filename(folder, "output", NULL);
    g_auto(SpFd) fd = sp_folder_open(output, -1, "x", FALSE, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_assert_true(is_folder("real/x"));
    tear_down();
}

static void
test_mkdir_fails(void)
{
    static const struct {
        int err;
        SpErrorCode code;
    } cases[] = {
        {ENOSPC, SP_ERROR_NO_SPACE},
        {EDQUOT, SP_ERROR_NO_SPACE},
        {EIO, SP_ERROR_IO},
        {EACCES, SP_ERROR_CANNOT_WRITE},
        {EROFS, SP_ERROR_CANNOT_WRITE},
        {ENOENT, SP_ERROR_CANNOT_WRITE}, /* its parent was removed meanwhile */
        {EEXIST, SP_ERROR_EXISTS},       /* but it is never there when we look */
    };
    set_up();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        mkdir_errno = cases[i].err;
        g_assert_cmpint(try_open("x", FALSE), ==, cases[i].code);
    }
    mkdir_errno = 0;
    g_assert_cmpint(try_open("x", FALSE), ==, SP_ERROR_NONE);
    tear_down();
}

/* ---- the disk ------------------------------------------------------------------------------
 */

/* Each parent is synced, also of folders that are there already: their maker may not have. */
static void
test_parents_synced(void)
{
    set_up();
    for (guint i = 0; i < 2; i++) {
        n_fsyncs = 0;
        g_assert_cmpint(try_open("x/y/z", FALSE), ==, SP_ERROR_NONE);
        g_assert_cmpuint(n_fsyncs, ==, 3);
        n_fsyncs = 0;
        g_assert_cmpint(try_open(NULL, FALSE), ==, SP_ERROR_NONE);
        g_assert_cmpuint(n_fsyncs, ==, 0);
    }
    for (bad_fsync = 1; bad_fsync <= 3; bad_fsync++) {
        n_fsyncs = 0;
        fsync_errno = EIO;
        g_assert_cmpint(try_open("x/y/z", FALSE), ==, SP_ERROR_IO);
        n_fsyncs = 0;
        fsync_errno = EINVAL; /* a network file system that cannot */
        g_assert_cmpint(try_open("x/y/z", FALSE), ==, SP_ERROR_NONE);
    }
    tear_down();
}

/* Made, found with the same bytes, replaced, taken back: the disk is never waited for. */
static void
test_unsynced(void)
{
    set_up();
    bad_fsync = 1;
    fsync_errno = EIO;
    g_assert_cmpint(publish("x/y", SP_PUBLISH_UNSYNCED, "1"), ==, SP_ERROR_NONE);
    g_assert_cmpint(publish("x/y", SP_PUBLISH_UNSYNCED, "1"), ==, SP_ERROR_NONE);
    g_assert_cmpint(publish("x/y", SP_PUBLISH_UNSYNCED, "2"), ==, SP_ERROR_EXISTS);
    g_assert_cmpint(publish("x/y", SP_PUBLISH_UNSYNCED | SP_PUBLISH_FORCE, "2"), ==,
                    SP_ERROR_NONE);
    g_autoptr(SpPublish) set = sp_publish_new(folder, -1, "z", SP_PUBLISH_UNSYNCED, NULL);
    const SpPublishFile file = {"c", "3", 1, 0644};
    g_assert_true(sp_publish_stage(set, &file, 1, NULL));
    g_assert_true(sp_publish_commit(set, NULL));
    g_assert_true(exists("z/c"));
    sp_publish_undo(set, NULL);
    g_assert_false(exists("z/c"));
    g_assert_cmpuint(n_fsyncs, ==, 0);
    g_assert_cmpuint(n_ranges, ==, 0);
    bad_fsync = 0;
    g_assert_cmpint(publish("x/y", 0, "2"), ==, SP_ERROR_NONE);
    g_assert_cmpuint(n_fsyncs, ==, 2 + 2 + 2 + 1); /* parents, staged, found, the folder */
    g_assert_cmpuint(n_ranges, ==, 2);
    tear_down();
}

/* ---- others at work ------------------------------------------------------------------------
 */

static void
remove_folder(const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_cmpint(g_rmdir(path), ==, 0);
}

static guint races_left;

static void
make_it_first(void)
{
    g_autofree char *path = g_build_filename(folder, "x", NULL);
    g_mkdir(path, 0755);
}

static void
remove_it(void)
{
    g_autofree char *path = g_build_filename(folder, "x", NULL);
    if (races_left > 0 && races_left-- > 0)
        g_rmdir(path);
}

static void
test_races(void)
{
    set_up();
    before_mkdir = make_it_first;
    g_assert_cmpint(try_open("x", FALSE), ==, SP_ERROR_NONE);
    before_mkdir = NULL;
    remove_folder("x");
    after_mkdir = remove_it;
    races_left = 3;
    g_assert_cmpint(try_open("x", FALSE), ==, SP_ERROR_NONE);
    races_left = 1;
    remove_folder("x");
    g_assert_cmpint(try_open("x/y", FALSE), ==, SP_ERROR_NONE);
    remove_folder("x/y");
    remove_folder("x");
    races_left = G_MAXUINT; /* not for ever */
    g_assert_cmpint(try_open("x", FALSE), ==, SP_ERROR_EXISTS);
    tear_down();
}

/* Removed between its making and the files: an error that names it, and nothing is left. */
static void
test_removed(void)
{
    for (guint staged = 0; staged < 2; staged++) {
        set_up();
        g_autofree char *path = g_build_filename(folder, "x", NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(SpPublish) set = sp_publish_new(folder, -1, "x", 0, NULL);
        const SpPublishFile file = {"c", "3", 1, 0644};
        if (staged)
            g_assert_true(sp_publish_stage(set, &file, 1, NULL));
        g_assert_cmpint(g_rmdir(path), ==, 0);
        /* tmpfs lets one write there, but not give a name */
        if (staged || sp_publish_stage(set, &file, 1, &error))
            g_assert_false(sp_publish_commit(set, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_WRITE);
        g_assert_nonnull(strstr(error->message, path));
        tear_down();
    }
}

#define MAKERS 8
#define ROUNDS 30

static gpointer
make_many(gpointer data)
{
    (void)data;
    guint done = 0;
    for (guint i = 0; i < ROUNDS; i++) {
        g_autofree char *below = g_strdup_printf("%u/x/y", i);
        done += publish(below, 0, "1") == SP_ERROR_NONE;
    }
    return GUINT_TO_POINTER(done);
}

static void
test_threads(void)
{
    set_up();
    GThread *threads[MAKERS];
    for (guint k = 0; k < MAKERS; k++)
        threads[k] = g_thread_new("maker", make_many, NULL);
    for (guint k = 0; k < MAKERS; k++)
        g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(threads[k])), ==, ROUNDS);
    tear_down();
}

static void
test_processes(void)
{
    set_up();
    pid_t pids[MAKERS];
    for (guint k = 0; k < MAKERS; k++) {
        pids[k] = fork();
        if (pids[k] == 0)
            _exit((int)GPOINTER_TO_UINT(make_many(NULL)));
    }
    for (guint k = 0; k < MAKERS; k++) {
        int status = 0;
        g_assert_cmpint(waitpid(pids[k], &status, 0), ==, pids[k]);
        g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == ROUNDS);
    }
    tear_down();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/folder/made", test_made);
    g_test_add_func("/folder/mode", test_mode);
    g_test_add_func("/folder/refused", test_refused);
    g_test_add_func("/folder/taken", test_taken);
    g_test_add_func("/folder/linked-output", test_linked_output);
    g_test_add_func("/folder/mkdir-fails", test_mkdir_fails);
    g_test_add_func("/folder/parents-synced", test_parents_synced);
    g_test_add_func("/folder/unsynced", test_unsynced);
    g_test_add_func("/folder/races", test_races);
    g_test_add_func("/folder/removed", test_removed);
    g_test_add_func("/folder/threads", test_threads);
    g_test_add_func("/folder/processes", test_processes);
    return g_test_run();
}
