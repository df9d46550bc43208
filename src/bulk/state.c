/* SPDX-License-Identifier: MIT */
/* state.c -- the state folder of a batch.
 *
 * One run at a time is a lock of an open file description (F_OFD_SETLK). It goes with the last
 * descriptor, so with the process, however that dies; a lock file that is merely there would
 * stay. Unlike a classic fcntl lock it does not go when some library opens and closes the file;
 * like one, and unlike flock(2) on some kernels, it is seen by other machines over NFS. The
 * programs that we start do not have it: the descriptor is closed on exec.
 *
 * Shards make the naming key at the same time: each writes one, the first to give it its name
 * (linkat, which publish.c does) wins, and all read what is there then. */
#include "bulk/state.h"
#include "base/error.h"
#include "pipeline/publish.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define HASH_CHARACTERS 32 /* of a SHA-256: 128 bits */
#define KEY_NAME "naming-key"
#define LOCK_NAME "lock"

char *
sp_state_default(const char *output, GError **error)
{
    const char *state_home = g_getenv("XDG_STATE_HOME"), *home = g_getenv("HOME");
    g_autofree char *path = realpath(output, NULL);
    if (path == NULL)
        return sp_throw_errno_null(error, SP_ERROR_CANNOT_WRITE, errno,
                                   "cannot find the folder '%s'", output);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, path, -1);
    hash[HASH_CHARACTERS] = '\0';
    /* The XDG specification: what is not absolute is to be ignored. */
    if (state_home != NULL && g_path_is_absolute(state_home))
        return g_build_filename(state_home, "storyphoto", hash, NULL);
    if (home == NULL || !g_path_is_absolute(home))
        return sp_throw_null(error, SP_ERROR_CANNOT_WRITE,
                             "there is no place for the state: neither XDG_STATE_HOME nor HOME "
                             "is an absolute path");
    return g_build_filename(home, ".local", "state", "storyphoto", hash, NULL);
}

/* ---- folders -------------------------------------------------------------------------------
 */

/* Some network file systems cannot sync a folder and say EINVAL: nothing can be done there. */
static gboolean
sync_fd(int fd)
{
    return TEMP_FAILURE_RETRY(fsync(fd)) == 0 || errno == EINVAL;
}

/* A folder that may be entered but not read cannot be opened to be synced. */
static gboolean
sync_folder(const char *folder, GError **error)
{
    g_auto(SpFd) fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if ((fd < 0 && errno == EACCES) || (fd >= 0 && sync_fd(fd)))
        return TRUE;
    return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno, "cannot sync the folder '%s'",
                          folder);
}

/* Its name is synced though it was there already: whoever made it may have been killed before.
 */
static gboolean
make_folder(const char *folder, GError **error)
{
    g_autofree char *parent = g_path_get_dirname(folder);
    int err = mkdir(folder, 0700) < 0 ? errno : 0;
    if (err == ENOENT && !g_str_equal(parent, folder)) {
        if (!make_folder(parent, error))
            return FALSE;
        err = mkdir(folder, 0700) < 0 ? errno : 0;
    }
    if (err != 0 && err != EEXIST)
        return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, err,
                              "cannot make the state folder '%s'", folder);
    return sync_folder(parent, error);
}

/* Nobody else may look in, or put something in: what is here names published files and says
 * whose they are. A folder's group bits tell of its access control list, too. */
static gboolean
check_private(const char *folder, const struct stat *st, GError **error)
{
    if (st->st_uid != geteuid())
        return sp_throw(error, SP_ERROR_CANNOT_WRITE,
                        "the state folder '%s' belongs to another user", folder);
    if ((st->st_mode & 077) != 0)
        return sp_throw(error, SP_ERROR_CANNOT_WRITE,
                        "the state folder '%s' is open to others: `chmod 700` it first",
                        folder);
    return TRUE;
}

/* -1 with an error; without one when it is not there, and need not be. */
static int
open_folder(const char *folder, gboolean make, GError **error)
{
    struct stat st;
    if (make && !make_folder(folder, error))
        return -1;
    g_auto(SpFd) fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && !make)
        return -1;
    if (fd < 0 || fstat(fd, &st) < 0) {
        sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno, "cannot open the state folder '%s'",
                       folder);
        return -1;
    }
    return check_private(folder, &st, error) ? sp_fd_steal(&fd) : -1;
}

/* Zeros in front, as many as make all names equally long: they sort. */
static char *
shard_folder(const char *folder, SpShard shard)
{
    g_autofree char *last = g_strdup_printf("%u", shard.n - 1);
    return g_strdup_printf("%s/shard-%0*u-of-%u", folder, (int)strlen(last), shard.index,
                           shard.n);
}

