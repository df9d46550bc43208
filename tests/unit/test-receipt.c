/* SPDX-License-Identifier: MIT */
/* test-receipt.c -- the JSON and the HTML of a receipt, with the names that a stranger picks.
 */
#include "base/error.h"
#include "pipeline/receipt.h"
#include <json-glib/json-glib.h>
#include <locale.h>
#include <string.h>

static char preset_name[] = "story";
static const SpPreset preset = {.name = preset_name};

static SpOutput *
output_new(const char *path, const char *format, guint width, guint height)
{
    SpOutput *output = g_new0(SpOutput, 1);
    output->variant = g_strdup(format);
    output->path = g_strdup(path);
    output->format = format;
    output->width = width;
    output->height = height;
    output->bytes = 12345;
    output->quality = 80;
    output->encodes = 1;
    g_strlcpy(output->sha256, "c0ffee", sizeof output->sha256);
    return output;
}

static SpReceipt *
receipt_ok(void)
{
    SpReceipt *receipt = sp_receipt_new("IMG_1.JPG", &preset);
    receipt->input_bytes = 5000000000;
    receipt->input_format = "jpeg";
    receipt->input_width = 4032;
    receipt->input_height = 3024;
    receipt->orientation = 6;
    receipt->colour = "srgb";
    g_ptr_array_add(receipt->outputs, output_new("out/a.webp", "webp", 1024, 768));
    g_ptr_array_add(receipt->outputs, output_new("out/a.jpg", "jpeg", 1024, 768));
    return receipt;
}

/* "SANDBOX" and "VERSION" stand for what depends on host and build. */
static void
assert_json(const SpReceipt *receipt, const char *expected)
{
    g_autofree char *json = sp_receipt_to_json(receipt);
    g_assert_true(g_utf8_validate(json, -1, NULL));
    g_assert_null(strchr(json, '\n'));
    g_autoptr(GString) whole = g_string_new(expected);
    g_string_replace(whole, "SANDBOX", sp_sandbox_posture(), 1);
    g_string_replace(whole, "VERSION", sp_version(), 1);
    g_assert_cmpstr(json, ==, whole->str);
}

#define TAIL "\"preset\":\"story\",\"sandbox\":\"SANDBOX\",\"version\":\"VERSION\""

static void
test_ok(void)
{
    g_autoptr(SpReceipt) receipt = receipt_ok();
    receipt->removed = SP_CATEGORY_LOCATION | SP_CATEGORY_SECOND_PICTURE | SP_CATEGORY_TRAILING;
    receipt->picture = g_strdup("<picture>\"</picture>");
    receipt->thumbhash = g_strdup("AAEC");
    SpOutput *output = g_ptr_array_index(receipt->outputs, 0);
    output->quality = 62.5;
    output->encodes = 4;
    assert_json(receipt,
                "{\"schema\":\"storyphoto.receipt/1\",\"status\":\"ok\","
                "\"input\":{\"name\":\"IMG_1.JPG\",\"bytes\":5000000000,\"format\":\"jpeg\","
                "\"width\":4032,\"height\":3024,\"orientation\":6,\"colour\":\"srgb\"},"
                "\"removed\":[\"location\",\"second-picture\",\"trailing\"],"
                "\"outputs\":["
                "{\"variant\":\"webp\",\"path\":\"out/a.webp\",\"format\":\"webp\","
                "\"width\":1024,\"height\":768,\"bytes\":12345,\"quality\":62.5,\"encodes\":4,"
                "\"sha256\":\"c0ffee\"},"
                "{\"variant\":\"jpeg\",\"path\":\"out/a.jpg\",\"format\":\"jpeg\","
                "\"width\":1024,\"height\":768,\"bytes\":12345,\"quality\":80,\"encodes\":1,"
                "\"sha256\":\"c0ffee\"}],"
                "\"picture\":\"<picture>\\\"</picture>\",\"thumbhash\":\"AAEC\"," TAIL "}");
}

