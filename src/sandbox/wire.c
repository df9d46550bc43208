/* SPDX-License-Identifier: MIT */
/* wire.c -- making and checking the messages that cross the wall.
 *
 * Everything in an answer was written by a process that a stranger's bytes may have taken
 * over. So a check here is a list of what is allowed, and whatever is not on it is refused: a
 * message is taken whole or not at all. Nothing here looks at the files themselves (that is the
 * audit), allocates by a number from a message, or follows an offset.
 *
 * To add a field: put it at the end of its struct, raise SP_WIRE_VERSION, check it here, add a
 * line to the table in test-wire.c. */
#include "sandbox/wire.h"
#include "base/error.h"
#include <math.h>
#include <string.h>
#include <unistd.h>

#define MAX_SIDE 65535u /* of an upload that was taken */
#define KNOWN_REMOVED ((1u << SP_CATEGORY_COUNT) - 1)

G_STATIC_ASSERT(sizeof(SP_BUILD_ID) <= sizeof(((SpWireHeader *)0)->build_id));

static const char *const colour_words[SP_COLOUR_COUNT] = {
    [SP_COLOUR_SRGB] = "srgb",
    [SP_COLOUR_DISPLAY_P3] = "display-p3",
    [SP_COLOUR_ADOBE_RGB] = "adobe-rgb",
    [SP_COLOUR_GREY] = "grey",
    [SP_COLOUR_PROFILE] = "profile",
    [SP_COLOUR_CMYK] = "cmyk",
    [SP_COLOUR_REC2020] = "rec2020",
    [SP_COLOUR_PQ] = "pq",
    [SP_COLOUR_HLG] = "hlg",
};

/* What a renderer or inspector may say of an upload. The rest are verdicts of the supervisor: a
 * renderer that could claim "interrupted" or "no-space" could make a whole batch stop. */
static const gboolean answerable[SP_ERROR_LAST] = {
    [SP_ERROR_NONE] = TRUE,          [SP_ERROR_EMPTY] = TRUE,
    [SP_ERROR_NOT_AN_IMAGE] = TRUE,  [SP_ERROR_UNSUPPORTED] = TRUE,
    [SP_ERROR_TRUNCATED] = TRUE,     [SP_ERROR_CORRUPT] = TRUE,
    [SP_ERROR_TOO_LARGE] = TRUE,     [SP_ERROR_TOO_MANY_PIXELS] = TRUE,
    [SP_ERROR_TOO_MUCH_WORK] = TRUE, [SP_ERROR_TOO_MUCH_MEMORY] = TRUE,
    [SP_ERROR_CANNOT_FIT] = TRUE,    [SP_ERROR_CANNOT_READ] = TRUE,
    [SP_ERROR_UNAVAILABLE] = TRUE,   [SP_ERROR_POLICY] = TRUE,
    [SP_ERROR_CANNOT_SEAL] = TRUE,   [SP_ERROR_IO] = TRUE,
    [SP_ERROR_BUSY] = TRUE,          [SP_ERROR_INPUT_TIMEOUT] = TRUE,
};

void
sp_wire_header_init(SpWireHeader *header, SpWireKind kind, guint64 id)
{
    *header = (SpWireHeader){
        .magic = SP_WIRE_MAGIC,
        .version = SP_WIRE_VERSION,
        .kind = (guint32)kind,
        .id = id,
        .build_id = SP_BUILD_ID,
    };
}

gboolean
sp_wire_check_header(const SpWireHeader *header, gsize n, SpWireKind kind, gsize size,
                     guint64 id, GError **error)
{
    if (n != size)
        return sp_throw(error, SP_ERROR_PROTOCOL,
                        "message has %" G_GSIZE_FORMAT " bytes instead of %" G_GSIZE_FORMAT, n,
                        size);
    SpWireHeader wanted;
    sp_wire_header_init(&wanted, kind, id);
    if (header->magic != wanted.magic || header->reserved != 0)
        return sp_throw(error, SP_ERROR_PROTOCOL, "message is not of the wire");
    if (header->version != wanted.version)
        return sp_throw(error, SP_ERROR_PROTOCOL, "message has wire version %u instead of %u",
                        header->version, wanted.version);
    if (memcmp(header->build_id, wanted.build_id, sizeof wanted.build_id) != 0)
        return sp_throw(error, SP_ERROR_PROTOCOL, "message comes from another build");
    if (header->kind != wanted.kind)
        return sp_throw(error, SP_ERROR_PROTOCOL, "message is of kind %u instead of %u",
                        header->kind, wanted.kind);
    if (header->id != wanted.id)
        return sp_throw(error, SP_ERROR_PROTOCOL, "message belongs to another request");
    return TRUE;
}

