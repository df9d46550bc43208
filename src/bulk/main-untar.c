/* SPDX-License-Identifier: MIT */
/* main-untar.c -- storyphoto-untar: an archive on standard input, frames on standard output.
 *
 * All of libarchive that sees a stranger's bytes is here, behind the lock that renderers have:
 * this process may read its standard input, write to its standard output and take some memory,
 * and that from before the first byte. It lives as long as the archive: no limit of processor
 * time.
 *
 * tar is read and nothing else: no filter, so that nothing is decompressed, and no other
 * format. What is not there to be read (a hole in a sparse file, a hard link's bytes) is not
 * made up. */
#include "base/error.h"
#include "bulk/tar-frame.h"
#include "sandbox/lock.h"
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { EXIT_DONE = 0, EXIT_HOST = 1 };

#define MOST_MEMORY ((guint64)64 << 20) /* libarchive takes its headers whole: 1 MiB each */
#define BLOCK 512                       /* of a tar; two of zeros are its end */

typedef struct {
    guint8 buffer[SP_TAR_DATA_MAX];
    guint8 head[8]; /* the first bytes of all */
    guint64 n;      /* bytes that came */
    guint64 zeros;  /* at their end */
    int failed;     /* errno of reading */
    gboolean at_end;
} Input;

static Input input;

/* ---- out -----------------------------------------------------------------------------------
 */

static void
say(SpTarFrameKind kind, guint detail, const void *bytes, gsize n)
{
    if (!sp_tar_frame_write(STDOUT_FILENO, kind, detail, bytes, n))
        _exit(EXIT_HOST); /* nobody listens */
}

static void G_GNUC_NORETURN
give_up(SpErrorCode code, const char *message)
{
    gsize n = MIN(strlen(message), SP_TAR_TEXT);
    say(SP_TAR_FRAME_BROKEN, code, message, n);
    _exit(EXIT_DONE);
}

/* In a signal handler. */
static void
report_call(const char *call)
{
    static const char text[] = "the archive's reader tried to break out: ";
    char message[SP_TAR_TEXT];
    gsize n = sizeof text - 1;
    memcpy(message, text, n);
    for (; *call != '\0' && n < sizeof message; n++)
        message[n] = *call++;
    say(SP_TAR_FRAME_BROKEN, SP_ERROR_POLICY, message, n);
}

/* ---- in ------------------------------------------------------------------------------------
 */

/* Of a standard input that does not block, the bytes are waited for. */
static ssize_t
read_some(void)
{
    for (;;) {
        ssize_t n = read(STDIN_FILENO, input.buffer, sizeof input.buffer);
        struct pollfd more = {STDIN_FILENO, POLLIN, 0};
        if (n >= 0 || (errno != EINTR && errno != EAGAIN))
            return n;
        if (errno == EAGAIN)
            (void)poll(&more, 1, -1);
    }
}

static void
note(gsize n)
{
    gsize zeros = 0;
    while (zeros < n && input.buffer[n - 1 - zeros] == 0)
        zeros++;
    input.zeros = zeros + (zeros == n ? input.zeros : 0);
    for (gsize i = 0; i < n && input.n + i < sizeof input.head; i++)
        input.head[input.n + i] = input.buffer[i];
    input.n += n;
}

static la_ssize_t
on_read(struct archive *archive, void *data G_GNUC_UNUSED, const void **ret_bytes)
{
    ssize_t n = read_some();
    *ret_bytes = input.buffer;
    input.at_end = n == 0;
    if (n < 0) {
        input.failed = errno;
        archive_set_error(archive, errno, "cannot read");
        return -1;
    }
    note((gsize)n);
    return n;
}

