/* SPDX-License-Identifier: MIT */
/* test-sandbox-secrets.c -- what the supervisor has, and what the upload before had, is nowhere
 * in a renderer.
 *
 * The renderer is tests/liars/search.c: it looks through all that it has for a marker that it
 * knows only masked, and tells how often it was found. It is not locked: what it does not find
 * is not there, whoever may look. And each time something else shows that it would have been
 * found.
 *
 * An inspector stays for many files, so the promise there is a smaller one: when a file is
 * looked at, nothing is left of those before in what held them and what was said of them. */
#include "base/carrier.h"
#include "liars/search.h"
#include "sandbox-fixture.h"
#include "sandbox/inspector.h"
#include <sys/mman.h>

#define MARKER_BYTES 24
#define MARKER "STORYPHOTO_TEST_MARKER" /* environment variable of ours that holds one */
#define REPEATS 1000                    /* of a marker in an upload */
#define MINUTE 60000

/* ---- markers ------------------------------------------------------------------------------
 */

/* Text that is found nowhere else. */
static char *
make_marker(void)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < MARKER_BYTES; i++)
        g_string_append_printf(text, "%02x", (guint)g_random_int_range(0, 256));
    return g_string_free(text, FALSE);
}

/* The path of a searcher for it. */
static char *
link_searcher(const char *prefix, const char *marker)
{
    GString *name = g_string_new(prefix);
    for (const char *at = marker; *at != '\0'; at++)
        g_string_append_printf(name, "%02x", (guint)(guint8)*at ^ SP_SEARCH_MASK);
    char *path = link_liar(name->str);
    g_string_free(name, TRUE);
    return path;
}

/* An upload that is full of it. */
static char *
repeat(const char *marker)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < REPEATS; i++)
        g_string_append(text, marker);
    return g_string_free(text, FALSE);
}

/* A descriptor of that name and content that every program inherits. */
static int
open_marker(const char *marker)
{
    int fd = memfd_create(marker, 0);
    g_assert_cmpint(fd, >=, 0);
    g_assert_true(sp_write_full(fd, marker, strlen(marker)));
    return fd;
}

static void
scene_init_searcher(Scene *scene, const char *marker)
{
    scene_init(scene, "honest");
    g_free(scene->path);
    scene->path = link_searcher("search-", marker);
    sp_sandbox_set_program(scene->sandbox, SP_RENDERER_JPEG, scene->path);
    sp_sandbox_set_patience(scene->sandbox, MINUTE, MINUTE);
}

typedef struct {
    SpFound start, child;
    gint32 server;
} Told;

/* What the searcher tells of that job. */
static Told
run_search(Job *job)
{
    Told told;
    g_autoptr(GError) error = NULL;
    job->timeout_ms = MINUTE;
    g_assert_false(run_job(job, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CORRUPT);
    g_assert_cmpint(sscanf(error->message, "start %u %u %u %u, child %u %u %u %u",
                           &told.start.memory, &told.start.environ, &told.start.cmdline,
                           &told.start.descriptors, &told.child.memory, &told.child.environ,
                           &told.child.cmdline, &told.child.descriptors),
                    ==, 8);
    memcpy(&told.server, job->answer.thumbhash + 1, sizeof told.server);
    return told;
}

static void
expect_nothing(const SpFound *found)
{
    g_assert_cmpuint(found->memory, ==, 0);
    g_assert_cmpuint(found->environ, ==, 0);
    g_assert_cmpuint(found->cmdline, ==, 0);
    g_assert_cmpuint(found->descriptors, ==, 0);
}

/* ---- the supervisor's ---------------------------------------------------------------------
 */

static void
inherit_all(gpointer data G_GNUC_UNUSED)
{
}

/* The searcher, started as carelessly as programs are, finds all of it. */
static void
test_searcher(void)
{
    const char *marker = g_getenv(MARKER);
    g_autofree char *path = link_searcher("search-", marker);
    g_autofree char *said = NULL;
    g_autoptr(GError) error = NULL;
    char *argv[] = {path, (char *)marker, NULL};
    int fd = open_marker(marker);
    g_assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_LEAVE_DESCRIPTORS_OPEN, inherit_all,
                               NULL, &said, NULL, NULL, &error));
    g_assert_no_error(error);
    SpFound found = {0, 0, 0, 0};
    g_assert_cmpint(sscanf(said, "%u %u %u %u", &found.memory, &found.environ, &found.cmdline,
                           &found.descriptors),
                    ==, 4);
    g_assert_cmpuint(found.memory, >=, 2); /* environment and arguments at least */
    g_assert_cmpuint(found.environ, ==, 1);
    g_assert_cmpuint(found.cmdline, ==, 1);
    g_assert_cmpuint(found.descriptors, ==, 2); /* name and content */
    close(fd);
}

