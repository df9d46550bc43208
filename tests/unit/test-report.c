/* SPDX-License-Identifier: MIT */
/* test-report.c -- pages of a report: what they say, that nothing gets through them, and that
 * nothing of anybody else's is touched. How they look is for tests/extra/report.t. */
#include "bulk/report-html.h"
#include "bulk/report.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *folder, *state, *output, *report;
    SpJournal *journal;
    GError *error;
} Scratch;

static void
set_up(Scratch *scratch, gconstpointer data)
{
    (void)data;
    scratch->folder = g_dir_make_tmp("storyphoto-report.XXXXXX", NULL);
    scratch->state = g_build_filename(scratch->folder, "state", NULL);
    scratch->output = g_build_filename(scratch->folder, "public photos", NULL);
    scratch->report = g_build_filename(scratch->folder, "new", "report", NULL);
    g_assert_cmpint(g_mkdir(scratch->state, 0700), ==, 0);
    g_assert_cmpint(g_mkdir(scratch->output, 0755), ==, 0);
    scratch->journal = sp_journal_open(scratch->state, SP_JOURNAL_UNSYNCED, &scratch->error);
    g_assert_no_error(scratch->error);
}

static void
tear_down(Scratch *scratch, gconstpointer data)
{
    (void)data;
    sp_journal_free(scratch->journal);
    g_clear_error(&scratch->error);
    const char *argv[] = {"rm", "-rf", scratch->folder, NULL};
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
    g_free(scratch->folder);
    g_free(scratch->state);
    g_free(scratch->output);
    g_free(scratch->report);
}

/* published: the name of its output; NULL with code: it has none. */
static void
put(Scratch *scratch, const char *path, const char *published, int code, const char *message)
{
    g_autoptr(GPtrArray) outputs = g_ptr_array_new();
    g_autoptr(GError) error = code != 0 ? g_error_new_literal(SP_ERROR, code, message) : NULL;
    g_autofree char *output_path =
        published != NULL ? g_build_filename(scratch->output, published, NULL) : NULL;
    SpOutput output = {.variant = (char *)"webp",
                       .path = output_path,
                       .format = "webp",
                       .width = 1600,
                       .height = 1200,
                       .bytes = 96100,
                       .quality = 70,
                       .encodes = 1};
    memset(output.sha256, 'a', 64);
    if (published != NULL)
        g_ptr_array_add(outputs, &output);
    SpReceipt receipt = {.error = error,
                         .input_name = (char *)path,
                         .input_bytes = 2400000,
                         .input_format = "jpeg",
                         .input_width = 4000,
                         .input_height = 3000,
                         .orientation = 1,
                         .removed = SP_CATEGORY_LOCATION,
                         .outputs = outputs,
                         .thumbhash = (char *)"1QcSHQRnh493V4dIh4eXh1h4kJUI",
                         .preset = (char *)"story"};
    SpJournalEntry entry = {.path = path,
                            .mark = {.size = 2400000},
                            .recipe = "r",
                            .receipt = &receipt,
                            .output_folder = scratch->output,
                            .milliseconds = 420};
    g_assert_true(sp_journal_put(scratch->journal, &entry, NULL));
}

static void
put_many(Scratch *scratch, guint n_published, guint n_refused)
{
    for (guint i = 0; i < n_published; i++) {
        g_autofree char *path = g_strdup_printf("in/%06u.jpg", i);
        g_autofree char *published = g_strdup_printf("p%06u.webp", i);
        put(scratch, path, published, 0, NULL);
    }
    for (guint i = 0; i < n_refused; i++) {
        g_autofree char *path = g_strdup_printf("bad/%06u.jpg", i);
        put(scratch, path, NULL, i % 2 == 0 ? SP_ERROR_TRUNCATED : SP_ERROR_BUSY, "cut");
    }
    g_assert_true(sp_journal_commit(scratch->journal, NULL));
}

static void
write_report(Scratch *scratch)
{
    gboolean ok =
        sp_report_write(scratch->journal, scratch->report, scratch->output, &scratch->error);
    g_assert_no_error(scratch->error);
    g_assert_true(ok);
}

