/* SPDX-License-Identifier: MIT */
/* test-inspect.c -- files, pipes and sockets through the public functions, by an honest
 * inspector and by ones that say something else.
 *
 * The inspectors are this very program under other names: a link called real is the true one.
 * (Lies on the wire are in test-inspector.c.) */
#include "base/carrier.h"
#include "base/memfd.h"
#include "container/walk.h"
#include "inventory/inspect.h"
#include "pipeline/intake.h"
#include "pipeline/session.h"
#include "sample.h"
#include "sandbox/server.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define COMMENT "a comment of ours"
#define PLENTY ((guint64)1 << 26)

/* ---- other inspectors ----------------------------------------------------------------------
 */

/* Says of every file that it is a PNG. */
static void
say_png(const guint8 *bytes, gsize n, gboolean values, SpWireInspection *inspection)
{
    sp_inspect_bytes(bytes, n, values, inspection);
    inspection->format = SP_FORMAT_PNG;
}

static void
add_value(SpWireInspection *inspection, const char *name, gconstpointer bytes, gsize n)
{
    SpWireValue head = {SP_CATEGORY_COMMENT, (guint16)strlen(name), (guint16)n};
    guint8 *to = inspection->values + inspection->n_values;
    to = mempcpy(to, &head, sizeof head);
    to = mempcpy(to, name, head.n_name);
    memcpy(to, bytes, n);
    inspection->n_values += (guint32)(sizeof head + head.n_name + n);
}

static void
say_values(const guint8 *bytes, gsize n, gboolean values, SpWireInspection *inspection)
{
    sp_inspect_bytes(bytes, n, FALSE, inspection);
    inspection->n_carriers = 1;
    inspection->carriers[0] = (SpWireCarrier){
        SP_CARRIER_COMMENT, SP_FOURCC('t', '\033', 'X', 't'), SP_CATEGORY_COMMENT, 2, 9};
    inspection->reveals = SP_CATEGORY_COMMENT;
    if (!values)
        return;
    add_value(inspection, "Plain", "text", 4);
    add_value(inspection, "Ended", "text\0\0", 6);
    add_value(inspection, "Within", "a\0b\xff\033", 5);
    add_value(inspection, "Empty", "", 0);
    inspection->values_cut = 1;
}

static const struct {
    const char *name;
    SpInspectFunc inspect;
} inspectors[] = {{"real", sp_inspect_bytes}, {"png", say_png}, {"values", say_values}};

/* ---- a room of files -----------------------------------------------------------------------
 */

typedef struct {
    char *folder;
    char *program;
    SpSession *session;
    SpInspector *inspector;
} Room;

static void
set_up(Room *room, gconstpointer name)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    room->folder = g_dir_make_tmp("storyphoto-test-XXXXXX", NULL);
    room->program = g_build_filename(room->folder, (const char *)name, NULL);
    g_assert_cmpint(symlink(self, room->program), ==, 0);
    room->session = sp_session_new();
    sp_sandbox_set_program(room->session->sandbox, SP_RENDERER_INSPECT, room->program);
    room->inspector = sp_inspector_new(room->session);
}

static void
tear_down(Room *room, gconstpointer name G_GNUC_UNUSED)
{
    sp_inspector_free(room->inspector);
    sp_session_free(room->session);
    g_unlink(room->program);
    g_assert_cmpint(g_rmdir(room->folder), ==, 0);
    g_free(room->folder);
    g_free(room->program);
}

