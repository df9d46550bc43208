/* SPDX-License-Identifier: MIT */
/* test-state.c -- one run at a time, for nobody else's eyes; and which folder is within which.
 */
#include "base/error.h"
#include "bulk/state.h"
#include "scratch.h"
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const SpShard whole = {0, 1};

static guint
mode_of(const char *path)
{
    struct stat st;
    g_assert_cmpint(lstat(path, &st), ==, 0);
    return st.st_mode & 07777;
}

static void
refuse(const char *folder, SpShard shard, gboolean make, SpErrorCode code, const char *says)
{
    g_autoptr(GError) error = NULL;
    g_auto(SpState) state = {.lock = -1};
    g_assert_false(sp_state_open(&state, folder, shard, make, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, SP_ERROR, (int)code);
    g_assert_nonnull(strstr(error->message, says));
    g_assert_cmpint(state.lock, ==, -1);
}

static void
open_state(SpState *state, const char *folder, SpShard shard, gboolean make)
{
    g_autoptr(GError) error = NULL;
    (void)!sp_state_open(state, folder, shard, make, &error);
    g_assert_no_error(error);
}

static void
test_new(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    static const guint8 zeros[SP_STATE_KEY_BYTES];
    mode_t before = umask(0);
    g_auto(SpState) state = {.lock = -1}, again = {.lock = -1};
    open_state(&state, "a/b/state", whole, TRUE);
    umask(before);
    g_assert_true(state.exists);
    g_assert_cmpstr(state.folder, ==, "a/b/state");
    g_assert_cmpuint(mode_of("a"), ==, 0700);
    g_assert_cmpuint(mode_of("a/b"), ==, 0700);
    g_assert_cmpuint(mode_of("a/b/state"), ==, 0700);
    g_assert_cmpuint(mode_of("a/b/state/lock"), ==, 0600);
    g_assert_cmpuint(mode_of("a/b/state/naming-key"), ==, 0600);
    g_assert_cmpint(memcmp(state.naming_key, zeros, sizeof zeros), !=, 0);
    guint8 key[SP_STATE_KEY_BYTES];
    memcpy(key, state.naming_key, sizeof key);
    sp_state_clear(&state);
    g_assert_cmpmem(state.naming_key, sizeof zeros, zeros, sizeof zeros);
    open_state(&again, "a/b/state//", whole, TRUE);
    g_assert_cmpstr(again.folder, ==, "a/b/state");
    g_assert_cmpmem(again.naming_key, sizeof key, key, sizeof key);
}

static void
test_dry(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    const SpShard shard = {0, 2};
    g_auto(SpState) none = {.lock = -1}, made = {.lock = -1}, dry = {.lock = -1};
    g_auto(SpState) other = {.lock = -1};
    open_state(&none, "state", whole, FALSE);
    g_assert_false(none.exists);
    g_assert_false(g_file_test("state", G_FILE_TEST_EXISTS));
    open_state(&made, "state", whole, TRUE);
    /* While a run is on, too. */
    open_state(&dry, "state", whole, FALSE);
    g_assert_true(dry.exists);
    g_assert_cmpint(dry.lock, ==, -1);
    g_assert_cmpmem(dry.naming_key, SP_STATE_KEY_BYTES, made.naming_key, SP_STATE_KEY_BYTES);
    open_state(&other, "state", shard, FALSE);
    g_assert_false(other.exists);
    g_assert_false(g_file_test("state/shard-0-of-2", G_FILE_TEST_EXISTS));
}

static void
test_private(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    static const guint modes[] = {0755, 0701, 0710, 0770, 0777};
    for (guint i = 0; i < G_N_ELEMENTS(modes) * 2; i++) {
        gboolean make = i % 2 == 0;
        g_mkdir("state", 0700);
        g_assert_cmpint(chmod("state", modes[i / 2]), ==, 0);
        refuse("state", whole, make, SP_ERROR_CANNOT_WRITE, "chmod 700");
        g_assert_cmpint(rmdir("state"), ==, 0); /* nothing was put in */
    }
    g_auto(SpState) state = {.lock = -1};
    open_state(&state, "state", (SpShard){1, 2}, TRUE);
    sp_state_clear(&state);
    g_assert_cmpint(chmod("state/shard-1-of-2", 0755), ==, 0);
    refuse("state", (SpShard){1, 2}, TRUE, SP_ERROR_CANNOT_WRITE, "shard-1-of-2");
    if (geteuid() != 0) {
        refuse("/", whole, TRUE, SP_ERROR_CANNOT_WRITE, "another user");
        return;
    }
    g_mkdir("foreign", 0700);
    g_assert_cmpint(chown("foreign", 1234, 1234), ==, 0);
    refuse("foreign", whole, TRUE, SP_ERROR_CANNOT_WRITE, "another user");
}

static void
test_broken(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    scratch_put("file", "x");
    refuse("file", whole, TRUE, SP_ERROR_CANNOT_WRITE, "'file'");
    refuse("file/state", whole, TRUE, SP_ERROR_CANNOT_WRITE, "'file/state'");
    refuse("file", whole, FALSE, SP_ERROR_CANNOT_WRITE, "'file'");
    refuse("", whole, TRUE, SP_ERROR_CANNOT_WRITE, "''");
    static const char *const keys[] = {"", "short", "of thirty-three bytes, one too many"};
    g_mkdir("state", 0700);
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        scratch_put("state/naming-key", keys[i]);
        refuse("state", whole, TRUE, SP_ERROR_CANNOT_WRITE, "naming-key");
        refuse("state", whole, FALSE, SP_ERROR_CANNOT_WRITE, "naming-key");
    }
    g_unlink("state/naming-key"), g_unlink("state/lock");
    g_assert_cmpint(symlink("../file", "state/lock"), ==, 0);
    refuse("state", whole, TRUE, SP_ERROR_CANNOT_WRITE, "cannot lock");
    g_unlink("state/lock");
    g_assert_cmpint(symlink("../file", "state/naming-key"), ==, 0);
    refuse("state", whole, TRUE, SP_ERROR_CANNOT_WRITE, "naming-key");
    g_unlink("state/naming-key");
    g_assert_cmpint(mkfifo("state/naming-key", 0600), ==, 0);
    refuse("state", whole, TRUE, SP_ERROR_CANNOT_WRITE, "naming-key");
}

