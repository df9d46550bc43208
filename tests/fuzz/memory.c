/* SPDX-License-Identifier: MIT */
/* memory.c -- counts allocations through a sanitizer's hooks; stands in for the lock. */
#include "fuzz/memory.h"
#include "sandbox/lock.h"
#include <stdatomic.h>

static _Atomic gssize now, most;
static guint64 expected;

#ifdef SP_SANITIZED
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *block);

static void
on_malloc(const volatile void *block G_GNUC_UNUSED, size_t n)
{
    gssize after = atomic_fetch_add(&now, (gssize)n) + (gssize)n;
    gssize before = most;
    while (after > before && !atomic_compare_exchange_weak(&most, &before, after))
        ;
}

static void
on_free(const volatile void *block)
{
    if (block != NULL)
        atomic_fetch_sub(&now, (gssize)__sanitizer_get_allocated_size(block));
}
#endif

void
memory_begin(void)
{
#ifdef SP_SANITIZED
    static gboolean installed;
    if (!installed)
        g_assert(__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) != 0);
    installed = TRUE;
#endif
    now = most = 0;
    expected = 0;
}

void
memory_check(void)
{
    if (most > (gssize)(expected + SP_LOCK_SLACK))
        g_error("took %" G_GSSIZE_FORMAT " bytes where %" G_GUINT64_FORMAT " were expected",
                most, expected);
}

/* Instead of the lock's own, which does nothing in a process that is not locked. */
gboolean
sp_lock_expect(guint64 memory, GError **error G_GNUC_UNUSED)
{
    expected = memory;
    return TRUE;
}
