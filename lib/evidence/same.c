#include "evidence/same.h"

#include "answer/lexicon/alike.h"
#include "evidence/gaps.h"

enum kb_said kb_same_key(const struct kb_compare_input *in, uint64_t key,
			 uint32_t sentence)
{
	const struct kb_prepared *ev = in->evidence;
	uint32_t hit = ev->sentences[sentence].hit;
	const struct kb_occurrence *o = kb_prepared_find(ev, key);
	enum kb_said least = KB_SAID_NOWHERE;
	size_t visits = 1;

	for (; o && least; o = kb_prepared_next(ev, o), visits++) {
		uint32_t s = ev->tokens[o->token].sentence;

		if (s == sentence)
			least = KB_SAID_SENTENCE;
		else if (ev->sentences[s].hit != hit)
			continue;
		else if (ev->sentences[s].title)
			least = KB_SAID_TITLE;
		else if (least == KB_SAID_NOWHERE)
			least = KB_SAID_PASSAGE;
	}
	kb_compare_visit(in, visits);
	return least;
}

/* Has the sentence this quantity of the claim? */
static bool has_quantity(const struct kb_compare_input *in, size_t quantity,
			 uint32_t sentence)
{
	const struct kb_prepared *ev = in->evidence;

	if (!kb_compare_visit(in, ev->n_quantities * KB_QUANTITY_VISITS))
		return false;
	for (size_t k = 0; k < ev->n_quantities; k++)
		if (ev->quantity_at[k].sentence == sentence &&
		    kb_quantity_compare(&in->claim->quantities[quantity],
					&ev->quantities[k]) == KB_AGREE_SAME)
			return true;
	return false;
}

bool kb_same_quantity(const struct kb_compare_input *in, uint32_t i,
		      uint32_t sentence)
{
	const struct kb_prepared *claim = in->claim;

	for (size_t q = 0; q < claim->n_quantities; q++)
		if (i >= claim->quantity_at[q].token &&
		    i < claim->quantity_at[q].after &&
		    has_quantity(in, q, sentence))
			return true;
	return false;
}

/* ... one of this dimension that the claim has? */
static bool has_measure(const struct kb_compare_input *in, enum kb_dim dim,
			uint32_t sentence)
{
	for (size_t q = 0; q < in->claim->n_quantities; q++)
		if (in->claim->quantities[q].dim == dim &&
		    has_quantity(in, q, sentence))
			return true;
	return false;
}

bool kb_same_measure(const struct kb_compare_input *in, uint32_t i,
		     uint32_t sentence)
{
	static const struct {
		const char *word; /* what it begins with */
		enum kb_dim dim;
	} names[] = {
	    {"weigh", KB_DIM_MASS},    {"cost", KB_DIM_MONEY},
	    {"price", KB_DIM_MONEY},   {"pricing", KB_DIM_MONEY},
	    {"charge", KB_DIM_MONEY},  {"charging", KB_DIM_MONEY},
	    {"last", KB_DIM_DURATION}, {"duration", KB_DIM_DURATION},
	    {"long", KB_DIM_LENGTH},   {"high", KB_DIM_LENGTH},
	    {"tall", KB_DIM_LENGTH},   {"wide", KB_DIM_LENGTH},
	    {"deep", KB_DIM_LENGTH},   {"measur", KB_DIM_LENGTH},
	    {"measur", KB_DIM_AREA},   {"重", KB_DIM_MASS},
	    {"价", KB_DIM_MONEY},      {"收", KB_DIM_MONEY},
	};
	const struct kb_prepared *claim = in->claim;
	struct kb_str word = kb_token_text(claim, claim->texts[0], i);

	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
		if (kb_starts_folded(word.ptr, word.len, names[k].word) &&
		    has_measure(in, names[k].dim, sentence))
			return true;
	return false;
}

bool kb_same_claimed(const struct kb_compare_input *in, uint32_t i)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;

	kb_compare_visit(in, ev->n_quantities);
	for (size_t k = 0; k < ev->n_quantities; k++) {
		if (i < ev->quantity_at[k].token ||
		    i >= ev->quantity_at[k].after)
			continue;
		if (!kb_compare_visit(in,
				      claim->n_quantities * KB_QUANTITY_VISITS))
			return false;
		for (size_t q = 0; q < claim->n_quantities; q++)
			if (kb_quantity_compare(&claim->quantities[q],
						&ev->quantities[k]) ==
			    KB_AGREE_SAME)
				return true;
	}
	return false;
}

/* Does the sentence hold a word alike? */
static bool holds_alike(const struct kb_compare_input *in, uint64_t key,
			uint32_t sentence)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	uint64_t others[KB_ALIKE_MAX];
	size_t n = kb_alike_find(key, others);

	for (size_t i = 0; i < n; i++) {
		const struct kb_occurrence *o = kb_prepared_find(ev, others[i]);
		size_t visits = 1;

		while (o && o->token < s->first) {
			o = kb_prepared_next(ev, o);
			visits++;
		}
		if (!kb_compare_visit(in, visits))
			return false;
		if (o && o->token < s->first + s->n)
			return true;
	}
	return false;
}

/* The key of two characters of the claim that stand side by side, else 0. */
static uint64_t pair(const struct kb_prepared *claim, uint32_t i)
{
	uint64_t a, b;

	if (i + 1 >= claim->n_tokens ||
	    claim->tokens[i].end != claim->tokens[i + 1].start)
		return 0;
	a = claim->tokens[i].key;
	b = claim->tokens[i + 1].key;
	return kb_term_class(a) == KB_TERM_HAN1 &&
		       kb_term_class(b) == KB_TERM_HAN1
		   ? kb_term_han2((uint32_t)a, (uint32_t)b)
		   : 0;
}

bool kb_same_alike(const struct kb_compare_input *in, uint32_t i,
		   uint32_t sentence)
{
	const struct kb_prepared *claim = in->claim;
	uint64_t behind = pair(claim, i), before = i ? pair(claim, i - 1) : 0;

	return holds_alike(in, claim->tokens[i].key, sentence) ||
	       (behind && holds_alike(in, behind, sentence)) ||
	       (before && holds_alike(in, before, sentence));
}

#define HAN_BYTES 3

bool kb_same_is_light(const struct kb_prepared *p, uint32_t token)
{
	static const char han[] = "有带含配备具设装附供携置允许会能可仍";
	static const char *const words[] = {
	    "have",	"has",	   "had",      "contain", "contains", "include",
	    "includes", "come",	   "comes",    "provide", "provides", "offer",
	    "offers",	"feature", "features", "allow",	  "allows"};
	struct kb_str word = kb_prepared_token_text(p, token);

	if (word.len == HAN_BYTES && (unsigned char)*word.ptr >= 0x80)
		return memmem(han, sizeof(han) - 1, word.ptr, word.len);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (kb_starts_folded(word.ptr, word.len, words[i]) == word.len)
			return true;
	return false;
}
