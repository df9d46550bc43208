/* SPDX-License-Identifier: MIT */
/* test-wire-trace.c -- a table of traces, each spoiled in one way, and what must come of it.
 *
 * As test-wire.c does: each case starts from the same good trace. */
#include "base/error.h"
#include "sandbox/wire.h"
#include <math.h>
#include <string.h>

enum { COLOUR, DECODE, RESIZE, TOO_LARGE, SHRINK, OTHER, KEPT, GROW, N_STEPS };

typedef struct {
    SpWireRequest request;
    SpWireAnswer answer;
    SpWireStep *steps; /* of answer */
} Pair;

static void
make_pair(Pair *pair)
{
    static const SpWireStep steps[N_STEPS] = {
        [COLOUR] = {.kind = SP_STEP_COLOUR,
                    .colour = SP_COLOUR_DISPLAY_P3,
                    .origin = SP_ORIGIN_ICC},
        [DECODE] = {.kind = SP_STEP_DECODE, .width = 2000, .height = 1500},
        [RESIZE] = {.kind = SP_STEP_RESIZE, .width = 1024, .height = 768},
        [TOO_LARGE] = {.kind = SP_STEP_ENCODE,
                       .variant = 1,
                       .width = 1024,
                       .height = 768,
                       .bytes = 5000,
                       .quality = 80},
        [SHRINK] = {.kind = SP_STEP_SHRINK, .variant = 1, .width = 800, .height = 600},
        [OTHER] = {.kind = SP_STEP_ENCODE,
                   .width = 800,
                   .height = 600,
                   .bytes = 3000,
                   .quality = 80,
                   .score = 71.5,
                   .wanted = 75,
                   .flags = SP_WIRE_STEP_KEPT | SP_WIRE_STEP_SCORED},
        [KEPT] = {.kind = SP_STEP_ENCODE,
                  .variant = 1,
                  .width = 800,
                  .height = 600,
                  .bytes = 4000,
                  .quality = 61.25,
                  .flags = SP_WIRE_STEP_KEPT | SP_WIRE_STEP_FULL_CHROMA},
        [GROW] = {.kind = SP_STEP_GROW, .variant = 0, .width = 900, .height = 675},
    };
    memset(pair, 0, sizeof *pair);
    pair->steps = pair->answer.trace.steps;
    pair->request.n_variants = 2;
    pair->request.explain = 1;
    pair->answer.trace.n = N_STEPS;
    memcpy(pair->steps, steps, sizeof steps);
    for (guint i = 0; i < 2; i++)
        pair->answer.files[i] =
            (SpWireFile){.length = 3000, .width = 800, .height = 600, .quality = 80};
    pair->answer.files[1].length = 4000;
    pair->answer.files[1].quality = 61.25;
}

/* A refusal keeps nothing. */
static void
make_refusal(Pair *p)
{
    p->answer.code = SP_ERROR_CANNOT_FIT;
    p->steps[OTHER].flags = p->steps[KEPT].flags = 0;
    p->steps[OTHER].score = p->steps[OTHER].wanted = 0;
}

static void
fill(Pair *p)
{
    for (guint i = N_STEPS; i < SP_WIRE_STEPS; i++)
        p->steps[i] = p->steps[TOO_LARGE];
    p->answer.trace.n = SP_WIRE_STEPS;
}

typedef struct {
    const char *name;
    void (*spoil)(Pair *p);
    gboolean good;
} Case;

#define SPOIL(name, ...)                                                                       \
    static void name(Pair *p)                                                                  \
    {                                                                                          \
        __VA_ARGS__;                                                                           \
    }

SPOIL(nothing, (void)p)
SPOIL(refused, make_refusal(p))
SPOIL(empty, p->answer.trace.n = 0)
SPOIL(not_asked, p->request.explain = 0; p->answer.trace.n = 0)
SPOIL(full, fill(p))
SPOIL(cut, fill(p); p->answer.trace.cut = 1)
SPOIL(behind_the_last, p->steps[N_STEPS].kind = G_MAXUINT32)
SPOIL(largest, p->steps[TOO_LARGE].bytes = G_MAXINT64; p->steps[TOO_LARGE].width = 65535)
SPOIL(worst, p->steps[OTHER].score = 0)
SPOIL(not_kept, p->steps[KEPT].flags = 0)