/* ---- one run at a time ---------------------------------------------------------------------
 */

static void
test_locked(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    const SpShard first = {0, 2}, second = {1, 2};
    g_auto(SpState) state = {.lock = -1}, a = {.lock = -1}, b = {.lock = -1};
    open_state(&state, "state", whole, TRUE);
    refuse("state", whole, TRUE, SP_ERROR_BUSY,
           "another run is using the state folder 'state'");
    /* Somebody who only reads the file does not break it. */
    g_auto(SpFd) reader = open("state/lock", O_RDWR | O_CLOEXEC);
    sp_fd_clear(&reader);
    refuse("state", whole, TRUE, SP_ERROR_BUSY, "'state'");
    open_state(&a, "state", first, TRUE);
    open_state(&b, "state", second, TRUE);
    refuse("state", second, TRUE, SP_ERROR_BUSY, "'state/shard-1-of-2'");
    g_assert_cmpmem(a.naming_key, SP_STATE_KEY_BYTES, b.naming_key, SP_STATE_KEY_BYTES);
    sp_state_clear(&state);
    open_state(&state, "state", whole, TRUE);
}

/* Another process has it; what it started lives on when it is killed. */
static void
test_killed(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    int ends[2];
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    pid_t child = fork();
    if (child == 0) {
        SpState held = {.lock = -1};
        if (!sp_state_open(&held, "state", whole, TRUE, NULL))
            _exit(1);
        const char *argv[] = {"sleep", "60", NULL};
        GPid started = 0;
        if (!g_spawn_async(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &started,
                           NULL))
            _exit(1);
        (void)!write(ends[1], &started, sizeof started);
        for (;;)
            pause();
    }
    GPid started = 0;
    g_assert_cmpint(read(ends[0], &started, sizeof started), ==, (int)sizeof started);
    refuse("state", whole, TRUE, SP_ERROR_BUSY, "another run");
    g_assert_cmpint(kill(child, SIGKILL), ==, 0);
    g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
    g_auto(SpState) state = {.lock = -1};
    open_state(&state, "state", whole, TRUE);
    g_assert_cmpint(kill(started, 0), ==, 0);
    kill(started, SIGKILL);
    close(ends[0]), close(ends[1]);
}

