/* SPDX-License-Identifier: MIT */
/* publish-fixture.h -- disks that fail at will, and a folder a test; for test-publish.c only.
 *
 * A few system calls are defined here, in front of libc's: each fails when the running test
 * says so in `faults`, and is the real one otherwise. The asm labels keep them apart from the
 * inline functions of glibc's fortified headers. */
#ifndef SP_TESTS_PUBLISH_FIXTURE_H
#define SP_TESTS_PUBLISH_FIXTURE_H
#include "base/error.h"
#include "pipeline/publish.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- faults --------------------------------------------------------------------------------
 */

typedef struct {
    gboolean no_tmpfile;   /* openat(O_TMPFILE): EOPNOTSUPP */
    gboolean no_proc;      /* linkat through /proc: ENOENT */
    gboolean no_empty;     /* linkat(AT_EMPTY_PATH): ENOENT */
    gboolean no_noreplace; /* renameat2: EINVAL */
    guint bad_fsyncs;      /* so many fail, after good_fsyncs */
    guint good_fsyncs;
    int fsync_errno;
    guint good_names; /* so many final names are given, then the next one fails */
    int name_errno;   /* 0: none fails */
    guint bad_names;  /* so many fail */
    gsize write_max;  /* 0: any number at a time; every other call says EINTR */
    guint n_opened;   /* counted: files made */
    guint n_writes;
    void (*before_name)(void); /* called before each final name is given */
} Faults;

static Faults faults;
static char *folder; /* of the running test */

int fault_openat(int at, const char *path, int flags, mode_t mode) __asm__("openat");
int fault_fsync(int fd) __asm__("fsync");
ssize_t fault_write(int fd, const void *bytes, size_t n) __asm__("write");
int fault_linkat(int at, const char *from, int to_at, const char *to,
                 int flags) __asm__("linkat");
int fault_renameat2(int at, const char *from, int to_at, const char *to,
                    unsigned flags) __asm__("renameat2");

static int
fail(int err)
{
    errno = err;
    return -1;
}

int
fault_openat(int at, const char *path, int flags, mode_t mode)
{
    gboolean tmpfile = (flags & O_TMPFILE) == O_TMPFILE;
    if (tmpfile && faults.no_tmpfile)
        return fail(EOPNOTSUPP);
    if (tmpfile || (flags & O_CREAT))
        g_atomic_int_inc(&faults.n_opened);
    return (int)syscall(SYS_openat, at, path, flags, mode);
}

int
fault_fsync(int fd)
{
    if (faults.good_fsyncs > 0)
        faults.good_fsyncs--;
    else if (faults.bad_fsyncs > 0) {
        faults.bad_fsyncs--;
        return fail(faults.fsync_errno);
    }
    return (int)syscall(SYS_fsync, fd);
}

ssize_t
fault_write(int fd, const void *bytes, size_t n)
{
    if (faults.write_max != 0 && faults.n_writes++ % 2 == 0)
        return fail(EINTR);
    return syscall(SYS_write, fd, bytes, faults.write_max != 0 ? MIN(n, faults.write_max) : n);
}

/* TRUE when this call, which gives a final name, is to fail. */
static gboolean
name_fails(const char *to)
{
    if (*to == '.')
        return FALSE;
    if (faults.before_name != NULL)
        faults.before_name();
    if (faults.name_errno == 0)
        return FALSE;
    if (faults.good_names > 0) {
        faults.good_names--;
        return FALSE;
    }
    if (faults.bad_names == 0)
        return FALSE;
    faults.bad_names--;
    return TRUE;
}

int
fault_linkat(int at, const char *from, int to_at, const char *to, int flags)
{
    if (faults.no_proc && g_str_has_prefix(from, "/proc/"))
        return fail(ENOENT);
    if (faults.no_empty && (flags & AT_EMPTY_PATH))
        return fail(ENOENT);
    if (name_fails(to))
        return fail(faults.name_errno);
    return (int)syscall(SYS_linkat, at, from, to_at, to, flags);
}

