/* SPDX-License-Identifier: MIT */
/* storyphoto.h -- from an uploaded photo to what a website may safely publish.
 *
 * The public header of libstoryphoto. One session holds the sealed renderers and inspectors;
 * sp_process() takes one upload through them, sp_inspect() says what a file reveals. They may
 * be used from many threads at once. The library prints nothing, exits never, and touches no
 * signal handler.
 *
 *     g_autoptr(SpPreset) preset = sp_preset_load("story", &error);
 *     g_autoptr(SpSession) session = sp_session_new();
 *     SpUpload upload = { .fd = fd, .name = "IMG_0001.jpg" };
 *     SpTarget target = { .folder = "public/photos" };
 *     g_autoptr(SpReceipt) receipt = sp_process(session, preset, &upload, &target);
 *     if (receipt->error == NULL) ... receipt->outputs ...
 */
#ifndef SP_STORYPHOTO_H
#define SP_STORYPHOTO_H
#include <glib.h>
G_BEGIN_DECLS

/* ---- errors --------------------------------------------------------------------------------
 */

/* What went wrong. Each code has a stable word (sp_error_word) that a web form can translate;
 * the codes cross the wall as numbers, so append only. */
typedef enum {
    SP_ERROR_NONE = 0,
    /* The upload is refused: sending it again will not help. */
    SP_ERROR_EMPTY,        /* no bytes at all */
    SP_ERROR_NOT_AN_IMAGE, /* no picture format that we know */
    SP_ERROR_UNSUPPORTED,  /* a format or coding that is never taken: TIFF, SVG, 12-bit JPEG */
    SP_ERROR_TRUNCATED,    /* picture data is missing at the end */
    SP_ERROR_CORRUPT,      /* the container or the entropy data is damaged */
    SP_ERROR_TOO_LARGE,    /* more bytes than max-upload */
    SP_ERROR_TOO_MANY_PIXELS, /* more pixels than max-pixels, or a side over 65 500 */
    SP_ERROR_TOO_MUCH_MEMORY, /* would need more memory than max-memory */
    SP_ERROR_TOO_MUCH_WORK,   /* used up its CPU time, or too many scans */
    SP_ERROR_CANNOT_FIT, /* no quality and width within the preset's limits fits max-bytes */
    SP_ERROR_DECODER_CRASHED, /* the renderer died on it, twice where it could be tried twice */
    /* The upload may be fine; this run could not do it. */
    SP_ERROR_CANNOT_READ,   /* the upload cannot be opened or read */
    SP_ERROR_UNAVAILABLE,   /* an accepted format that this build or host cannot decode */
    SP_ERROR_AUDIT,         /* an output is not what it must be: not published, our bug */
    SP_ERROR_POLICY,        /* a renderer did what it must not do */
    SP_ERROR_PROTOCOL,      /* a renderer's answer makes no sense */
    SP_ERROR_CANNOT_SEAL,   /* this host cannot seal or start a renderer */
    SP_ERROR_CANNOT_WRITE,  /* the output folder is missing, read-only or not ours */
    SP_ERROR_EXISTS,        /* the name is taken by other bytes */
    SP_ERROR_NO_SPACE,      /* the disk or the quota is full */
    SP_ERROR_IO,            /* the disk failed */
    SP_ERROR_BUSY,          /* not done in time, or too little of something here: try again */
    SP_ERROR_INPUT_TIMEOUT, /* the sender stopped sending: try again */
    SP_ERROR_INTERRUPTED,   /* sp_session_cancel() was called */
    SP_ERROR_BAD_PRESET,    /* the preset or a --set cannot be used */
    SP_ERROR_LAST,
} SpErrorCode;

#define SP_ERROR (sp_error_quark())
GQuark sp_error_quark(void);

/* The stable word of a code, "too-large" for example; "internal" for what is no SpErrorCode. */
const char *sp_error_word(int code);

