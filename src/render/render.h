/* SPDX-License-Identifier: MIT */
/* render.h -- one function from an upload's bytes to an answer.
 *
 * The sealed child, the fuzz target and the instruction-count bench all call it; only the child
 * is locked. It opens nothing, prints nothing, and keeps nothing from one call to the next. */
#ifndef SP_RENDER_RENDER_H
#define SP_RENDER_RENDER_H
#include "render/develop.h"
G_BEGIN_DECLS

/* An SpRenderFunc (sandbox/server.h) for the lane develop. What is refused by its header is
 * answered before the rest has come: then nobody knows how many bytes it has (input_bytes 0).
 * What the source failed with goes before all else, and then nothing else is told. */
void sp_render(SpDevelopFunc develop, const SpWireRequest *request, SpSource *source,
               guint8 *output, SpWireAnswer *answer);

/* The same for bytes that are all there. */
void sp_render_bytes(SpDevelopFunc develop, const SpWireRequest *request, const guint8 *bytes,
                     gsize n, guint8 *output, SpWireAnswer *answer);

/* Load what libraries load once (tables, CPU detection); no image operation. */
void sp_render_warm_up(void);

G_END_DECLS
#endif