static char *
read_page(const Scratch *scratch, const char *name)
{
    g_autofree char *path = g_build_filename(scratch->report, name, NULL);
    char *text = NULL;
    gsize n = 0;
    if (!g_file_get_contents(path, &text, &n, NULL))
        return NULL;
    g_assert_true(g_utf8_validate(text, (gssize)n, NULL));
    g_assert_true(g_str_has_suffix(text, "</html>\n"));
    return text;
}

static guint
count(const char *text, const char *word)
{
    guint n = 0;
    for (const char *p = strstr(text, word); p != NULL; p = strstr(p + 1, word))
        n++;
    return n;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in the folder, sorted. */
static char *
list(const Scratch *scratch)
{
    g_autoptr(GDir) folder = g_dir_open(scratch->report, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const char *name = g_dir_read_name(folder); name != NULL;
         name = g_dir_read_name(folder))
        g_ptr_array_add(names, (gpointer)g_intern_string(name));
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(" ", (char **)names->pdata);
}

static guint
mode(const char *path)
{
    struct stat st;
    g_assert_cmpint(lstat(path, &st), ==, 0);
    return st.st_mode & 07777;
}

static void
test_empty(Scratch *scratch, gconstpointer data)
{
    (void)data;
    write_report(scratch);
    g_autofree char *page = read_page(scratch, "index.html");
    g_assert_true(g_str_has_prefix(page, SP_HTML_MARK));
    g_assert_null(strstr(page, "<section"));
    g_assert_null(strstr(page, "nan"));
}

static void
test_small(Scratch *scratch, gconstpointer data)
{
    (void)data;
    put_many(scratch, 3, 2);
    write_report(scratch);
    g_autofree char *names = list(scratch);
    g_assert_cmpstr(names, ==, "index.html");
    g_assert_cmphex(mode(scratch->report), ==, 0700);
    g_autofree char *path = g_build_filename(scratch->report, "index.html", NULL);
    g_assert_cmphex(mode(path), ==, 0600);

    g_autofree char *page = read_page(scratch, "index.html");
    const char *at = page;
    static const char *const wanted[] = {
        "<h1>Batch report</h1>",
        "<dt>Photos</dt><dd>5</dd>",
        "<dt>Published</dt><dd>3</dd><dd>60",
        "<dt>Refused</dt><dd>1</dd>",
        "<dt>Failed</dt><dd>1</dd>",
        "7.2\xe2\x80\xafMB",
        "288.3\xe2\x80\xafkB",
        "3 of 3 photos said where they were taken",
        "<th scope=\"row\">Where it was taken",
        "<th scope=\"row\">truncated <small>",
        "<td>refused</td>",
        "<th scope=\"row\">busy <small>",
        "<td>failed</td>",
        "Published files",
        "<svg viewBox",
        "role=\"img\" aria-label=",
        "Photos as they came",
        "<h2>Published photos",
        "src=\"./../../public%20photos/p000000.webp\" width=\"1600\" height=\"1200\"",
        "style=\"background:#",
        "in/<wbr>000000.jpg",
        "in/<wbr>000002.jpg",
        "<h2>Not published",
        "bad/<wbr>000000.jpg",
        "<b>truncated</b> <small>cut</small>",
        "data-value=\"2400000\"",
        "bad/<wbr>000001.jpg",
        "<b>busy</b>"};
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
        at = strstr(at, wanted[i]);
        if (at == NULL)
            g_error("missing, or not in its place: %s", wanted[i]);
    }
    g_assert_cmpuint(count(page, "<img "), ==, 3);
    g_assert_cmpuint(count(page, "loading=\"lazy\""), ==, 3);
}

