/* SPDX-License-Identifier: MIT */
/* lies.h -- what the lies of one upload's child have in common. */
#ifndef SP_TESTS_LIES_H
#define SP_TESTS_LIES_H
#include "sandbox/wire.h"
G_BEGIN_DECLS

#define ANSWER_FD 3 /* as in child.c: a liar knows its victim */

typedef struct {
    const SpWireRequest *request;
    const guint8 *bytes; /* the upload */
    gsize n_bytes;
    guint8 *output;
    SpWireAnswer *answer; /* honest so far, header included */
} Scene;

typedef struct {
    const char *name;
    void (*tell)(Scene *scene); /* when it returns, scene->answer is sent */
} Lie;

/* NULL when there is none of that name: those of flood-lies.c. */
const Lie *find_flood_lie(const char *name);

/* Tells in a refusal what search() found: "start M E C D, child M E C D". */
extern const Lie search_lie;

G_END_DECLS
#endif
