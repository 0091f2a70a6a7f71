/*
 * Does an answer answer the question?
 *
 * Whether a claim stands in the passages says nothing about that: what another
 * question's answer says stands there, too. So the question's pieces are
 * looked up in the evidence once, and every sentence of it gets a score: how
 * much of the question it holds, it with the sentence before and the title,
 * and its passage. A claim is then measured by the sentence that holds it, and
 * by how that one stands to the best of the others.
 *
 * Every feature grows with relevance. A piece of the question counts the more
 * the rarer it is: in the index, or without one among the sentences of the
 * evidence (the inverse document frequency of BM25).
 */
#ifndef KB_RELEVANCE_RELEVANCE_H
#define KB_RELEVANCE_RELEVANCE_H

#include "answer/reading.h"
#include "passage/prepare.h"
#include "query/scope.h"

#define KB_RELEVANCE_UNITS    64 /* pieces of the question: bits of a mask */
#define KB_RELEVANCE_NAME_MAX 16

enum kb_relevance_feature {
	KB_RELEVANCE_MARGIN,	     /* above the best other sentence */
	KB_RELEVANCE_MARGIN_PASSAGE, /* ... of another passage */
	KB_RELEVANCE_RANK,	     /* 1 / rank among the sentences */
	KB_RELEVANCE_HIT,	     /* 1 / number of the hit; 0 when fetched */
	KB_RELEVANCE_OWN,	     /* of the question, in the sentence */
	KB_RELEVANCE_WINDOW,	     /* ... the one before and the title, too */
	KB_RELEVANCE_RUN,	     /* 1 less the longest run that the passage
				      * misses */
	KB_RELEVANCE_NAMES,	     /* share of the names in the window */
	KB_RELEVANCE_NAMES_PASSAGE,  /* ... in the passage */
	KB_RELEVANCE_NAMES_ALL,	     /* 1 when the passage has them all */
	KB_RELEVANCE_KNOWN,	     /* 1 when the passage has every name that
				      * the index knows */
	KB_RELEVANCE_KIND,	     /* the claim offers what is asked for */
	KB_RELEVANCE_MEASURE,	     /* -1, 0, 1: in the wanted measure */
	KB_RELEVANCE_NEAR,	     /* the question's pieces near the answer */
	KB_RELEVANCE_LACK,	     /* -weight of the longest run of words that
				      * the passage lacks (lacking.h) */
	KB_RELEVANCE_LACK_WINDOW,    /* ... of the longest run in the window */
	KB_RELEVANCE_HELD, /* -share of a long question that the passage lacks
			    */
	KB_RELEVANCE_LONG, /* 0 for a short question, to 1 */
	KB_RELEVANCE_OPEN, /* 1: a reason or a way is wanted */
	KB_RELEVANCE_POSSIBLE, /* 0: what is missing is certain */
	KB_RELEVANCE_THINGS,   /* 1 when the passage has every name, code */
	KB_RELEVANCE_NUMBERS,  /* 1 when the passage has every number */
	KB_RELEVANCE_NEWS,     /* share of the claim not in the question */
	KB_RELEVANCE_PART,     /* share of the sentence that it is */
	KB_RELEVANCE_HAN,      /* the question is Chinese */
	KB_RELEVANCE_FEATURES
};

extern const char *const kb_relevance_features[KB_RELEVANCE_FEATURES];

#define KB_RELEVANCE_THINGS_MAX 16
#define KB_RELEVANCE_WORDS_MAX	8

/* A name, code or number of the question. */
struct kb_relevance_thing {
	struct kb_str text; /* in the question */
	uint64_t keys[KB_RELEVANCE_WORDS_MAX];
	struct kb_str words[KB_RELEVANCE_WORDS_MAX]; /* in the question */
	size_t n;
	uint32_t known; /* bits: words that stand in the index */
};

/* A number of a question that a text has not. */
struct kb_asked_number {
	struct kb_str missing; /* the first; len 0 for none */
	bool sister; /* the text has another of its kind: version 2.4 for 2.2 */
	size_t n;    /* numbers of the question */
};

