/* SPDX-License-Identifier: MIT */
/* canary.h -- what is planted, and the search that finds it in whatever form.
 *
 * A canary is 16 random letters and a block of 64 random bytes, new with each run, so that
 * nothing is found by chance or left by a run before. The same search reads the upload, where
 * it must find every form that was planted, and then all that came out, where it must find
 * none. */
#ifndef SP_SELFTEST_CANARY_H
#define SP_SELFTEST_CANARY_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_CANARY_LETTERS 16
#define SP_CANARY_BLOCK 64

typedef struct {
    char letters[SP_CANARY_LETTERS + 1];
    guint8 block[SP_CANARY_BLOCK];
} SpCanary;

/* The forms in which it may be written, as bits. */
typedef enum {
    SP_FORM_RAW = 1 << 0, /* also in lower and upper case */
    SP_FORM_UTF16LE = 1 << 1,
    SP_FORM_UTF16BE = 1 << 2,
    SP_FORM_BASE64 = 1 << 3,   /* in each of the three places that it may have in a group */
    SP_FORM_HEX = 1 << 4,      /* in lower and upper case */
    SP_FORM_DEFLATED = 1 << 5, /* any form, inside a zlib, gzip or zip stream */
    SP_FORM_BLOCK = 1 << 6,    /* any 6 bytes in a row of the block */
    SP_FORM_ALL = (1 << 7) - 1,
} SpForm;
#define SP_FORM_COUNT 7

/* "raw", "utf-16le", ...; of bit number index. */
const char *sp_form_word(guint index);

/* New random letters and bytes. FALSE with SP_ERROR_IO. */
gboolean sp_canary_init(SpCanary *canary, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Append it in each of the forms (SpForm bits), one after the other; letters end with a NUL. */
void sp_canary_put(const SpCanary *canary, guint forms, GByteArray *out);

typedef struct SpSearch SpSearch;

/* A search for the canary; for letters alone where block is NULL. Read only afterwards: any
 * number of threads may use it. */
SpSearch *sp_search_new(const char *letters, const guint8 *block);
void sp_search_free(SpSearch *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpSearch, sp_search_free)

/* All forms (SpForm bits) that are in the bytes. At each place that may begin a compressed
 * stream at most 1 MiB is inflated, and what comes out is searched too, one level deep. */
guint sp_search(const SpSearch *search, const guint8 *bytes, gsize n);

G_END_DECLS
#endif
