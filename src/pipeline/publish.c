/* SPDX-License-Identifier: MIT */
/* publish.c -- all files of a set under their names, or none.
 *
 * What is staged has no name at all: O_TMPFILE, which the kernel drops however we die. That
 * needs a file system that has it and a way to name the file later, linkat(2) through
 * /proc/self/fd or with AT_EMPTY_PATH; both are tried while nothing is at stake. Otherwise a
 * random dot-name holds the bytes, and a kill -9 leaves it behind (dot-name.h).
 *
 * Every call goes through the descriptor of the folder: renaming the folder meanwhile changes
 * nothing. Other publishers may work in the same folder at the same time, and nothing is locked
 * (whoever can read the folder could hold the lock for ever). Two with the same set help each
 * other: the second finds the first's bytes. One gap is left between sessions: it reports
 * success although the first, failing later, takes its own names back (sp_publish_undo() too).
 * Within a session claims.c closes it.
 *
 * A named file stays open until the set is freed: its inode cannot be given away meanwhile, so
 * undoing can tell our file from another's under the same name.
 *
 * This must never open what stands under a final name for writing, never follow a symbolic
 * link there, and never unlink a name whose file is not its own. */
#include "pipeline/publish.h"
#include "base/error.h"
#include "base/memfd.h"
#include "pipeline/dot-name.h"
#include "pipeline/folder.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAX_TRIES 32        /* of a random name, or of a name that comes and goes */
#define COMPARE_BYTES 16384 /* read at a time from each of two files */
#define DAY_SECONDS 86400

typedef struct {
    char *name;        /* owned; the final name */
    char *dot_name;    /* owned; where the bytes stand now, NULL when they have no name */
    SpFd fd;           /* owned; the bytes, open for reading too */
    int folder;        /* borrowed */
    gboolean linked;   /* this set made the final name */
    gboolean replaced; /* force renamed over another file */
} Staged;

struct SpPublish {
    char *where;                 /* owned; the folder's path, for messages only */
    SpFd folder;                 /* owned */
    gboolean force;              /* rename over other bytes */
    gboolean unsynced;           /* nothing waits for the disk */
    const char *const *replaces; /* borrowed; hashes of what is renamed over, too; or NULL */
    GPtrArray *staged;           /* owned; of Staged, in order */
    guint n_named;               /* so many of them are committed */
};

static void
drop_dot_name(Staged *staged)
{
    if (staged->dot_name != NULL)
        unlinkat(staged->folder, staged->dot_name, 0);
    g_clear_pointer(&staged->dot_name, g_free);
}

static void
staged_drop(Staged *staged)
{
    drop_dot_name(staged);
    sp_fd_clear(&staged->fd);
}

static void
staged_free(Staged *staged)
{
    staged_drop(staged);
    g_free(staged->name);
    g_free(staged);
}

SpPublish *
sp_publish_new(const char *folder, int opened, const char *below, SpPublishFlags flags,
               GError **error)
{
    g_return_val_if_fail(folder != NULL, NULL);
    gboolean unsynced = (flags & SP_PUBLISH_UNSYNCED) != 0;
    int fd = sp_folder_open(folder, opened, below, unsynced, error);
    if (fd < 0)
        return NULL;
    SpPublish *publish = g_new0(SpPublish, 1);
    publish->where = g_build_filename(folder, below, NULL);
    publish->folder = fd;
    publish->force = (flags & SP_PUBLISH_FORCE) != 0;
    publish->unsynced = unsynced;
    publish->staged = g_ptr_array_new_with_free_func((GDestroyNotify)staged_free);
    return publish;
}

void
sp_publish_free(SpPublish *publish)
{
    if (publish == NULL)
        return;
    g_ptr_array_unref(publish->staged);
    sp_fd_clear(&publish->folder);
    g_free(publish->where);
    g_free(publish);
}

static gboolean
throw_write(const SpPublish *publish, const char *name, GError **error)
{
    return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno,
                          "cannot write '%s' into folder '%s'", name, publish->where);
}

