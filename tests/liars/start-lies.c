/* SPDX-License-Identifier: MIT */
/* start-lies.c -- lies of a server as a whole: a codec's library may be the attacker.
 *
 * Those who are to end when their supervisor does, but not before, wait for the end of its
 * control socket; others linger until they are killed. */
#include "liars/start-lies.h"
#include "sandbox/wire.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONTROL_FD SP_WIRE_CONTROL_FD

static void
linger(void)
{
    for (;;)
        pause();
}

static void
say(const void *message, gsize n)
{
    if (send(CONTROL_FD, message, n, MSG_NOSIGNAL) < 0)
        _exit(1);
}

static void
say_hello(void)
{
    SpWireHello hello;
    sp_wire_hello_init(&hello, NULL);
    say(&hello, sizeof hello);
}

static void
await(short events)
{
    struct pollfd control = {.fd = CONTROL_FD, .events = events};
    while (poll(&control, 1, -1) < 0)
        ;
}

/* ---- hello --------------------------------------------------------------------------------
 */

static void
wrong_build(void)
{
    SpWireHello hello;
    sp_wire_hello_init(&hello, NULL);
    hello.header.build_id[0] ^= 1;
    say(&hello, sizeof hello);
    linger();
}

static void
wrong_version(void)
{
    SpWireHello hello;
    sp_wire_hello_init(&hello, NULL);
    hello.header.version++;
    say(&hello, sizeof hello);
    linger();
}

static void
half_hello(void)
{
    SpWireHello hello;
    sp_wire_hello_init(&hello, NULL);
    say(&hello, sizeof hello / 2);
    linger();
}

static void
long_hello(void)
{
    guint8 room[65536] = {0};
    sp_wire_hello_init((SpWireHello *)room, NULL);
    say(room, sizeof room);
    linger();
}

static void
empty_hello(void)
{
    say("", 0);
    linger();
}

/* Names libraries without an end. */
static void
endless_libraries(void)
{
    SpWireHello hello;
    sp_wire_hello_init(&hello, NULL);
    memset(hello.libraries, 'x', sizeof hello.libraries);
    say(&hello, sizeof hello);
    linger();
}

/* And such as would paint a terminal. */
static void
coloured_libraries(void)
{
    SpWireHello hello;
    sp_wire_hello_init(&hello, "libjpeg-turbo \x1b[31m2.1.5");
    say(&hello, sizeof hello);
    linger();
}

/* Talks on although nobody listens, then serves. There must be room left for its true hello. */
static void
chatter(void)
{
    guint8 junk[3000];
    memset(junk, 0xA5, sizeof junk);
    say_hello();
    for (guint i = 0; i < 20; i++)
        say(junk, sizeof junk);
}

/* ---- ends, and none -----------------------------------------------------------------------
 */

static void
exit_at_start(void)
{
    _exit(0);
}

static void
crash_at_start(void)
{
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
}

static void
stop_at_start(void)
{
    raise(SIGSTOP);
}

/* Every request fails to be sent. */
static void
deaf(void)
{
    shutdown(CONTROL_FD, SHUT_RD);
    say_hello();
    linger();
}

static void
never_listen(void)
{
    say_hello();
    linger();
}

static void
leave_at_request(void)
{
    say_hello();
    await(POLLIN);
    _exit(0);
}

/* The server is gone, but another process keeps its socket open: requests go there to wait. */
static void
undead(void)
{
    if (fork() == 0) {
        setsid();
        await(0); /* until the supervisor hangs up */
        _exit(0);
    }
    say_hello();
    await(POLLIN);
    usleep(300 * 1000); /* until its queue is full */
    _exit(0);
}

/* Dies unless nothing but the standard descriptors and the socket is open; then serves. */
static void
check_descriptors(void)
{
    for (int fd = CONTROL_FD + 1; fd < 1024; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            _exit(15);
    }
}

static const struct {
    const char *name;
    void (*lie)(void);
} lies[] = {
    {"no-hello", linger},
    {"wrong-build", wrong_build},
    {"wrong-version", wrong_version},
    {"half-hello", half_hello},
    {"long-hello", long_hello},
    {"empty-hello", empty_hello},
    {"endless-libraries", endless_libraries},
    {"coloured-libraries", coloured_libraries},
    {"chatter", chatter},
    {"exit-at-start", exit_at_start},
    {"crash-at-start", crash_at_start},
    {"stop-at-start", stop_at_start},
    {"deaf", deaf},
    {"never-listen", never_listen},
    {"leave-at-request", leave_at_request},
    {"undead", undead},
    {"check-child", check_descriptors},
};

void
lie_at_start(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(lies); i++) {
        if (g_str_equal(name, lies[i].name))
            lies[i].lie();
    }
}
