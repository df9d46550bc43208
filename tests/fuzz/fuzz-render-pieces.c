/* SPDX-License-Identifier: MIT */
/* fuzz-render-pieces.c -- a JPEG that arrives in pieces gets the answer, and the files, that it
 * gets when it is all there; but for what is refused by its header, of which less is known. */
/* words: jpeg tiff */
/* lines: src/render/develop-jpeg.c src/container/jpeg.c src/container/jpeg-marker.c */
#include "data/pieces.h"
#include "fuzz/render-target.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

/* Answers are cleared before they are filled in, so that no padding differs. */
static gboolean
same_bytes(gconstpointer a, gconstpointer b, gsize n)
{
    return memcmp(a, b, n) == 0;
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    g_autofree SpWireRequest *request = g_new0(SpWireRequest, 1);
    g_autofree SpWireAnswer *whole = g_new0(SpWireAnswer, 1), *answer = g_new0(SpWireAnswer, 1);

    request_init(request, n);
    if (n > request->limits.max_upload)
        return 0; /* for who reads the pipe to say */
    g_autofree guint8 *output = g_malloc0(request->output_size);
    g_autofree guint8 *again = g_malloc0(request->output_size);
    g_auto(Pieces) pieces = pieces_of(bytes, n, n % 7, 1 + n % 509);
    sp_render_bytes(sp_develop_jpeg, request, bytes, n, output, whole);
    sp_render(sp_develop_jpeg, request, &pieces.source, again, answer);
    if (answer->input_bytes == 0 && answer->code != SP_ERROR_NONE) {
        if ((answer->removed & ~whole->removed) != 0)
            g_error("more is told of what has not come");
        answer->input_bytes = whole->input_bytes;
        answer->removed = whole->removed;
    }
    if (!same_bytes(answer, whole, sizeof *answer))
        g_error("in pieces: %u '%s', whole: %u '%s'", answer->code, answer->message,
                whole->code, whole->message);
    if (!same_bytes(again, output, request->output_size))
        g_error("in pieces, other files");
    return 0;
}
