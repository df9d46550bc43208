/* SPDX-License-Identifier: MIT */
/* tar-in.c -- the entries of an archive, from its reader's frames.
 *
 * A header and a name are read and checked; the bytes of a file go from the pipe into memory of
 * their own inside the kernel (base/splice.h), or, when they are too many, nowhere. A reader
 * that ends too early has one error, by how it ended. */
#include "bulk/tar-in.h"
#include "base/error.h"
#include "base/splice.h"
#include "sandbox/path.h"
#include "sandbox/spawn.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define FAREWELL_MS 1000 /* for a reader to leave by itself */

struct SpTarIn {
    SpFd frames, pidfd; /* owned; pidfd -1: there is no process */
    SpFd stop, null;    /* owned */
    int stop_fd;        /* borrowed, or -1 */
    SpSplice way;       /* owned */
    GError *ended;      /* owned; why there is no reading on */
    gboolean at_end;
};

void
sp_tar_entry_clear(SpTarEntry *entry)
{
    g_clear_pointer(&entry->name, g_free);
    sp_fd_clear(&entry->bytes);
    g_clear_error(&entry->error);
}

/* ---- life ----------------------------------------------------------------------------------
 */

static SpTarIn *
new_without_reader(void)
{
    SpTarIn *in = g_new0(SpTarIn, 1);
    in->frames = in->pidfd = in->stop_fd = -1;
    in->way = (SpSplice)SP_SPLICE_INIT;
    in->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    in->null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    return in;
}

SpTarIn *
sp_tar_in_of(int frames)
{
    SpTarIn *in = new_without_reader();
    in->frames = frames;
    return in;
}

SpTarIn *
sp_tar_in_start(const char *program, int fd, int stop_fd, GError **error)
{
    g_autofree char *path = program != NULL
                                ? g_strdup(program)
                                : g_build_filename(sp_libexec_dir, "storyphoto-untar", NULL);
    g_autoptr(SpTarIn) in = new_without_reader();
    in->stop_fd = stop_fd;
    if (in->stop < 0 || in->null < 0)
        return sp_throw_errno_null(error, SP_ERROR_CANNOT_SEAL, errno,
                                   "cannot open what an archive's reader needs");
    if (!sp_spawn_filter(path, fd, &in->frames, &in->pidfd, error))
        return NULL;
    return g_steal_pointer(&in);
}

/* How the reader ended, by force if it does not by itself: a signal, or 0. */
static int
reap(SpTarIn *in, gboolean *ret_killed)
{
    int number = 0;
    if (in->pidfd < 0)
        return 0;
    *ret_killed = !sp_spawn_reap_signal(in->pidfd, FAREWELL_MS, &number);
    if (*ret_killed) {
        sp_spawn_kill(in->pidfd);
        sp_spawn_reap(in->pidfd, -1);
    }
    sp_fd_clear(&in->pidfd);
    return number;
}

void
sp_tar_in_free(SpTarIn *in)
{
    gboolean killed = FALSE;
    if (in == NULL)
        return;
    if (in->pidfd >= 0 && !in->at_end)
        sp_spawn_kill(in->pidfd);
    reap(in, &killed);
    sp_fd_clear(&in->frames);
    sp_fd_clear(&in->stop);
    sp_fd_clear(&in->null);
    sp_splice_clear(&in->way);
    g_clear_error(&in->ended);
    g_free(in);
}

void
sp_tar_in_stop(SpTarIn *in)
{
    guint64 one = 1;
    (void)!write(in->stop, &one, sizeof one);
}

/* ---- the pipe ------------------------------------------------------------------------------
 */

static gboolean
say_how_it_ended(SpTarIn *in, GError **error)
{
    gboolean killed = FALSE;
    int number = reap(in, &killed);
    const char *name = number != 0 ? sigabbrev_np(number) : NULL;
    if (number == SIGKILL)
        return sp_throw(error, SP_ERROR_BUSY, "the archive's reader was killed");
    if (number == SIGSYS)
        return sp_throw(error, SP_ERROR_POLICY, "the archive's reader tried to break out");
    if (name != NULL)
        return sp_throw(error, SP_ERROR_DECODER_CRASHED, "the archive's reader crashed: SIG%s",
                        name);
    return sp_throw(error, SP_ERROR_PROTOCOL, "the archive's reader ended before the archive");
}