void
sp_wire_hello_init(SpWireHello *hello, const char *libraries)
{
    memset(hello, 0, sizeof *hello);
    sp_wire_header_init(&hello->header, SP_WIRE_HELLO, 0);
    g_strlcpy(hello->libraries, libraries != NULL ? libraries : "", sizeof hello->libraries);
}

gboolean
sp_wire_check_hello(const SpWireHello *hello, gsize n, GError **error)
{
    if (!sp_wire_check_header(&hello->header, n, SP_WIRE_HELLO, sizeof *hello, 0, error))
        return FALSE;
    const char *text = hello->libraries;
    gsize i = 0;
    while (i < SP_WIRE_LIBRARIES && g_ascii_isprint(text[i]))
        i++;
    gboolean ended = i < SP_WIRE_LIBRARIES;
    while (i < SP_WIRE_LIBRARIES && text[i] == '\0')
        i++;
    if (!ended || i < SP_WIRE_LIBRARIES)
        return sp_throw(error, SP_ERROR_PROTOCOL, "hello names broken libraries");
    return TRUE;
}

gsize
sp_wire_output_size(const SpVariant *variants, guint n_variants)
{
    gsize sum = 0;
    for (guint i = 0; i < n_variants; i++)
        sum += variants[i].max_bytes;
    gsize page = (gsize)getpagesize();
    return (sum + page - 1) / page * page;
}

gboolean
sp_wire_check_code(guint32 code, const char message[SP_WIRE_MESSAGE], GError **error)
{
    if (code >= SP_ERROR_LAST || !answerable[code])
        return sp_throw(error, SP_ERROR_PROTOCOL, "answer has code %u", code);
    const char *end = memchr(message, '\0', SP_WIRE_MESSAGE);
    if (end == NULL || !g_utf8_validate(message, end - message, NULL))
        return sp_throw(error, SP_ERROR_PROTOCOL, "answer has a broken message");
    gboolean success = code == SP_ERROR_NONE;
    if (success != (end == message))
        return sp_throw(error, SP_ERROR_PROTOCOL, "answer has %s message",
                        success ? "success and a" : "a code and no");
    return TRUE;
}

/* What the answer says of the upload: all of it known on success. */
static gboolean
check_upload(const SpWireRequest *request, const SpWireAnswer *answer, GError **error)
{
    gboolean success = answer->code == SP_ERROR_NONE;
    guint least = success ? 1 : 0, most = success ? MAX_SIDE : G_MAXUINT32;
    if (answer->width < least || answer->width > most || answer->height < least ||
        answer->height > most)
        return sp_throw(error, SP_ERROR_PROTOCOL, "answer has an upload of %ux%u pixels",
                        answer->width, answer->height);
    if (answer->orientation < least || answer->orientation > 8)
        return sp_throw(error, SP_ERROR_PROTOCOL, "answer has orientation %u",
                        answer->orientation);
    if (answer->colour >= SP_COLOUR_COUNT)
        return sp_throw(error, SP_ERROR_PROTOCOL, "answer has colour %u", answer->colour);
    if ((answer->removed & ~KNOWN_REMOVED) != 0)
        return sp_throw(error, SP_ERROR_PROTOCOL, "answer has unknown removed bits 0x%x",
                        answer->removed);
    if (answer->n_thumbhash > SP_WIRE_THUMBHASH)
        return sp_throw(error, SP_ERROR_PROTOCOL, "answer has a thumbhash of %u bytes",
                        answer->n_thumbhash);
    /* A child stops counting one byte after the limit. */
    gboolean counted = request->input_is_pipe
                           ? answer->input_bytes <= request->limits.max_upload + 1
                           : answer->input_bytes == request->input_size;
    if (answer->input_bytes != 0 && !counted)
        return sp_throw(error, SP_ERROR_PROTOCOL,
                        "answer counts %" G_GUINT64_FORMAT " bytes of upload",
                        answer->input_bytes);
    return TRUE;
}

