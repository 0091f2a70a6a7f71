/*
 * What is said of which: "A and B scored 3 and 7 goals respectively", and "B
 * sued A" of "A sued B".
 */
#include "base/utf8.h"
#include "evidence/cover.h"
#include "evidence/gaps.h"
#include "passage/clause.h"
#include "passage/token_weights.h"
#include "text/script.h"

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

/* ---- clauses that have changed parts ---- */

static bool holds_key(const struct kb_prepared *ev, uint32_t sentence,
		      uint64_t key)
{
	const struct kb_occurrence *o = kb_prepared_find(ev, key);

	for (; o; o = kb_prepared_next(ev, o))
		if (ev->tokens[o->token].sentence == sentence)
			return true;
	return false;
}

#define CLAUSES_MAX 8 /* of a claim and of a sentence are looked at */

static size_t clauses_of(const struct kb_prepared *p, uint32_t sentence,
			 struct kb_tokens *out)
{
	const struct kb_prepared_sentence *s = &p->sentences[sentence];
	size_t n = 0;

	for (uint32_t at = s->first; at < s->first + s->n;) {
		if (n == CLAUSES_MAX)
			return 0;
		out[n] = kb_clause_at(p, sentence, at);
		at = out[n++].to;
	}
	return n;
}

/* The only clause that has the key, CLAUSES_MAX for none or several. */
static size_t only_clause(const struct kb_prepared *ev,
			  const struct kb_tokens *clauses, size_t n,
			  uint64_t key)
{
	size_t only = CLAUSES_MAX;

	for (size_t c = 0; c < n; c++)
		for (uint32_t i = clauses[c].from; i < clauses[c].to; i++) {
			if (ev->tokens[i].key != key)
				continue;
			if (only != CLAUSES_MAX)
				return CLAUSES_MAX;
			only = c;
			break;
		}
	return only;
}

/* A clause of the claim over those of the sentence. */
struct spread {
	float in[CLAUSES_MAX];	     /* weight of what only that one has */
	uint32_t token[CLAUSES_MAX]; /* the first of it */
	float nowhere;
	size_t home; /* the one with most of it */
};

static void spread_clause(const struct kb_compare_input *in,
			  struct kb_tokens clause,
			  const struct kb_tokens *theirs, size_t n,
			  struct spread *out)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;

	*out = (struct spread){0};
	for (uint32_t i = clause.from; i < clause.to; i++) {
		const struct kb_prepared_token *t = &claim->tokens[i];
		size_t c;

		if (t->weight < TOKEN_CONTENT)
			continue;
		c = only_clause(ev, theirs, n, t->key);
		if (c < n && !(out->in[c] > 0))
			out->token[c] = i;
		if (c < n)
			out->in[c] += t->weight;
		else if (!holds_key(ev, ev->tokens[theirs[0].from].sentence,
				    t->key) &&
			 !kb_cover_is_told(in->comparer, i))
			out->nowhere += t->weight;
	}
	for (size_t c = 1; c < n; c++)
		if (out->in[c] > out->in[out->home])
			out->home = c;
}

static bool is_whole(const struct spread *s, size_t n)
{
	float all = s->nowhere;

	for (size_t c = 0; c < n; c++)
		all += s->in[c];
	return s->in[s->home] > 0 && s->nowhere <= all * CROSSED_NOWHERE;
}

static bool refuses(const struct kb_prepared *ev, struct kb_tokens clause)
{
	for (size_t i = 0; i < ev->n_polars; i++)
		if (ev->polar_at[i].token >= clause.from &&
		    ev->polar_at[i].token < clause.to &&
		    kb_polar_refuses(&ev->polars[i]))
			return true;
	return false;
}

bool kb_compare_refused(const struct kb_compare_input *in,
			const struct kb_comparison *found)
{
	struct kb_prepared *ev = in->evidence;
	struct kb_tokens theirs[CLAUSES_MAX];
	uint32_t s = 0;
	size_t n, c;

	while (s < ev->n_sentences &&
	       (ev->sentences[s].title || ev->sentences[s].hit != found->hit ||
		ev->sentences[s].start != found->start))
		s++;
	if (!found->place || s == ev->n_sentences ||
	    ev->sentences[s].n > KB_ALIGN_TOKENS ||
	    !kb_compare_visit(in, ev->sentences[s].n))
		return false;
	n = clauses_of(ev, s, theirs);
	if (n < 2)
		return false;
	kb_prepared_find_polars(ev, s);
	for (size_t i = in->claim->n_tokens; i--;) {
		const struct kb_prepared_token *t = &in->claim->tokens[i];

		if (t->weight < TOKEN_CONTENT || !holds_key(ev, s, t->key))
			continue;
		c = only_clause(ev, theirs, n, t->key);
		if (c < n)
			return refuses(ev, theirs[c]);
	}
	return false;
}

/* Does one say an amount that the sentence has in the clause of the other one,
 * which does not say it? */
static bool takes_amount(const struct kb_prepared *claim,
			 struct kb_tokens other, const struct spread *a,
			 const struct spread *b)
{
	if (!(a->in[b->home] > 0) ||
	    !kb_prepared_in_quantity(claim, a->token[b->home]))
		return false;
	for (uint32_t i = other.from; i < other.to; i++)
		if (claim->tokens[i].key ==
		    claim->tokens[a->token[b->home]].key)
			return false;
	return true;
}

/* Two clauses that each say something which the sentence says in the other one:
 * "21 this year, 34 in five" of "34 this year, 21 in five". */
