/* SPDX-License-Identifier: MIT */
/* test-splice.c -- streams of each kind arrive whole and in order, and by the way they should.
 */
#include "base/splice.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define BYTES 300001
#define HEAD 100

typedef enum { PIPE, SOCKET, FILE_ } Kind;

static guint8
byte_at(gsize i)
{
    return (guint8)(i * 7 + i / 251);
}

/* What a child writes into a stream of that kind, in pieces of odd sizes. */
static int
open_stream(Kind kind, gsize n, pid_t *ret_child)
{
    int ends[2] = {-1, -1};
    if (kind == FILE_)
        ends[0] = ends[1] = open(g_get_tmp_dir(), O_TMPFILE | O_RDWR, 0600);
    else if (kind == PIPE)
        g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    else
        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
    *ret_child = fork();
    if (*ret_child == 0) {
        guint8 piece[977];
        for (gsize done = 0, m = 0; done < n; done += m) {
            m = MIN(sizeof piece, n - done);
            for (gsize i = 0; i < m; i++)
                piece[i] = byte_at(done + i);
            if (!sp_write_full(ends[1], piece, m))
                _exit(0); /* the reader has had enough */
        }
        if (kind == FILE_)
            lseek(ends[1], 0, SEEK_SET);
        _exit(0);
    }
    if (kind == FILE_)
        g_assert_cmpint(waitpid(*ret_child, NULL, 0), ==, *ret_child);
    else
        close(ends[1]);
    return ends[0];
}

/* All that comes, at most max bytes of it; returns how many. */
static gsize
take(SpSplice *way, int from, int to, gsize max)
{
    gsize done = 0;
    while (done < max) {
        gssize n = sp_splice(way, from, to, max - done);
        if (n == 0)
            break;
        g_assert_true(n > 0 || errno == EAGAIN || errno == EINTR);
        done += n > 0 ? (gsize)n : 0;
    }
    return done;
}

static void
assert_holds(int fd, gsize n)
{
    g_autofree guint8 *bytes = g_malloc(HEAD + n + 1);
    g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
    g_assert_cmpint(sp_read_full(fd, bytes, HEAD + n + 1), ==, (gssize)(HEAD + n));
    for (gsize i = 0; i < HEAD; i++)
        g_assert_cmpuint(bytes[i], ==, 'h');
    for (gsize i = 0; i < n; i++)
        g_assert_cmpuint(bytes[HEAD + i], ==, byte_at(i));
}

static void
test_streams(void)
{
    static const struct {
        const char *name;
        Kind kind;
        int begin, way; /* of SpSplice.way: at the start, at the end */
    } cases[] = {
        {"a pipe", PIPE, SP_SPLICE_DIRECT, SP_SPLICE_DIRECT},
        {"a socket", SOCKET, SP_SPLICE_DIRECT, SP_SPLICE_VIA_PIPE},
        {"a file", FILE_, SP_SPLICE_DIRECT, SP_SPLICE_VIA_PIPE},
        {"a pipe through a pipe", PIPE, SP_SPLICE_VIA_PIPE, SP_SPLICE_VIA_PIPE},
        {"a pipe by hand", PIPE, SP_SPLICE_BY_HAND, SP_SPLICE_BY_HAND},
        {"a socket by hand", SOCKET, SP_SPLICE_BY_HAND, SP_SPLICE_BY_HAND},
    };
    static const gsize sizes[] = {0, 1, 4096, 65536, BYTES};
    guint8 head[HEAD];
    memset(head, 'h', sizeof head);
    for (gsize i = 0; i < G_N_ELEMENTS(cases) * G_N_ELEMENTS(sizes); i++) {
        gsize size = sizes[i % G_N_ELEMENTS(sizes)], kind = i / G_N_ELEMENTS(sizes);
        for (gsize max = size + 1; max > 0 && max + 1 >= size; max--) {
            pid_t child = 0;
            g_auto(SpFd) from = open_stream(cases[kind].kind, size, &child);
            g_auto(SpFd) to = sp_memfd_create(NULL);
            g_auto(SpSplice) way = SP_SPLICE_INIT;
            way.way = cases[kind].begin;
            g_test_message("%s: %" G_GSIZE_FORMAT " bytes, %" G_GSIZE_FORMAT " are taken",
                           cases[kind].name, size, max);
            g_assert_true(sp_write_full(to, head, sizeof head));
            g_assert_cmpuint(take(&way, from, to, max), ==, MIN(size, max));
            assert_holds(to, MIN(size, max));
            g_assert_cmpint(way.way, ==, cases[kind].way);
            close(sp_fd_steal(&from)); /* a writer that is still there ends */
            if (cases[kind].kind != FILE_)
                g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
        }
    }
}

/* What the kernel does not splice at all comes by hand. */
static void
test_refused(void)
{
    int pair[2] = {-1, -1};
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), ==, 0);
    g_auto(SpFd) to = sp_memfd_create(NULL);
    g_auto(SpSplice) way = SP_SPLICE_INIT;
    guint8 head[HEAD];
    memset(head, 'h', sizeof head);
    g_assert_true(sp_write_full(pair[1], head, sizeof head));
    close(pair[1]);
    g_assert_cmpuint(take(&way, pair[0], to, BYTES), ==, HEAD);
    assert_holds(to, 0);
    close(pair[0]);
}

/* Nothing there, nothing taken: a pipe whose writer is slow. */
static void
test_nothing_yet(void)
{
    int ends[2] = {-1, -1};
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    g_auto(SpFd) to = sp_memfd_create(NULL);
    g_auto(SpSplice) way = SP_SPLICE_INIT;
    g_assert_cmpint(sp_splice(&way, ends[0], to, 10), ==, -1);
    g_assert_cmpint(errno, ==, EAGAIN);
    close(ends[0]);
    close(ends[1]);
}

int
main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/splice/streams", test_streams);
    g_test_add_func("/splice/refused", test_refused);
    g_test_add_func("/splice/nothing-yet", test_nothing_yet);
    return g_test_run();
}
