/* SPDX-License-Identifier: MIT */
/* wire.h -- what crosses the wall between the supervisor and a renderer.
 *
 * Messages of fixed size over SOCK_SEQPACKET, host byte order (both ends are one build):
 *
 *   hello    server -> supervisor, control socket, once after start: magic, version, build id,
 *            and the libraries that it renders with
 *   request  supervisor -> server, control socket, with three descriptors (SCM_RIGHTS):
 *            [0] the answer socket (one end of a private socketpair)
 *            [1] the input: a sealed memfd, or a pipe
 *            [2] the output memfd, sized, SHRINK and GROW sealed
 *   answer   child -> supervisor, answer socket, exactly once
 *   ended    server -> supervisor, answer socket, after the child was reaped
 *
 * An inspector's child stays, and reads one file after the other:
 *
 *   session    supervisor -> server, control socket, with two descriptors: [0] the answer
 *              socket, where only the server will speak, [1] the files socket, for the child
 *   file       supervisor -> child, files socket, with one descriptor: of a regular file (a
 *              memfd is one), read only, with an offset of its own
 *   inspection child -> supervisor, files socket, exactly once a file: up to its values
 *   ended      server -> supervisor, answer socket, after the child was reaped
 *
 * The supervisor receives without a control buffer, so forged descriptors never arrive. A child
 * that forges "ended" gains nothing: the outputs are sealed against writing before they are
 * read, and that seal fails while anybody still maps them. Whatever is variable in size lies in
 * the output memfd; offsets and lengths are checked by sp_wire_check_answer(). */
#ifndef SP_SANDBOX_WIRE_H
#define SP_SANDBOX_WIRE_H
#include "preset/preset.h"
G_BEGIN_DECLS

#define SP_WIRE_MAGIC 0x53505731u /* "SPW1" */
#define SP_WIRE_VERSION 7
#define SP_WIRE_HEAD 4096 /* bytes of a pipe that intake may have sniffed */
#define SP_WIRE_MESSAGE 256
#define SP_WIRE_THUMBHASH 25
#define SP_WIRE_LIBRARIES 256
#define SP_WIRE_CONTROL_FD 3 /* where a renderer finds its control socket after exec */

typedef enum {
    SP_WIRE_HELLO = 1,
    SP_WIRE_REQUEST,
    SP_WIRE_ANSWER,
    SP_WIRE_ENDED,
    SP_WIRE_SESSION,    /* to an inspector's server, with two descriptors */
    SP_WIRE_FILE,       /* to an inspector, with one descriptor */
    SP_WIRE_INSPECTION, /* from it */
} SpWireKind;

typedef struct {
    guint32 magic, version, kind, reserved;
    guint64 id;        /* the request's; 0 in hello */
    char build_id[32]; /* SP_BUILD_ID: both ends come from one build */
} SpWireHeader;

typedef struct {
    SpWireHeader header;
    /* "libjpeg-turbo 2.1.5, zimg 3.0.4", ended and filled up with NULs; "" of an inspector */
    char libraries[SP_WIRE_LIBRARIES];
} SpWireHello;

/* The colour space that a picture came in; the receipt's word is sp_wire_colour_word(). */
typedef enum {
    SP_COLOUR_SRGB = 0,
    SP_COLOUR_DISPLAY_P3,
    SP_COLOUR_ADOBE_RGB,
    SP_COLOUR_GREY,
    SP_COLOUR_PROFILE, /* some other ICC profile, or what says as much */
    SP_COLOUR_CMYK,    /* with a profile or without */
    SP_COLOUR_REC2020, /* BT.2020's primaries, not HDR */
    SP_COLOUR_PQ,      /* HDR: ITU-R BT.2100 */
    SP_COLOUR_HLG,
    SP_COLOUR_COUNT,
} SpColour;

/* By what in a file its colours were found; the trace's word is sp_wire_origin_word(). */
typedef enum {
    SP_ORIGIN_NOTHING = 0, /* it says nothing that can be used */
    SP_ORIGIN_CICP,        /* PNG's cICP */
    SP_ORIGIN_ICC,
    SP_ORIGIN_NCLX,  /* HEIF's nclx, or the coded picture's own code points */
    SP_ORIGIN_SRGB,  /* PNG's sRGB chunk */
    SP_ORIGIN_GAMMA, /* PNG's gAMA and cHRM */
    SP_ORIGIN_EXIF,  /* EXIF's interoperability index */
    SP_ORIGIN_COUNT,
} SpColourOrigin;

