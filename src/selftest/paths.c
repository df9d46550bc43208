/* SPDX-License-Identifier: MIT */
/* paths.c -- the ways that an upload can go: the table.
 *
 * A path gives everything that somebody outside may see of an upload: the published bytes and
 * their names, receipts, messages, and whatever else lies in its folder afterwards. The one
 * place where the caller's own name of an upload may stand is the receipt's input.name, which
 * is taken out here before the receipt is searched; where names = source publishes that name,
 * the upload has a plain one. A new path is a line in sp_paths[]. */
#include "selftest/paths.h"
#include "base/error.h"
#include "base/memfd.h"
#include <errno.h>
#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

#define PIPE_SIZE (1 << 20)

void
sp_yield_free(SpYield *yield)
{
    if (yield == NULL)
        return;
    g_ptr_array_unref(yield->files);
    g_ptr_array_unref(yield->texts);
    g_free(yield->thumbhash);
    g_free(yield);
}

static SpYield *
yield_new(void)
{
    SpYield *yield = g_new0(SpYield, 1);
    yield->files = g_ptr_array_new_with_free_func((GDestroyNotify)sp_folder_file_free);
    yield->texts = g_ptr_array_new_with_free_func(g_free);
    return yield;
}

/* ---- texts ---------------------------------------------------------------------------------
 */

/* A receipt without input.name and input.name_base64. */
static char *
without_name(const char *json, gsize n)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    if (!json_parser_load_from_data(parser, json, (gssize)n, NULL))
        return g_strndup(json, n);
    JsonNode *root = json_parser_get_root(parser);
    JsonObject *object = JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
    if (object != NULL && json_object_has_member(object, "input")) {
        JsonObject *input = json_object_get_object_member(object, "input");
        json_object_remove_member(input, "name");
        json_object_remove_member(input, "name_base64");
    }
    return json_to_string(root, FALSE);
}

static void
take_receipt(SpYield *yield, const SpReceipt *receipt)
{
    g_autofree char *json = sp_receipt_to_json(receipt);
    g_ptr_array_add(yield->texts, without_name(json, strlen(json)));
    if (receipt->error != NULL) {
        yield->code = receipt->error->code;
        g_ptr_array_add(yield->texts, g_strdup(receipt->error->message));
    }
    yield->thumbhash = g_strdup(receipt->thumbhash);
}

/* What lies in folder: published files, receipts, and anything else, which nobody asked for and
 * is searched with its name. */
static gboolean
take_folder(SpYield *yield, const char *folder, GError **error)
{
    g_autoptr(GPtrArray) all = sp_folder_read(folder, error);
    if (all == NULL)
        return FALSE;
    for (guint i = 0; i < all->len; i++) {
        const SpFolderFile *file = g_ptr_array_index(all, i);
        gsize n = 0;
        const char *bytes = g_bytes_get_data(file->bytes, &n);
        if (g_str_has_prefix(file->name, "receipts/")) {
            g_ptr_array_add(yield->texts, without_name(bytes, n));
            g_ptr_array_add(yield->texts, g_strdup(file->name));
            continue;
        }
        g_ptr_array_add(yield->files,
                        sp_folder_file_new(g_strdup(file->name), g_bytes_ref(file->bytes)));
    }
    return TRUE;
}

/* ---- the library's paths -------------------------------------------------------------------
 */

/* The upload as a file that only we have, or as a pipe that is written and closed. */
static int
open_upload(GBytes *upload, gboolean pipe, GError **error)
{
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(upload, &n);
    if (!pipe) {
        g_auto(SpFd) fd = sp_memfd_create(error);
        if (fd >= 0 && (!sp_write_full(fd, bytes, n) || lseek(fd, 0, SEEK_SET) != 0))
            return sp_throw_errno(error, SP_ERROR_IO, errno, "cannot write an upload"), -1;
        return sp_fd_steal(&fd);
    }
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return sp_throw_errno(error, SP_ERROR_IO, errno, "cannot make a pipe"), -1;
    g_auto(SpFd) from = ends[0];
    g_auto(SpFd) to = ends[1];
    if (fcntl(to, F_SETPIPE_SZ, PIPE_SIZE) < (int)n || !sp_write_full(to, bytes, n))
        return sp_throw_errno(error, SP_ERROR_IO, errno, "cannot write an upload"), -1;
    return sp_fd_steal(&from);
}

static SpPreset *
load_preset(const SpPath *path, GError **error)
{
    g_autoptr(SpPreset) preset = sp_preset_load(path->preset, error);
    if (preset == NULL)
        return NULL;
    for (guint i = 0; path->sets != NULL && path->sets[i] != NULL; i++)
        if (!sp_preset_set(preset, path->sets[i], error))
            return NULL;
    return sp_preset_check(preset, error) ? g_steal_pointer(&preset) : NULL;
}

/* What was written to the pipe, as a published file. */
static void
take_pipe(SpYield *yield, int fd)
{
    guint8 *buffer = g_malloc(PIPE_SIZE);
    gssize n = sp_read_full(fd, buffer, PIPE_SIZE);
    GBytes *bytes = g_bytes_new_take(buffer, (gsize)MAX(n, 0));
    g_ptr_array_add(yield->files, sp_folder_file_new(g_strdup("-"), bytes));
}

