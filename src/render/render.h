/* SPDX-License-Identifier: MIT */
/* render.h -- one function from an upload's bytes to an answer.
 *
 * The sealed child, the fuzz target and the instruction-count bench all call it; only the child
 * is locked. It opens nothing, prints nothing, and keeps nothing from one call to the next. */
#ifndef SP_RENDER_RENDER_H
#define SP_RENDER_RENDER_H
#include "render/develop.h"
G_BEGIN_DECLS

/* An SpRenderFunc (sandbox/server.h) for the lane develop. */
void sp_render_bytes(SpDevelopFunc develop, const SpWireRequest *request, const guint8 *bytes,
                     gsize n, guint8 *output, SpWireAnswer *answer);

/* Load what libraries load once (tables, CPU detection); no image operation. */
void sp_render_warm_up(void);

G_END_DECLS
#endif