static int
make_file(gconstpointer bytes, gsize n)
{
    int fd = open(g_get_tmp_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    g_assert_true(sp_write_full(fd, bytes, n));
    return fd;
}

/* A JPEG of 300x200 with a comment right behind its start. */
static GByteArray *
commented_jpeg(void)
{
    static const guint8 start[] = {0xFF, 0xD8, 0xFF, 0xFE, 0, 2 + sizeof COMMENT - 1};
    Sample sample = {300, 200, SAMPLING_420};
    g_autoptr(GBytes) jpeg = sample_jpeg(&sample);
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(jpeg, &n);
    GByteArray *file = g_byte_array_new();
    g_byte_array_append(file, start, sizeof start);
    g_byte_array_append(file, (const guint8 *)COMMENT, sizeof COMMENT - 1);
    g_byte_array_append(file, bytes + 2, (guint)(n - 2));
    return file;
}

static SpInspection *
read_bytes(Room *room, gconstpointer bytes, gsize n, gboolean values)
{
    g_auto(SpFd) fd = make_file(bytes, n);
    SpUpload upload = {.fd = fd, .name = "photo.jpg"};
    return sp_inspector_read(room->inspector, &upload, PLENTY, values);
}

static const SpFinding *
find_place(const SpInspection *inspection, const char *place)
{
    for (guint i = 0; i < inspection->carriers->len; i++) {
        const SpFinding *finding = &g_array_index(inspection->carriers, SpFinding, i);
        if (g_str_equal(finding->place, place))
            return finding;
    }
    return NULL;
}

static void
check_commented(const SpInspection *inspection, gsize n)
{
    g_assert_no_error(inspection->error);
    g_assert_cmpuint(inspection->input_bytes, ==, n);
    g_assert_cmpstr(inspection->input_format, ==, "jpeg");
    g_assert_cmpstr(inspection->input_name, ==, "photo.jpg");
    g_assert_cmpuint(inspection->width, ==, 300);
    g_assert_cmpuint(inspection->height, ==, 200);
    const SpFinding *finding = find_place(inspection, "COM");
    g_assert_nonnull(finding);
    g_assert_cmpuint(finding->count, ==, 1);
    g_assert_cmpuint(finding->bytes, >=, sizeof COMMENT - 1);
    g_assert_cmpuint(inspection->reveals, !=, 0);
    g_assert_cmpuint(inspection->reveals & finding->reveals, ==, finding->reveals);
    g_assert_cmpuint(inspection->values->len, ==, 0);
}

/* ---- what is read --------------------------------------------------------------------------
 */

static void
test_file(Room *room, gconstpointer name G_GNUC_UNUSED)
{
    g_autoptr(GByteArray) jpeg = commented_jpeg();
    g_auto(SpFd) fd = make_file(jpeg->data, jpeg->len);
    SpUpload upload = {.fd = fd, .name = "photo.jpg"};
    g_assert_cmpint(lseek(fd, 123, SEEK_SET), ==, 123);
    for (guint i = 0; i < 3; i++) {
        g_autoptr(SpInspection) inspection =
            sp_inspector_read(room->inspector, &upload, jpeg->len, FALSE);
        check_commented(inspection, jpeg->len);
    }
    g_autoptr(SpInspection) alone = sp_inspect(room->session, &upload, jpeg->len, FALSE);
    check_commented(alone, jpeg->len);
    g_assert_cmpint(lseek(fd, 0, SEEK_CUR), ==, 123);
}

typedef struct {
    const GByteArray *bytes;
    int fd;
} Sender;

static gpointer
send_bytes(gpointer data)
{
    const Sender *sender = data;
    g_assert_true(sp_write_full(sender->fd, sender->bytes->data, sender->bytes->len));
    close(sender->fd);
    return NULL;
}

static void
test_stream(Room *room, gconstpointer name G_GNUC_UNUSED)
{
    g_autoptr(GByteArray) jpeg = commented_jpeg();
    for (guint i = 0; i < 2; i++) {
        int ends[2];
        if (i == 0)
            g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
        else
            g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
        Sender sender = {jpeg, ends[1]};
        GThread *thread = g_thread_new("sender", send_bytes, &sender);
        SpUpload upload = {.fd = ends[0], .name = "photo.jpg"};
        g_autoptr(SpInspection) inspection =
            sp_inspector_read(room->inspector, &upload, jpeg->len, FALSE);
        g_thread_join(thread);
        check_commented(inspection, jpeg->len);
        close(ends[0]);
    }
}

/* Refused by its first bytes, and by what follows. */
static void
test_refused(Room *room, gconstpointer name G_GNUC_UNUSED)
{
    static const struct {
        const char *bytes;
        gsize n;
        SpErrorCode code;
        const char *format;
    } cases[] = {
        {"", 0, SP_ERROR_EMPTY, NULL},
        {"no picture", 10, SP_ERROR_NOT_AN_IMAGE, NULL},
        {"%PDF-1.4\n", 9, SP_ERROR_UNSUPPORTED, "pdf"},
        {"\xFF\xD8\xFF", 3, SP_ERROR_TRUNCATED, "jpeg"},
        {"GIF89a", 6, SP_ERROR_TRUNCATED, "gif"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SpInspection) inspection =
            read_bytes(room, cases[i].bytes, cases[i].n, FALSE);
        g_assert_error(inspection->error, SP_ERROR, (int)cases[i].code);
        g_assert_cmpstr(inspection->input_format, ==, cases[i].format);
        g_assert_cmpuint(inspection->input_bytes, ==, cases[i].n);
        g_assert_cmpuint(inspection->carriers->len, ==, 0);
    }
}

/* What stands before the fault is told. */
static void
test_cut(Room *room, gconstpointer name G_GNUC_UNUSED)
{
    g_autoptr(GByteArray) jpeg = commented_jpeg();
    g_autoptr(SpInspection) inspection = read_bytes(room, jpeg->data, 100, FALSE);
    g_assert_error(inspection->error, SP_ERROR, SP_ERROR_TRUNCATED);
    g_assert_nonnull(find_place(inspection, "COM"));
    g_assert_cmpuint(inspection->reveals, !=, 0);
}

static void
test_too_large(Room *room, gconstpointer name G_GNUC_UNUSED)
{
    g_autoptr(GByteArray) jpeg = commented_jpeg();
    g_auto(SpFd) fd = make_file(jpeg->data, jpeg->len);
    SpUpload upload = {.fd = fd, .name = "photo.jpg"};
    g_autoptr(SpInspection) inspection =
        sp_inspector_read(room->inspector, &upload, jpeg->len - 1, FALSE);
    g_assert_error(inspection->error, SP_ERROR, SP_ERROR_TOO_LARGE);
}

static void
test_unreadable(Room *room, gconstpointer name G_GNUC_UNUSED)
{
    static const int flags[] = {O_DIRECTORY, O_PATH | O_DIRECTORY, O_TMPFILE | O_WRONLY};
    for (guint i = 0; i < G_N_ELEMENTS(flags); i++) {
        g_auto(SpFd) fd = open(g_get_tmp_dir(), flags[i] | O_CLOEXEC, 0600);
        g_assert_cmpint(fd, >=, 0);
        SpUpload upload = {.fd = fd, .name = "photo.jpg"};
        g_autoptr(SpInspection) inspection =
            sp_inspector_read(room->inspector, &upload, PLENTY, FALSE);
        g_assert_error(inspection->error, SP_ERROR, SP_ERROR_CANNOT_READ);
    }
    SpUpload closed = {.fd = -1, .name = "photo.jpg"};
    g_autoptr(SpInspection) inspection =
        sp_inspector_read(room->inspector, &closed, PLENTY, FALSE);
    g_assert_error(inspection->error, SP_ERROR, SP_ERROR_CANNOT_READ);
}

/* The inspector gets a description of its own: it can neither write nor move an offset. */
static void
test_in_place(void)
{
    g_autoptr(GByteArray) jpeg = commented_jpeg();
    g_autoptr(GError) error = NULL;
    const SpLimits limits = {.max_upload = PLENTY, .input_timeout_ms = 1000};
    g_auto(SpFd) fd = make_file(jpeg->data, jpeg->len);
    SpUpload upload = {.fd = fd, .name = "photo.jpg"};
    g_auto(SpIntake) intake = {.own = -1};
    g_assert_true(sp_intake_in_place(&intake, &upload, &limits, -1, &error));
    g_assert_no_error(error);
    g_assert_cmpint(intake.fd, ==, intake.own);
    g_assert_cmpint(intake.fd, !=, fd);
    g_assert_cmpint(fcntl(intake.fd, F_GETFL) & O_ACCMODE, ==, O_RDONLY);
    g_assert_cmpint(pwrite(intake.fd, "x", 1, 0), ==, -1);
    g_assert_cmpint(lseek(intake.fd, 0, SEEK_CUR), ==, 0);
    g_assert_cmpint(lseek(fd, 0, SEEK_CUR), ==, jpeg->len);
}

static guint
count_descriptors(void)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
    while (g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

static void
test_thousand(Room *room, gconstpointer name G_GNUC_UNUSED)
{
    g_autoptr(GByteArray) jpeg = commented_jpeg();
    g_autoptr(SpInspection) G_GNUC_UNUSED first =
        read_bytes(room, jpeg->data, jpeg->len, FALSE);
    guint before = count_descriptors();
    for (guint i = 0; i < 1000; i++) {
        gsize n = i % 2 == 0 ? jpeg->len : 100;
        g_autoptr(SpInspection) inspection = read_bytes(room, jpeg->data, n, FALSE);
        g_assert_true((inspection->error == NULL) == (i % 2 == 0));
    }
    g_assert_cmpuint(count_descriptors(), ==, before);
}

static void
test_cancelled(Room *room, gconstpointer name G_GNUC_UNUSED)
{
    g_autoptr(GByteArray) jpeg = commented_jpeg();
    sp_session_cancel(room->session);
    g_autoptr(SpInspection) inspection = read_bytes(room, jpeg->data, jpeg->len, FALSE);
    g_assert_error(inspection->error, SP_ERROR, SP_ERROR_INTERRUPTED);
    int ends[2];
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    SpUpload upload = {.fd = ends[0], .name = "-"};
    g_autoptr(SpInspection) stalled =
        sp_inspector_read(room->inspector, &upload, PLENTY, FALSE);
    g_assert_error(stalled->error, SP_ERROR, SP_ERROR_INTERRUPTED);
    close(ends[0]);
    close(ends[1]);
}

/* ---- what is made of it --------------------------------------------------------------------
 */

/* The format was known before it was asked. */
static void
test_other_format(Room *room, gconstpointer name G_GNUC_UNUSED)
{
    g_autoptr(GByteArray) jpeg = commented_jpeg();
    g_autoptr(SpInspection) inspection = read_bytes(room, jpeg->data, jpeg->len, FALSE);
    g_assert_error(inspection->error, SP_ERROR, SP_ERROR_CANNOT_READ);
    g_assert_cmpstr(inspection->input_format, ==, "jpeg");
}

static void
test_values(Room *room, gconstpointer name G_GNUC_UNUSED)
{
    static const struct {
        const char *name, *value;
    } wanted[] = {
        {"Plain", "text"}, {"Ended", "text"}, {"Within", "a b\xff\033"}, {"Empty", ""}};
    g_autoptr(GByteArray) jpeg = commented_jpeg();
    g_autoptr(SpInspection) without = read_bytes(room, jpeg->data, jpeg->len, FALSE);
    g_assert_no_error(without->error);
    g_assert_cmpuint(without->values->len, ==, 0);
    g_assert_false(without->values_cut);
    g_autoptr(SpInspection) with = read_bytes(room, jpeg->data, jpeg->len, TRUE);
    g_assert_no_error(with->error);
    g_assert_true(with->values_cut);
    g_assert_cmpuint(with->values->len, ==, G_N_ELEMENTS(wanted));
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
        const SpRevealedValue *value = g_ptr_array_index(with->values, i);
        g_assert_cmpuint(value->category, ==, SP_CATEGORY_COMMENT);
        g_assert_cmpstr(value->name, ==, wanted[i].name);
        g_assert_cmpstr(value->value, ==, wanted[i].value);
    }
    const SpFinding *finding = &g_array_index(with->carriers, SpFinding, 0);
    g_assert_cmpstr(finding->place, ==, "marker");
    g_assert_cmpstr(finding->word, ==, "comment");
    /* Values are for a terminal: no machine gets them. */
    g_autofree char *json = sp_inspection_to_json(with);
    g_assert_null(strstr(json, "Plain"));
    g_assert_nonnull(strstr(json, "\"carriers\":[{\"carrier\":\"comment\",\"place\":\"marker\","
                                  "\"count\":2,\"bytes\":9,\"reveals\":[\"comment\"]}]"));
}

int
main(int argc, char **argv)
{
    g_autofree char *name = g_path_get_basename(argv[0]);
    for (guint i = 0; i < G_N_ELEMENTS(inspectors); i++)
        if (g_str_equal(name, inspectors[i].name))
            return sp_server_run(&(SpRenderer){.inspect = inspectors[i].inspect});
    static const struct {
        const char *name, *program;
        void (*test)(Room *room, gconstpointer name);
    } tests[] = {
        {"/inspect/file", "real", test_file},
        {"/inspect/stream", "real", test_stream},
        {"/inspect/refused", "real", test_refused},
        {"/inspect/cut", "real", test_cut},
        {"/inspect/too-large", "real", test_too_large},
        {"/inspect/unreadable", "real", test_unreadable},
        {"/inspect/thousand", "real", test_thousand},
        {"/inspect/cancelled", "real", test_cancelled},
        {"/inspect/other-format", "png", test_other_format},
        {"/inspect/values", "values", test_values},
    };
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Room, tests[i].program, set_up, tests[i].test, tear_down);
    g_test_add_func("/inspect/in-place", test_in_place);
    return g_test_run();
}
