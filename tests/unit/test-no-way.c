/* SPDX-License-Identifier: MIT */
/* test-no-way.c -- the supervisor never holds an upload.
 *
 * No path leads from an upload to a writer, because what a writer writes lies in the memory of
 * the process that calls it, and an upload is never there: of its bytes the supervisor reads
 * the first SP_SNIFF_BYTES, and the kernel carries the rest from descriptor to descriptor. Here
 * a mark that cannot be made by chance lies behind those first bytes, and after sp_process()
 * all memory of this very process is searched for it. The mark is kept as two halves whose XOR
 * it is, or the search would find the test itself; the uploads are files, drawn by a child.
 *
 * That the search finds what is there is tested first, by a mark that is. */
#include "base/memfd.h"
#include "container/sniff.h"
#include "pipeline/session.h"
#include "sample.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MARK 48
#define TRAILER (64 * 1024)
#define WINDOW ((gsize)1024 * 1024)

static guint8 half_a[MARK], half_b[MARK];

/* ---- searching this process -------------------------------------------------------------- */

static gboolean
mark_at(const guint8 *p)
{
    for (guint i = 0; i < MARK; i++)
        if (p[i] != (guint8)(half_a[i] ^ half_b[i]))
            return FALSE;
    return TRUE;
}

static guint
marks_in(const guint8 *bytes, gsize n)
{
    guint found = 0;
    for (gsize i = 0; i + MARK <= n; i++)
        found += mark_at(bytes + i);
    return found;
}

/* One mapping, a window at a time, each a mark's length into the one before. What cannot be
 * read (the kernel's own pages, guards, what is gone meanwhile) holds nothing of ours. */
static guint
search_mapping(int memory, guint64 start, guint64 end, guint8 *window)
{
    guint found = 0;
    for (guint64 at = start; at < end; at += WINDOW - MARK) {
        ssize_t n = pread(memory, window, MIN(WINDOW, end - at), (off_t)at);
        if (n > 0)
            found += marks_in(window, (gsize)n);
    }
    return found;
}

/* How often the mark is in the memory of this process. A sanitizer's shadow is left out: it is
 * terabytes, and holds a few bits for each byte, never the byte. */
