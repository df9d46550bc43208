/* SPDX-License-Identifier: MIT */
/* test-explain.c -- the words for a photo's way. */
#include "base/error.h"
#include "cmd/explain.h"
#include <string.h>

static char webp[] = "webp", jpeg[] = "jpeg";

#define FULL 1024, 768
#define SMALL 800, 600

static SpStep
encode(char *variant, guint width, guint height, double quality, guint64 bytes, gboolean kept)
{
    return (SpStep){
        .kind = SP_STEP_ENCODE,
        .variant = variant,
        .width = width,
        .height = height,
        .quality = quality,
        .bytes = bytes,
        .max_bytes = 30000,
        .score = -1,
        .kept = kept,
    };
}

static SpStep
size(SpStepKind kind, char *variant, guint width, guint height)
{
    return (SpStep){.kind = kind, .variant = variant, .width = width, .height = height};
}

/* What is said of n steps. */
static char *
explain(SpReceipt *receipt, SpStep *steps, guint n)
{
    g_autoptr(GPtrArray) trace = g_ptr_array_new();
    for (guint i = 0; i < n; i++)
        g_ptr_array_add(trace, &steps[i]);
    receipt->trace = trace;
    GString *text = g_string_new(NULL);
    sp_explain_append(text, receipt);
    receipt->trace = NULL;
    return g_string_free(text, FALSE);
}

static void
test_nothing(void)
{
    SpReceipt receipt = {.orientation = 1};
    g_autoptr(GString) text = g_string_new(NULL);
    sp_explain_append(text, &receipt);
    g_assert_cmpstr(text->str, ==, "");
    g_autofree char *none = explain(&receipt, NULL, 0);
    g_assert_cmpstr(none, ==, "");
}

/* All that can be said, in one photo. */
static void
test_all(void)
{
    SpReceipt receipt = {.orientation = 6, .input_width = 4032, .input_height = 3024};
    SpStep steps[] = {
        {.kind = SP_STEP_COLOUR, .colour = "display-p3", .origin = "icc"},
        size(SP_STEP_DECODE, NULL, 2016, 1512),
        size(SP_STEP_RESIZE, NULL, FULL),
        encode(webp, FULL, 80, 21000, FALSE),
        encode(jpeg, FULL, 80, 45000, FALSE),
        encode(jpeg, FULL, 45, 33000, FALSE),
        size(SP_STEP_SHRINK, jpeg, SMALL),
        encode(webp, SMALL, 80, 18000, TRUE),
        encode(jpeg, SMALL, 60, 20000, FALSE),
        encode(jpeg, SMALL, 71.25, 29997, TRUE),
    };
    g_autofree char *text = explain(&receipt, steps, G_N_ELEMENTS(steps));
    g_assert_cmpstr(
        text, ==,
        "    orientation 6: turned by a quarter to the right\n"
        "    colours: display-p3, by its colour profile; converted to sRGB\n"
        "    decoded: 2016 x 1512, of 4032 x 3024\n"
        "    resized: 1024 x 768, upright\n"
        "    webp, at most 30 000 bytes:\n"
        "      q80  1024 x 768  21 000 bytes  70.0 %  fits; jpeg does not fit, on with 800 x "
        "600\n"
        "      q80   800 x 600  18 000 bytes  60.0 %  kept\n"
        "    jpeg, at most 30 000 bytes:\n"
        "      q80     1024 x 768  45 000 bytes  150.0 %  too large\n"
        "      q45     1024 x 768  33 000 bytes  110.0 %  too large; no quality would fit, on "
        "with 800 x 600\n"
        "      q60      800 x 600  20 000 bytes   66.7 %  fits\n"
        "      q71.25   800 x 600  29 997 bytes  100.0 %  kept\n");
}

