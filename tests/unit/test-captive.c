/* SPDX-License-Identifier: MIT */
/* test-captive.c -- what the supervisor says of a renderer that rattles at the real lock.
 *
 * The attempts are tests/liars/captive.c's; each has a line here, and after each an honest job
 * must work in the same sandbox. What an inspector reports is for its caller to see. */
#include "sandbox-fixture.h"
#include "sandbox/inspector.h"
#include "sandbox/lock.h"

#define FORBIDDEN SP_WIRE_BROKE_OUT

typedef struct {
    const char *name;
    const char *message; /* whole; NULL: any */
    SpErrorCode code;    /* SP_ERROR_NONE: it works */
    gboolean in_memory;  /* it has limits of memory to meet, which sanitizers have not */
} Case;

static const Case cases[] = {
    {"honest", NULL, SP_ERROR_NONE},
    {"open", NULL, SP_ERROR_NONE}, /* fails, and that is all */
    {"socket", FORBIDDEN ": socket", SP_ERROR_POLICY},
    {"exec", FORBIDDEN ": execve", SP_ERROR_POLICY},
    {"fork", FORBIDDEN ": clone", SP_ERROR_POLICY},
    {"kill", FORBIDDEN ": kill", SP_ERROR_POLICY},
    {"code", FORBIDDEN ": mmap", SP_ERROR_POLICY},
    {"tracing", FORBIDDEN ": prctl", SP_ERROR_POLICY},
    {"in-threads", FORBIDDEN ": socket", SP_ERROR_POLICY},
    {"blindly", FORBIDDEN, SP_ERROR_POLICY},
    {"abort", "the renderer crashed twice: SIGABRT", SP_ERROR_DECODER_CRASHED},
    {"fault", "the renderer crashed twice: SIGSEGV", SP_ERROR_DECODER_CRASHED},
    {"want-memory", NULL, SP_ERROR_NONE, TRUE},
    {"need-memory", "the renderer crashed twice: SIGTRAP", SP_ERROR_DECODER_CRASHED, TRUE},
    {"expect-little", NULL, SP_ERROR_NONE, TRUE},
    {"keep-thread", NULL, SP_ERROR_NONE},
};

static void
test_renderer(gconstpointer data)
{
    const Case *c = data;
#ifdef SP_SANITIZED
    if (c->in_memory) {
        g_test_skip("sanitizers limit no memory");
        return;
    }
#endif
    Scene scene;
    scene_init(&scene, c->name);
    gboolean much = g_str_equal(c->name, "expect-little");
    Job job = {.sandbox = scene.sandbox, .max_memory = much ? 2 * SP_LOCK_SLACK : 1 << 20};
    g_autoptr(GError) error = NULL;
    gboolean done = run_job(&job, &error);
    if (c->code == SP_ERROR_NONE)
        g_assert_no_error(error);
    else
        g_assert_error(error, SP_ERROR, (int)c->code);
    g_assert_cmpint(done, ==, c->code == SP_ERROR_NONE);
    if (c->message != NULL)
        g_assert_cmpstr(error->message, ==, c->message);
    sp_sandbox_set_program(scene.sandbox, SP_RENDERER_JPEG, scene.honest);
    expect_success(&job);
    scene_clear(&scene);
}

/* Whether that is too much work or a busy host depends on how busy this host is. */
static void
test_loop(void)
{
    Scene scene;
    scene_init(&scene, "loop");
    Job job = {.sandbox = scene.sandbox, .timeout_ms = 300};
    g_autoptr(GError) error = NULL;
    g_assert_false(run_job(&job, &error));
    if (!g_error_matches(error, SP_ERROR, SP_ERROR_TOO_MUCH_WORK))
        g_assert_error(error, SP_ERROR, SP_ERROR_BUSY);
    scene_clear(&scene);
}

/* ---- inspectors ---------------------------------------------------------------------------
 */

static const Case inspector_cases[] = {
    {"inspect-honest", NULL, SP_ERROR_NONE},
    {"inspect-open", NULL, SP_ERROR_NONE},
    {"inspect-socket", FORBIDDEN ": socket", SP_ERROR_POLICY},
    {"inspect-exec", FORBIDDEN ": execve", SP_ERROR_POLICY},
    {"inspect-fork", FORBIDDEN ": clone", SP_ERROR_POLICY},
    {"inspect-code", FORBIDDEN ": mmap", SP_ERROR_POLICY},
    {"inspect-in-threads", FORBIDDEN ": socket", SP_ERROR_POLICY},
    {"inspect-blindly", FORBIDDEN, SP_ERROR_POLICY},
    {"inspect-abort", "the inspector crashed twice: SIGABRT", SP_ERROR_DECODER_CRASHED},
    {"inspect-want-much", NULL, SP_ERROR_NONE, TRUE},
    {"inspect-fault", "the inspector crashed twice: SIGSEGV", SP_ERROR_DECODER_CRASHED},
};

/* By the inspector, or by the supervisor: the caller hears it in one of two ways. */
static void
expect_of_inspector(SpInspectorProcess *process, int file, const Case *c)
{
    g_autoptr(GError) error = NULL;
    const SpWireInspection *inspection = NULL;
    gboolean told =
        sp_inspector_process_ask(process, file, 1, FALSE, 20000, &inspection, &error);
    g_test_message("%s", told ? inspection->message : error->message);
    g_assert_cmpint(told ? (int)inspection->code : error->code, ==, (int)c->code);
    if (c->message != NULL)
        g_assert_cmpstr(told ? inspection->message : error->message, ==, c->message);
}

static void
test_inspector(gconstpointer data)
{
    const Case *c = data;
    g_autoptr(GError) error = NULL;
#ifdef SP_SANITIZED
    if (c->in_memory) {
        g_test_skip("sanitizers limit no memory");
        return;
    }
#endif
    Scene scene;
    scene_init(&scene, "honest");
    g_autofree char *path = link_liar(c->name);
    g_autofree char *honest = link_liar("inspect-honest");
    g_auto(SpFd) file = sp_memfd_new(1, &error);
    g_assert_no_error(error);
    sp_sandbox_set_program(scene.sandbox, SP_RENDERER_INSPECT, path);
    SpInspectorProcess *process = sp_inspector_process_new(scene.sandbox);
    for (guint i = 0; i < 3; i++)
        expect_of_inspector(process, file, c);
    sp_inspector_process_free(process);
    sp_sandbox_set_program(scene.sandbox, SP_RENDERER_INSPECT, honest);
    process = sp_inspector_process_new(scene.sandbox);
    expect_of_inspector(process, file, &inspector_cases[0]);
    sp_inspector_process_free(process);
    sp_fd_clear(&file);
    scene_clear(&scene);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    find_program("captive");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/captive/%s", cases[i].name);
        g_test_add_data_func(path, &cases[i], test_renderer);
    }
    for (guint i = 0; i < G_N_ELEMENTS(inspector_cases); i++) {
        g_autofree char *path = g_strdup_printf("/captive/%s", inspector_cases[i].name);
        g_test_add_data_func(path, &inspector_cases[i], test_inspector);
    }
    g_test_add_func("/captive/loop", test_loop);
    int status = g_test_run();
    remove_folder();
    return status;
}