/* Shards that begin at once, all of them anew, have one key. */
static void
race(guint n)
{
    pid_t children[16];
    int ends[2];
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    for (guint i = 0; i < n; i++) {
        children[i] = fork();
        if (children[i] != 0)
            continue;
        SpState state = {.lock = -1};
        g_autoptr(GError) error = NULL;
        char go = 0;
        close(ends[1]);
        (void)!read(ends[0], &go, 1); /* returns for all when the other end is closed */
        gboolean ok = sp_state_open(&state, "deep/er/state", (SpShard){i, n}, TRUE, &error);
        g_autofree char *name = g_strdup_printf("key-%u", i);
        ok =
            ok && g_file_set_contents(name, (char *)state.naming_key, SP_STATE_KEY_BYTES, NULL);
        _exit(ok ? 0 : 1);
    }
    close(ends[0]), close(ends[1]);
    for (guint i = 0; i < n; i++) {
        int status = 0;
        g_assert_cmpint(waitpid(children[i], &status, 0), ==, children[i]);
        g_assert_cmpint(status, ==, 0);
    }
}

static void
test_race(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    const guint n = 12;
    race(n);
    g_autofree char *key = NULL;
    gsize n_key = 0;
    g_assert_true(g_file_get_contents("deep/er/state/naming-key", &key, &n_key, NULL));
    g_assert_cmpuint(n_key, ==, SP_STATE_KEY_BYTES);
    for (guint i = 0; i < n; i++) {
        g_autofree char *name = g_strdup_printf("key-%u", i), *got = NULL;
        g_autofree char *folder = g_strdup_printf("deep/er/state/shard-%02u-of-12", i);
        gsize n_got = 0;
        g_assert_true(g_file_get_contents(name, &got, &n_got, NULL));
        g_assert_cmpmem(got, n_got, key, n_key);
        g_assert_cmpuint(mode_of(folder), ==, 0700);
    }
    g_autoptr(GDir) dir = g_dir_open("deep/er/state", 0, NULL);
    guint n_names = 0;
    while (g_dir_read_name(dir) != NULL)
        n_names++;
    g_assert_cmpuint(n_names, ==, n + 1); /* nothing temporary is left */
}

static void
test_shard_names(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    static const struct {
        SpShard shard;
        const char *want;
    } cases[] = {
        {{0, 0}, "s"},
        {{0, 1}, "s"},
        {{1, 2}, "s/shard-1-of-2"},
        {{9, 10}, "s/shard-9-of-10"},
        {{9, 11}, "s/shard-09-of-11"},
        {{0, 100000}, "s/shard-00000-of-100000"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(SpState) state = {.lock = -1};
        open_state(&state, "s", cases[i].shard, FALSE);
        g_assert_cmpstr(state.folder, ==, cases[i].want);
    }
}

/* ---- where it is ---------------------------------------------------------------------------
 */

static void
expect_default(const char *output, const char *state_home, const char *home, const char *want)
{
    g_autoptr(GError) error = NULL;
    g_unsetenv("XDG_STATE_HOME"), g_unsetenv("HOME");
    if (state_home != NULL)
        g_setenv("XDG_STATE_HOME", state_home, TRUE);
    if (home != NULL)
        g_setenv("HOME", home, TRUE);
    g_autofree char *folder = sp_state_default(output, &error);
    if (want == NULL) {
        g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_WRITE);
        g_assert_null(folder);
        return;
    }
    g_assert_no_error(error);
    g_autofree char *parent = g_path_get_dirname(folder);
    g_autofree char *hash = g_path_get_basename(folder);
    g_assert_cmpstr(parent, ==, want);
    g_assert_cmpuint(strlen(hash), ==, 32);
}

static void
test_default(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    g_mkdir("out", 0755), g_mkdir("other", 0755);
    g_assert_cmpint(symlink("out", "link"), ==, 0);
    expect_default("out", "/st", "/home/x", "/st/storyphoto");
    expect_default("out", NULL, "/home/x", "/home/x/.local/state/storyphoto");
    expect_default("out", "", "/home/x", "/home/x/.local/state/storyphoto");
    expect_default("out", "st", "/home/x", "/home/x/.local/state/storyphoto");
    expect_default("out", NULL, NULL, NULL);
    expect_default("out", NULL, "x", NULL);
    expect_default("nothing", "/st", "/home/x", NULL);
    g_setenv("HOME", "/home/x", TRUE);
    g_autofree char *out = sp_state_default("out", NULL),
                    *link = sp_state_default("link/.", NULL);
    g_autofree char *other = sp_state_default("other", NULL);
    g_assert_cmpstr(out, ==, link);
    g_assert_cmpstr(out, !=, other);
}

