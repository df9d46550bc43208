/* SPDX-License-Identifier: MIT */
/* test-inspector.c -- the supervisor and many files, among honest and lying inspectors.
 *
 * Each liar (tests/liars/inspect-lies.c) has a line that says what must come of a few files in
 * a row; behind each, an honest inspector must work in the same sandbox. */
#include "base/carrier.h"
#include "sandbox-fixture.h"
#include "sandbox/inspector.h"
#include <pthread.h>
#include <sys/stat.h>

#define FILE_BYTES "a file that is inspected"
#define AT_ONCE 4 /* files of a case */

typedef struct {
    const char *name;
    SpErrorCode code; /* of each file; SP_ERROR_NONE: all must work */
    guint timeout_ms; /* 0: plenty */
} Case;

static const Case cases[] = {
    {"inspect-honest", SP_ERROR_NONE},
    {"inspect-check-child", SP_ERROR_NONE},
    {"inspect-refusal", SP_ERROR_NONE}, /* of the file: that is for the caller to see */
    /* messages */
    {"inspect-wrong-id", SP_ERROR_PROTOCOL},
    {"inspect-wrong-kind", SP_ERROR_PROTOCOL},
    {"inspect-wrong-build", SP_ERROR_PROTOCOL},
    {"inspect-too-short", SP_ERROR_PROTOCOL},
    {"inspect-tiny", SP_ERROR_PROTOCOL},
    {"inspect-empty", SP_ERROR_DECODER_CRASHED},
    {"inspect-one-too-long", SP_ERROR_PROTOCOL},
    {"inspect-whole-struct", SP_ERROR_PROTOCOL},
    {"inspect-huge", SP_ERROR_PROTOCOL},
    {"inspect-descriptors", SP_ERROR_PROTOCOL},
    {"inspect-forged-ended", SP_ERROR_PROTOCOL},
    /* contents; test-wire-inspection.c has them all */
    {"inspect-missing-values", SP_ERROR_PROTOCOL},
    {"inspect-vast-values", SP_ERROR_PROTOCOL},
    {"inspect-unwanted-values", SP_ERROR_PROTOCOL},
    {"inspect-unknown-carrier", SP_ERROR_PROTOCOL},
    {"inspect-unknown-bits", SP_ERROR_PROTOCOL},
    {"inspect-hushed", SP_ERROR_PROTOCOL},
    {"inspect-too-many", SP_ERROR_PROTOCOL},
    {"inspect-stolen-code", SP_ERROR_PROTOCOL},
    /* what is said too much is noticed at the next file, which is not at fault */
    {"inspect-twice", SP_ERROR_NONE},
    {"inspect-flood", SP_ERROR_NONE},
    {"inspect-stubborn-flood", SP_ERROR_NONE},
    /* ends */
    {"inspect-leave", SP_ERROR_DECODER_CRASHED},
    {"inspect-exit-3", SP_ERROR_DECODER_CRASHED},
    {"inspect-crash", SP_ERROR_DECODER_CRASHED},
    {"inspect-forbidden-call", SP_ERROR_POLICY},
    {"inspect-reported-call", SP_ERROR_POLICY},
    {"inspect-forbidden-call-third", SP_ERROR_NONE},
    {"inspect-reported-call-third", SP_ERROR_NONE},
    {"inspect-crash-once", SP_ERROR_NONE},
    {"inspect-crash-third", SP_ERROR_NONE},
    {"inspect-lie-third", SP_ERROR_NONE},
    {"inspect-answer-then-crash", SP_ERROR_NONE},
    {"inspect-used-up", SP_ERROR_TOO_MUCH_WORK},
    {"inspect-kill-server", SP_ERROR_DECODER_CRASHED},
    /* time */
    {"inspect-silent", SP_ERROR_BUSY, .timeout_ms = 100},
    {"inspect-spin", SP_ERROR_BUSY, .timeout_ms = 100},
    {"inspect-hang-closed", SP_ERROR_DECODER_CRASHED, .timeout_ms = 100},
    /* start */
    {"no-hello", SP_ERROR_CANNOT_SEAL},
    {"endless-libraries", SP_ERROR_CANNOT_SEAL},
    {"wrong-build", SP_ERROR_CANNOT_SEAL},
    {"wrong-version", SP_ERROR_CANNOT_SEAL},
    {"exit-at-start", SP_ERROR_CANNOT_SEAL},
    {"stop-at-start", SP_ERROR_CANNOT_SEAL},
    {"deaf", SP_ERROR_CANNOT_SEAL},
    {"never-listen", SP_ERROR_BUSY, .timeout_ms = 100},
    {"leave-at-request", SP_ERROR_DECODER_CRASHED},
    {"undead", SP_ERROR_DECODER_CRASHED},
    {"honest", SP_ERROR_DECODER_CRASHED}, /* a renderer: it leaves at such a request */
};

