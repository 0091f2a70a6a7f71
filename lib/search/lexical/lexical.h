/*
 * The lexical leg: BM25 over every segment of every index as if they were
 * one collection. Numbers of chunks, lengths and document frequencies are
 * summed over the whole scope first, so the result does not depend on how
 * the documents are spread.
 *
 * A kb_lexical is scratch memory for one thread.
 */
#ifndef KB_SEARCH_LEXICAL_LEXICAL_H
#define KB_SEARCH_LEXICAL_LEXICAL_H

#include "query/scope.h"
#include "text/analyze.h"

/* More terms than this and those of the least weight are left out. */
#define KB_LEX_TERMS 512

struct kb_lex_params {
	float k1, b;
	float class_weight[8]; /* by enum kb_term_class */
	bool exhaustive;       /* no pruning; for comparison */
};

/* k1 and b are the usual ones. The class weights and the power of the idf
 * were chosen on zh_cmrc2018, en_cisi, en_multihop, en_squad, en_lfqa and
 * en_wice_evidence, where a neighbourhood of them gains; the other sets of
 * tests/eval/run.sh had no say in it. */
extern const struct kb_lex_params kb_lex_defaults;

/* A term of the question. */
struct kb_lex_term {
	uint64_t key;
	float weight; /* occurrences times class weight (and the synonym's) */
	uint64_t df;  /* live chunks with it, filled by kb_lexical_stats() */
	float idf;    /* ln(1 + (N - df + 0.5) / (df + 0.5)) to the power 1.3 */
	bool added;   /* stands for a term of the question, a synonym */
};

struct kb_lexical;

struct kb_lexical *kb_lexical_new(void);
void kb_lexical_free(struct kb_lexical *lex);

/*
 * Gather the terms of an analysed text, each key once, its weight times
 * 'weight' added to what is there. Returns the new number in out[0..max).
 */
size_t kb_lexical_gather(const struct kb_terms *terms,
			 const struct kb_lex_params *params, float weight,
			 struct kb_lex_term *out, size_t n, size_t max);

/* Begin to read the dictionaries' entries of the terms, all at once. */
void kb_lexical_prefetch(const struct kb_scope *scope,
			 const struct kb_lex_term *terms, size_t n);

/* Fill df and idf; each once, before kb_lexical_dampen(). */
void kb_lexical_stats(const struct kb_scope *scope, struct kb_lex_term *terms,
		      size_t n);

/* The idf of a term that df of n live chunks have. */
float kb_lexical_idf(uint64_t n, uint64_t df);

/*
 * Where passages are like the question (length_similarity.h, 0..1), let rare
 * Chinese terms and pairs tower less: the idf's power falls from 1.3 to .8 and
 * the weight of pairs to .3 of what it was.
 */
void kb_lexical_dampen(struct kb_lex_term *terms, size_t n, double similarity);

/*
 * The k best chunks that are allowed, best first, into out (room for k);
 * raw is the BM25 score. Terms must have their statistics. Exactly the
 * result of scoring every chunk; ties by document id.
 */
int kb_lexical_search(struct kb_lexical *lex, const struct kb_scope *scope,
		      const struct kb_lex_term *terms, size_t n_terms,
		      const struct kb_lex_params *params, size_t k,
		      struct kb_candidate *out, size_t *n_out,
		      struct kb_err *err);

/* What each term gives one chunk: scores[n]. For --explain. */
void kb_lexical_explain(const struct kb_scope *scope,
			const struct kb_lex_term *terms, size_t n,
			const struct kb_lex_params *params, uint32_t segment,
			uint32_t chunk, float *scores);

/* The sums of those scores as raw, of candidates that stand by segment and
 * chunk: each list is opened once for all of them. */
void kb_lexical_score(const struct kb_scope *scope,
		      const struct kb_lex_term *terms, size_t n,
		      const struct kb_lex_params *params,
		      struct kb_candidate *items, size_t n_items);

/* Set the bits of the chunks that hold a term. */
void kb_lexical_mark(const struct kb_segment *seg, uint64_t key,
		     uint64_t *bits);

#endif
