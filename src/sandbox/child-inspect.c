/* SPDX-License-Identifier: MIT */
/* child-inspect.c -- many files, one after the other, in a process that stays.
 *
 * A fork a file would cost more than the reading. So the files come as descriptors over the one
 * socket that is left, each is read into memory of our own and closed again, and only then is
 * its first byte looked at: whatever takes this process over holds no file. No file is mapped:
 * who truncates one that is mapped ends its reader with SIGBUS.
 *
 * Of the file before, nothing is left in that memory when the next one is looked at, nor in the
 * answer; what a library of readers left on its heap may be. A fresh process a file promises
 * more, and that is what a picture gets.
 *
 * The lock is closed before the first message. From there on there is that memory, which grows
 * to the largest file, and the socket: receive, fstat, read, close, send. */
#include "base/error.h"
#include "sandbox/child.h"
#include "sandbox/lock.h"
#include "sandbox/message.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where a child finds its descriptors: above the standard ones, and nothing is above them. */
enum { FILES_FD = SP_CHILD_FD, FIRST_UNUSED_FD };

#define KEEP_BYTES ((gsize)16 << 20)     /* of memory, from one file to the next */
#define MOST_MEMORY ((guint64)512 << 20) /* a file, and what is made of it */

typedef struct {
    guint8 *bytes; /* mapped; NULL while there are none */
    gsize room;
    gsize used; /* bytes of the file before, until those behind this one are wiped */
} Memory;

/* Room for n bytes, whatever was there before. Of what there is, pages stay: the next file need
 * not fault them. */
static gboolean
make_room(Memory *memory, gsize n, GError **error)
{
    if (n <= memory->room)
        return TRUE;
    gsize page = (gsize)getpagesize();
    gsize room = (n + page - 1) / page * page;
    if (memory->bytes != NULL)
        munmap(memory->bytes, memory->room);
    *memory = (Memory){NULL, 0, 0};
    void *start = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED)
        return sp_throw_errno(error, SP_ERROR_TOO_MUCH_MEMORY, errno,
                              "cannot hold %" G_GSIZE_FORMAT " bytes of a file", n);
    *memory = (Memory){start, room, 0};
    return TRUE;
}

/* What one huge file needed is not kept for the life of the process. */
static void
give_back(Memory *memory)
{
    if (memory->room <= KEEP_BYTES || munmap(memory->bytes, memory->room) != 0)
        return;
    *memory = (Memory){NULL, 0, 0};
}

/* What the file has of its first size bytes, and nothing of another file behind them. */
static gboolean
read_file(int fd, gsize size, Memory *memory, gsize *ret_n, GError **error)
{
    gsize n = 0;
    if (!make_room(memory, size, error))
        return FALSE;
    while (n < size) {
        ssize_t got = pread(fd, memory->bytes + n, size - n, (off_t)n);
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot read the file");
        n += got > 0 ? (gsize)got : 0;
        memory->used = MAX(memory->used, n);
    }
    if (memory->bytes != NULL && memory->used > n)
        memset(memory->bytes + n, 0, memory->used - n);
    memory->used = n;
    *ret_n = n;
    return TRUE;
}

/* A message that makes no sense, or without the one descriptor of a regular file, cannot come
 * from our supervisor: the end. So is its hanging up. */
static int
receive(SpWireFileRequest *request)
{
    int fd = -1;
    struct stat about;
    gssize n = 0;
    do
        n = sp_message_receive(FILES_FD, request, sizeof *request, 0, &fd, 1);
    while (n < 0 && errno == EINTR);
    if (n == 0)
        _exit(0);
    if (n < 0 || !sp_wire_check_file_request(request, (gsize)n, NULL) ||
        syscall(SYS_fstat, fd, &about) < 0 || !S_ISREG(about.st_mode))
        _exit(2);
    return fd;
}

/* unsealed: why the lock is not closed; then no byte of the file is read. */
static void
inspect(const SpRenderer *renderer, const SpWireFileRequest *request, int fd, Memory *memory,
        const GError *unsealed, SpWireInspection *inspection)
{
    static const guint8 nothing[1];
    g_autoptr(GError) error = unsealed != NULL ? g_error_copy(unsealed) : NULL;
    gsize n = 0;
    gboolean done = error == NULL && read_file(fd, (gsize)request->size, memory, &n, &error);
    close(fd);
    memset(inspection, 0, sp_wire_inspection_size(inspection)); /* its old values, too */
    sp_wire_header_init(&inspection->header, SP_WIRE_INSPECTION, request->header.id);
    if (done)
        renderer->inspect(memory->bytes != NULL ? memory->bytes : nothing, n,
                          request->values != 0, inspection);
    else
        sp_wire_inspection_error(inspection, error);
}

static SpWireInspection policy; /* filled in but for the call, for a signal handler to send */

static void
report_call(const char *call)
{
    sp_wire_say_call(policy.message, call);
    send(FILES_FD, &policy, sp_wire_inspection_size(&policy), MSG_NOSIGNAL);
}

/* One descriptor more than there are: that of the file. */
static gboolean
close_lock(GError **error)
{
    const SpLockTerms terms = {
        .max_memory = MOST_MEMORY,
        .max_fds = FIRST_UNUSED_FD + 1,
        .report = report_call,
    };
    policy.code = SP_ERROR_POLICY;
    return sp_lock_close(&terms, error);
}

void
sp_child_inspect(const SpRenderer *renderer, const SpWireSession *session, int files,
                 pid_t server)
{
    static SpWireInspection inspection;
    Memory memory = {NULL, 0, 0};
    sp_child_tie_to_server(server);
    if (files <= FILES_FD || dup2(files, FILES_FD) < 0 ||
        close_range(FIRST_UNUSED_FD, ~0U, 0) < 0 || !sp_child_limit_cpu(session->cpu_seconds))
        _exit(1);
    g_autoptr(GError) unsealed = NULL;
    (void)close_lock(&unsealed);
    for (;;) {
        SpWireFileRequest request;
        int fd = receive(&request);
        sp_wire_header_init(&policy.header, SP_WIRE_INSPECTION, request.header.id);
        inspect(renderer, &request, fd, &memory, unsealed, &inspection);
        give_back(&memory);
        gsize n = sp_wire_inspection_size(&inspection);
        if (n > sizeof inspection || send(FILES_FD, &inspection, n, MSG_NOSIGNAL) != (ssize_t)n)
            _exit(1);
    }
}