SPOIL(unwanted, p->request.explain = 0)
SPOIL(unwanted_cut, p->request.explain = 0; p->answer.trace.n = 0; p->answer.trace.cut = 1)
SPOIL(too_many, fill(p); p->answer.trace.n++)
SPOIL(far_too_many, p->answer.trace.n = G_MAXUINT32)
SPOIL(cut_2, fill(p); p->answer.trace.cut = 2)
SPOIL(cut_early, p->answer.trace.cut = 1)
SPOIL(kind_0, p->steps[DECODE].kind = 0)
SPOIL(kind_last, p->steps[DECODE].kind = SP_STEP_GROW + 1)
SPOIL(kind_huge, p->steps[GROW].kind = G_MAXUINT32)
SPOIL(reserved, p->steps[RESIZE].reserved = 1)
SPOIL(variant_2, p->steps[TOO_LARGE].variant = 2)
SPOIL(variant_huge, p->steps[SHRINK].variant = G_MAXUINT32)
SPOIL(variant_of_none, p->steps[RESIZE].variant = 1)
SPOIL(no_width, p->steps[RESIZE].width = 0)
SPOIL(no_height, p->steps[SHRINK].height = 0)
SPOIL(wide, p->steps[DECODE].width = 65536)
SPOIL(high, p->steps[KEPT].height = G_MAXUINT32)
SPOIL(sized_colour, p->steps[COLOUR].width = 1)
SPOIL(colour_last, p->steps[COLOUR].colour = SP_COLOUR_COUNT)
SPOIL(origin_last, p->steps[COLOUR].origin = SP_ORIGIN_COUNT)
SPOIL(coloured_size, p->steps[RESIZE].colour = 1)
SPOIL(coloured_encode, p->steps[TOO_LARGE].origin = 1)
SPOIL(no_bytes, p->steps[TOO_LARGE].bytes = 0)
SPOIL(bytes_huge, p->steps[TOO_LARGE].bytes = (guint64)G_MAXINT64 + 1)
SPOIL(bytes_of_size, p->steps[DECODE].bytes = 1)
SPOIL(quality_nan, p->steps[TOO_LARGE].quality = (double)NAN)
SPOIL(quality_inf, p->steps[TOO_LARGE].quality = (double)INFINITY)
SPOIL(quality_101, p->steps[TOO_LARGE].quality = 101)
SPOIL(quality_negative, p->steps[TOO_LARGE].quality = -1)
SPOIL(quality_of_size, p->steps[SHRINK].quality = 80)
SPOIL(quality_minus_0, p->steps[SHRINK].quality = -0.0)
SPOIL(score_nan, p->steps[OTHER].score = (double)NAN)
SPOIL(score_101, p->steps[OTHER].score = 101)
SPOIL(score_negative, p->steps[OTHER].score = -1)
SPOIL(wanted_101, p->steps[OTHER].wanted = 101)
SPOIL(wanted_unsaid, p->steps[KEPT].wanted = 50)
SPOIL(score_unsaid, p->steps[KEPT].score = 50)
SPOIL(score_unsaid_nan, p->steps[KEPT].score = (double)NAN)
SPOIL(flags_unknown, p->steps[TOO_LARGE].flags = SP_WIRE_STEP_FULL_CHROMA << 1)
SPOIL(flags_of_size, p->steps[GROW].flags = SP_WIRE_STEP_FULL_CHROMA)
SPOIL(kept_twice, p->steps[TOO_LARGE] = p->steps[KEPT])
SPOIL(kept_in_refusal, p->answer.code = SP_ERROR_CANNOT_FIT)
SPOIL(kept_other_bytes, p->steps[KEPT].bytes++)
SPOIL(kept_other_width, p->steps[KEPT].width++)
SPOIL(kept_other_height, p->steps[KEPT].height--)
SPOIL(kept_other_quality, p->steps[KEPT].quality = 61)
SPOIL(kept_other_variant, p->steps[KEPT].variant = 0; p->steps[OTHER].flags = 0;
      p->steps[OTHER].score = p->steps[OTHER].wanted = 0)