/* Numbers that a kind of step has no use for are left out; the trace is the last member. */
static void
test_trace(void)
{
    g_autoptr(SpReceipt) receipt = sp_receipt_new(NULL, NULL);
    const SpStep steps[] = {
        {.kind = SP_STEP_COLOUR, .colour = "pq", .origin = "cicp", .score = -1},
        {.kind = SP_STEP_DECODE, .width = 20, .height = 10, .score = -1},
        {.kind = SP_STEP_RESIZE, .width = 10, .height = 5, .score = -1},
        {.kind = SP_STEP_ENCODE,
         .width = 10,
         .height = 5,
         .quality = 71.3,
         .bytes = 900,
         .max_bytes = 1000,
         .score = 70,
         .wanted = 72.5,
         .full_chroma = TRUE},
        {.kind = SP_STEP_SHRINK, .width = 8, .height = 4, .score = -1},
        {.kind = SP_STEP_GROW, .width = 9, .height = 4, .score = -1},
        {.kind = SP_STEP_ENCODE, .score = -1, .kept = TRUE, .full_chroma = TRUE},
    };
    receipt->trace = sp_steps_new();
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        SpStep *step = g_memdup2(&steps[i], sizeof steps[i]);
        step->variant = step->kind >= SP_STEP_ENCODE ? g_strdup("jpeg") : NULL;
        g_ptr_array_add(receipt->trace, step);
    }
    receipt->trace_cut = TRUE;
    assert_json(
        receipt,
        "{\"schema\":\"storyphoto.receipt/1\",\"status\":\"ok\",\"input\":{},"
        "\"removed\":[],\"outputs\":[],"
        "\"sandbox\":\"SANDBOX\",\"version\":\"VERSION\",\"trace\":["
        "{\"step\":\"colour\",\"colour\":\"pq\",\"origin\":\"cicp\"},"
        "{\"step\":\"decode\",\"width\":20,\"height\":10},"
        "{\"step\":\"resize\",\"width\":10,\"height\":5},"
        "{\"step\":\"encode\",\"variant\":\"jpeg\",\"width\":10,\"height\":5,"
        "\"quality\":71.25,\"bytes\":900,\"max_bytes\":1000,\"score\":70,\"wanted\":72.5,"
        "\"full_chroma\":true},"
        "{\"step\":\"shrink\",\"variant\":\"jpeg\",\"width\":8,\"height\":4},"
        "{\"step\":\"grow\",\"variant\":\"jpeg\",\"width\":9,\"height\":4},"
        "{\"step\":\"encode\",\"variant\":\"jpeg\",\"full_chroma\":true,"
        "\"kept\":true}],\"trace_cut\":true}");
}

static void
test_nothing_known(void)
{
    g_autoptr(SpReceipt) receipt = sp_receipt_new(NULL, NULL);
    assert_json(receipt, "{\"schema\":\"storyphoto.receipt/1\",\"status\":\"ok\",\"input\":{},"
                         "\"removed\":[],\"outputs\":[],"
                         "\"sandbox\":\"SANDBOX\",\"version\":\"VERSION\"}");
    sp_receipt_free(NULL);
    sp_output_free(NULL);
}

