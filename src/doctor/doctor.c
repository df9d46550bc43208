/* SPDX-License-Identifier: MIT */
/* doctor.c -- the order of the checks. A new check is one function of doctor.h, called here. */
#include "doctor/doctor.h"

void
sp_doctor_tell(const SpDoctorOptions *options, SpDoctorLevel level, const char *group,
               const char *name, const char *advice, const char *found, ...)
{
    va_list ap;
    va_start(ap, found);
    g_autofree char *text = g_strdup_vprintf(found, ap);
    va_end(ap);
    SpDoctorLine line = {level, group, name, text, advice};
    options->line(&line, options->data);
}

char *
sp_doctor_read(const SpDoctorOptions *options, const char *path)
{
    g_autofree char *whole =
        g_build_filename(options->root != NULL ? options->root : "/", path, NULL);
    char *text = NULL;
    return g_file_get_contents(whole, &text, NULL, NULL) ? text : NULL;
}

void
sp_doctor_run(SpSession *session, const SpDoctorOptions *options)
{
    sp_doctor_lock(options);
    sp_doctor_host(options);
    sp_doctor_libraries(session, options);
    sp_doctor_modules(options);
    sp_doctor_packages(options);
    sp_doctor_folders(options);
    if (options->stop == NULL || !options->stop())
        sp_doctor_speed(session, options);
}
