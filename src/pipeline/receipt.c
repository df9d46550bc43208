/* SPDX-License-Identifier: MIT */
/* receipt.c -- what happened to one upload, and its one line of JSON.
 *
 * A member that is not known is left out, never null and never an invented 0; the rules stand
 * in receipt.h. Everything that a stranger wrote (names, messages that quote them) is made
 * valid UTF-8 here. A new member is one field in SpReceipt and one line in the object that it
 * belongs to; the schema's number changes only when a member goes or changes its meaning. */
#include "pipeline/receipt.h"
#include "base/error.h"
#include <json-glib/json-glib.h>
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
    g_free(receipt);
}

/* ---- members -------------------------------------------------------------------------------
 */

static void
add_text(JsonBuilder *builder, const char *member, const char *text)
{
    if (text == NULL)
        return;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    json_builder_set_member_name(builder, member);
    json_builder_add_string_value(builder, valid);
}

/* A file's name is bytes. When they are not UTF-8, MEMBER_base64 has them as they are. */
static void
add_file_name(JsonBuilder *builder, const char *member, const char *name)
{
    add_text(builder, member, name);
    if (name == NULL || g_utf8_validate(name, -1, NULL))
        return;
    g_autofree char *exact = g_strconcat(member, "_base64", NULL);
    g_autofree char *base64 = g_base64_encode((const guchar *)name, strlen(name));
    add_text(builder, exact, base64);
}

static void
add_count(JsonBuilder *builder, const char *member, guint64 count)
{
    if (count == 0)
        return;
    json_builder_set_member_name(builder, member);
    json_builder_add_int_value(builder, (gint64)count);
}

/* json-glib writes all 17 digits of a double, 62.37 as 62.369999999999997. Eighths are exact in
 * binary, so they come out short; no eye sees an eighth of a point of quality. */
static void
add_quality(JsonBuilder *builder, double quality)
{
    if (!isfinite(quality) || quality <= 0)
        return;
    double eighths = round(quality * 8) / 8;
    json_builder_set_member_name(builder, "quality");
    if (eighths == floor(eighths))
        json_builder_add_int_value(builder, (gint64)eighths);
    else
        json_builder_add_double_value(builder, eighths);
}

/* ---- objects -------------------------------------------------------------------------------
 */

static void
add_input(JsonBuilder *builder, const SpReceipt *receipt)
{
    json_builder_set_member_name(builder, "input");
    json_builder_begin_object(builder);
    add_file_name(builder, "name", receipt->input_name);
    add_count(builder, "bytes", receipt->input_bytes);
    add_text(builder, "format", receipt->input_format);
    add_count(builder, "width", receipt->input_width);
    add_count(builder, "height", receipt->input_height);
    add_count(builder, "orientation", receipt->orientation);
    add_text(builder, "colour", receipt->colour);
    json_builder_end_object(builder);
}

/* An empty list is a promise, "there was nothing": it is made only when all was looked at. */
static void
add_removed(JsonBuilder *builder, const SpReceipt *receipt)
{
    if (receipt->error != NULL && receipt->removed == 0)
        return;
    json_builder_set_member_name(builder, "removed");
    json_builder_begin_array(builder);
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++)
        if (receipt->removed & 1U << i)
            json_builder_add_string_value(builder, sp_category_slug(i));
    json_builder_end_array(builder);
}

static void
add_output(JsonBuilder *builder, const SpOutput *output)
{
    json_builder_begin_object(builder);
    add_text(builder, "variant", output->variant);
    add_file_name(builder, "path", output->path);
    add_text(builder, "format", output->format);
    add_count(builder, "width", output->width);
    add_count(builder, "height", output->height);
    add_count(builder, "bytes", output->bytes);
    add_quality(builder, output->quality);
    add_count(builder, "encodes", output->encodes);
    add_text(builder, "sha256", output->sha256[0] == '\0' ? NULL : output->sha256);
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

/* Only our own codes have words; whatever came through from elsewhere is "internal". */
static int
own_code(const GError *error)
{
    return error->domain == SP_ERROR ? error->code : -1;
}

static void
add_error(JsonBuilder *builder, const GError *error)
{
    if (error == NULL)
        return;
    json_builder_set_member_name(builder, "error");
    json_builder_begin_object(builder);
    add_text(builder, "code", sp_error_word(own_code(error)));
    add_text(builder, "message", error->message);
    json_builder_end_object(builder);
}

static const char *
status_word(const GError *error)
{
    if (error == NULL)
        return "ok";
    return sp_error_is_refusal(own_code(error)) ? "refused" : "failed";
}

char *
sp_receipt_to_json(const SpReceipt *receipt)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    add_text(builder, "schema", SCHEMA);
    add_text(builder, "status", status_word(receipt->error));
    add_input(builder, receipt);
    add_removed(builder, receipt);
    add_outputs(builder, receipt);
    add_text(builder, "picture", receipt->picture);
    add_text(builder, "thumbhash", receipt->thumbhash);
    add_text(builder, "preset", receipt->preset);
    add_text(builder, "sandbox", sp_sandbox_posture());
    add_text(builder, "version", sp_version());
    add_error(builder, receipt->error);
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    return json_to_string(root, FALSE);
}