static void
test_errors(void)
{
    static const struct {
        int code;
        const char *message;
        const char *status, *json;
    } cases[] = {
        {SP_ERROR_TOO_LARGE, "too \"big\"", "refused",
         "{\"code\":\"too-large\",\"message\":\"too \\\"big\\\"\"}"},
        {SP_ERROR_DECODER_CRASHED, "a\nb", "refused",
         "{\"code\":\"decoder-crashed\",\"message\":\"a\\nb\"}"},
        {SP_ERROR_EXISTS, "'\xff.jpg' exists", "failed",
         "{\"code\":\"exists\",\"message\":\"'\xef\xbf\xbd.jpg' exists\"}"},
        {SP_ERROR_LAST, "x", "failed", "{\"code\":\"internal\",\"message\":\"x\"}"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error =
            g_error_new_literal(SP_ERROR, cases[i].code, cases[i].message);
        g_autoptr(SpReceipt) receipt = sp_receipt_new_failed("a.jpg", &preset, error);
        g_assert_true(receipt->error != error);
        g_autofree char *expected = g_strdup_printf(
            "{\"schema\":\"storyphoto.receipt/1\",\"status\":\"%s\","
            "\"input\":{\"name\":\"a.jpg\"},\"outputs\":[]," TAIL ",\"error\":%s}",
            cases[i].status, cases[i].json);
        assert_json(receipt, expected);
    }
}

/* A code of another domain has the number of one of ours, but not its word. */
static void
test_foreign_error(void)
{
    g_autoptr(GError) error =
        g_error_new_literal(G_FILE_ERROR, (gint)SP_ERROR_TOO_LARGE, "not ours");
    g_autoptr(SpReceipt) receipt = sp_receipt_new_failed("a", &preset, error);
    g_autofree char *json = sp_receipt_to_json(receipt);
    g_assert_nonnull(strstr(json, "\"status\":\"failed\""));
    g_assert_nonnull(strstr(json, "\"code\":\"internal\""));
}

/* What an upload carried is told when it was found, even if the rest then failed. */
static void
test_removed_on_error(void)
{
    g_autoptr(GError) error = g_error_new_literal(SP_ERROR, SP_ERROR_CORRUPT, "x");
    g_autoptr(SpReceipt) receipt = sp_receipt_new_failed("a", &preset, error);
    receipt->removed = SP_CATEGORY_TIME;
    g_autofree char *json = sp_receipt_to_json(receipt);
    g_assert_nonnull(strstr(json, "\"removed\":[\"time\"]"));
}

static JsonObject *
object_in(JsonNode *root, const char *member)
{
    return json_object_get_object_member(json_node_get_object(root), member);
}

/* Read back by a JSON parser: valid names as they are, others with their bytes beside. */
static void
test_hostile_names(void)
{
    static const struct {
        const char *name, *text, *base64;
    } cases[] = {
        {"a.jpg", "a.jpg", NULL},
        {"\"\\</script>&,% \n\t\x01\x7f", "\"\\</script>&,% \n\t\x01\x7f", NULL},
        {"gr\xc3\xbc\xc3\x9f\xf0\x9f\x98\x80", "gr\xc3\xbc\xc3\x9f\xf0\x9f\x98\x80", NULL},
        {"\xff.jpg", "\xef\xbf\xbd.jpg", "/y5qcGc="},
        {"x\xc3", "x\xef\xbf\xbd", "eMM="},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "7aCA"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SpReceipt) receipt = sp_receipt_new(cases[i].name, &preset);
        g_ptr_array_add(receipt->outputs, output_new(cases[i].name, "webp", 1, 1));
        g_autofree char *json = sp_receipt_to_json(receipt);
        g_assert_true(g_utf8_validate(json, -1, NULL));
        g_assert_null(strchr(json, '\n'));
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) root = json_from_string(json, &error);
        g_assert_no_error(error);
        JsonObject *input = object_in(root, "input");
        JsonArray *outputs =
            json_object_get_array_member(json_node_get_object(root), "outputs");
        JsonObject *output = json_array_get_object_element(outputs, 0);
        g_assert_cmpstr(json_object_get_string_member(input, "name"), ==, cases[i].text);
        g_assert_cmpstr(json_object_get_string_member(output, "path"), ==, cases[i].text);
        g_assert_cmpint(json_object_has_member(input, "name_base64"), ==,
                        cases[i].base64 != NULL);
        g_assert_cmpstr(json_object_get_string_member_with_default(input, "name_base64", NULL),
                        ==, cases[i].base64);
        g_assert_cmpstr(json_object_get_string_member_with_default(output, "path_base64", NULL),
                        ==, cases[i].base64);
    }
}

