/* SPDX-License-Identifier: MIT */
/* test-audit.c -- what holds for every format: the promise, the limits, no cut, nothing behind.
 *
 * The grammars have tests of their own, test-audit-jpeg.c and test-audit-webp.c. A new format
 * is a table of good files here and a line in next_good(). */
#include "audit-files.h"

#define ROUNDS 20000 /* of random damage, a file */

static const JpegRecipe jpegs[] = {
    {"grey", WIDTH, HEIGHT, 1, 80, FALSE, TRUE},
    {"colour", WIDTH, HEIGHT, 3, 80, FALSE, TRUE},
    {"progressive grey", WIDTH, HEIGHT, 1, 80, TRUE, TRUE},
    {"progressive colour", WIDTH, HEIGHT, 3, 80, TRUE, TRUE},
};

static const WebpRecipe webps[] = {
    {"lossy", WIDTH, HEIGHT, FALSE, FALSE, 2, 0, 4, 1, 1, 80},
    {"odd", 33, 17, FALSE, FALSE, 4, 0, 1, 0, 1, 30},
    {"lossless", WIDTH, HEIGHT, TRUE, FALSE, 2, 0, 4, 1, 1, 50},
    {"alpha", WIDTH, HEIGHT, FALSE, TRUE, 2, 0, 4, 1, 1, 80},
    {"raw alpha", 11, 9, FALSE, TRUE, 2, 0, 4, 1, 0, 80},
    {"eight partitions", 100, 300, FALSE, FALSE, 2, 3, 4, 1, 1, 80},
};

typedef struct {
    GByteArray *file;
    SpAuditPromise promise;
    const char *name;
} Good;

/* All small good files, one after the other; FALSE after the last. */
static gboolean
next_good(guint index, Good *ret_good)
{
    if (index < G_N_ELEMENTS(jpegs)) {
        const JpegRecipe *recipe = &jpegs[index];
        *ret_good = (Good){make_jpeg(recipe), jpeg_promise(recipe), recipe->name};
        return TRUE;
    }
    index -= G_N_ELEMENTS(jpegs);
    if (index >= G_N_ELEMENTS(webps))
        return FALSE;
    const WebpRecipe *recipe = &webps[index];
    *ret_good = (Good){make_webp(recipe), webp_promise(recipe), recipe->name};
    return TRUE;
}

/* Cut at every length, for WebP with a RIFF size that is right again, too. */
static void
test_prefixes(void)
{
    Good good = {NULL};

    for (guint i = 0; next_good(i, &good); i++) {
        for (guint n = 0; n < good.file->len; n++) {
            g_autofree char *name = g_strdup_printf("%s, cut to %u", good.name, n);
            g_autoptr(GByteArray) cut =
                g_byte_array_append(g_byte_array_new(), good.file->data, n);
            assert_refused(cut, &good.promise, NULL, name);
            if (good.promise.format != SP_AUDIT_WEBP || n < 8)
                continue;
            write_le(cut->data + 4, 4, n - 8);
            assert_refused(cut, &good.promise, NULL, name);
        }
        g_byte_array_unref(good.file);
    }
}

static void
test_second_file_behind(void)
{
    Good good = {NULL};

    for (guint i = 0; next_good(i, &good); i++) {
        g_autoptr(GByteArray) twice = copy_of(good.file);
        g_byte_array_append(twice, good.file->data, good.file->len);
        assert_refused(twice, &good.promise, NULL, good.name);
        g_byte_array_unref(good.file);
    }
}

static void
test_promises(void)
{
    Good good = {NULL};

    for (guint i = 0; next_good(i, &good); i++) {
        const SpAuditPromise right = good.promise;
        gboolean jpeg = right.format == SP_AUDIT_JPEG;
        guint w = right.width, h = right.height, c = right.components;
        gsize n = good.file->len;
        const struct {
            SpAuditPromise promise;
            const char *words; /* NULL: must pass */
        } cases[] = {
            {{right.format, w, h, c, w, h, n}, NULL},
            {{right.format, w, h, c, w - 1, h, n}, "width is"},
            {{right.format, w, h, c, w, h - 1, n}, "height is"},
            {{right.format, w, h, c, w, h, n - 1}, "bytes, the limit is"},
            {{right.format, w + 1, h, c, w + 1, h, n}, jpeg ? "SOF at byte" : "says"},
            {{right.format, w, h + 1, c, w, h + 1, n}, jpeg ? "SOF at byte" : "says"},
            {{right.format, w - 1, h, c, w, h, n}, "promised is"},
            {{right.format, w, h - 1, c, w, h, n}, "promised is"},
            {{right.format, h, w, c, 300, 300, n}, "promised is"},
            {{right.format, 0, h, c, w, h, n}, "promised size is 0x"},
            {{right.format, w, 0, c, w, h, n}, "promised size is"},
            {{right.format, w + 65536, h, c, G_MAXUINT, h, n}, "promised is"},
            {{right.format, w, h, 0, w, h, n}, "promised are 0 components"},
            {{right.format, w, h, 4, w, h, n}, "promised are 4 components"},
            {{right.format, w, h, 4 - c, w, h, n}, jpeg ? "SOF at byte" : "promised are 1"},
            {{jpeg ? SP_AUDIT_WEBP : SP_AUDIT_JPEG, w, h, 3, w, h, n}, " at byte 0"},
            {{(SpAuditFormat)7, w, h, c, w, h, n}, "no grammar for format 7"},
        };
        for (gsize k = 0; k < G_N_ELEMENTS(cases); k++) {
            if (cases[k].words == NULL)
                assert_passes(good.file, &cases[k].promise, good.name);
            else
                assert_refused(good.file, &cases[k].promise, cases[k].words, good.name);
        }
        g_byte_array_unref(good.file);
    }
}

/* Whatever the bytes: an answer, and an error exactly when it is no. For the sanitizers. */
static void
test_random_damage(void)
{
    Good good = {NULL};

    for (guint i = 0; next_good(i, &good); i++) {
        for (guint round = 0; round < ROUNDS; round++) {
            g_autoptr(GByteArray) file = copy_of(good.file);
            g_autoptr(GError) error = NULL;
            gint head = g_test_rand_bit() ? MIN(400, (gint)file->len) : (gint)file->len;
            for (gint left = g_test_rand_int_range(1, 5); left > 0; left--)
                file->data[g_test_rand_int_range(0, head)] = (guint8)g_test_rand_int();
            if (g_test_rand_bit())
                g_byte_array_set_size(file, (guint)g_test_rand_int_range(0, (gint)file->len));
            if (good.promise.format == SP_AUDIT_WEBP && file->len >= 8)
                write_le(file->data + 4, 4, file->len - 8);
            g_assert_true(audit_copy(file, &good.promise, &error) == (error == NULL));
        }
        g_byte_array_unref(good.file);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/audit/prefixes", test_prefixes);
    g_test_add_func("/audit/second-file-behind", test_second_file_behind);
    g_test_add_func("/audit/promises", test_promises);
    g_test_add_func("/audit/random-damage", test_random_damage);
    return g_test_run();
}