/* TRUE when there is something to read, or the end. */
static gboolean
wait_for_bytes(SpTarIn *in, GError **error)
{
    struct pollfd fds[] = {
        {in->stop, POLLIN, 0}, {in->stop_fd, POLLIN, 0}, {in->frames, POLLIN, 0}};
    for (;;) {
        int n = poll(fds, G_N_ELEMENTS(fds), -1);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return sp_throw_errno(error, SP_ERROR_BUSY, errno, "cannot wait for the archive");
        if (n > 0 && (fds[0].revents != 0 || fds[1].revents != 0))
            return sp_throw(error, SP_ERROR_INTERRUPTED, "interrupted");
        if (n > 0)
            return TRUE;
    }
}

static gboolean
read_all(SpTarIn *in, void *buffer, gsize size, GError **error)
{
    gsize done = 0;
    while (done < size) {
        if (!wait_for_bytes(in, error))
            return FALSE;
        ssize_t n = read(in->frames, (char *)buffer + done, size - done);
        if (n == 0)
            return say_how_it_ended(in, error);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return sp_throw_errno(error, SP_ERROR_BUSY, errno,
                                  "cannot read from the archive's reader");
        done += n > 0 ? (gsize)n : 0;
    }
    return TRUE;
}

static gboolean
read_frame(SpTarIn *in, gboolean in_file, SpTarFrame *frame, GError **error)
{
    return read_all(in, frame, sizeof *frame, error) &&
           sp_tar_frame_check(frame, in_file, error);
}

/* A name or a message, of n bytes that are no NUL. New; NULL with error. */
static char *
read_text(SpTarIn *in, guint32 n, GError **error)
{
    g_autofree char *text = g_malloc((gsize)n + 1);
    text[n] = '\0';
    if (!read_all(in, text, n, error))
        return NULL;
    if (strlen(text) != n)
        return sp_throw_null(error, SP_ERROR_PROTOCOL, "the archive's reader says a NUL");
    return g_steal_pointer(&text);
}

static char *
read_message(SpTarIn *in, guint32 n, GError **error)
{
    g_autofree char *text = read_text(in, n, error);
    return text == NULL ? NULL : g_utf8_make_valid(text, (gssize)n);
}

static gboolean
read_broken(SpTarIn *in, const SpTarFrame *frame, GError **error)
{
    g_autofree char *message = read_message(in, frame->n, error);
    return message != NULL && sp_throw(error, (SpErrorCode)frame->detail, "%s", message);
}

/* ---- a file --------------------------------------------------------------------------------
 */

/* Of n bytes, those that come now; to entry->bytes while that is there. *ret_n of them came.
 * FALSE when there is no reading on; what hinders to keep them is this entry's alone. */
static gboolean
move_some(SpTarIn *in, SpTarEntry *entry, gsize n, gsize *ret_n, GError **error)
{
    if (!wait_for_bytes(in, error))
        return FALSE;
    gboolean keeps = entry->bytes >= 0;
    gssize moved = sp_splice(&in->way, in->frames, keeps ? entry->bytes : in->null, n);
    int err = errno;
    *ret_n = moved > 0 ? (gsize)moved : 0;
    if (moved > 0 || (moved < 0 && (err == EINTR || err == EAGAIN)))
        return TRUE;
    if (moved == 0)
        return say_how_it_ended(in, error);
    if (!keeps || in->way.way != SP_SPLICE_DIRECT) /* a pipe of ours may have kept some */
        return sp_throw_errno(error, SP_ERROR_BUSY, err, "cannot take in a file");
    sp_throw_errno(&entry->error, SP_ERROR_BUSY, err, "cannot take in a file");
    sp_fd_clear(&entry->bytes);
    return TRUE;
}

static gboolean
move_bytes(SpTarIn *in, SpTarEntry *entry, gsize n, GError **error)
{
    gsize moved = 0;
    for (; n > 0; n -= moved)
        if (!move_some(in, entry, n, &moved, error))
            return FALSE;
    return TRUE;
}

