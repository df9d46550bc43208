/* SPDX-License-Identifier: MIT */
/* tar.c -- write and read archives: ustar, and of pax its comment alone.
 *
 * What is sent has the canary in all that is not a file; what comes back is read strictly,
 * since anything in it that is not a plain file is more than was asked for. */
#include "selftest/tar.h"
#include "base/error.h"
#include "selftest/bytes.h"
#include "storyphoto.h"
#include <string.h>

#define BLOCK 512
#define TYPE_FILE '0'
#define TYPE_COMMENT 'g' /* pax: of the archive as a whole */

typedef struct {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type;
    char link[100], magic[8], uname[32], gname[32], major[8], minor[8], prefix[155], rest[12];
} Header;
G_STATIC_ASSERT(sizeof(Header) == BLOCK);

/* The sum of all its bytes, those of the sum itself being spaces. */
static guint
sum(const Header *header)
{
    Header copy = *header;
    memset(copy.checksum, ' ', sizeof copy.checksum);
    guint total = 0;
    for (gsize i = 0; i < BLOCK; i++)
        total += ((const guint8 *)&copy)[i];
    return total;
}

/* ---- writing -------------------------------------------------------------------------------
 */

static void
put_octal(char *field, gsize n, guint64 number)
{
    g_snprintf(field, (gulong)n, "%0*" G_GINT64_MODIFIER "o", (int)n - 1, number);
}

static void
put_header(GByteArray *out, char type, const char *name, gsize n, const SpCanary *canary)
{
    Header header = {.type = type, .magic = {'u', 's', 't', 'a', 'r', '\0', '0', '0'}};
    g_assert(strlen(name) < sizeof header.name);
    g_strlcpy(header.name, name, sizeof header.name);
    put_octal(header.mode, sizeof header.mode, 0644);
    put_octal(header.uid, sizeof header.uid, 1000);
    put_octal(header.gid, sizeof header.gid, 1000);
    put_octal(header.size, sizeof header.size, n);
    put_octal(header.mtime, sizeof header.mtime, 1000000000);
    memcpy(header.link, canary->letters, SP_CANARY_LETTERS);
    memcpy(header.uname, canary->letters, SP_CANARY_LETTERS);
    memcpy(header.gname, canary->letters, SP_CANARY_LETTERS);
    memcpy(header.rest, canary->block, sizeof header.rest);
    put_octal(header.checksum, sizeof header.checksum - 1, sum(&header));
    sp_put(out, &header, sizeof header);
}

static void
put_padding(GByteArray *out, const SpCanary *canary)
{
    while (out->len % BLOCK != 0)
        sp_put(out, canary->block, MIN(BLOCK - out->len % BLOCK, SP_CANARY_BLOCK));
}

/* A pax record counts its own digits: the comment's length has two. */
void
sp_tar_begin(GByteArray *out, const SpCanary *canary)
{
    gsize n = strlen("NN comment=\n") + SP_CANARY_LETTERS;
    g_autofree char *record =
        g_strdup_printf("%" G_GSIZE_FORMAT " comment=%s\n", n, canary->letters);
    put_header(out, TYPE_COMMENT, "comment", n, canary);
    sp_put_text(out, record);
    put_padding(out, canary);
}

void
sp_tar_put(GByteArray *out, const char *name, GBytes *bytes, const SpCanary *canary)
{
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    put_header(out, TYPE_FILE, name, n, canary);
    sp_put(out, data, n);
    put_padding(out, canary);
}

void
sp_tar_end(GByteArray *out, const SpCanary *canary)
{
    static const guint8 zeros[2 * BLOCK];
    sp_put(out, zeros, sizeof zeros);
    sp_canary_put(canary, SP_FORM_ALL, out);
    put_padding(out, canary);
}

/* ---- reading -------------------------------------------------------------------------------
 */

static gboolean
get_octal(const char *field, gsize n, guint64 *ret_number)
{
    guint64 number = 0;
    for (gsize i = 0; i < n && field[i] != '\0' && field[i] != ' '; i++) {
        if (field[i] < '0' || field[i] > '7')
            return FALSE;
        number = number << 3 | (guint64)(field[i] - '0');
    }
    *ret_number = number;
    return TRUE;
}

static gboolean
check_header(const Header *header, guint64 *ret_size, GError **error)
{
    guint64 checksum = 0;
    if (memcmp(header->magic, "ustar", 5) != 0 ||
        !get_octal(header->checksum, sizeof header->checksum, &checksum) ||
        checksum != sum(header))
        return sp_throw(error, SP_ERROR_CORRUPT, "an entry has no head");
    if (header->type != TYPE_FILE || memchr(header->name, '\0', sizeof header->name) == NULL ||
        header->prefix[0] != '\0')
        return sp_throw(error, SP_ERROR_CORRUPT, "an entry is no plain file");
    return get_octal(header->size, sizeof header->size, ret_size) ||
           sp_throw(error, SP_ERROR_CORRUPT, "an entry has no size");
}

static gboolean
is_end(const guint8 *data, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (data[i] != 0)
            return FALSE;
    return n >= (gsize)(2 * BLOCK);
}

GPtrArray *
sp_tar_read(GBytes *archive, GError **error)
{
    g_autoptr(GPtrArray) files =
        g_ptr_array_new_with_free_func((GDestroyNotify)sp_folder_file_free);
    gsize n = 0, at = 0;
    const guint8 *data = g_bytes_get_data(archive, &n);
    while (!is_end(data + at, n - at)) {
        Header header;
        guint64 size = 0;
        if (n - at < BLOCK)
            return sp_throw_null(error, SP_ERROR_CORRUPT, "it has no end");
        memcpy(&header, data + at, BLOCK);
        at += BLOCK;
        if (!check_header(&header, &size, error))
            return NULL;
        if (size > n - at)
            return sp_throw_null(error, SP_ERROR_CORRUPT, "'%s' is cut", header.name);
        g_ptr_array_add(files, sp_folder_file_new(g_strdup(header.name),
                                                  g_bytes_new(data + at, (gsize)size)));
        at += MIN(((gsize)size + BLOCK - 1) / BLOCK * BLOCK, n - at);
    }
    return g_steal_pointer(&files);
}
