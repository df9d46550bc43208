/* SPDX-License-Identifier: MIT */
/* start-lies.c -- lies of a server as a whole: a codec's library may be the attacker. */
#include "liars/start-lies.h"
#include "sandbox/wire.h"
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static void
linger(void)
{
    for (;;)
        pause();
}

void
lie_at_start(const char *name)
{
    SpWireHeader hello;
    sp_wire_header_init(&hello, SP_WIRE_HELLO, 0);
    if (g_str_equal(name, "no-hello"))
        linger();
    for (int fd = SP_WIRE_CONTROL_FD + 1; fd < 1024 && g_str_equal(name, "check-child"); fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            _exit(15);
    }
    if (g_str_equal(name, "exit-at-start"))
        _exit(0);
    if (g_str_equal(name, "wrong-build"))
        hello.build_id[0] ^= 1;
    else if (g_str_equal(name, "wrong-version"))
        hello.version++;
    else if (g_str_equal(name, "deaf"))
        shutdown(SP_WIRE_CONTROL_FD, SHUT_RD); /* every request fails to be sent */
    else
        return;
    if (send(SP_WIRE_CONTROL_FD, &hello, sizeof hello, MSG_NOSIGNAL) < 0)
        _exit(1);
    linger();
}
