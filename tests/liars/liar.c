/* SPDX-License-Identifier: MIT */
/* liar.c -- a renderer that lies; which lie is the name that it is started by.
 *
 * What a taken-over renderer could do on the wire and to its server, one small function each.
 * test-sandbox.c starts it by links of that name and says what the supervisor must make of it.
 * Under any other name than those in the table it is an honest renderer that renders nothing:
 * each file is max_bytes / 2 bytes of the variant's number plus one. A name that begins with
 * "inspect-" is that of an inspector: inspect-lies.c. Floods and silence are in flood-lies.c,
 * what a whole server does wrong in start-lies.c; "search-" begins the name of one
 * that looks for secrets, search.c.
 *
 * A new lie is one function, one line in the table below, and one in the test's. */
#include "liars/honest.h"
#include "liars/inspect-lies.h"
#include "liars/lies.h"
#include "liars/rights.h"
#include "liars/search.h"
#include "liars/start-lies.h"
#include "sandbox/server.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void
tell(const void *message, gsize n)
{
    if (send(ANSWER_FD, message, n, MSG_NOSIGNAL) < 0)
        _exit(4);
}

static void
tell_answer(const Scene *scene)
{
    tell(scene->answer, sizeof *scene->answer);
}

static void
linger(void)
{
    for (;;)
        pause();
}

/* ---- what is said -------------------------------------------------------------------------
 */

static void
garbage(Scene *scene)
{
    memset(scene->answer, 0xA5, sizeof *scene->answer);
    tell_answer(scene);
    _exit(0);
}

static void
short_answer(Scene *scene)
{
    tell(scene->answer, sizeof *scene->answer - 1);
    _exit(0);
}

static void
tiny_answer(Scene *scene)
{
    tell(scene->answer, 3);
    _exit(0);
}

static void
empty_answer(Scene *scene)
{
    tell(scene->answer, 0);
    _exit(0);
}

static void
long_answer(Scene *scene)
{
    static guint8 room[65536];
    memcpy(room, scene->answer, sizeof *scene->answer);
    tell(room, sizeof room);
    _exit(0);
}

static void
one_too_long(Scene *scene)
{
    guint8 room[sizeof *scene->answer + 1];
    memcpy(room, scene->answer, sizeof *scene->answer);
    room[sizeof room - 1] = 0;
    tell(room, sizeof room);
    _exit(0);
}

static void
wrong_magic(Scene *scene)
{
    scene->answer->header.magic ^= 1;
    tell_answer(scene);
    _exit(0);
}

static void
wrong_id(Scene *scene)
{
    scene->answer->header.id++;
    tell_answer(scene);
    _exit(0);
}

static void
wrong_kind(Scene *scene)
{
    scene->answer->header.kind = SP_WIRE_REQUEST;
    tell_answer(scene);
    _exit(0);
}

static void
two_answers(Scene *scene)
{
    tell_answer(scene);
    tell_answer(scene);
    _exit(0);
}

static void
flood(Scene *scene)
{
    for (;;)
        tell_answer(scene);
}

static void
descriptors(Scene *scene)
{
    gboolean sent = send_with_descriptors(ANSWER_FD, scene->answer, sizeof *scene->answer, 8);
    _exit(sent ? 0 : 4);
}

/* ---- what the answer says -----------------------------------------------------------------
 */

static void
beyond(Scene *scene)
{
    scene->answer->files[0].offset = scene->request->output_size - 1;
}

static void
overflow(Scene *scene)
{
    scene->answer->files[0].offset = G_MAXUINT64 - 10;
}

static void
overlap(Scene *scene)
{
    scene->answer->files[1].offset = scene->answer->files[0].offset + 1;
}

static void
too_many(Scene *scene)
{
    scene->answer->n_files = G_MAXUINT32;
}

static void
too_few(Scene *scene)
{
    scene->answer->n_files--;
}

static void
unknown_bits(Scene *scene)
{
    scene->answer->removed = 1u << 31;
}

static void
unterminated(Scene *scene)
{
    scene->answer->code = SP_ERROR_CORRUPT;
    scene->answer->n_files = 0;
    memset(scene->answer->message, 'x', sizeof scene->answer->message);
}

static void
fat_thumbhash(Scene *scene)
{
    scene->answer->n_thumbhash = SP_WIRE_THUMBHASH + 1;
}

static void
stolen_code(Scene *scene)
{
    scene->answer->code = SP_ERROR_INTERRUPTED;
    scene->answer->n_files = 0;
    scene->answer->message[0] = 'x';
}

