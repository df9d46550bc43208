/* SPDX-License-Identifier: MIT */
/* builtin.h -- the files of presets/, compiled in: nothing is read from disk at run time.
 *
 * The Makefile writes the arrays into presets.c in the build folder; a new preset is one new
 * file in presets/. */
#ifndef SP_PRESET_BUILTIN_H
#define SP_PRESET_BUILTIN_H
#include <glib.h>
G_BEGIN_DECLS

/* In alphabetical order, NULL-terminated: "best", "story". */
extern const char *const sp_builtin_names[];
/* The INI text of the name at the same place. */
extern const char *const sp_builtin_texts[];

G_END_DECLS
#endif
