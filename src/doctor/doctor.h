/* SPDX-License-Identifier: MIT */
/* doctor.h -- is this host fit to take photos, and what would make it fitter?
 *
 * Every check tells one line or more: what was found, and, unless all is well, what to do. It
 * changes nothing; what it writes to see whether it can be written never has a name. */
#ifndef SP_DOCTOR_DOCTOR_H
#define SP_DOCTOR_DOCTOR_H
#include "storyphoto.h"
G_BEGIN_DECLS

typedef enum {
    SP_DOCTOR_OK,
    SP_DOCTOR_WARNING, /* photos are taken, but something should be mended */
    SP_DOCTOR_FAULT,   /* some photos, or all, cannot be taken */
} SpDoctorLevel;

/* Strings are borrowed for the call. */
typedef struct {
    SpDoctorLevel level;
    const char
        *group; /* "lock", "host", "libraries", "modules", "packages", "folders", "speed" */
    const char *name;   /* "landlock", "libwebp7" */
    const char *found;  /* for people: "version 7, of which all is used" */
    const char *advice; /* what to do; NULL when all is well */
} SpDoctorLine;

typedef struct {
    const char *const *outputs;  /* folders to publish in, NULL-terminated; may be NULL */
    const char *const *privates; /* and for receipts and states; may be NULL */
    gboolean (*stop)(void);      /* TRUE: end soon; may be NULL */
    void (*line)(const SpDoctorLine *line, gpointer data);
    gpointer data;
    const char *root; /* in place of "/" where files of the system are read (for tests); NULL */
} SpDoctorOptions;

void sp_doctor_run(SpSession *session, const SpDoctorOptions *options);

/* ---- for checks ---------------------------------------------------------------------------
 */

/* Tell a line; found is printf's, advice may be NULL. */
void sp_doctor_tell(const SpDoctorOptions *options, SpDoctorLevel level, const char *group,
                    const char *name, const char *advice, const char *found, ...)
    G_GNUC_PRINTF(6, 7);

/* The text of a file of the system, "/etc/ld.so.preload", below options->root; new. NULL when
 * it cannot be read. */
char *sp_doctor_read(const SpDoctorOptions *options, const char *path);

void sp_doctor_lock(const SpDoctorOptions *options);
void sp_doctor_host(const SpDoctorOptions *options);
void sp_doctor_libraries(SpSession *session, const SpDoctorOptions *options);
void sp_doctor_modules(const SpDoctorOptions *options);
void sp_doctor_packages(const SpDoctorOptions *options);
void sp_doctor_folders(const SpDoctorOptions *options);
void sp_doctor_speed(SpSession *session, const SpDoctorOptions *options);

G_END_DECLS
#endif
