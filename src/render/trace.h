/* SPDX-License-Identifier: MIT */
/* trace.h -- what the renderer tells of its way, step by step, when it is asked to.
 *
 * Numbers alone, in a table of fixed size that the answer carries (sandbox/wire.h): words are
 * made on the other side of the wall. Where trace is NULL nobody asked, and nothing is done.
 * Not for several threads at once. */
#ifndef SP_RENDER_TRACE_H
#define SP_RENDER_TRACE_H
#include "sandbox/wire.h"
G_BEGIN_DECLS

/* Add a step; what the table has no room for is dropped, and the trace says so. Of what a step
 * measures, what cannot cross the wall is brought into its range. */
void sp_trace_add(SpWireTrace *trace, const SpWireStep *step);

/* The encode that became file number variant of the answer: it was kept. */
void sp_trace_keep(SpWireTrace *trace, guint variant, const SpWireFile *file);

G_END_DECLS
#endif