typedef struct {
    Scene scene;
    SpInspectorProcess *process; /* owned */
    SpFd file;                   /* owned */
    guint timeout_ms;
} Room;

static void
room_init(Room *room, const char *name)
{
    g_autoptr(GError) error = NULL;
    scene_init(&room->scene, name);
    sp_sandbox_set_program(room->scene.sandbox, SP_RENDERER_INSPECT, room->scene.path);
    room->process = sp_inspector_process_new(room->scene.sandbox);
    room->file = sp_memfd_new(strlen(FILE_BYTES), &error);
    g_assert_no_error(error);
    g_assert_true(sp_write_full(room->file, FILE_BYTES, strlen(FILE_BYTES)));
    room->timeout_ms = 20000;
}

static void
room_clear(Room *room)
{
    sp_inspector_process_free(room->process);
    sp_fd_clear(&room->file);
    scene_clear(&room->scene);
}

static gboolean
ask(Room *room, gboolean values, const SpWireInspection **ret_inspection, GError **error)
{
    return sp_inspector_process_ask(room->process, room->file, strlen(FILE_BYTES), values,
                                    room->timeout_ms, ret_inspection, error);
}

/* What the honest one says of the file and of itself; returns its pid. */
static guint32
expect_honest(Room *room)
{
    g_autoptr(GError) error = NULL;
    const SpWireInspection *inspection = NULL;
    gboolean done = ask(room, FALSE, &inspection, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    g_assert_cmpuint(inspection->n_carriers, ==, 1);
    g_assert_cmpuint(inspection->carriers[0].carrier, ==, SP_CARRIER_COMMENT);
    g_assert_cmpuint(inspection->carriers[0].bytes, ==, strlen(FILE_BYTES));
    /* Its standard ones and the socket; the file is closed before it is looked at. */
    g_assert_cmpuint(inspection->carriers[0].count, ==, 4);
    return inspection->carriers[0].kind;
}

static void
expect_error_of(Room *room, SpErrorCode code)
{
    g_autoptr(GError) error = NULL;
    const SpWireInspection *inspection = NULL;
    g_assert_false(ask(room, FALSE, &inspection, &error));
    g_assert_error(error, SP_ERROR, (int)code);
    g_assert_null(inspection);
}

static void
test_liar(gconstpointer data)
{
    const Case *c = data;
    Room room;
    room_init(&room, c->name);
    gboolean no_hello =
        g_str_equal(c->name, "no-hello") || g_str_equal(c->name, "stop-at-start");
    sp_sandbox_set_patience(room.scene.sandbox, no_hello ? 100 : 10000, 500);
    room.timeout_ms = c->timeout_ms != 0 ? c->timeout_ms : 20000;
    for (guint i = 0; i < AT_ONCE; i++) {
        if (c->code == SP_ERROR_NONE)
            expect_honest(&room);
        else
            expect_error_of(&room, c->code);
    }
    g_autofree char *honest = link_liar("inspect-honest");
    sp_sandbox_set_patience(room.scene.sandbox, 10000, 5000);
    sp_sandbox_set_program(room.scene.sandbox, SP_RENDERER_INSPECT, honest);
    room.timeout_ms = 20000;
    expect_honest(&room);
    room_clear(&room);
}

static void
test_refusal(void)
{
    Room room;
    room_init(&room, "inspect-refusal");
    const SpWireInspection *inspection = NULL;
    g_assert_true(ask(&room, FALSE, &inspection, NULL));
    g_assert_cmpuint(inspection->code, ==, SP_ERROR_CORRUPT);
    g_assert_cmpstr(inspection->message, ==, "as promised");
    g_assert_cmpuint(inspection->n_carriers, ==, 1);
    room_clear(&room);
}

static void
test_values(void)
{
    Room room;
    room_init(&room, "inspect-honest");
    for (guint i = 0; i < 3; i++) {
        const SpWireInspection *inspection = NULL;
        gboolean values = i != 1; /* with, without, with again */
        g_assert_true(ask(&room, values, &inspection, NULL));
        g_assert_cmpuint(inspection->n_values, ==,
                         values ? sizeof(SpWireValue) + strlen("bytes") + strlen(FILE_BYTES)
                                : 0);
        if (values)
            g_assert_cmpmem(inspection->values + sizeof(SpWireValue), inspection->n_values - 8,
                            "bytes" FILE_BYTES, strlen("bytes" FILE_BYTES));
    }
    room_clear(&room);
}

/* One process for many files, and nothing piles up on either side of the wall. */
static void
test_many_files(void)
{
    Room room;
    room_init(&room, "inspect-honest");
    guint32 pid = expect_honest(&room);
    guint descriptors = count_descriptors();
    guint changes = 0;
    for (guint i = 1; i < SP_INSPECTOR_FILES + 10; i++) {
        guint32 now = expect_honest(&room);
        changes += now != pid;
        pid = now;
        if (i == 1000) {
            g_assert_cmpuint(changes, ==, 0);
            g_assert_cmpuint(count_descriptors(), ==, descriptors);
        }
    }
    g_assert_cmpuint(changes, ==, 1);
    g_assert_cmpuint(count_descriptors(), ==, descriptors);
    room_clear(&room);
}

/* More or less in the file than was said: what is there counts, up to what was said. */
static void
test_sizes(void)
{
    static const struct {
        guint64 asked, got;
    } sizes[] = {{0, 0}, {1, 1}, {24, 24}, {25, 24}, {10 << 20, 24}, {3, 3}};
    Room room;
    room_init(&room, "inspect-honest");
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        const SpWireInspection *inspection = NULL;
        g_assert_true(sp_inspector_process_ask(room.process, room.file, sizes[i].asked, FALSE,
                                               20000, &inspection, NULL));
        g_assert_cmpuint(inspection->carriers[0].bytes, ==, sizes[i].got);
    }
    room_clear(&room);
}

