/* SPDX-License-Identifier: MIT */
/* folders.c -- sp_folders_compare() of state.h: does one of two folders lie within the other?
 *
 * A path is followed name by name to where nothing is any more; what is left then are the
 * names that a later mkdir would make. Of the folders that exist device and inode tell which
 * they are, on the way up to the root: a link or a mount below another name does not hide that
 * one is within the other. */
#include "base/error.h"
#include "bulk/state.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    SpFd fd;         /* owned; O_PATH: the innermost folder of it that exists */
    GPtrArray *rest; /* owned; of owned strings: the names below that do not */
} Place;

static void
place_clear(Place *place)
{
    sp_fd_clear(&place->fd);
    g_clear_pointer(&place->rest, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

static int
enter(int at, const char *name)
{
    return openat(at, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* One name further; FALSE with errno. */
static gboolean
step(Place *place, const char *name)
{
    if (name[0] == '\0' || g_str_equal(name, "."))
        return TRUE;
    if (place->rest->len > 0 && g_str_equal(name, "..")) {
        g_ptr_array_set_size(place->rest, (gint)place->rest->len - 1);
        return TRUE;
    }
    int next = place->rest->len > 0 ? -1 : enter(place->fd, name);
    if (next < 0 && place->rest->len == 0 && errno != ENOENT)
        return FALSE;
    if (next < 0) {
        g_ptr_array_add(place->rest, g_strdup(name));
        return TRUE;
    }
    sp_fd_clear(&place->fd);
    place->fd = next;
    return TRUE;
}

static gboolean
find_place(const char *folder, Place *place, GError **error)
{
    g_auto(GStrv) names = g_strsplit(folder, "/", -1);
    place->rest = g_ptr_array_new_with_free_func(g_free);
    place->fd = enter(AT_FDCWD, folder[0] == '/' ? "/" : ".");
    gboolean ok = place->fd >= 0;
    for (guint i = 0; ok && names[i] != NULL; i++)
        ok = step(place, names[i]);
    return ok || sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno,
                                "cannot find the folder '%s'", folder);
}

/* Whether inner, or a folder around it, is outer; FALSE with error, too. */
static gboolean
is_within(int inner, int outer, gboolean *ret_is, GError **error)
{
    struct stat wanted, st, above;
    g_auto(SpFd) at = enter(inner, ".");
    gboolean ok = at >= 0 && fstat(outer, &wanted) == 0 && fstat(at, &st) == 0;
    while (ok && (st.st_dev != wanted.st_dev || st.st_ino != wanted.st_ino)) {
        g_auto(SpFd) parent = enter(at, "..");
        ok = parent >= 0 && fstat(parent, &above) == 0;
        if (ok && above.st_dev == st.st_dev && above.st_ino == st.st_ino) { /* the root */
            *ret_is = FALSE;
            return TRUE;
        }
        st = above;
        sp_fd_clear(&at);
        at = sp_fd_steal(&parent);
    }
    *ret_is = ok;
    return ok || sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno,
                                "cannot look at the folders around a folder");
}

/* Below one folder. */
static SpFolders
compare_rests(const GPtrArray *first, const GPtrArray *second)
{
    guint n = MIN(first->len, second->len);
    for (guint i = 0; i < n; i++)
        if (!g_str_equal(first->pdata[i], second->pdata[i]))
            return SP_FOLDERS_APART;
    if (first->len == second->len)
        return SP_FOLDERS_SAME;
    return first->len > second->len ? SP_FOLDERS_FIRST_WITHIN : SP_FOLDERS_SECOND_WITHIN;
}

gboolean
sp_folders_compare(const char *first, const char *second, SpFolders *ret_relation,
                   GError **error)
{
    g_auto(Place) a = {.fd = -1}, b = {.fd = -1};
    gboolean a_in_b = FALSE, b_in_a = FALSE;
    if (!find_place(first, &a, error) || !find_place(second, &b, error) ||
        !is_within(a.fd, b.fd, &a_in_b, error) || !is_within(b.fd, a.fd, &b_in_a, error))
        return FALSE;
    if (a_in_b && b_in_a)
        *ret_relation = compare_rests(a.rest, b.rest);
    else if (a_in_b && b.rest->len == 0)
        *ret_relation = SP_FOLDERS_FIRST_WITHIN;
    else if (b_in_a && a.rest->len == 0)
        *ret_relation = SP_FOLDERS_SECOND_WITHIN;
    else
        *ret_relation = SP_FOLDERS_APART;
    return TRUE;
}