typedef struct {
    SpWireHeader header;
    guint32 input_is_pipe; /* 0: a sealed memfd of input_size bytes */
    guint32 n_head;        /* bytes of a pipe read already, in head */
    guint64 input_size;    /* of a memfd; 0 for a pipe */
    guint64 output_size;   /* of the output memfd */
    guint32 n_variants;    /* 1 to SP_MAX_VARIANTS */
    guint32 threads;       /* 1 or more */
    guint32 explain;       /* 1: tell the steps of the way */
    guint32 reserved;      /* 0 */
    SpReduction reduction;
    SpLimits limits;
    SpVariant variants[SP_MAX_VARIANTS];
    guint8 head[SP_WIRE_HEAD];
} SpWireRequest;

typedef struct {
    guint64 offset, length; /* within the output memfd */
    guint32 width, height;
    double quality;
    guint32 encodes;
    guint32 components; /* JPEG: 1 grey, 3 colour; WebP: 3. The audit holds the file to it */
} SpWireFile;

#define SP_WIRE_STEPS 128

enum {
    SP_WIRE_STEP_KEPT = 1 << 0,        /* this file is the variant's */
    SP_WIRE_STEP_SCORED = 1 << 1,      /* score is valid */
    SP_WIRE_STEP_FULL_CHROMA = 1 << 2, /* chroma at full size: 4:4:4 */
};

/* One step on the way, of fixed size; what its kind has no use for is 0. */
typedef struct {
    guint32 kind;          /* SpStepKind */
    guint32 variant;       /* its number in the request: SP_STEP_ENCODE, _SHRINK, _GROW */
    guint32 width, height; /* 1 to 65 535; not of SP_STEP_COLOUR */
    guint32 colour;        /* SpColour: SP_STEP_COLOUR */
    guint32 origin;        /* SpColourOrigin: SP_STEP_COLOUR */
    guint32 flags;         /* SP_STEP_ENCODE */
    guint32 reserved;
    guint64 bytes;  /* 1 to G_MAXINT64: SP_STEP_ENCODE */
    double quality; /* 0 to 100: SP_STEP_ENCODE */
    double score;   /* 0 to 100, where flags say so */
    double wanted;  /* what the score should have been: likewise */
} SpWireStep;

/* In the order in which they were taken. */
typedef struct {
    guint32 n;   /* 0 unless they were asked for */
    guint32 cut; /* 1: there were more */
    SpWireStep steps[SP_WIRE_STEPS];
} SpWireTrace;

typedef struct {
    SpWireHeader header;
    guint32 code;                  /* SpErrorCode; SP_ERROR_NONE is success */
    char message[SP_WIRE_MESSAGE]; /* UTF-8, NUL-terminated; "" on success */
    guint32 width, height;         /* as coded; 0 when not known */
    guint32 orientation;           /* 1 to 8; 0 when not known */
    guint32 colour;                /* SpColour */
    guint32 removed;               /* SpCategory bits */
    guint64 input_bytes;           /* bytes of the upload, counted by the child; 0 unknown */
    guint32 n_thumbhash;           /* 0 to 25 */
    guint8 thumbhash[SP_WIRE_THUMBHASH];
    guint32 n_files;                   /* on success the request's n_variants, in its order */
    SpWireFile files[SP_MAX_VARIANTS]; /* do not overlap, lie within output_size */
    SpWireTrace trace;
} SpWireAnswer;

/* Sent by the server when it has reaped the child. */
typedef struct {
    SpWireHeader header;
    gint32 status;     /* as of waitpid(); SP_WIRE_NO_PROCESS: none could be started */
    guint32 timed_out; /* 1 when the server killed it at the wall deadline */
    guint32 cpu_ms;    /* processor time, as the kernel counted it */
    guint32 peak_kib;  /* most memory it had at once, with what it shares with its server */
} SpWireEnded;

#define SP_WIRE_NO_PROCESS (-1) /* of a session; a request is answered instead */

/* To an inspector's server: a child that stays until the files socket is hung up. */
typedef struct {
    SpWireHeader header;
    guint32 cpu_seconds; /* for its whole life; 1 or more */
    guint32 reserved;    /* 0 */
} SpWireSession;

/* To an inspector: a file to read, of the descriptor that comes with it. */
typedef struct {
    SpWireHeader header;
    guint64 size;   /* read this much and no more; less is `truncated` as it stands */
    guint32 values; /* 1: tell values too */
    guint32 reserved;
} SpWireFileRequest;

#define SP_WIRE_CARRIERS 64  /* rows of an inspection */
#define SP_WIRE_VALUES 65536 /* bytes of values */
#define SP_WIRE_VALUE 4096   /* bytes of one value */

typedef struct {
    guint32 carrier; /* SpCarrier, not SP_CARRIER_PICTURE */
    guint32 kind;    /* SpPart.kind of the first one */
    guint32 reveals; /* SpCategory bits */
    guint32 count;   /* 1 or more */
    guint64 bytes;
} SpWireCarrier;

/* A value within SpWireInspection.values: this, n_name bytes of UTF-8, n_value bytes of
 * anything; the next one follows without a gap. */