static void
expect_relation(const char *first, const char *second, SpFolders want)
{
    static const SpFolders turned[] = {SP_FOLDERS_APART, SP_FOLDERS_SAME,
                                       SP_FOLDERS_SECOND_WITHIN, SP_FOLDERS_FIRST_WITHIN};
    g_autoptr(GError) error = NULL;
    SpFolders got = SP_FOLDERS_APART;
    g_test_message("%s and %s", first, second);
    (void)!sp_folders_compare(first, second, &got, &error);
    g_assert_no_error(error);
    g_assert_cmpint(got, ==, want);
    (void)!sp_folders_compare(second, first, &got, &error);
    g_assert_no_error(error);
    g_assert_cmpint(got, ==, turned[want]);
}

static void
test_compare(Scratch *scratch, gconstpointer data)
{
    (void)data;
    static const struct {
        const char *first, *second;
        SpFolders want;
    } cases[] = {
        {"a", "a", SP_FOLDERS_SAME},
        {"a", "./a/.", SP_FOLDERS_SAME},
        {"a", "to-a", SP_FOLDERS_SAME},
        {"a", "b/../a", SP_FOLDERS_SAME},
        {"a", "b", SP_FOLDERS_APART},
        {"a", "ab", SP_FOLDERS_APART},
        {"a/b", "a", SP_FOLDERS_FIRST_WITHIN},
        {"a/b/c", "to-a", SP_FOLDERS_FIRST_WITHIN},
        {"b/to-c", "a", SP_FOLDERS_FIRST_WITHIN},
        {"a", "/", SP_FOLDERS_FIRST_WITHIN},
        {"a", ".", SP_FOLDERS_FIRST_WITHIN},
        {"/", "/..", SP_FOLDERS_SAME},
        {"new", "new", SP_FOLDERS_SAME},
        {"new", "new/er", SP_FOLDERS_SECOND_WITHIN},
        {"new", "newer", SP_FOLDERS_APART},
        {"new", "a", SP_FOLDERS_APART},
        {"new", ".", SP_FOLDERS_FIRST_WITHIN},
        {"to-a/new/er", "a", SP_FOLDERS_FIRST_WITHIN},
        {"to-a/new/er", "a/new", SP_FOLDERS_FIRST_WITHIN},
        {"a/new", "a/b", SP_FOLDERS_APART},
        {"new/../a/b", "a", SP_FOLDERS_FIRST_WITHIN},
        {"new/../../new", "../new", SP_FOLDERS_SAME},
        {"dangling", "a", SP_FOLDERS_APART},
    };
    g_assert_cmpint(g_mkdir_with_parents("a/b/c", 0755), ==, 0);
    g_mkdir("b", 0755), g_mkdir("ab", 0755);
    g_assert_cmpint(symlink("a", "to-a"), ==, 0);
    g_assert_cmpint(symlink("../a/b/c", "b/to-c"), ==, 0);
    g_assert_cmpint(symlink("nothing", "dangling"), ==, 0);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        expect_relation(cases[i].first, cases[i].second, cases[i].want);
        g_autofree char *absolute = g_build_filename(scratch->folder, cases[i].first, NULL);
        if (cases[i].first[0] != '/')
            expect_relation(absolute, cases[i].second, cases[i].want);
    }
    scratch_put("file", "x");
    g_autoptr(GError) error = NULL;
    SpFolders got = SP_FOLDERS_APART;
    g_assert_false(sp_folders_compare("file/x", "a", &got, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_READ);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) SCRATCH_ADD("/state/" name, test)
    ADD("new", test_new);
    ADD("dry", test_dry);
    ADD("private", test_private);
    ADD("broken", test_broken);
    ADD("locked", test_locked);
    ADD("killed", test_killed);
    ADD("race", test_race);
    ADD("shard-names", test_shard_names);
    ADD("default", test_default);
    ADD("compare", test_compare);
#undef ADD
    return g_test_run();
}
