/*
 * The router of a cascade: from a question and what a small model answered, the
 * chance that a large one is right where the small one is not.
 *
 * A logistic model (kb-weights(5)) over what can be counted in both texts. It
 * is learned from outcomes: questions, what the small model answered, and
 * whether either was right. Without an answer its features are missing, and the
 * question alone decides.
 */
#ifndef KB_CASCADE_ROUTER_H
#define KB_CASCADE_ROUTER_H

#include "base/buf.h"
#include "base/err.h"
#include "learn/linear.h"
#include "json/rec.h"

#define KB_ROUTER_FEATURES 12
#define KB_ROUTER_TEXT_MAX                                \
	((size_t)64 << 10) /* bytes that are read of each \
			    */
#define KB_ROUTER_RECORDS 100000
#define KB_ROUTER_LEAST	  50 /* outcomes to learn from */
#define KB_ROUTER_KEEP \
	.95 /* of the right answers, where nobody says otherwise */

extern const char *const kb_router_names[KB_ROUTER_FEATURES];

/* answer.ptr NULL: there is none. */
void kb_router_measure(struct kb_str question, struct kb_str answer,
		       double *values);

/* ---- learning ---- */

struct kb_router_outcome {
	double x[KB_ROUTER_FEATURES];
	uint64_t fold;	   /* by the hash of the question */
	bool small, large; /* was it right? */
};

struct kb_router_training {
	struct kb_router_outcome *items;
	size_t n, cap;
	size_t n_failed;
	struct kb_err failed; /* why the first of them did */
	double keep;	      /* of what the large one has right, 0..1 */
	int64_t now_s;	      /* Unix, for the model's date; 0: none */
	/* of the outcomes, each scored by a model of the others: */
	double threshold, share; /* from which on, how many are sent on */
	double random;		 /* how many, were they drawn */
};

/* A record of outcomes: 'query' or 'prompt', 'small' (optional), and the
 * booleans 'small_ok' and 'large_ok'. KB_EINVAL names what is missing; nothing
 * is learned then. number: of the record, for the message. */
int kb_router_take(struct kb_router_training *training,
		   const struct kb_rec *rec, uint64_t number,
		   struct kb_arena *arena, struct kb_err *err);

/* Learn, append the model's file, set threshold, share and random. KB_EINVAL:
 * too few outcomes, or of one kind. */
int kb_router_learn(struct kb_router_training *training, struct kb_buf *out,
		    struct kb_err *err);

/* In a line: the expression for 'when', and what it does. */
void kb_router_tell(const struct kb_router_training *training,
		    struct kb_buf *out);

void kb_router_release(struct kb_router_training *training);

#endif
