/* SPDX-License-Identifier: MIT */
/* libraries.c -- does every renderer start, and with what?
 *
 * A format whose renderer cannot start is a fault here, before the first upload of it is. */
#include "doctor/doctor.h"

#define GROUP "libraries"

/* One of each renderer, and of each module that is loaded for a format alone. */
static const struct {
    const char *format, *advice;
} formats[] = {
    {"jpeg", "install the packages that README.md names, or reinstall storyphoto"},
    {"png", "install libvips42"},
    {"webp", "install libvips42"},
    {"gif", "install libvips42"},
    {"heic", "install libavcodec59 and libheif1, or newer ones"},
    {"avif", "install libvips42 with its heif module, libheif1 and an AV1 decoder"},
};

void
sp_doctor_libraries(SpSession *session, const SpDoctorOptions *options)
{
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (options->stop != NULL && options->stop())
            return;
        g_autoptr(GError) error = NULL;
        g_autofree char *libraries = sp_session_libraries(session, formats[i].format, &error);
        if (libraries != NULL)
            sp_doctor_tell(options, SP_DOCTOR_OK, GROUP, formats[i].format, NULL, "%s",
                           libraries);
        else
            sp_doctor_tell(options, SP_DOCTOR_FAULT, GROUP, formats[i].format,
                           formats[i].advice, "%s", error->message);
    }
}
