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

static void *
wait_for(void *mutex)
{
    g_mutex_lock(mutex);
    g_mutex_unlock(mutex);
    return NULL;
}

gboolean
sp_thread_room(guint n)
{
    g_autofree SpThread *threads = g_new(SpThread, n);
    guint started = 0;
    GMutex until_all_are_there;
    g_mutex_init(&until_all_are_there);
    g_mutex_lock(&until_all_are_there);
    while (started < n &&
           sp_thread_start(&threads[started], wait_for, &until_all_are_there, NULL))
        started++;
    g_mutex_unlock(&until_all_are_there);
    for (guint i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    g_mutex_clear(&until_all_are_there);
    return started == n;
}
