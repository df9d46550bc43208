/* SPDX-License-Identifier: MIT */
/* inspect-lies.c -- what a taken-over inspector could do to its supervisor.
 *
 * An honest one tells of itself, so that the test can see what it is like: one row, a comment,
 * of kind its process id, as many as it has descriptors open, as many bytes as the file has; if
 * values are wanted, the file's bytes are one. A new lie is one function, one line in the table
 * below and one in test-inspector.c. */
#include "liars/inspect-lies.h"
#include "base/carrier.h"
#include "container/sniff.h"
#include "liars/rights.h"
#include "liars/search.h"
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define FILES_FD 3 /* as in child-inspect.c */

static guint n_files; /* that this process has seen */

static guint
count_descriptors(void)
{
    guint n = 0;
    for (int fd = 0; fd < 1024; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static void
add_value(SpWireInspection *inspection, const char *name, const guint8 *bytes, gsize n)
{
    SpWireValue head = {SP_CATEGORY_COMMENT, (guint16)strlen(name), (guint16)n};
    guint8 *to = inspection->values + inspection->n_values;
    to = mempcpy(to, &head, sizeof head);
    to = mempcpy(to, name, head.n_name);
    memcpy(to, bytes, n);
    inspection->n_values += (guint32)(sizeof head + head.n_name + n);
}

static void
be_honest(const guint8 *bytes, gsize n, gboolean values, SpWireInspection *inspection)
{
    n_files++;
    inspection->format = SP_FORMAT_JPEG;
    inspection->width = 40;
    inspection->height = 30;
    inspection->reveals = SP_CATEGORY_COMMENT;
    inspection->n_carriers = 1;
    inspection->carriers[0] = (SpWireCarrier){
        .carrier = SP_CARRIER_COMMENT,
        .kind = (guint32)getpid(),
        .reveals = SP_CATEGORY_COMMENT,
        .count = count_descriptors(),
        .bytes = n,
    };
    if (values)
        add_value(inspection, "bytes", bytes, MIN(n, SP_WIRE_VALUE));
}

static void
tell(const SpWireInspection *inspection, gsize n)
{
    if (send(FILES_FD, inspection, n, MSG_NOSIGNAL) < 0)
        _exit(4);
}

static void
linger(void)
{
    for (;;)
        pause();
}

/* ---- what is said --------------------------------------------------------------------------
 */

static void
wrong_id(SpWireInspection *inspection)
{
    inspection->header.id++;
}

static void
wrong_kind(SpWireInspection *inspection)
{
    inspection->header.kind = SP_WIRE_ANSWER;
}

static void
wrong_build(SpWireInspection *inspection)
{
    inspection->header.build_id[0] ^= 1;
}

static void
too_short(SpWireInspection *inspection)
{
    tell(inspection, offsetof(SpWireInspection, values) - 1);
    linger();
}

static void
tiny(SpWireInspection *inspection)
{
    tell(inspection, 3);
    linger();
}

static void
empty(SpWireInspection *inspection)
{
    tell(inspection, 0);
    linger();
}

static void
one_too_long(SpWireInspection *inspection)
{
    tell(inspection, sp_wire_inspection_size(inspection) + 1);
    linger();
}

static void
whole_struct(SpWireInspection *inspection)
{
    tell(inspection, sizeof *inspection);
    linger();
}

static void
huge(SpWireInspection *inspection)
{
    static guint8 room[sizeof *inspection + 1];
    memcpy(room, inspection, sizeof *inspection);
    tell((const SpWireInspection *)room, sizeof room);
    linger();
}

static void
missing_values(SpWireInspection *inspection)
{
    gsize n = sp_wire_inspection_size(inspection);
    inspection->n_values += 10;
    tell(inspection, n);
    linger();
}

static void
vast_values(SpWireInspection *inspection)
{
    gsize n = sp_wire_inspection_size(inspection);
    inspection->n_values = G_MAXUINT32;
    tell(inspection, n);
    linger();
}

static void
unwanted_values(SpWireInspection *inspection)
{
    add_value(inspection, "more", (const guint8 *)"x", 1);
}

static void
unknown_carrier(SpWireInspection *inspection)
{
    inspection->carriers[0].carrier = SP_CARRIER_COUNT;
}

static void
unknown_bits(SpWireInspection *inspection)
{
    inspection->reveals |= 1u << 31;
    inspection->carriers[0].reveals |= 1u << 31;
}

static void
hushed(SpWireInspection *inspection)
{
    inspection->reveals = 0;
}

static void
too_many(SpWireInspection *inspection)
{
    inspection->n_carriers = G_MAXUINT32;
}

static void
stolen_code(SpWireInspection *inspection)
{
    inspection->code = SP_ERROR_INTERRUPTED;
    inspection->message[0] = 'x';
}

static void
refusal(SpWireInspection *inspection)
{
    inspection->code = SP_ERROR_CORRUPT;
    strcpy(inspection->message, "as promised");
}

static void
descriptors(SpWireInspection *inspection)
{
    gsize n = sp_wire_inspection_size(inspection);
    if (!send_with_descriptors(FILES_FD, inspection, n, 4))
        _exit(4);
    linger();
}

/* ---- how often ----------------------------------------------------------------------------
 */

static void
twice(SpWireInspection *inspection)
{
    tell(inspection, sp_wire_inspection_size(inspection));
}

static void
flood(SpWireInspection *inspection)
{
    for (;;)
        tell(inspection, sp_wire_inspection_size(inspection));
}

/* Goes on when nobody listens any more. */
static void
stubborn_flood(SpWireInspection *inspection)
{
    for (;;) {
        ssize_t n = send(FILES_FD, inspection, sp_wire_inspection_size(inspection),
                         MSG_NOSIGNAL | MSG_DONTWAIT);
        (void)n;
    }
}

static void
silent(SpWireInspection *inspection G_GNUC_UNUSED)
{
    signal(SIGTERM, SIG_IGN);
    linger();
}

static void
spin(SpWireInspection *inspection G_GNUC_UNUSED)
{
    for (volatile guint i = 0;; i++)
        ;
}

/* ---- how it ends --------------------------------------------------------------------------
 */

static void
leave(SpWireInspection *inspection G_GNUC_UNUSED)
{
    _exit(0);
}

static void
exit_3(SpWireInspection *inspection G_GNUC_UNUSED)
{
    _exit(3);
}

static void
crash(SpWireInspection *inspection G_GNUC_UNUSED)
{
    signal(SIGSEGV, SIG_DFL); /* past the sanitizers */
    raise(SIGSEGV);
}

static void
forbidden_call(SpWireInspection *inspection G_GNUC_UNUSED)
{
    signal(SIGSYS, SIG_DFL);
    raise(SIGSYS);
}

static void
reported_call(SpWireInspection *inspection)
{
    inspection->code = SP_ERROR_POLICY;
    strcpy(inspection->message, "made the call that it says");
}

/* An earlier file may have taken the process over: this one is not to blame. */
static void
forbidden_call_third(SpWireInspection *inspection)
{
    if (n_files == 3)
        forbidden_call(inspection);
}

static void
reported_call_third(SpWireInspection *inspection)
{
    if (n_files == 3)
        reported_call(inspection);
}

/* The session has id 1, its first file 2. */
static void
crash_once(SpWireInspection *inspection)
{
    if (inspection->header.id == 2)
        crash(inspection);
}

/* In the middle of many: the third file of each process. */
static void
crash_third(SpWireInspection *inspection)
{
    if (n_files == 3)
        crash(inspection);
}

static void
lie_third(SpWireInspection *inspection)
{
    if (n_files == 3)
        inspection->header.id--;
}

/* Dies of its own accord once the answer is out. */
static void
answer_then_crash(SpWireInspection *inspection)
{
    twice(inspection);
    crash(inspection);
}

static void
used_up(SpWireInspection *inspection G_GNUC_UNUSED)
{
    signal(SIGXCPU, SIG_DFL);
    raise(SIGXCPU);
}

static void
hang_closed(SpWireInspection *inspection G_GNUC_UNUSED)
{
    close(FILES_FD);
    linger();
}

static void
kill_server(SpWireInspection *inspection G_GNUC_UNUSED)
{
    kill(getppid(), SIGKILL);
    linger();
}

/* There is no answer socket to say it on, and on this one it is no answer. */
static void
forged_ended(SpWireInspection *inspection)
{
    SpWireEnded ended = {.status = 0};
    sp_wire_header_init(&ended.header, SP_WIRE_ENDED, inspection->header.id);
    if (send(FILES_FD, &ended, sizeof ended, MSG_NOSIGNAL) < 0)
        _exit(4);
    linger();
}

/* Dies unless the process is what a child must be; then is honest. */
static void
check_child(SpWireInspection *inspection G_GNUC_UNUSED)
{
    if (count_descriptors() != FILES_FD + 1 || fcntl(FILES_FD, F_GETFD) < 0)
        _exit(11);
    if (prctl(PR_GET_DUMPABLE) != 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        _exit(12);
#ifndef SP_SANITIZED /* these need their options */
    if (environ != NULL && *environ != NULL)
        _exit(13);
#endif
}

/* As many bytes as there are markers in all its memory. */
static void
search_memory(SpWireInspection *inspection)
{
    inspection->carriers[0].bytes = search().memory;
}

static const struct {
    const char *name;
    void (*tell)(SpWireInspection *inspection);
} lies[] = {
    {"wrong-id", wrong_id},
    {"wrong-kind", wrong_kind},
    {"wrong-build", wrong_build},
    {"too-short", too_short},
    {"tiny", tiny},
    {"empty", empty},
    {"one-too-long", one_too_long},
    {"whole-struct", whole_struct},
    {"huge", huge},
    {"missing-values", missing_values},
    {"vast-values", vast_values},
    {"unwanted-values", unwanted_values},
    {"unknown-carrier", unknown_carrier},
    {"unknown-bits", unknown_bits},
    {"hushed", hushed},
    {"too-many", too_many},
    {"stolen-code", stolen_code},
    {"refusal", refusal},
    {"descriptors", descriptors},
    {"twice", twice},
    {"flood", flood},
    {"stubborn-flood", stubborn_flood},
    {"silent", silent},
    {"spin", spin},
    {"leave", leave},
    {"exit-3", exit_3},
    {"crash", crash},
    {"forbidden-call", forbidden_call},
    {"reported-call", reported_call},
    {"forbidden-call-third", forbidden_call_third},
    {"reported-call-third", reported_call_third},
    {"crash-once", crash_once},
    {"crash-third", crash_third},
    {"lie-third", lie_third},
    {"answer-then-crash", answer_then_crash},
    {"used-up", used_up},
    {"hang-closed", hang_closed},
    {"kill-server", kill_server},
    {"forged-ended", forged_ended},
    {"check-child", check_child},
    {"search", search_memory}, /* "search-HEX" */
};

static guint current = G_N_ELEMENTS(lies); /* none of them: honesty */

static void
inspect(const guint8 *bytes, gsize n, gboolean values, SpWireInspection *inspection)
{
    be_honest(bytes, n, values, inspection);
    if (current < G_N_ELEMENTS(lies))
        lies[current].tell(inspection);
}

SpInspectFunc
find_inspect_lie(const char *name)
{
    if (!g_str_has_prefix(name, "inspect-"))
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(lies); i++) {
        if (g_str_equal(name + strlen("inspect-"), lies[i].name) ||
            (lies[i].tell == search_memory && strstr(name, "-search-") != NULL))
            current = i;
    }
    return inspect;
}
