/* SPDX-License-Identifier: MIT */
/* run.c -- the self-test: make, search, send, search again, compare.
 *
 * First the twins go through every path, then the slots, on as many threads as there are
 * processors; lines are told in the order of the tables. Formats, slots and paths are tables of
 * their own: nothing here knows one of them by name but `story`, the path of the controls. */
#include "base/error.h"
#include "selftest/commands.h"
#include "selftest/mutations.h"
#include "selftest/paths.h"
#include "selftest/selftest.h"
#include "selftest/slot.h"
#include <string.h>

static const SpSlotFormat *const formats[] = {
    &sp_slots_jpeg, &sp_slots_png,  &sp_slots_webp,
    &sp_slots_gif,  &sp_slots_heic, &sp_slots_avif,
};

#define MOST_PATHS 32
/* More than it takes: a command that finds the disk full would look as if it had found a leak.
 */
#define SCRATCH_BYTES ((guint64)16 << 20)
#define KEPT_BYTES ((guint64)256 << 20)

/* Carriers that have no slot, and why. */
static const struct {
    const char *format, *name, *reason;
} left_out[] = {
    {"tiff", "every carrier", "TIFF is never taken; the path refused-format sends one"},
    {"jpeg", "quantisation tables in use", "with other tables it is another picture"},
    {"png", "low bytes of 16 bits", "they are picture"},
    {"webp", "transforms and colour cache of VP8L",
     "chosen by an encoder; none is linked here"},
    {"heic", "modes of coded blocks", "chosen by an encoder; none is linked here"},
    {"avif", "modes of coded blocks", "chosen by an encoder; none is linked here"},
};

/* The same picture, and nothing else. */
typedef struct {
    const SpSlotFormat *format;
    SpPictureKind picture;
    GBytes *upload;              /* owned */
    SpYield *yields[MOST_PATHS]; /* owned; one a path */
} Twin;

typedef struct {
    const SpSlotFormat *format;
    const SpSlot *slot;
    const Twin *twin; /* borrowed */
    GBytes *upload;   /* owned */
    guint forms;      /* found in the upload */
    guint n_searched;
    char *fault; /* owned; NULL is none */
    gboolean done;
} Case;

typedef struct {
    SpSession *session;               /* borrowed */
    const SpSelftestOptions *options; /* borrowed */
    SpCanary canary, name;            /* name: in the uploads' own names */
    SpSearch *search, *name_search;   /* owned */
    char *scratch, *work, *uploads;   /* owned; work is searched whole at the end */
    GPtrArray *twins, *cases;         /* owned */
    gint n_folders;                   /* atomic */
    GMutex mutex;
    GCond done;
    GError *error; /* owned; under mutex: why the test cannot go on */
} Stage;

/* ---- life ----------------------------------------------------------------------------------
 */

static void
twin_free(gpointer data)
{
    Twin *twin = data;
    g_bytes_unref(twin->upload);
    for (guint i = 0; i < MOST_PATHS; i++)
        sp_yield_free(twin->yields[i]);
    g_free(twin);
}

static void
case_free(gpointer data)
{
    Case *one = data;
    g_bytes_unref(one->upload);
    g_free(one->fault);
    g_free(one);
}

static void
stage_clear(Stage *stage)
{
    if (stage->scratch != NULL && stage->options->keep == NULL)
        sp_folder_remove(stage->scratch);
    g_free(stage->scratch);
    g_free(stage->work);
    g_free(stage->uploads);
    g_clear_pointer(&stage->twins, g_ptr_array_unref);
    g_clear_pointer(&stage->cases, g_ptr_array_unref);
    sp_search_free(stage->search);
    sp_search_free(stage->name_search);
    g_clear_error(&stage->error);
    g_mutex_clear(&stage->mutex);
    g_cond_clear(&stage->done);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Stage, stage_clear)

