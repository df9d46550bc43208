/* SPDX-License-Identifier: MIT */
/* server.h -- the renderer's side of the wall: a fork server that forks one child an image, or
 * one that stays and inspects many. */
#ifndef SP_SANDBOX_SERVER_H
#define SP_SANDBOX_SERVER_H
#include "base/source.h"
#include "sandbox/wire.h"
G_BEGIN_DECLS

#define SP_SERVER_CHILDREN 64 /* images that one server works on at once */

/* From an upload's bytes, which may still arrive, to an answer. output has request->output_size
 * bytes. Must fill all of *answer but its header; a refusal is an answer too. */
typedef void (*SpRenderFunc)(const SpWireRequest *request, SpSource *source, guint8 *output,
                             SpWireAnswer *answer);

/* From a file's bytes to what it reveals. Must fill all of *inspection but its header and what
 * lies behind n_values bytes of values. */
typedef void (*SpInspectFunc)(const guint8 *bytes, gsize n_bytes, gboolean values,
                              SpWireInspection *inspection);

/* What a program does: it renders, or it inspects; the other function is NULL. */
typedef struct {
    void (*warm_up)(void); /* once, in the server, before the first fork; may be NULL. Loads
                              tables; runs no image operation */
    SpRenderFunc render;
    SpInspectFunc inspect;
    char *(*libraries)(void); /* once, in the server, after warm_up: names and versions of those
                                 that shape what it renders; owned by the caller. May be NULL */
} SpRenderer;

/* Serve requests from SP_WIRE_CONTROL_FD until its end of file. Returns an exit status: 0 at
 * the end of file, 1 when this was not started by a supervisor or the host is at fault, 2 for a
 * request that makes no sense. Call it first thing in main(): it changes the whole process (not
 * dumpable, no new privileges, no core files, GLib says nothing any more). */
int sp_server_run(const SpRenderer *renderer);

G_END_DECLS
#endif
