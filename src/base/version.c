/* SPDX-License-Identifier: MIT */
/* version.c -- the version that the Makefile says, for receipts and --version. */
#include "storyphoto.h"

const char *
sp_version(void)
{
    return SP_VERSION;
}

/* Raise it with a change after which the same upload gets other bytes: batches then make their
 * outputs anew. */
#define GENERATION 4u

guint
sp_generation(void)
{
    return GENERATION;
}