typedef struct {
    guint32 category; /* one SpCategory bit */
    guint16 n_name, n_value;
} SpWireValue;

/* From an inspector, for each file. What crosses the wall is sp_wire_inspection_size() bytes:
 * everything before values, and n_values of those. On an error the rows say what was found
 * before it. */
typedef struct {
    SpWireHeader header;           /* id is the request's */
    guint32 code;                  /* SpErrorCode */
    char message[SP_WIRE_MESSAGE]; /* as in SpWireAnswer */
    guint32 format;                /* SpFormat; SP_FORMAT_COUNT when not known. For who knows
                                      formats to check */
    guint32 width, height;         /* as coded; 0 when not known */
    guint32 reveals;               /* SpCategory bits: those of all rows */
    guint32 n_carriers;
    SpWireCarrier carriers[SP_WIRE_CARRIERS];
    guint32 values_cut; /* 1: there were more */
    guint32 n_values;   /* bytes */
    guint8 values[SP_WIRE_VALUES];
} SpWireInspection;

void sp_wire_header_init(SpWireHeader *header, SpWireKind kind, guint64 id);
/* n is the message's length as received. SP_ERROR_PROTOCOL. */
gboolean sp_wire_check_header(const SpWireHeader *header, gsize n, SpWireKind kind, gsize size,
                              guint64 id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fill in all of it; libraries is cut where it is too long, and may be NULL: none. */
void sp_wire_hello_init(SpWireHello *hello, const char *libraries);
/* The server has seen no upload yet; still its libraries are one line of printable ASCII, or
 * it is not ours. n bytes as received. SP_ERROR_PROTOCOL. */
gboolean sp_wire_check_hello(const SpWireHello *hello, gsize n, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The bytes that the output memfd of these variants needs: the sum of max_bytes, page-rounded.
 */
gsize sp_wire_output_size(const SpVariant *variants, guint n_variants);

/* What a server takes from control, n bytes as received; nothing behind them is looked at.
 * Counts are in their ranges, no sum of sizes overflows, the outputs have room for what every
 * variant may need at most. The words of a preset are the supervisor's. SP_ERROR_PROTOCOL. */
gboolean sp_wire_check_request(const SpWireRequest *request, gsize n, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_wire_check_session(const SpWireSession *session, gsize n, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* And what an inspector takes. */
gboolean sp_wire_check_file_request(const SpWireFileRequest *request, gsize n, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Everything that can be said of an answer without looking at the files: ranges, lengths,
 * offsets, overlaps, known bits, NUL-terminated valid UTF-8 message, its trace.
 * SP_ERROR_PROTOCOL. */
gboolean sp_wire_check_answer(const SpWireRequest *request, const SpWireAnswer *answer,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What of an answer is its trace: known kinds and bits, ranges, nothing where a kind has
 * nothing to say; a step that was kept is what its file is. SP_ERROR_PROTOCOL. */
gboolean sp_wire_check_trace(const SpWireRequest *request, const SpWireAnswer *answer,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How long the message is, of which n_values is set. */
gsize sp_wire_inspection_size(const SpWireInspection *inspection);

/* The same for an inspection as received, n bytes of it, its header included: ranges, known
 * carriers and categories, rows that add up, values that fill their room exactly. Nothing
 * behind the n bytes is looked at. SP_ERROR_PROTOCOL. */
gboolean sp_wire_check_inspection(const SpWireFileRequest *request,
                                  const SpWireInspection *inspection, gsize n, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Fill in code and message; what was found stays. */
void sp_wire_inspection_error(SpWireInspection *inspection, const GError *error);

/* What answers and inspections have in common: a code that the other side may give, and a
 * message that goes with it. SP_ERROR_PROTOCOL. */
gboolean sp_wire_check_code(guint32 code, const char message[SP_WIRE_MESSAGE], GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Fill in message, cut at a character's border, and return the code. */
guint32 sp_wire_say_error(char message[SP_WIRE_MESSAGE], const GError *error);

/* Neither we nor the limits of its work end a child by SIGKILL: somebody on this host does. */
#define SP_WIRE_KILLED "the host killed a sealed process, perhaps for want of memory (SIGKILL)"
#define SP_WIRE_BROKE_OUT "a sealed process made a call that it must not make"

/* Fill in the message that goes with SP_ERROR_POLICY: call is the name of a system call. Fit
 * for a signal handler. */
void sp_wire_say_call(char message[SP_WIRE_MESSAGE], const char *call);

/* "srgb", "display-p3", ... */
const char *sp_wire_colour_word(guint32 colour);
/* "icc", "cicp", ...; "none" */
const char *sp_wire_origin_word(guint32 origin);

/* Fill in a refusal. */
void sp_wire_answer_error(SpWireAnswer *answer, const GError *error);

G_END_DECLS
#endif
