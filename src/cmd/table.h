/* SPDX-License-Identifier: MIT */
/* table.h -- columns, each as wide as its widest text. */
#ifndef SP_CMD_TABLE_H
#define SP_CMD_TABLE_H
#include <glib.h>
G_BEGIN_DECLS

/* New, owned by the caller; its cells are owned by it. */
GPtrArray *sp_table_new(void);

/* Append all cells, row by row, n_columns in a row, two blanks before each cell. right: the
 * numbers of the columns, as bits, that are aligned at their right. Cells are shown as they
 * are: escape them before. */
void sp_table_append(GString *text, const GPtrArray *cells, guint n_columns, guint right);

G_END_DECLS
#endif