/* Hostile names and messages stay text, and no address is theirs. */
static void
test_hostile(Scratch *scratch, gconstpointer data)
{
    (void)data;
    static const char evil[] =
        "\"><script>alert(1)</script>\xff\n\x1b[0m' onerror='x\xe2\x80\xae";
    static const char out[] = "2019/\"><img src=x onerror=alert(1)>#?%41\xff.webp";
    put(scratch, evil, out, 0, NULL);
    put(scratch, "javascript:alert(1)", "javascript:alert(2).webp", 0, NULL);
    put(scratch, "bad<b>", NULL, SP_ERROR_CORRUPT, evil);
    put(scratch,
        "\xe2\x80\xae"
        "bad",
        NULL, SP_ERROR_LAST + 1, "a code of tomorrow");
    g_assert_true(sp_journal_set(scratch->journal, "source", evil, NULL));
    g_assert_true(sp_journal_set(scratch->journal, "output", evil, NULL));
    write_report(scratch);
    g_autofree char *page = read_page(scratch, "index.html");
    g_assert_cmpuint(count(page, "<script>"), ==, 1);
    g_assert_cmpuint(count(page,
                           "&lt;script&gt;alert(1)&lt;/<wbr>script&gt;\\xff\\n\\x1b[0m&#39; "
                           "onerror=&#39;x\\u202e"),
                     ==, 3);
    g_assert_cmpuint(count(page, "<img "), ==, 2);
    g_assert_null(strstr(page, "<b>bad"));
    g_assert_null(strstr(page, "\xe2\x80\xae"));
    g_assert_nonnull(strstr(page, "bad&lt;b&gt;"));
    g_assert_nonnull(strstr(page, "src=\"./../../public%20photos/2019/%22%3E%3Cimg%20src%3Dx%20"
                                  "onerror%3Dalert%281%29%3E%23%3F%2541%FF.webp\""));
    g_assert_nonnull(strstr(page, "src=\"./../../public%20photos/javascript%3Aalert"));
    g_assert_nonnull(strstr(page, "<b>internal</b>"));
    /* Whatever is fetched or linked to is a page of ours or an output. */
    g_autoptr(GRegex) addresses = g_regex_new("(?:src|href)=\"([^\"]*)\"", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    for (g_regex_match(addresses, page, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_autofree char *address = g_match_info_fetch(match, 1);
        g_assert_true(address[0] == '#' ||
                      g_str_has_prefix(address, "./../../public%20photos/"));
    }
}

/* The policy lets the script run that stands in the page, and nothing else. */
static void
test_policy(Scratch *scratch, gconstpointer data)
{
    (void)data;
    write_report(scratch);
    g_autofree char *page = read_page(scratch, "index.html");
    const char *from = strstr(page, "<script>") + strlen("<script>");
    const char *to = strstr(from, "</script>");
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(checksum, (const guchar *)from, to - from);
    guint8 digest[32];
    gsize n = sizeof digest;
    g_checksum_get_digest(checksum, digest, &n);
    g_autofree char *hash = g_base64_encode(digest, n);
    g_autofree char *policy = g_strdup_printf("script-src 'sha256-%s'\">", hash);
    g_assert_nonnull(strstr(page, policy));
    g_assert_nonnull(strstr(page, "content=\"default-src 'none'; base-uri 'none'; "
                                  "form-action 'none'; img-src 'self' file:; "));
    g_assert_null(strstr(page, "http://"));
    g_assert_null(strstr(page, "https://"));
}

/* Many photos: pages of bounded size, each photo on one; with fewer, old pages are gone. */
static void
test_many(Scratch *scratch, gconstpointer data)
{
    (void)data;
    put_many(scratch, 601, 2002);
    write_report(scratch);
    g_autofree char *names = list(scratch);
    g_assert_cmpstr(names, ==,
                    "index.html refused-1.html refused-2.html refused-3.html "
                    "sheet-1.html sheet-2.html sheet-3.html");
    g_autofree char *index = read_page(scratch, "index.html");
    g_assert_cmpuint(count(index, "<img "), ==, 60);
    g_assert_cmpuint(count(index, "<tr><td><bdi>bad/"), ==, 200);
    g_assert_nonnull(strstr(index, "The first 60 of 601 photos"));
    static const struct {
        const char *name, *what, *last;
        guint n;
    } cases[] = {
        {"sheet-1.html", "<img ", "in/<wbr>000299.jpg", 300},
        {"sheet-2.html", "<img ", "in/<wbr>000599.jpg", 300},
        {"sheet-3.html", "<img ", "in/<wbr>000600.jpg", 1},
        {"refused-1.html", "data-value", "bad/<wbr>001998.jpg", 1000},
        {"refused-2.html", "data-value", "bad/<wbr>000001.jpg", 1000},
        {"refused-3.html", "data-value", "bad/<wbr>002001.jpg", 2},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *page = read_page(scratch, cases[i].name);
        g_assert_cmpuint(count(page, cases[i].what), ==, cases[i].n);
        g_assert_nonnull(strstr(page, cases[i].last));
        g_assert_cmpuint(strlen(page), <, 400000);
    }

    for (guint i = 0; i < 2002; i++) {
        g_autofree char *path = g_strdup_printf("bad/%06u.jpg", i);
        g_autofree char *published = g_strdup_printf("b%06u.webp", i);
        if (i >= 3)
            put(scratch, path, published, 0, NULL);
    }
    write_report(scratch);
    g_autofree char *later = list(scratch);
    g_assert_cmpstr(later, ==,
                    "index.html sheet-1.html sheet-2.html sheet-3.html sheet-4.html "
                    "sheet-5.html sheet-6.html sheet-7.html sheet-8.html "
                    "sheet-9.html");
}

/* What is no page of ours stays as it is. */
static void
test_foreign(Scratch *scratch, gconstpointer data)
{
    (void)data;
    static const char *const names[] = {"sheet-8.html", "sheet-.html", "sheet-08.html",
                                        "sheet-8.html.bak", "notes.txt"};
    put_many(scratch, 2, 0);
    write_report(scratch);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(scratch->report, names[i], NULL);
        g_assert_true(g_file_set_contents(path, "mine", -1, NULL));
    }
    g_autofree char *link = g_build_filename(scratch->report, "sheet-9.html", NULL);
    g_assert_cmpint(symlink("index.html", link), ==, 0);
    write_report(scratch);
    g_autofree char *after = list(scratch);
    g_assert_cmpstr(after, ==,
                    "index.html notes.txt sheet-.html sheet-08.html sheet-8.html "
                    "sheet-8.html.bak sheet-9.html");

    g_autofree char *index = g_build_filename(scratch->report, "index.html", NULL);
    g_assert_true(
        g_file_set_contents(index, "<!doctype html>\n<title>our site</title>", -1, NULL));
    g_assert_false(
        sp_report_write(scratch->journal, scratch->report, scratch->output, &scratch->error));
    g_assert_error(scratch->error, SP_ERROR, SP_ERROR_EXISTS);
    g_clear_error(&scratch->error);
    g_assert_cmpint(unlink(index), ==, 0);
    g_assert_cmpint(symlink("notes.txt", index), ==, 0);
    g_assert_false(
        sp_report_write(scratch->journal, scratch->report, scratch->output, &scratch->error));
    g_assert_error(scratch->error, SP_ERROR, SP_ERROR_EXISTS);
}

static void
expect_error(Scratch *scratch, int code)
{
    g_assert_false(
        sp_report_write(scratch->journal, scratch->report, scratch->output, &scratch->error));
    g_assert_error(scratch->error, SP_ERROR, code);
    g_clear_error(&scratch->error);
}

static void
test_folder(Scratch *scratch, gconstpointer data)
{
    (void)data;
    write_report(scratch);
    g_assert_cmpint(chmod(scratch->report, 0770), ==, 0);
    expect_error(scratch, SP_ERROR_CANNOT_WRITE);
    g_assert_cmpint(chmod(scratch->report, 0755), ==, 0);
    write_report(scratch);

    int fd = open(scratch->report, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_assert_cmpint(flock(fd, LOCK_EX), ==, 0);
    expect_error(scratch, SP_ERROR_BUSY);
    close(fd);

    /* What a killed run left is taken away. */
    g_autofree char *left = g_build_filename(scratch->report, ".report-new", NULL);
    g_assert_true(g_file_set_contents(left, "half a pa", -1, NULL));
    write_report(scratch);
    g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));

    g_assert_cmpint(g_rmdir(scratch->output), ==, 0);
    expect_error(scratch, SP_ERROR_CANNOT_WRITE);
    g_free(scratch->report);
    scratch->report = g_strdup("/dev/null/report");
    expect_error(scratch, SP_ERROR_CANNOT_WRITE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add("/report/" name, Scratch, NULL, set_up, test, tear_down)
    ADD("empty", test_empty);
    ADD("small", test_small);
    ADD("hostile", test_hostile);
    ADD("policy", test_policy);
    ADD("many", test_many);
    ADD("foreign", test_foreign);
    ADD("folder", test_folder);
#undef ADD
    return g_test_run();
}
