/* SPDX-License-Identifier: MIT */
/* test-process.c -- one upload all the way, by an honest renderer and by ones that lie about
 * it.
 *
 * The renderers are this very program under other names: a link called liar-X runs lie X. What
 * is tested here is that a lie inside the files themselves is met by the audit, and that
 * nothing is published then. (Lies on the wire are in test-sandbox.c.) */
#include "base/error.h"
#include "base/memfd.h"
#include "pipeline/session.h"
#include "render/render.h"
#include "sample.h"
#include "sandbox/server.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* ---- lies
 * -------------------------------------------------------------------------------------- */

static SpWireFile *
file_of(const SpWireRequest *request, SpWireAnswer *answer, guint32 format)
{
    for (guint i = 0; i < request->n_variants; i++)
        if (request->variants[i].format == format)
            return &answer->files[i];
    return NULL;
}

/* Put bytes into the last file, which has room behind it. */
static void
insert(SpWireFile *file, guint8 *output, gsize at, const void *bytes, gsize n)
{
    guint8 *start = output + file->offset + at;
    memmove(start + n, start, file->length - at);
    memcpy(start, bytes, n);
    file->length += n;
}

static void
lie_app1(const SpWireRequest *request, guint8 *output, SpWireAnswer *answer)
{
    static const char app1[] = "\xFF\xE1\x00\x0E"
                               "Exif\0\0secret";
    insert(file_of(request, answer, SP_OUTPUT_JPEG), output, 20, app1, 16);
}

static void
lie_trailer(const SpWireRequest *request, guint8 *output, SpWireAnswer *answer)
{
    SpWireFile *file = file_of(request, answer, SP_OUTPUT_JPEG);
    insert(file, output, file->length, "x", 1);
}

/* An EXIF chunk instead of the picture's own name. */
static void
lie_webp_chunk(const SpWireRequest *request, guint8 *output, SpWireAnswer *answer)
{
    memcpy(output + file_of(request, answer, SP_OUTPUT_WEBP)->offset + 12, "EXIF", 4);
}

static void
lie_width(const SpWireRequest *request, guint8 *output, SpWireAnswer *answer)
{
    (void)output;
    file_of(request, answer, SP_OUTPUT_JPEG)->width--;
}

static void
lie_swapped(const SpWireRequest *request, guint8 *output, SpWireAnswer *answer)
{
    (void)request, (void)output;
    SpWireFile first = answer->files[0];
    answer->files[0] = answer->files[1];
    answer->files[1] = first;
}

static void
lie_input(const SpWireRequest *request, guint8 *output, SpWireAnswer *answer)
{
    static const char jpeg[] = "\xFF\xD8\xFF\xD9";
    SpWireFile *file = file_of(request, answer, SP_OUTPUT_JPEG);
    memcpy(output + file->offset, jpeg, 4);
    file->length = 4;
}

static const struct {
    const char *name;
    void (*lie)(const SpWireRequest *request, guint8 *output, SpWireAnswer *answer);
} lies[] = {
    {"liar-app1", lie_app1},   {"liar-trailer", lie_trailer}, {"liar-webp", lie_webp_chunk},
    {"liar-width", lie_width}, {"liar-swapped", lie_swapped}, {"liar-input", lie_input},
};
static guint chosen;

static void
render_lying(const SpWireRequest *request, SpSource *source, guint8 *output,
             SpWireAnswer *answer)
{
    sp_render(sp_develop_jpeg, request, source, output, answer);
    if (answer->code == SP_ERROR_NONE)
        lies[chosen].lie(request, output, answer);
}

/* ---- fixture
 * ----------------------------------------------------------------------------------- */

typedef struct {
    char *folder;
    SpSession *session;
    SpPreset *preset;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fixture->folder = g_dir_make_tmp("storyphoto-test-XXXXXX", NULL);
    fixture->session = sp_session_new();
    fixture->preset = sp_preset_load("story", NULL);
    g_assert_nonnull(fixture->preset);
}

/* How many names the folder has; removes them. */
static guint
empty_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name = NULL;
    guint n = 0;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_assert_cmpint(g_unlink(path), ==, 0);
        n++;
    }
    return n;
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    (void)data;
    empty_folder(fixture->folder);
    g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);
    g_free(fixture->folder);
    sp_session_free(fixture->session);
    sp_preset_free(fixture->preset);
}

