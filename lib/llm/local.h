/*
 * Inside of the built-in model. Users include model/model.h.
 *
 * A question is cut into units (characters and words, each with a weight),
 * the first passages into sentences. Every sentence gets a row of features,
 * a linear score picks the best one, and a second linear model over what the
 * best one looks like gives the probability that it answers. The models stand
 * in local_weights.h with the way they were learned.
 */
#ifndef KB_LLM_LOCAL_H
#define KB_LLM_LOCAL_H

#include <stdint.h>

#include "base/map.h"
#include "learn/linear.h"
#include "llm/local_features.h"
#include "llm/model.h"
#include "text/analyze.h"
#include "text/fold.h"
#include "text/quantity.h"
#include "text/synonym.h"

#define KB_LOCAL_HITS	   6	 /* passages that are read */
#define KB_LOCAL_HIT_BYTES 16384 /* of each */
#define KB_LOCAL_SENTENCES 400
#define KB_LOCAL_QUERY	   2048 /* bytes of the question that count */
#define KB_LOCAL_UNITS	   256
#define KB_LOCAL_KEYS	   768
#define KB_LOCAL_GROUPS	   16 /* of synonyms that one question touches */

struct kb_local {
	struct kb_model model; /* first: the two convert */
	struct kb_analyzer *an;
	struct kb_terms terms;
	struct kb_quantities quantities;
	struct kb_map stop; /* keys of English function words */
	/* Models, ready: of a sentence, of one without what the search said
	 * of its passage, of the answer, and of a passage that is judged. */
	struct kb_linear sentence, judging, answer, judge;
};

/* What a sentence offers; a mask. */
enum kb_local_cue {
	KB_CUE_NUMBER = 1 << 0, /* one that the question does not name */
	KB_CUE_DATE = 1 << 1,
	KB_CUE_SPAN = 1 << 2, /* a length of time */
	KB_CUE_MONEY = 1 << 3,
	KB_CUE_MASS = 1 << 4,
	KB_CUE_LENGTH = 1 << 5,
	KB_CUE_AREA = 1 << 6,
	KB_CUE_VOLUME = 1 << 7, /* litres, bytes, milliampere hours */
	KB_CUE_SHARE = 1 << 8,	/* per cent */
	KB_CUE_DEGREE = 1 << 9,
	KB_CUE_PERSON = 1 << 10,
	KB_CUE_PLACE = 1 << 11,
	KB_CUE_REASON = 1 << 12,
	KB_CUE_WAY = 1 << 13,
	KB_CUE_POLAR = 1 << 14, /* yes, no, may, must */
	KB_CUE_COUNT = 1 << 15, /* a number in words */
};

/* A piece of the question: a character with its two pairs, or a word. The
 * numbers are places in the question's list of keys; -1 for none. */
struct kb_local_unit {
	double weight;
	int key, left, right;
	unsigned groups; /* bits: the question's groups of synonyms */
	bool is_han, is_code;
};

struct kb_local_question {
	struct kb_str folded; /* lower case, half width, simplified */
	enum kb_local_kind kind;
	unsigned measure; /* cues one of which the answer must hold; 0 none */
	bool is_han;	  /* the language of the question */
	struct kb_local_unit *units;
	size_t n_units;
	struct kb_map keys; /* term key -> its place + 1 */
	size_t n_keys;
	uint64_t *order; /* base terms in order, for the common run */
	size_t n_order;
	double weight; /* sum over units; > 0 */
	const char *groups[KB_LOCAL_GROUPS];
	size_t n_groups;
};

struct kb_local_sentence {
	struct kb_str text; /* trimmed, in the passage */
	size_t hit;	    /* 0-based */
	size_t at;	    /* running number in its passage */
	unsigned cues;
	double *match; /* per unit: 0..1 in this sentence */
	double *with_title;
	double kind_score;
	double features[KB_FEATURES];
	double score;
};

/* The passages of one question, read. */
struct kb_local_reading {
	const struct kb_local *local;
	const struct kb_model_ask *ask;
	struct kb_local_question question;
	struct kb_local_sentence *sentences;
	size_t n_sentences;
	size_t n_hits;			   /* that were read */
	double *title[KB_LOCAL_HITS];	   /* match of the title, per unit */
	double *hit[KB_LOCAL_HITS];	   /* best match in the passage */
	double title_asked[KB_LOCAL_HITS]; /* share of title in question */
};

/* Groups of the question with a word in the folded text; bits. */
unsigned kb_local_groups(const struct kb_local_question *q,
			 struct kb_str folded);

/* local_question.c */
void kb_local_ask(struct kb_local *local, struct kb_arena *arena,
		  struct kb_str query, struct kb_local_question *q);
void kb_local_stop_words(struct kb_local *local);

/* local_fold.c */

/* Does the folded text hold the cue? A cue that starts or ends with a Latin
 * letter stands at a word's border there; '*' at its end lifts that. */
bool kb_local_has(struct kb_str folded, const char *cue);

/* The cues of a folded sentence; numbers of the folded question count not. */
unsigned kb_local_cues(struct kb_local *local, struct kb_str folded,
		       struct kb_str question);

/* local_read.c: reads ask into r; question and sentences are filled. */
void kb_local_read(struct kb_local *local, struct kb_arena *arena,
		   const struct kb_model_ask *ask, struct kb_local_reading *r);

/* local_score.c: features and scores of all sentences; the best's place, or
 * -1 without sentences. */
long kb_local_score(struct kb_arena *arena, struct kb_local_reading *r);
void kb_local_traits(const struct kb_local_reading *r, size_t best,
		     double traits[KB_TRAITS]);

/* local_answer.c */
void kb_local_compose(struct kb_arena *arena, const struct kb_local_reading *r,
		      long best, struct kb_model_answer *answer);

#endif
