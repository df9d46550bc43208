/* SPDX-License-Identifier: MIT */
/* canary.c -- a random text in all its forms, and the search for them.
 *
 * The search is one pass over the bytes against a short list of patterns, told apart by their
 * first byte. Nothing may hide from it by being short: of the random block any 6 bytes are a
 * pattern, which by chance would be met once in some 10^12 bytes. */
#include "selftest/canary.h"
#include "base/error.h"
#include "selftest/bytes.h"
#include "storyphoto.h"
#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/random.h>

#define WINDOW 6
#define MOST_INFLATED ((gsize)1 << 20)
#define MOST_STREAMS 4096 /* tried in one file */

const char *
sp_form_word(guint index)
{
    static const char *const words[SP_FORM_COUNT] = {
        "raw", "utf-16le", "utf-16be", "base64", "hex", "deflated", "random",
    };
    g_return_val_if_fail(index < SP_FORM_COUNT, "?");
    return words[index];
}

gboolean
sp_canary_init(SpCanary *canary, GError **error)
{
    guint8 random[SP_CANARY_LETTERS];
    if (getentropy(random, sizeof random) != 0 ||
        getentropy(canary->block, sizeof canary->block) != 0)
        return sp_throw_errno(error, SP_ERROR_IO, errno, "cannot draw random bytes");
    for (guint i = 0; i < SP_CANARY_BLOCK; i++)
        canary->block[i] %= 0xFF; /* 0xFF may begin a marker, and the upload would be broken */
    for (guint i = 0; i < SP_CANARY_LETTERS; i++)
        canary->letters[i] = (char)((i % 2 ? 'a' : 'A') + random[i] % 26);
    canary->letters[SP_CANARY_LETTERS] = '\0';
    return TRUE;
}

/* ---- forms ---------------------------------------------------------------------------------
 */

static void
put_utf16(const char *letters, gboolean big, GByteArray *out)
{
    for (const char *p = letters; *p != '\0'; p++) {
        guint8 pair[2] = {big ? 0 : (guint8)*p, big ? (guint8)*p : 0};
        sp_put(out, pair, 2);
    }
}

static void
put_hex(const char *letters, gboolean upper, GByteArray *out)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    for (const guint8 *p = (const guint8 *)letters; *p != 0; p++) {
        sp_put(out, &digits[*p >> 4], 1);
        sp_put(out, &digits[*p & 15], 1);
    }
}

/* The letters several times over, in a sentence: short texts would be stored as they are. */
static void
put_deflated(const SpCanary *canary, GByteArray *out)
{
    g_autoptr(GByteArray) plain = g_byte_array_new();
    for (guint i = 0; i < 4; i++) {
        sp_put_text(plain, "this must not come out at the other end: ");
        sp_put_text(plain, canary->letters);
    }
    sp_put_deflated(out, plain->data, plain->len);
}

void
sp_canary_put(const SpCanary *canary, guint forms, GByteArray *out)
{
    if (forms & SP_FORM_RAW)
        sp_put(out, canary->letters, SP_CANARY_LETTERS + 1);
    if (forms & SP_FORM_UTF16LE)
        put_utf16(canary->letters, FALSE, out);
    if (forms & SP_FORM_UTF16BE)
        put_utf16(canary->letters, TRUE, out);
    if (forms & SP_FORM_BASE64) {
        g_autofree char *text =
            g_base64_encode((const guchar *)canary->letters, SP_CANARY_LETTERS);
        sp_put_text(out, text);
    }
    if (forms & SP_FORM_HEX)
        put_hex(canary->letters, FALSE, out);
    if (forms & SP_FORM_DEFLATED)
        put_deflated(canary, out);
    if (forms & SP_FORM_BLOCK)
        sp_put(out, canary->block, sizeof canary->block);
}

/* ---- the patterns --------------------------------------------------------------------------
 */

typedef struct {
    guint form;
    guint8 bytes[2 * SP_CANARY_LETTERS + 8];
    gsize n;
} Pattern;

struct SpSearch {
    GArray *patterns;   /* owned; of Pattern */
    GArray *first[256]; /* owned; of guint: the patterns that begin with the byte; or NULL */
};

/* Takes bytes. */
static void
add_pattern(SpSearch *search, guint form, GByteArray *bytes)
{
    Pattern pattern = {.form = form, .n = bytes->len};
    g_assert(bytes->len > 0 && bytes->len <= sizeof pattern.bytes);
    memcpy(pattern.bytes, bytes->data, bytes->len);
    GArray **first = &search->first[pattern.bytes[0]];
    if (*first == NULL)
        *first = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_val(*first, search->patterns->len);
    g_array_append_val(search->patterns, pattern);
    g_byte_array_unref(bytes);
}

static void
add_text(SpSearch *search, const char *text)
{
    GByteArray *bytes = g_byte_array_new();
    sp_put_text(bytes, text);
    add_pattern(search, SP_FORM_RAW, bytes);
}

/* What base64 makes of the letters when `before` bytes of a group of three stand before them:
 * only the digits that no other byte has a part in. */
static void
add_base64(SpSearch *search, const char *letters, guint before)
{
    g_autofree char *padded = g_strdup_printf("%.*s%s", (int)before, "xx", letters);
    gsize n = strlen(padded);
    g_autofree char *text = g_base64_encode((const guchar *)padded, n);
    gsize from = (8 * before + 5) / 6, to = 8 * n / 6;
    GByteArray *bytes = g_byte_array_new();
    sp_put(bytes, text + from, to - from);
    add_pattern(search, SP_FORM_BASE64, bytes);
}

