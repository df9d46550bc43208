/* SPDX-License-Identifier: MIT */
/* version.c -- the version that the Makefile says, for receipts and --version. */
#include "storyphoto.h"

const char *
sp_version(void)
{
    return SP_VERSION;
}
