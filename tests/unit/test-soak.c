/* SPDX-License-Identifier: MIT */
/* test-soak.c -- many images through one session: what it holds at the end it held at the
 * start.
 *
 * Every kind of upload, good ones and bad ones, by file and by pipe; on the way decoders crash
 * and servers are killed between two images. After each image the supervisor and its servers
 * are looked at from outside, through /proc: the last hundred images must look like the first,
 * and in the end old servers like fresh ones. A few hundred images here, SOAK=10000 for more
 * (`make soak`). */
#include "base/memfd.h"
#include "pipeline/session.h"
#include "storyphoto.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WINDOW 100 /* images at either end that are compared */
#define IMAGES 800 /* enough for a server of the usual kind to be replaced */
#define WARM_UP 50 /* images before the first window: every kind of upload has been seen */
#define SLACK_KIB 2048

static char *folder, *tools;

/* ---- uploads ------------------------------------------------------------------------------
 */

typedef struct {
    const char *name, *options; /* what makes it; NULL: the first half of the one before */
    const char *code;
} Kind;

static const Kind kinds[] = {
    {"plain.jpg", "--size 64x48", "ok"},
    {"half.jpg", NULL, "truncated"},
    {"progressive.jpg", "--size 320x240 --progressive --gps", "ok"},
    {"plain.png", "--size 64x48", "ok"},
    {"half.png", NULL, "truncated"},
    {"alpha.png", "--size 160x120 --alpha ball", "ok"},
    {"plain.webp", "--size 64x48", "ok"},
    {"half.webp", NULL, "truncated"},
    {"plain.gif", "--size 64x48 --frames 3", "ok"},
    {"plain.heic", "--size 128x96", "ok"},
    {"half.heic", NULL, "truncated"},
    {"tiles.heic", "--size 200x100 --tile 64", "ok"},
    {"plain.avif", "--size 64x48", "ok"},
};

