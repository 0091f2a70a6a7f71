/*
 * Which sentence of the passages answers the question?
 *
 * A question is cut into units (characters and words, each with a weight),
 * the first passages into sentences. Every sentence gets a row of features,
 * and a linear score ranks them; what a sentence looks like beside the others
 * are its traits, by which a caller judges whether it answers at all. The
 * built-in answerer chooses its answer so, the fact check judges by it what
 * another one said.
 */
#ifndef KB_ANSWER_READING_H
#define KB_ANSWER_READING_H

#include "answer/asked.h"
#include "answer/layout.h"
#include "answer/question_form.h"
#include "learn/linear.h"
#include "quantity/quantity.h"
#include "text/analyze.h"

#define KB_READING_HITS	     10	   /* passages that are read */
#define KB_READING_HIT_BYTES 16384 /* of each */
#define KB_READING_SENTENCES 600

/* Scratch and models of one thread. */
struct kb_reader {
	struct kb_analyzer *an;
	struct kb_terms terms;
	struct kb_quantities quantities;
	struct kb_map stop; /* keys of English function words */
	/* Of a sentence; and of one without what the search said of its
	 * passage. */
	struct kb_linear sentence, judging;
	/* Of a sentence, where there is an encoder. */
	struct kb_linear meant;
};

struct kb_reading_sentence {
	struct kb_str text; /* trimmed, in the passage */
	size_t hit;	    /* 0-based */
	size_t at;	    /* running number in its passage */
	enum kb_layout_kind kind;
	long under;	/* sentence that it stands under; -1 for none */
	bool refers;	/* begins by what stands before it */
	bool ends;	/* with more than a semicolon */
	bool is_option; /* of a manual: its line, or what it means */
	unsigned cues;	/* enum kb_cue */
	double *match;	/* per unit: 0..1 in this sentence */
	double *with_title;
	double kind_score;
	double features[KB_SENTENCE_FEATURES];
	double score;
};

/* The passages of one question, read. */
struct kb_reading {
	const struct kb_reader *reader;
	const struct kb_asked *asked;
	struct kb_form question;
	struct kb_reading_sentence *sentences;
	size_t n_sentences;
	size_t n_hits;			/* that were read */
	struct kb_str encoder;		/* that ranked, too; empty: none did */
	double *title[KB_READING_HITS]; /* match of the title, per unit */
	double *hit[KB_READING_HITS];	/* best match in the passage */
	double title_asked[KB_READING_HITS]; /* share of title in question */
};

/* sentence: the model that ranks, over sentence_features.h; NULL for the
 * built-in one. Borrowed till the release. */
void kb_reader_init(struct kb_reader *reader,
		    const struct kb_linear_model *sentence);
void kb_reader_release(struct kb_reader *reader);

/* Reads the first passages into *r, which lives in the arena and borrows
 * asked. */
void kb_reading_read(struct kb_reader *reader, struct kb_arena *arena,
		     const struct kb_asked *asked, struct kb_reading *r);

/* Features and scores of all sentences; the best's place, or -1 without
 * sentences. */
long kb_reading_rank(struct kb_arena *arena, struct kb_reading *r);

struct kb_meaning;

/* Rank the best sentences of a ranked reading again, by their meaning, too
 * (meaning.h); *best is the new best one. Nothing changes where there is no
 * sentence, or no encoder of the question's language. Errors as of
 * kb_meaning_score(). */
int kb_reading_weigh_meaning(struct kb_reading *r, struct kb_meaning *meaning,
			     struct kb_arena *arena, long *best,
			     struct kb_err *err);

/* The same by scores that are known, of the n > 0 sentences at; the best. */
long kb_reading_set_meaning(struct kb_reading *r, const size_t *at,
			    const double *scores, size_t n);

/* What sentence number 'best' of a ranked reading looks like as the answer,
 * for which the n sentences 'items' stand, it among them. */
void kb_reading_traits(const struct kb_reading *r, size_t best,
		       const size_t *items, size_t n, double traits[KB_TRAITS]);

#endif