static SpYield *
process(const SpPath *path, SpSession *session, GBytes *upload, const char *name,
        const char *folder, GError **error)
{
    g_autoptr(SpPreset) preset = load_preset(path, error);
    g_autofree char *out = sp_folder_sub(folder, "out", error);
    g_autofree char *receipts = out != NULL ? sp_folder_sub(folder, "receipts", error) : NULL;
    g_auto(SpFd) fd = receipts != NULL ? open_upload(upload, path->pipe, error) : -1;
    int ends[2] = {-1, -1};
    if (preset == NULL || fd < 0)
        return NULL;
    if (path->to != NULL && pipe2(ends, O_CLOEXEC) < 0)
        return sp_throw_errno_null(error, SP_ERROR_IO, errno, "cannot make a pipe");
    g_auto(SpFd) from = ends[0];
    g_auto(SpFd) to = ends[1];
    if (path->to != NULL)
        (void)fcntl(to, F_SETPIPE_SZ, PIPE_SIZE);
    g_autoptr(SpYield) yield = yield_new();
    SpUpload sent = {.fd = fd, .name = path->own_name ? "photo" : name};
    SpTarget target = {
        .folder = path->to != NULL ? NULL : out,
        .receipts = receipts,
        .only_variant = path->to,
        .stdout_fd = to,
        .threads = 1,
    };
    g_autoptr(SpReceipt) receipt = sp_process(session, preset, &sent, &target);
    sp_fd_clear(&to);
    take_receipt(yield, receipt);
    if (path->to != NULL)
        take_pipe(yield, from);
    return take_folder(yield, folder, error) ? g_steal_pointer(&yield) : NULL;
}

/* What the upload would reveal, told without any value. */
static SpYield *
inspect(const SpPath *path, SpSession *session, GBytes *upload, const char *name,
        const char *folder, GError **error)
{
    g_auto(SpFd) fd = open_upload(upload, path->pipe, error);
    if (fd < 0)
        return NULL;
    g_autoptr(SpYield) yield = yield_new();
    SpUpload sent = {.fd = fd, .name = name};
    g_autoptr(SpInspection) inspection = sp_inspect(session, &sent, PIPE_SIZE, FALSE);
    g_autofree char *json = sp_inspection_to_json(inspection);
    g_ptr_array_add(yield->texts, without_name(json, strlen(json)));
    if (inspection->error != NULL) {
        yield->code = inspection->error->code;
        g_ptr_array_add(yield->texts, g_strdup(inspection->error->message));
    }
    return take_folder(yield, folder, error) ? g_steal_pointer(&yield) : NULL;
}

/* ---- uploads that are refused --------------------------------------------------------------
 */

/* In the middle of what there is: some carriers stand before it, some are cut themselves. */
static void
cut(GByteArray *upload)
{
    g_byte_array_set_size(upload, upload->len / 2);
}

/* A TIFF by its first bytes: a format that is never taken. */
static void
make_unsupported(GByteArray *upload)
{
    memcpy(upload->data, "II*", 4);
}

/* ---- the table -----------------------------------------------------------------------------
 */

static const char *const names_source[] = {"preset.names=source", NULL};
static const char *const names_random[] = {"preset.names=random", NULL};
static const char *const no_budget[] = {"jpeg.max-bytes=1000", "jpeg.quality=100",
                                        "jpeg.min-quality=100", NULL};

const SpPath sp_paths[] = {
    {"story", process, .preset = "story"},
    {"best", process, .preset = "best"},
    {"card", process, .preset = "card"},
    {"responsive", process, .preset = "responsive"},
    {"anonymous", process, .preset = "anonymous", .names_differ = TRUE},
    {"pipe", process, .preset = "story", .pipe = TRUE},
    {"to-webp", process, .preset = "story", .to = "webp"},
    {"to-jpeg", process, .preset = "story", .to = "jpeg", .pipe = TRUE},
    {"names-source", process, .preset = "story", .sets = names_source, .own_name = TRUE},
    {"names-random", process, .preset = "story", .sets = names_random, .names_differ = TRUE},
    {"refused-cut", process, .preset = "story", .alone = TRUE, .damage = cut},
    {"refused-budget", process, .preset = "story", .sets = no_budget},
    {"refused-format", process, .preset = "story", .alone = TRUE, .damage = make_unsupported},
    {"inspect", inspect, .alone = TRUE},
    {"inspect-pipe", inspect, .pipe = TRUE, .alone = TRUE},
    {NULL},
};

SpYield *
sp_path_run(const SpPath *path, SpSession *session, GBytes *upload, const char *name,
            const char *folder, GError **error)
{
    if (path->damage == NULL)
        return path->run(path, session, upload, name, folder, error);
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(upload, &n);
    GByteArray *copy = g_byte_array_new();
    g_byte_array_append(copy, bytes, (guint)n);
    path->damage(copy);
    g_autoptr(GBytes) damaged = g_byte_array_free_to_bytes(copy);
    return path->run(path, session, damaged, name, folder, error);
}

/* evanw.github.io/thumbhash: the first 18 bits are the means of L, P and Q. */
gboolean
sp_thumbhash_mean(const char *thumbhash, double ret_rgb[3])
{
    gsize n = 0;
    g_autofree guchar *hash = thumbhash != NULL ? g_base64_decode(thumbhash, &n) : NULL;
    if (n < 5)
        return FALSE;
    guint bits = hash[0] | (guint)hash[1] << 8 | (guint)hash[2] << 16;
    double l = (bits & 63) / 63.0;
    double p = (bits >> 6 & 63) / 31.5 - 1, q = (bits >> 12 & 63) / 31.5 - 1;
    ret_rgb[2] = l - 2.0 / 3 * p;
    ret_rgb[0] = (3 * l - ret_rgb[2] + q) / 2;
    ret_rgb[1] = ret_rgb[0] - q;
    return TRUE;
}
