/* SPDX-License-Identifier: MIT */
/* test-sandbox.c -- the supervisor among honest and lying renderers.
 *
 * Each liar has a line that says which error must come of it, and after each an honest job must
 * work in the same sandbox: a lie may cost one upload, nothing more. */
#include "sandbox-fixture.h"

typedef struct {
    const char *name;
    SpErrorCode code; /* SP_ERROR_NONE: must work */
    guint timeout_ms; /* 0: plenty */
    gboolean pipe;
} Case;

static const Case cases[] = {
    {"honest", SP_ERROR_NONE},
    {"honest", SP_ERROR_NONE, .pipe = TRUE},
    {"refusal", SP_ERROR_CORRUPT},
    {"refusal", SP_ERROR_CORRUPT, .pipe = TRUE},
    /* messages */
    {"garbage", SP_ERROR_PROTOCOL},
    {"short-answer", SP_ERROR_PROTOCOL},
    {"tiny-answer", SP_ERROR_PROTOCOL},
    {"long-answer", SP_ERROR_PROTOCOL},
    {"one-too-long", SP_ERROR_PROTOCOL},
    {"wrong-magic", SP_ERROR_PROTOCOL},
    {"wrong-id", SP_ERROR_PROTOCOL},
    {"wrong-kind", SP_ERROR_PROTOCOL},
    {"two-answers", SP_ERROR_PROTOCOL},
    {"flood", SP_ERROR_PROTOCOL},
    {"stubborn-flood", SP_ERROR_PROTOCOL},
    {"stubborn-flood", SP_ERROR_PROTOCOL, .pipe = TRUE},
    {"empty-flood", SP_ERROR_DECODER_CRASHED},
    {"junk-flood", SP_ERROR_PROTOCOL},
    {"answer-then-junk", SP_ERROR_PROTOCOL},
    {"half-answer", SP_ERROR_PROTOCOL},
    {"descriptors", SP_ERROR_PROTOCOL},
    {"empty-answer", SP_ERROR_DECODER_CRASHED},
    /* contents; test-wire.c has them all */
    {"beyond", SP_ERROR_PROTOCOL},
    {"overflow", SP_ERROR_PROTOCOL},
    {"overlap", SP_ERROR_PROTOCOL},
    {"too-many", SP_ERROR_PROTOCOL},
    {"too-few", SP_ERROR_PROTOCOL},
    {"unknown-bits", SP_ERROR_PROTOCOL},
    {"unterminated", SP_ERROR_PROTOCOL},
    {"fat-thumbhash", SP_ERROR_PROTOCOL},
    {"stolen-code", SP_ERROR_PROTOCOL},
    /* ends */
    {"silent", SP_ERROR_DECODER_CRASHED},
    {"exit-3", SP_ERROR_DECODER_CRASHED},
    {"crash", SP_ERROR_DECODER_CRASHED},
    {"crash", SP_ERROR_DECODER_CRASHED, .pipe = TRUE},
    {"forbidden-call", SP_ERROR_POLICY},
    {"forbidden-call", SP_ERROR_POLICY, .pipe = TRUE},
    {"reported-call", SP_ERROR_POLICY},
    {"crash-once", SP_ERROR_NONE},
    {"crash-once", SP_ERROR_DECODER_CRASHED, .pipe = TRUE},
    {"answer-then-crash", SP_ERROR_PROTOCOL},
    {"answer-then-exit-3", SP_ERROR_PROTOCOL},
    {"closed", SP_ERROR_DECODER_CRASHED},
    {"kill-server", SP_ERROR_BUSY},
    {"answer-then-kill-server", SP_ERROR_BUSY},
    {"shut-writing", SP_ERROR_DECODER_CRASHED},
    {"answer-then-shut", SP_ERROR_DECODER_CRASHED},
    /* time */
    {"hang", SP_ERROR_BUSY, .timeout_ms = 200},
    {"hang", SP_ERROR_BUSY, .timeout_ms = 200, .pipe = TRUE},
    {"hang-closed", SP_ERROR_BUSY, .timeout_ms = 200},
    {"stop-server", SP_ERROR_BUSY, .timeout_ms = 200},
    {"answer-then-stop-server", SP_ERROR_BUSY, .timeout_ms = 200},
    {"answer-then-hang", SP_ERROR_BUSY, .timeout_ms = 200},
    {"stop-itself", SP_ERROR_BUSY, .timeout_ms = 200},
    {"never-listen", SP_ERROR_BUSY, .timeout_ms = 200},
    {"spin-alarmed", SP_ERROR_TOO_MUCH_WORK, .timeout_ms = 200, .pipe = TRUE},
    {"spin-unalarmed", SP_ERROR_TOO_MUCH_WORK, .timeout_ms = 1000, .pipe = TRUE},
    {"spin-stubborn", SP_ERROR_TOO_MUCH_WORK, .timeout_ms = 1000, .pipe = TRUE},
    /* outputs */
    {"late-writer", SP_ERROR_POLICY},
    {"forged-ended", SP_ERROR_POLICY},
    {"answer-then-ended-flood", SP_ERROR_POLICY},
    {"ended-flood", SP_ERROR_DECODER_CRASHED},
    {"forged-crash", SP_ERROR_DECODER_CRASHED},
    {"short-ended", SP_ERROR_PROTOCOL},
    /* start */
    {"no-hello", SP_ERROR_CANNOT_SEAL},
    {"wrong-build", SP_ERROR_CANNOT_SEAL},
    {"wrong-version", SP_ERROR_CANNOT_SEAL},
    {"half-hello", SP_ERROR_CANNOT_SEAL},
    {"long-hello", SP_ERROR_CANNOT_SEAL},
    {"empty-hello", SP_ERROR_CANNOT_SEAL},
    {"endless-libraries", SP_ERROR_CANNOT_SEAL},
    {"coloured-libraries", SP_ERROR_CANNOT_SEAL},
    {"chatter", SP_ERROR_NONE},
    {"exit-at-start", SP_ERROR_CANNOT_SEAL},
    {"crash-at-start", SP_ERROR_CANNOT_SEAL},
    {"stop-at-start", SP_ERROR_CANNOT_SEAL},
    {"leave-at-request", SP_ERROR_DECODER_CRASHED},
    {"leave-at-request", SP_ERROR_DECODER_CRASHED, .pipe = TRUE},
    {"deaf", SP_ERROR_CANNOT_SEAL},
    {"deaf", SP_ERROR_CANNOT_SEAL, .pipe = TRUE},
};