/* ---- phase one: bytes that last, under no name ---------------------------------------------
 */

static gboolean
check_name(const SpPublish *publish, const char *name, GError **error)
{
    if (*name == '\0' || strchr(name, '/') != NULL || strcmp(name, ".") == 0 ||
        strcmp(name, "..") == 0)
        return sp_throw(error, SP_ERROR_CANNOT_WRITE, "'%s' cannot be the name of a file",
                        name);
    long most = fpathconf(publish->folder, _PC_NAME_MAX);
    if (most > 0 && strlen(name) > (gsize)most)
        return sp_throw(error, SP_ERROR_CANNOT_WRITE,
                        "the name '%s' is too long: %zu bytes, folder '%s' takes %ld", name,
                        strlen(name), publish->where, most);
    for (guint i = 0; i < publish->staged->len; i++) {
        const Staged *other = g_ptr_array_index(publish->staged, i);
        if (strcmp(other->name, name) == 0)
            return sp_throw(error, SP_ERROR_EXISTS, "two files of one set would be named '%s'",
                            name);
    }
    return TRUE;
}

/* Give the nameless file fd a name; FALSE with errno. AT_EMPTY_PATH wants no /proc, but a
 * capability (before Linux 6.10), and says ENOENT without it: then the first errno tells more.
 */
static gboolean
link_fd(int fd, int folder, const char *name)
{
    char path[32];
    g_snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (linkat(AT_FDCWD, path, folder, name, AT_SYMLINK_FOLLOW) == 0)
        return TRUE;
    if (errno != ENOENT && errno != EACCES)
        return FALSE;
    int first = errno;
    if (linkat(fd, "", folder, name, AT_EMPTY_PATH) == 0)
        return TRUE;
    errno = errno == ENOENT ? first : errno;
    return FALSE;
}

/* Whether link_fd() can work here: "." is a name that always exists, and the kernel looks at
 * the new name after it has found and allowed the old one. */
static gboolean
can_link(int fd, int folder)
{
    return !link_fd(fd, folder, ".") && errno == EEXIST;
}

/* ENOENT and EISDIR are what kernels say that do not know O_TMPFILE, the others file systems.
 */
static gboolean
lacks_tmpfile(int err)
{
    return err == EOPNOTSUPP || err == EISDIR || err == ENOENT || err == EINVAL ||
           err == ENOSYS;
}

