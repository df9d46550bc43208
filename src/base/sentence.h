/* SPDX-License-Identifier: MIT */
/* sentence.h -- the text of sentences.ini, compiled in: nothing is read from disk at run time.
 */
#ifndef SP_BASE_SENTENCE_H
#define SP_BASE_SENTENCE_H

extern const char sp_sentences_text[];

#endif
