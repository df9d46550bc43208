/* SPDX-License-Identifier: MIT */
/* explain.c -- the way of a photo, in words.
 *
 * A trace is a list of steps in the order of time, in which variants take turns. People ask
 * another question, "why does this file look as it does?", so each variant's encodes stand
 * together here, and what ended a size stands beside the last encode at it. All that is said is
 * numbers and words of ours: no text comes from the renderer, nor from the photo. */
#include "cmd/explain.h"
#include "cmd/print.h"
#include "cmd/table.h"
#include <string.h>

#define INDENT "    "

static const SpStep *
step_at(const SpReceipt *receipt, guint index)
{
    return g_ptr_array_index(receipt->trace, index);
}

/* The first step of that kind, or NULL. */
static const SpStep *
find(const SpReceipt *receipt, SpStepKind kind)
{
    for (guint i = 0; i < receipt->trace->len; i++)
        if (step_at(receipt, i)->kind == kind)
            return step_at(receipt, i);
    return NULL;
}

/* ---- up to the finished picture ------------------------------------------------------------
 */

static void
append_turn(GString *text, guint orientation)
{
    static const char *const words[] = {
        NULL,
        "upright as it is",
        "mirrored from left to right",
        "turned by a half",
        "mirrored from top to bottom",
        "mirrored, and turned by a quarter to the left",
        "turned by a quarter to the right",
        "mirrored, and turned by a quarter to the right",
        "turned by a quarter to the left",
    };
    if (orientation > 0 && orientation < G_N_ELEMENTS(words))
        g_string_append_printf(text, INDENT "orientation %u: %s\n", orientation,
                               words[orientation]);
}

