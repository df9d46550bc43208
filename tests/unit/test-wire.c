/* SPDX-License-Identifier: MIT */
/* test-wire.c -- a table of answers, each spoiled in one way, and what must come of it.
 *
 * Every case starts from the same good answer, so a check that is missing lets its case
 * through, and a check that is too strict fails the cases that are good. */
#include "base/error.h"
#include "sandbox/path.h"
#include "sandbox/wire.h"
#include <math.h>
#include <string.h>

#define ID 7

typedef struct {
    SpWireRequest request;
    SpWireAnswer answer;
} Pair;

static void
make_pair(Pair *pair)
{
    memset(pair, 0, sizeof *pair);
    pair->request.n_variants = 3;
    pair->request.input_size = 5000;
    pair->request.limits.max_upload = 10000;
    sp_wire_header_init(&pair->answer.header, SP_WIRE_ANSWER, ID);
    pair->answer.width = 4000;
    pair->answer.height = 3000;
    pair->answer.orientation = 6;
    pair->answer.colour = SP_COLOUR_DISPLAY_P3;
    pair->answer.removed = SP_CATEGORY_LOCATION | SP_CATEGORY_TRAILING;
    pair->answer.input_bytes = 5000;
    pair->answer.n_thumbhash = SP_WIRE_THUMBHASH;
    pair->answer.n_files = 3;
    for (guint i = 0; i < 3; i++) {
        pair->request.variants[i] =
            (SpVariant){.width = 1024, .max_height = 800, .max_bytes = 4096, .quality = 80};
        pair->answer.files[i] = (SpWireFile){
            .offset = 4096ul * (2 - i),
            .length = 4096,
            .width = 1024,
            .height = 768,
            .quality = 80,
            .encodes = 1,
            .components = 3,
        };
    }
    pair->request.output_size = sp_wire_output_size(pair->request.variants, 3);
}

static void
make_refusal(Pair *pair)
{
    g_autoptr(GError) error = NULL;
    sp_throw(&error, SP_ERROR_CORRUPT, "no good");
    sp_wire_answer_error(&pair->answer, error);
}

/* One case: `how` spoils p, a Pair *. Generated as functions by SPOIL(). */
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
SPOIL(refused_vast, make_refusal(p); p->answer.width = p->answer.height = G_MAXUINT32)
SPOIL(refused_unknown, make_refusal(p); p->answer.width = p->answer.height = 0;
      p->answer.orientation = 0; p->answer.input_bytes = 0)
SPOIL(grey, p->answer.files[1].components = 1)
SPOIL(smallest,
      p->answer.files[0].length = p->answer.files[0].width = p->answer.files[0].height = 1)
SPOIL(piped, p->request.input_is_pipe = 1; p->request.input_size = 0;
      p->answer.input_bytes = 10000)
SPOIL(piped_over, make_refusal(p); p->request.input_is_pipe = 1; p->answer.input_bytes = 10001)
SPOIL(all_removed, p->answer.removed = (1u << SP_CATEGORY_COUNT) - 1)
SPOIL(last_byte, p->answer.files[0].offset = p->request.output_size - 4096)

SPOIL(code_last, make_refusal(p); p->answer.code = SP_ERROR_LAST)
SPOIL(code_huge, make_refusal(p); p->answer.code = G_MAXUINT32)
SPOIL(code_interrupted, make_refusal(p); p->answer.code = SP_ERROR_INTERRUPTED)
SPOIL(code_no_space, make_refusal(p); p->answer.code = SP_ERROR_NO_SPACE)
SPOIL(code_crashed, make_refusal(p); p->answer.code = SP_ERROR_DECODER_CRASHED)
SPOIL(success_with_message, p->answer.message[0] = 'x')
SPOIL(refusal_without, make_refusal(p); p->answer.message[0] = '\0')
SPOIL(refusal_with_files, make_refusal(p); p->answer.n_files = 3)
SPOIL(unterminated, make_refusal(p); memset(p->answer.message, 'x', sizeof p->answer.message))
SPOIL(not_utf8, make_refusal(p); p->answer.message[0] = '\xff')
SPOIL(cut_utf8, make_refusal(p); strcpy(p->answer.message, "caf\xc3"))
SPOIL(no_width, p->answer.width = 0)
SPOIL(no_height, p->answer.height = 0)
SPOIL(wide, p->answer.width = 65536)
SPOIL(high, p->answer.height = G_MAXUINT32)
SPOIL(orientation_0, p->answer.orientation = 0)
SPOIL(orientation_9, p->answer.orientation = 9)
SPOIL(colour, p->answer.colour = SP_COLOUR_COUNT)
SPOIL(removed, p->answer.removed |= 1u << SP_CATEGORY_COUNT)
SPOIL(thumbhash, p->answer.n_thumbhash = SP_WIRE_THUMBHASH + 1)
SPOIL(miscounted, p->answer.input_bytes = 4999)
SPOIL(piped_far_over, p->request.input_is_pipe = 1; p->answer.input_bytes = 10002)
SPOIL(too_few, p->answer.n_files = 2)
SPOIL(too_many, p->answer.n_files = 4)
SPOIL(far_too_many, p->answer.n_files = G_MAXUINT32)
SPOIL(no_files, p->answer.n_files = 0)
SPOIL(empty_file, p->answer.files[2].length = 0)
SPOIL(over_budget, p->answer.files[2].length = 4097)
SPOIL(huge_file, p->answer.files[2].length = G_MAXUINT64)
SPOIL(beyond, p->answer.files[0].offset = p->request.output_size - 4095)
SPOIL(at_end, p->answer.files[0].offset = p->request.output_size)
SPOIL(overflow, p->answer.files[0].offset = G_MAXUINT64 - 4095)
SPOIL(overlap_one, p->answer.files[2].offset++)
SPOIL(overlap_same, p->answer.files[2].offset = p->answer.files[0].offset)
SPOIL(overlap_inside, p->answer.files[2].offset = 4200; p->answer.files[2].length = 1)
SPOIL(file_no_width, p->answer.files[1].width = 0)
SPOIL(file_wide, p->answer.files[1].width = 1025)
SPOIL(file_no_height, p->answer.files[1].height = 0)
SPOIL(file_high, p->answer.files[1].height = 801)
SPOIL(quality_nan, p->answer.files[1].quality = (double)NAN)
SPOIL(quality_inf, p->answer.files[1].quality = (double)INFINITY)
SPOIL(quality_101, p->answer.files[1].quality = 101)
SPOIL(quality_negative, p->answer.files[1].quality = -1)
SPOIL(no_encodes, p->answer.files[1].encodes = 0)
SPOIL(components_4, p->answer.files[1].components = 4)