int
fault_renameat2(int at, const char *from, int to_at, const char *to, unsigned flags)
{
    if (faults.no_noreplace)
        return fail(EINVAL);
    if (name_fails(to))
        return fail(faults.name_errno);
    return (int)syscall(SYS_renameat2, at, from, to_at, to, flags);
}

/* Each way to stage and to name; every test of naming runs through all. */
static const struct {
    const char *name;
    Faults faults;
} ways[] = {
    {"tmpfile and proc", {0}},
    {"tmpfile and empty path", {.no_proc = TRUE}},
    {"dot-name for want of proc", {.no_proc = TRUE, .no_empty = TRUE}},
    {"dot-name for want of tmpfile", {.no_tmpfile = TRUE}},
    {"dot-name, link and unlink", {.no_tmpfile = TRUE, .no_noreplace = TRUE}},
};

/* ---- a folder a test -----------------------------------------------------------------------
 */

static char *
in_folder(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void
setup(void)
{
    faults = (Faults){0};
    folder = g_dir_make_tmp("storyphoto-publish-XXXXXX", NULL);
    g_assert_nonnull(folder);
}

static void
teardown(void)
{
    faults = (Faults){0};
    const char *argv[] = {"rm", "-rf", folder, NULL};
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
    g_clear_pointer(&folder, g_free);
}

static void
put(const char *name, const char *text)
{
    g_autofree char *path = in_folder(name);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
assert_has(const char *name, const char *text)
{
    g_autofree char *path = in_folder(name);
    g_autofree char *found = NULL;
    g_assert_true(g_file_get_contents(path, &found, NULL, NULL));
    g_assert_cmpstr(found, ==, text);
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All names of the folder, dot-names too, sorted and joined by spaces. */
static void
assert_names(const char *expected)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name = NULL;
    while ((name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    g_autofree char *found = g_strjoinv(" ", (char **)names->pdata);
    g_assert_cmpstr(found, ==, expected);
}

static struct stat
stat_of(const char *name)
{
    g_autofree char *path = in_folder(name);
    struct stat there = {0};
    g_assert_cmpint(lstat(path, &there), ==, 0);
    return there;
}

static gboolean
stage(SpPublish *publish, const char *name, const char *bytes, gsize n, guint mode,
      GError **error)
{
    const SpPublishFile file = {name, bytes, n, mode};
    return sp_publish_stage(publish, &file, 1, error);
}

/* name=bytes, ... separated by spaces */
static SpPublish *
stage_set(const char *set, gboolean force)
{
    g_autoptr(GError) error = NULL;
    SpPublish *publish = sp_publish_new(folder, -1, NULL, force ? SP_PUBLISH_FORCE : 0, &error);
    g_assert_no_error(error);
    g_auto(GStrv) files = g_strsplit(set, " ", -1);
    for (guint i = 0; files[i] != NULL; i++) {
        char *bytes = strchr(files[i], '=');
        *bytes++ = '\0';
        gboolean done = stage(publish, files[i], bytes, strlen(bytes), 0644, &error);
        g_assert_no_error(error);
        g_assert_true(done);
    }
    return publish;
}

/* SP_ERROR_NONE for success. */
static void
assert_commit(SpPublish *publish, SpErrorCode code)
{
    g_autoptr(GError) error = NULL;
    gboolean done = sp_publish_commit(publish, &error);
    if (code == SP_ERROR_NONE) {
        g_assert_no_error(error);
        g_assert_true(done);
    } else {
        g_assert_error(error, SP_ERROR, (int)code);
        g_assert_false(done);
        g_assert_nonnull(strstr(error->message, folder));
    }
}

static void
assert_publish(const char *set, gboolean force, SpErrorCode code)
{
    g_autoptr(SpPublish) publish = stage_set(set, force);
    assert_commit(publish, code);
}

/* What stands in the way of 'b', in a set of a, b and c. */
static void
block_b(const char *what)
{
    g_autofree char *path = in_folder("b");
    if (strcmp(what, "folder") == 0)
        g_assert_cmpint(mkdir(path, 0755), ==, 0);
    else if (strcmp(what, "fifo") == 0)
        g_assert_cmpint(mkfifo(path, 0644), ==, 0);
    else if (g_str_has_prefix(what, "-> "))
        g_assert_cmpint(symlink(what + 3, path), ==, 0);
    else
        put("b", what);
}

/* ---- file systems of their own -------------------------------------------------------------
 */

static gboolean can_mount;

static gboolean
tell(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    gboolean told = fd >= 0 && write(fd, text, strlen(text)) > 0;
    if (fd >= 0)
        close(fd);
    return told;
}

/* A private mount namespace: root's, or one in a user namespace that keeps our ids. */
static gboolean
enter_namespace(void)
{
    g_autofree char *uid = g_strdup_printf("%u %u 1", geteuid(), geteuid());
    g_autofree char *gid = g_strdup_printf("%u %u 1", getegid(), getegid());
    if (unshare(CLONE_NEWNS) < 0 &&
        (unshare(CLONE_NEWNS | CLONE_NEWUSER) < 0 || !tell("/proc/self/uid_map", uid) ||
         !tell("/proc/self/setgroups", "deny") || !tell("/proc/self/gid_map", gid)))
        return FALSE;
    return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* A child tries first: half a namespace would be no place for tests. */
static void
try_namespace(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(enter_namespace() ? 0 : 1);
    int status = 0;
    can_mount = pid > 0 && waitpid(pid, &status, 0) == pid && status == 0 && enter_namespace();
}

static gboolean
mount_tmpfs(unsigned long flags, const char *options)
{
    return can_mount && mount("none", folder, "tmpfs", flags, options) == 0;
}

static void
fill_disk(void)
{
    g_autofree char *big = g_strnfill(50000, 'x');
    g_autoptr(SpPublish) publish = stage_set("a=1", FALSE);
    g_assert_true(stage(publish, "b", big, 50000, 0644, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_false(stage(publish, "c", big, 50000, 0644, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_NO_SPACE);
    g_assert_nonnull(strstr(error->message, folder));
    if (!faults.no_proc)
        g_assert_cmpuint(faults.n_opened, ==, 3); /* a full disk is not tried twice */
}

static void
assert_unwritable(int err)
{
    g_autoptr(SpPublish) publish = sp_publish_new(folder, -1, NULL, 0, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(stage(publish, "a", "1", 1, 0644, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_WRITE);
    g_autofree char *expected =
        g_strdup_printf("cannot write 'a' into folder '%s': %s", folder, g_strerror(err));
    g_assert_cmpstr(error->message, ==, expected);
    assert_names("");
}

/* ---- many at once --------------------------------------------------------------------------
 */

#define PUBLISHERS 8
#define ROUNDS 8

/* data: the bytes of all files, or NULL for bytes that all publishers share. Returns how many
 * rounds were published. */
static gpointer
publish_rounds(gpointer data)
{
    guint done = 0;
    for (guint i = 0; i < ROUNDS; i++) {
        const char *bytes = data == NULL ? "same" : data;
        g_autofree char *set =
            g_strdup_printf("%u.a=%s %u.b=%s %u.c=%s", i, bytes, i, bytes, i, bytes);
        g_autoptr(SpPublish) publish = stage_set(set, FALSE);
        g_autoptr(GError) error = NULL;
        if (sp_publish_commit(publish, &error))
            done++;
        else
            g_assert_error(error, SP_ERROR, SP_ERROR_EXISTS);
    }
    return GUINT_TO_POINTER(done);
}

static void
assert_rounds(void)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = NULL; (name = g_dir_read_name(dir)) != NULL; n++)
        g_assert_true(g_ascii_isdigit(*name));
    g_assert_cmpuint(n, ==, 3 * (guint64)ROUNDS);
}

#endif
