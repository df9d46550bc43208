/* SPDX-License-Identifier: MIT */
/* walk-files.h -- walking small files that are put together from literals.
 *
 * For the tests of the walkers of PNG, WebP and GIF. One table has what is taken, with the slim
 * view to the byte, one what is refused. Each file of both is also walked cut after every byte,
 * in a block of exactly its size, and the slim view of each slim view must be itself, with
 * nothing to tell of it. No pixel is decoded; that slim views decode to the same pixels is
 * tested with the renderer. */
#ifndef SP_TESTS_WALK_FILES_H
#define SP_TESTS_WALK_FILES_H
#include <glib.h>
#include <string.h>

#include "container/walk.h"
#include "data/told.h"
#include "storyphoto.h"

#define TEXT(text) (text), sizeof(text) - 1

typedef struct {
    const char *name;
    const char *bytes;
    gsize n;
    const char *slim;
    gsize n_slim;
    guint64 carriers; /* what is told: CARRIER() bits */
    gboolean cut;
} WalkTaken;

typedef struct {
    const char *name;
    const char *bytes;
    gsize n;
    int code;         /* SpErrorCode */
    const char *word; /* stands in the message */
    guint64 carriers; /* what is told all the same */
} WalkRefused;

/* Walk a copy of exactly n bytes; *ret_copy owns it and must outlive the walk. *ret_carriers
 * is what is told. */
static inline gboolean
walk_told(SpWalkFunc func, const char *bytes, gsize n, guint8 **ret_copy, guint64 *ret_carriers,
          SpWalk *ret_walk, GError **error)
{
    *ret_copy = n > 0 ? g_memdup2(bytes, n) : g_malloc(1);
    Told told = told_of(*ret_copy, n);
    gboolean ok = func(*ret_copy, n, note_told, &told, ret_walk, error);
    *ret_carriers = told.carriers;
    return ok;
}

static inline gboolean
walk_copy(SpWalkFunc func, const char *bytes, gsize n, guint8 **ret_copy, SpWalk *ret_walk,
          GError **error)
{
    guint64 carriers = 0;
    return walk_told(func, bytes, n, ret_copy, &carriers, ret_walk, error);
}

static inline GBytes *
join_slim(const SpWalk *walk)
{
    g_autoptr(GError) error = NULL;
    GBytes *joined = sp_slim_join(walk->slim, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_bytes_get_size(joined), ==, sp_slim_size(walk->slim));
    return joined;
}

/* Whatever a cut file gives, it gives it without a read past its end. Its slim view is a whole
 * file: walked again it is itself, uncut, and all of it picture. */
static inline void
assert_all_cuts(SpWalkFunc func, const char *bytes, gsize n)
{
    for (gsize cut = 0; cut < n; cut++) {
        g_autofree guint8 *copy = NULL;
        g_autofree guint8 *copy2 = NULL;
        g_auto(SpWalk) walk = {0};
        g_auto(SpWalk) again = {0};
        g_autoptr(GError) error = NULL;
        gboolean ok = walk_copy(func, bytes, cut, &copy, &walk, &error);
        g_assert_cmpint(ok, ==, error == NULL);
        g_assert_cmpint(ok, ==, walk.slim != NULL);
        if (!ok)
            continue;
        g_autoptr(GBytes) slim = join_slim(&walk);
        gsize n_slim = 0;
        const void *p = g_bytes_get_data(slim, &n_slim);
        guint64 carriers = 0;
        walk_told(func, p, n_slim, &copy2, &carriers, &again, &error);
        g_assert_no_error(error);
        g_assert_cmphex(carriers, ==, 0);
        g_autoptr(GBytes) slimmer = join_slim(&again);
        g_assert_true(g_bytes_equal(slim, slimmer));
        g_assert_false(again.cut);
    }
}

static inline void
assert_taken(SpWalkFunc func, const WalkTaken *cases, gsize n_cases)
{
    for (gsize i = 0; i < n_cases; i++) {
        g_autofree guint8 *copy = NULL;
        g_auto(SpWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        g_test_message("%s", cases[i].name);
        guint64 carriers = 0;
        walk_told(func, cases[i].bytes, cases[i].n, &copy, &carriers, &walk, &error);
        g_assert_no_error(error);
        g_autoptr(GBytes) slim = join_slim(&walk);
        gsize n = 0;
        const void *bytes = g_bytes_get_data(slim, &n);
        g_assert_cmpmem(bytes, n, cases[i].slim, cases[i].n_slim);
        g_assert_cmphex(carriers, ==, cases[i].carriers);
        g_assert_cmpint(walk.cut, ==, cases[i].cut);
        assert_all_cuts(func, cases[i].bytes, cases[i].n);
        assert_all_cuts(func, cases[i].slim, cases[i].n_slim);
    }
}

static inline void
assert_refused(SpWalkFunc func, const WalkRefused *cases, gsize n_cases)
{
    for (gsize i = 0; i < n_cases; i++) {
        g_autofree guint8 *copy = NULL;
        g_auto(SpWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        g_test_message("%s", cases[i].name);
        guint64 carriers = 0;
        g_assert_false(
            walk_told(func, cases[i].bytes, cases[i].n, &copy, &carriers, &walk, &error));
        g_assert_error(error, SP_ERROR, cases[i].code);
        if (strstr(error->message, cases[i].word) == NULL)
            g_error("%s: '%s' has no '%s'", cases[i].name, error->message, cases[i].word);
        g_assert_null(walk.slim);
        g_assert_cmphex(carriers, ==, cases[i].carriers);
        assert_all_cuts(func, cases[i].bytes, cases[i].n);
    }
}

/* What is told of a file, in order: carrier, kind, bytes in the file, content. Picture data
 * are left out. ok: is it taken? */
static inline void
assert_parts(SpWalkFunc func, const char *bytes, gsize n, gboolean ok, const char *expected)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    g_auto(SpWalk) walk = {0};
    Told told = told_of((const guint8 *)bytes, n);

    told.parts = seen;
    g_assert_cmpint(func((const guint8 *)bytes, n, note_told, &told, &walk, NULL), ==, ok);
    g_assert_cmpstr(seen->str, ==, expected);
}
#endif
