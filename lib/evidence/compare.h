/*
 * A claim against its evidence: features between 0 and 1 that grow with
 * support, and hard findings (a number or a polarity that contradicts).
 *
 * All features are monotone: more agreement never lowers one, so a model
 * with non-negative weights never turns agreement into doubt.
 *
 * A claim that cites nothing is compared with the passages that hold nearly as
 * much of it as the best one; words that stand in others by chance are no
 * support, and passages about something else change nothing.
 */
#ifndef KB_EVIDENCE_COMPARE_H
#define KB_EVIDENCE_COMPARE_H

#include "evidence/align.h"
#include "passage/prepare.h"
#include "relevance/relevance.h"

enum kb_feature {
	KB_F_COVER,    /* weight of the claim's terms found anywhere */
	KB_F_BEST1,    /* ... in the best sentence */
	KB_F_BEST3,    /* ... in the best three sentences in a row */
	KB_F_PAIRS,    /* adjacent tokens that are adjacent in the evidence */
	KB_F_TRIPLES,  /* three in a row */
	KB_F_RUN,      /* longest common run of tokens */
	KB_F_PRESENT,  /* exp(-weight of the content that is nowhere) */
	KB_F_NUMBERS,  /* quantities that agree; 1 when there are none */
	KB_F_ENTITIES, /* names, codes, titles that occur; 1 when none */
	KB_F_POLARITY, /* 0 when a negation or opposite disagrees */
	KB_F_QUESTION, /* claim and question covered in one place */
	KB_F_ALIGNED,  /* share that stands in one sentence, in its order */
	KB_F_SLOTS,    /* exp(-w / 2), w the weight of what stands in the place
			* of something else and not in that sentence, */
	KB_F_SLOTS_PASSAGE, /* ... nor anywhere in its passage */
	KB_F_ADDED_PASSAGE, /* the same of what has no place there */
	KB_FEATURES,
};

enum kb_finding_kind {
	KB_FIND_NUMBER_CONFLICT, /* claim's spelling ≠ source's */
	KB_FIND_NUMBER_MISSING,	 /* found nowhere */
	KB_FIND_NUMBER_PART,	 /* one end of a range */
	KB_FIND_ENTITY_MISSING,
	KB_FIND_POLARITY,
	KB_FIND_EXCHANGED,  /* something else stands there in the source */
	KB_FIND_ADDED,	    /* and nothing does */
	KB_FIND_TRANSPOSED, /* two things stand in each other's places */
};

struct kb_finding {
	enum kb_finding_kind kind;
	struct kb_str claim, source; /* source empty for missing ones */
	uint32_t hit;
};

/* The source says otherwise; other findings only are not of it. */
static inline bool kb_finding_contradicts(enum kb_finding_kind kind)
{
	return kind == KB_FIND_NUMBER_CONFLICT || kind == KB_FIND_POLARITY ||
	       kind == KB_FIND_TRANSPOSED;
}

/* Something in a copy is not of its source. */
static inline bool kb_finding_is_foreign(enum kb_finding_kind kind)
{
	return kind == KB_FIND_NUMBER_PART || kind == KB_FIND_EXCHANGED ||
	       kind == KB_FIND_ADDED;
}

#define KB_FINDINGS_MAX 8

struct kb_comparison {
	double f[KB_FEATURES];
	struct kb_finding findings[KB_FINDINGS_MAX];
	size_t n_findings;
	double relevance[KB_RELEVANCE_FEATURES];
	struct kb_missing missing; /* of the question, in its passage */
	bool contradicted;	   /* by a number, a polarity or an exchange */
	bool foreign;		   /* something in it is not of its source */
	bool excepted;		   /* it says rightly what its source excepts */
	bool place;		   /* a best place exists: */
	uint32_t hit;		   /* its passage, from 0 */
	uint32_t start, end;	   /* and bytes of that passage's text */
};

/*
 * What the comparisons with one evidence share. Scratch is taken once and
 * cleaned of what a comparison touched, so a claim costs the occurrences
 * that it visits and no pass over the evidence. As claims times evidence
 * still grow faster than the record, the visits are counted and bounded.
 */
