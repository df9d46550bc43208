/* SPDX-License-Identifier: MIT */
/* test-wire-inspection.c -- a table of inspections, each spoiled in one way, and what must come
 * of it. */
#include "base/carrier.h"
#include "base/error.h"
#include "sandbox/wire.h"
#include <stddef.h>
#include <string.h>

#define ID 7

typedef struct {
    SpWireFileRequest request;
    SpWireInspection inspection;
    gsize n; /* as received */
} Pair;

static void
add_value(Pair *pair, guint32 category, const char *name, gsize n_name, gsize n_value)
{
    SpWireInspection *inspection = &pair->inspection;
    SpWireValue head = {category, (guint16)n_name, (guint16)n_value};
    guint8 *to = inspection->values + inspection->n_values;
    to = mempcpy(to, &head, sizeof head);
    to = mempcpy(to, name, n_name);
    memset(to, 0xFF, n_value);
    inspection->n_values += (guint32)(sizeof head + n_name + n_value);
    pair->n = sp_wire_inspection_size(inspection);
}

static void
make_pair(Pair *pair)
{
    memset(pair, 0, sizeof *pair);
    sp_wire_header_init(&pair->request.header, SP_WIRE_FILE, ID);
    pair->request.values = 1;
    SpWireInspection *inspection = &pair->inspection;
    sp_wire_header_init(&inspection->header, SP_WIRE_INSPECTION, ID);
    inspection->width = 4000;
    inspection->height = 3000;
    inspection->reveals = SP_CATEGORY_LOCATION | SP_CATEGORY_TIME | SP_CATEGORY_COMMENT;
    inspection->n_carriers = 2;
    inspection->carriers[0] = (SpWireCarrier){SP_CARRIER_EXIF, 0xE1,
                                              SP_CATEGORY_LOCATION | SP_CATEGORY_TIME, 1, 5000};
    inspection->carriers[1] =
        (SpWireCarrier){SP_CARRIER_COMMENT, 0xFE, SP_CATEGORY_COMMENT, 3, 60};
    add_value(pair, SP_CATEGORY_LOCATION, "GPSLatitude", 11, 20);
    add_value(pair, SP_CATEGORY_COMMENT, "caf\xc3\xa9", 5, 0);
}

static void
without_values(Pair *pair)
{
    pair->inspection.n_values = 0;
    pair->inspection.values_cut = 0;
    pair->n = offsetof(SpWireInspection, values);
}

static void
make_refusal(Pair *pair)
{
    g_autoptr(GError) error = NULL;
    sp_throw(&error, SP_ERROR_CORRUPT, "no good");
    sp_wire_inspection_error(&pair->inspection, error);
}

static void
fill_rows(Pair *pair)
{
    pair->inspection.n_carriers = SP_WIRE_CARRIERS;
    for (guint i = 2; i < SP_WIRE_CARRIERS; i++)
        pair->inspection.carriers[i] = pair->inspection.carriers[1];
}

static void
fill_values(Pair *pair)
{
    without_values(pair);
    for (guint i = 0; i < 15; i++)
        add_value(pair, SP_CATEGORY_TIME, "n", 1, SP_WIRE_VALUE);
    gsize room = SP_WIRE_VALUES - pair->inspection.n_values - sizeof(SpWireValue);
    add_value(pair, SP_CATEGORY_TIME, "nn", 2, room - 2);
    g_assert_cmpuint(pair->inspection.n_values, ==, SP_WIRE_VALUES);
    pair->inspection.values_cut = 1;
}