static void
test_liar(gconstpointer data)
{
    const Case *c = data;
    Scene scene;
    scene_init(&scene, c->name);
    gboolean no_hello =
        g_str_equal(c->name, "no-hello") || g_str_equal(c->name, "stop-at-start");
    sp_sandbox_set_patience(scene.sandbox, no_hello ? 300 : 10000, 500);
    Job job = {.sandbox = scene.sandbox, .timeout_ms = c->timeout_ms, .pipe = c->pipe};
    gint64 start = g_get_monotonic_time();
    if (c->code == SP_ERROR_NONE)
        expect_success(&job);
    else
        expect_error(&job, c->code);
    if (c->timeout_ms != 0) /* a pipe's input timeout of ten minutes does not delay it */
        g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * LONG_US);
    sp_sandbox_set_patience(scene.sandbox, 10000, 5000);
    sp_sandbox_set_program(scene.sandbox, SP_RENDERER_JPEG, scene.honest);
    Job honest = {.sandbox = scene.sandbox, .pipe = c->pipe};
    expect_success(&honest);
    scene_clear(&scene);
}

/* Each lie by one program, again and again: the wrong ones leave, and no server stays behind
 * that got no further work. */
static void
test_same_liar_again(void)
{
    static const char *const names[] = {"crash", "garbage", "late-writer"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        Scene scene;
        scene_init(&scene, names[i]);
        Job job = {.sandbox = scene.sandbox};
        for (guint j = 0; j < 5; j++) {
            g_autoptr(GError) error = NULL;
            g_assert_false(run_job(&job, &error));
        }
        scene_clear(&scene);
    }
}

