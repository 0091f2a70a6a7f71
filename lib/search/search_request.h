/* What is asked of a search once; all of it is borrowed. */
#ifndef KB_SEARCH_SEARCH_REQUEST_H
#define KB_SEARCH_SEARCH_REQUEST_H

#include "record/question.h"
#include "json/rec.h"

struct kb_request {
	struct kb_str query;
	struct kb_str asked; /* as the person said it, where the query was
				made of it and the conversation; may be empty */
	enum kb_question_source source; /* of the query in the record */
	const struct kb_str *rewrites;
	size_t n_rewrites;
	const struct kb_str *history; /* earlier turns, the newest first */
	size_t n_history;
	struct kb_str hyde;
	struct kb_json vectors;
};

#endif
