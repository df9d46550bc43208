/* SPDX-License-Identifier: MIT */
/* posture.c -- what the lock consists of on this host, in one word for receipts.
 *
 * Each part of the lock that is really applied adds its name; what is not in force is never
 * named. */
#include "storyphoto.h"

const char *
sp_sandbox_posture(void)
{
    return "none";
}