static void
refusal(Scene *scene)
{
    scene->answer->code = SP_ERROR_CORRUPT;
    scene->answer->n_files = 0;
    strcpy(scene->answer->message, "as promised");
}

/* ---- how it ends --------------------------------------------------------------------------
 */

static void
silent(Scene *scene G_GNUC_UNUSED)
{
    _exit(0);
}

static void
exit_3(Scene *scene G_GNUC_UNUSED)
{
    _exit(3);
}

static void
crash(Scene *scene G_GNUC_UNUSED)
{
    signal(SIGSEGV, SIG_DFL); /* past the sanitizers */
    raise(SIGSEGV);
}

/* As a filter without a handler ends it. */
static void
forbidden_call(Scene *scene G_GNUC_UNUSED)
{
    signal(SIGSYS, SIG_DFL);
    raise(SIGSYS);
}

/* As a filter with a handler does: said, then gone. */
static void
reported_call(Scene *scene)
{
    scene->answer->code = SP_ERROR_POLICY;
    scene->answer->n_files = 0;
    strcpy(scene->answer->message, "made the call that it says");
}

/* Every attempt has its own id, from 1 on. */
static void
crash_once(Scene *scene)
{
    if (scene->request->header.id == 1)
        crash(scene);
}

static void
crash_second(Scene *scene)
{
    if (scene->request->header.id == 2)
        crash(scene);
}

static void
forbidden_call_second(Scene *scene)
{
    if (scene->request->header.id == 2)
        forbidden_call(scene);
}

static void
answer_then_crash(Scene *scene)
{
    tell_answer(scene);
    crash(scene);
}

static void
answer_then_exit_3(Scene *scene)
{
    tell_answer(scene);
    _exit(3);
}

static void
hang(Scene *scene G_GNUC_UNUSED)
{
    signal(SIGTERM, SIG_IGN);
    linger();
}

static void
hang_closed(Scene *scene)
{
    close(ANSWER_FD);
    hang(scene);
}

static void
closed(Scene *scene G_GNUC_UNUSED)
{
    close(ANSWER_FD);
    _exit(0);
}

static void
spin(Scene *scene G_GNUC_UNUSED)
{
    for (volatile guint i = 0;; i++)
        ;
}

/* Killed by its alarm after it had all the processor time that it asked for. */
static void
spin_alarmed(Scene *scene)
{
    signal(SIGALRM, SIG_IGN);
    clock_t enough = (clock_t)scene->request->limits.timeout_ms * CLOCKS_PER_SEC / 1000;
    while (clock() < enough)
        ;
    signal(SIGALRM, SIG_DFL);
    raise(SIGALRM);
}

static void
spin_unalarmed(Scene *scene)
{
    signal(SIGALRM, SIG_IGN);
    spin(scene);
}

static void
spin_stubborn(Scene *scene)
{
    signal(SIGXCPU, SIG_IGN);
    spin_unalarmed(scene);
}

/* ---- what it keeps and whom it attacks ----------------------------------------------------
 */

/* A grandchild keeps writing to the outputs for a second. */
static void
late_writer(Scene *scene)
{
    pid_t pid = fork();
    if (pid != 0)
        return;
    setsid();
    close(ANSWER_FD);
    for (guint i = 0; i < 1000; i++) {
        scene->output[i % scene->request->output_size] ^= 1;
        usleep(1000);
    }
    _exit(0);
}

/* Claims to have ended, and writes on. */
static void
forged_ended(Scene *scene)
{
    SpWireEnded ended = {.status = 0};
    sp_wire_header_init(&ended.header, SP_WIRE_ENDED, scene->request->header.id);
    tell_answer(scene);
    tell(&ended, sizeof ended);
    for (;;)
        scene->output[0] ^= 1;
}

static void
forged_crash(Scene *scene)
{
    SpWireEnded ended = {.status = SIGSEGV};
    sp_wire_header_init(&ended.header, SP_WIRE_ENDED, scene->request->header.id);
    tell(&ended, sizeof ended);
    linger();
}

static void
short_ended(Scene *scene)
{
    SpWireHeader header;
    sp_wire_header_init(&header, SP_WIRE_ENDED, scene->request->header.id);
    tell(&header, sizeof header);
    linger();
}

static void
kill_server(Scene *scene G_GNUC_UNUSED)
{
    kill(getppid(), SIGKILL);
    linger();
}

static void
stop_server(Scene *scene G_GNUC_UNUSED)
{
    kill(getppid(), SIGSTOP);
    linger();
}

