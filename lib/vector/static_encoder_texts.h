/*
 * The texts that a static encoder is learned from: their units with the rows of
 * their vectors, which of the units get a vector, and the share of each in each
 * text.
 */
#ifndef KB_VECTOR_STATIC_ENCODER_TEXTS_H
#define KB_VECTOR_STATIC_ENCODER_TEXTS_H

#include "vector/static_encoder.h"
#include "vector/vector.h"

/* Occurrences of units that are learned from at most; of an index of more a
 * sample of the texts is taken, which their contents decide. */
#define KB_STATIC_SAMPLE ((size_t)4000000)

struct kb_static_text {
	uint64_t hash; /* of the text */
	size_t start;  /* of its units */
	uint32_t n;
	float scale;
	const int8_t *row; /* borrowed */
};

struct kb_static_texts {
	size_t dim, stride; /* of the first text's vector */
	uint64_t model;
	uint64_t *units;
	size_t n_units, units_cap;
	struct kb_static_text *items;
	size_t n, cap;
	double share; /* of the texts that are taken; 1: all */
};

/* expected: the occurrences of units in all texts, more or less. */
void kb_static_texts_init(struct kb_static_texts *texts, size_t expected);
void kb_static_texts_release(struct kb_static_texts *texts);

/* Is a text of the sample? Others need not be analysed. */
bool kb_static_texts_wants(const struct kb_static_texts *texts,
			   struct kb_str text);

/* A text, its terms, and the row of its vector, whose bytes are borrowed. A
 * vector of another model or dimension than the first one's is passed over. */
void kb_static_texts_add(struct kb_static_texts *texts, struct kb_str text,
			 const struct kb_terms *terms,
			 const struct kb_vec_view *view, size_t row);

struct kb_static_unit {
	uint64_t key;
	uint32_t texts; /* that it stands in */
};

/* Those of UNIT_TEXTS_MIN texts, of too many the ones of the most; ascending,
 * to be freed. Sorts the units of each text. */
struct kb_static_unit *kb_static_vocabulary(struct kb_static_texts *texts,
					    size_t *n);

/* A row for each text: of the units in it that are known, how much of the text
 * they are; 1 together. */
struct kb_static_shares {
	size_t n_texts, n_units;
	size_t *start; /* n_texts + 1 */
	uint32_t *cols;
	float *vals;
};

/* After kb_static_vocabulary(), of the n units that it found. */
void kb_static_shares_make(const struct kb_static_texts *texts,
			   const struct kb_static_unit *units, size_t n,
			   struct kb_static_shares *out);
void kb_static_shares_release(struct kb_static_shares *shares);

#endif