/* TRUE when the upload itself is at fault (status "refused"), FALSE for "failed". */
gboolean sp_error_is_refusal(int code);

/* ---- presets -------------------------------------------------------------------------------
 */

typedef struct SpPreset SpPreset;

/* Load a preset by name ("story") or, with a '/' or ending in .ini, from that file. New, owned
 * by the caller; NULL with SP_ERROR_BAD_PRESET or SP_ERROR_CANNOT_READ. */
SpPreset *sp_preset_load(const char *name_or_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_preset_free(SpPreset *preset);

/* Apply one "NAME.KEY=VALUE"; NAME is a variant's name, "preset", "limits" or "resize". On
 * failure the preset is unchanged and error is SP_ERROR_BAD_PRESET. */
gboolean sp_preset_set(SpPreset *preset, const char *assignment, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Cross-check what single keys cannot see (min-quality above quality, two variants of one
 * name). sp_preset_load() has done it; call it again after the last sp_preset_set(). */
gboolean sp_preset_check(const SpPreset *preset, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE when the preset has a variant of that name; else SP_ERROR_BAD_PRESET that lists those it
 * has. */
gboolean sp_preset_has_variant(const SpPreset *preset, const char *name, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The names of the built-in presets, NULL-terminated; owned by the library. */
const char *const *sp_preset_list(void);

const char *sp_preset_description(const SpPreset *preset);

/* TRUE when published files are called after their uploads (names = source): two uploads of one
 * name then want the same names. */
gboolean sp_preset_names_by_source(const SpPreset *preset);

/* The whole preset as INI text, every key with its value; owned by the caller. Reading it back
 * gives the same preset. */
char *sp_preset_to_ini(const SpPreset *preset);

/* One key of a preset, for --help and the man page. All strings are owned by the library. */
typedef struct {
    const char *group; /* "preset", "limits", "resize" or "variant" */
    const char *name;
    const char *range;         /* "1 to 16383", "opaque, random, source" */
    const char *default_value; /* as written in a file; "" when there is none */
    const char *help;
} SpPresetKey;

/* The table of all keys; *ret_n is their number. */
const SpPresetKey *sp_preset_keys(gsize *ret_n);

/* ---- what a photo reveals ------------------------------------------------------------------
 */

/* What a photo can tell of its sender: bits of SpReceipt.removed, SpInspection.reveals and
 * others, in the order of their slugs. They cross the wall: append only. */
typedef enum {
    SP_CATEGORY_LOCATION = 1 << 0,
    SP_CATEGORY_TIME = 1 << 1,
    SP_CATEGORY_DEVICE = 1 << 2,
    SP_CATEGORY_SERIAL = 1 << 3,
    SP_CATEGORY_PERSON = 1 << 4,
    SP_CATEGORY_SOFTWARE = 1 << 5,
    SP_CATEGORY_COMMENT = 1 << 6,
    SP_CATEGORY_THUMBNAIL = 1 << 7,
    SP_CATEGORY_SECOND_PICTURE = 1 << 8,
    SP_CATEGORY_VIDEO = 1 << 9,
    SP_CATEGORY_PROVENANCE = 1 << 10,
    SP_CATEGORY_PROFILE = 1 << 11,
    SP_CATEGORY_FURTHER_FRAMES = 1 << 12,
    SP_CATEGORY_HIDDEN_PIXELS = 1 << 13,
    SP_CATEGORY_UNKNOWN = 1 << 14,
    SP_CATEGORY_TRAILING = 1 << 15,
} SpCategory;
#define SP_CATEGORY_COUNT 16

/* Of bit number index (0 to SP_CATEGORY_COUNT - 1): the stable slug, "second-picture" for
 * example, and words for the person whose photo it is: "a second picture that is not shown". */
const char *sp_category_slug(guint index);
const char *sp_category_words(guint index);

/* ---- sentences for the person whose photo it is --------------------------------------------
 */

/* The languages that there are sentences in: "en", which is first, "es"; NULL-terminated. All
 * strings here are owned by the library. */
const char *const *sp_languages(void);
/* The one of a tag: "es" of "es-MX", "es_ES.UTF-8" or "ES". NULL when there is none. */
const char *sp_language_find(const char *tag);
/* Kind, short, without jargon. code: SP_ERROR_EMPTY and up; what is no SpErrorCode is said to
 * be a fault of ours; NULL for SP_ERROR_NONE. language: a tag; NULL, or one that there is not,
 * is English. */
const char *sp_error_sentence(int code, const char *language);
/* "Your photo said where it was taken. We took that out." index: 0 to SP_CATEGORY_COUNT - 1. */
const char *sp_category_sentence(guint index, const char *language);
/* All of them, by word and slug, as one object of JSON on one line; owned by the caller:
 * {"schema":"storyphoto.sentences/1","language":"en","errors":{"empty":"..."},
 *  "removed":{"location":"..."}} */
char *sp_sentences_to_json(const char *language);

/* ---- one upload ----------------------------------------------------------------------------
 */

typedef struct SpSession SpSession;

/* A new session; its renderers start when they are first needed. Never NULL. */
SpSession *sp_session_new(void);
/* Ends the renderers. Nothing of it may be running, and its inspectors must be freed. */
void sp_session_free(SpSession *session);
/* No upload is begun behind the next one, or behind those that run: renderers end as soon as
 * they have nothing to do, while outputs are still being published, and sp_session_free() has
 * nobody to wait for. A later upload is taken nevertheless, by a renderer of its own. */
void sp_session_last(SpSession *session);
/* Make everything that runs or is begun later end with SP_ERROR_INTERRUPTED, but for a set that
 * is being published already, which is finished. Safe in a signal handler. */
void sp_session_cancel(SpSession *session);
/* What SpReceipt.libraries of an upload of that format ("jpeg") would be now, if its first
 * renderer takes it (where libavcodec cannot decode a HEIC, libheif may); it is started for it.
 * Owned by the caller. NULL with the errors of sp_process(), or SP_ERROR_
 * UNAVAILABLE for a format that nobody renders. */
char *sp_session_libraries(SpSession *session, const char *format, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The parts of the lock that each renderer and inspector closes on this host before it looks at
 * a byte: "landlock7+seccomp", the number being the version of Landlock's ABI, or "seccomp"
 * where the kernel has no Landlock; "none" where nothing can be locked: then every upload fails
 * with SP_ERROR_CANNOT_SEAL. Owned by the library. */
const char *sp_sandbox_posture(void);
const char *sp_version(void);
/* What outputs are made like, beside preset and libraries: with another number, the same upload
 * may get other bytes. */
guint sp_generation(void);

typedef struct {
    int fd; /* the bytes: a regular file or a pipe, read from its start to its end; stays
               the caller's */
    const char *name; /* for the receipt and names = source; any bytes but NUL */
} SpUpload;

/* One output, audited, in place of its publication; bytes are the caller's for the call only.
 * output->path is its name, behind that of below. FALSE with error ends the upload with it. */
typedef struct SpOutput SpOutput;
typedef gboolean (*SpSink)(const SpOutput *output, const void *bytes, gsize n, gpointer data,
                           GError **error);

typedef struct {
    const char *folder; /* where variants are published; must exist; NULL with only_variant
                           or sink */
    const char *below;  /* a folder below it, "2019/summer", made with the first file in it, to
                           publish there; NULL: folder itself */
    int opened; /* folder's descriptor, in place of opening it by its name for each upload, the
                   caller's; 0: none */
    const char *receipts;        /* a folder for receipts (0600), or NULL */
    const char *base_url;        /* put before names in `picture`; NULL is none */
    gboolean force;              /* replace a published file that has other bytes */
    const char *const *replaces; /* hex SHA-256s, NULL-terminated: without force, too, one that
                                    has one of these; or NULL */
    const char *only_variant; /* make this variant alone and write it to stdout_fd; or NULL */
    int stdout_fd;            /* used with only_variant */
    SpSink sink;              /* is given each output, in preset order, which is not published
                                 then; or NULL */
    gpointer sink_data;
    const guint8 *names_key; /* 32 bytes, for names = random: names are drawn by it from the
                                upload's name and outputs, the same ones each time; NULL: fresh
                                random bits */
    gboolean unsynced;       /* do not wait for the disk: what is published outlives the
                                program, but not a power cut */
    guint threads;    /* of this upload; 0: as many as there are cores. Where as many uploads
                         run at once, 1 is the fastest */
    gboolean explain; /* fill in SpReceipt.trace */
} SpTarget;

struct SpOutput {
    char *variant;
    char *path;         /* folder and name as published; "-" on stdout */
    const char *format; /* "webp", "jpeg" */
    guint width, height;
    guint64 bytes;
    double quality;
    guint encodes; /* how many encodes it took */
    char sha256[65];
};

/* What was done on the way from the upload to its outputs. */
typedef enum {
    SP_STEP_COLOUR = 1, /* what the colours mean was found */
    SP_STEP_DECODE, /* the decoder gave width x height pixels, not turned yet: fewer than the
                       upload has where it makes the picture smaller by itself */
    SP_STEP_RESIZE, /* upright, in sRGB, width x height: what all variants are made from */
    SP_STEP_ENCODE, /* a variant was encoded, width x height large */
    SP_STEP_SHRINK, /* it does not fit at any quality: all of its size are made anew, with
                       width x height */
    SP_STEP_GROW,   /* likewise, for more had been given up for it than was needed */
} SpStepKind;

typedef struct {
    SpStepKind kind;
    guint width, height; /* 0 of SP_STEP_COLOUR */
    const char *colour;  /* SP_STEP_COLOUR: as SpReceipt.colour; else NULL */
    const char *origin;  /* by what that was found: "icc" (a profile), "cicp", "nclx", "srgb",
                            "gamma" (chunks and boxes of PNG and HEIF), "exif"; "none": nothing
                            says it */
    char *variant;       /* SP_STEP_ENCODE, _SHRINK, _GROW: its name; owned; else NULL */
    guint sharpen;       /* SP_STEP_RESIZE: as the preset has it, percent; of what is reduced */
    gboolean linear_light; /* SP_STEP_RESIZE: likewise */
    /* SP_STEP_ENCODE: */
    double quality;
    guint64 bytes, max_bytes; /* of the file; of the variant's limit */
    double score;             /* how near it looks to the picture, at most 100; negative: this
                                 was not asked */
    double wanted;            /* where there is a score: what it should be. The preset's target,
                                 a JPEG's bent a little by how many bytes it takes */
    gboolean kept;            /* this file is the output */
    gboolean full_chroma;     /* chroma at full size, 4:4:4 */
} SpStep;

/* What happened to one upload. Read only; every string is owned by the receipt. */
typedef struct {
    GError *error; /* NULL when everything is published */
    char *input_name;
    guint64 input_bytes;             /* 0 when not known */
    const char *input_format;        /* "jpeg"; NULL when not known */
    guint input_width, input_height; /* as coded, before turning */
    guint orientation;               /* 1 to 8 */
    const char *colour;              /* "srgb", "display-p3", ...; NULL when not known */
    guint32 removed;                 /* SpCategory bits */
    GPtrArray *outputs;              /* of SpOutput, in preset order; empty on error */
    char *picture;                   /* HTML, or NULL */
    char *thumbhash;                 /* base64, or NULL */
    char *preset;                    /* its name */
    char *libraries;  /* of the renderer that made the outputs, "libjpeg-turbo 2.1.5, ..."; NULL
                         when none did. Not in the JSON */
    GPtrArray *trace; /* of SpStep, in order, as far as it came: after an error too. NULL
                         unless SpTarget.explain asked for it */
    gboolean trace_cut; /* there were more than are told */
} SpReceipt;

/* Take one upload all the way: intake, render, audit, publish, receipt. Never NULL: what went
 * wrong stands in receipt->error. Thread-safe; blocks. */
SpReceipt *sp_process(SpSession *session, const SpPreset *preset, const SpUpload *upload,
                      const SpTarget *target) G_GNUC_WARN_UNUSED_RESULT;
void sp_receipt_free(SpReceipt *receipt);

/* The receipt for an upload that could not even be opened. error is copied. */
SpReceipt *sp_receipt_new_failed(const char *name, const SpPreset *preset, const GError *error);

/* One line of JSON, schema storyphoto.receipt/1, without a newline; owned by the caller. */
char *sp_receipt_to_json(const SpReceipt *receipt);

/* ---- what a file reveals, without touching it ----------------------------------------------
 */

/* One kind of carrier in a file, however often it is there. */
typedef struct {
    const char *word, *title; /* static: "exif", "EXIF" */
    char place[16];           /* what its container's specification calls it: "APP1", "tEXt" */
    guint count;
    guint64 bytes;   /* all of them together, as they lie in the file */
    guint32 reveals; /* SpCategory bits, of those that could be read in it */
} SpFinding;

/* A value, for a person at a terminal. */
typedef struct {
    guint32 category; /* one SpCategory bit */
    char *name;       /* "GPSLatitude", UTF-8 */
    char *value;      /* as it stands there: any bytes but NUL; escape before showing it */
} SpRevealedValue;

/* What one file would reveal. Read only; everything is owned by the inspection. */
typedef struct {
    GError *error; /* NULL: read to its end. Else what stands here is what was found before */
    char *input_name;
    guint64 input_bytes;      /* 0 when not known */
    const char *input_format; /* "jpeg"; NULL when not known */
    guint width, height;      /* as coded; 0 when not known */
    guint32 reveals;          /* SpCategory bits: of all carriers together */
    GArray *carriers;         /* of SpFinding, in the order of their first place in the file */
    GPtrArray *values;        /* of SpRevealedValue; empty unless they were asked for */
    gboolean values_cut;      /* there were more than are told */
} SpInspection;

/* A sealed process that reads one file after the other; started when it is first used and again
 * after a crash. It decodes no pixel. Used by one thread at a time; several may be used at
 * once. */
typedef struct SpInspector SpInspector;

/* The session must outlive it. Never NULL. */
SpInspector *sp_inspector_new(SpSession *session);
void sp_inspector_free(SpInspector *inspector);
/* Says what the bytes of upload reveal; values: with the values. A regular file is read where
 * it stands, through a description of our own that can only read; of anything else, or where
 * that cannot be had, a sealed copy is made first. A file's offset is not moved. Never NULL:
 * what went wrong stands in error, as for sp_process(); max_bytes: SP_ERROR_TOO_LARGE. */
SpInspection *sp_inspector_read(SpInspector *inspector, const SpUpload *upload,
                                guint64 max_bytes, gboolean values) G_GNUC_WARN_UNUSED_RESULT;
/* The same in a fresh process that sees this one file. */
SpInspection *sp_inspect(SpSession *session, const SpUpload *upload, guint64 max_bytes,
                         gboolean values) G_GNUC_WARN_UNUSED_RESULT;
void sp_inspection_free(SpInspection *inspection);

/* The inspection of a file that could not even be opened. error is copied. */
SpInspection *sp_inspection_new_failed(const char *name, const GError *error);

/* One line of JSON, schema storyphoto.inspection/1, without a newline and without values; owned
 * by the caller. */
char *sp_inspection_to_json(const SpInspection *inspection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpPreset, sp_preset_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpSession, sp_session_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpReceipt, sp_receipt_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpInspector, sp_inspector_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpInspection, sp_inspection_free)

G_END_DECLS
#endif