static void find_crossed(const struct kb_compare_input *in, uint32_t sentence,
			 struct kb_comparison *out)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;
	struct kb_tokens mine[CLAUSES_MAX], theirs[CLAUSES_MAX];
	struct spread spread[CLAUSES_MAX];
	struct kb_str source = {"", 0};
	uint32_t first;
	size_t n, m;

	if (claim->n_tokens > KB_ALIGN_TOKENS ||
	    ev->sentences[sentence].n > KB_ALIGN_TOKENS)
		return;
	n = clauses_of(claim, 0, mine);
	m = n < 2 ? 0 : clauses_of(ev, sentence, theirs);
	if (n < 2 || m < 2 ||
	    !kb_compare_visit(in, claim->n_tokens *
				      (uint64_t)ev->sentences[sentence].n))
		return;
	for (size_t i = 0; i < n; i++)
		spread_clause(in, mine[i], theirs, m, &spread[i]);
	for (size_t i = 0; i + 1 < n; i++) {
		const struct spread *a = &spread[i], *b = &spread[i + 1];

		if (!is_whole(a, m) || !is_whole(b, m) || a->home == b->home)
			continue;
		if (a->in[b->home] > 0 && b->in[a->home] > 0)
			source = kb_gap_stretch(claim, b->token[a->home],
						b->token[a->home]);
		else if (!takes_amount(claim, mine[i + 1], a, b) &&
			 !takes_amount(claim, mine[i], b, a))
			continue;
		first =
		    a->in[b->home] > 0 ? a->token[b->home] : b->token[a->home];
		kb_compare_find(out, KB_FIND_TRANSPOSED,
				kb_gap_stretch(claim, first, first), source,
				ev->sentences[sentence].hit);
		return;
	}
}

/* ---- lists ---- */

/* Does the text between two tokens, or the first of them, join the items of a
 * list? */
static bool joins(const struct kb_prepared *claim, uint32_t i)
{
	static const char *const words[] = {"和", "与",	 "及", "以及",
					    "或", "and", "or"};
	const struct kb_prepared_token *t = &claim->tokens[i];
	struct kb_str text = claim->texts[0];
	struct kb_str between = {text.ptr + t[-1].end, t->start - t[-1].end};
	struct kb_str word = {text.ptr + t->start, t->end - t->start};

	if (kb_str_has(between, kb_str_of("、")))
		return true;
	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
		if (kb_str_is_folded(word, words[k]))
			return true;
	return false;
}

static bool is_han(struct kb_str text, const struct kb_prepared_token *t)
{
	uint32_t cp = 0;

	return kb_utf8_next(text.ptr + t->start, t->end - t->start, &cp) ==
		   t->end - t->start &&
	       kb_is_han(cp);
}

/* Two characters side by side, neither of them a sign of a list. */
static bool is_pair(const struct kb_prepared *claim, uint32_t i)
{
	const struct kb_prepared_token *t = &claim->tokens[i];
	struct kb_str text = claim->texts[0];

	return i + 1 < claim->n_tokens && t[1].start == t->end &&
	       t->weight >= TOKEN_CONTENT && t[1].weight >= TOKEN_CONTENT &&
	       is_han(text, t) && is_han(text, &t[1]) && !joins(claim, i + 1);
}

#define LOOK_BYTES 8 /* of a passage that is looked through are a visit */

/* Has the passage the pair of characters that begins at the claim's token? */
static bool holds_pair(const struct kb_compare_input *in, uint32_t sentence,
		       uint32_t token)
{
	const struct kb_prepared *ev = in->evidence, *claim = in->claim;
	const struct kb_occurrence *o = NULL;

	for (size_t i = 0; !o && i < claim->n_occ; i++)
		if (claim->occ[i].token == token &&
		    kb_term_class(claim->occ[i].key) == KB_TERM_HAN2)
			o = kb_prepared_find(ev, claim->occ[i].key);
	for (; o && kb_compare_visit(in, 1); o = kb_prepared_next(ev, o))
		if (ev->sentences[ev->tokens[o->token].sentence].hit ==
		    ev->sentences[sentence].hit)
			return true;
	return false;
}

/* An item of a Chinese list that the source does not name, behind one that it
 * does: 手写笔和保护壳 of a box with a 手写笔. */
static void find_new_item(const struct kb_compare_input *in,
			  const struct kb_alignment *fit, uint32_t sentence,
			  struct kb_comparison *out)
{
	const struct kb_prepared *claim = in->claim;
	struct kb_str text =
	    in->evidence->texts[in->evidence->sentences[sentence].hit];

	if (fit->matched < ITEM_ALIGNED)
		return;
	for (uint32_t i = 1; i < claim->n_tokens; i++) {
		uint32_t first = i;
		struct kb_str item;

		if (!joins(claim, i))
			continue;
		/* behind the word that joins; a sign is no token */
		while (first < claim->n_tokens &&
		       claim->tokens[first].weight < TOKEN_CONTENT)
			first++;
		if (first > i + 2 || !is_pair(claim, first) ||
		    !holds_key(in->evidence, sentence,
			       claim->tokens[i - 1].key))
			continue;
		item = kb_gap_stretch(claim, first, first + 1);
		if (holds_pair(in, sentence, first) ||
		    !kb_compare_visit(in, text.len / LOOK_BYTES + 1) ||
		    kb_gap_in_passage(in, sentence, item) ||
		    (in->question && kb_str_has(in->question->texts[0], item)))
			continue;
		kb_compare_find(out, KB_FIND_ADDED, item,
				(struct kb_str){"", 0},
				in->evidence->sentences[sentence].hit);
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
	find_crossed(in, sentence, out);
	find_new_item(in, fit, sentence, out);
	if (fit->matched >= ITEM_ALIGNED)
		kb_compare_names(in, sentence, out);
}