static const char *
origin_words(const char *origin)
{
    static const char *const words[][2] = {
        {"icc", "by its colour profile"},
        {"cicp", "by its cICP chunk"},
        {"nclx", "by the code points of its coding"},
        {"srgb", "by its sRGB chunk"},
        {"gamma", "by its gAMA and cHRM chunks"},
        {"exif", "by its EXIF"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_strcmp0(origin, words[i][0]) == 0)
            return words[i][1];
    return "for it says nothing else";
}

static void
append_colours(GString *text, const SpStep *step)
{
    if (step == NULL)
        return;
    gboolean grey = strcmp(step->colour, "grey") == 0 && strcmp(step->origin, "none") == 0;
    gboolean stays = grey || strcmp(step->colour, "srgb") == 0;
    g_string_append_printf(text, INDENT "colours: %s, %s%s\n", step->colour,
                           origin_words(step->origin), stays ? "" : "; converted to sRGB");
}

static void
append_sizes(GString *text, const SpReceipt *receipt)
{
    const SpStep *decode = find(receipt, SP_STEP_DECODE);
    const SpStep *resize = find(receipt, SP_STEP_RESIZE);
    if (decode != NULL && decode->width == receipt->input_width &&
        decode->height == receipt->input_height)
        g_string_append_printf(text, INDENT "decoded: %u x %u, all of it\n", decode->width,
                               decode->height);
    else if (decode != NULL)
        g_string_append_printf(text, INDENT "decoded: %u x %u, of %u x %u\n", decode->width,
                               decode->height, receipt->input_width, receipt->input_height);
    if (resize == NULL)
        return;
    g_string_append_printf(text, INDENT "resized: %u x %u, upright", resize->width,
                           resize->height);
    if (resize->linear_light)
        g_string_append(text, ", in linear light");
    if (resize->sharpen > 0)
        g_string_append_printf(text, "; sharpened by %u %% where it was reduced",
                               resize->sharpen);
    g_string_append_c(text, '\n');
}

/* ---- variants ------------------------------------------------------------------------------
 */

static gboolean
is_encode_of(const SpStep *step, const char *variant)
{
    return step->kind == SP_STEP_ENCODE && strcmp(step->variant, variant) == 0;
}

/* What made the variant go on at another size after step number index; NULL: nothing did. */
static const SpStep *
change_after(const SpReceipt *receipt, guint index)
{
    const SpStep *last = step_at(receipt, index), *change = NULL;
    for (guint i = index + 1; i < receipt->trace->len; i++) {
        const SpStep *step = step_at(receipt, i);
        if (step->kind == SP_STEP_SHRINK || step->kind == SP_STEP_GROW)
            change = step;
        if (is_encode_of(step, last->variant))
            return step->width == last->width && step->height == last->height ? NULL : change;
    }
    return NULL;
}

/* Is it the last of its variant, in an upload that did not fit? */
static gboolean
is_end(const SpReceipt *receipt, guint index)
{
    for (guint i = index + 1; i < receipt->trace->len; i++)
        if (is_encode_of(step_at(receipt, i), step_at(receipt, index)->variant))
            return FALSE;
    return g_error_matches(receipt->error, SP_ERROR, SP_ERROR_CANNOT_FIT);
}

static void
append_change(GString *text, const SpStep *change, const char *variant)
{
    if (change->kind == SP_STEP_GROW)
        g_string_append(text, "; smaller than it need be");
    else if (strcmp(change->variant, variant) == 0)
        g_string_append(text, "; no quality would fit");
    else
        g_string_append_printf(text, "; %s does not fit", change->variant);
    g_string_append_printf(text, ", on with %u x %u", change->width, change->height);
}

static char *
verdict(const SpReceipt *receipt, guint index)
{
    const SpStep *step = step_at(receipt, index), *change = change_after(receipt, index);
    gboolean over = step->bytes > step->max_bytes;
    GString *text = g_string_new(step->kept ? "kept" : over ? "too large" : "fits");
    if (step->score >= 0)
        g_string_append_printf(text, ", score %.1f, wanted %.1f", step->score, step->wanted);
    if (change != NULL)
        append_change(text, change, step->variant);
    else if (over && is_end(receipt, index))
        g_string_append(text, ", and it must be no smaller");
    return g_string_free(text, FALSE);
}

static char *
how(const SpStep *step)
{
    const char *chroma = step->full_chroma ? " 4:4:4" : "";
    return g_strdup_printf("q%.5g%s", step->quality, chroma);
}

static void
append_variant(GString *text, const SpReceipt *receipt, const SpStep *first)
{
    enum { N_COLUMNS = 6, RIGHT = 1 << 2 | 1 << 3 | 1 << 4 };
    g_autoptr(GPtrArray) cells = sp_table_new();
    g_autofree char *limit = sp_print_count(first->max_bytes);
    g_string_append_printf(text, INDENT "%s, at most %s bytes:\n", first->variant, limit);
    for (guint i = 0; i < receipt->trace->len; i++) {
        const SpStep *step = step_at(receipt, i);
        if (!is_encode_of(step, first->variant))
            continue;
        g_autofree char *bytes = sp_print_count(step->bytes);
        double fill = 100.0 * (double)step->bytes / (double)step->max_bytes;
        g_ptr_array_add(cells, g_strdup("  "));
        g_ptr_array_add(cells, how(step));
        g_ptr_array_add(cells, g_strdup_printf("%u x %u", step->width, step->height));
        g_ptr_array_add(cells, g_strdup_printf("%s bytes", bytes));
        g_ptr_array_add(cells, g_strdup_printf("%.1f %%", fill));
        g_ptr_array_add(cells, verdict(receipt, i));
    }
    sp_table_append(text, cells, N_COLUMNS, RIGHT);
}

/* Of its variant. */
static gboolean
is_first(const SpReceipt *receipt, guint index)
{
    const SpStep *step = step_at(receipt, index);
    if (step->kind != SP_STEP_ENCODE)
        return FALSE;
    for (guint i = 0; i < index; i++)
        if (is_encode_of(step_at(receipt, i), step->variant))
            return FALSE;
    return TRUE;
}

void
sp_explain_append(GString *text, const SpReceipt *receipt)
{
    if (receipt->trace == NULL || receipt->trace->len == 0)
        return;
    append_turn(text, receipt->orientation);
    append_colours(text, find(receipt, SP_STEP_COLOUR));
    append_sizes(text, receipt);
    for (guint i = 0; i < receipt->trace->len; i++)
        if (is_first(receipt, i))
            append_variant(text, receipt, step_at(receipt, i));
    if (receipt->trace_cut)
        g_string_append(text, INDENT "and more, which is not told\n");
}