/* What people send in place of a tar, by its first bytes. */
static const char *
guess(void)
{
    static const struct {
        const char *magic;
        gsize n;
        const char *message;
    } known[] = {
        {"\x1f\x8b", 2, "the archive is compressed: decompress it first (gzip -dc)"},
        {"BZh", 3, "the archive is compressed: decompress it first (bzip2 -dc)"},
        {"\3757zXZ", 5, "the archive is compressed: decompress it first (xz -dc)"},
        {"\x28\xb5\x2f\xfd", 4, "the archive is compressed: decompress it first (zstd -dc)"},
        {"PK\x03\x04", 4, "standard input is a ZIP archive: only tar is read"},
        {"7z\xbc\xaf", 4, "standard input is a 7z archive: only tar is read"},
        {"\xff\xd8\xff", 3, "standard input is a picture: only a tar of pictures is read"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        if (memcmp(input.head, known[i].magic, known[i].n) == 0)
            return known[i].message;
    return "standard input is no tar archive";
}

static void G_GNUC_NORETURN
break_off(struct archive *archive)
{
    char text[SP_TAR_TEXT + 1];
    const char *why = archive_error_string(archive);
    if (input.failed != 0) {
        g_snprintf(text, sizeof text, "cannot read standard input: %s",
                   strerrordesc_np(input.failed));
        give_up(SP_ERROR_CANNOT_READ, text);
    }
    if (why != NULL && strstr(why, "Unrecognized archive format") != NULL)
        give_up(SP_ERROR_CORRUPT, guess());
    if (input.at_end)
        give_up(SP_ERROR_TRUNCATED, "the archive is cut off: its end is missing");
    g_snprintf(text, sizeof text, "the archive is damaged: %s",
               why != NULL ? why : "no reason given");
    give_up(SP_ERROR_CORRUPT, text);
}

/* ---- entries -------------------------------------------------------------------------------
 */

static SpTarWhat
what_is(struct archive_entry *entry)
{
    if (archive_entry_hardlink(entry) != NULL)
        return SP_TAR_HARDLINK;
    switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
        return archive_entry_sparse_count(entry) > 0 ? SP_TAR_SPARSE : SP_TAR_FILE;
    case AE_IFDIR:
        return SP_TAR_FOLDER;
    case AE_IFLNK:
        return SP_TAR_SYMLINK;
    case AE_IFCHR:
    case AE_IFBLK:
    case AE_IFIFO:
    case AE_IFSOCK:
        return SP_TAR_SPECIAL;
    default:
        return SP_TAR_STRANGE;
    }
}

/* Its bytes, as many as there are, whatever its header says. */
static void
say_bytes(struct archive *archive)
{
    static const char sparse[] = "is a sparse file";
    const void *bytes = NULL;
    gsize n = 0;
    la_int64_t at = 0, expected = 0;
    for (;;) {
        int status = archive_read_data_block(archive, &bytes, &n, &at);
        if (status == ARCHIVE_EOF) {
            say(SP_TAR_FRAME_DONE, 0, NULL, 0);
            return;
        }
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
            break_off(archive);
        if (at != expected) {
            say(SP_TAR_FRAME_CUT, 0, sparse, sizeof sparse - 1);
            return;
        }
        expected += (la_int64_t)n;
        for (gsize done = 0; done < n; done += SP_TAR_DATA_MAX)
            say(SP_TAR_FRAME_DATA, 0, (const guint8 *)bytes + done,
                MIN(n - done, SP_TAR_DATA_MAX));
    }
}

static void
say_entry(struct archive *archive, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);
    if (name == NULL)
        name = archive_entry_pathname_utf8(entry);
    if (name == NULL)
        name = "";
    gsize n = strlen(name), sent = MIN(n, SP_TAR_NAME);
    SpTarWhat what = what_is(entry);
    if (what == SP_TAR_FILE) {
        say(SP_TAR_FRAME_FILE, 0, name + (n - sent), sent);
        say_bytes(archive);
    } else {
        say(SP_TAR_FRAME_OTHER, what, name + (n - sent), sent);
    }
}

/* A program that was ended in the midst of its archive may have ended it between two entries:
 * libarchive takes that for the end. */
static gboolean
is_cut_between(void)
{
    return input.at_end && input.n > 0 && input.zeros < BLOCK;
}

static void
say_archive(struct archive *archive)
{
    if (archive_read_open2(archive, NULL, NULL, on_read, NULL, NULL) != ARCHIVE_OK)
        break_off(archive);
    for (;;) {
        struct archive_entry *entry = NULL;
        int status = archive_read_next_header(archive, &entry);
        if (status == ARCHIVE_EOF)
            break;
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
            break_off(archive);
        say_entry(archive, entry);
    }
    if (is_cut_between())
        give_up(SP_ERROR_TRUNCATED, "the archive is cut off: its end is missing");
    say(SP_TAR_FRAME_END, 0, NULL, 0);
}

/* ---- this process --------------------------------------------------------------------------
 */

/* Die with the supervisor, which may have died before we asked for that. */
static void
tie_to_supervisor(void)
{
    struct pollfd listener = {STDOUT_FILENO, 0, 0};
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || poll(&listener, 1, 0) < 0 ||
        (listener.revents & POLLERR) != 0)
        _exit(EXIT_HOST);
}

static gboolean
close_lock(GError **error)
{
    const SpLockTerms terms = {
        .max_memory = MOST_MEMORY,
        .max_fds = STDERR_FILENO + 1,
        .report = report_call,
    };
    sp_lock_prepare(SP_CALLS_FILTER, STDOUT_FILENO);
    return sp_lock_close(&terms, error);
}

int
main(void)
{
    g_autoptr(GError) error = NULL;
    tie_to_supervisor();
    /* Without it, libarchive has no name for a path in UTF-8. */
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    sp_lock_server();
    struct archive *archive = archive_read_new();
    if (archive == NULL || archive_read_support_format_tar(archive) != ARCHIVE_OK ||
        archive_read_support_format_empty(archive) != ARCHIVE_OK)
        give_up(SP_ERROR_CANNOT_SEAL, "cannot begin to read an archive");
    if (!close_lock(&error))
        give_up((SpErrorCode)error->code, error->message);
    say_archive(archive);
    /* Whoever pads archives is not done yet: it shall find no broken pipe. */
    while (read_some() > 0)
        ;
    _exit(EXIT_DONE);
}
