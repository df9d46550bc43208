/* SPDX-License-Identifier: MIT */
/* host.c -- the kernel, the user, what is preloaded, memory and processes. */
#include "bulk/host.h"
#include "doctor/doctor.h"
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#define LOCK "lock"
#define HOST "host"
#define LANDLOCK_ALL 7 /* the last version of its ABI that is used (docs/SECURITY.md) */
/* What one upload of the largest size may take by `max-memory`, and what the programs do. */
#define MEMORY_WANTED (G_GUINT64_CONSTANT(640) << 20)
#define PROCESSES_WANTED 64
#define DESCRIPTORS_WANTED 64

static void
check_landlock(const SpDoctorOptions *options, const char *posture)
{
    guint version = 0;
    if (sscanf(posture, "landlock%u", &version) != 1)
        sp_doctor_tell(options, SP_DOCTOR_WARNING, LOCK, "landlock",
                       "start a kernel from 5.13 on with landlock in its lsm= list; "
                       "require-landlock = yes in a preset makes it a must",
                       "the kernel has none; seccomp alone keeps renderers from files");
    else if (version < LANDLOCK_ALL)
        sp_doctor_tell(options, SP_DOCTOR_OK, LOCK, "landlock", NULL,
                       "version %u; a newer kernel denies more (version %d)", version,
                       LANDLOCK_ALL);
    else
        sp_doctor_tell(options, SP_DOCTOR_OK, LOCK, "landlock", NULL, "version %u, all of it",
                       version);
}

void
sp_doctor_lock(const SpDoctorOptions *options)
{
    const char *posture = sp_sandbox_posture();
    if (strcmp(posture, "none") == 0) {
        sp_doctor_tell(options, SP_DOCTOR_FAULT, LOCK, "seccomp",
                       "allow seccomp and no_new_privs to this user: docs/SECURITY.md says how "
                       "in a container and in a unit of systemd",
                       "renderers cannot be locked here, so nothing is processed");
        return;
    }
    sp_doctor_tell(options, SP_DOCTOR_OK, LOCK, "seccomp", NULL, "in force");
    check_landlock(options, posture);
    if (strstr(posture, "-memory-limit") != NULL)
        sp_doctor_tell(options, SP_DOCTOR_WARNING, LOCK, "memory",
                       "install a build without sanitizers",
                       "this build is for tests: renderers have no limit of memory");
}

static void
check_user(const SpDoctorOptions *options)
{
    if (geteuid() == 0)
        sp_doctor_tell(options, SP_DOCTOR_WARNING, HOST, "user",
                       "run it as the user of the service, whose rights are what counts",
                       "this is root, who may do everything");
    else
        sp_doctor_tell(options, SP_DOCTOR_OK, HOST, "user", NULL, "number %u, not root",
                       (guint)geteuid());
}

/* A library that is loaded into every program is in the renderers too. */
static void
check_preload(const SpDoctorOptions *options)
{
    g_autofree char *text = sp_doctor_read(options, "/etc/ld.so.preload");
    if (text == NULL || *g_strstrip(text) == '\0')
        return;
    g_strdelimit(text, "\n\t", ' ');
    sp_doctor_tell(options, SP_DOCTOR_WARNING, HOST, "ld.so.preload",
                   "take it out, unless you know what it does in a process that decodes "
                   "strangers' files",
                   "%s is loaded into every program, renderers too", text);
}

static void
check_memory(const SpDoctorOptions *options)
{
    SpHost host = {0};
    sp_host_ask(options->root, &host);
    guint64 mib = host.memory >> 20;
    if (host.memory != 0 && host.memory < MEMORY_WANTED)
        sp_doctor_tell(options, SP_DOCTOR_WARNING, HOST, "memory",
                       "allow more, or lower limits.max-memory in the preset: large pictures "
                       "are refused by then, and not ended by the kernel",
                       "%" G_GUINT64_FORMAT " MiB are free, one upload may take up to 512",
                       mib);
    else if (host.memory != 0)
        sp_doctor_tell(options, SP_DOCTOR_OK, HOST, "memory", NULL,
                       "%" G_GUINT64_FORMAT " MiB are free", mib);
}

static void
check_limit(const SpDoctorOptions *options, int resource, const char *name, guint64 wanted,
            const char *advice)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0)
        return;
    gboolean enough = limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= wanted;
    g_autofree char *allowed =
        limit.rlim_cur == RLIM_INFINITY
            ? g_strdup("as many as there are")
            : g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)limit.rlim_cur);
    sp_doctor_tell(options, enough ? SP_DOCTOR_OK : SP_DOCTOR_WARNING, HOST, name,
                   enough ? NULL : advice, "%s allowed", allowed);
}

void
sp_doctor_host(const SpDoctorOptions *options)
{
    struct utsname kernel;
    if (uname(&kernel) == 0)
        sp_doctor_tell(options, SP_DOCTOR_OK, HOST, "kernel", NULL, "%s %s, %s", kernel.sysname,
                       kernel.release, kernel.machine);
    check_user(options);
    check_preload(options);
    check_memory(options);
    check_limit(options, RLIMIT_NPROC, "processes", PROCESSES_WANTED,
                "allow this user more processes (ulimit -u, LimitNPROC=, TasksMax=)");
    check_limit(options, RLIMIT_NOFILE, "open files", DESCRIPTORS_WANTED,
                "allow more open files (ulimit -n, LimitNOFILE=)");
}
