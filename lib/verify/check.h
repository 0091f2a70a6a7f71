/*
 * The fact check of one answer: its claims, a verdict on each with its
 * evidence, and from them the answer's confidence.
 *
 * Deterministic and without a model: words, runs, numbers, names and
 * polarity are compared with the passages. It does not know the world, does
 * not draw conclusions over several passages, and takes a paraphrase for
 * unsupported; see fact-check(1), LIMITS.
 */
#ifndef KB_VERIFY_CHECK_H
#define KB_VERIFY_CHECK_H

#include "claim/claim.h"
#include "text/lang.h"
#include "verify/check_basis.h"
#include "verify/score.h"

enum kb_verdict {
	KB_SUPPORTED,
	KB_UNSUPPORTED,
	KB_CONTRADICTED,
	KB_MISCITED, /* supported, but by another passage than the cited */
	KB_DANGLING, /* cites a passage that does not exist */
	KB_ABSTAIN,
	KB_NOT_A_CLAIM,
	KB_UNCHECKED, /* no evidence, or not looked at: too much of it */
};

const char *kb_verdict_name(enum kb_verdict verdict);

/* Is it one on a claim that was compared? */
static inline bool kb_verdict_is_judged(enum kb_verdict verdict)
{
	return verdict < KB_ABSTAIN;
}

struct kb_checked_claim {
	struct kb_claim claim;
	enum kb_verdict verdict;
	double p;	     /* support; only for checked claims */
	double relevance;    /* to the question; -1: not measured */
	bool other_language; /* than that of all evidence: unchecked */
	bool asked;	     /* a judge has said (judge.h) ... */
	double answer;	     /* ... this probability, which is p then */
	struct kb_comparison found;
};

/* Claims that are compared; those behind them are unchecked. */
#define KB_CLAIMS_CHECKED 1000

struct kb_check {
	struct kb_checked_claim *claims;
	size_t n_claims;
	size_t n_checked; /* neither abstention nor no claim */
	size_t n_abstained;
	bool unchecked; /* a claim is; what else is known says little then */
	bool flagged;	/* a contradiction */
	bool miscited;	/* a citation of nothing, or of what does not say it */
	bool needless;	/* it only abstains, and the evidence answers */
	bool foreign;	/* in a copy, something that its source has not */
	double p;	/* of the answer; 0 when nothing was checked */
	double relevance; /* of the claim that answers best; -1: not known */
	/* The largest share of a sentence of the evidence, but for what the
	 * question says, that the answer holds; NaN: not measured. */
	double held;
	struct kb_missing missing; /* of that claim */
};

/* Of one thread. */
struct kb_checker {
	struct kb_reader reader;
	struct kb_check_basis basis;
	struct kb_prepared claim; /* scratch */
	bool speaks[2];	    /* enum kb_lang: a passage of the record does */
	bool by_clause;	    /* claims are clauses: several things are asked */
	bool measures_held; /* kb_check.held is wanted: it costs a pass */
	struct kb_arena arena;	/* of kb_verify_record(): one record */
	struct kb_linear model; /* of a claim */
	struct kb_relevance_models relevance;
};

/* model: of a claim, over the features of score.h; NULL is the built-in one.
 * Borrowed till the release. */
void kb_checker_init(struct kb_checker *checker,
		     const struct kb_linear_model *model);
void kb_checker_release(struct kb_checker *checker);

/* Check an answer against n passages, of which the first n_hits are what a
 * citation [n] counts; question may be empty, scope (of an index) NULL.
 * Everything in the arena, but that missing.text is the checker's till the next
 * answer. */
int kb_check_answer(struct kb_checker *checker, struct kb_str question,
		    struct kb_str answer,
		    const struct kb_check_passage *passages, size_t n,
		    size_t n_hits, const struct kb_scope *scope,
		    struct kb_arena *arena, struct kb_check *out,
		    struct kb_err *err);

/* Set what follows from the claims: p, flagged, miscited and foreign. Scratch
 * in the arena. */
void kb_check_sum(struct kb_check *check, struct kb_arena *arena);

#endif