static void
test_looks(void)
{
    SpReceipt receipt = {.trace_cut = TRUE};
    SpStep steps[] = {
        size(SP_STEP_RESIZE, NULL, FULL),     encode(webp, FULL, 70, 15000, FALSE),
        encode(webp, FULL, 100, 12000, TRUE), encode(jpeg, SMALL, 75, 20000, FALSE),
        size(SP_STEP_GROW, jpeg, FULL),       encode(jpeg, FULL, 75, 29000, TRUE),
    };
    steps[0].sharpen = 20;
    steps[0].linear_light = TRUE;
    steps[1].score = 71.26;
    steps[1].wanted = 74.5;
    steps[5].full_chroma = TRUE;
    g_autofree char *text = explain(&receipt, steps, G_N_ELEMENTS(steps));
    g_assert_nonnull(strstr(text, "    resized: 1024 x 768, upright, in linear light; "
                                  "sharpened by 20 % where it was reduced\n"));
    g_assert_nonnull(strstr(text, " q70  "));
    g_assert_nonnull(strstr(text, "  fits, score 71.3, wanted 74.5\n"));
    g_assert_nonnull(strstr(text, " 1024 x 768  12 000 bytes  40.0 %  kept\n"));
    g_assert_nonnull(strstr(text, "fits; smaller than it need be, on with 1024 x 768\n"));
    g_assert_nonnull(strstr(text, " q75 4:4:4  1024 x 768  "));
    g_assert_true(g_str_has_suffix(text, "    and more, which is not told\n"));
    g_assert_null(strstr(text, "orientation"));
}

static void
test_refused(void)
{
    g_autoptr(GError) error = g_error_new_literal(SP_ERROR, SP_ERROR_CANNOT_FIT, "x");
    SpReceipt receipt = {.error = error};
    SpStep steps[] = {
        encode(webp, SMALL, 80, 10000, FALSE),
        encode(jpeg, SMALL, 80, 45000, FALSE),
        encode(jpeg, SMALL, 45, 33000, FALSE),
    };
    g_autofree char *text = explain(&receipt, steps, G_N_ELEMENTS(steps));
    g_assert_nonnull(strstr(text, "33.3 %  fits\n"));
    g_assert_nonnull(strstr(text, "150.0 %  too large\n"));
    g_assert_nonnull(strstr(text, "110.0 %  too large, and it must be no smaller\n"));
}

static void
test_beginnings(void)
{
    static const struct {
        guint orientation;
        const char *colour, *origin;
        const char *parts[2];
    } cases[] = {
        {1,
         "srgb",
         "none",
         {"1: upright as it is\n", "colours: srgb, for it says nothing else\n"}},
        {2,
         "srgb",
         "icc",
         {"2: mirrored from left to right\n", "srgb, by its colour profile\n"}},
        {3,
         "rec2020",
         "cicp",
         {"3: turned by a half\n", "by its cICP chunk; converted to sRGB"}},
        {4,
         "pq",
         "nclx",
         {"4: mirrored from top to bottom\n", "by the code points of its coding"}},
        {5,
         "srgb",
         "srgb",
         {"5: mirrored, and turned by a quarter to the left", "sRGB chunk\n"}},
        {7, "profile", "gamma", {"7: mirrored, and turned by a quarter to the right", "gAMA"}},
        {8, "adobe-rgb", "exif", {"8: turned by a quarter to the left\n", "by its EXIF; conv"}},
        {1, "cmyk", "none", {"upright", "cmyk, for it says nothing else; converted to sRGB\n"}},
        {1, "grey", "none", {"upright", "grey, for it says nothing else\n"}},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpReceipt receipt = {
            .orientation = cases[i].orientation, .input_width = 8, .input_height = 6};
        SpStep steps[] = {
            {.kind = SP_STEP_COLOUR, .colour = cases[i].colour, .origin = cases[i].origin},
            size(SP_STEP_DECODE, NULL, 8, 6),
        };
        g_autofree char *text = explain(&receipt, steps, G_N_ELEMENTS(steps));
        for (guint k = 0; k < 2; k++)
            g_assert_nonnull(strstr(text, cases[i].parts[k]));
        g_assert_nonnull(strstr(text, "decoded: 8 x 6, all of it\n"));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/explain/nothing", test_nothing);
    g_test_add_func("/explain/all", test_all);
    g_test_add_func("/explain/looks", test_looks);
    g_test_add_func("/explain/refused", test_refused);
    g_test_add_func("/explain/beginnings", test_beginnings);
    return g_test_run();
}
