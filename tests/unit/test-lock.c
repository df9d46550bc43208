/* SPDX-License-Identifier: MIT */
/* test-lock.c -- every way out of the lock is tried, and none leads out.
 *
 * Each probe runs behind four walls: the lock; the lock where the kernel has no Landlock;
 * Landlock alone, for what it denies; and none, where those that can must succeed, or they
 * would prove nothing. */
#include "lock-probes.h"

static const Probe *current; /* in the child */

static long
resolve(long argument)
{
    switch (argument) {
    case PARENT:
        return outside.parent;
    case SIBLING:
        return outside.sibling;
    case SELF:
        return getpid();
    case GROUP:
        return -outside.group;
    default:
        return argument;
    }
}

static long
act(void)
{
    if (current->act != NULL)
        return current->act();
    long a[6];
    for (guint i = 0; i < G_N_ELEMENTS(a); i++)
        a[i] = resolve(current->arguments[i]);
    return syscall(current->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Is that what the lock makes of it? */
static gboolean
is_held(const Ending *ending, const char *call)
{
    if (call == QUIET)
        return exited_with(ending, REFUSED);
    if (g_str_equal(call, KILLED))
        return WIFSIGNALED(ending->status) && WTERMSIG(ending->status) == SIGSYS;
    g_autofree char *number = g_strdup_printf("call %ld", current->number);
    return was_reported(ending, call) ||
           ((current->flags & YOUNG) != 0 && was_reported(ending, number));
}

static void
test_probe(gconstpointer data)
{
    current = data;
#ifdef SP_SANITIZED
    if ((current->flags & NOT_SANE) != 0) {
        g_test_skip("sanitizers need it");
        return;
    }
#endif
    for (outside.nth = 0; outside.nth < MAX(current->n, 1u); outside.nth++) {
        Attempt attempt = {.terms = {.max_memory = PROBE_MEMORY}, .act = act};
        Ending ending = make_attempt(&attempt);
        complain_unless(is_held(&ending, current->call), current->name, "behind the lock",
                        &ending);
        attempt.wall = WALL_NO_LANDLOCK;
        ending = make_attempt(&attempt);
        complain_unless(is_held(&ending, current->call), current->name, "behind seccomp alone",
                        &ending);
        attempt.wall = WALL_LANDLOCK;
        if (current->landlock != 0 && sp_landlock_abi() >= current->landlock) {
            ending = make_attempt(&attempt);
            complain_unless(exited_with(&ending, REFUSED), current->name,
                            "behind Landlock alone", &ending);
        }
        attempt.wall = WALL_NONE;
        if ((current->flags & CAN) != 0) {
            ending = make_attempt(&attempt);
            gboolean ran = g_str_has_prefix(current->name, "exec") && ending.status == 0;
            complain_unless(ran || exited_with(&ending, DONE), current->name, "behind no wall",
                            &ending);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    outside_init();
    g_strlcpy(probe_file, outside.file, sizeof probe_file);
    g_snprintf(probe_new, sizeof probe_new, "%s.new", outside.file);
    g_snprintf(probe_memory, sizeof probe_memory, "/proc/%d/mem", outside.parent);
    for (guint i = 0; i < G_N_ELEMENTS(probes); i++) {
        g_autofree char *path = g_strdup_printf("/lock/%s", probes[i].name);
        g_test_add_data_func(path, &probes[i], test_probe);
    }
    int status = g_test_run();
    g_unlink(probe_new);
    outside_clear();
    return status;
}
