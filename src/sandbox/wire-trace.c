/* SPDX-License-Identifier: MIT */
/* wire-trace.c -- checking what a renderer says of its way.
 *
 * The same rules as in wire.c: a list of what is allowed. A trace is told to people and decides
 * nothing; still it is numbers alone, for which the words are made on this side, and no number
 * stands where nobody looks. What cannot be checked is whether it is true: but a step that
 * claims to have been kept is held to the file that was audited.
 *
 * A new kind of step is one line in kinds[]. */
#include "base/error.h"
#include "sandbox/wire.h"
#include <math.h>

#define MAX_SIDE 65535u
#define KNOWN_FLAGS (SP_WIRE_STEP_KEPT | SP_WIRE_STEP_SCORED | SP_WIRE_STEP_FULL_CHROMA)

/* What a step has to say. */
static const struct {
    gboolean known, sized, colour, variant, encoded;
} kinds[] = {
    [SP_STEP_COLOUR] = {.known = TRUE, .colour = TRUE},
    [SP_STEP_DECODE] = {.known = TRUE, .sized = TRUE},
    [SP_STEP_RESIZE] = {.known = TRUE, .sized = TRUE},
    [SP_STEP_ENCODE] = {.known = TRUE, .sized = TRUE, .variant = TRUE, .encoded = TRUE},
    [SP_STEP_SHRINK] = {.known = TRUE, .sized = TRUE, .variant = TRUE},
    [SP_STEP_GROW] = {.known = TRUE, .sized = TRUE, .variant = TRUE},
};

static const char *const origin_words[SP_ORIGIN_COUNT] = {
    [SP_ORIGIN_NOTHING] = "none", [SP_ORIGIN_CICP] = "cicp", [SP_ORIGIN_ICC] = "icc",
    [SP_ORIGIN_NCLX] = "nclx",    [SP_ORIGIN_SRGB] = "srgb", [SP_ORIGIN_GAMMA] = "gamma",
    [SP_ORIGIN_EXIF] = "exif",
};

const char *
sp_wire_origin_word(guint32 origin)
{
    g_return_val_if_fail(origin < SP_ORIGIN_COUNT, "none");
    return origin_words[origin];
}

/* 0 to 100; not a number is none of those. */
static gboolean
is_percent(double value)
{
    return isfinite(value) && value >= 0 && value <= 100;
}

static gboolean
is_sized(const SpWireStep *step)
{
    if (!kinds[step->kind].sized)
        return step->width == 0 && step->height == 0;
    return step->width >= 1 && step->width <= MAX_SIDE && step->height >= 1 &&
           step->height <= MAX_SIDE;
}

static gboolean
is_coloured(const SpWireStep *step)
{
    if (!kinds[step->kind].colour)
        return step->colour == 0 && step->origin == 0;
    return step->colour < SP_COLOUR_COUNT && step->origin < SP_ORIGIN_COUNT;
}

/* Zero is zero to its last bit: there is no minus. */
static gboolean
is_zero(double value)
{
    return fpclassify(value) == FP_ZERO && !signbit(value);
}

static gboolean
is_encoded(const SpWireStep *step)
{
    if (!kinds[step->kind].encoded)
        return step->flags == 0 && step->bytes == 0 && is_zero(step->quality) &&
               is_zero(step->score) && is_zero(step->wanted);
    gboolean scored = (step->flags & SP_WIRE_STEP_SCORED) != 0;
    return (step->flags & ~(guint32)KNOWN_FLAGS) == 0 && step->bytes >= 1 &&
           step->bytes <= G_MAXINT64 && is_percent(step->quality) &&
           (scored ? is_percent(step->score) && is_percent(step->wanted)
                   : is_zero(step->score) && is_zero(step->wanted));
}

static gboolean
check_step(const SpWireRequest *request, const SpWireStep *step, guint i, GError **error)
{
    if (step->kind >= G_N_ELEMENTS(kinds) || !kinds[step->kind].known || step->reserved != 0)
        return sp_throw(error, SP_ERROR_PROTOCOL, "step %u is of kind %u", i, step->kind);
    guint most = kinds[step->kind].variant ? request->n_variants : 1;
    if (step->variant >= most)
        return sp_throw(error, SP_ERROR_PROTOCOL, "step %u is of variant %u", i, step->variant);
    if (!is_sized(step))
        return sp_throw(error, SP_ERROR_PROTOCOL, "step %u has %ux%u pixels", i, step->width,
                        step->height);
    if (!is_coloured(step))
        return sp_throw(error, SP_ERROR_PROTOCOL, "step %u has colour %u by %u", i,
                        step->colour, step->origin);
    if (!is_encoded(step))
        return sp_throw(error, SP_ERROR_PROTOCOL, "step %u has a file that cannot be", i);
    return TRUE;
}

/* kept: bits of the variants that have had theirs. */
static gboolean
check_kept(const SpWireAnswer *answer, const SpWireStep *step, guint i, guint32 *kept,
           GError **error)
{
    if ((step->flags & SP_WIRE_STEP_KEPT) == 0)
        return TRUE;
    const SpWireFile *file = &answer->files[step->variant];
    guint32 bit = 1u << step->variant;
    if (answer->code != SP_ERROR_NONE || (*kept & bit) != 0 || step->bytes != file->length ||
        step->width != file->width || step->height != file->height ||
        step->quality != file->quality)
        return sp_throw(error, SP_ERROR_PROTOCOL, "step %u was not kept", i);
    *kept |= bit;
    return TRUE;
}

G_STATIC_ASSERT(SP_MAX_VARIANTS <= 32);

gboolean
sp_wire_check_trace(const SpWireRequest *request, const SpWireAnswer *answer, GError **error)
{
    const SpWireTrace *trace = &answer->trace;
    guint32 kept = 0;
    guint most = request->explain != 0 ? SP_WIRE_STEPS : 0;
    if (trace->n > most || trace->cut > 1 || (trace->cut == 1 && trace->n < SP_WIRE_STEPS))
        return sp_throw(error, SP_ERROR_PROTOCOL, "answer has %u steps, cut %u", trace->n,
                        trace->cut);
    for (guint i = 0; i < trace->n; i++)
        if (!check_step(request, &trace->steps[i], i, error) ||
            !check_kept(answer, &trace->steps[i], i, &kept, error))
            return FALSE;
    return TRUE;
}
