/* SPDX-License-Identifier: MIT */
/* program.h -- where storyphoto-bulk is. */
#ifndef SP_BULK_PROGRAM_H
#define SP_BULK_PROGRAM_H
#include <glib.h>
G_BEGIN_DECLS

/* Its absolute path, by the compiled-in folder of the renderers; owned by the caller. */
char *sp_bulk_program(void);

G_END_DECLS
#endif
