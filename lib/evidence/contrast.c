#include <string.h>

#include "answer/lexicon/cohyponyms.h"
#include "evidence/compare.h"
#include "evidence/gaps.h"
#include "passage/clause.h"

#define COHYPONYMS 64 /* of a text are looked at */

/* Do the same bytes stand behind both words? */
static bool stands_alike(struct kb_str a, size_t end, struct kb_str b,
			 size_t other)
{
	return a.len - end >= KB_COHYPONYM_PLACE &&
	       b.len - other >= KB_COHYPONYM_PLACE &&
	       !memcmp(a.ptr + end, b.ptr + other, KB_COHYPONYM_PLACE);
}

/* A word of the sentence that excludes one of the claim: the sentence has not
 * the claim's, or has it in another place. */
static const struct kb_cohyponym *excluding(struct kb_str claim,
					    const struct kb_cohyponym *word,
					    struct kb_str sentence,
					    const struct kb_cohyponym *there,
					    size_t n)
{
	const struct kb_cohyponym *other = NULL;
	bool in_place = kb_cohyponym_in_place(word->class);
	bool said = false, placed = false;

	for (size_t i = 0; i < n; i++) {
		bool same =
		    stands_alike(claim, word->end, sentence, there[i].end);

		if (there[i].class != word->class)
			continue;
		if (there[i].member != word->member) {
			if (same || (!in_place && !other))
				other = &there[i];
			placed |= same;
		} else if (same) {
			return NULL;
		} else {
			said |= !in_place;
		}
	}
	return said && !placed ? NULL : other;
}

/* Does the claim say today where the sentence says tomorrow? What the sentence
 * and the claim both speak of is left out. */
void kb_compare_cohyponyms(const struct kb_compare_input *in, uint32_t sentence,
			   struct kb_comparison *out)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	struct kb_str claim = in->claim->texts[0];
	struct kb_str text = kb_compare_slice(ev, sentence, s->start, s->end);
	struct kb_cohyponym words[COHYPONYMS], there[COHYPONYMS];
	/* a cell is said with the name of its column */
	bool row = kb_clause_is_row(ev, sentence);
	size_t n, n_there;

	if (!text.len || in->claim->n_tokens > KB_ALIGN_TOKENS ||
	    s->n > KB_ALIGN_TOKENS)
		return;
	n = kb_cohyponyms_find(claim, words, COHYPONYMS);
	if (!n)
		return;
	n_there = kb_cohyponyms_find(text, there, COHYPONYMS);
	for (size_t i = 0; i < n; i++) {
		struct kb_str word = {claim.ptr + words[i].start,
				      words[i].end - words[i].start};
		struct kb_str said = word;
		const struct kb_cohyponym *other =
		    excluding(claim, &words[i], text, there, n_there);

		if (!other || kb_cohyponyms_have(words, n, other))
			continue;
		if (stands_alike(claim, words[i].end, text, other->end))
			said.len += KB_COHYPONYM_PLACE;
		if (!kb_compare_visit(in,
				      ev->texts[s->hit].len / VISIT_BYTES) ||
		    kb_str_has(ev->texts[s->hit], row ? word : said) ||
		    kb_str_has(ev->titles[s->hit], said))
			continue;
		kb_compare_find(out, KB_FIND_EXCHANGED, word,
				(struct kb_str){text.ptr + other->start,
						other->end - other->start},
				s->hit);
		return;
	}
}
