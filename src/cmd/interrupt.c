/* SPDX-License-Identifier: MIT */
/* interrupt.c -- the program's signal handlers; the library has none.
 *
 * The handler does what is safe in a handler: it notes that it ran, and cancels the session or
 * wakes who waits. SA_RESETHAND puts the default action back as it is entered, so whoever
 * presses Ctrl-C twice gets what they ask for. No SA_RESTART: a wait must end. */
#include "cmd/interrupt.h"
#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

static SpSession *volatile attached; /* borrowed */
static gint wake = -1;               /* an eventfd, when there is one; atomic */
static gint seen; /* by g_atomic_int_*(): any thread may be the one that is interrupted */

static void
on_signal(int number)
{
    (void)number;
    guint64 one = 1;
    int err = errno, fd = g_atomic_int_get(&wake);
    g_atomic_int_set(&seen, 1);
    if (fd >= 0)
        (void)!write(fd, &one, sizeof one);
    errno = err;
    SpSession *session = attached;
    if (session != NULL)
        sp_session_cancel(session);
}

static void
listen_for_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
        struct sigaction old = {0};
        sigemptyset(&action.sa_mask);
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
}

void
sp_interrupt_attach(SpSession *session)
{
    attached = session;
    if (session != NULL)
        listen_for_signals();
}

int
sp_interrupt_note(void)
{
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    g_atomic_int_set(&wake, fd);
    listen_for_signals();
    return fd;
}

gboolean
sp_interrupt_seen(void)
{
    return g_atomic_int_get(&seen) != 0;
}
