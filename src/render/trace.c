/* SPDX-License-Identifier: MIT */
/* trace.c -- what the renderer tells of its way. */
#include "render/trace.h"

void
sp_trace_add(SpWireTrace *trace, const SpWireStep *step)
{
    if (trace == NULL)
        return;
    if (trace->n == SP_WIRE_STEPS) {
        trace->cut = 1;
        return;
    }
    SpWireStep *to = &trace->steps[trace->n++];
    *to = *step;
    gboolean scored = (step->flags & SP_WIRE_STEP_SCORED) != 0;
    to->score = scored ? CLAMP(step->score, 0, 100) : 0;
    to->wanted = scored ? CLAMP(step->wanted, 0, 100) : 0;
}

/* From the last one on: a size that was left may have had the same file. */
void
sp_trace_keep(SpWireTrace *trace, guint variant, const SpWireFile *file)
{
    if (trace == NULL)
        return;
    for (guint i = trace->n; i-- > 0;) {
        SpWireStep *step = &trace->steps[i];
        if (step->kind != SP_STEP_ENCODE || step->variant != variant ||
            step->bytes != file->length || step->width != file->width ||
            step->height != file->height || step->quality != file->quality)
            continue;
        step->flags |= SP_WIRE_STEP_KEPT;
        return;
    }
}
