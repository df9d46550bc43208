/* SPDX-License-Identifier: MIT */
/* thread.c -- threads with a small stack. */
#include "render/thread.h"
#include "base/error.h"

gboolean
sp_thread_start(SpThread *thread, void *(*run)(void *), void *data, GError **error)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, SP_THREAD_STACK);
    int err = pthread_create(thread, &attributes, run, data);
    pthread_attr_destroy(&attributes);
    if (err != 0)
        return sp_throw(error, SP_ERROR_BUSY, "cannot start a thread: %s", g_strerror(err));
    return TRUE;
}
