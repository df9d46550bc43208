/* SPDX-License-Identifier: MIT */
/* test-inspection-json.c -- one line that says what is known, and nothing else. */
#include "base/error.h"
#include <json-glib/json-glib.h>
#include <string.h>

typedef struct {
    SpInspection inspection;
    SpFinding finding;
} Sample;

static void
sample_init(Sample *sample)
{
    memset(sample, 0, sizeof *sample);
    sample->finding = (SpFinding){
        .word = "exif",
        .title = "EXIF",
        .place = "APP1",
        .count = 2,
        .bytes = 5000,
        .reveals = SP_CATEGORY_LOCATION | SP_CATEGORY_TIME,
    };
    sample->inspection.carriers = g_array_new(FALSE, FALSE, sizeof(SpFinding));
    sample->inspection.values = g_ptr_array_new();
    g_array_append_val(sample->inspection.carriers, sample->finding);
    sample->inspection.input_name = g_strdup("a.jpg");
    sample->inspection.input_bytes = 6000;
    sample->inspection.input_format = "jpeg";
    sample->inspection.width = 40;
    sample->inspection.height = 30;
    sample->inspection.reveals = sample->finding.reveals;
}

static void
sample_clear(Sample *sample)
{
    g_clear_error(&sample->inspection.error);
    g_array_unref(sample->inspection.carriers);
    g_ptr_array_unref(sample->inspection.values);
    g_free(sample->inspection.input_name);
}

/* The line but for its version. */
static void
expect_json(const Sample *sample, const char *start, const char *end)
{
    g_autofree char *json = sp_inspection_to_json(&sample->inspection);
    g_autofree char *wanted =
        g_strdup_printf("{\"schema\":\"storyphoto.inspection/1\",%s,\"version\":\"%s\"%s}",
                        start, sp_version(), end);
    g_assert_cmpstr(json, ==, wanted);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_assert_true(json_parser_load_from_data(parser, json, -1, NULL));
}

#define INPUT                                                                                  \
    "\"input\":{\"name\":\"a.jpg\",\"bytes\":6000,\"format\":\"jpeg\",\"width\":40,"           \
    "\"height\":30}"
#define ROW                                                                                    \
    "\"carrier\":\"exif\",\"place\":\"APP1\",\"count\":2,\"bytes\":5000,"                      \
    "\"reveals\":[\"location\",\"time\"]"

static void
test_ok(void)
{
    Sample sample;
    sample_init(&sample);
    expect_json(&sample,
                "\"status\":\"ok\"," INPUT
                ",\"reveals\":[\"location\",\"time\"],\"carriers\":[{" ROW "}]",
                "");
    sample_clear(&sample);
}

static void
test_nothing_found(void)
{
    Sample sample;
    sample_init(&sample);
    g_array_set_size(sample.inspection.carriers, 0);
    sample.inspection.reveals = 0;
    expect_json(&sample, "\"status\":\"ok\"," INPUT ",\"reveals\":[],\"carriers\":[]", "");
    sample_clear(&sample);
}

/* That nothing was found is no promise when not all was read. */
static void
test_refused(void)
{
    static const char error[] =
        ",\"error\":{\"code\":\"truncated\",\"message\":\"cut \xef\xbf\xbd\"}";
    Sample sample;
    sample_init(&sample);
    sp_throw(&sample.inspection.error, SP_ERROR_TRUNCATED, "cut \xff");
    expect_json(&sample,
                "\"status\":\"refused\"," INPUT
                ",\"reveals\":[\"location\",\"time\"],\"carriers\":[{" ROW "}]",
                error);
    g_array_set_size(sample.inspection.carriers, 0);
    sample.inspection.reveals = 0;
    expect_json(&sample, "\"status\":\"refused\"," INPUT, error);
    sample_clear(&sample);
}

/* What is not known is left out. */
static void
test_failed(void)
{
    Sample sample;
    sample_init(&sample);
    sp_throw(&sample.inspection.error, SP_ERROR_CANNOT_READ, "no");
    g_free(sample.inspection.input_name);
    sample.inspection.input_name = g_strdup("\xff.jpg");
    sample.inspection.input_bytes = 0;
    sample.inspection.input_format = NULL;
    sample.inspection.width = sample.inspection.height = 0;
    g_array_index(sample.inspection.carriers, SpFinding, 0).place[0] = '\0';
    expect_json(&sample,
                "\"status\":\"failed\",\"input\":{\"name\":\"\xef\xbf\xbd.jpg\","
                "\"name_base64\":\"/y5qcGc=\"},\"reveals\":[\"location\",\"time\"],"
                "\"carriers\":[{\"carrier\":\"exif\",\"count\":2,\"bytes\":5000,"
                "\"reveals\":[\"location\",\"time\"]}]",
                ",\"error\":{\"code\":\"cannot-read\",\"message\":\"no\"}");
    sample_clear(&sample);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inspection-json/ok", test_ok);
    g_test_add_func("/inspection-json/nothing-found", test_nothing_found);
    g_test_add_func("/inspection-json/refused", test_refused);
    g_test_add_func("/inspection-json/failed", test_failed);
    return g_test_run();
}
