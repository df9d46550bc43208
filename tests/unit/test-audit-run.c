/* SPDX-License-Identifier: MIT */
/* test-audit-run.c -- verdicts: the right ones, in order, whatever the inspectors do.
 *
 * The inspector is this very program under another name: a file is the first bytes of a JPEG
 * and words that say what is to be told of it, or how it is to misbehave. */
#include "base/carrier.h"
#include "base/error.h"
#include "bulk/audit-json.h"
#include "bulk/audit-tally.h"
#include "container/sniff.h"
#include "pipeline/session.h"
#include "sandbox/server.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INSPECTOR "scripted-inspector"
#define JPEG "\xff\xd8\xff"

/* ---- the inspector -------------------------------------------------------------------------
 */

static gboolean
says(const guint8 *bytes, gsize n, const char *word)
{
    return memmem(bytes, n, word, strlen(word)) != NULL;
}

static void
add_carrier(SpWireInspection *inspection, SpCarrier carrier, guint32 kind, guint32 reveals)
{
    inspection->carriers[inspection->n_carriers++] = (SpWireCarrier){
        .carrier = carrier, .kind = kind, .reveals = reveals, .count = 1, .bytes = 100};
    inspection->reveals |= reveals;
}

/* A locked inspector may not sleep; it may wait for what never comes. */
static void
wait_for(gint64 us)
{
    static GMutex mutex;
    static GCond never;
    gint64 end = g_get_monotonic_time() + us;
    g_mutex_lock(&mutex);
    while (g_cond_wait_until(&never, &mutex, end))
        ;
    g_mutex_unlock(&mutex);
}

static void
inspect(const guint8 *bytes, gsize n, gboolean values, SpWireInspection *inspection)
{
    (void)values;
    inspection->format = SP_FORMAT_JPEG;
    inspection->width = inspection->height = 1;
    if (says(bytes, n, "crash"))
        abort();
    if (says(bytes, n, "lie"))
        inspection->reveals = SP_CATEGORY_TIME;
    if (says(bytes, n, "slow"))
        wait_for(20000);
    if (says(bytes, n, "for-ever"))
        wait_for(G_USEC_PER_SEC * 60);
    add_carrier(inspection, SP_CARRIER_EXIF, 0xE1, 0);
    if (says(bytes, n, "place"))
        add_carrier(inspection, SP_CARRIER_EXIF, 0xE2, SP_CATEGORY_LOCATION);
    if (says(bytes, n, "text"))
        add_carrier(inspection, SP_CARRIER_COMMENT, 0xFE, SP_CATEGORY_COMMENT);
    if (says(bytes, n, "broken")) {
        g_autoptr(GError) error = NULL;
        sp_throw(&error, SP_ERROR_CORRUPT, "it is broken");
        sp_wire_inspection_error(inspection, error);
    }
}

/* ---- fixture -------------------------------------------------------------------------------
 */

typedef struct {
    char *folder, *before, *program;
    SpSession *session;
    SpAuditTally tally;
    GString *lines; /* "clean a.jpg|..." */
    guint n_told;
    guint stop_after, cancel_after; /* 0: never */
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    fixture->before = g_get_current_dir();
    fixture->folder = g_dir_make_tmp("storyphoto-audit.XXXXXX", NULL);
    fixture->program = g_build_filename(fixture->folder, INSPECTOR, NULL);
    g_assert_cmpint(symlink(self, fixture->program), ==, 0);
    g_assert_cmpint(chdir(fixture->folder), ==, 0);
    g_assert_cmpint(g_mkdir("t", 0755), ==, 0);
    fixture->session = sp_session_new();
    sp_sandbox_set_program(fixture->session->sandbox, SP_RENDERER_INSPECT, fixture->program);
    sp_audit_tally_init(&fixture->tally);
    fixture->lines = g_string_new(NULL);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    (void)data;
    sp_session_free(fixture->session);
    g_assert_cmpint(chdir(fixture->before), ==, 0);
    const char *argv[] = {"rm", "-rf", fixture->folder, NULL};
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
    sp_audit_tally_clear(&fixture->tally);
    g_string_free(fixture->lines, TRUE);
    g_free(fixture->folder);
    g_free(fixture->before);
    g_free(fixture->program);
}

