/* SPDX-License-Identifier: MIT */
/* test-wire-request.c -- tables of messages to a server and to an inspector, each spoiled in
 * one way, and what must come of it. */
#include "base/error.h"
#include "sandbox/wire.h"
#include <string.h>

#define ID 7

typedef struct {
    SpWireRequest request;
    SpWireSession session;
    SpWireFileRequest file;
} Messages;

static void
make_messages(Messages *m)
{
    memset(m, 0, sizeof *m);
    sp_wire_header_init(&m->request.header, SP_WIRE_REQUEST, ID);
    m->request.input_is_pipe = 1;
    m->request.n_head = SP_WIRE_HEAD;
    m->request.n_variants = SP_MAX_VARIANTS;
    m->request.threads = 1;
    m->request.limits = (SpLimits){
        .max_upload = 10000,
        .max_memory = 1,
        .timeout_ms = 1,
        .max_scans = 1,
        .max_frames = 1,
    };
    for (guint i = 0; i < SP_MAX_VARIANTS; i++)
        m->request.variants[i].max_bytes = 4000;
    m->request.output_size = sp_wire_output_size(m->request.variants, SP_MAX_VARIANTS);
    sp_wire_header_init(&m->session.header, SP_WIRE_SESSION, ID);
    m->session.cpu_seconds = 1;
    sp_wire_header_init(&m->file.header, SP_WIRE_FILE, ID);
    m->file = (SpWireFileRequest){m->file.header, .size = 10000, .values = 1};
}

typedef enum { REQUEST, SESSION, FILE_REQUEST } Which;

static gboolean
check(Which which, const Messages *m, gsize less, GError **error)
{
    switch (which) {
    case REQUEST:
        return sp_wire_check_request(&m->request, sizeof m->request - less, error);
    case SESSION:
        return sp_wire_check_session(&m->session, sizeof m->session - less, error);
    default:
        return sp_wire_check_file_request(&m->file, sizeof m->file - less, error);
    }
}

/* One case: spoil() changes a good m. */
typedef struct {
    const char *name;
    void (*spoil)(Messages *m);
    Which which;
    gboolean good;
} Case;

#define SPOIL(name, ...)                                                                       \
    static void name(Messages *m)                                                              \
    {                                                                                          \
        __VA_ARGS__;                                                                           \
    }

SPOIL(nothing, (void)m)
SPOIL(any_id, m->request.header.id = m->session.header.id = m->file.header.id = G_MAXUINT64)
SPOIL(largest_upload, m->request.limits.max_upload = G_MAXSSIZE - 1)
SPOIL(from_memfd, m->request.input_is_pipe = m->request.n_head = 0)
SPOIL(largest_file, m->file.size = G_MAXSSIZE - 1)
SPOIL(no_values, m->file.values = 0)

SPOIL(magic, m->request.header.magic++; m->session.header.magic++; m->file.header.magic++)
SPOIL(kind, m->request.header.kind = SP_WIRE_SESSION; m->session.header.kind = SP_WIRE_FILE;
      m->file.header.kind = SP_WIRE_REQUEST)
SPOIL(build, m->request.header.build_id[0]++; m->session.header.build_id[0]++;
      m->file.header.build_id[0]++)
SPOIL(pipe_2, m->request.input_is_pipe = 2)
SPOIL(long_head, m->request.n_head = SP_WIRE_HEAD + 1)
SPOIL(no_variant, m->request.n_variants = 0)
SPOIL(variants, m->request.n_variants = SP_MAX_VARIANTS + 1)
SPOIL(no_thread, m->request.threads = 0)
SPOIL(no_time, m->request.limits.timeout_ms = 0)
SPOIL(no_scan, m->request.limits.max_scans = 0)
SPOIL(no_frame, m->request.limits.max_frames = 0)
SPOIL(landlock_2, m->request.limits.require_landlock = 2)
SPOIL(no_memory, m->request.limits.max_memory = 0)
SPOIL(huge_memory, m->request.limits.max_memory = G_MAXSSIZE)
SPOIL(huge_upload, m->request.limits.max_upload = G_MAXSSIZE)
SPOIL(small_outputs, m->request.output_size--)
SPOIL(no_outputs, m->request.output_size = 0)
SPOIL(huge_outputs, m->request.output_size = G_MAXSSIZE)
SPOIL(explained, m->request.explain = 1)
SPOIL(explain_2, m->request.explain = 2)
SPOIL(not_reserved, m->request.reserved = 1)
SPOIL(sharpest, m->request.reduction = ((SpReduction){1, 100}))
SPOIL(light_2, m->request.reduction.linear_light = 2)
SPOIL(too_sharp, m->request.reduction.sharpen = 101)
SPOIL(no_seconds, m->session.cpu_seconds = 0)
SPOIL(reserved, m->session.reserved = 1; m->file.reserved = 1)
SPOIL(values_2, m->file.values = 2)
SPOIL(huge_file, m->file.size = G_MAXSSIZE)

