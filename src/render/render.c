/* SPDX-License-Identifier: MIT */
/* render.c -- one function from an upload's bytes to an answer. */
#include "render/render.h"
#include "base/error.h"
#include "render/chroma.h"
#include "render/develop.h"
#include "render/resize.h"
#include "render/thumbhash.h"
#include "render/variants.h"
#include <lcms2.h>

#define HASHED_WIDTH 128 /* more than a hash can tell */

/* The files one behind the other, in preset order. */
static gboolean
place(const SpWireRequest *request, const SpMade *made, SpModel model, guint8 *output,
      SpWireAnswer *answer, GError **error)
{
    gsize at = 0;
    for (guint i = 0; i < request->n_variants; i++) {
        gsize n = 0;
        const void *bytes = g_bytes_get_data(made[i].bytes, &n);
        if (n > request->output_size - at)
            return sp_throw(error, SP_ERROR_CANNOT_FIT, "the outputs are larger than agreed");
        memcpy(output + at, bytes, n);
        answer->files[i] = (SpWireFile){
            .offset = at,
            .length = n,
            .width = made[i].width,
            .height = made[i].height,
            .quality = made[i].quality,
            .encodes = made[i].encodes,
            .components =
                request->variants[i].format == SP_OUTPUT_JPEG ? sp_model_planes(model) : 3,
        };
        at += n;
    }
    answer->n_files = request->n_variants;
    return TRUE;
}

/* The hash is of what the first variant shows: of the whole picture it would have another shape
 * than what it stands for, and tell the one that a crop is there to hide. */
static gboolean
hash(const SpFinished *from, const SpVariant *first, SpWireAnswer *answer, GError **error)
{
    gboolean is_plain = from->plain->n_planes > 0 && !sp_chroma_is_asked(first);
    const SpPicture *picture = is_plain ? from->plain : from->picture;
    SpSize upright = from->upright;
    SpPlan plan = sp_geometry_plan(upright, first);
    SpSize finished = {picture->width, picture->height};
    g_auto(SpPicture) small = {0};
    if (!sp_geometry_is_all(plan.from, upright)) {
        SpRegion part = sp_geometry_part(upright, finished, &plan);
        SpSize size = sp_geometry_narrowed(plan.size, MIN(plan.size.width, HASHED_WIDTH));
        if (!sp_resize_picture(picture, part, size, &small, error))
            return FALSE;
        picture = &small;
    }
    return sp_thumbhash(picture, answer->thumbhash, &answer->n_thumbhash, error);
}

static void
tell_of(const SpDeveloped *developed, SpWireTrace *trace)
{
    const SpPicture *picture = &developed->picture;
    const SpWireStep steps[] = {
        {.kind = SP_STEP_COLOUR, .colour = developed->colour, .origin = developed->origin},
        {.kind = SP_STEP_DECODE,
         .width = developed->decoded.width,
         .height = developed->decoded.height},
        {.kind = SP_STEP_RESIZE, .width = picture->width, .height = picture->height},
    };
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
        sp_trace_add(trace, &steps[i]);
}

/* What variants that do not ask for 4:4:4 are made from, where the lane could not make it by
 * the way. It costs a second decoding, and no memory that was not reckoned with (limits.c). */
static gboolean
develop_plain(SpDevelopFunc develop, const SpWireRequest *request, SpSource *source,
              SpDeveloped *developed, GError **error)
{
    if (!developed->is_stretched || developed->picture.model != SP_MODEL_YCC ||
        sp_chroma_all_ask(request))
        return TRUE;
    g_auto(SpDeveloped) plain = {.is_plain = TRUE};
    if (!develop(source, request, &plain, error))
        return FALSE;
    developed->plain = sp_picture_steal(&plain.picture);
    return TRUE;
}

static gboolean
render(SpDevelopFunc develop, const SpWireRequest *request, SpSource *source, guint8 *output,
       SpDeveloped *developed, SpWireAnswer *answer, GError **error)
{
    if (source->n > request->limits.max_upload)
        return sp_throw(error, SP_ERROR_TOO_LARGE,
                        "the upload has %" G_GSIZE_FORMAT
                        " bytes, the limit is %" G_GUINT64_FORMAT " (limits.max-upload)",
                        source->n, request->limits.max_upload);
    if (!develop(source, request, developed, error) ||
        !develop_plain(develop, request, source, developed, error))
        return FALSE;
    const SpFinished finished = {&developed->picture, &developed->plain, developed->is_worth,
                                 developed->halved, developed->upright};
    SpMade made[SP_MAX_VARIANTS] = {0};
    SpWireTrace *trace = request->explain != 0 ? &answer->trace : NULL;
    tell_of(developed, trace);
    gboolean done = sp_variants_make(&finished, request, made, trace, error) &&
                    place(request, made, developed->picture.model, output, answer, error) &&
                    hash(&finished, &request->variants[0], answer, error);
    for (guint i = 0; i < request->n_variants; i++) {
        if (done)
            sp_trace_keep(trace, i, &answer->files[i]);
        sp_made_clear(&made[i]);
    }
    return done;
}

static void
clear_answer(SpWireAnswer *answer)
{
    SpWireHeader header = answer->header;
    memset(answer, 0, sizeof *answer);
    answer->header = header;
}

void
sp_render(SpDevelopFunc develop, const SpWireRequest *request, SpSource *source, guint8 *output,
          SpWireAnswer *answer)
{
    g_autoptr(SpInventory) inventory = sp_inventory_new();
    g_auto(SpDeveloped) developed = {.inventory = inventory};
    g_autoptr(GError) error = NULL;
    clear_answer(answer);
    gboolean done = render(develop, request, source, output, &developed, answer, &error);
    if (source->error != NULL) {
        clear_answer(answer);
        answer->input_bytes = source->n;
        sp_wire_answer_error(answer, source->error);
        return;
    }
    if (!done)
        sp_wire_answer_error(answer, error);
    answer->input_bytes = source->at_end ? source->n : 0;
    answer->width = developed.width;
    answer->height = developed.height;
    answer->orientation = developed.orientation;
    answer->colour = developed.colour;
    answer->removed = developed.removed | sp_inventory_reveals(inventory);
}

void
sp_render_bytes(SpDevelopFunc develop, const SpWireRequest *request, const guint8 *bytes,
                gsize n, guint8 *output, SpWireAnswer *answer)
{
    SpSource source = sp_source_whole(bytes, n);
    sp_render(develop, request, &source, output, answer);
}

/* littleCMS allocates its context, GLib its type of error, at the first use. */
void
sp_render_warm_up(void)
{
    sp_error_quark();
    cmsCloseProfile(cmsCreate_sRGBProfile());
}