static SpReceipt *
process_bytes(Fixture *fixture, GBytes *bytes, const SpTarget *more)
{
    g_auto(SpFd) fd = open(g_get_tmp_dir(), O_TMPFILE | O_RDWR, 0600);
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    g_assert_true(sp_write_full(fd, data, n));
    SpUpload upload = {.fd = fd, .name = "upload.jpg"};
    SpTarget target = *more;
    target.folder = more->sink == NULL ? fixture->folder : NULL;
    return sp_process(fixture->session, fixture->preset, &upload, &target);
}

static GBytes *
plain_jpeg(void)
{
    Sample sample = {300, 200, SAMPLING_420, .orientation = 6};
    return sample_jpeg(&sample);
}

/* ---- tests
 * ------------------------------------------------------------------------------------- */

static void
test_honest(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) jpeg = plain_jpeg();
    g_autoptr(SpReceipt) receipt = process_bytes(fixture, jpeg, &(SpTarget){.force = FALSE});
    g_assert_no_error(receipt->error);
    g_assert_cmpuint(receipt->outputs->len, ==, 2);
    g_assert_cmpuint(receipt->input_width, ==, 300);
    g_assert_cmpuint(receipt->orientation, ==, 6);
    g_assert_cmphex(receipt->removed, ==, 0); /* an EXIF, but it tells the way up alone */
    g_assert_cmpstr(receipt->input_format, ==, "jpeg");
    for (guint i = 0; i < 2; i++) {
        const SpOutput *output = g_ptr_array_index(receipt->outputs, i);
        g_autofree char *bytes = NULL;
        gsize n = 0;
        g_assert_cmpuint(output->width, ==, 200);
        g_assert_cmpuint(output->height, ==, 300);
        g_assert_true(g_file_get_contents(output->path, &bytes, &n, NULL));
        g_autofree char *hash =
            g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, n);
        g_assert_cmpuint(n, ==, output->bytes);
        g_assert_cmpstr(hash, ==, output->sha256);
    }
    g_assert_cmpuint(empty_folder(fixture->folder), ==, 2);
}

static void
test_lies(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) jpeg = plain_jpeg();
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *links = g_dir_make_tmp("storyphoto-liars-XXXXXX", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(lies); i++) {
        g_autofree char *path = g_build_filename(links, lies[i].name, NULL);
        g_assert_cmpint(symlink(self, path), ==, 0);
        sp_session_free(fixture->session);
        fixture->session = sp_session_new();
        sp_sandbox_set_program(fixture->session->sandbox, SP_RENDERER_JPEG, path);
        g_autoptr(SpReceipt) receipt =
            process_bytes(fixture, jpeg, &(SpTarget){.force = FALSE});
        g_test_message("%s: %s", lies[i].name,
                       receipt->error != NULL ? receipt->error->message : "published");
        g_assert_error(receipt->error, SP_ERROR, SP_ERROR_AUDIT);
        g_assert_cmpuint(receipt->outputs->len, ==, 0);
        g_assert_null(receipt->picture);
        g_assert_cmpuint(empty_folder(fixture->folder), ==, 0);
    }
    sp_session_free(fixture->session); /* before the programs are gone */
    fixture->session = sp_session_new();
    empty_folder(links);
    g_rmdir(links);
}

/* A refusal is told with what was seen, and leaves nothing but its receipt. */
static void
test_refusal(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) jpeg = plain_jpeg();
    g_autoptr(GBytes) half = g_bytes_new_from_bytes(jpeg, 0, g_bytes_get_size(jpeg) / 2);
    g_autofree char *receipts = g_dir_make_tmp("storyphoto-receipts-XXXXXX", NULL);
    g_autoptr(SpReceipt) receipt =
        process_bytes(fixture, half, &(SpTarget){.receipts = receipts});
    g_assert_error(receipt->error, SP_ERROR, SP_ERROR_TRUNCATED);
    g_assert_cmpuint(receipt->input_width, ==, 300);
    g_assert_cmpuint(empty_folder(fixture->folder), ==, 0);
    g_assert_cmpuint(empty_folder(receipts), ==, 1);
    g_rmdir(receipts);
}

