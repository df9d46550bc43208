/* SPDX-License-Identifier: MIT */
/* honest.h -- what a renderer that renders nothing answers when it does not lie. */
#ifndef SP_TESTS_HONEST_H
#define SP_TESTS_HONEST_H
#include "base/source.h"
#include "sandbox/wire.h"
#include "storyphoto.h"
#include <string.h>
#include <sys/types.h>
G_BEGIN_DECLS

/* Files of half their allowed size, one behind the other. The upload's first byte is in the
 * thumbhash, to show that the right bytes arrived; our server's pid follows. */
static inline void
be_honest(const SpWireRequest *request, const SpSource *source, pid_t server, guint8 *output,
          SpWireAnswer *answer)
{
    guint64 offset = 0;
    memset(answer, 0, sizeof *answer);
    if (source->error != NULL) {
        sp_wire_answer_error(answer, source->error);
        return;
    }
    gint32 pid = server;
    sp_wire_header_init(&answer->header, SP_WIRE_ANSWER, request->header.id);
    answer->width = 40;
    answer->height = 30;
    answer->orientation = 1;
    answer->removed = SP_CATEGORY_DEVICE;
    answer->n_thumbhash = 1 + sizeof pid;
    answer->thumbhash[0] = source->n > 0 ? source->bytes[source->n - 1] : 0;
    memcpy(answer->thumbhash + 1, &pid, sizeof pid);
    answer->input_bytes = source->n;
    answer->n_files = request->n_variants;
    for (guint i = 0; i < request->n_variants; i++) {
        guint64 length = request->variants[i].max_bytes / 2;
        memset(output + offset, (int)i + 1, length);
        answer->files[i] = (SpWireFile){
            .offset = offset,
            .length = length,
            .width = 4,
            .height = 3,
            .quality = request->variants[i].quality,
            .encodes = 1,
            .components = 3,
        };
        offset += length;
    }
}

G_END_DECLS
#endif