static void
test_refusal_is_filled(void)
{
    Scene scene;
    scene_init(&scene, "refusal");
    Job job = {.sandbox = scene.sandbox};
    g_autoptr(GError) error = NULL;
    g_assert_false(run_job(&job, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CORRUPT);
    g_assert_cmpstr(error->message, ==, "as promised");
    g_assert_cmpuint(job.answer.width, ==, 40);
    g_assert_cmpuint(job.answer.removed, ==, SP_CATEGORY_DEVICE);
    scene_clear(&scene);
}

/* The wall deadline comes before the CPU limit. Whether that is "too much work" or "busy"
 * depends on how busy this host is; spin-alarmed above does not. */
static void
test_spin(void)
{
    Scene scene;
    scene_init(&scene, "spin");
    for (guint i = 0; i < 2; i++) {
        Job job = {.sandbox = scene.sandbox, .timeout_ms = 200, .pipe = i != 0};
        g_autoptr(GError) error = NULL;
        g_assert_false(run_job(&job, &error));
        if (!g_error_matches(error, SP_ERROR, SP_ERROR_TOO_MUCH_WORK))
            g_assert_error(error, SP_ERROR, SP_ERROR_BUSY);
    }
    scene_clear(&scene);
}

static void
test_no_program(void)
{
    Scene scene;
    scene_init(&scene, "honest");
    g_autofree char *text = g_build_filename(folder, "text", NULL);
    g_assert_true(g_file_set_contents(text, "no program", -1, NULL));
    g_assert_cmpint(g_chmod(text, 0755), ==, 0);
    const struct {
        const char *path;
        const char *end; /* of the message */
    } programs[] = {
        {"/nonexistent/render", "'/nonexistent/render': No such file or directory"},
        {folder, ": Permission denied"},
        {text, ": Exec format error"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(programs); i++) {
        sp_sandbox_set_program(scene.sandbox, SP_RENDERER_JPEG, programs[i].path);
        Job job = {.sandbox = scene.sandbox};
        g_autoptr(GError) error = NULL;
        g_assert_false(run_job(&job, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_SEAL);
        g_assert_true(g_str_has_prefix(error->message, "cannot start renderer '"));
        g_assert_true(g_str_has_suffix(error->message, programs[i].end));
    }
    scene_clear(&scene);
}

static void
note_end(const SpWireEnded *ended, gpointer data)
{
    GArray *ends = data;
    g_array_append_val(ends, *ended);
}

/* A witness hears of every attempt: how it ended, and what it took. */
static void
test_witness(void)
{
    const struct {
        const char *name;
        guint n;
        gint32 first, last; /* statuses */
        guint32 cpu_ms, peak_kib;
    } witnessed[] = {
        {"honest", 1, 0, 0, 0, 100},
        {"crash-once", 2, SIGSEGV, 0, 0, 100},
        {"hungry", 1, 0, 0, 290, 65536},
    };
    for (guint i = 0; i < G_N_ELEMENTS(witnessed); i++) {
        Scene scene;
        scene_init(&scene, witnessed[i].name);
        g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(SpWireEnded));
        sp_sandbox_set_witness(scene.sandbox, note_end, ends);
        Job job = {.sandbox = scene.sandbox};
        expect_success(&job);
        g_assert_cmpuint(ends->len, ==, witnessed[i].n);
        const SpWireEnded *last = &g_array_index(ends, SpWireEnded, ends->len - 1);
        g_assert_cmpint(g_array_index(ends, SpWireEnded, 0).status, ==, witnessed[i].first);
        g_assert_cmpint(last->status, ==, witnessed[i].last);
        g_assert_cmpuint(last->cpu_ms, >=, witnessed[i].cpu_ms);
        g_assert_cmpuint(last->cpu_ms, <, 20000);
        g_assert_cmpuint(last->peak_kib, >=, witnessed[i].peak_kib);
#ifndef SP_SANITIZED /* whose own memory is larger than that */
        g_assert_cmpuint(last->peak_kib, <, witnessed[i].peak_kib + 65536);
#endif
        sp_sandbox_set_witness(scene.sandbox, NULL, NULL);
        expect_success(&job);
        g_assert_cmpuint(ends->len, ==, witnessed[i].n);
        scene_clear(&scene);
    }
}

/* ---- uploads ------------------------------------------------------------------------------
 */

static void
test_pipes(void)
{
    Scene scene;
    scene_init(&scene, "honest");
    const struct {
        const char *upload;
        guint64 max_upload;
        gboolean stalled;
        SpErrorCode code;
    } pipes[] = {
        {"", 10, FALSE, SP_ERROR_NONE},
        {"x", 10, FALSE, SP_ERROR_NONE},
        {"0123456789", 10, FALSE, SP_ERROR_NONE},
        {"0123456789a", 10, FALSE, SP_ERROR_TOO_LARGE},
        {"0123456789a", 10, TRUE, SP_ERROR_TOO_LARGE},
        {"0123456789", 10, TRUE, SP_ERROR_INPUT_TIMEOUT},
        {"0123456789", 0, TRUE, SP_ERROR_INPUT_TIMEOUT},
    };
    for (guint i = 0; i < G_N_ELEMENTS(pipes); i++) {
        Job job = {
            .sandbox = scene.sandbox,
            .pipe = TRUE,
            .stalled = pipes[i].stalled,
            .upload = pipes[i].upload,
            .max_upload = pipes[i].max_upload,
        };
        g_autoptr(GError) error = NULL;
        gboolean done = run_job(&job, &error);
        if (pipes[i].code == SP_ERROR_NONE)
            g_assert_no_error(error);
        else
            g_assert_error(error, SP_ERROR, (int)pipes[i].code);
        g_assert_cmpint(done, ==, pipes[i].code == SP_ERROR_NONE);
        if (pipes[i].code == SP_ERROR_TOO_LARGE)
            g_assert_cmpstr(
                error->message, ==,
                "the upload has at least 11 bytes, the limit is 10 (limits.max-upload)");
    }
    scene_clear(&scene);
}

static void *
write_slowly(void *data)
{
    int fd = GPOINTER_TO_INT(data);
    g_autofree char *block = g_strnfill(100000, 'b');
    for (guint i = 0; i < 50; i++) {
        g_usleep(1000);
        g_assert_true(sp_write_full(fd, block, 100000));
    }
    g_assert_true(sp_write_full(fd, "z", 1));
    close(fd);
    return NULL;
}

/* More than the first room and more than one pipe's worth, in pieces: the mapping grows. */
static void
test_long_pipe(void)
{
    Scene scene;
    scene_init(&scene, "honest");
    Job job = {.sandbox = scene.sandbox, .pipe = TRUE, .max_upload = 5000001};
    SpWireRequest request;
    fill_request(&job, 0, &request);
    int ends[2];
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    GThread *writer = g_thread_new("writer", write_slowly, GINT_TO_POINTER(ends[1]));
    g_auto(SpFd) input = ends[0];
    g_auto(SpFd) output = -1;
    g_autoptr(GError) error = NULL;
    gboolean done = sp_sandbox_render(scene.sandbox, SP_RENDERER_JPEG, &request, input,
                                      &job.answer, &output, NULL, &error);
    g_thread_join(writer);
    g_assert_no_error(error);
    g_assert_true(done);
    g_assert_cmpuint(job.answer.input_bytes, ==, 5000001);
    g_assert_cmpuint(job.answer.thumbhash[0], ==, 'z');
    sp_fd_clear(&input);
    sp_fd_clear(&output);
    scene_clear(&scene);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    find_liar();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/sandbox/liar/%s%s", cases[i].name,
                                                cases[i].pipe ? "-on-a-pipe" : "");
        g_test_add_data_func(path, &cases[i], test_liar);
    }
    g_test_add_func("/sandbox/same-liar-again", test_same_liar_again);
    g_test_add_func("/sandbox/refusal-is-filled", test_refusal_is_filled);
    g_test_add_func("/sandbox/spin", test_spin);
    g_test_add_func("/sandbox/no-program", test_no_program);
    g_test_add_func("/sandbox/witness", test_witness);
    g_test_add_func("/sandbox/pipes", test_pipes);
    g_test_add_func("/sandbox/long-pipe", test_long_pipe);
    int status = g_test_run();
    remove_folder();
    return status;
}