/* What cannot be read is said; it costs the process nothing. */
static void
test_unreadable(void)
{
    Room room;
    room_init(&room, "inspect-honest");
    guint32 pid = expect_honest(&room);
    g_autofree char *path = g_build_filename(folder, "write-only", NULL);
    g_auto(SpFd) write_only = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    g_assert_true(sp_write_full(write_only, "x", 1));
    const SpWireInspection *inspection = NULL;
    g_assert_true(
        sp_inspector_process_ask(room.process, write_only, 1, FALSE, 20000, &inspection, NULL));
    g_assert_cmpuint(inspection->code, ==, SP_ERROR_CANNOT_READ);
    g_assert_cmpuint(inspection->n_carriers, ==, 0);
    g_assert_cmpuint(expect_honest(&room), ==, pid);
    sp_fd_clear(&write_only);
    room_clear(&room);
}

/* What is no file is none of the inspector's business: it leaves, whoever sent that. */
static void
test_no_file(void)
{
    Room room;
    room_init(&room, "inspect-honest");
    int ends[2];
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    const SpWireInspection *inspection = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(
        sp_inspector_process_ask(room.process, ends[0], 1, FALSE, 20000, &inspection, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_DECODER_CRASHED);
    close(ends[0]);
    close(ends[1]);
    expect_honest(&room);
    room_clear(&room);
}

/* A process that dies between two files costs nothing. */
static void
test_dies_idle(void)
{
    Room room;
    room_init(&room, "inspect-honest");
    for (guint i = 0; i < 20; i++) {
        guint32 pid = expect_honest(&room);
        g_assert_cmpint(kill((pid_t)pid, SIGKILL), ==, 0);
    }
    room_clear(&room);
}

/* What one huge file needed is given back before the next. */
static void
test_gives_back(void)
{
    const guint64 huge = 128 << 20;
    Room room;
    room_init(&room, "inspect-honest");
    guint32 pid = expect_honest(&room);
    g_autoptr(GError) error = NULL;
    g_auto(SpFd) file = sp_memfd_new(huge, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ftruncate(file, (off_t)huge), ==, 0);
    const SpWireInspection *inspection = NULL;
    g_assert_true(
        sp_inspector_process_ask(room.process, file, huge, FALSE, 20000, &inspection, &error));
    g_assert_cmpuint(inspection->carriers[0].bytes, ==, huge);
    g_autofree char *path = g_strdup_printf("/proc/%u/statm", pid);
    g_autofree char *statm = NULL;
    g_assert_true(g_file_get_contents(path, &statm, NULL, NULL));
    guint64 resident = g_ascii_strtoull(strchr(statm, ' '), NULL, 10) * (guint64)getpagesize();
    g_assert_cmpuint(resident, <, huge / 2);
    g_assert_cmpuint(expect_honest(&room), ==, pid);
    sp_fd_clear(&file);
    room_clear(&room);
}

/* The fork server of a child. */
static pid_t
parent_of(guint32 pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%u/stat", pid);
    g_autofree char *stat = NULL;
    g_assert_true(g_file_get_contents(path, &stat, NULL, NULL));
    const char *behind_name = strrchr(stat, ')');
    g_assert_nonnull(behind_name);
    int parent = 0;
    g_assert_cmpint(sscanf(behind_name, ") %*c %d", &parent), ==, 1);
    g_assert_cmpint(parent, >, 1);
    return parent;
}

/* What a server's child tried, its next one may try, too. */
static void
test_policy_retires(void)
{
    static const char *const names[] = {"inspect-forbidden-call-third",
                                        "inspect-reported-call-third"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        Room room;
        room_init(&room, names[i]);
        pid_t server = parent_of(expect_honest(&room));
        g_assert_cmpint(parent_of(expect_honest(&room)), ==, server);
        g_assert_cmpint(parent_of(expect_honest(&room)), !=, server);
        room_clear(&room);
    }
}

/* A server that is stopped cannot end its child: it is replaced, one file pays for it. */
static void
test_stopped_server(void)
{
    for (guint with_child = 0; with_child <= 1; with_child++) {
        Room room;
        room_init(&room, "inspect-honest");
        guint32 pid = expect_honest(&room);
        pid_t server = parent_of(pid);
        if (with_child)
            g_assert_cmpint(kill((pid_t)pid, SIGSTOP), ==, 0);
        else
            sp_inspector_process_free(g_steal_pointer(&room.process));
        g_assert_cmpint(kill(server, SIGSTOP), ==, 0);
        if (room.process == NULL)
            room.process = sp_inspector_process_new(room.scene.sandbox);
        room.timeout_ms = 200;
        gint64 start = g_get_monotonic_time();
        expect_error_of(&room, SP_ERROR_BUSY);
        g_assert_cmpint(g_get_monotonic_time() - start, <, LONG_US);
        room.timeout_ms = 20000;
        guint32 next = expect_honest(&room);
        g_assert_cmpint(parent_of(next), !=, server);
        room_clear(&room);
    }
}

/* A child that is stopped is ended by its server, which stays. */
static void
test_stopped_child(void)
{
    Room room;
    room_init(&room, "inspect-honest");
    guint32 pid = expect_honest(&room);
    pid_t server = parent_of(pid);
    g_assert_cmpint(kill((pid_t)pid, SIGSTOP), ==, 0);
    room.timeout_ms = 200;
    expect_error_of(&room, SP_ERROR_BUSY);
    room.timeout_ms = 20000;
    g_assert_cmpint(parent_of(expect_honest(&room)), ==, server);
    room_clear(&room);
}

static void *
cancel_soon(void *data)
{
    g_usleep(100000);
    sp_sandbox_cancel(data);
    return NULL;
}

static void
test_cancel(void)
{
    Room room;
    room_init(&room, "inspect-silent");
    pthread_t thread = 0;
    g_assert_cmpint(pthread_create(&thread, NULL, cancel_soon, room.scene.sandbox), ==, 0);
    expect_error_of(&room, SP_ERROR_INTERRUPTED);
    pthread_join(thread, NULL);
    expect_error_of(&room, SP_ERROR_INTERRUPTED);
    room_clear(&room);
}

/* ---- several at once ----------------------------------------------------------------------
 */

static void *
ask_often(void *data)
{
    for (guint i = 0; i < 50; i++)
        expect_honest(data);
    return NULL;
}

/* More of them than one server has children: each in a thread, all in one sandbox. */
static void
test_threads(void)
{
    enum { THREADS = 70 };
    static Room rooms[THREADS];
    pthread_t threads[THREADS];
    room_init(&rooms[0], "inspect-honest");
    for (guint i = 0; i < THREADS; i++) {
        rooms[i] = rooms[0];
        if (i > 0)
            rooms[i].process = sp_inspector_process_new(rooms[0].scene.sandbox);
        g_assert_cmpint(pthread_create(&threads[i], NULL, ask_often, &rooms[i]), ==, 0);
    }
    for (guint i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (guint i = 1; i < THREADS; i++)
        sp_inspector_process_free(rooms[i].process);
    room_clear(&rooms[0]);
}

/* The server of ten, killed while they ask: every file is told of by another. */
static void
test_killed_server(void)
{
    enum { THREADS = 10 };
    static Room rooms[THREADS];
    pthread_t threads[THREADS];
    room_init(&rooms[0], "inspect-honest");
    pid_t server = parent_of(expect_honest(&rooms[0]));
    for (guint i = 0; i < THREADS; i++) {
        rooms[i] = rooms[0];
        if (i > 0)
            rooms[i].process = sp_inspector_process_new(rooms[0].scene.sandbox);
        g_assert_cmpint(pthread_create(&threads[i], NULL, ask_often, &rooms[i]), ==, 0);
    }
    g_assert_cmpint(kill(server, SIGKILL), ==, 0);
    for (guint i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (guint i = 0; i < THREADS; i++) {
        g_assert_cmpint(parent_of(expect_honest(&rooms[i])), !=, server);
        if (i > 0)
            sp_inspector_process_free(rooms[i].process);
    }
    room_clear(&rooms[0]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    find_liar();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/inspector/liar/%s", cases[i].name);
        g_test_add_data_func(path, &cases[i], test_liar);
    }
    g_test_add_func("/inspector/refusal", test_refusal);
    g_test_add_func("/inspector/values", test_values);
    g_test_add_func("/inspector/many-files", test_many_files);
    g_test_add_func("/inspector/sizes", test_sizes);
    g_test_add_func("/inspector/unreadable", test_unreadable);
    g_test_add_func("/inspector/no-file", test_no_file);
    g_test_add_func("/inspector/dies-idle", test_dies_idle);
    g_test_add_func("/inspector/gives-back", test_gives_back);
    g_test_add_func("/inspector/policy-retires", test_policy_retires);
    g_test_add_func("/inspector/stopped-server", test_stopped_server);
    g_test_add_func("/inspector/stopped-child", test_stopped_child);
    g_test_add_func("/inspector/cancel", test_cancel);
    g_test_add_func("/inspector/threads", test_threads);
    g_test_add_func("/inspector/killed-server", test_killed_server);
    int status = g_test_run();
    remove_folder();
    return status;
}