/* Replace a field of the first value's head. */
static void
spoil_value(Pair *pair, guint32 category, guint16 n_name, guint16 n_value)
{
    SpWireValue head = {category, n_name, n_value};
    memcpy(pair->inspection.values, &head, sizeof head);
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
SPOIL(no_values, without_values(p))
SPOIL(not_asked, p->request.values = 0; without_values(p))
SPOIL(cut, p->inspection.values_cut = 1)
SPOIL(refused, make_refusal(p))
SPOIL(refused_unknown, make_refusal(p); p->inspection.width = p->inspection.height = 0)
SPOIL(harmless, without_values(p); p->inspection.reveals = p->inspection.n_carriers = 0)
SPOIL(vast, p->inspection.width = p->inspection.height = G_MAXUINT32)
SPOIL(all_rows, fill_rows(p))
SPOIL(all_values, fill_values(p))
SPOIL(last_carrier, p->inspection.carriers[1].carrier = SP_CARRIER_COUNT - 1)
SPOIL(any_kind, p->inspection.carriers[1].kind = G_MAXUINT32)
SPOIL(row_without, p->inspection.carriers[0].reveals = 0;
      p->inspection.reveals = SP_CATEGORY_COMMENT; without_values(p))
SPOIL(most_bytes, p->inspection.carriers[0].bytes = G_MAXINT64)

SPOIL(short_by_one, p->n--)
SPOIL(long_by_one, p->n++)
SPOIL(whole, p->n = sizeof p->inspection)
SPOIL(only_header, p->n = sizeof(SpWireHeader))
SPOIL(no_bytes, p->n = 0)
SPOIL(cut_before_values, p->n = offsetof(SpWireInspection, values) - 1)
SPOIL(values_not_sent, p->n = offsetof(SpWireInspection, values))
SPOIL(wrong_id, p->inspection.header.id++)
SPOIL(wrong_kind, p->inspection.header.kind = SP_WIRE_ANSWER)
SPOIL(wrong_magic, p->inspection.header.magic ^= 1)
SPOIL(wrong_version, p->inspection.header.version++)
SPOIL(wrong_build, p->inspection.header.build_id[3] ^= 1)
SPOIL(code_last, make_refusal(p); p->inspection.code = SP_ERROR_LAST)
SPOIL(code_interrupted, make_refusal(p); p->inspection.code = SP_ERROR_INTERRUPTED)
SPOIL(code_no_space, make_refusal(p); p->inspection.code = SP_ERROR_NO_SPACE)
SPOIL(success_with_message, p->inspection.message[0] = 'x')
SPOIL(refusal_without, make_refusal(p); p->inspection.message[0] = '\0')
SPOIL(unterminated, make_refusal(p);
      memset(p->inspection.message, 'x', sizeof p->inspection.message))
SPOIL(not_utf8, make_refusal(p); p->inspection.message[0] = '\xff')
SPOIL(no_width, p->inspection.width = 0)
SPOIL(no_height, p->inspection.height = 0)
SPOIL(too_many_rows, fill_rows(p); p->inspection.n_carriers++)
SPOIL(far_too_many_rows, p->inspection.n_carriers = G_MAXUINT32)
SPOIL(picture_row, p->inspection.carriers[0].carrier = SP_CARRIER_PICTURE)
SPOIL(unknown_carrier, p->inspection.carriers[0].carrier = SP_CARRIER_COUNT)
SPOIL(vast_carrier, p->inspection.carriers[0].carrier = G_MAXUINT32)
SPOIL(zero_count, p->inspection.carriers[0].count = 0)
SPOIL(negative_bytes, p->inspection.carriers[0].bytes = (guint64)G_MAXINT64 + 1)
SPOIL(unknown_bit, p->inspection.carriers[0].reveals |= 1u << SP_CATEGORY_COUNT;
      p->inspection.reveals |= 1u << SP_CATEGORY_COUNT)
SPOIL(more_than_rows, p->inspection.reveals |= SP_CATEGORY_VIDEO)
SPOIL(less_than_rows, p->inspection.reveals &= ~(guint32)SP_CATEGORY_TIME)
SPOIL(row_forgotten, p->inspection.n_carriers = 1)
SPOIL(values_not_asked, p->request.values = 0)
SPOIL(cut_not_asked, p->request.values = 0; without_values(p); p->inspection.values_cut = 1)
SPOIL(cut_2, p->inspection.values_cut = 2)
SPOIL(too_many_values, p->inspection.n_values = SP_WIRE_VALUES + 1;
      p->n = sp_wire_inspection_size(&p->inspection))
SPOIL(vast_values, p->inspection.n_values = G_MAXUINT32;
      p->n = sp_wire_inspection_size(&p->inspection))
SPOIL(half_head, p->inspection.n_values += 7; p->n += 7)
SPOIL(half_value, p->inspection.n_values -= 1; p->n -= 1)
SPOIL(no_category, spoil_value(p, 0, 11, 20))
SPOIL(two_categories, spoil_value(p, SP_CATEGORY_LOCATION | SP_CATEGORY_TIME, 11, 20))
SPOIL(other_category, spoil_value(p, SP_CATEGORY_VIDEO, 11, 20))
SPOIL(unknown_category, spoil_value(p, 1u << 31, 11, 20))
SPOIL(no_name, spoil_value(p, SP_CATEGORY_LOCATION, 0, 31))
SPOIL(long_name, spoil_value(p, SP_CATEGORY_LOCATION, G_MAXUINT16, 20))
SPOIL(name_not_utf8, p->inspection.values[sizeof(SpWireValue)] = 0xFF)
SPOIL(name_with_nul, p->inspection.values[sizeof(SpWireValue)] = 0)
SPOIL(name_cut, spoil_value(p, SP_CATEGORY_LOCATION, 11, 20);
      memcpy(p->inspection.values + sizeof(SpWireValue) + 10, "\xc3", 1))
SPOIL(long_value, fill_values(p); spoil_value(p, SP_CATEGORY_TIME, 1, SP_WIRE_VALUE + 1))
SPOIL(value_beyond, spoil_value(p, SP_CATEGORY_LOCATION, 11, 4000))
SPOIL(value_shifted, spoil_value(p, SP_CATEGORY_LOCATION, 11, 19))

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
    GOOD(no_values),
    GOOD(not_asked),
    GOOD(cut),
    GOOD(refused),
    GOOD(refused_unknown),
    GOOD(harmless),
    GOOD(vast),
    GOOD(all_rows),
    GOOD(all_values),
    GOOD(last_carrier),
    GOOD(any_kind),
    GOOD(row_without),
    GOOD(most_bytes),
    BAD(short_by_one),
    BAD(long_by_one),
    BAD(whole),
    BAD(only_header),
    BAD(no_bytes),
    BAD(cut_before_values),
    BAD(values_not_sent),
    BAD(wrong_id),
    BAD(wrong_kind),
    BAD(wrong_magic),
    BAD(wrong_version),
    BAD(wrong_build),
    BAD(code_last),
    BAD(code_interrupted),
    BAD(code_no_space),
    BAD(success_with_message),
    BAD(refusal_without),
    BAD(unterminated),
    BAD(not_utf8),
    BAD(no_width),
    BAD(no_height),
    BAD(too_many_rows),
    BAD(far_too_many_rows),
    BAD(picture_row),
    BAD(unknown_carrier),
    BAD(vast_carrier),
    BAD(zero_count),
    BAD(negative_bytes),
    BAD(unknown_bit),
    BAD(more_than_rows),
    BAD(less_than_rows),
    BAD(row_forgotten),
    BAD(values_not_asked),
    BAD(cut_not_asked),
    BAD(cut_2),
    BAD(too_many_values),
    BAD(vast_values),
    BAD(half_head),
    BAD(half_value),
    BAD(no_category),
    BAD(two_categories),
    BAD(other_category),
    BAD(unknown_category),
    BAD(no_name),
    BAD(long_name),
    BAD(name_not_utf8),
    BAD(name_with_nul),
    BAD(name_cut),
    BAD(long_value),
    BAD(value_beyond),
    BAD(value_shifted),
};

