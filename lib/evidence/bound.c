/*
 * What is said of which: "A and B scored 3 and 7 goals respectively", and "B
 * sued A" of "A sued B".
 */
#include "evidence/clause.h"
#include "evidence/gaps.h"

/* ---- turned round ---- */

#define TURNED_TOKENS 12 /* of content that have changed sides, at most */

/* The content tokens of a stretch; 0 when there are too many. */
static size_t content(const struct kb_prepared *p, uint32_t from, uint32_t to,
		      uint64_t *keys)
{
	size_t n = 0;

	for (uint32_t i = from; i < to; i++) {
		if (p->tokens[i].weight < TOKEN_CONTENT)
			continue;
		if (n == TURNED_TOKENS)
			return 0;
		keys[n++] = p->tokens[i].key;
	}
	return n;
}

/* Are they the same but for where they begin: "sued Borel", "Borel sued"? */
static bool is_rotated(const uint64_t *a, const uint64_t *b, size_t n)
{
	for (size_t shift = 1; shift < n; shift++) {
		size_t i = 0;

		while (i < n && a[i] == b[(i + shift) % n])
			i++;
		if (i == n)
			return true;
	}
	return false;
}

/* "B was sued by A" says the same as "A sued B". */
static bool is_passive(const struct kb_prepared *p, struct kb_str text,
		       uint32_t from, uint32_t to)
{
	static const char *const words[] = {"by", "被", "由", "遭", "受", NULL};

	return kb_gap_holds(p, text, (struct kb_tokens){from, to}, words);
}

/* What stands on one side of something in the claim, and the other way round
 * on its other side in the source. */
static bool is_turned(const struct kb_compare_input *in,
		      const struct kb_align_gap *mine,
		      const struct kb_align_gap *theirs, uint32_t sentence)
{
	const struct kb_prepared *ev = in->evidence, *claim = in->claim;
	struct kb_str text = ev->texts[ev->sentences[sentence].hit];
	uint64_t a[TURNED_TOKENS], b[TURNED_TOKENS];
	size_t n = content(claim, mine->claim, mine->claim_end, a);

	return n > 1 &&
	       n == content(ev, theirs->source, theirs->source_end, b) &&
	       is_rotated(a, b, n) &&
	       is_passive(claim, claim->texts[0], mine->claim,
			  mine->claim_end) ==
		   is_passive(ev, text, theirs->source, theirs->source_end) &&
	       !kb_gap_symmetric(claim, claim->texts[0], mine->claim,
				 mine->claim_end);
}

static void find_turned(const struct kb_compare_input *in,
			const struct kb_alignment *fit, uint32_t sentence,
			struct kb_comparison *out)
{
	for (size_t i = 0; i + 1 < fit->n; i++) {
		const struct kb_align_gap *a = &fit->gaps[i], *b = a + 1;

		if (!is_turned(in, a, b, sentence)) {
			const struct kb_align_gap *swap = a;

			a = b;
			b = swap;
			if (!is_turned(in, a, b, sentence))
				continue;
		}
		kb_compare_find(out, KB_FIND_TRANSPOSED,
				kb_gap_claim(in->claim, a),
				kb_gap_source(in->evidence, b, sentence),
				in->evidence->sentences[sentence].hit);
		return;
	}
}

/* ---- respectively ---- */

#define BOUND_MAX 8 /* things of a list that each have a value */

/* The quantities of a sentence that is about "respectively" or 分别: a list, in
 * the sentence's order. Returns their number, 0 when there is none. */
static size_t listed_values(const struct kb_prepared *ev, uint32_t sentence,
			    size_t *values)
{
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	struct kb_str text = kb_compare_slice(ev, sentence, s->start, s->end);
	size_t n = 0;

	if (!kb_str_has(text, kb_str_of("respectively")) &&
	    !kb_str_has(text, kb_str_of("分别")))
		return 0;
	for (size_t i = 0; i < ev->n_quantities; i++) {
		if (ev->quantity_at[i].sentence != sentence ||
		    ev->quantities[i].article)
			continue;
		if (n == BOUND_MAX)
			return 0;
		values[n++] = i;
	}
	return n > 1 ? n : 0;
}

