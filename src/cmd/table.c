/* SPDX-License-Identifier: MIT */
/* table.c -- columns of text. */
#include "cmd/table.h"
#include "cmd/print.h"

#define MOST_COLUMNS 8

GPtrArray *
sp_table_new(void)
{
    return g_ptr_array_new_with_free_func(g_free);
}

void
sp_table_append(GString *text, const GPtrArray *cells, guint n_columns, guint right)
{
    glong widths[MOST_COLUMNS] = {0};
    g_return_if_fail(n_columns > 0 && n_columns <= MOST_COLUMNS);
    for (guint i = 0; i < cells->len; i++) {
        glong width = g_utf8_strlen(g_ptr_array_index(cells, i), -1);
        widths[i % n_columns] = MAX(widths[i % n_columns], width);
    }
    for (guint i = 0; i < cells->len; i++) {
        const char *cell = g_ptr_array_index(cells, i);
        guint column = i % n_columns;
        gboolean last = column == n_columns - 1;
        g_string_append(text, "  ");
        if ((right >> column & 1) != 0)
            sp_print_pad(text, "", widths[column] - g_utf8_strlen(cell, -1));
        sp_print_pad(text, cell, last || (right >> column & 1) != 0 ? 0 : widths[column]);
        g_string_append(text, last ? "\n" : "");
    }
}
