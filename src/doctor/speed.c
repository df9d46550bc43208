/* SPDX-License-Identifier: MIT */
/* speed.c -- one photo of twelve megapixels, from its bytes to both files, on this host. */
#include "base/error.h"
#include "base/memfd.h"
#include "doctor/doctor.h"
#include "doctor/sample.h"
#include <errno.h>
#include <unistd.h>

#define GROUP "speed"
#define ROUNDS 3
#define SLOW_MS 2000 /* a tenth of the time that a picture is given */

static gboolean
forget(const SpOutput *output, const void *bytes, gsize n, gpointer data, GError **error)
{
    (void)output, (void)bytes, (void)n, (void)data, (void)error;
    return TRUE;
}

/* Milliseconds; negative when it failed. */
static double
time_one(SpSession *session, const SpPreset *preset, int fd, GError **error)
{
    SpUpload upload = {.fd = fd, .name = "sample"};
    SpTarget target = {.sink = forget};
    gint64 start = g_get_monotonic_time();
    if (lseek(fd, 0, SEEK_SET) != 0) {
        sp_throw_errno(error, SP_ERROR_IO, errno, "cannot go back to the start");
        return -1;
    }
    g_autoptr(SpReceipt) receipt = sp_process(session, preset, &upload, &target);
    double spent = (double)(g_get_monotonic_time() - start) / 1000;
    if (receipt->error == NULL)
        return spent;
    g_propagate_error(error, g_error_copy(receipt->error));
    return -1;
}

static void
measure(SpSession *session, const SpDoctorOptions *options, int fd, GError **error)
{
    g_autoptr(SpPreset) preset = sp_preset_load("story", error);
    double first = preset != NULL ? time_one(session, preset, fd, error) : -1, best = first;
    for (guint i = 1; i < ROUNDS && best >= 0; i++)
        best = MIN(best, time_one(session, preset, fd, error));
    if (best < 0)
        return;
    gboolean slow = best > SLOW_MS;
    sp_doctor_tell(options, slow ? SP_DOCTOR_WARNING : SP_DOCTOR_OK, GROUP, "sample",
                   slow ? "give it more of a processor, or raise limits.timeout in the preset"
                        : NULL,
                   "a photo of %d x %d takes %.0f ms, the first one %.0f", SP_SAMPLE_WIDTH,
                   SP_SAMPLE_HEIGHT, best, first);
}

void
sp_doctor_speed(SpSession *session, const SpDoctorOptions *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) sample = sp_sample_jpeg();
    g_auto(SpFd) fd = sp_memfd_create(&error);
    if (fd >= 0 && !sp_write_full(fd, sample->data, sample->len))
        sp_throw_errno(&error, SP_ERROR_IO, errno, "cannot write to memory");
    if (error == NULL)
        measure(session, options, fd, &error);
    if (error != NULL)
        sp_doctor_tell(options, SP_DOCTOR_FAULT, GROUP, "sample",
                       "see the lines above; docs/SECURITY.md speaks of containers",
                       "cannot be processed: %s (%s)", error->message,
                       sp_error_word(error->domain == SP_ERROR ? error->code : -1));
}