static void
assert_qualities(void)
{
    static const struct {
        double quality;
        const char *json;
    } cases[] = {
        {80, "\"quality\":80,"},         {62.5, "\"quality\":62.5,"},
        {62.37, "\"quality\":62.375,"},  {79.99, "\"quality\":80,"},
        {1, "\"quality\":1,"},           {99.9, "\"quality\":99.875,"},
        {1.0 / 3, "\"quality\":0.375,"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SpReceipt) receipt = receipt_ok();
        SpOutput *output = g_ptr_array_index(receipt->outputs, 0);
        output->quality = cases[i].quality;
        g_autofree char *json = sp_receipt_to_json(receipt);
        if (strstr(json, cases[i].json) == NULL)
            g_error("%s is not in %s", cases[i].json, json);
    }
}

/* Germans write 62,5. The locale is made for the test where the host has none. */
static void
test_locale(void)
{
    g_autofree char *folder = g_dir_make_tmp("storyphoto-locale-XXXXXX", NULL);
    g_autofree char *made = g_build_filename(folder, "de_DE.UTF-8", NULL);
    const char *make[] = {"localedef", "-i", "de_DE", "-f", "UTF-8", made, NULL};
    const char *clean[] = {"rm", "-rf", folder, NULL};
    GSpawnFlags flags =
        G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL;
    g_spawn_sync(NULL, (char **)make, NULL, flags, NULL, NULL, NULL, NULL, NULL, NULL);
    g_setenv("LOCPATH", folder, TRUE);
    const char *set = setlocale(LC_ALL, "de_DE.UTF-8");
    g_unsetenv("LOCPATH");
    if (set == NULL)
        g_test_skip("no German locale, and localedef cannot make one");
    else {
        g_assert_cmpstr(localeconv()->decimal_point, ==, ",");
        assert_qualities();
    }
    setlocale(LC_ALL, "C");
    g_spawn_sync(NULL, (char **)clean, NULL, flags, NULL, NULL, NULL, NULL, NULL, NULL);
}

/* ---- the picture ---------------------------------------------------------------------------
 */

#define END " alt=\"\" loading=\"lazy\" decoding=\"async\"></picture>"

typedef struct {
    const char *path, *format;
    guint width, height;
} File;

static const struct {
    File files[6];
    const char *base_url;
    const char *html;
} pictures[] = {
    {{{"out/a.webp", "webp", 1024, 768}, {"out/a.jpg", "jpeg", 1024, 768}},
     NULL,
     "<picture><source type=\"image/webp\" srcset=\"a.webp\">"
     "<img src=\"a.jpg\" width=\"1024\" height=\"768\"" END},
    /* the order of the preset does not matter to the JPEG */
    {{{"a.jpg", "jpeg", 1024, 768}, {"a.webp", "webp", 1024, 768}},
     "",
     "<picture><source type=\"image/webp\" srcset=\"a.webp\">"
     "<img src=\"a.jpg\" width=\"1024\" height=\"768\"" END},
    {{{"a.jpg", "jpeg", 3, 2}},
     "https://x.org/photos",
     "<picture><img src=\"https://x.org/photos/a.jpg\" width=\"3\" height=\"2\"" END},
    {{{"a.webp", "webp", 3, 2}},
     "/photos/",
     "<picture><img src=\"/photos/a.webp\" width=\"3\" height=\"2\"" END},
    {{{"a-s.webp", "webp", 480, 360},
      {"a.webp", "webp", 1024, 768},
      {"a-s.jpg", "jpeg", 480, 360},
      {"a.jpg", "jpeg", 1024, 768}},
     "/p",
     "<picture><source type=\"image/webp\" srcset=\"/p/a-s.webp 480w, /p/a.webp 1024w\""
     " sizes=\"(max-width: 1024px) 100vw, 1024px\">"
     "<img src=\"/p/a.jpg\" srcset=\"/p/a-s.jpg 480w, /p/a.jpg 1024w\""
     " sizes=\"(max-width: 1024px) 100vw, 1024px\" width=\"1024\" height=\"768\"" END},
    /* one JPEG beside two WebP, whose widest comes first */
    {{{"a.webp", "webp", 1024, 768}, {"a-s.webp", "webp", 480, 360}, {"a.jpg", "jpeg", 9, 8}},
     NULL,
     "<picture><source type=\"image/webp\" srcset=\"a.webp 1024w, a-s.webp 480w\""
     " sizes=\"(max-width: 1024px) 100vw, 1024px\">"
     "<img src=\"a.jpg\" width=\"9\" height=\"8\"" END},
    /* a small upload: all sizes are equally wide, and a width must not stand twice */
    {{{"a-s.webp", "webp", 300, 200}, {"a.webp", "webp", 300, 200}, {"a.jpg", "jpeg", 300, 2}},
     NULL,
     "<picture><source type=\"image/webp\" srcset=\"a-s.webp\">"
     "<img src=\"a.jpg\" width=\"300\" height=\"2\"" END},
    {{{"1.jpg", "jpeg", 300, 200}, {"2.jpg", "jpeg", 300, 200}, {"3.jpg", "jpeg", 400, 2}},
     NULL,
     "<picture><img src=\"3.jpg\" srcset=\"1.jpg 300w, 3.jpg 400w\""
     " sizes=\"(max-width: 400px) 100vw, 400px\" width=\"400\" height=\"2\"" END},
    /* without a JPEG the last format is the plain one */
    {{{"a.avif", "avif", 3, 2}, {"a.webp", "webp", 3, 2}},
     NULL,
     "<picture><source type=\"image/avif\" srcset=\"a.avif\">"
     "<img src=\"a.webp\" width=\"3\" height=\"2\"" END},
};

