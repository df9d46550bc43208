/* SPDX-License-Identifier: MIT */
/* develop.c -- what lanes have in common. */
#include "render/develop.h"

void
sp_developed_clear(SpDeveloped *developed)
{
    sp_picture_clear(&developed->picture);
    *developed = (SpDeveloped){0};
}
