/* SPDX-License-Identifier: MIT */
/* seal-cost.c -- what it costs that each upload is rendered in a sealed process of its own.
 *
 *     seal-cost [--pairs N] [--threads N] PHOTO.jpg...
 *
 * In turn, on the same upload: sp_render_bytes() in this process, warm, into memory that it has
 * used before; and sp_sandbox_render() with its server warm: socket, memory, fork, lock,
 * render, wire, exit, seal. Both make the variants of `story` with as many threads (default: a
 * thread a core). Of each pair the difference and the ratio are taken, and of those the
 * medians: a machine whose speed drifts is the same for both of a pair. What each took at best
 * is what a host that does nothing else would show. */
#include "base/memfd.h"
#include "preset/preset.h"
#include "render/render.h"
#include "sandbox/client.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static int n_pairs = 100, n_threads;

typedef struct {
    const SpPreset *preset; /* borrowed */
    SpSandbox *sandbox;     /* borrowed */
    SpFd fd;                /* owned; a sealed copy of the upload */
    gsize n;
    const guint8 *bytes; /* owned mapping of fd */
    SpWireRequest *request;
    guint8 *output; /* owned; of the unsealed way */
} Upload;

static void
upload_clear(Upload *upload)
{
    if (upload->bytes != NULL)
        munmap((void *)upload->bytes, upload->n);
    sp_fd_clear(&upload->fd);
    g_free(upload->request);
    g_free(upload->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Upload, upload_clear)

static gboolean
upload_open(Upload *upload, const char *path, GError **error)
{
    g_auto(SpFd) fd = open(path, O_RDONLY | O_CLOEXEC);
    upload->fd =
        sp_memfd_copy(fd, (gsize)upload->preset->limits.max_upload, path, &upload->n, error);
    if (upload->fd < 0)
        return FALSE;
    upload->bytes = mmap(NULL, upload->n, PROT_READ, MAP_PRIVATE, upload->fd, 0);
    g_assert(upload->bytes != MAP_FAILED);
    SpWireRequest *request = upload->request = g_new0(SpWireRequest, 1);
    request->limits = upload->preset->limits;
    request->n_variants = upload->preset->n_variants;
    memcpy(request->variants, upload->preset->variants, sizeof request->variants);
    request->threads = (guint)n_threads;
    request->input_size = upload->n;
    request->output_size = sp_wire_output_size(request->variants, request->n_variants);
    upload->output = g_malloc0(request->output_size);
    return TRUE;
}

/* Milliseconds. */
static double
render_here(const Upload *upload)
{
    SpWireAnswer answer = {.code = SP_ERROR_NONE};
    gint64 start = g_get_monotonic_time();
    sp_render_bytes(sp_develop_jpeg, upload->request, upload->bytes, upload->n, upload->output,
                    &answer);
    gint64 end = g_get_monotonic_time();
    if (answer.code != SP_ERROR_NONE)
        g_error("in this process: %s", answer.message);
    return (double)(end - start) / 1000;
}

static double
render_sealed(const Upload *upload)
{
    SpWireAnswer answer;
    g_auto(SpFd) output = -1;
    g_autoptr(GError) error = NULL;
    gint64 start = g_get_monotonic_time();
    gboolean done = sp_sandbox_render(upload->sandbox, SP_RENDERER_JPEG, upload->request,
                                      upload->fd, &answer, &output, NULL, &error);
    gint64 end = g_get_monotonic_time();
    if (!done)
        g_error("sealed: %s", error->message);
    return (double)(end - start) / 1000;
}

static int
compare(gconstpointer a, gconstpointer b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Sorted, so that the first is the least. */
static double
median(GArray *values)
{
    g_array_sort(values, compare);
    return g_array_index(values, double, values->len / 2);
}

static void
show(const char *name, GArray *values)
{
    double middle = median(values);
    printf("  %-16s %8.2f ms, at best %.2f\n", name, middle, g_array_index(values, double, 0));
}

static void
measure(const Upload *upload, const char *path)
{
    g_autoptr(GArray) here = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) sealed = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) differences = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) ratios = g_array_new(FALSE, FALSE, sizeof(double));
    for (int i = -2; i < n_pairs; i++) { /* two to warm up */
        double first = i % 2 != 0 ? render_sealed(upload) : 0;
        double a = render_here(upload);
        double b = i % 2 != 0 ? first : render_sealed(upload);
        double difference = b - a, ratio = b / a;
        if (i < 0)
            continue;
        g_array_append_val(here, a);
        g_array_append_val(sealed, b);
        g_array_append_val(differences, difference);
        g_array_append_val(ratios, ratio);
    }
    printf("%s, %" G_GSIZE_FORMAT " bytes, %d pairs, %d threads\n", path, upload->n, n_pairs,
           n_threads);
    show("in this process", here);
    show("sealed", sealed);
    printf("  %-16s %8.2f ms, %+.1f %%; at best %.2f ms\n", "more by", median(differences),
           (median(ratios) - 1) * 100,
           g_array_index(sealed, double, 0) - g_array_index(here, double, 0));
}

int
main(int argc, char **argv)
{
    const GOptionEntry entries[] = {
        {"pairs", 0, 0, G_OPTION_ARG_INT, &n_pairs, "of each photo", "N"},
        {"threads", 0, 0, G_OPTION_ARG_INT, &n_threads, "that encode", "N"},
        {NULL},
    };
    g_autoptr(GError) error = NULL;
    n_threads = (int)g_get_num_processors();
    g_autoptr(GOptionContext) context = g_option_context_new("PHOTO.jpg...");
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(SpPreset) preset = sp_preset_load("story", &error);
    if (preset == NULL || !g_option_context_parse(context, &argc, &argv, &error) ||
        n_pairs < 1 || n_threads < 1) {
        fprintf(stderr, "seal-cost: %s\n", error != NULL ? error->message : "not that few");
        return 64;
    }
    sp_render_warm_up();
    g_autoptr(SpSandbox) sandbox = sp_sandbox_new();
    for (int i = 1; i < argc; i++) {
        g_auto(Upload) upload = {.preset = preset, .sandbox = sandbox, .fd = -1};
        if (!upload_open(&upload, argv[i], &error)) {
            fprintf(stderr, "seal-cost: %s\n", error->message);
            return 66;
        }
        measure(&upload, argv[i]);
    }
    return 0;
}