/* Both open calls set staged->fd; FALSE with errno. */
static gboolean
open_nameless(Staged *staged, guint mode)
{
    staged->fd = openat(staged->folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
    if (staged->fd < 0 || can_link(staged->fd, staged->folder))
        return staged->fd >= 0;
    sp_fd_clear(&staged->fd);
    errno = EOPNOTSUPP;
    return FALSE;
}

static gboolean
open_dot_name(Staged *staged, guint mode)
{
    for (guint tries = 0; tries < MAX_TRIES; tries++) {
        g_autofree char *name = sp_dot_name_new();
        staged->fd = openat(staged->folder, name,
                            O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, mode);
        if (staged->fd >= 0 && sp_dot_name_hold(staged->fd, TRUE)) {
            staged->dot_name = g_steal_pointer(&name);
            return TRUE;
        }
        if (staged->fd < 0 && errno != EEXIST)
            return FALSE;
        sp_fd_clear(&staged->fd);
    }
    return FALSE;
}

/* A web server shows a file's time, and the minute of an upload tells who sent it: every file
 * says midnight (UTC) of its day. FALSE with errno. */
static gboolean
blur_time(int fd)
{
    time_t now = (time_t)(g_get_real_time() / G_USEC_PER_SEC);
    struct timespec midnight = {.tv_sec = now - now % DAY_SECONDS};
    const struct timespec times[2] = {midnight, midnight};
    return futimens(fd, times) == 0;
}

/* The disk begins to write; whether it did shows at the fsync. FALSE with errno. */
static gboolean
write_out(const SpPublish *publish, Staged *staged, const SpPublishFile *file)
{
    staged_drop(staged);
    if (!open_nameless(staged, file->mode) &&
        !(lacks_tmpfile(errno) && open_dot_name(staged, file->mode)))
        return FALSE;
    if (!sp_write_full(staged->fd, file->bytes, file->n) || !blur_time(staged->fd))
        return FALSE;
    if (!publish->unsynced)
        (void)!sync_file_range(staged->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
    return TRUE;
}

/* The kernel drops the pages of a failed fsync and reports them once only: a second fsync of
 * the same file would succeed over lost bytes. So the file is written anew. FALSE with errno.
 */
static gboolean
make_durable(const SpPublish *publish, Staged *staged, const SpPublishFile *file)
{
    return sp_fd_sync(staged->fd) ||
           (write_out(publish, staged, file) && sp_fd_sync(staged->fd));
}

static Staged *
add_staged(SpPublish *publish, const char *name)
{
    Staged *staged = g_new0(Staged, 1);
    staged->name = g_strdup(name);
    staged->fd = -1;
    staged->folder = publish->folder;
    g_ptr_array_add(publish->staged, staged);
    return staged;
}

/* All are written before the first is synced: then one commit of the file system's journal
 * does for all of them. */
static gboolean
stage_files(SpPublish *publish, const SpPublishFile *files, guint n, GError **error)
{
    guint first = publish->staged->len;
    for (guint i = 0; i < n; i++) {
        if (!check_name(publish, files[i].name, error))
            return FALSE;
        if (!write_out(publish, add_staged(publish, files[i].name), &files[i]))
            return throw_write(publish, files[i].name, error);
    }
    for (guint i = 0; i < n && !publish->unsynced; i++) {
        if (!make_durable(publish, g_ptr_array_index(publish->staged, first + i), &files[i]))
            return throw_write(publish, files[i].name, error);
    }
    return TRUE;
}

gboolean
sp_publish_stage(SpPublish *publish, const SpPublishFile *files, guint n, GError **error)
{
    guint before = publish->staged->len;
    if (stage_files(publish, files, n, error))
        return TRUE;
    g_ptr_array_set_size(publish->staged, (gint)before);
    return FALSE;
}

/* ---- a name that is taken ------------------------------------------------------------------
 */

typedef enum {
    FOUND_SAME,   /* these very bytes, and, unless unsynced, they last */
    FOUND_OTHER,  /* something else */
    FOUND_NONE,   /* nothing any more */
    FOUND_FAILED, /* error is set */
} Found;

/* From the start of both; *ret_same only on success. FALSE with errno. */
static gboolean
compare_bytes(int one, int two, gboolean *ret_same)
{
    if (lseek(one, 0, SEEK_SET) < 0 || lseek(two, 0, SEEK_SET) < 0)
        return FALSE;
    for (;;) {
        guint8 a[COMPARE_BYTES], b[COMPARE_BYTES];
        gssize n_a = sp_read_full(one, a, sizeof a);
        gssize n_b = sp_read_full(two, b, sizeof b);
        if (n_a < 0 || n_b < 0)
            return FALSE;
        gboolean same = n_a == n_b && memcmp(a, b, (gsize)n_a) == 0;
        if (!same || n_a == 0) {
            *ret_same = same;
            return TRUE;
        }
    }
}

static gboolean
same_size(int fd, const struct stat *other)
{
    struct stat own;
    return fstat(fd, &own) == 0 && own.st_size == other->st_size;
}

static Found
throw_compare(const SpPublish *publish, const Staged *staged, GError **error)
{
    sp_throw_errno(error, SP_ERROR_IO, errno, "cannot compare '%s' in folder '%s'",
                   staged->name, publish->where);
    return FOUND_FAILED;
}

/* A symbolic link, a socket, or a file that is not for us. */
static gboolean
is_not_ours(int err)
{
    return err == ELOOP || err == ENXIO || err == ENODEV || err == EACCES || err == EPERM;
}

/* What stands under the final name? O_NONBLOCK: a FIFO there must not make us wait. */
static Found
look(const SpPublish *publish, const Staged *staged, GError **error)
{
    g_auto(SpFd) fd = openat(staged->folder, staged->name,
                             O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return FOUND_NONE;
    if (fd < 0)
        return is_not_ours(errno) ? FOUND_OTHER : throw_compare(publish, staged, error);
    struct stat there;
    if (fstat(fd, &there) < 0 || !S_ISREG(there.st_mode) || !same_size(staged->fd, &there))
        return FOUND_OTHER;
    gboolean same = FALSE;
    /* Whoever wrote it may not have synced it. */
    if (!compare_bytes(staged->fd, fd, &same) ||
        (same && !publish->unsynced && !sp_fd_sync(fd)))
        return throw_compare(publish, staged, error);
    return same ? FOUND_SAME : FOUND_OTHER;
}

/* ---- phase two: the names ------------------------------------------------------------------
 */

/* FALSE with errno; EEXIST when the name is taken. Where rename cannot refuse to replace (NFS),
 * a link and an unlink do. */
static gboolean
take_name(Staged *staged)
{
    if (staged->dot_name == NULL)
        return link_fd(staged->fd, staged->folder, staged->name);
    if (renameat2(staged->folder, staged->dot_name, staged->folder, staged->name,
                  RENAME_NOREPLACE) < 0) {
        if (errno != EINVAL && errno != ENOSYS)
            return FALSE;
        if (linkat(staged->folder, staged->dot_name, staged->folder, staged->name, 0) < 0)
            return FALSE;
        unlinkat(staged->folder, staged->dot_name, 0);
    }
    g_clear_pointer(&staged->dot_name, g_free);
    return TRUE;
}

/* FALSE with errno. */
static gboolean
take_dot_name(Staged *staged)
{
    if (staged->dot_name == NULL)
        (void)!sp_dot_name_hold(staged->fd, FALSE); /* it is still nameless: nobody else's */
    for (guint tries = 0; staged->dot_name == NULL && tries < MAX_TRIES; tries++) {
        g_autofree char *name = sp_dot_name_new();
        gboolean linked = link_fd(staged->fd, staged->folder, name);
        int err = errno;
        if (linked) {
            staged->dot_name = g_steal_pointer(&name);
        } else if (err != EEXIST) {
            unlinkat(staged->folder, name, 0); /* a network may have lost the good answer */
            errno = err;
            return FALSE;
        }
    }
    return staged->dot_name != NULL;
}

static gboolean
throw_not_a_file(const SpPublish *publish, const char *name, GError **error)
{
    return sp_throw(error, SP_ERROR_EXISTS,
                    "'%s' in folder '%s' is not a file and cannot be replaced", name,
                    publish->where);
}

void
sp_publish_replace(SpPublish *publish, const char *const *hashes)
{
    publish->replaces = hashes;
}

static gboolean
has_hash_of(const SpPublish *publish, const Staged *staged)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_auto(SpFd) fd = openat(staged->folder, staged->name,
                             O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    guchar piece[COMPARE_BYTES];
    gssize n = 0;
    while (fd >= 0 && (n = sp_read_full(fd, piece, sizeof piece)) > 0)
        g_checksum_update(checksum, piece, n);
    return fd >= 0 && n == 0 &&
           g_strv_contains(publish->replaces, g_checksum_get_string(checksum));
}

static gboolean
may_replace(const SpPublish *publish, const Staged *staged)
{
    return publish->force || (publish->replaces != NULL && has_hash_of(publish, staged));
}

static gboolean
throw_exists(const SpPublish *publish, const Staged *staged, GError **error)
{
    return sp_throw(error, SP_ERROR_EXISTS, "'%s' in folder '%s' exists with other bytes",
                    staged->name, publish->where);
}

/* May the name be taken from the file that stands there? */
static gboolean
check_file(const SpPublish *publish, const Staged *staged, GError **error)
{
    if (may_replace(publish, staged))
        return TRUE;
    Found found = look(publish, staged, error);
    return found == FOUND_OTHER ? throw_exists(publish, staged, error) : found != FOUND_FAILED;
}

/* What must not be replaced is found before the first name is replaced, for that cannot be
 * undone. */
static gboolean
check_replaceable(const SpPublish *publish, GError **error)
{
    for (guint i = publish->n_named; i < publish->staged->len; i++) {
        const Staged *staged = g_ptr_array_index(publish->staged, i);
        struct stat there;
        if (fstatat(staged->folder, staged->name, &there, AT_SYMLINK_NOFOLLOW) == 0) {
            if (!S_ISREG(there.st_mode))
                return throw_not_a_file(publish, staged->name, error);
            if (!check_file(publish, staged, error))
                return FALSE;
        } else if (errno != ENOENT)
            return throw_write(publish, staged->name, error);
    }
    return TRUE;
}

/* Only rename(2) replaces a name without a moment in which it is missing. */
static gboolean
replace(const SpPublish *publish, Staged *staged, GError **error)
{
    if (!take_dot_name(staged) ||
        renameat(staged->folder, staged->dot_name, staged->folder, staged->name) < 0) {
        if (errno == EISDIR)
            return throw_not_a_file(publish, staged->name, error);
        return throw_write(publish, staged->name, error);
    }
    g_clear_pointer(&staged->dot_name, g_free);
    staged->replaced = TRUE;
    return TRUE;
}

static gboolean
publish_one(const SpPublish *publish, Staged *staged, GError **error)
{
    for (guint tries = 0; tries < MAX_TRIES; tries++) {
        if (take_name(staged)) {
            staged->linked = TRUE;
            return TRUE;
        }
        if (errno != EEXIST)
            return throw_write(publish, staged->name, error);
        Found found = look(publish, staged, error);
        if (found == FOUND_OTHER && may_replace(publish, staged))
            return replace(publish, staged, error);
        if (found == FOUND_OTHER)
            return throw_exists(publish, staged, error);
        if (found == FOUND_SAME)
            drop_dot_name(staged);
        if (found != FOUND_NONE)
            return found == FOUND_SAME;
    }
    return sp_throw(error, SP_ERROR_EXISTS, "'%s' in folder '%s' comes and goes: try again",
                    staged->name, publish->where);
}

/* Somebody may have renamed over a name since: it is ours only while our file stands there. */
static void
take_back(const Staged *staged)
{
    struct stat own, there;
    if (staged->linked && fstat(staged->fd, &own) == 0 &&
        fstatat(staged->folder, staged->name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
        own.st_dev == there.st_dev && own.st_ino == there.st_ino)
        unlinkat(staged->folder, staged->name, 0);
}

static gboolean
publish_all(const SpPublish *publish, GError **error)
{
    gboolean replaces = publish->force || publish->replaces != NULL;
    if (replaces && !check_replaceable(publish, error))
        return FALSE;
    for (guint i = publish->n_named; i < publish->staged->len; i++)
        if (!publish_one(publish, g_ptr_array_index(publish->staged, i), error))
            return FALSE;
    return publish->unsynced || sp_folder_sync(publish->folder, publish->where, error);
}

void
sp_publish_undo(SpPublish *publish, GError **error)
{
    for (guint i = publish->staged->len; i-- > 0;) {
        const Staged *staged = g_ptr_array_index(publish->staged, i);
        take_back(staged);
        if (staged->replaced)
            g_prefix_error(error, "replaced '%s' already, then: ", staged->name);
    }
    if (!publish->unsynced)
        sp_fd_sync(publish->folder); /* the error that counts is set already */
    g_ptr_array_set_size(publish->staged, 0);
    publish->n_named = 0;
}

gboolean
sp_publish_commit(SpPublish *publish, GError **error)
{
    if (!publish_all(publish, error)) {
        sp_publish_undo(publish, error);
        return FALSE;
    }
    publish->n_named = publish->staged->len;
    return TRUE;
}