static void
test_picture(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(pictures); i++) {
        g_autoptr(GPtrArray) outputs =
            g_ptr_array_new_with_free_func((GDestroyNotify)sp_output_free);
        for (const File *file = pictures[i].files; file->path != NULL; file++)
            g_ptr_array_add(outputs,
                            output_new(file->path, file->format, file->width, file->height));
        g_autofree char *html = sp_receipt_picture(outputs, pictures[i].base_url, NULL, NULL);
        g_assert_cmpstr(html, ==, pictures[i].html);
    }
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_assert_null(sp_receipt_picture(none, "/p", NULL, NULL));
}

static GPtrArray *
outputs_of(const File *files, guint n)
{
    GPtrArray *outputs = g_ptr_array_new_with_free_func((GDestroyNotify)sp_output_free);
    for (guint i = 0; i < n; i++)
        g_ptr_array_add(outputs, output_new(files[i].path, files[i].format, files[i].width,
                                            files[i].height));
    return outputs;
}

/* The preset's sizes stand where widths do, and nowhere else: without widths in srcset the
 * attribute would be an error. They are the site's own words, but they end no attribute. */
static void
test_picture_sizes(void)
{
    static const File six[] = {
        {"a-480.webp", "webp", 480, 360}, {"a-768.webp", "webp", 768, 576},
        {"a.webp", "webp", 1024, 768},    {"a-480.jpg", "jpeg", 480, 360},
        {"a-768.jpg", "jpeg", 768, 576},  {"a.jpg", "jpeg", 1024, 768},
    };
    g_autoptr(GPtrArray) outputs = outputs_of(six, G_N_ELEMENTS(six));
    g_autofree char *html = sp_receipt_picture(outputs, NULL, NULL, "(width > 9em) 5em, \"<&'");
    g_assert_cmpstr(
        html, ==,
        "<picture><source type=\"image/webp\" srcset=\"a-480.webp 480w, a-768.webp 768w, "
        "a.webp 1024w\" sizes=\"(width &gt; 9em) 5em, &quot;&lt;&amp;&apos;\">"
        "<img src=\"a.jpg\" srcset=\"a-480.jpg 480w, a-768.jpg 768w, a.jpg 1024w\""
        " sizes=\"(width &gt; 9em) 5em, &quot;&lt;&amp;&apos;\" width=\"1024\" "
        "height=\"768\"" END);

    /* an upload between two widths, and one that is narrower than all */
    static const File some[] = {
        {"a-480.jpg", "jpeg", 480, 360},
        {"a-768.jpg", "jpeg", 500, 375},
        {"a.jpg", "jpeg", 500, 375},
    };
    g_autoptr(GPtrArray) two = outputs_of(some, G_N_ELEMENTS(some));
    g_autofree char *html_two = sp_receipt_picture(two, NULL, NULL, "50vw");
    g_assert_cmpstr(html_two, ==,
                    "<picture><img src=\"a-768.jpg\" srcset=\"a-480.jpg 480w, a-768.jpg 500w\""
                    " sizes=\"50vw\" width=\"500\" height=\"375\"" END);
    g_autoptr(GPtrArray) one = outputs_of(some + 1, 2);
    g_autofree char *html_one = sp_receipt_picture(one, NULL, NULL, "50vw");
    g_assert_cmpstr(html_one, ==,
                    "<picture><img src=\"a-768.jpg\" width=\"500\" height=\"375\"" END);
}

