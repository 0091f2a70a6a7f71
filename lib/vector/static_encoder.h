/*
 * A static encoder of questions, learned from an index: a vector for each of
 * its units, so that the mean of those of a text comes near the vector that the
 * index's model gave it. A question has a vector then though the model is away.
 *
 * Units are what the index's analysis makes of a text: characters, pairs of
 * Chinese characters, stems of words. The vectors are those of kb_vec_view,
 * rotated. Where passages are as brief as questions the vector of a question
 * comes near the model's own; of long passages it learns what they are about
 * and not what is asked of them, so that learning measures itself and gives
 * none where it fails (static_encoder_fit.h).
 *
 * It lives in a global file of the index, one for each model, in the slots
 * kb_static_slots. It is read where it lies: opening checks every length.
 */
#ifndef KB_VECTOR_STATIC_ENCODER_H
#define KB_VECTOR_STATIC_ENCODER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/container.h"
#include "store/sections.h"
#include "text/analyze.h"

#define KB_STATIC_UNITS_MAX 65536
#define KB_STATIC_KNOWN	    ((uint32_t)0x3e) /* sections */

extern const char *const kb_static_slots[KB_VECTOR_SLOTS];

/* Is a slot of an index's global file one of them? */
bool kb_static_is_slot(const char *slot);

/* Is a term a unit? */
static inline bool kb_static_is_unit(uint64_t key)
{
	enum kb_term_class c = kb_term_class(key);

	return c == KB_TERM_HAN1 || c == KB_TERM_HAN2 || c == KB_TERM_WORD;
}

struct kb_static_encoder {
	size_t dim, stride;    /* of the vectors; stride as kb_vec_view has */
	size_t n;	       /* units */
	uint64_t model;	       /* of the vectors that it learned from */
	uint64_t texts;	       /* that it learned from */
	float agreement;       /* kb_static_fit() */
	const uint64_t *units; /* ascending keys of terms */
	const float *scales;   /* of each unit's row */
	const int8_t *rows;    /* n * stride */
	const float *mean;     /* of all texts' vectors: stride */
	void *owned;	       /* of one that was fitted, else NULL */
};

/* In a global file, which stays mapped and borrowed. KB_EFORMAT. */
int kb_static_open(struct kb_static_encoder *out,
		   const struct kb_container_view *view, struct kb_err *err);
void kb_static_release(struct kb_static_encoder *encoder);

void kb_static_write(const struct kb_static_encoder *encoder,
		     struct kb_container *out);

/* The vector of a text, rotated, in x[stride], of any length; false when no
 * unit of it is known. Terms that are no units are passed over. */
bool kb_static_encode(const struct kb_static_encoder *encoder,
		      const struct kb_terms *terms, float *x);

#endif