/* ---- the naming key ------------------------------------------------------------------------
 */

static gboolean
read_key(int folder, guint8 key[SP_STATE_KEY_BYTES], gboolean *ret_found, GError **error)
{
    guint8 bytes[SP_STATE_KEY_BYTES + 1];
    g_auto(SpFd) fd = openat(folder, KEY_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    *ret_found = fd >= 0;
    if (fd < 0 && errno == ENOENT)
        return TRUE;
    gssize n = fd < 0 ? -1 : sp_read_full(fd, bytes, sizeof bytes);
    if (n < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno,
                              "cannot read the state's " KEY_NAME);
    if (n != SP_STATE_KEY_BYTES)
        return sp_throw(error, SP_ERROR_CANNOT_WRITE,
                        "the state's " KEY_NAME " does not have %d bytes", SP_STATE_KEY_BYTES);
    memcpy(key, bytes, SP_STATE_KEY_BYTES);
    return TRUE;
}

static gboolean
make_key(const char *folder, GError **error)
{
    guint8 bytes[SP_STATE_KEY_BYTES];
    const SpPublishFile file = {KEY_NAME, bytes, sizeof bytes, 0600};
    g_autoptr(GError) failed = NULL;
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno, "cannot make a " KEY_NAME);
    g_autoptr(SpPublish) publish = sp_publish_new(folder, -1, NULL, 0, error);
    if (publish == NULL || !sp_publish_stage(publish, &file, 1, error))
        return FALSE;
    if (sp_publish_commit(publish, &failed) ||
        g_error_matches(failed, SP_ERROR, SP_ERROR_EXISTS)) /* another shard was first */
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
}

/* *ret_found: FALSE only if not made. */
static gboolean
take_key(SpState *state, int fd, const char *folder, gboolean make, gboolean *ret_found,
         GError **error)
{
    if (!read_key(fd, state->naming_key, ret_found, error))
        return FALSE;
    if (*ret_found || !make)
        return TRUE;
    if (!make_key(folder, error) || !read_key(fd, state->naming_key, ret_found, error))
        return FALSE;
    return *ret_found ||
           sp_throw(error, SP_ERROR_CANNOT_WRITE, "the " KEY_NAME " of '%s' vanished", folder);
}

/* ---- the state -----------------------------------------------------------------------------
 */

static gboolean
take_lock(SpState *state, int folder, GError **error)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    state->lock = openat(folder, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (state->lock >= 0 && fcntl(state->lock, F_OFD_SETLK, &whole) == 0)
        return TRUE;
    if (state->lock >= 0 && (errno == EAGAIN || errno == EACCES))
        return sp_throw(error, SP_ERROR_BUSY, "another run is using the state folder '%s'",
                        state->folder);
    return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno,
                          "cannot lock the state folder '%s'", state->folder);
}

/* *state is to be cleared either way. */
static gboolean
open_all(SpState *state, const char *folder, gboolean make, GError **error)
{
    gboolean has_key = FALSE;
    g_auto(SpFd) shared = -1, own = -1;
    g_autoptr(GError) failed = NULL;
    if ((shared = open_folder(folder, make, &failed)) < 0 ||
        (own = open_folder(state->folder, make, &failed)) < 0) {
        gboolean is_missing = failed == NULL;
        if (!is_missing)
            g_propagate_error(error, g_steal_pointer(&failed));
        return is_missing;
    }
    if (make && !take_lock(state, own, error))
        return FALSE;
    if (!take_key(state, shared, folder, make, &has_key, error))
        return FALSE;
    if (make && !sync_fd(shared)) /* the key may be another's, that is not synced yet */
        return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno,
                              "cannot sync the state folder '%s'", folder);
    state->exists = has_key;
    return TRUE;
}

gboolean
sp_state_open(SpState *state, const char *folder, SpShard shard, gboolean make, GError **error)
{
    g_auto(SpState) opened = {.lock = -1};
    g_autofree char *shared = g_strdup(folder);
    while (strlen(shared) > 1 && g_str_has_suffix(shared, "/"))
        shared[strlen(shared) - 1] = '\0';
    opened.folder = shard.n > 1 ? shard_folder(shared, shard) : g_strdup(shared);
    if (!open_all(&opened, shared, make, error))
        return FALSE;
    *state = opened;
    opened = (SpState){.lock = -1};
    return TRUE;
}

void
sp_state_clear(SpState *state)
{
    g_clear_pointer(&state->folder, g_free);
    sp_fd_clear(&state->lock);
    explicit_bzero(state->naming_key, sizeof state->naming_key);
    state->exists = FALSE;
}
