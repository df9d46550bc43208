/* SPDX-License-Identifier: MIT */
/* comment.c -- comments, of JPEG and GIF: any text at all. A blank one reveals nothing. */
#include "inventory/reader.h"
#include "inventory/text.h"

void
sp_read_comment(SpSlice content, SpFinder *finder)
{
    content = sp_text_trim(content);
    if (content.n > 0)
        sp_find_value(finder, SP_CATEGORY_COMMENT, "Comment", content);
}
