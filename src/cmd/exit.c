/* SPDX-License-Identifier: MIT */
/* exit.c -- the table from error codes to exit codes, and the one that explains them.
 *
 * Every error code has a line: a code that is forgotten here is 0 in the table and comes out
 * as "our bug", never as success. */
#include "cmd/exit.h"
#include "cmd/print.h"
#include "storyphoto.h"

static const SpExit codes[SP_ERROR_LAST] = {
    [SP_ERROR_EMPTY] = SP_EXIT_REFUSED,
    [SP_ERROR_NOT_AN_IMAGE] = SP_EXIT_REFUSED,
    [SP_ERROR_UNSUPPORTED] = SP_EXIT_REFUSED,
    [SP_ERROR_TRUNCATED] = SP_EXIT_REFUSED,
    [SP_ERROR_CORRUPT] = SP_EXIT_REFUSED,
    [SP_ERROR_TOO_LARGE] = SP_EXIT_REFUSED,
    [SP_ERROR_TOO_MANY_PIXELS] = SP_EXIT_REFUSED,
    [SP_ERROR_TOO_MUCH_MEMORY] = SP_EXIT_REFUSED,
    [SP_ERROR_TOO_MUCH_WORK] = SP_EXIT_REFUSED,
    [SP_ERROR_CANNOT_FIT] = SP_EXIT_REFUSED,
    [SP_ERROR_DECODER_CRASHED] = SP_EXIT_REFUSED,
    [SP_ERROR_CANNOT_READ] = SP_EXIT_CANNOT_READ,
    [SP_ERROR_UNAVAILABLE] = SP_EXIT_UNAVAILABLE,
    [SP_ERROR_AUDIT] = SP_EXIT_BUG,
    [SP_ERROR_POLICY] = SP_EXIT_BUG,
    [SP_ERROR_PROTOCOL] = SP_EXIT_BUG,
    [SP_ERROR_CANNOT_SEAL] = SP_EXIT_CANNOT_SEAL,
    [SP_ERROR_CANNOT_WRITE] = SP_EXIT_CANNOT_WRITE,
    [SP_ERROR_EXISTS] = SP_EXIT_CANNOT_WRITE,
    [SP_ERROR_NO_SPACE] = SP_EXIT_CANNOT_WRITE,
    [SP_ERROR_IO] = SP_EXIT_IO,
    [SP_ERROR_BUSY] = SP_EXIT_AGAIN,
    [SP_ERROR_INPUT_TIMEOUT] = SP_EXIT_AGAIN,
    [SP_ERROR_INTERRUPTED] = SP_EXIT_AGAIN,
    [SP_ERROR_BAD_PRESET] = SP_EXIT_BAD_PRESET,
};

static const struct {
    SpExit code;
    const char *meaning;
} meanings[] = {
    {SP_EXIT_OK, "done"},
    {SP_EXIT_SOME, "several PHOTOs, and at least one of them is not done; or audit, doctor or "
                   "selftest found something"},
    {SP_EXIT_USAGE, "wrong usage"},
    {SP_EXIT_REFUSED, "the upload is refused: sending it again will not help"},
    {SP_EXIT_CANNOT_READ, "a PHOTO, a preset file, a SOURCE or a journal cannot be read"},
    {SP_EXIT_UNAVAILABLE, "an accepted format that this build cannot decode"},
    {SP_EXIT_BUG, "a fault of storyphoto itself; nothing was published"},
    {SP_EXIT_CANNOT_SEAL, "this host cannot seal or start a renderer"},
    {SP_EXIT_CANNOT_WRITE, "cannot write: no such folder, no right, no space, name taken"},
    {SP_EXIT_IO, "the disk failed, or standard output went away"},
    {SP_EXIT_AGAIN, "interrupted or not done in time: try again"},
    {SP_EXIT_BAD_PRESET, "the preset, a --set or the VARIANT of --to cannot be used"},
};

SpExit
sp_exit_code(const GError *error)
{
    if (error == NULL)
        return SP_EXIT_OK;
    if (error->domain != SP_ERROR || error->code < 0 || error->code >= SP_ERROR_LAST)
        return SP_EXIT_BUG;
    SpExit code = codes[error->code];
    return code != SP_EXIT_OK ? code : SP_EXIT_BUG;
}

SpExit
sp_exit_complain(const GError *error)
{
    sp_complain("%s", error->message);
    return sp_exit_code(error);
}

SpExit
sp_exit_code_of_run(const GError *error)
{
    SpExit code = sp_exit_code(error);
    return code == SP_EXIT_REFUSED ? SP_EXIT_CANNOT_READ : code;
}

void
sp_exit_help(GString *text)
{
    g_string_append(text, "\nexit codes:\n");
    for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++)
        g_string_append_printf(text, "  %2d  %s\n", (int)meanings[i].code, meanings[i].meaning);
}
