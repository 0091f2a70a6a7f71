#include "answer/sentence_words.h"

#include <math.h>

#include "answer/match_weights.h"

bool kb_words_refer(struct kb_str folded)
{
	static const char *const starts[] = {
	    "he ",	   "she ",	  "it ",       "they ",
	    "this ",	   "that ",	  "these ",    "those ",
	    "his ",	   "her ",	  "its ",      "their ",
	    "such ",	   "however",	  "but ",      "also",
	    "then ",	   "thus",	  "therefore", "instead",
	    "another",	   "other ",	  "others ",   "both ",
	    "as a result", "in addition", "for this",  "after that",
	    "the latter",  "the former",  "其",	       "这",
	    "该",	   "此",	  "他",	       "她",
	    "它",	   "牠",	  "祂",	       "因此",
	    "所以",	   "但",	  "而",	       "并",
	    "同时",	   "另外",	  "另",	       "后来",
	    "之后",	   "随后",	  "随即",      "最终",
	    "最后",	   "相反",	  "于是",      "结果",
	    "例如",	   "即",	  "主要",      "包括",
	    "当时",	   "由此",	  "不过",      "然而"};

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (kb_starts(folded.ptr, folded.len, starts[i]))
			return true;
	return false;
}

static bool is_base(uint64_t key)
{
	enum kb_term_class class = kb_term_class(key);

	return class == KB_TERM_HAN1 || class == KB_TERM_WORD;
}

/* Is the term one of those that are wanted, and not of the question? */
static bool is_wanted(const struct kb_reader *reader, const struct kb_form *q,
		      struct kb_str text, const struct kb_term *t)
{
	char c = text.ptr[t->start];

	if (kb_map_get(&q->keys, t->key))
		return false;
	switch (q->kind) {
	case KB_WANTED_WHEN:
	case KB_WANTED_HOW_LONG:
	case KB_WANTED_HOW_MUCH:
	case KB_WANTED_HOW_MANY:
		return kb_is_digit(c);
	case KB_WANTED_WHO:
	case KB_WANTED_WHERE:
		return kb_is_upper(c) && t->start &&
		       !kb_map_get(&reader->stop, t->key);
	default:
		return false;
	}
}

double kb_words_near(const struct kb_reader *reader, const struct kb_form *q,
		     struct kb_str text)
{
	const struct kb_terms *terms = &reader->terms;
	double best[KB_FORM_KEYS], sum = 0;

	memset(best, 0, q->n_keys * sizeof(*best));
	for (int pass = 0; pass < 2; pass++) {
		double near = 0;

		for (size_t k = 0; k < terms->n; k++) {
			const struct kb_term *t =
			    &terms->items[pass ? terms->n - 1 - k : k];
			const uint64_t *at;

			if (!is_base(t->key))
				continue;
			near *= kb_term_class(t->key) == KB_TERM_HAN1
				    ? NEAR_CHARACTER
				    : NEAR_WORD;
			if (is_wanted(reader, q, text, t))
				near = 1;
			at = kb_map_get(&q->keys, t->key);
			if (at)
				best[*at - 1] = fmax(best[*at - 1], near);
		}
	}
	for (size_t i = 0; i < q->n_units; i++)
		sum += q->units[i].weight * best[q->units[i].key];
	return sum / q->weight;
}
