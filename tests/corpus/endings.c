/* SPDX-License-Identifier: MIT */
/* endings.c -- how each upload of a list ends in one session, and what it costs.
 *
 *     endings FOLDER <LIST
 *
 * LIST has a path a line; what is made lies in FOLDER. Printed, a line a path in their order,
 * with tabs between:
 *
 *     CODE  MILLISECONDS  CPU-MILLISECONDS  PEAK-KIB  CHILDREN
 *
 * CODE is a receipt's word, or ok. Wall time is that of sp_process(), all of it. CPU time and
 * memory are the renderers', as their servers reaped them: time of all attempts together, the
 * memory of the largest. CHILDREN is how many were started. Exits with 1 when a descriptor is
 * left open afterwards, or a child is left behind. */
#include "base/memfd.h"
#include "pipeline/session.h"
#include "storyphoto.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

typedef struct {
    guint children;
    guint64 cpu_ms;
    guint32 peak_kib;
} Cost;

static void
add_up(const SpWireEnded *ended, gpointer data)
{
    Cost *cost = data;
    cost->children++;
    cost->cpu_ms += ended->cpu_ms;
    cost->peak_kib = MAX(cost->peak_kib, ended->peak_kib);
}

static guint
count_descriptors(void)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
    while (dir != NULL && g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

static SpReceipt *
take(SpSession *session, const SpPreset *preset, const char *path, const char *folder)
{
    g_auto(SpFd) fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        g_autoptr(GError) error =
            g_error_new(SP_ERROR, SP_ERROR_CANNOT_READ, "%s: %s", path, g_strerror(errno));
        return sp_receipt_new_failed(path, preset, error);
    }
    SpUpload upload = {.fd = fd, .name = path};
    SpTarget target = {.folder = folder};
    return sp_process(session, preset, &upload, &target);
}

/* All of the list, in one session. */
static void
take_all(SpSession *session, const SpPreset *preset, const char *folder)
{
    g_autofree char *line = NULL; /* malloc()ed; GLib's memory is libc's */
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        line[strcspn(line, "\n")] = '\0';
        Cost cost = {0};
        sp_sandbox_set_witness(session->sandbox, add_up, &cost);
        gint64 start = g_get_monotonic_time();
        g_autoptr(SpReceipt) receipt = take(session, preset, line, folder);
        double ms = (double)(g_get_monotonic_time() - start) / 1000;
        const char *word = receipt->error != NULL ? sp_error_word(receipt->error->code) : "ok";
        printf("%s\t%.1f\t%" G_GUINT64_FORMAT "\t%u\t%u\n", word, ms, cost.cpu_ms,
               cost.peak_kib, cost.children);
    }
    sp_sandbox_set_witness(session->sandbox, NULL, NULL);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPreset) preset = sp_preset_load("story", &error);
    if (argc != 2 || preset == NULL) {
        fprintf(stderr, "usage: endings FOLDER <LIST\n");
        return 64;
    }
    guint before = count_descriptors();
    SpSession *session = sp_session_new();
    take_all(session, preset, argv[1]);
    sp_session_free(session);
    gboolean childless = waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD;
    if (count_descriptors() != before || !childless) {
        fprintf(stderr, "endings: %u descriptors before, %u after, %s\n", before,
                count_descriptors(), childless ? "no child" : "a child is left");
        return 1;
    }
    return 0;
}
