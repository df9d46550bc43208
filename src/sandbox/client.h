/* SPDX-License-Identifier: MIT */
/* client.h -- the supervisor's side of the wall: start renderers, ask them, believe nothing. */
#ifndef SP_SANDBOX_CLIENT_H
#define SP_SANDBOX_CLIENT_H
#include "sandbox/wire.h"
G_BEGIN_DECLS

typedef enum {
    SP_RENDERER_JPEG = 0,
    SP_RENDERER_VIPS,    /* PNG, WebP, GIF */
    SP_RENDERER_HEVC,    /* HEIC: libavcodec */
    SP_RENDERER_HEIF,    /* HEIC, AVIF: libvips with its heif module */
    SP_RENDERER_INSPECT, /* renders nothing: inspector.h */
    SP_RENDERER_COUNT,
} SpRendererKind;

typedef struct SpSandbox SpSandbox;

/* No process is started yet. Never NULL. */
SpSandbox *sp_sandbox_new(void);
/* Ends all servers; nobody may be inside sp_sandbox_render(). */
void sp_sandbox_free(SpSandbox *sandbox);
/* Every render, running or later, ends with SP_ERROR_INTERRUPTED. Safe in a signal handler. */
void sp_sandbox_cancel(SpSandbox *sandbox);

/* An upload of that kind will come: its renderer starts meanwhile. A hint; it never fails and
 * does not wait. Thread-safe. */
void sp_sandbox_expect(SpSandbox *sandbox, SpRendererKind kind);

/* From now on a renderer ends as soon as it has nothing to do. What comes nevertheless starts
 * another. Thread-safe. */
void sp_sandbox_last(SpSandbox *sandbox);

/* For tests only: use this program instead of the compiled-in one. path is borrowed. */
void sp_sandbox_set_program(SpSandbox *sandbox, SpRendererKind kind, const char *path);

/* For tests only: how long a server may take to start (10 s), and how long after its deadline
 * it may still be silent before it is killed (5 s). */
void sp_sandbox_set_patience(SpSandbox *sandbox, guint hello_ms, guint grace_ms);

/* For tests only: be told how each child ended that rendered, whatever became of its answer.
 * Called by the thread that asked, before sp_sandbox_render() returns. What stands in *ended a
 * child may have forged. NULL is nobody; data is borrowed. */
typedef void (*SpSandboxWitness)(const SpWireEnded *ended, gpointer data);
void sp_sandbox_set_witness(SpSandbox *sandbox, SpSandboxWitness witness, gpointer data);

/* One upload through one fresh child. input_fd is a sealed memfd, or a pipe when
 * request->input_is_pipe. header, output_size are filled in here; the rest of *request is the
 * caller's. Thread-safe. Tries a crash once more in a fresh server when the input is a memfd.
 *
 * On success *ret_answer is checked (sp_wire_check_answer) and says SP_ERROR_NONE, and
 * *ret_output_fd (owned by the caller) is sealed against every change, and ret_libraries, which
 * may be NULL, says what it was rendered with (SpWireHello.libraries). A refusal by the
 * renderer is an error with its code and message, and *ret_answer is filled as well. Other
 * errors (*ret_answer is zeroed): SP_ERROR_DECODER_CRASHED, _BUSY (killed at the wall deadline,
 * or the host is short of processes or descriptors), _TOO_MUCH_WORK (CPU limit), _PROTOCOL,
 * _POLICY (ended by SIGSYS, or still maps the outputs), _CANNOT_SEAL (cannot start),
 * _INTERRUPTED. */
gboolean sp_sandbox_render(SpSandbox *sandbox, SpRendererKind kind, SpWireRequest *request,
                           int input_fd, SpWireAnswer *ret_answer, int *ret_output_fd,
                           char ret_libraries[SP_WIRE_LIBRARIES], GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What an upload of that kind would be rendered with now: its server is started if need be.
 * SP_ERROR_CANNOT_SEAL, _BUSY or _INTERRUPTED. */
gboolean sp_sandbox_libraries(SpSandbox *sandbox, SpRendererKind kind,
                              char ret_libraries[SP_WIRE_LIBRARIES], GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpSandbox, sp_sandbox_free)
G_END_DECLS
#endif