/* Honest, but not at once: for what happens to others meanwhile. */
static void
slow(Scene *scene G_GNUC_UNUSED)
{
    usleep(300 * 1000);
}

/* Honest, after 300 ms of work in 64 MiB. */
static void
hungry(Scene *scene G_GNUC_UNUSED)
{
    gsize n = (gsize)64 << 20;
    volatile guint8 *meal = malloc(n);
    if (meal == NULL)
        _exit(4);
    for (gsize i = 0; i < n || clock() < CLOCKS_PER_SEC * 3 / 10; i += 1024)
        meal[i % n] = 1;
}

/* Dies unless the process is what a child must be; then is honest. */
static void
check_child(Scene *scene)
{
    sigset_t blocked;
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    for (int i = 1; i < SIGRTMIN; i++) {
        struct sigaction action;
        if (sigismember(&blocked, i) == 1 ||
            (sigaction(i, NULL, &action) == 0 && action.sa_handler == SIG_IGN))
            _exit(10);
    }
    for (int fd = ANSWER_FD + 1; fd < 1024; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            _exit(11);
    }
    if (prctl(PR_GET_DUMPABLE) != 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        _exit(12);
#ifndef SP_SANITIZED /* these need their options */
    if (environ != NULL && *environ != NULL)
        _exit(13);
#endif
    if (scene->request->header.id == 0)
        _exit(14);
    g_warning("said to nobody");
}

static const Lie lies[] = {
    {"garbage", garbage},
    {"short-answer", short_answer},
    {"tiny-answer", tiny_answer},
    {"empty-answer", empty_answer},
    {"long-answer", long_answer},
    {"one-too-long", one_too_long},
    {"wrong-magic", wrong_magic},
    {"wrong-id", wrong_id},
    {"wrong-kind", wrong_kind},
    {"two-answers", two_answers},
    {"flood", flood},
    {"descriptors", descriptors},
    {"beyond", beyond},
    {"overflow", overflow},
    {"overlap", overlap},
    {"too-many", too_many},
    {"too-few", too_few},
    {"unknown-bits", unknown_bits},
    {"unterminated", unterminated},
    {"fat-thumbhash", fat_thumbhash},
    {"stolen-code", stolen_code},
    {"refusal", refusal},
    {"silent", silent},
    {"exit-3", exit_3},
    {"crash", crash},
    {"forbidden-call", forbidden_call},
    {"reported-call", reported_call},
    {"crash-once", crash_once},
    {"crash-second", crash_second},
    {"forbidden-call-second", forbidden_call_second},
    {"answer-then-crash", answer_then_crash},
    {"answer-then-exit-3", answer_then_exit_3},
    {"hang", hang},
    {"hang-closed", hang_closed},
    {"closed", closed},
    {"spin", spin},
    {"spin-alarmed", spin_alarmed},
    {"spin-unalarmed", spin_unalarmed},
    {"spin-stubborn", spin_stubborn},
    {"late-writer", late_writer},
    {"forged-ended", forged_ended},
    {"forged-crash", forged_crash},
    {"short-ended", short_ended},
    {"kill-server", kill_server},
    {"stop-server", stop_server},
    {"slow", slow},
    {"hungry", hungry},
    {"check-child", check_child},
};

static const Lie *current; /* NULL is honesty */

static void
render(const SpWireRequest *request, SpSource *source, guint8 *output, SpWireAnswer *answer)
{
    sp_source_all(source);
    be_honest(request, source, getppid(), output, answer);
    Scene scene = {request, source->bytes, source->n, output, answer};
    if (current != NULL)
        current->tell(&scene);
}

int
main(int argc, char **argv)
{
    g_autofree char *name = g_path_get_basename(argc > 0 ? argv[0] : "");
    for (guint i = 0; i < G_N_ELEMENTS(lies); i++) {
        if (g_str_equal(name, lies[i].name))
            current = &lies[i];
    }
    if (current == NULL)
        current = find_flood_lie(name);
    if (search_at_start(name)) {
        current = &search_lie;
        SpFound found = found_at_start();
        if (argc > 1) { /* started by hand: say it and go */
            g_print("%u %u %u %u\n", found.memory, found.environ, found.cmdline,
                    found.descriptors);
            return 0;
        }
    }
    lie_at_start(name);
    const SpRenderer inspector = {.inspect = find_inspect_lie(name)};
    const SpRenderer renderer = {.render = render};
    return sp_server_run(inspector.inspect != NULL ? &inspector : &renderer);
}