#define GOOD(name)                                                                             \
    {                                                                                          \
#name, name, TRUE                                                                      \
    }
#define BAD(name)                                                                              \
    {                                                                                          \
#name, name, FALSE                                                                     \
    }

static const Case cases[] = {
    GOOD(nothing),
    GOOD(refused),
    GOOD(refused_vast),
    GOOD(refused_unknown),
    GOOD(grey),
    GOOD(smallest),
    GOOD(piped),
    GOOD(piped_over),
    GOOD(all_removed),
    GOOD(last_byte),
    BAD(code_last),
    BAD(code_huge),
    BAD(code_interrupted),
    BAD(code_no_space),
    BAD(code_crashed),
    BAD(success_with_message),
    BAD(refusal_without),
    BAD(refusal_with_files),
    BAD(unterminated),
    BAD(not_utf8),
    BAD(cut_utf8),
    BAD(no_width),
    BAD(no_height),
    BAD(wide),
    BAD(high),
    BAD(orientation_0),
    BAD(orientation_9),
    BAD(colour),
    BAD(removed),
    BAD(thumbhash),
    BAD(miscounted),
    BAD(piped_far_over),
    BAD(too_few),
    BAD(too_many),
    BAD(far_too_many),
    BAD(no_files),
    BAD(empty_file),
    BAD(over_budget),
    BAD(huge_file),
    BAD(beyond),
    BAD(at_end),
    BAD(overflow),
    BAD(overlap_one),
    BAD(overlap_same),
    BAD(overlap_inside),
    BAD(file_no_width),
    BAD(file_wide),
    BAD(file_no_height),
    BAD(file_high),
    BAD(quality_nan),
    BAD(quality_inf),
    BAD(quality_101),
    BAD(quality_negative),
    BAD(no_encodes),
    BAD(components_4),
};

static void
test_answer(gconstpointer data)
{
    const Case *c = data;
    g_autoptr(GError) error = NULL;
    g_autofree Pair *pair = g_new(Pair, 1);
    make_pair(pair);
    c->spoil(pair);
    gboolean taken = sp_wire_check_answer(&pair->request, &pair->answer, &error);
    if (c->good)
        g_assert_no_error(error);
    else
        g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
    g_assert_cmpint(taken, ==, c->good);
}

static void
expect_header(const SpWireHeader *header, gsize n, gboolean good)
{
    g_autoptr(GError) error = NULL;
    gboolean taken =
        sp_wire_check_header(header, n, SP_WIRE_ANSWER, sizeof(SpWireAnswer), ID, &error);
    g_assert_cmpint(taken, ==, good);
    if (!good)
        g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
}

static void
test_header(void)
{
    SpWireHeader good;
    sp_wire_header_init(&good, SP_WIRE_ANSWER, ID);
    expect_header(&good, sizeof(SpWireAnswer), TRUE);
    for (gsize i = 0; i < 3; i++) /* a length of 0 must not even be looked at */
        expect_header(NULL, i, FALSE);
    expect_header(&good, sizeof(SpWireAnswer) - 1, FALSE);
    expect_header(&good, sizeof(SpWireAnswer) + 1, FALSE);
    /* No byte of a header may be another. */
    for (gsize i = 0; i < sizeof good; i++) {
        SpWireHeader bad = good;
        ((guint8 *)&bad)[i] ^= 0x10;
        expect_header(&bad, sizeof(SpWireAnswer), FALSE);
    }
}