/* In a block of its own length, so that a sanitizer sees a look behind the message. */
static void
test_case(gconstpointer data)
{
    const Case *c = data;
    g_autofree Pair *pair = g_new(Pair, 1);
    g_autoptr(GError) error = NULL;
    make_pair(pair);
    c->spoil(pair);
    gsize n = MIN(pair->n, sizeof pair->inspection);
    g_autofree SpWireInspection *received = g_malloc(MAX(n, 1));
    memcpy(received, &pair->inspection, n);
    gboolean taken = sp_wire_check_inspection(&pair->request, received, pair->n, &error);
    g_assert_true(taken == c->good);
    if (!taken)
        g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
    else
        g_assert_no_error(error);
}

/* What was found before the fault stays. */
static void
test_error(void)
{
    g_autofree Pair *pair = g_new(Pair, 1);
    make_pair(pair);
    make_refusal(pair);
    g_assert_cmpuint(pair->inspection.code, ==, SP_ERROR_CORRUPT);
    g_assert_cmpstr(pair->inspection.message, ==, "no good");
    g_assert_cmpuint(pair->inspection.n_carriers, ==, 2);
    g_assert_cmpuint(pair->inspection.n_values, >, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/wire-inspection/%s", cases[i].name);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/wire-inspection/error", test_error);
    return g_test_run();
}