/* Names come from the outputs: the same picture with other metadata is the same files. */
static void
test_same_pixels_same_files(Fixture *fixture, gconstpointer data)
{
    (void)data;
    Sample bare = {300, 200, SAMPLING_420}, tagged = bare;
    tagged.orientation = 1;
    g_autoptr(GBytes) first = sample_jpeg(&bare), more = sample_jpeg(&tagged);
    g_autoptr(GByteArray) trailed = g_byte_array_new();
    g_byte_array_append(trailed, g_bytes_get_data(more, NULL), (guint)g_bytes_get_size(more));
    g_byte_array_append(trailed, (const guint8 *)"secret", 6);
    g_autoptr(GBytes) second = g_bytes_new(trailed->data, trailed->len);
    g_autoptr(SpReceipt) one = process_bytes(fixture, first, &(SpTarget){.force = FALSE});
    g_autoptr(SpReceipt) two = process_bytes(fixture, second, &(SpTarget){.force = FALSE});
    g_assert_no_error(one->error);
    g_assert_no_error(two->error);
    g_assert_cmphex(one->removed, ==, 0);
    g_assert_cmphex(two->removed, ==, SP_CATEGORY_TRAILING);
    g_assert_cmpuint(empty_folder(fixture->folder), ==, 2);
}

/* A folder stands where the receipt belongs: without the receipt no file stays. */
static void
test_receipt_fails(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) jpeg = plain_jpeg();
    g_autofree char *receipts = g_dir_make_tmp("storyphoto-receipts-XXXXXX", NULL);
    SpTarget target = {.receipts = receipts};
    g_autoptr(SpReceipt) first = process_bytes(fixture, jpeg, &target);
    g_assert_no_error(first->error);
    g_autoptr(GDir) dir = g_dir_open(receipts, 0, NULL);
    g_autofree char *path = g_build_filename(receipts, g_dir_read_name(dir), NULL);
    g_assert_cmpuint(empty_folder(receipts), ==, 1);
    g_assert_cmpuint(empty_folder(fixture->folder), ==, 2);
    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    g_autoptr(SpReceipt) second = process_bytes(fixture, jpeg, &target);
    g_assert_error(second->error, SP_ERROR, SP_ERROR_EXISTS);
    g_assert_cmpuint(second->outputs->len, ==, 0);
    g_assert_cmpuint(empty_folder(fixture->folder), ==, 0);
    g_assert_cmpint(g_rmdir(path), ==, 0);
    g_assert_cmpuint(empty_folder(receipts), ==, 1); /* of the failure, under a random name */
    g_assert_cmpint(g_rmdir(receipts), ==, 0);
}

/* A folder below is made for what is published in it, and not for what is refused. */
static void
test_below(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) jpeg = plain_jpeg();
    g_autoptr(GBytes) half = g_bytes_new_from_bytes(jpeg, 0, g_bytes_get_size(jpeg) / 2);
    g_autofree char *outer = g_build_filename(fixture->folder, "2019", NULL);
    g_autofree char *inner = g_build_filename(outer, "summer", NULL);
    const SpTarget target = {.below = "2019/summer"};
    g_autoptr(SpReceipt) refused = process_bytes(fixture, half, &target);
    g_assert_error(refused->error, SP_ERROR, SP_ERROR_TRUNCATED);
    g_assert_false(g_file_test(outer, G_FILE_TEST_EXISTS));
    g_autoptr(SpReceipt) receipt = process_bytes(fixture, jpeg, &target);
    g_assert_no_error(receipt->error);
    for (guint i = 0; i < 2; i++) {
        const SpOutput *output = g_ptr_array_index(receipt->outputs, i);
        g_autofree char *parent = g_path_get_dirname(output->path);
        g_assert_cmpstr(parent, ==, inner);
        g_assert_true(g_file_test(output->path, G_FILE_TEST_IS_REGULAR));
    }
    g_assert_cmpuint(empty_folder(inner), ==, 2);
    g_assert_cmpint(g_rmdir(inner), ==, 0);
    g_assert_cmpint(g_rmdir(outer), ==, 0);
    g_autoptr(SpReceipt) outside =
        process_bytes(fixture, jpeg, &(SpTarget){.below = "../2019", .unsynced = TRUE});
    g_assert_error(outside->error, SP_ERROR, SP_ERROR_CANNOT_WRITE);
    g_assert_cmpuint(empty_folder(fixture->folder), ==, 0);
}

typedef struct {
    GPtrArray *names; /* owned; of those that it was given */
    guint fail_at;    /* the error that it gives then, from 1 on; 0: none */
} Sink;

static gboolean
take(const SpOutput *output, const void *bytes, gsize n, gpointer data, GError **error)
{
    Sink *sink = data;
    g_autofree char *hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, n);
    g_assert_cmpuint(n, ==, output->bytes);
    g_assert_cmpstr(hash, ==, output->sha256);
    g_ptr_array_add(sink->names, g_strdup(output->path));
    if (sink->names->len == sink->fail_at)
        return sp_throw(error, SP_ERROR_NO_SPACE, "no more");
    return TRUE;
}