static void
test_hello(void)
{
    g_autofree char *longest = g_strnfill(SP_WIRE_LIBRARIES - 1, '~');
    g_autofree char *longer = g_strnfill(SP_WIRE_LIBRARIES, 'x');
    const char *const texts[] = {NULL, "", "libjpeg-turbo 2.1.5, zimg 3.0.4", longest, longer};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        SpWireHello hello;
        sp_wire_hello_init(&hello, texts[i]);
        g_assert_true(sp_wire_check_hello(&hello, sizeof hello, NULL));
        g_assert_cmpuint(strlen(hello.libraries), ==,
                         MIN(texts[i] == NULL ? 0 : strlen(texts[i]), SP_WIRE_LIBRARIES - 1));
        g_assert_false(sp_wire_check_hello(&hello, sizeof hello - 1, NULL));
        g_assert_false(sp_wire_check_hello(&hello, sizeof hello + 1, NULL));
        g_assert_false(sp_wire_check_hello(&hello, 0, NULL));
        hello.header.id = 1;
        g_assert_false(sp_wire_check_hello(&hello, sizeof hello, NULL));
    }
    static const struct {
        guint at;
        char c;
    } faults[] = {
        {0, '\n'}, {3, '\x1b'}, {3, '\x7f'}, {3, '\xe9'}, {3, '\0'}, {11, 'x'}, {255, 'x'},
    };
    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        SpWireHello hello;
        g_autoptr(GError) error = NULL;
        sp_wire_hello_init(&hello, "zimg 3.0.4");
        hello.libraries[faults[i].at] = faults[i].c;
        g_assert_false(sp_wire_check_hello(&hello, sizeof hello, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
    }
}

static void
test_build_id(void)
{
    SpWireHeader header;
    sp_wire_header_init(&header, SP_WIRE_HELLO, 0);
    g_assert_cmpuint(strspn(header.build_id, "0123456789abcdef"), ==, 24);
    g_assert_cmpuint(strlen(header.build_id), ==, 24);
    g_assert_true(g_path_is_absolute(sp_libexec_dir));
}

static void
test_output_size(void)
{
    SpVariant variants[SP_MAX_VARIANTS];
    for (guint i = 0; i < SP_MAX_VARIANTS; i++)
        variants[i] = (SpVariant){.max_bytes = 16000000};
    g_assert_cmpuint(sp_wire_output_size(variants, 1), >=, 16000000);
    g_assert_cmpuint(sp_wire_output_size(variants, 1) % 4096, ==, 0);
    g_assert_cmpuint(sp_wire_output_size(variants, SP_MAX_VARIANTS), >=, 256000000);
    variants[0].max_bytes = 1;
    g_assert_cmpuint(sp_wire_output_size(variants, 1), <, 100000);
}

static void
test_colour_words(void)
{
    g_assert_cmpstr(sp_wire_colour_word(SP_COLOUR_SRGB), ==, "srgb");
    for (guint i = 0; i < SP_COLOUR_COUNT; i++)
        g_assert_nonnull(sp_wire_colour_word(i));
}

/* However long or broken a message is, what is sent passes the check. */
static void
test_answer_error(void)
{
    g_autofree char *thin = g_strnfill(SP_WIRE_MESSAGE - 1, 'x');
    g_autofree char *full = g_strnfill(SP_WIRE_MESSAGE, 'x');
    g_autofree char *border = g_strconcat(thin, "\xc3\xa9", NULL);
    g_autofree char *inside = g_strconcat(thin + 1, "\xc3\xa9", NULL);
    g_autofree char *four = g_strconcat(thin + 3, "\xf0\x9f\x98\x80", NULL);
    const struct {
        const char *text;
        gsize length; /* as sent */
    } texts[] = {
        {"short", 5},
        {"", 7}, /* "corrupt" */
        {thin, SP_WIRE_MESSAGE - 1},
        {full, SP_WIRE_MESSAGE - 1},
        {border, SP_WIRE_MESSAGE - 1},
        {inside, SP_WIRE_MESSAGE - 2},
        {four, SP_WIRE_MESSAGE - 4},
        {"\xff", 3}, /* U+FFFD */
    };
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree Pair *pair = g_new(Pair, 1);
        g_autoptr(GError) error = NULL;
        g_autoptr(GError) told = g_error_new_literal(SP_ERROR, SP_ERROR_CORRUPT, texts[i].text);
        make_pair(pair);
        sp_wire_answer_error(&pair->answer, told);
        g_assert_cmpuint(strlen(pair->answer.message), ==, texts[i].length);
        g_assert_cmpuint(pair->answer.code, ==, SP_ERROR_CORRUPT);
        g_assert_true(sp_wire_check_answer(&pair->request, &pair->answer, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(pair->answer.width, ==, 4000);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/wire/answer/", cases[i].name, NULL);
        g_test_add_data_func(path, &cases[i], test_answer);
    }
    g_test_add_func("/wire/header", test_header);
    g_test_add_func("/wire/build-id", test_build_id);
    g_test_add_func("/wire/hello", test_hello);
    g_test_add_func("/wire/output-size", test_output_size);
    g_test_add_func("/wire/colour-words", test_colour_words);
    g_test_add_func("/wire/answer-error", test_answer_error);
    return g_test_run();
}