struct kb_comparer {
	const struct kb_prepared *evidence;   /* borrowed */
	const struct kb_prepared *question;   /* one text, or NULL; borrowed */
	const struct kb_relevance *relevance; /* of the question; borrowed */
	uint64_t visits, max_visits;

	/* A number for each sentence of the evidence: */
	float *one;   /* weight of claim terms in it */
	float *three; /* in the window of three that starts there */
	float *asked; /* weight of question terms in that window */
	float asked_all;
	float *in_title;   /* ... of those in it that its title has, too */
	uint32_t *counted; /* claim term counted last for a sentence, + 1 */
	uint32_t *last;	   /* claim term counted last for a window, + 1 */
	uint32_t *touched; /* the n_touched windows and sentences to clean */
	size_t n_touched;

	/* Of the claim compared last: for each token the sentences that hold
	 * its quantity, or NULL; all are NULL without quantities. */
	const struct kb_agreed **agreed;
	size_t n_agreed;
	const bool *told; /* each token that the passage's title has, or NULL */

	/* For each passage: */
	float *title;	/* weight of the claim in its title */
	float *most;	/* of the claim in a window of it */
	bool *asked_of; /* the question is about it, too */
	bool *sister;	/* it lacks a thing of the question that another has */
	bool *near;	/* it holds nearly as much as the best one */
	bool asks;	/* asked_of tells passages apart */

	/* For each token of the evidence: the length of the common run that
	 * ends there, valid where its stamp is that of the claim's token. */
	uint32_t *lengths[2], *stamps[2], stamp;
	struct kb_align_scratch *align;
	const struct kb_scope *scope; /* of an index, or NULL; borrowed */
};

/* Visits that every record has, and those it has beside for each byte. */
#define KB_COMPARE_VISITS	   4000000
#define KB_COMPARE_VISITS_PER_BYTE 100
#define KB_QUANTITY_VISITS	   8 /* that comparing two of them costs */

/* bytes: of the evidence and of the answer. Scratch lives in the arena. */
void kb_comparer_begin(struct kb_comparer *c,
		       const struct kb_prepared *evidence,
		       const struct kb_prepared *question,
		       const struct kb_relevance *relevance,
		       const struct kb_scope *scope, size_t bytes,
		       struct kb_arena *arena);

/* Were the visits too few? The last comparison is void, and all after it. */
static inline bool kb_comparer_spent(const struct kb_comparer *c)
{
	return c->visits > c->max_visits;
}

struct kb_compare_input {
	struct kb_comparer *comparer;
	const struct kb_prepared *claim;    /* one text, the bare claim */
	const struct kb_prepared *question; /* the comparer's */
	struct kb_prepared *evidence;	    /* the comparer's */
	const bool *allowed; /* passages to look at, NULL for all */
	bool asks; /* the claim is the question: opposites are compared */
};

void kb_compare(const struct kb_compare_input *in, struct kb_comparison *out);

/* Parts: note n visits; false when that was too much. */
static inline bool kb_compare_visit(const struct kb_compare_input *in, size_t n)
{
	in->comparer->visits += n;
	return !kb_comparer_spent(in->comparer);
}

static inline bool kb_compare_allowed(const struct kb_compare_input *in,
				      uint32_t sentence)
{
	return !in->allowed ||
	       in->allowed[in->evidence->sentences[sentence].hit];
}

/* bound.c: of the sentence where a question was found, does the clause that has
 * its last word say that there is none: "on Linux; no Windows"? */
bool kb_compare_refused(const struct kb_compare_input *in,
			const struct kb_comparison *found);

/* widened.c: does a claim only repeat words of a Chinese yes-no question,
 * 不含早餐, so that it is a yes or a no? */
bool kb_compare_echoes(const struct kb_compare_input *in, bool *denies);

/* Note a finding and what it means; KB_FINDINGS_MAX are kept. */
void kb_compare_find(struct kb_comparison *out, enum kb_finding_kind kind,
		     struct kb_str claim, struct kb_str source, uint32_t hit);

/* Bytes of a sentence; empty in a title, which is kept nowhere. */
struct kb_str kb_compare_slice(const struct kb_prepared *ev, uint32_t sentence,
			       uint32_t start, uint32_t end);

#endif
