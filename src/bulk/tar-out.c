/* SPDX-License-Identifier: MIT */
/* tar-out.c -- an archive, written by libarchive as its entries are there: pax, and ustar
 * where that can hold the name. What is written says nothing of this host or hour.
 *
 * libarchive asks the locale what a name's bytes mean. Ours is C, which has no name for what is
 * not ASCII: so the calls that take one are made under C.UTF-8, in this thread alone. */
#include "bulk/tar-out.h"
#include "base/error.h"
#include "base/memfd.h"
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <time.h>

#define DAY_SECONDS 86400

struct SpTarOut {
    int fd;                  /* borrowed */
    int failed;              /* errno of writing: what follows goes nowhere */
    struct archive *archive; /* owned */
    locale_t utf8;           /* owned; 0: the host has none */
};

/* libarchive never hears that it failed: it would lose memory. */
static la_ssize_t
on_write(struct archive *archive G_GNUC_UNUSED, void *data, const void *bytes, gsize n)
{
    SpTarOut *out = data;
    if (out->failed == 0 && !sp_write_full(out->fd, bytes, n))
        out->failed = errno;
    return (la_ssize_t)n;
}

SpTarOut *
sp_tar_out_new(int fd)
{
    SpTarOut *out = g_new0(SpTarOut, 1);
    out->fd = fd;
    out->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    out->archive = archive_write_new();
    archive_write_set_format_pax_restricted(out->archive);
    archive_write_add_filter_none(out->archive);
    archive_write_set_bytes_per_block(out->archive, 0); /* nothing waits for what follows */
    archive_write_open(out->archive, out, NULL, on_write, NULL);
    return out;
}

void
sp_tar_out_free(SpTarOut *out)
{
    if (out == NULL)
        return;
    if (out->failed == 0)
        out->failed = ECANCELED;      /* whoever has not finished it wants no end */
    archive_write_free(out->archive); /* writes one */
    if (out->utf8 != (locale_t)0)
        freelocale(out->utf8);
    g_free(out);
}

static gboolean
cannot_write(const SpTarOut *out, GError **error)
{
    const char *why =
        out->failed != 0 ? g_strerror(out->failed) : archive_error_string(out->archive);
    return sp_throw(error, SP_ERROR_IO, "cannot write to standard output: %s",
                    why != NULL ? why : "no reason given");
}

static struct archive_entry *
make_entry(const char *name, gsize n)
{
    struct archive_entry *entry = archive_entry_new();
    time_t now = (time_t)(g_get_real_time() / G_USEC_PER_SEC);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_uid(entry, 0);
    archive_entry_set_gid(entry, 0);
    archive_entry_set_mtime(entry, now - now % DAY_SECONDS, 0);
    archive_entry_set_size(entry, (la_int64_t)n);
    return entry;
}

static gboolean
write_header(SpTarOut *out, const char *name, gsize n)
{
    locale_t before = out->utf8 != (locale_t)0 ? uselocale(out->utf8) : (locale_t)0;
    struct archive_entry *entry = make_entry(name, n);
    int status = archive_write_header(out->archive, entry);
    archive_entry_free(entry);
    if (before != (locale_t)0)
        uselocale(before);
    return status == ARCHIVE_OK || status == ARCHIVE_WARN;
}

gboolean
sp_tar_out_add(SpTarOut *out, const char *name, const void *bytes, gsize n, GError **error)
{
    if (!write_header(out, name, n) ||
        (n > 0 && archive_write_data(out->archive, bytes, n) != (la_ssize_t)n) ||
        archive_write_finish_entry(out->archive) != ARCHIVE_OK || out->failed != 0)
        return cannot_write(out, error);
    return TRUE;
}

gboolean
sp_tar_out_finish(SpTarOut *out, GError **error)
{
    gboolean closed = archive_write_close(out->archive) == ARCHIVE_OK;
    return (closed && out->failed == 0) || cannot_write(out, error);
}
