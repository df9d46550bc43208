/* SPDX-License-Identifier: MIT */
/* receipt.c -- what happened to one upload, and its one line of JSON.
 *
 * A member that is not known is left out, never null and never an invented 0; the rules stand
 * in receipt.h. Everything that a stranger wrote (names, messages that quote them) is made
 * valid UTF-8 here. A new member is one field in SpReceipt and one line in the object that it
 * belongs to; the schema's number changes only when a member goes or changes its meaning. */
#include "pipeline/receipt.h"
#include "pipeline/json.h"
#include <math.h>
#include <string.h>

#define SCHEMA "storyphoto.receipt/1"

/* ---- life ----------------------------------------------------------------------------------
 */

SpReceipt *
sp_receipt_new(const char *name, const SpPreset *preset)
{
    SpReceipt *receipt = g_new0(SpReceipt, 1);
    receipt->input_name = g_strdup(name);
    receipt->preset = preset == NULL ? NULL : g_strdup(preset->name);
    receipt->outputs = g_ptr_array_new_with_free_func((GDestroyNotify)sp_output_free);
    return receipt;
}

SpReceipt *
sp_receipt_new_failed(const char *name, const SpPreset *preset, const GError *error)
{
    SpReceipt *receipt = sp_receipt_new(name, preset);
    receipt->error = g_error_copy(error);
    return receipt;
}

void
sp_output_free(SpOutput *output)
{
    if (output == NULL)
        return;
    g_free(output->variant);
    g_free(output->path);
    g_free(output);
}

static void
step_free(gpointer data)
{
    SpStep *step = data;
    g_free(step->variant);
    g_free(step);
}

GPtrArray *
sp_steps_new(void)
{
    return g_ptr_array_new_with_free_func(step_free);
}

void
sp_receipt_free(SpReceipt *receipt)
{
    if (receipt == NULL)
        return;
    g_clear_error(&receipt->error);
    g_ptr_array_unref(receipt->outputs);
    g_free(receipt->input_name);
    g_free(receipt->picture);
    g_free(receipt->thumbhash);
    g_free(receipt->preset);
    g_free(receipt->libraries);
    g_clear_pointer(&receipt->trace, g_ptr_array_unref);
    g_free(receipt);
}

/* ---- members -------------------------------------------------------------------------------
 */

/* json-glib writes all 17 digits of a double, 62.37 as 62.369999999999997. Eighths are exact in
 * binary, so they come out short; no eye sees an eighth of a point of quality. */
static void
add_eighths(JsonBuilder *builder, const char *name, double value)
{
    double eighths = round(value * 8) / 8;
    json_builder_set_member_name(builder, name);
    if (eighths == floor(eighths))
        json_builder_add_int_value(builder, (gint64)eighths);
    else
        json_builder_add_double_value(builder, eighths);
}

static void
add_quality(JsonBuilder *builder, double quality)
{
    if (isfinite(quality) && quality > 0)
        add_eighths(builder, "quality", quality);
}

/* What is so is told, what is not is left out. */
static void
add_flag(JsonBuilder *builder, const char *name, gboolean flag)
{
    if (!flag)
        return;
    json_builder_set_member_name(builder, name);
    json_builder_add_boolean_value(builder, TRUE);
}

/* ---- objects -------------------------------------------------------------------------------
 */

static void
add_input(JsonBuilder *builder, const SpReceipt *receipt)
{
    sp_json_begin_input(builder, receipt->input_name, receipt->input_bytes,
                        receipt->input_format, receipt->input_width, receipt->input_height);
    sp_json_add_count(builder, "orientation", receipt->orientation);
    sp_json_add_text(builder, "colour", receipt->colour);
    json_builder_end_object(builder);
}

/* An empty list is a promise, "there was nothing": it is made only when all was looked at. */
static void
add_removed(JsonBuilder *builder, const SpReceipt *receipt)
{
    if (receipt->error != NULL && receipt->removed == 0)
        return;
    sp_json_add_categories(builder, "removed", receipt->removed);
}

static void
add_output(JsonBuilder *builder, const SpOutput *output)
{
    json_builder_begin_object(builder);
    sp_json_add_text(builder, "variant", output->variant);
    sp_json_add_file_name(builder, "path", output->path);
    sp_json_add_text(builder, "format", output->format);
    sp_json_add_count(builder, "width", output->width);
    sp_json_add_count(builder, "height", output->height);
    sp_json_add_count(builder, "bytes", output->bytes);
    add_quality(builder, output->quality);
    sp_json_add_count(builder, "encodes", output->encodes);
    sp_json_add_text(builder, "sha256", output->sha256[0] == '\0' ? NULL : output->sha256);
    json_builder_end_object(builder);
}

static void
add_outputs(JsonBuilder *builder, const SpReceipt *receipt)
{
    json_builder_set_member_name(builder, "outputs");
    json_builder_begin_array(builder);
    for (guint i = 0; i < receipt->outputs->len; i++)
        add_output(builder, g_ptr_array_index(receipt->outputs, i));
    json_builder_end_array(builder);
}

static void
add_step(JsonBuilder *builder, const SpStep *step)
{
    static const char *const words[] = {
        [SP_STEP_COLOUR] = "colour", [SP_STEP_DECODE] = "decode", [SP_STEP_RESIZE] = "resize",
        [SP_STEP_ENCODE] = "encode", [SP_STEP_SHRINK] = "shrink", [SP_STEP_GROW] = "grow",
    };
    json_builder_begin_object(builder);
    sp_json_add_text(builder, "step", words[step->kind]);
    sp_json_add_text(builder, "colour", step->colour);
    sp_json_add_text(builder, "origin", step->origin);
    sp_json_add_text(builder, "variant", step->variant);
    sp_json_add_count(builder, "width", step->width);
    sp_json_add_count(builder, "height", step->height);
    sp_json_add_count(builder, "sharpen", step->sharpen);
    add_flag(builder, "linear_light", step->linear_light);
    add_quality(builder, step->quality);
    sp_json_add_count(builder, "bytes", step->bytes);
    sp_json_add_count(builder, "max_bytes", step->max_bytes);
    if (step->kind == SP_STEP_ENCODE && step->score >= 0) {
        add_eighths(builder, "score", step->score);
        add_eighths(builder, "wanted", step->wanted);
    }
    add_flag(builder, "full_chroma", step->full_chroma);
    add_flag(builder, "kept", step->kept);
    json_builder_end_object(builder);
}

static void
add_trace(JsonBuilder *builder, const SpReceipt *receipt)
{
    if (receipt->trace == NULL)
        return;
    json_builder_set_member_name(builder, "trace");
    json_builder_begin_array(builder);
    for (guint i = 0; i < receipt->trace->len; i++)
        add_step(builder, g_ptr_array_index(receipt->trace, i));
    json_builder_end_array(builder);
    add_flag(builder, "trace_cut", receipt->trace_cut);
}

char *
sp_receipt_to_json(const SpReceipt *receipt)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    sp_json_add_text(builder, "schema", SCHEMA);
    sp_json_add_text(builder, "status", sp_json_status(receipt->error));
    add_input(builder, receipt);
    add_removed(builder, receipt);
    add_outputs(builder, receipt);
    sp_json_add_text(builder, "picture", receipt->picture);
    sp_json_add_text(builder, "thumbhash", receipt->thumbhash);
    sp_json_add_text(builder, "preset", receipt->preset);
    sp_json_add_text(builder, "sandbox", sp_sandbox_posture());
    sp_json_add_text(builder, "version", sp_version());
    sp_json_add_error(builder, receipt->error);
    add_trace(builder, receipt);
    return sp_json_finish(builder);
}