static gboolean
stage_init(Stage *stage, SpSession *session, const SpSelftestOptions *options, GError **error)
{
    stage->session = session;
    stage->options = options;
    g_mutex_init(&stage->mutex);
    g_cond_init(&stage->done);
    stage->twins = g_ptr_array_new_with_free_func(twin_free);
    stage->cases = g_ptr_array_new_with_free_func(case_free);
    if (!sp_canary_init(&stage->canary, error) || !sp_canary_init(&stage->name, error))
        return FALSE;
    stage->search = sp_search_new(stage->canary.letters, stage->canary.block);
    stage->name_search = sp_search_new(stage->name.letters, NULL);
    guint64 n_bytes = options->keep != NULL ? KEPT_BYTES : SCRATCH_BYTES;
    stage->scratch = sp_folder_new(options->keep, n_bytes, error);
    stage->work = stage->scratch != NULL ? sp_folder_sub(stage->scratch, "work", error) : NULL;
    stage->uploads =
        stage->work != NULL ? sp_folder_sub(stage->scratch, "uploads", error) : NULL;
    return stage->uploads != NULL;
}

static void
give_up(Stage *stage, GError *error)
{
    g_mutex_lock(&stage->mutex);
    if (stage->error == NULL)
        stage->error = g_steal_pointer(&error);
    g_mutex_unlock(&stage->mutex);
    g_clear_error(&error);
}

static gboolean
must_stop(Stage *stage)
{
    if (stage->options->stop != NULL && stage->options->stop()) {
        GError *error = NULL;
        sp_throw(&error, SP_ERROR_INTERRUPTED, "interrupted");
        give_up(stage, error);
    }
    g_mutex_lock(&stage->mutex);
    gboolean stop = stage->error != NULL;
    g_mutex_unlock(&stage->mutex);
    return stop;
}

/* ---- uploads -------------------------------------------------------------------------------
 */

static Twin *
find_twin(Stage *stage, const SpSlotFormat *format, SpPictureKind picture)
{
    for (guint i = 0; i < stage->twins->len; i++) {
        Twin *twin = g_ptr_array_index(stage->twins, i);
        if (twin->format == format && twin->picture == picture)
            return twin;
    }
    Twin *twin = g_new0(Twin, 1);
    GByteArray *upload = g_byte_array_new();
    format->plain(picture, upload);
    twin->format = format;
    twin->picture = picture;
    twin->upload = g_byte_array_free_to_bytes(upload);
    g_ptr_array_add(stage->twins, twin);
    return twin;
}

static gboolean
holds(GBytes *bytes, const GByteArray *part)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(bytes, &n);
    return memmem(data, n, part->data, part->len) != NULL;
}

static gboolean
is_marked(const Case *one)
{
    g_autoptr(GByteArray) own = g_byte_array_new();
    g_autoptr(GByteArray) jpeg = g_byte_array_new();
    one->format->mark(own);
    sp_slots_jpeg.mark(jpeg);
    return holds(one->upload, own) || holds(one->upload, jpeg);
}

static guint
search_bytes(const SpSearch *search, GBytes *bytes)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(bytes, &n);
    return sp_search(search, data, n);
}

/* Is what is planted found where it was planted, and nothing in the twin? */
static void
check_upload(const Stage *stage, Case *one)
{
    const SpSlot *slot = one->slot;
    one->forms = search_bytes(stage->search, one->upload);
    guint missing = slot->forms & ~one->forms;
    for (guint i = 0; i < SP_FORM_COUNT && one->fault == NULL; i++)
        if (missing & 1u << i)
            one->fault = g_strdup_printf("not found in its own upload: %s", sp_form_word(i));
    if (one->fault == NULL && (slot->flags & SP_SLOT_MARKED) != 0 && !is_marked(one))
        one->fault = g_strdup("not found in its own upload: the marked picture");
    gboolean differs = !g_bytes_equal(one->upload, one->twin->upload);
    if (one->fault == NULL && !differs)
        one->fault = g_strdup("the upload does not differ from its twin");
    if (one->fault == NULL && search_bytes(stage->search, one->twin->upload) != 0)
        one->fault = g_strdup("found in the twin, where nothing was planted");
}

/* Commands are to meet uploads that are refused, too: by their first bytes, and with all else
 * in place. */
static gboolean
add_refused(const Stage *stage, const Case *one, GError **error)
{
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(one->upload, &n);
    g_autoptr(GByteArray) copy = g_byte_array_new();
    g_byte_array_append(copy, bytes, (guint)n);
    memcpy(copy->data, "II*", 4);
    g_autoptr(GBytes) refused = g_bytes_new(copy->data, copy->len);
    g_autofree char *name =
        g_strdup_printf("%s-refused.%s", one->format->name, one->format->extension);
    return sp_folder_write(stage->uploads, name, refused, error);
}