/* The n stretches that stand in a list before 'end', the last of them first
 * found: parted where clauses begin. False when there are fewer. */
static bool listed_things(const struct kb_prepared *ev, uint32_t sentence,
			  uint32_t end, size_t n, struct kb_tokens *things)
{
	uint32_t first = ev->sentences[sentence].first, to = end;

	while (n) {
		uint32_t from = to;

		while (from > first && !kb_clause_begins(ev, from - 1))
			from--;
		from = from > first ? from - 1 : first;
		if (kb_gap_content(ev, from, to) > 0)
			things[--n] = (struct kb_tokens){from, to};
		if (from == first)
			break;
		to = from;
	}
	return !n;
}

/* How many of the first 'most' words of this thing does the claim have? Behind
 * the last thing stands what is said of all. */
static size_t words_named(const struct kb_compare_input *in,
			  struct kb_tokens thing, size_t most)
{
	const struct kb_prepared *ev = in->evidence;
	size_t n = 0;

	for (uint32_t i = thing.from; i < thing.to && most; i++) {
		if (ev->tokens[i].weight < TOKEN_CONTENT)
			continue;
		n += kb_prepared_find(in->claim, ev->tokens[i].key) != NULL;
		most--;
	}
	return n;
}

static size_t words_of(const struct kb_prepared *ev, struct kb_tokens thing)
{
	size_t n = 0;

	for (uint32_t i = thing.from; i < thing.to; i++)
		n += ev->tokens[i].weight >= TOKEN_CONTENT;
	return n;
}

/* The only thing of the list that the claim names best, n for none. */
static size_t only_named(const struct kb_compare_input *in,
			 const struct kb_tokens *things, size_t n)
{
	size_t best = n, most = 0, least = SIZE_MAX;
	bool tie = false;

	for (size_t i = 0; i < n; i++) {
		size_t words = words_of(in->evidence, things[i]);

		if (words < least)
			least = words;
	}
	for (size_t i = 0; i < n; i++) {
		size_t words = words_named(in, things[i], least);

		tie |= words == most;
		if (words > most) {
			tie = false;
			most = words;
			best = i;
		}
	}
	return tie ? n : best;
}

static void find_misbound(const struct kb_compare_input *in, uint32_t sentence,
			  struct kb_comparison *out)
{
	const struct kb_prepared *ev = in->evidence, *claim = in->claim;
	struct kb_tokens things[BOUND_MAX];
	size_t values[BOUND_MAX], n = 0, one;

	if (claim->n_quantities == 1)
		n = listed_values(ev, sentence, values);
	if (!n || !listed_things(ev, sentence, ev->quantity_at[values[0]].token,
				 n, things))
		return;
	one = only_named(in, things, n);
	for (size_t k = 0; one < n && k < n; k++) {
		const struct kb_quantity *v = &ev->quantities[values[k]];

		if (k == one ||
		    kb_quantity_compare(&claim->quantities[0], v) !=
			KB_AGREE_SAME ||
		    kb_quantity_compare(&claim->quantities[0],
					&ev->quantities[values[one]]) ==
			KB_AGREE_SAME)
			continue;
		kb_compare_find(
		    out, KB_FIND_TRANSPOSED,
		    (struct kb_str){claim->texts[0].ptr +
					claim->quantities[0].num_start,
				    claim->quantities[0].num_end -
					claim->quantities[0].num_start},
		    kb_compare_slice(ev, sentence,
				     ev->quantities[values[one]].num_start,
				     ev->quantities[values[one]].num_end),
		    ev->sentences[sentence].hit);
		return;
	}
}

void kb_compare_bound(const struct kb_compare_input *in,
		      const struct kb_alignment *fit, uint32_t sentence,
		      struct kb_comparison *out)
{
	if (!kb_compare_visit(in, in->evidence->n_quantities))
		return;
	find_turned(in, fit, sentence, out);
	find_misbound(in, sentence, out);
}
