/*
 * A question that asks several things (answer/question_parts.h): is each of
 * them answered?
 */
#ifndef KB_VERIFY_CHECK_PARTS_H
#define KB_VERIFY_CHECK_PARTS_H

#include "verify/check.h"

/*
 * As kb_check_answer(). Where the question has parts, all of which ask for
 * something definite (who, when, where, how much), the claims are clauses, and
 * the relevance is that of the part that is answered least: the passages of
 * one part lack the words of another.
 */
int kb_check_question(struct kb_checker *checker, struct kb_str question,
		      struct kb_str answer,
		      const struct kb_check_passage *passages, size_t n,
		      size_t n_hits, const struct kb_scope *scope,
		      struct kb_arena *arena, struct kb_check *check,
		      struct kb_err *err);

#endif