static gboolean
add_cases(Stage *stage, const SpSlotFormat *format, GError **error)
{
    SpMaker maker = {&stage->canary, format};
    (void)find_twin(stage, format, SP_PICTURE_PLAIN);
    (void)find_twin(stage, format, SP_PICTURE_MAGENTA);
    for (const SpSlot *slot = format->slots; slot->name != NULL; slot++) {
        Case *one = g_new0(Case, 1);
        GByteArray *upload = g_byte_array_new();
        slot->make(slot, &maker, upload);
        one->format = format;
        one->slot = slot;
        one->upload = g_byte_array_free_to_bytes(upload);
        one->twin = find_twin(stage, format, slot->twin);
        g_ptr_array_add(stage->cases, one);
        g_autofree char *name =
            g_strdup_printf("%s-%s.%s", format->name, slot->name, format->extension);
        if (!sp_folder_write(stage->uploads, name, one->upload, error) ||
            (slot == format->slots && !add_refused(stage, one, error)))
            return FALSE;
    }
    return TRUE;
}

/* ---- sending -------------------------------------------------------------------------------
 */

/* No upload is to blame for that, and nothing is proved: the test cannot go on. */
static gboolean
is_of_host(int code)
{
    return code == SP_ERROR_INTERRUPTED || code == SP_ERROR_CANNOT_SEAL ||
           code == SP_ERROR_NO_SPACE || code == SP_ERROR_CANNOT_WRITE || code == SP_ERROR_IO;
}

/* What is in the folder afterwards, whatever it is, is part of the yield; so it can go. */
static SpYield *
send(Stage *stage, const SpPath *path, GBytes *upload, const char *extension)
{
    GError *error = NULL;
    g_autofree char *sub = g_strdup_printf("%05d", g_atomic_int_add(&stage->n_folders, 1));
    g_autofree char *name = g_strdup_printf("IMG_%s.%s", stage->name.letters, extension);
    g_autofree char *folder = sp_folder_sub(stage->work, sub, &error);
    SpYield *yield =
        folder != NULL ? sp_path_run(path, stage->session, upload, name, folder, &error) : NULL;
    if (yield == NULL) {
        give_up(stage, error);
        return NULL;
    }
    if (stage->options->keep == NULL)
        sp_folder_remove(folder);
    if (is_of_host(yield->code)) {
        sp_throw(&error, (SpErrorCode)yield->code, "%s",
                 (char *)g_ptr_array_index(yield->texts, 1));
        give_up(stage, error);
    }
    return yield;
}

static void
run_twin(gpointer data, gpointer user)
{
    Twin *twin = data;
    Stage *stage = user;
    for (guint i = 0; sp_paths[i].name != NULL && !must_stop(stage); i++)
        twin->yields[i] = send(stage, &sp_paths[i], twin->upload, twin->format->extension);
}

/* The first trace in what came out; the caller's, NULL when there is none. */
static char *
find_trace(const Stage *stage, const SpYield *yield, guint *n_searched)
{
    const SpSearch *const searches[] = {stage->search, stage->name_search};
    for (guint s = 0; s < G_N_ELEMENTS(searches); s++) {
        for (guint i = 0; i < yield->files->len; i++) {
            const SpFolderFile *file = g_ptr_array_index(yield->files, i);
            const char *name = file->name;
            if (search_bytes(searches[s], file->bytes) != 0 ||
                sp_search(searches[s], (const guint8 *)name, strlen(name)) != 0)
                return g_strdup_printf("found in %s", name);
        }
        for (guint i = 0; i < yield->texts->len; i++) {
            const char *text = g_ptr_array_index(yield->texts, i);
            if (sp_search(searches[s], (const guint8 *)text, strlen(text)) != 0)
                return g_strdup_printf("found in the text '%.200s'", text);
        }
    }
    *n_searched += yield->files->len + yield->texts->len;
    return NULL;
}