static gboolean
check_file(const SpWireRequest *request, const SpWireAnswer *answer, guint i, GError **error)
{
    const SpWireFile *file = &answer->files[i];
    const SpVariant *variant = &request->variants[i];
    if (file->length == 0 || file->length > variant->max_bytes)
        return sp_throw(error, SP_ERROR_PROTOCOL, "file %u has %" G_GUINT64_FORMAT " bytes", i,
                        file->length);
    if (file->offset > request->output_size ||
        file->length > request->output_size - file->offset)
        return sp_throw(error, SP_ERROR_PROTOCOL, "file %u lies beyond the outputs", i);
    if (file->width == 0 || file->width > variant->width || file->height == 0 ||
        file->height > variant->max_height)
        return sp_throw(error, SP_ERROR_PROTOCOL, "file %u has %ux%u pixels", i, file->width,
                        file->height);
    if (!isfinite(file->quality) || file->quality < 0 || file->quality > 100)
        return sp_throw(error, SP_ERROR_PROTOCOL, "file %u has an impossible quality", i);
    if (file->encodes == 0)
        return sp_throw(error, SP_ERROR_PROTOCOL, "file %u took no encode", i);
    if (file->components != 1 && file->components != 3)
        return sp_throw(error, SP_ERROR_PROTOCOL, "file %u has %u components", i,
                        file->components);
    /* Both lie within the outputs, so no sum overflows. */
    for (guint j = 0; j < i; j++) {
        const SpWireFile *other = &answer->files[j];
        if (file->offset < other->offset + other->length &&
            other->offset < file->offset + file->length)
            return sp_throw(error, SP_ERROR_PROTOCOL, "files %u and %u overlap", j, i);
    }
    return TRUE;
}

gboolean
sp_wire_check_answer(const SpWireRequest *request, const SpWireAnswer *answer, GError **error)
{
    if (!sp_wire_check_code(answer->code, answer->message, error) ||
        !check_upload(request, answer, error))
        return FALSE;
    guint wanted = answer->code == SP_ERROR_NONE ? request->n_variants : 0;
    if (answer->n_files != wanted || wanted > SP_MAX_VARIANTS)
        return sp_throw(error, SP_ERROR_PROTOCOL, "answer has %u files instead of %u",
                        answer->n_files, wanted);
    for (guint i = 0; i < answer->n_files; i++) {
        if (!check_file(request, answer, i, error))
            return FALSE;
    }
    return sp_wire_check_trace(request, answer, error);
}

const char *
sp_wire_colour_word(guint32 colour)
{
    g_return_val_if_fail(colour < SP_COLOUR_COUNT, "srgb");
    return colour_words[colour];
}

guint32
sp_wire_say_error(char message[SP_WIRE_MESSAGE], const GError *error)
{
    g_return_val_if_fail(error != NULL && error->domain == SP_ERROR, SP_ERROR_CORRUPT);
    g_autofree char *text = g_utf8_make_valid(error->message, -1);
    if (*text == '\0') {
        g_free(text);
        text = g_strdup(sp_error_word(error->code));
    }
    gsize n = MIN(strlen(text), SP_WIRE_MESSAGE - 1);
    while (n > 0 && ((guint8)text[n] & 0xC0) == 0x80)
        n--;
    memset(message, 0, SP_WIRE_MESSAGE);
    memcpy(message, text, n);
    return (guint32)error->code;
}

void
sp_wire_say_call(char message[SP_WIRE_MESSAGE], const char *call)
{
    g_strlcpy(message, SP_WIRE_BROKE_OUT ": ", SP_WIRE_MESSAGE);
    g_strlcat(message, call, SP_WIRE_MESSAGE);
}

void
sp_wire_answer_error(SpWireAnswer *answer, const GError *error)
{
    answer->code = sp_wire_say_error(answer->message, error);
    answer->n_thumbhash = 0;
    answer->n_files = 0;
    memset(answer->files, 0, sizeof answer->files);
}