SpSearch *
sp_search_new(const char *letters, const guint8 *block)
{
    SpSearch *search = g_new0(SpSearch, 1);
    search->patterns = g_array_new(FALSE, FALSE, sizeof(Pattern));
    g_autofree char *lower = g_ascii_strdown(letters, -1);
    g_autofree char *upper = g_ascii_strup(letters, -1);
    add_text(search, letters);
    add_text(search, lower);
    add_text(search, upper);
    for (guint big = 0; big < 2; big++) {
        GByteArray *wide = g_byte_array_new(), *hex = g_byte_array_new();
        put_utf16(letters, big == 1, wide);
        put_hex(letters, big == 1, hex);
        add_pattern(search, big ? SP_FORM_UTF16BE : SP_FORM_UTF16LE, wide);
        add_pattern(search, SP_FORM_HEX, hex);
    }
    for (guint before = 0; before < 3; before++)
        add_base64(search, letters, before);
    for (guint at = 0; block != NULL && at + WINDOW <= SP_CANARY_BLOCK; at++) {
        GByteArray *window = g_byte_array_new();
        sp_put(window, block + at, WINDOW);
        add_pattern(search, SP_FORM_BLOCK, window);
    }
    return search;
}

void
sp_search_free(SpSearch *search)
{
    if (search == NULL)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(search->first); i++)
        if (search->first[i] != NULL)
            g_array_unref(search->first[i]);
    g_array_unref(search->patterns);
    g_free(search);
}

/* ---- the search ----------------------------------------------------------------------------
 */

static guint
search_here(const SpSearch *search, const guint8 *bytes, gsize n)
{
    const GArray *first = search->first[bytes[0]];
    guint found = 0;
    for (guint i = 0; first != NULL && i < first->len; i++) {
        const Pattern *pattern =
            &g_array_index(search->patterns, Pattern, g_array_index(first, guint, i));
        if (n >= pattern->n && memcmp(bytes, pattern->bytes, pattern->n) == 0)
            found |= pattern->form;
    }
    return found;
}

static guint
search_flat(const SpSearch *search, const guint8 *bytes, gsize n)
{
    guint found = 0;
    for (gsize at = 0; at < n; at++)
        found |= search_here(search, bytes + at, n - at);
    return found;
}

/* Inflate what there is, up to a limit and the first fault. */
static GByteArray *
inflate(const guint8 *bytes, gsize n, GZlibCompressorFormat format)
{
    g_autoptr(GZlibDecompressor) zlib = g_zlib_decompressor_new(format);
    GByteArray *out = g_byte_array_new();
    g_autofree guint8 *buffer = g_malloc(65536);
    GConverterResult result = G_CONVERTER_CONVERTED;
    while (result == G_CONVERTER_CONVERTED && out->len < MOST_INFLATED && n > 0) {
        gsize n_read = 0, n_written = 0;
        result = g_converter_convert(G_CONVERTER(zlib), bytes, n, buffer, 65536,
                                     G_CONVERTER_NO_FLAGS, &n_read, &n_written, NULL);
        if (result == G_CONVERTER_ERROR || (n_read == 0 && n_written == 0))
            break;
        sp_put(out, buffer, n_written);
        bytes += n_read;
        n -= n_read;
    }
    return out;
}

/* RFC 1950: deflate, a window of at most 32 kB, no dictionary, a check of five bits. */
static gboolean
is_zlib(const guint8 *p, gsize n)
{
    return n >= 6 && (p[0] & 0x0F) == 8 && p[0] >> 4 <= 7 && (p[1] & 0x20) == 0 &&
           (p[0] << 8 | p[1]) % 31 == 0;
}

/* Where the data of a zip's entry begins; 0 when it is none that is deflated. */
static gsize
zip_data(const guint8 *p, gsize n)
{
    if (n < 30 || memcmp(p, "PK\3\4", 4) != 0 || p[8] != 8)
        return 0;
    gsize at = 30 + (p[26] | (gsize)p[27] << 8) + (p[28] | (gsize)p[29] << 8);
    return at < n ? at : 0;
}

static guint
search_inflated(const SpSearch *search, const guint8 *bytes, gsize n)
{
    guint found = 0, n_streams = 0;
    for (gsize at = 0; at < n && n_streams < MOST_STREAMS; at++) {
        const guint8 *p = bytes + at;
        gsize left = n - at, zip = zip_data(p, left);
        GZlibCompressorFormat format = G_ZLIB_COMPRESSOR_FORMAT_ZLIB;
        if (zip > 0)
            format = G_ZLIB_COMPRESSOR_FORMAT_RAW;
        else if (left >= 18 && memcmp(p, "\x1f\x8b\x08", 3) == 0)
            format = G_ZLIB_COMPRESSOR_FORMAT_GZIP;
        else if (!is_zlib(p, left))
            continue;
        n_streams++;
        g_autoptr(GByteArray) plain = inflate(p + zip, left - zip, format);
        if (search_flat(search, plain->data, plain->len) != 0)
            found |= SP_FORM_DEFLATED;
    }
    return found;
}

guint
sp_search(const SpSearch *search, const guint8 *bytes, gsize n)
{
    return search_flat(search, bytes, n) | search_inflated(search, bytes, n);
}