/* What a sink is given has the names that it would be published under. */
static void
test_sink(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) jpeg = plain_jpeg();
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *receipts = g_dir_make_tmp("storyphoto-receipts-XXXXXX", NULL);
    Sink sink = {.names = names};
    SpTarget target = {
        .sink = take, .sink_data = &sink, .receipts = receipts, .base_url = "/p"};
    g_autoptr(SpReceipt) published =
        process_bytes(fixture, jpeg, &(SpTarget){.base_url = "/p"});
    g_assert_cmpuint(empty_folder(fixture->folder), ==, 2);
    g_autoptr(SpReceipt) given = process_bytes(fixture, jpeg, &target);
    g_assert_no_error(given->error);
    g_assert_cmpuint(empty_folder(fixture->folder), ==, 0);
    g_assert_cmpuint(empty_folder(receipts), ==, 1);
    g_assert_cmpuint(names->len, ==, 2);
    g_assert_cmpstr(given->picture, ==, published->picture);
    for (guint i = 0; i < 2; i++) {
        const SpOutput *file = g_ptr_array_index(published->outputs, i);
        const SpOutput *output = g_ptr_array_index(given->outputs, i);
        g_autofree char *name = g_path_get_basename(file->path);
        g_assert_cmpstr(output->path, ==, name);
        g_assert_cmpstr(g_ptr_array_index(names, i), ==, name);
    }
    target.only_variant = "jpeg";
    g_autoptr(SpReceipt) one = process_bytes(fixture, jpeg, &target);
    g_assert_no_error(one->error);
    g_assert_cmpuint(names->len, ==, 3);
    g_assert_true(g_str_has_suffix(g_ptr_array_index(names, 2), ".jpg"));
    empty_folder(receipts);
    g_rmdir(receipts);
}

static void
test_sink_fails(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) jpeg = plain_jpeg();
    for (guint i = 1; i <= 2; i++) {
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *receipts = g_dir_make_tmp("storyphoto-receipts-XXXXXX", NULL);
        Sink sink = {.names = names, .fail_at = i};
        const SpTarget target = {.sink = take, .sink_data = &sink, .receipts = receipts};
        g_autoptr(SpReceipt) receipt = process_bytes(fixture, jpeg, &target);
        g_assert_error(receipt->error, SP_ERROR, SP_ERROR_NO_SPACE);
        g_assert_cmpuint(names->len, ==, i); /* nothing more after it */
        g_assert_cmpuint(receipt->outputs->len, ==, 0);
        g_assert_null(receipt->picture);
        g_assert_cmpuint(empty_folder(receipts), ==, 1); /* of the failure */
        g_rmdir(receipts);
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    Sink sink = {.names = names};
    const SpTarget nowhere = {.sink = take, .sink_data = &sink, .receipts = "/nonexistent"};
    g_autoptr(SpReceipt) receipt = process_bytes(fixture, jpeg, &nowhere);
    g_assert_error(receipt->error, SP_ERROR, SP_ERROR_CANNOT_WRITE);
    g_assert_cmpuint(names->len, ==, 0); /* what cannot be told of is not given away */
}

/* names = random with a key: the same again for the same upload, others by another key. */
static void
test_names_key(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) jpeg = plain_jpeg();
    const guint8 keys[3][32] = {{1}, {1}, {2}};
    g_autoptr(GPtrArray) stems = g_ptr_array_new_with_free_func(g_free);
    g_assert_true(sp_preset_set(fixture->preset, "preset.names=random", NULL));
    for (guint i = 0; i < 4; i++) {
        const SpTarget target = {.names_key = i < 3 ? keys[i] : NULL};
        g_autoptr(SpReceipt) receipt = process_bytes(fixture, jpeg, &target);
        g_assert_no_error(receipt->error);
        const SpOutput *output = g_ptr_array_index(receipt->outputs, 0);
        g_ptr_array_add(stems, g_path_get_basename(output->path));
    }
    const char *first = g_ptr_array_index(stems, 0);
    g_assert_cmpstr(first, ==, g_ptr_array_index(stems, 1));
    g_assert_cmpstr(first, !=, g_ptr_array_index(stems, 2));
    g_assert_cmpstr(first, !=, g_ptr_array_index(stems, 3));
    g_assert_cmpuint(empty_folder(fixture->folder), ==, 6);
}

