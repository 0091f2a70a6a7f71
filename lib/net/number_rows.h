/*
 * Answers that are rows of numbers: a vector for each text, a score for each
 * passage. Private to lib/net.
 */
#ifndef KB_NET_NUMBER_ROWS_H
#define KB_NET_NUMBER_ROWS_H

#include "net/ask.h"

/* How a body has them. */
struct kb_rows_form {
	const char *list;	/* member that is the array */
	const char *numbers[2]; /* member of a row; the second may be NULL */
	bool indexed; /* a row names its text by 'index'; else by its place */
};

/* KB_EFORMAT unless there is a row of finite numbers for each text, all of
 * one length. */
int kb_rows_read(const struct kb_form_ask *ask, const struct kb_body *body,
		 const struct kb_rows_form *form, struct kb_arena *arena,
		 struct kb_form_reply *reply, struct kb_err *err);

#endif