static void
drop_bytes(SpTarEntry *entry, SpErrorCode code, const char *message)
{
    sp_fd_clear(&entry->bytes);
    if (entry->error == NULL)
        sp_throw(&entry->error, code, "%s", message);
}

static void
refuse_large(SpTarEntry *entry, guint64 size, guint64 max)
{
    sp_fd_clear(&entry->bytes);
    if (entry->error == NULL)
        sp_throw(&entry->error, SP_ERROR_TOO_LARGE,
                 "the upload has at least %" G_GUINT64_FORMAT
                 " bytes, the limit is %" G_GUINT64_FORMAT " (limits.max-upload)",
                 size, max);
}

/* Until the frame that ends the file. FALSE with error when that ends all. */
static gboolean
take_bytes(SpTarIn *in, guint64 max, SpTarEntry *entry, GError **error)
{
    guint64 size = 0;
    for (;;) {
        SpTarFrame frame;
        if (!read_frame(in, TRUE, &frame, error))
            return FALSE;
        if (frame.kind == SP_TAR_FRAME_DONE)
            return TRUE;
        if (frame.kind == SP_TAR_FRAME_BROKEN)
            return read_broken(in, &frame, error);
        if (frame.kind == SP_TAR_FRAME_CUT) {
            g_autofree char *why = read_message(in, frame.n, error);
            if (why != NULL)
                drop_bytes(entry, SP_ERROR_CANNOT_READ, why);
            return why != NULL;
        }
        size += frame.n;
        if (size > max)
            refuse_large(entry, max + 1, max);
        if (!move_bytes(in, entry, frame.n, error))
            return FALSE;
    }
}

/* What ends the archive in this file is told of the file, and at the next call of all. */
static gboolean
take_file(SpTarIn *in, guint64 max, SpTarEntry *entry)
{
    entry->bytes = sp_memfd_create(&entry->error);
    if (take_bytes(in, max, entry, &in->ended))
        return TRUE;
    drop_bytes(entry, SP_ERROR_CANNOT_READ, "the archive ends within it");
    return !g_error_matches(in->ended, SP_ERROR, SP_ERROR_INTERRUPTED);
}

/* ---- entries -------------------------------------------------------------------------------
 */

static gboolean
take_next(SpTarIn *in, guint64 max, SpTarEntry *entry)
{
    SpTarFrame frame;
    if (!read_frame(in, FALSE, &frame, &in->ended))
        return FALSE;
    in->at_end = frame.kind == SP_TAR_FRAME_END;
    if (in->at_end)
        return FALSE;
    if (frame.kind == SP_TAR_FRAME_BROKEN)
        return read_broken(in, &frame, &in->ended);
    entry->name = read_text(in, frame.n, &in->ended);
    if (entry->name == NULL)
        return FALSE;
    entry->what = frame.kind == SP_TAR_FRAME_FILE ? SP_TAR_FILE : (SpTarWhat)frame.detail;
    return entry->what != SP_TAR_FILE || take_file(in, max, entry);
}

gboolean
sp_tar_in_next(SpTarIn *in, guint64 max, SpTarEntry *entry, GError **error)
{
    if (in->ended == NULL && !in->at_end && take_next(in, max, entry))
        return TRUE;
    sp_tar_entry_clear(entry);
    if (in->ended != NULL && error != NULL)
        *error = g_error_copy(in->ended);
    return FALSE;
}

char *
sp_tar_clean_name(const char *name, guint64 number)
{
    g_auto(GStrv) parts = g_strsplit(name, "/", -1);
    g_autoptr(GString) clean = g_string_new(NULL);
    for (guint i = 0; parts[i] != NULL; i++) {
        if (*parts[i] == '\0' || g_str_equal(parts[i], ".") || g_str_equal(parts[i], ".."))
            continue;
        if (clean->len > 0)
            g_string_append_c(clean, '/');
        g_string_append(clean, parts[i]);
    }
    if (clean->len == 0)
        g_string_printf(clean, "entry-%" G_GUINT64_FORMAT, number);
    return g_string_free(g_steal_pointer(&clean), FALSE);
}
