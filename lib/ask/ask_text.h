/*
 * An answered record for people: the answer, the sentences it rests on with
 * the places where they stand, what the check did not find there, confidence
 * and route. An answer that is none, "I don't know", comes with the passages
 * that are nearest.
 */
#ifndef KB_ASK_ASK_TEXT_H
#define KB_ASK_ASK_TEXT_H

#include "search/search_record.h"

/* Passages that are shown where there is no answer, and that each further
 * look adds. */
#define KB_ASK_PASSAGES 3

/* shown: the answer stands on the terminal already. The style's ranks are not
 * looked at. Returns how many of the first hits were shown as passages. */
int kb_ask_text(struct kb_rec *rec, const struct kb_text_style *style,
		bool shown, struct kb_buf *out);

#endif