static void
test_picture_escapes(void)
{
    static const struct {
        const char *base_url, *name, *url;
    } cases[] = {
        {NULL, "AZaz09-._~", "AZaz09-._~"},
        {NULL, "a b", "a%20b"},
        {NULL, "a,b 2x", "a%2Cb%202x"},
        {NULL, "\" onload=\"x", "%22%20onload%3D%22x"},
        {NULL, "'<b>&amp;", "%27%3Cb%3E%26amp%3B"},
        {NULL, "50%25?q#f", "50%2525%3Fq%23f"},
        {NULL, "a\nb\tc\x7f", "a%0Ab%09c%7F"},
        {NULL, "gr\xc3\xbc\xc3\x9f", "gr%C3%BC%C3%9F"},
        {NULL, "\xff\xc3", "%FF%C3"},
        {NULL, "javascript:alert(1)", "javascript%3Aalert%281%29"},
        {NULL, "\\\\host\\a", "%5C%5Chost%5Ca"},
        {"https://x.org/?a=1&b=\"'<>", "a", "https://x.org/?a=1&amp;b=&quot;&apos;&lt;&gt;/a"},
        {"//cdn,1/a%20b/", "a", "//cdn,1/a%20b/a"},
        {"/a b\n\tc", "a", "/a%20b%0A%09c/a"},
        {"/\xc3\xbc\xff", "a", "/\xc3\xbc\xef\xbf\xbd/a"},
        {"/", "a", "/a"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) outputs =
            g_ptr_array_new_with_free_func((GDestroyNotify)sp_output_free);
        g_autofree char *path = g_strconcat("fol der/\"/", cases[i].name, NULL);
        g_ptr_array_add(outputs, output_new(path, "webp", 3, 2));
        g_ptr_array_add(outputs, output_new(path, "jpeg", 3, 2));
        g_autofree char *html = sp_receipt_picture(outputs, cases[i].base_url, NULL, "");
        g_autofree char *expected =
            g_strdup_printf("<picture><source type=\"image/webp\" srcset=\"%s\">"
                            "<img src=\"%s\" width=\"3\" height=\"2\"" END,
                            cases[i].url, cases[i].url);
        g_assert_cmpstr(html, ==, expected);
    }
}

static void
test_version(void)
{
    g_assert_cmpstr(sp_version(), ==, SP_VERSION);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/receipt/ok", test_ok);
    g_test_add_func("/receipt/nothing-known", test_nothing_known);
    g_test_add_func("/receipt/trace", test_trace);
    g_test_add_func("/receipt/errors", test_errors);
    g_test_add_func("/receipt/foreign-error", test_foreign_error);
    g_test_add_func("/receipt/removed-on-error", test_removed_on_error);
    g_test_add_func("/receipt/hostile-names", test_hostile_names);
    g_test_add_func("/receipt/quality", assert_qualities);
    g_test_add_func("/receipt/locale", test_locale);
    g_test_add_func("/receipt/picture", test_picture);
    g_test_add_func("/receipt/picture-sizes", test_picture_sizes);
    g_test_add_func("/receipt/picture-escapes", test_picture_escapes);
    g_test_add_func("/receipt/version", test_version);
    return g_test_run();
}
