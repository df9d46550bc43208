/* SPDX-License-Identifier: MIT */
/* captive.c -- a renderer, and an inspector, behind the real lock; what it tries there is the
 * name that it is started by.
 *
 * What may fail does, and the captive is honest all the same, unless it got what it must not
 * get: then it exits with 9. Behind "inspect-" in the name it is an inspector. A new attempt is
 * one function, one line in the table below, and one in test-captive.c. */
#include "base/carrier.h"
#include "container/sniff.h"
#include "liars/honest.h"
#include "sandbox/lock.h"
#include "sandbox/server.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define FREED 9
#define MIB ((gsize)1 << 20)

static void
try_open(void)
{
    if (open("/dev/null", O_RDONLY) >= 0 || open("/proc/self/mem", O_RDWR) >= 0 ||
        open("/etc/passwd", O_RDONLY) >= 0)
        _exit(FREED);
}

static void
try_socket(void)
{
    socket(AF_INET, SOCK_STREAM, 0);
    _exit(FREED);
}

static void
try_exec(void)
{
    char *const none[] = {NULL};
    execve("/bin/true", none, none);
    _exit(FREED);
}

static void
try_fork(void)
{
    (void)!fork();
    _exit(FREED);
}

static void
try_kill(void)
{
    kill(-1, 0);
    _exit(FREED);
}

static void
try_code(void)
{
    if (mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
             0) != MAP_FAILED)
        _exit(FREED);
}

static void
try_tracing(void)
{
    prctl(PR_SET_DUMPABLE, 1);
    _exit(FREED);
}

/* Nobody is told what it was. */
static void
try_blindly(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    try_socket();
}

static void *
try_in_thread(void *data)
{
    try_socket();
    return data;
}

static void
try_in_threads(void)
{
    pthread_t threads[4];
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        if (pthread_create(&threads[i], NULL, try_in_thread, NULL) != 0)
            _exit(FREED);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        pthread_join(threads[i], NULL);
}

static void
call_abort(void)
{
    abort();
}

static void
fault(void)
{
    signal(SIGSEGV, SIG_DFL); /* past the sanitizers */
    raise(SIGSEGV);
}

/* Of which a compiler knows nothing. */
static gboolean
has_memory(gsize n)
{
    void *volatile memory = malloc(n);
    gboolean had = memory != NULL;
    free(memory);
    return had;
}

/* Softly: a decoder that is told so can say so. */
static void
want_memory(void)
{
    if (has_memory(2 * SP_LOCK_SLACK))
        _exit(FREED);
}

/* Far more than any file that is inspected. */
static void
want_much(void)
{
    if (has_memory(1024 * MIB))
        _exit(FREED);
}

static void
need_memory(void)
{
    g_malloc(2 * SP_LOCK_SLACK);
    _exit(FREED);
}

static void
expect_little(void)
{
    gboolean before = has_memory(2 * SP_LOCK_SLACK);
    if (!before || !sp_lock_expect(MIB, NULL) || has_memory(2 * SP_LOCK_SLACK))
        _exit(FREED);
}

static void
loop(void)
{
    for (volatile guint i = 0;; i++)
        ;
}

static void *
loop_in_thread(void *data)
{
    loop();
    return data;
}

/* It ends with its process. */
static void
keep_thread(void)
{
    pthread_t thread = 0;
    if (pthread_create(&thread, NULL, loop_in_thread, NULL) != 0)
        _exit(FREED);
}

static const struct {
    const char *name;
    void (*act)(void);
} acts[] = {
    {"open", try_open},
    {"socket", try_socket},
    {"exec", try_exec},
    {"fork", try_fork},
    {"kill", try_kill},
    {"code", try_code},
    {"tracing", try_tracing},
    {"blindly", try_blindly},
    {"in-threads", try_in_threads},
    {"abort", call_abort},
    {"fault", fault},
    {"want-memory", want_memory},
    {"want-much", want_much},
    {"need-memory", need_memory},
    {"expect-little", expect_little},
    {"loop", loop},
    {"keep-thread", keep_thread},
};

static void (*current)(void); /* NULL: nothing is tried */

static void
render(const SpWireRequest *request, SpSource *source, guint8 *output, SpWireAnswer *answer)
{
    if (current != NULL)
        current();
    sp_source_all(source);
    be_honest(request, source, 0, output, answer);
}

static void
inspect(const guint8 *bytes G_GNUC_UNUSED, gsize n, gboolean values G_GNUC_UNUSED,
        SpWireInspection *inspection)
{
    if (current != NULL)
        current();
    inspection->format = SP_FORMAT_JPEG;
    inspection->width = 40;
    inspection->height = 30;
    inspection->reveals = SP_CATEGORY_COMMENT;
    inspection->n_carriers = 1;
    inspection->carriers[0] = (SpWireCarrier){
        .carrier = SP_CARRIER_COMMENT, .reveals = SP_CATEGORY_COMMENT, .count = 1, .bytes = n};
}

int
main(int argc, char **argv)
{
    g_autofree char *name = g_path_get_basename(argc > 0 ? argv[0] : "");
    gboolean inspects = g_str_has_prefix(name, "inspect-");
    const char *act = inspects ? name + strlen("inspect-") : name;
    for (guint i = 0; i < G_N_ELEMENTS(acts); i++)
        if (g_str_equal(act, acts[i].name))
            current = acts[i].act;
    const SpRenderer inspector = {.inspect = inspect};
    const SpRenderer renderer = {.render = render};
    return sp_server_run(inspects ? &inspector : &renderer);
}
