/* SPDX-License-Identifier: MIT */
/* flood-lies.c -- children that say too much, or fall silent in the middle.
 *
 * Those that flood do so for ever, whether anybody listens or not: only their end ends it. */
#include "liars/lies.h"
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
say(const void *message, gsize n)
{
    ssize_t sent = send(ANSWER_FD, message, n, MSG_NOSIGNAL);
    (void)sent; /* to nobody, maybe */
}

static void
say_answer(const Scene *scene)
{
    say(scene->answer, sizeof *scene->answer);
}

static void
linger(void)
{
    for (;;)
        pause();
}

/* ---- too much -----------------------------------------------------------------------------
 */

static void
stubborn_flood(Scene *scene)
{
    for (;;)
        say_answer(scene);
}

static void
empty_flood(Scene *scene)
{
    for (;;)
        say(scene->answer, 0);
}

/* Of every length, from every place of the answer. */
static void
junk_flood(Scene *scene)
{
    const guint8 *bytes = (const guint8 *)scene->answer;
    guint seed = (guint)scene->request->header.id;
    for (;;) {
        seed = seed * 1103515245 + 12345;
        gsize offset = (seed >> 8) % (sizeof *scene->answer - 1);
        say(bytes + 1 + offset, (seed >> 4) % (sizeof *scene->answer - 1 - offset));
    }
}

static void
answer_then_junk(Scene *scene)
{
    say_answer(scene);
    junk_flood(scene);
}

static void
ended_flood(Scene *scene)
{
    SpWireEnded ended = {.status = 0};
    sp_wire_header_init(&ended.header, SP_WIRE_ENDED, scene->request->header.id);
    for (;;)
        say(&ended, sizeof ended);
}

static void
answer_then_ended_flood(Scene *scene)
{
    say_answer(scene);
    ended_flood(scene);
}

/* ---- silence in the middle ----------------------------------------------------------------
 */

static void
half_answer(Scene *scene)
{
    say(scene->answer, sizeof *scene->answer / 2);
    linger();
}

static void
answer_then_hang(Scene *scene)
{
    say_answer(scene);
    linger();
}

static void
answer_then_kill_server(Scene *scene)
{
    say_answer(scene);
    kill(getppid(), SIGKILL);
    linger();
}

static void
answer_then_stop_server(Scene *scene)
{
    say_answer(scene);
    kill(getppid(), SIGSTOP);
    _exit(0);
}

static void
stop_itself(Scene *scene G_GNUC_UNUSED)
{
    raise(SIGSTOP);
    linger();
}

/* The socket is the server's, too: it cannot say any more how this ended. */
static void
shut_writing(Scene *scene G_GNUC_UNUSED)
{
    shutdown(ANSWER_FD, SHUT_WR);
    linger();
}

static void
answer_then_shut(Scene *scene)
{
    say_answer(scene);
    shutdown(ANSWER_FD, SHUT_RDWR);
    _exit(0);
}

static const Lie lies[] = {
    {"stubborn-flood", stubborn_flood},
    {"empty-flood", empty_flood},
    {"junk-flood", junk_flood},
    {"answer-then-junk", answer_then_junk},
    {"ended-flood", ended_flood},
    {"answer-then-ended-flood", answer_then_ended_flood},
    {"half-answer", half_answer},
    {"answer-then-hang", answer_then_hang},
    {"answer-then-kill-server", answer_then_kill_server},
    {"answer-then-stop-server", answer_then_stop_server},
    {"stop-itself", stop_itself},
    {"shut-writing", shut_writing},
    {"answer-then-shut", answer_then_shut},
};

const Lie *
find_flood_lie(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(lies); i++) {
        if (g_str_equal(name, lies[i].name))
            return &lies[i];
    }
    return NULL;
}