/* The same picture must have come to the same files. */
static char *
compare(const SpPath *path, const SpSlot *slot, const SpYield *yield, const SpYield *twin)
{
    if (yield->code != twin->code) {
        if ((slot->flags & SP_SLOT_MAY_REFUSE) != 0 && sp_error_is_refusal(yield->code))
            return NULL;
        return g_strdup_printf("its end is '%s', its twin's is '%s'",
                               sp_error_word(yield->code), sp_error_word(twin->code));
    }
    if (yield->files->len != twin->files->len)
        return g_strdup_printf("%u files, its twin has %u", yield->files->len,
                               twin->files->len);
    for (guint i = 0; i < yield->files->len; i++) {
        const SpFolderFile *one = g_ptr_array_index(yield->files, i);
        const SpFolderFile *two = g_ptr_array_index(twin->files, i);
        if (!g_bytes_equal(one->bytes, two->bytes))
            return g_strdup_printf("%s is not, byte by byte, its twin's", one->name);
    }
    for (guint i = 0; !path->names_differ && i < yield->files->len; i++) {
        const SpFolderFile *one = g_ptr_array_index(yield->files, i);
        const SpFolderFile *two = g_ptr_array_index(twin->files, i);
        if (!g_str_equal(one->name, two->name))
            return g_strdup_printf("%s is called %s for its twin", one->name, two->name);
    }
    return g_strcmp0(yield->thumbhash, twin->thumbhash) == 0
               ? NULL
               : g_strdup("the thumbhash differs from its twin's");
}

static void
run_case(gpointer data, gpointer user)
{
    Case *one = data;
    Stage *stage = user;
    check_upload(stage, one);
    for (guint i = 0; sp_paths[i].name != NULL && one->fault == NULL && !must_stop(stage);
         i++) {
        const SpPath *path = &sp_paths[i];
        g_autoptr(SpYield) yield = send(stage, path, one->upload, one->format->extension);
        if (yield == NULL)
            break;
        g_autofree char *fault = find_trace(stage, yield, &one->n_searched);
        if (fault == NULL && !path->alone)
            fault = compare(path, one->slot, yield, one->twin->yields[i]);
        if (fault != NULL)
            one->fault = g_strdup_printf("path %s: %s", path->name, fault);
    }
    g_mutex_lock(&stage->mutex);
    one->done = TRUE;
    g_cond_broadcast(&stage->done);
    g_mutex_unlock(&stage->mutex);
}

/* ---- telling -------------------------------------------------------------------------------
 */

static void
tell(const Stage *stage, const SpSelftestLine *line)
{
    stage->options->line(line, stage->options->data);
}

static char *
describe_found(const Case *one)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < SP_FORM_COUNT; i++)
        if (one->forms & 1u << i)
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", sp_form_word(i));
    if (one->slot->flags & SP_SLOT_MARKED)
        g_string_append_printf(text, "%smarked", text->len > 0 ? " " : "");
    if (text->len == 0)
        g_string_append(text, "differs");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
tell_case(const Stage *stage, const Case *one)
{
    g_autofree char *found = describe_found(one);
    SpSelftestLine line = {
        .result = one->fault == NULL ? SP_SELFTEST_OK : SP_SELFTEST_FAILED,
        .group = one->format->name,
        .name = one->slot->name,
        .found = found,
        .n_searched = one->n_searched,
        .fault = one->fault,
    };
    tell(stage, &line);
}

static const SpYield *
story_yield(Stage *stage, const SpSlotFormat *format, SpPictureKind picture)
{
    return find_twin(stage, format, picture)->yields[0];
}

/* Can this host decode the format, and does the check see magenta where magenta is shown, and
 * only there? */
static gboolean
tell_control(Stage *stage, const SpSlotFormat *format)
{
    const SpYield *plain = story_yield(stage, format, SP_PICTURE_PLAIN);
    const SpYield *magenta = story_yield(stage, format, SP_PICTURE_MAGENTA);
    double rgb[3] = {0}, marked[3] = {0};
    SpSelftestLine line = {.group = "control", .name = format->name, .found = ""};
    if (plain->code == SP_ERROR_UNAVAILABLE) {
        line.result = SP_SELFTEST_UNAVAILABLE;
        line.fault = "this host cannot decode it: nothing is proved for it";
    } else if (plain->code != 0 || magenta->code != 0) {
        line.result = SP_SELFTEST_FAILED;
        line.fault = g_ptr_array_index((plain->code != 0 ? plain : magenta)->texts, 1);
    } else if (!sp_thumbhash_mean(plain->thumbhash, rgb) ||
               !sp_thumbhash_mean(magenta->thumbhash, marked) || marked[0] < 0.9 ||
               marked[1] > 0.1 || marked[2] < 0.9 || rgb[1] < 0.25) {
        line.result = SP_SELFTEST_FAILED;
        line.fault = "a magenta picture is not told from the plain one";
    }
    tell(stage, &line);
    return line.result == SP_SELFTEST_OK;
}