/* Our environment, arguments, memory and descriptors, also those without CLOEXEC. */
static void
test_supervisor(void)
{
    const char *marker = g_getenv(MARKER); /* also in our arguments: main() */
    g_autofree char *heap = repeat(marker);
    char stack[2 * MARKER_BYTES + 1];
    int fd = open_marker(marker);
    Scene scene;
    memcpy(stack, marker, sizeof stack);
    scene_init_searcher(&scene, marker);
    Job job = {.sandbox = scene.sandbox};
    Told told = run_search(&job);
    expect_nothing(&told.start);
    expect_nothing(&told.child);
    job.upload = stack; /* but what it is sent, it finds */
    told = run_search(&job);
    expect_nothing(&told.start);
    g_assert_cmpuint(told.child.memory, >=, 1);
    scene_clear(&scene);
    g_assert_cmpstr(stack, ==, marker);
    g_assert_true(g_str_has_prefix(heap, marker));
    close(fd);
}

/* ---- the upload before --------------------------------------------------------------------
 */

/* Of an upload that its server's child has seen, the next child has nothing; nor has it of the
 * first bytes of a pipe, which went through the server itself. */
static void
test_upload_before(void)
{
    for (guint pipes = 0; pipes < 4; pipes++) {
        Scene scene;
        g_autofree char *marker = make_marker();
        g_autofree char *upload = repeat(marker);
        scene_init_searcher(&scene, marker);
        Job first = {
            .sandbox = scene.sandbox,
            .upload = upload,
            .pipe = (pipes & 1) != 0,
            .head = SP_WIRE_HEAD,
        };
        Told told = run_search(&first);
        g_assert_cmpuint(told.child.memory, >=, REPEATS);
        Job second = {.sandbox = scene.sandbox, .pipe = (pipes & 2) != 0};
        for (guint i = 0; i < 3; i++) {
            Told next = run_search(&second);
            g_assert_cmpint(next.server, ==, told.server);
            expect_nothing(&next.child);
        }
        second.upload = marker;
        told = run_search(&second);
        g_assert_cmpuint(told.child.memory, >=, 1);
        scene_clear(&scene);
    }
}

/* ---- the file before ----------------------------------------------------------------------
 */

/* How often the inspector finds the marker while it has that file. */
static guint64
inspect_text(SpInspectorProcess *process, const char *text, gboolean values)
{
    g_autoptr(GError) error = NULL;
    const SpWireInspection *inspection = NULL;
    g_auto(SpFd) file = sp_memfd_new(strlen(text), &error);
    g_assert_no_error(error);
    g_assert_true(sp_write_full(file, text, strlen(text)));
    gboolean done = sp_inspector_process_ask(process, file, strlen(text), values, MINUTE,
                                             &inspection, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    g_assert_cmpuint(inspection->n_carriers, ==, 1);
    return inspection->carriers[0].bytes;
}

static void
test_file_before(void)
{
    Scene scene;
    scene_init(&scene, "honest");
    g_autofree char *marker = make_marker();
    g_autofree char *full = repeat(marker);
    g_autofree char *path = link_searcher("inspect-search-", marker);
    sp_sandbox_set_program(scene.sandbox, SP_RENDERER_INSPECT, path);
    sp_sandbox_set_patience(scene.sandbox, MINUTE, MINUTE);
    g_autoptr(SpInspectorProcess) process = sp_inspector_process_new(scene.sandbox);
    g_assert_cmpuint(inspect_text(process, "x", FALSE), ==, 0);
    for (guint i = 0; i < 3; i++) {
        g_assert_cmpuint(inspect_text(process, full, TRUE), >=, REPEATS);
        g_assert_cmpuint(inspect_text(process, "x", i == 1), ==, 0);
        g_assert_cmpuint(inspect_text(process, "", FALSE), ==, 0);
    }
    sp_inspector_process_free(g_steal_pointer(&process));
    scene_clear(&scene);
}

int
main(int argc, char **argv)
{
    if (g_getenv(MARKER) == NULL) { /* once more, with a marker where secrets are */
        g_autofree char *marker = make_marker();
        g_setenv(MARKER, marker, TRUE);
        g_autoptr(GPtrArray) again = g_ptr_array_new();
        for (int i = 0; i < argc; i++)
            g_ptr_array_add(again, argv[i]);
        g_ptr_array_add(again, marker);
        g_ptr_array_add(again, NULL);
        execv("/proc/self/exe", (char **)again->pdata);
        g_error("cannot start again: %s", g_strerror(errno));
    }
    g_test_init(&argc, &argv, NULL);
    find_liar();
    g_test_add_func("/sandbox-secrets/searcher", test_searcher);
    g_test_add_func("/sandbox-secrets/supervisor", test_supervisor);
    g_test_add_func("/sandbox-secrets/upload-before", test_upload_before);
    g_test_add_func("/sandbox-secrets/file-before", test_file_before);
    int status = g_test_run();
    remove_folder();
    return status;
}