/* What of the units a passage has in another form; made when first asked. */
struct kb_relevance_likes {
	struct kb_asked_number number;
	bool looked;	  /* ... for the words of excluded.c, */
	uint64_t unnamed; /* those that it does not name, by their place */
	double like[KB_RELEVANCE_UNITS]; /* 0..1 */
};

/* A question laid over the evidence. Lives in the arena it was made in. */
struct kb_relevance {
	struct kb_reader *reader;
	struct kb_arena *arena;
	const struct kb_prepared *evidence;
	struct kb_str question;
	struct kb_form form;
	size_t n_hits;	/* passages that search found; the rest was fetched */
	size_t n_units; /* 0: it asks nothing, nothing is measured */
	double weight[KB_RELEVANCE_UNITS]; /* sums to 1 */
	double full[KB_RELEVANCE_UNITS];   /* 1 for a rare word */
	uint64_t keys[KB_RELEVANCE_UNITS]; /* of the character or word */
	uint16_t of[KB_RELEVANCE_UNITS];   /* its place in form.units */
	struct kb_relevance_thing *things;
	size_t n_things;
	size_t n_numbers; /* in the question */
	double length;	/* of the question, in words; two characters are one */
	double telling; /* how much a word says that is missing: 1 in a short
			 * question, less in a long one */
	struct kb_relevance_likes **likes; /* of each passage, or NULL */
	uint64_t runs; /* units that stand right before the next one */
	uint64_t names[KB_RELEVANCE_NAME_MAX];
	size_t n_names;
	uint64_t known[KB_RELEVANCE_NAME_MAX]; /* names in the index's graph */
	struct kb_str known_text[KB_RELEVANCE_NAME_MAX]; /* in the question */
	size_t n_known;
	struct kb_map bits;	/* key of a token -> units */
	uint64_t *own, *window; /* of each sentence: units in it */
	uint64_t *passage;	/* of each passage */
	uint32_t *first;	/* sentence of each passage */
	uint64_t *placed;	/* visits of misplaced.c so far */
	double *score;		/* of each sentence */
	uint32_t *order;	/* sentences, the best first */
	size_t n_order;
};

/* What of the question the passage of a claim is without. */
enum kb_missing_kind {
	KB_MISSING_NOTHING,
	KB_MISSING_THING, /* a name, a code, what the question begins with */
	KB_MISSING_ATTRIBUTE, /* what is asked of the thing */
	KB_MISSING_CONDITION, /* a number, any other word */
	KB_MISSING_KIND,      /* the claim has none of the wanted quantity */
};

struct kb_missing {
	enum kb_missing_kind kind;
	struct kb_str text;
	bool certain; /* nothing else can make up for it */
};

/* evidence: borrowed. scope: an index that knows how rare a word is,
 * or NULL. Needs a kb_relevance_end(), even when it fails: KB_EFORMAT when the
 * graph of the index is damaged. */
int kb_relevance_begin(struct kb_relevance *r, struct kb_reader *reader,
		       const struct kb_prepared *evidence, size_t n_hits,
		       const struct kb_scope *scope, struct kb_str question,
		       struct kb_arena *arena, struct kb_err *err);
void kb_relevance_end(struct kb_relevance *r);

/*
 * Measure a claim. covered: for each sentence of the evidence the weight of
 * the claim in it; most: the largest of them. f: KB_RELEVANCE_FEATURES; what
 * is not known is NAN.
 */
void kb_relevance_measure(const struct kb_relevance *r,
			  const struct kb_prepared *claim, const float *covered,
			  float most, double *f, struct kb_missing *missing);

/* asked_things.c: notes the names of the question that the index has in its
 * graph. KB_EFORMAT when that is damaged. */
int kb_relevance_known(struct kb_relevance *r, const struct kb_scope *scope,
		       struct kb_str question, struct kb_arena *arena,
		       struct kb_err *err);

/* The first such Chinese name of which the passage has neither half nor
 * something alike; len 0 for none. Others are told by their letters. */
struct kb_str kb_relevance_missing_name(const struct kb_relevance *r,
					uint32_t hit);

/* Weight of units, of all 1. */
double kb_relevance_weight(const struct kb_relevance *r, uint64_t units);

/* Does the text have a word that begins as the name's longest: an inflected
 * or shortened form of it? */
bool kb_relevance_alike(struct kb_str name, struct kb_str text);

#endif
