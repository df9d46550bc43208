/* SPDX-License-Identifier: MIT */
/* fuzz-tar-in.c -- what a reader of archives that was taken over could say to the supervisor.
 *
 * Byte 0: as they are (odd), or as frames with a good magic number, each a kind, a detail, a
 * length in 256ths of what bytes follow, and the bytes. */
/* words: tar-in */
/* lines: src/bulk/tar-in.c src/bulk/tar-frame.c */
#include "base/memfd.h"
#include "bulk/tar-in.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST 1000 /* bytes of an upload */

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

static void
write_frames(int fd, const guint8 *bytes, gsize n)
{
    while (n >= 3) {
        SpTarFrameKind kind = (SpTarFrameKind)(bytes[0] & 15);
        gsize length = bytes[2] == 255 ? n - 3 : MIN(bytes[2], n - 3);
        g_assert_true(sp_tar_frame_write(fd, kind, bytes[1], bytes + 3, length));
        bytes += 3 + length;
        n -= 3 + length;
    }
}

/* What the supervisor relies on. */
static void
check_entry(const SpTarEntry *entry)
{
    struct stat about;
    g_assert_nonnull(entry->name);
    g_assert_cmpuint(strlen(entry->name), <=, SP_TAR_NAME);
    g_assert_nonnull(sp_tar_what_words(entry->what));
    g_autofree char *clean = sp_tar_clean_name(entry->name, 1);
    g_assert_true(*clean != '\0' && *clean != '/');
    g_assert_null(strstr(clean, "/../"));
    if (entry->what != SP_TAR_FILE) {
        g_assert_true(entry->bytes < 0 && entry->error == NULL);
        return;
    }
    g_assert_true((entry->bytes < 0) == (entry->error != NULL));
    if (entry->error != NULL) {
        g_assert_true(g_utf8_validate(entry->error->message, -1, NULL));
        return;
    }
    g_assert_cmpint(fstat(entry->bytes, &about), ==, 0);
    g_assert_cmpint(about.st_size, <=, MOST);
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    if (n == 0)
        return 0;
    int fd = sp_memfd_create(NULL);
    g_assert_cmpint(fd, >=, 0);
    if (bytes[0] & 1)
        g_assert_true(sp_write_full(fd, bytes + 1, n - 1));
    else
        write_frames(fd, bytes + 1, n - 1);
    g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
    g_autoptr(SpTarIn) in = sp_tar_in_of(fd);
    g_autoptr(GError) error = NULL;
    for (;;) {
        g_auto(SpTarEntry) entry = SP_TAR_ENTRY_INIT;
        if (!sp_tar_in_next(in, MOST, &entry, &error))
            break;
        g_assert_no_error(error);
        check_entry(&entry);
    }
    g_assert_true(error == NULL || g_utf8_validate(error->message, -1, NULL));
    return 0;
}
