/* SPDX-License-Identifier: MIT */
/* claims.c -- a set of names, and a bell for those that wait for one.
 *
 * The lock is held for moments; waiting is rare (the same picture twice at the same moment), so
 * all who wait are woken together. */
#include "pipeline/claims.h"

struct SpClaims {
    GMutex lock;
    GCond released;
    GHashTable *taken; /* owned; of owned names */
};

SpClaims *
sp_claims_new(void)
{
    SpClaims *claims = g_new0(SpClaims, 1);
    g_mutex_init(&claims->lock);
    g_cond_init(&claims->released);
    claims->taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return claims;
}

void
sp_claims_free(SpClaims *claims)
{
    g_return_if_fail(g_hash_table_size(claims->taken) == 0);
    g_hash_table_unref(claims->taken);
    g_cond_clear(&claims->released);
    g_mutex_clear(&claims->lock);
    g_free(claims);
}

void
sp_claims_take(SpClaims *claims, const char *name)
{
    g_mutex_lock(&claims->lock);
    while (!g_hash_table_add(claims->taken, g_strdup(name)))
        g_cond_wait(&claims->released, &claims->lock);
    g_mutex_unlock(&claims->lock);
}

void
sp_claims_release(SpClaims *claims, const char *name)
{
    g_mutex_lock(&claims->lock);
    g_hash_table_remove(claims->taken, name);
    g_cond_broadcast(&claims->released);
    g_mutex_unlock(&claims->lock);
}
