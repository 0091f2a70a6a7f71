/*
 * A judge for the claims that the numbers leave in doubt: a child filter such
 * as 'prompt-render -t judge | llm-call'.
 *
 * For each such claim it gets a record with 'query', 'claim' and 'hits' (the
 * passages, the best one first), and gives it back with its verdict: in
 * class.label with the probability class.score, or in words as 'answer'. One
 * child serves all threads of a run. What it does not answer, not in time, or
 * in words that are no verdict, leaves the built-in verdict as it is.
 *
 * A contradiction, a citation of nothing and what was not looked at are not
 * in doubt.
 */
#ifndef KB_VERIFY_JUDGE_H
#define KB_VERIFY_JUDGE_H

#include "verify/check.h"

#define KB_JUDGE_PASSAGES 5    /* that it is shown, */
#define KB_JUDGE_BYTES	  4000 /* and so much of each */

struct kb_judge_options {
	const char *command; /* NULL: no judge */
	double low, high;    /* claims of such a p are asked about */
	double timeout_s;    /* for an answer */
};

/* "LOW,HIGH" between 0 and 1. KB_EINVAL. */
int kb_judge_band(const char *text, struct kb_judge_options *out,
		  struct kb_err *err);

struct kb_judge;

/* Starts the child. *out is NULL without a command. */
int kb_judge_open(struct kb_judge **out, const struct kb_judge_options *options,
		  struct kb_err *err);
void kb_judge_close(struct kb_judge *judge);

/*
 * Ask about the claims in doubt and set their verdicts and what follows from
 * them. With NULL it does nothing. Returns what could not be done, in the
 * arena, or NULL. May be called by several threads.
 */
const char *kb_judge_run(struct kb_judge *judge, struct kb_str question,
			 const struct kb_check_passage *passages, size_t n,
			 struct kb_arena *arena, struct kb_check *check);

/* The probability that a line of the child gives. KB_EINVAL, KB_EREMOTE: it
 * gives none. */
int kb_judge_read(struct kb_str line, struct kb_arena *arena, double *p,
		  struct kb_err *err);

/* The verdict that a judge's words are: 1 supported, 0 not, -1 neither. */
int kb_judge_words(struct kb_str text);

#endif