static char *
path_of(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void
make_upload(const Kind *kind, const Kind *before)
{
    g_autofree char *path = path_of(kind->name);
    if (kind->options == NULL) {
        g_assert_nonnull(before);
        g_autofree char *whole = path_of(before->name);
        g_autofree char *bytes = NULL;
        gsize n = 0;
        g_assert_true(g_file_get_contents(whole, &bytes, &n, NULL));
        g_assert_true(g_file_set_contents(path, bytes, (gssize)n / 2, NULL));
        return;
    }
    const char *tool = g_str_has_suffix(path, ".jpg") ? "make-upload" : "make-picture";
    g_autofree char *line =
        g_strdup_printf("'%s/%s' %s '%s'", tools, tool, kind->options, path);
    g_autoptr(GError) error = NULL;
    int status = -1;
    g_spawn_command_line_sync(line, NULL, NULL, &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
}

/* ---- what /proc says ----------------------------------------------------------------------
 */

typedef struct {
    double own_kib, server_kib;     /* resident; of the servers the largest */
    double own_files, server_files; /* open descriptors; of the servers the most */
    guint servers, zombies;         /* alive; dead and not reaped, theirs too */
} Look;

static guint
count_files_of(const char *pid)
{
    guint n = 0;
    g_autofree char *path = g_build_filename("/proc", pid, "fd", NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL); /* NULL: not for us to see */
    while (dir != NULL && g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

/* NULL-terminated; empty for a process that is gone, NULL where the kernel does not tell. */
static char **
children_of(const char *pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%s/task/%s/children", pid, pid);
    g_autofree char *children = NULL;
    if (!g_file_get_contents(path, &children, NULL, NULL))
        return NULL;
    return g_strsplit(g_strchomp(children), " ", -1);
}

/* Of /proc/PID/status: KiB resident; 0 of a zombie. FALSE: it is gone. */
static gboolean
get_resident(const char *pid, double *ret_kib)
{
    g_autofree char *path = g_build_filename("/proc", pid, "status", NULL);
    g_autofree char *status = NULL;
    if (!g_file_get_contents(path, &status, NULL, NULL))
        return FALSE;
    static const char key[] = "\nVmRSS:";
    const char *line = strstr(status, key);
    *ret_kib = line != NULL ? g_ascii_strtod(line + sizeof key - 1, NULL) : 0;
    return TRUE;
}

/* A server, and below it whoever it has not reaped. */
static void
look_at(const char *pid, gboolean is_server, Look *look)
{
    double kib = 0;
    if (*pid == '\0' || !get_resident(pid, &kib))
        return;
    look->zombies += kib == 0;
    if (!is_server || kib == 0)
        return;
    look->servers++;
    look->server_kib = MAX(look->server_kib, kib);
    look->server_files = MAX(look->server_files, count_files_of(pid));
    g_auto(GStrv) children = children_of(pid);
    for (guint i = 0; children != NULL && children[i] != NULL; i++)
        look_at(children[i], FALSE, look);
}

static Look
look_around(void)
{
    Look look = {0};
    g_autofree char *self = g_strdup_printf("%d", getpid());
    g_assert_true(get_resident(self, &look.own_kib));
    look.own_files = count_files_of(self);
    g_auto(GStrv) children = children_of(self);
    for (guint i = 0; children[i] != NULL; i++)
        look_at(children[i], TRUE, &look);
    return look;
}

/* ---- images -------------------------------------------------------------------------------
 */

typedef struct {
    SpSession *session; /* owned */
    SpPreset *preset;   /* owned */
    char *crash, *out;  /* owned; a renderer that crashes */
} Soak;

/* What is written fits into a pipe that nobody reads yet. */
static int
open_pipe(const char *path)
{
    g_autofree char *bytes = NULL;
    gsize n = 0;
    int ends[2];
    g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
    g_assert_cmpuint(n, <=, 65536);
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    g_assert_true(sp_write_full(ends[1], bytes, n));
    close(ends[1]);
    return ends[0];
}

static void
take(const Soak *soak, const char *name, gboolean pipe, const char *code)
{
    g_autofree char *path = path_of(name);
    g_auto(SpFd) fd = pipe ? open_pipe(path) : open(path, O_RDONLY | O_CLOEXEC);
    SpUpload upload = {.fd = fd, .name = name};
    SpTarget target = {.folder = soak->out};
    g_autoptr(SpReceipt) receipt = sp_process(soak->session, soak->preset, &upload, &target);
    if (receipt->error != NULL && !g_str_equal(sp_error_word(receipt->error->code), code))
        g_error("%s: %s", name, receipt->error->message);
    g_assert_cmpstr(receipt->error != NULL ? sp_error_word(receipt->error->code) : "ok", ==,
                    code);
}

/* Number i, counted around. */
static void
kill_a_server(guint i)
{
    g_autofree char *self = g_strdup_printf("%d", getpid());
    g_auto(GStrv) children = children_of(self);
    guint n = g_strv_length(children);
    if (n > 0 && *children[0] != '\0')
        kill((pid_t)g_ascii_strtoll(children[i % n], NULL, 10), SIGKILL);
}

/* Resident KiB (a double) of each server, by its command line. */
static GHashTable *
weigh_servers(void)
{
    GHashTable *weights = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autofree char *self = g_strdup_printf("%d", getpid());
    g_auto(GStrv) children = children_of(self);
    for (guint i = 0; children[i] != NULL; i++) {
        g_autofree char *path = g_build_filename("/proc", children[i], "cmdline", NULL);
        char *words = NULL;
        gsize n = 0;
        double kib = 0;
        if (*children[i] == '\0' || !get_resident(children[i], &kib) || kib == 0 ||
            !g_file_get_contents(path, &words, &n, NULL))
            continue;
        for (gsize k = 0; k + 1 < n; k++) /* the last NUL ends it */
            if (words[k] == '\0')
                words[k] = ' ';
        g_hash_table_insert(weights, words, g_memdup2(&kib, sizeof kib));
    }
    return weights;
}

/* Number i; the numbers of trouble are prime, so that each kind meets each. Servers are killed
 * seldom: most are to grow old. */
static void
take_one(const Soak *soak, guint i)
{
    const Kind *kind = &kinds[i % G_N_ELEMENTS(kinds)];
    gboolean pipe = i / G_N_ELEMENTS(kinds) % 3 == 1;
    if (i % 47 == 46) {
        sp_sandbox_set_program(soak->session->sandbox, SP_RENDERER_HEVC, soak->crash);
        take(soak, "plain.heic", pipe, "decoder-crashed");
        sp_sandbox_set_program(soak->session->sandbox, SP_RENDERER_HEVC, NULL);
    }
    if (i % 1009 == 300) { /* what a dying one was sent by a pipe is lost */
        kill_a_server(i);
        pipe = FALSE;
    }
    take(soak, kind->name, pipe, kind->code);
}

/* ---- the first and the last ---------------------------------------------------------------
 */

static void
add_look(Look *sum, const Look *look)
{
    sum->own_kib += look->own_kib / WINDOW;
    sum->server_kib += look->server_kib / WINDOW;
    sum->own_files += look->own_files / WINDOW;
    sum->server_files += look->server_files / WINDOW;
    sum->servers = MAX(sum->servers, look->servers);
    sum->zombies = MAX(sum->zombies, look->zombies);
}

static void
tell(const char *which, const Look *look)
{
    g_test_message("%s: %.0f KiB, servers %.0f KiB; descriptors %.2f, servers %.2f; at most "
                   "%u servers, %u not reaped yet",
                   which, look->own_kib, look->server_kib, look->own_files, look->server_files,
                   look->servers, look->zombies);
}

static void
compare(const Look *first, const Look *last)
{
    tell("first", first);
    tell("last", last);
    g_assert_cmpfloat(last->own_files, <=, first->own_files + 1);
    g_assert_cmpfloat(last->server_files, <=, first->server_files + 1);
    g_assert_cmpuint(last->servers, <=, SP_RENDERER_COUNT + 1); /* and one that is leaving */
    g_assert_cmpuint(last->zombies, <=, 2);
#ifndef SP_SANITIZED /* which keeps what is freed, to know it again */
    g_assert_cmpfloat(last->own_kib, <=, first->own_kib + SLACK_KIB);
    g_assert_cmpfloat(last->server_kib, <=, first->server_kib + SLACK_KIB);
#endif
}

static void
soak_run(const Soak *soak, guint n)
{
    Look first = {0};
    Look last = {0};
    for (guint i = 0; i < n; i++) {
        take_one(soak, i);
        if (i < WARM_UP || (i >= WARM_UP + WINDOW && i < n - WINDOW))
            continue;
        Look look = look_around();
        add_look(i < WARM_UP + WINDOW ? &first : &last, &look);
    }
    g_test_message("%u images", n);
    compare(&first, &last);
}

/* Servers that have had their images, and fresh ones that have had one of each kind. */
static void
compare_servers(const Soak *soak)
{
    g_usleep(200000); /* a server closes the last descriptors after it has answered */
    Look old = look_around();
    g_autoptr(GHashTable) old_weights = weigh_servers();
    for (guint i = 0; i < old.servers; i++)
        kill_a_server(i);
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        take(soak, kinds[i].name, FALSE, kinds[i].code);
    g_usleep(200000);
    Look young = look_around();
    g_assert_cmpfloat(old.server_files, ==, young.server_files);
    g_autoptr(GHashTable) weights = weigh_servers();
    GHashTableIter iter;
    gpointer name = NULL, kib = NULL;
    g_hash_table_iter_init(&iter, old_weights);
    while (g_hash_table_iter_next(&iter, &name, &kib)) {
        const double *fresh = g_hash_table_lookup(weights, name);
        g_assert_nonnull(fresh);
        g_test_message("%s: %.0f KiB, fresh %.0f KiB", (const char *)name, *(double *)kib,
                       *fresh);
#ifndef SP_SANITIZED
        g_assert_cmpfloat(*(double *)kib, <=, *fresh + SLACK_KIB);
#endif
    }
}

static void
test_soak(void)
{
    const char *wanted = g_getenv("SOAK");
    guint n = wanted != NULL ? (guint)g_ascii_strtoull(wanted, NULL, 10) : IMAGES;
    n = MAX(n, WARM_UP + 2 * WINDOW);
    g_autofree char *self = g_strdup_printf("%d", getpid());
    g_auto(GStrv) children = children_of(self);
    if (children == NULL) {
        g_test_skip("this kernel does not tell a process's children");
        return;
    }
    guint files = count_files_of("self");
    Soak soak = {
        .session = sp_session_new(),
        .preset = sp_preset_load("story", NULL),
        .crash = path_of("crash"),
        .out = path_of("out"),
    };
    g_autofree char *liar = g_build_filename(tools, "liar", NULL);
    g_assert_cmpint(symlink(liar, soak.crash), ==, 0);
    g_assert_cmpint(g_mkdir(soak.out, 0755), ==, 0);
    soak_run(&soak, n);
    compare_servers(&soak);
    sp_session_free(soak.session);
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
    g_assert_cmpint(errno, ==, ECHILD);
    g_assert_cmpuint(count_files_of("self"), ==, files);
    sp_preset_free(soak.preset);
    g_free(soak.crash);
    g_free(soak.out);
}

/* ---- around it ----------------------------------------------------------------------------
 */

static void
remove_all(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name = NULL;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        if (g_file_test(inside, G_FILE_TEST_IS_DIR))
            remove_all(inside);
        else
            g_unlink(inside);
    }
    g_rmdir(path);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *unit = g_path_get_dirname(self);
    tools = g_path_get_dirname(unit);
    /* In memory where that can be had: thousands of files wait for no disk. */
    folder = g_strdup("/dev/shm/storyphoto-soak-XXXXXX");
    if (g_mkdtemp(folder) == NULL) {
        g_free(folder);
        folder = g_dir_make_tmp("storyphoto-soak-XXXXXX", NULL);
    }
    g_assert_nonnull(folder);
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        make_upload(&kinds[i], i > 0 ? &kinds[i - 1] : NULL);
    g_test_add_func("/soak", test_soak);
    int status = g_test_run();
    remove_all(folder);
    g_free(folder);
    g_free(tools);
    return status;
}