static void
put(const char *path, const char *content, gssize n)
{
    g_assert_true(g_file_set_contents(path, content, n, NULL));
}

static gboolean
tell(const SpAudited *audited, gpointer data)
{
    Fixture *fixture = data;
    const GError *error = sp_audited_error(audited);
    sp_audit_tally_add(&fixture->tally, audited);
    g_string_append_printf(fixture->lines, "%s%s %s", fixture->lines->len == 0 ? "" : "|",
                           sp_verdict_word(audited->verdict), audited->path);
    if (audited->reason != SP_SKIP_NONE)
        g_string_append_printf(fixture->lines, " %s", sp_skip_word(audited->reason));
    if (error != NULL)
        g_string_append_printf(fixture->lines, " %s", sp_error_word(error->code));
    fixture->n_told++;
    if (fixture->n_told == fixture->cancel_after)
        sp_session_cancel(fixture->session);
    return fixture->n_told != fixture->stop_after;
}

static gboolean
audit(Fixture *fixture, guint threads, guint64 *ret_folders, GError **error)
{
    char *const paths[] = {(char *)"t", NULL};
    SpAuditRun run = {.threads = threads, .max_bytes = 100000, .func = tell, .data = fixture};
    return sp_audit_run(fixture->session, paths, &run, ret_folders, error);
}

/* ---- tests ---------------------------------------------------------------------------------
 */

