/* SPDX-License-Identifier: MIT */
/* completion.h -- every command there is, for what writes completion. */
#ifndef SP_CMD_COMPLETION_H
#define SP_CMD_COMPLETION_H
#include "cmd/command.h"
G_BEGIN_DECLS

/* NULL-terminated; made from command.h when it is built, so none can be forgotten. */
extern const SpCommand *const sp_completion_commands[];

G_END_DECLS
#endif
