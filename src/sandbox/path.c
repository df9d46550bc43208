/* SPDX-License-Identifier: MIT */
/* path.c -- the compiled-in folder of the renderers, and nothing else.
 *
 * Built twice by the Makefile: with the build folder for what runs from there, with LIBEXECDIR
 * for what is installed. Never ask the environment here: who can set it could choose the
 * program that gets the uploads. */
#include "sandbox/path.h"

const char *const sp_libexec_dir = SP_LIBEXECDIR;