static void
tell_left_out(const Stage *stage)
{
    for (guint i = 0; i < G_N_ELEMENTS(left_out); i++) {
        SpSelftestLine line = {
            SP_SELFTEST_LEFT_OUT, left_out[i].format, left_out[i].name, "", 0,
            left_out[i].reason};
        tell(stage, &line);
    }
}

/* Everything that is left: names and bytes, of all uploads together. */
static gboolean
tell_scratch(Stage *stage, GError **error)
{
    g_autoptr(GPtrArray) files = sp_folder_read(stage->work, error);
    if (files == NULL)
        return FALSE;
    g_autofree char *fault = NULL;
    for (guint i = 0; i < files->len && fault == NULL; i++) {
        const SpFolderFile *file = g_ptr_array_index(files, i);
        gsize n_name = strlen(file->name);
        const guint8 *name = (const guint8 *)file->name;
        gboolean found = search_bytes(stage->search, file->bytes) != 0 ||
                         sp_search(stage->search, name, n_name) != 0 ||
                         sp_search(stage->name_search, name, n_name) != 0;
        if (found)
            fault = g_strdup_printf("found in what is left: %s", file->name);
    }
    SpSelftestLine line = {
        .result = fault == NULL ? SP_SELFTEST_OK : SP_SELFTEST_FAILED,
        .group = "control",
        .name = "all that is left in the scratch folder",
        .found = "",
        .n_searched = files->len,
        .fault = fault,
    };
    tell(stage, &line);
    return TRUE;
}

/* ---- the test ------------------------------------------------------------------------------
 */

static void
run_twins(Stage *stage)
{
    GThreadPool *pool =
        g_thread_pool_new(run_twin, stage, (int)g_get_num_processors(), FALSE, NULL);
    for (guint i = 0; i < stage->twins->len; i++)
        g_thread_pool_push(pool, g_ptr_array_index(stage->twins, i), NULL);
    g_thread_pool_free(pool, FALSE, TRUE);
}

/* The cases of formats that this host has; each is told as soon as those before it are. */
static void
run_cases(Stage *stage)
{
    GThreadPool *pool =
        g_thread_pool_new(run_case, stage, (int)g_get_num_processors(), FALSE, NULL);
    for (guint i = 0; i < stage->cases->len; i++)
        g_thread_pool_push(pool, g_ptr_array_index(stage->cases, i), NULL);
    for (guint i = 0; i < stage->cases->len; i++) {
        const Case *one = g_ptr_array_index(stage->cases, i);
        g_mutex_lock(&stage->mutex);
        while (!one->done)
            g_cond_wait(&stage->done, &stage->mutex);
        g_mutex_unlock(&stage->mutex);
        if (!must_stop(stage))
            tell_case(stage, one);
    }
    g_thread_pool_free(pool, FALSE, TRUE);
}

static void
drop_cases(Stage *stage, const SpSlotFormat *format)
{
    for (guint i = stage->cases->len; i-- > 0;) {
        const Case *one = g_ptr_array_index(stage->cases, i);
        if (one->format == format)
            g_ptr_array_remove_index(stage->cases, i);
    }
}

static gboolean
finish(Stage *stage, GError **error)
{
    if (stage->error == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&stage->error));
    return FALSE;
}

gboolean
sp_selftest_run(SpSession *session, const SpSelftestOptions *options, GError **error)
{
    g_auto(Stage) stage = {0};
    if (!stage_init(&stage, session, options, error))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
        if (!add_cases(&stage, formats[i], error))
            return FALSE;
    run_twins(&stage);
    if (!finish(&stage, error))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
        if (!tell_control(&stage, formats[i]))
            drop_cases(&stage, formats[i]);
    run_cases(&stage);
    if (!finish(&stage, error))
        return FALSE;
    tell_left_out(&stage);
    sp_mutations_run(story_yield(&stage, &sp_slots_jpeg, SP_PICTURE_PLAIN)->files, options);
    SpCommandStage commands = {options, &stage.canary, stage.search, stage.uploads, stage.work};
    return sp_commands_run(&commands, error) && tell_scratch(&stage, error);
}
