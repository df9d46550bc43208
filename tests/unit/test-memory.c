/* SPDX-License-Identifier: MIT */
/* test-memory.c -- what a job asks for is an upper bound of what it takes: a process that may
 * grow by that much, and no more, renders the picture.
 *
 * How much is asked for is found as the lowest max-memory that does not refuse. */
#include "render-fixture.h"
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEBI ((guint64)1 << 20)
#define PLENTY (512 * MEBI)

typedef struct {
    const char *name;
    Sample sample;
    guint width, n_variants, effort, threads;
    gboolean is_auto, linear, asks; /* the JPEG for 4:4:4 */
} Case;

static const Case cases[] = {
    {"small", {16, 16, SAMPLING_420}, 16, 2, 2, 2},
    {"baseline", {1200, 900, SAMPLING_420, .kind = SAMPLE_NOISE}, 1024, 2, 2, 2},
    {"progressive", {1200, 900, SAMPLING_420, .progressive = TRUE}, 1024, 2, 4, 2},
    {"chroma in full", {1200, 900, SAMPLING(1, 1), .kind = SAMPLE_NOISE}, 1024, 2, 2, 2},
    {"chroma in full, WebP alone",
     {1200, 900, SAMPLING(1, 1), .kind = SAMPLE_NOISE},
     1024,
     1,
     0,
     1},
    {"more than there is",
     {1200, 900, SAMPLING_420, .kind = SAMPLE_NOISE, .progressive = TRUE},
     1024,
     2,
     0,
     1,
     .asks = TRUE},
    {"auto", {1200, 900, SAMPLING_420, .kind = SAMPLE_NOISE}, 1024, 2, 4, 2, TRUE},
    {"many at once", {800, 600, SAMPLING_420, .kind = SAMPLE_NOISE}, 800, 8, 4, 2},
    {"one after the other", {800, 600, SAMPLING_420, .kind = SAMPLE_NOISE}, 800, 8, 4, 1},
    {"light", {2000, 1500, SAMPLING_420, .kind = SAMPLE_NOISE}, 1024, 2, 2, 2, .linear = TRUE},
    {"little light",
     {1000, 750, SAMPLING(1, 1), .kind = SAMPLE_NOISE},
     960,
     1,
     0,
     1,
     .linear = TRUE},
};

static Render *
render_case(const Case *c)
{
    Render *render = render_new();
    render->once = TRUE;
    SpWireRequest *request = &render->request;
    request->threads = c->threads;
    for (guint i = 0; i < c->n_variants; i++) {
        request->variants[i] = request->variants[i % 2];
        request->variants[i].width = c->width;
        request->variants[i].effort = c->effort;
        if (c->asks && request->variants[i].format == SP_OUTPUT_JPEG)
            request->variants[i].chroma = SP_CHROMA_444;
        if (c->is_auto)
            request->variants[i].quality = SP_QUALITY_AUTO;
    }
    request->n_variants = c->n_variants;
    request->reduction.linear_light = c->linear;
    return render;
}

static guint64
data_bytes(void)
{
    g_autofree char *status = NULL;
    g_assert_true(g_file_get_contents("/proc/self/status", &status, NULL, NULL));
    const char *data = strstr(status, "VmData:");
    g_assert_nonnull(data);
    return g_ascii_strtoull(data + strlen("VmData:"), NULL, 10) * 1024;
}

/* The answer's code from a process that may grow by so much, and thinks that it may take
 * max_memory; 255 when there is no answer. A process each: this one's heap stays as it was. */
static guint
code_within(const Case *c, const GByteArray *jpeg, guint64 growth, guint64 max_memory)
{
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        g_autoptr(Render) render = render_case(c);
        render->request.limits.max_memory = max_memory;
        struct rlimit limit = {data_bytes() + growth, RLIM_INFINITY};
        struct rlimit no_core = {0, 0};
        if (setrlimit(RLIMIT_CORE, &no_core) != 0 || setrlimit(RLIMIT_DATA, &limit) != 0)
            _exit(255);
        alarm(60);
        _exit((int)render_array(render, jpeg));
    }
    int status = 0;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    return WIFEXITED(status) ? (guint)WEXITSTATUS(status) : 255;
}

static guint64
asked_for(const Case *c, const GByteArray *jpeg)
{
    guint64 too_little = 0, enough = PLENTY / MEBI;
    while (enough - too_little > 1) {
        guint64 middle = (too_little + enough) / 2;
        guint code = code_within(c, jpeg, PLENTY * 2, middle * MEBI);
        g_assert_true(code == SP_ERROR_NONE || code == SP_ERROR_TOO_MUCH_MEMORY);
        if (code == SP_ERROR_NONE)
            enough = middle;
        else
            too_little = middle;
    }
    return enough * MEBI;
}

static void
test_upper_bound(void)
{
#ifdef SP_SANITIZED
    g_test_skip("a sanitizer's memory is not ours");
    return;
#endif
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Case *c = &cases[i];
        g_autoptr(GByteArray) jpeg = render_sample(&c->sample);
        guint64 growth = asked_for(c, jpeg);
        g_test_message("%s: %" G_GUINT64_FORMAT " MiB", c->name, growth / MEBI);
        g_assert_cmpuint(code_within(c, jpeg, growth, PLENTY), ==, SP_ERROR_NONE);
        g_assert_cmpuint(code_within(c, jpeg, MEBI, PLENTY), !=, SP_ERROR_NONE);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/memory/upper-bound", test_upper_bound);
    return g_test_run();
}
