/*
 * The question of a record, for every program: 'standalone', else 'query',
 * else the text of the last user message that has one. A string of nothing
 * but white space and other characters that nobody sees is passed over like one
 * that is missing.
 *
 * A member that is there has its type whether it is needed or not: another
 * one, null aside, is an error of the record, the same in every program.
 */
#ifndef KB_RECORD_QUESTION_H
#define KB_RECORD_QUESTION_H

#include "record/turns.h"

enum kb_question_source {
	KB_QUESTION_NONE, /* it asks nothing; the text is empty */
	KB_QUESTION_STANDALONE,
	KB_QUESTION_QUERY,
	KB_QUESTION_MESSAGE,
};

struct kb_question {
	struct kb_str text; /* in the record or the arena */
	enum kb_question_source source;
};

/* KB_EINVAL names the member of a wrong type; *out is then NONE. */
int kb_question_read(const struct kb_rec *rec, struct kb_arena *arena,
		     struct kb_question *out, struct kb_err *err);

/* The question as the person said it: the same without 'standalone', which
 * programs make of it. */
int kb_question_asked(const struct kb_rec *rec, struct kb_arena *arena,
		      struct kb_question *out, struct kb_err *err);

/* The question, else what the last user message of a record's prompt says: that
 * of a record that holds nothing but a prompt. */
int kb_question_read_prompt(const struct kb_rec *rec, struct kb_arena *arena,
			    struct kb_question *out, struct kb_err *err);

/* Both at once, for who has read the messages already: last_user is the text
 * of the last user message that says something, its ptr NULL when none does. */
int kb_question_choose(const struct kb_rec *rec, struct kb_str last_user,
		       struct kb_arena *arena, struct kb_question *out,
		       struct kb_question *asked, struct kb_err *err);

/* KB_EINVAL for a record that asks nothing, in the words of all programs. */
int kb_question_missing(struct kb_err *err);

#endif