/* Every kind of file, and what it comes to. */
static void
test_verdicts(Fixture *fixture, gconstpointer data)
{
    (void)data;
    static const struct {
        const char *name, *content;
        gssize n;
        const char *want; /* verdict, name and why */
    } files[] = {
        {"a-clean.jpg", JPEG "nothing", -1, "clean t/a-clean.jpg"},
        {"b-leaks.txt", JPEG "place text", -1, "leaks t/b-leaks.txt"},
        {"c-half.jpg", JPEG "text broken", -1, "leaks t/c-half.jpg corrupt"},
        {"d-broken.jpg", JPEG "broken", -1, "unproved t/d-broken.jpg corrupt"},
        {"e-crash.jpg", JPEG "crash", -1, "unproved t/e-crash.jpg decoder-crashed"},
        {"f-lie.jpg", JPEG "lie", -1, "failed t/f-lie.jpg protocol"},
        {"g-empty.jpg", "", -1, "skipped t/g-empty.jpg empty"},
        {"h-page.html", "<html><img>", -1, "skipped t/h-page.html no-picture"},
        {"i-text", "one photo", -1, "skipped t/i-text no-picture"},
        {"j-text.jpg", "one photo", -1, "unproved t/j-text.jpg not-an-image"},
        {"k-page.svg", "<html>", -1, "unproved t/k-page.svg unsupported"},
        {"l-drawing", "<svg>", -1, "unproved t/l-drawing unsupported"},
        {"m.css.gz", "\x1f\x8b\x08", -1, "skipped t/m.css.gz no-picture"},
        {"n.svg.gz", "\x1f\x8b\x08", -1, "unproved t/n.svg.gz unsupported"},
        {"o", "PK\x03\x04", -1, "unproved t/o unsupported"},
        {"p.dat", "II*\0\x08\0\0\0", 8, "unproved t/p.dat unsupported"},
        {"q", "BM\1\2\3\4\1\2\3\4\x36\0\0\0\x28\0\0\0", 18, "unproved t/q unsupported"},
    };
    g_autoptr(GString) want = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename("t", files[i].name, NULL);
        put(path, files[i].content, files[i].n);
        g_string_append_printf(want, "%s%s", i == 0 ? "" : "|", files[i].want);
    }
    g_autofree char *large = g_strnfill(200000, ' ');
    put("t/r.sql", large, -1);
    put("t/s.tiff", large, -1);
    memcpy(large, JPEG, 3);
    put("t/t", large, -1);
    g_assert_cmpint(symlink("a-clean.jpg", "t/u"), ==, 0);
    g_assert_cmpint(mkfifo("t/v", 0644), ==, 0);
    g_string_append(want, "|skipped t/r.sql no-picture|unproved t/s.tiff too-large"
                          "|unproved t/t too-large|skipped t/u link|skipped t/v special");
    g_autoptr(GError) error = NULL;
    guint64 folders = 0;
    g_assert_true(audit(fixture, 0, &folders, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(fixture->lines->str, ==, want->str);
    g_assert_cmpuint(folders, ==, 1);
}

static void
test_tally(Fixture *fixture, gconstpointer data)
{
    (void)data;
    put("t/a", JPEG "place", -1), put("t/b", JPEG "text", -1), put("t/c", JPEG "place", -1);
    put("t/d", JPEG "", -1), put("t/e", "text", -1), put("t/f", JPEG "text place broken", -1);
    g_autoptr(GError) error = NULL;
    guint64 folders = 0;
    g_assert_true(audit(fixture, 2, &folders, &error));
    SpAuditTally *tally = &fixture->tally;
    g_assert_false(sp_audit_tally_is_clean(tally));
    sp_audit_tally_sort(tally);
    g_autofree char *json = sp_audit_tally_to_json(tally, folders, TRUE);
    g_test_message("%s", json);
    g_assert_true(g_str_has_prefix(
        json, "{\"schema\":\"storyphoto.audit/1\",\"summary\":{\"complete\":true,\"files\":6,"
              "\"folders\":1,\"bytes\":50,\"clean\":1,\"leaks\":4,\"unproved\":0,\"skipped\":1,"
              "\"failed\":0,\"reasons\":{\"no-picture\":1},"
              "\"reveals\":{\"location\":3,\"comment\":2},\"carriers\":["
              "{\"carrier\":\"exif\",\"files\":3,\"count\":3,\"bytes\":300},"
              "{\"carrier\":\"comment\",\"files\":2,\"count\":2,\"bytes\":200}]}"));
}

static void
test_nothing(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    guint64 folders = 0;
    g_assert_true(audit(fixture, 0, &folders, &error));
    g_assert_cmpuint(fixture->n_told, ==, 0);
    g_assert_true(sp_audit_tally_is_clean(&fixture->tally));
}

/* Slow ones among fast ones, crashes between: the order is the walk's, with any number of
 * threads and more files than the window holds. */
static void
test_order(Fixture *fixture, gconstpointer data)
{
    (void)data;
    const guint n = 400;
    g_autoptr(GString) want = g_string_new(NULL);
    for (guint i = 0; i < n; i++) {
        g_autofree char *path = g_strdup_printf("t/%03u", i);
        put(path, i % 37 == 0 ? JPEG "slow" : i % 50 == 7 ? JPEG "crash" : JPEG "text", -1);
        g_string_append_printf(want, "%s%s %s%s", i == 0 ? "" : "|",
                               i % 37 == 0   ? "clean"
                               : i % 50 == 7 ? "unproved"
                                             : "leaks",
                               path, i % 37 != 0 && i % 50 == 7 ? " decoder-crashed" : "");
    }
    static const guint threads[] = {1, 2, 7, 1000};
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autoptr(GError) error = NULL;
        guint64 folders = 0;
        g_string_truncate(fixture->lines, 0);
        g_assert_true(audit(fixture, threads[i], &folders, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(fixture->lines->str, ==, want->str);
    }
}

static void
fill(guint n, const char *content)
{
    for (guint i = 0; i < n; i++) {
        g_autofree char *path = g_strdup_printf("t/%03u", i);
        put(path, content, -1);
    }
}

/* The one who is told ends it: no error, and nothing more is told. */
static void
test_stopped(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fill(300, JPEG "text");
    fixture->stop_after = 5;
    g_autoptr(GError) error = NULL;
    guint64 folders = 0;
    g_assert_false(audit(fixture, 3, &folders, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(fixture->n_told, ==, 5);
}

static void
test_cancelled(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fill(300, JPEG "text");
    put("t/200", JPEG "for-ever", -1);
    fixture->cancel_after = 60;
    g_autoptr(GError) error = NULL;
    guint64 folders = 0;
    g_assert_false(audit(fixture, 2, &folders, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_INTERRUPTED);
    g_assert_cmpuint(fixture->n_told, >=, 60);
    g_assert_cmpuint(fixture->n_told, <, 200);
    g_assert_cmpuint(fixture->tally.verdicts[SP_VERDICT_LEAKS], ==, fixture->n_told);
}

/* Cancelled before it began, and where there is nothing but folders. */
static void
test_cancelled_before(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(g_mkdir("t/a", 0755), ==, 0);
    sp_session_cancel(fixture->session);
    g_autoptr(GError) error = NULL;
    guint64 folders = 0;
    g_assert_false(audit(fixture, 2, &folders, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_INTERRUPTED);
    g_assert_cmpuint(fixture->n_told, ==, 0);
}

/* A host without an inspector is told once, not once a file. */
static void
test_no_inspector(Fixture *fixture, gconstpointer data)
{
    (void)data;
    fill(50, JPEG "text");
    sp_sandbox_set_program(fixture->session->sandbox, SP_RENDERER_INSPECT, "/nowhere");
    g_autoptr(GError) error = NULL;
    guint64 folders = 0;
    g_assert_false(audit(fixture, 2, &folders, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_SEAL);
    g_assert_cmpuint(fixture->n_told, ==, 0);
}

static void
test_json(void)
{
    SpAudited audited = {
        .verdict = SP_VERDICT_SKIPPED, .reason = SP_SKIP_LINK, .path = (char *)"a\n\"\xff"};
    g_autofree char *skipped = sp_audited_to_json(&audited);
    g_assert_cmpstr(skipped, ==,
                    "{\"schema\":\"storyphoto.audit/1\",\"path\":\"a\\n\\\"\xEF\xBF\xBD\","
                    "\"path_base64\":\"YQoi/w==\",\"status\":\"skipped\",\"reason\":\"link\"}");
    audited = (SpAudited){.verdict = SP_VERDICT_FAILED, .path = (char *)"b"};
    sp_throw(&audited.error, SP_ERROR_CANNOT_READ, "no right");
    g_autofree char *failed = sp_audited_to_json(&audited);
    g_assert_cmpstr(failed, ==,
                    "{\"schema\":\"storyphoto.audit/1\",\"path\":\"b\",\"status\":\"failed\","
                    "\"error\":{\"code\":\"cannot-read\",\"message\":\"no right\"}}");
    g_error_free(audited.error);
}

int
main(int argc, char **argv)
{
    g_autofree char *name = g_path_get_basename(argv[0]);
    if (g_str_equal(name, INSPECTOR))
        return sp_server_run(&(SpRenderer){.inspect = inspect});
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add("/audit-run/" path, Fixture, NULL, set_up, test, tear_down)
    ADD("verdicts", test_verdicts);
    ADD("tally", test_tally);
    ADD("nothing", test_nothing);
    ADD("order", test_order);
    ADD("stopped", test_stopped);
    ADD("cancelled", test_cancelled);
    ADD("cancelled-before", test_cancelled_before);
    ADD("no-inspector", test_no_inspector);
#undef ADD
    g_test_add_func("/audit-run/json", test_json);
    return g_test_run();
}