/* What is told before an upload is what its receipt says, and of each renderer its own. */
static void
test_libraries(Fixture *fixture, gconstpointer data)
{
    (void)data;
    static const struct {
        const char *format, *own; /* NULL: nobody renders it */
    } cases[] = {
        {"jpeg", ""},
        {"png", ", libvips 8."},
        {"webp", ", libvips 8."},
        {"gif", ", libvips 8."},
        {"heic", ", libavcodec "},
        {"avif", ", libvips 8."},
        {"tiff", NULL},
        {"", NULL},
    };
    g_autoptr(GBytes) jpeg = plain_jpeg();
    g_autoptr(SpReceipt) receipt = process_bytes(fixture, jpeg, &(SpTarget){.force = FALSE});
    g_assert_no_error(receipt->error);
    g_assert_true(g_str_has_prefix(receipt->libraries, "libjpeg-turbo "));
    g_assert_cmpuint(empty_folder(fixture->folder), ==, 2);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *libraries =
            sp_session_libraries(fixture->session, cases[i].format, &error);
        g_test_message("%s: %s", cases[i].format, libraries);
        if (cases[i].own == NULL) {
            g_assert_error(error, SP_ERROR, SP_ERROR_UNAVAILABLE);
            g_assert_null(libraries);
            continue;
        }
        g_assert_no_error(error);
        g_assert_true(g_str_has_prefix(libraries, receipt->libraries));
        const char *own = libraries + strlen(receipt->libraries);
        g_assert_true(*cases[i].own == '\0' ? *own == '\0'
                                            : g_str_has_prefix(own, cases[i].own));
    }
    g_autofree char *json = sp_receipt_to_json(receipt);
    g_assert_null(strstr(json, "libjpeg-turbo")); /* the receipt is as it was */
}

static void
test_no_libraries(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) junk = g_bytes_new_static("junk", 4);
    g_autoptr(SpReceipt) refused = process_bytes(fixture, junk, &(SpTarget){.force = FALSE});
    g_assert_error(refused->error, SP_ERROR, SP_ERROR_NOT_AN_IMAGE);
    g_assert_null(refused->libraries);
    sp_sandbox_set_program(fixture->session->sandbox, SP_RENDERER_JPEG, "/nonexistent");
    g_assert_null(sp_session_libraries(fixture->session, "jpeg", &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_SEAL);
    sp_sandbox_set_program(fixture->session->sandbox, SP_RENDERER_JPEG, NULL);
    sp_session_cancel(fixture->session);
    g_clear_error(&error);
    g_assert_null(sp_session_libraries(fixture->session, "jpeg", &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_INTERRUPTED);
}

static void
test_cancelled(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) jpeg = plain_jpeg();
    sp_session_cancel(fixture->session);
    g_autoptr(SpReceipt) receipt = process_bytes(fixture, jpeg, &(SpTarget){.force = FALSE});
    g_assert_error(receipt->error, SP_ERROR, SP_ERROR_INTERRUPTED);
    g_assert_cmpuint(empty_folder(fixture->folder), ==, 0);
}

int
main(int argc, char **argv)
{
    g_autofree char *name = g_path_get_basename(argv[0]);
    for (chosen = 0; chosen < G_N_ELEMENTS(lies); chosen++)
        if (g_str_equal(name, lies[chosen].name))
            return sp_server_run(&(SpRenderer){NULL, render_lying});
    g_test_init(&argc, &argv, NULL);
    g_test_add("/process/honest", Fixture, NULL, set_up, test_honest, tear_down);
    g_test_add("/process/lies", Fixture, NULL, set_up, test_lies, tear_down);
    g_test_add("/process/refusal", Fixture, NULL, set_up, test_refusal, tear_down);
    g_test_add("/process/same-pixels-same-files", Fixture, NULL, set_up,
               test_same_pixels_same_files, tear_down);
    g_test_add("/process/receipt-fails", Fixture, NULL, set_up, test_receipt_fails, tear_down);
    g_test_add("/process/below", Fixture, NULL, set_up, test_below, tear_down);
    g_test_add("/process/sink", Fixture, NULL, set_up, test_sink, tear_down);
    g_test_add("/process/sink-fails", Fixture, NULL, set_up, test_sink_fails, tear_down);
    g_test_add("/process/names-key", Fixture, NULL, set_up, test_names_key, tear_down);
    g_test_add("/process/libraries", Fixture, NULL, set_up, test_libraries, tear_down);
    g_test_add("/process/no-libraries", Fixture, NULL, set_up, test_no_libraries, tear_down);
    g_test_add("/process/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
    return g_test_run();
}