#define GOOD(which, name)                                                                      \
    {                                                                                          \
#name, name, which, TRUE                                                               \
    }
#define BAD(which, name)                                                                       \
    {                                                                                          \
#name, name, which, FALSE                                                              \
    }

static const Case cases[] = {
    GOOD(REQUEST, nothing),        GOOD(REQUEST, any_id),
    GOOD(REQUEST, largest_upload), GOOD(REQUEST, from_memfd),
    BAD(REQUEST, magic),           BAD(REQUEST, kind),
    BAD(REQUEST, build),           BAD(REQUEST, pipe_2),
    BAD(REQUEST, long_head),       BAD(REQUEST, no_variant),
    BAD(REQUEST, variants),        BAD(REQUEST, no_thread),
    BAD(REQUEST, no_time),         BAD(REQUEST, no_scan),
    BAD(REQUEST, no_frame),        BAD(REQUEST, landlock_2),
    BAD(REQUEST, no_memory),       BAD(REQUEST, huge_memory),
    BAD(REQUEST, huge_upload),     BAD(REQUEST, small_outputs),
    BAD(REQUEST, no_outputs),      BAD(REQUEST, huge_outputs),
    GOOD(REQUEST, explained),      BAD(REQUEST, explain_2),
    BAD(REQUEST, not_reserved),    GOOD(REQUEST, sharpest),
    BAD(REQUEST, light_2),         BAD(REQUEST, too_sharp),
    GOOD(SESSION, nothing),        GOOD(SESSION, any_id),
    BAD(SESSION, magic),           BAD(SESSION, kind),
    BAD(SESSION, build),           BAD(SESSION, no_seconds),
    BAD(SESSION, reserved),        GOOD(FILE_REQUEST, nothing),
    GOOD(FILE_REQUEST, any_id),    GOOD(FILE_REQUEST, largest_file),
    GOOD(FILE_REQUEST, no_values), BAD(FILE_REQUEST, magic),
    BAD(FILE_REQUEST, kind),       BAD(FILE_REQUEST, build),
    BAD(FILE_REQUEST, reserved),   BAD(FILE_REQUEST, values_2),
    BAD(FILE_REQUEST, huge_file),
};

static void
test_case(gconstpointer data)
{
    const Case *c = data;
    g_autoptr(GError) error = NULL;
    g_autofree Messages *m = g_new(Messages, 1);
    make_messages(m);
    c->spoil(m);
    gboolean taken = check(c->which, m, 0, &error);
    if (c->good)
        g_assert_no_error(error);
    else
        g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
    g_assert_cmpint(taken, ==, c->good);
}

/* A cut message is refused without a look at what is not there: a sanitizer sees it. */
static void
test_cut(void)
{
    for (gsize n = 0; n < sizeof(SpWireSession); n++) {
        g_autofree guint8 *message = g_malloc0(MAX(n, 1));
        g_autoptr(GError) error = NULL;
        g_assert_false(sp_wire_check_session((gconstpointer)message, n, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
    }
    g_autofree Messages *m = g_new(Messages, 1);
    make_messages(m);
    for (Which which = REQUEST; which <= FILE_REQUEST; which++)
        g_assert_false(check(which, m, 1, NULL));
}

int
main(int argc, char **argv)
{
    static const char *const words[] = {"request", "session", "file"};
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path =
            g_strdup_printf("/wire/%s/%s", words[cases[i].which], cases[i].name);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/wire/request/cut", test_cut);
    return g_test_run();
}