/* clang-format off */
#define GOOD(name) {#name, name, TRUE}
#define BAD(name) {#name, name, FALSE}
/* clang-format on */

static const Case cases[] = {
    GOOD(nothing),
    GOOD(refused),
    GOOD(empty),
    GOOD(not_asked),
    GOOD(full),
    GOOD(cut),
    GOOD(behind_the_last),
    GOOD(largest),
    GOOD(worst),
    GOOD(not_kept),
    BAD(unwanted),
    BAD(unwanted_cut),
    BAD(too_many),
    BAD(far_too_many),
    BAD(cut_2),
    BAD(cut_early),
    BAD(kind_0),
    BAD(kind_last),
    BAD(kind_huge),
    BAD(reserved),
    BAD(variant_2),
    BAD(variant_huge),
    BAD(variant_of_none),
    BAD(no_width),
    BAD(no_height),
    BAD(wide),
    BAD(high),
    BAD(sized_colour),
    BAD(colour_last),
    BAD(origin_last),
    BAD(coloured_size),
    BAD(coloured_encode),
    BAD(no_bytes),
    BAD(bytes_huge),
    BAD(bytes_of_size),
    BAD(quality_nan),
    BAD(quality_inf),
    BAD(quality_101),
    BAD(quality_negative),
    BAD(quality_of_size),
    BAD(quality_minus_0),
    BAD(score_nan),
    BAD(score_101),
    BAD(score_negative),
    BAD(wanted_101),
    BAD(wanted_unsaid),
    BAD(score_unsaid),
    BAD(score_unsaid_nan),
    BAD(flags_unknown),
    BAD(flags_of_size),
    BAD(kept_twice),
    BAD(kept_in_refusal),
    BAD(kept_other_bytes),
    BAD(kept_other_width),
    BAD(kept_other_height),
    BAD(kept_other_quality),
    BAD(kept_other_variant),
};

static void
test_trace(gconstpointer data)
{
    const Case *c = data;
    g_autoptr(GError) error = NULL;
    g_autofree Pair *pair = g_new(Pair, 1);
    make_pair(pair);
    c->spoil(pair);
    gboolean taken = sp_wire_check_trace(&pair->request, &pair->answer, &error);
    if (c->good)
        g_assert_no_error(error);
    else
        g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
    g_assert_cmpint(taken, ==, c->good);
}

/* An answer is not taken when its trace is not. */
static void
test_answer(void)
{
    g_autofree SpWireRequest *request = g_new0(SpWireRequest, 1);
    g_autofree SpWireAnswer *answer = g_new0(SpWireAnswer, 1);
    g_autoptr(GError) refusal = g_error_new_literal(SP_ERROR, SP_ERROR_CORRUPT, "no good");
    g_autoptr(GError) error = NULL;
    request->n_variants = 1;
    sp_wire_answer_error(answer, refusal);
    g_assert_true(sp_wire_check_answer(request, answer, NULL));
    answer->trace.n = 1;
    g_assert_false(sp_wire_check_answer(request, answer, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
}

static void
test_words(void)
{
    g_assert_cmpstr(sp_wire_origin_word(SP_ORIGIN_NOTHING), ==, "none");
    for (guint i = 0; i < SP_ORIGIN_COUNT; i++)
        g_assert_nonnull(sp_wire_origin_word(i));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/wire-trace/", cases[i].name, NULL);
        g_test_add_data_func(path, &cases[i], test_trace);
    }
    g_test_add_func("/wire-trace/of-an-answer", test_answer);
    g_test_add_func("/wire-trace/words", test_words);
    return g_test_run();
}