static guint
search_self(void)
{
    g_auto(SpFd) memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    g_autofree char *maps = NULL;
    g_assert_true(memory >= 0 && g_file_get_contents("/proc/self/maps", &maps, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(maps, "\n", -1);
    g_autofree guint8 *window = g_malloc(WINDOW);
    guint found = 0, mappings = 0;
    for (char **line = lines; **line != '\0'; line++) {
        char *rest = NULL;
        guint64 start = g_ascii_strtoull(*line, &rest, 16);
        guint64 end = g_ascii_strtoull(rest + 1, &rest, 16);
        if (rest[1] != 'r' || end - start > G_GUINT64_CONSTANT(1) << 36)
            continue;
        found += search_mapping(memory, start, end, window);
        explicit_bzero(window, WINDOW); /* or the next round finds it here */
        mappings++;
    }
    g_assert_cmpuint(mappings, >, 10);
    return found;
}

/* The search finds a mark: on the heap, on the stack, in a mapped file; and not when wiped. */
static void
test_search(void)
{
    g_assert_cmpuint(search_self(), ==, 0);
    guint8 stack[MARK];
    g_autofree guint8 *heap = g_malloc(MARK);
    for (guint i = 0; i < MARK; i++)
        stack[i] = heap[i] = half_a[i] ^ half_b[i];
    g_assert_cmpuint(search_self(), >=, 2);
    explicit_bzero(stack, MARK);
    g_assert_cmpuint(search_self(), >=, 1);
    explicit_bzero(heap, MARK);
    g_assert_cmpuint(search_self(), ==, 0);
}

/* ---- uploads, in the memory of children only ----------------------------------------------
 */

typedef enum { FROM_FILE, FROM_PIPE, FROM_SOCKET } Source;

static void
write_marks(int fd, guint n)
{
    guint8 mark[MARK];
    for (guint i = 0; i < MARK; i++)
        mark[i] = half_a[i] ^ half_b[i];
    while (n-- > 0)
        if (!sp_write_full(fd, mark, MARK))
            _exit(1);
}

/* An APP15 of zeros, as long as what the supervisor reads, one full of marks, the picture, and
 * marks behind the end. In a child. */
static void
write_jpeg(int fd, GBytes *picture)
{
    static const guint8 zeros[SP_SNIFF_BYTES] = {0};
    const guint8 *bytes = g_bytes_get_data(picture, NULL);
    guint n = 2 + 1000 * MARK;
    const guint8 zero_head[] = {0xff, 0xef, (2 + SP_SNIFF_BYTES) >> 8, 2};
    const guint8 mark_head[] = {0xff, 0xef, (guint8)(n >> 8), (guint8)n};
    gboolean ok = sp_write_full(fd, bytes, 2) && sp_write_full(fd, zero_head, 4) &&
                  sp_write_full(fd, zeros, sizeof zeros) && sp_write_full(fd, mark_head, 4);
    write_marks(fd, 1000);
    if (!ok || !sp_write_full(fd, bytes + 2, g_bytes_get_size(picture) - 2))
        _exit(1);
    write_marks(fd, TRAILER / MARK);
}

/* Boxes that say HEIC and nothing more: taken in whole, looked at and refused. */
static void
write_heic(int fd, GBytes *picture)
{
    static const guint8 zeros[SP_SNIFF_BYTES] = {0};
    static const guint8 head[] = "\0\0\0\x14"
                                 "ftypheic\0\0\0\0mif1\0\0\0\0free";
    (void)picture;
    if (!sp_write_full(fd, head, sizeof head - 1) || !sp_write_full(fd, zeros, sizeof zeros))
        _exit(1);
    write_marks(fd, TRAILER / MARK);
}

typedef struct {
    const char *name, *format;
    void (*write)(int fd, GBytes *picture);
    Source source;
    gboolean published;
} Case;

/* The reading end of what a child writes; the child must have ended well at the end. */
static int
open_upload(const Case *c, GBytes *picture, pid_t *ret_child)
{
    int ends[2] = {-1, -1};
    if (c->source == FROM_FILE)
        ends[0] = ends[1] = open(g_get_tmp_dir(), O_TMPFILE | O_RDWR, 0600);
    else if (c->source == FROM_PIPE)
        g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    else
        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
    *ret_child = fork();
    if (*ret_child == 0) {
        if (ends[0] != ends[1])
            close(ends[0]);
        c->write(ends[1], picture);
        _exit(0);
    }
    if (ends[0] != ends[1])
        close(ends[1]);
    return ends[0];
}

static void
wait_for(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        continue;
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* ---- all the way --------------------------------------------------------------------------
 */

static const Case cases[] = {
    {"a file", "jpeg", write_jpeg, FROM_FILE, TRUE},
    {"a pipe", "jpeg", write_jpeg, FROM_PIPE, TRUE},
    {"a socket", "jpeg", write_jpeg, FROM_SOCKET, TRUE},
    {"a refused file", "heic", write_heic, FROM_FILE, FALSE},
    {"a pipe that is sealed first", "heic", write_heic, FROM_PIPE, FALSE},
    {"a refused socket", "heic", write_heic, FROM_SOCKET, FALSE},
};

static void
empty(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_assert_cmpint(g_unlink(path), ==, 0);
    }
}

static void
check_case(const Case *c, GBytes *picture, SpSession *session, const char *folder)
{
    g_autoptr(SpPreset) preset = sp_preset_load("story", NULL);
    pid_t child = 0;
    g_auto(SpFd) fd = open_upload(c, picture, &child);
    if (c->source == FROM_FILE)
        wait_for(child);
    SpUpload upload = {.fd = fd, .name = "upload"};
    SpTarget target = {.folder = folder, .force = TRUE};
    g_autoptr(SpReceipt) receipt = sp_process(session, preset, &upload, &target);
    guint found = search_self();
    if (c->source != FROM_FILE)
        wait_for(child);
    g_test_message("%s: %s", c->name, receipt->error != NULL ? receipt->error->message : "");
    if (c->published)
        g_assert_no_error(receipt->error);
    else
        g_assert_true(receipt->error != NULL && sp_error_is_refusal(receipt->error->code));
    g_assert_cmpstr(receipt->input_format, ==, c->format);
    g_assert_cmpuint(receipt->input_bytes, >, SP_SNIFF_BYTES + TRAILER - MARK);
    g_assert_cmpuint(found, ==, 0);
}

static void
test_all_the_way(void)
{
    Sample sample = {300, 200, SAMPLING_420};
    g_autoptr(GBytes) picture = sample_jpeg(&sample);
    g_autofree char *folder = g_dir_make_tmp("storyphoto-no-way-XXXXXX", NULL);
    SpSession *session = sp_session_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check_case(&cases[i], picture, session, folder);
    sp_session_free(session);
    empty(folder);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < MARK; i++) {
        half_a[i] = (guint8)g_random_int();
        half_b[i] = (guint8)g_random_int();
    }
    g_test_add_func("/no-way/search", test_search);
    g_test_add_func("/no-way/all-the-way", test_all_the_way);
    return g_test_run();
}
