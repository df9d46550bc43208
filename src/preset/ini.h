/* SPDX-License-Identifier: MIT */
/* ini.h -- a preset from INI text. */
#ifndef SP_PRESET_INI_H
#define SP_PRESET_INI_H
#include "preset/preset.h"
G_BEGIN_DECLS

#define SP_INI_MAX_FILE 65536 /* bytes */
#define SP_INI_MAX_LINE 1000  /* bytes; so a message that quotes one stays readable */

/* Read length bytes of text, followed by a NUL, into a new preset that sp_preset_check() has
 * seen; its name is still NULL. path is for messages. NULL with SP_ERROR_BAD_PRESET. */
SpPreset *sp_ini_parse(const char *text, gsize length, const char *path, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
