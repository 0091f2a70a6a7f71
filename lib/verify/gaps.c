/*
 * What a claim says otherwise than the sentence that it fits best. A word in
 * the place of another one is foreign unless it stands around that place, in
 * the title or in the question; that the index has it elsewhere is no support.
 */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "query/common_words.h"
#include "query/term_lookup.h"
#include "verify/check_weights.h"
#include "verify/clause.h"
#include "verify/compare.h"

/* Weights of what a gap has: not in the sentence; nor anywhere in its passage.
 * added: in the place of nothing. */
struct foreign {
	float own, passage;
	bool added;
};

static float content(const struct kb_prepared *p, uint32_t from, uint32_t to)
{
	float sum = 0;

	for (uint32_t i = from; i < to; i++)
		if (p->tokens[i].weight >= TOKEN_CONTENT)
			sum += p->tokens[i].weight;
	return sum;
}

enum distance {
	IN_SENTENCE,
	IN_PASSAGE,
	NOWHERE,
};

static enum distance distance(const struct kb_compare_input *in, uint64_t key,
			      uint32_t sentence)
{
	const struct kb_prepared *ev = in->evidence;
	uint32_t hit = ev->sentences[sentence].hit;
	const struct kb_occurrence *o = kb_prepared_find(ev, key);
	enum distance least = NOWHERE;
	size_t visits = 1;

	for (; o && least; o = kb_prepared_next(ev, o), visits++) {
		uint32_t s = ev->tokens[o->token].sentence;

		if (s == sentence)
			least = IN_SENTENCE;
		else if (ev->sentences[s].hit == hit)
			least = IN_PASSAGE;
	}
	kb_compare_visit(in, visits);
	return least;
}

static struct kb_str token_text(const struct kb_prepared *p, struct kb_str text,
				uint32_t i)
{
	const struct kb_prepared_token *t = &p->tokens[i];

	return (struct kb_str){text.ptr + t->start, t->end - t->start};
}

/* Two Latin words of which all but SPELLING_DIFFERS letters at one place are
 * the same: color and colour. */
static bool is_spelling_of(struct kb_str a, struct kb_str b)
{
	struct kb_str longer = a.len > b.len ? a : b;
	struct kb_str other = a.len > b.len ? b : a;
	size_t head = 0, tail = 0;

	if (longer.len < SPELLING_LETTERS ||
	    longer.len - other.len > SPELLING_DIFFERS)
		return false;
	while (head < other.len && kb_is_letter(other.ptr[head]) &&
	       kb_lower(other.ptr[head]) == kb_lower(longer.ptr[head]))
		head++;
	while (tail < other.len - head &&
	       kb_is_letter(other.ptr[other.len - 1 - tail]) &&
	       kb_lower(other.ptr[other.len - 1 - tail]) ==
		   kb_lower(longer.ptr[longer.len - 1 - tail]))
		tail++;
	return head + tail + SPELLING_DIFFERS >= longer.len;
}

static bool is_spelled_in(const struct kb_compare_input *in,
			  const struct kb_align_gap *gap, uint32_t sentence,
			  struct kb_str word)
{
	const struct kb_prepared *ev = in->evidence;
	struct kb_str text = ev->texts[ev->sentences[sentence].hit];

	for (uint32_t i = gap->source; i < gap->source_end; i++)
		if (is_spelling_of(word, token_text(ev, text, i)))
			return true;
	return false;
}

static uint32_t character(struct kb_str s)
{
	uint32_t cp = 0;

	if (s.len)
		kb_utf8_next(s.ptr, s.len, &cp);
	return cp;
}

/* A character that is part of an everyday word there. */
static bool is_common_han(const struct kb_prepared *p, struct kb_str text,
			  uint32_t i)
{
	uint32_t cp = character(token_text(p, text, i));

	return (i > 0 &&
		kb_common_pair(character(token_text(p, text, i - 1)), cp)) ||
	       (i + 1 < p->n_tokens &&
		kb_common_pair(cp, character(token_text(p, text, i + 1))));
}

static bool is_common_latin(struct kb_str word, bool opens)
{
	char lower[COMMON_LETTERS];

	if (!kb_is_letter(word.ptr[0]) || word.len > sizeof(lower))
		return false;
	if (!opens && kb_is_upper(word.ptr[0]))
		return false;
	for (size_t i = 0; i < word.len; i++) {
		lower[i] = kb_lower(word.ptr[i]);
		if (!kb_is_letter(lower[i]))
			return false;
	}
	return word.len < KB_COMMON_LETTERS ||
	       kb_common_word((struct kb_str){lower, word.len});
}

/* An everyday word may be another word for the same; a name, a number or a
 * rare word is not. */
/* How rare the token is in the index, 1 for what no passage holds; of a
 * character, the commoner of its pairs. */
static double rarity(const struct kb_compare_input *in, uint32_t i)
{
	const struct kb_scope *scope = in->comparer->scope;
	const struct kb_prepared *claim = in->claim;
	struct kb_str text = claim->texts[0];
	double n = (double)scope->n_chunks, df;

	if ((unsigned char)text.ptr[claim->tokens[i].start] < 0x80) {
		df = (double)kb_scope_frequency(scope, claim->tokens[i].key);
	} else {
		uint32_t cp = character(token_text(claim, text, i));
		uint64_t left = 0, right = 0;

		if (i > 0)
			left = kb_scope_frequency(
			    scope,
			    kb_term_han2(
				character(token_text(claim, text, i - 1)), cp));
		if (i + 1 < claim->n_tokens)
			right = kb_scope_frequency(
			    scope, kb_term_han2(cp, character(token_text(
							claim, text, i + 1))));
		df = (double)(left > right ? left : right);
	}
	return log((n + 1) / (df + .5)) / log((n + 1) / .5);
}

/* Names, numbers, rare words: what has no other word for it. Chinese names
 * are made of everyday characters; there an index knows better. */
static bool is_specific(const struct kb_compare_input *in, uint32_t i)
{
	struct kb_str text = in->claim->texts[0];
	struct kb_str word = token_text(in->claim, text, i);

	if ((unsigned char)word.ptr[0] < 0x80)
		return !is_common_latin(word, i == 0);
	return in->comparer->scope ? rarity(in, i) >= SLOT_RARITY
				   : !is_common_han(in->claim, text, i);
}

/* Has the source a name, number or rare word in the gap? "He" and "the
 * company" may be what the claim calls by its name. */
static bool has_specific(const struct kb_prepared *ev,
			 const struct kb_align_gap *gap, uint32_t sentence)
{
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	struct kb_str text = ev->texts[s->hit];

	for (uint32_t i = gap->source; i < gap->source_end; i++) {
		struct kb_str word = token_text(ev, text, i);

		if (ev->tokens[i].weight < TOKEN_CONTENT)
			continue;
		if ((unsigned char)word.ptr[0] < 0x80
			? !is_common_latin(word, i == s->first)
			: !is_common_han(ev, text, i))
			return true;
	}
	return false;
}

/* Is the token part of a quantity that the sentence has, too: "2" and "two"? */
static bool is_agreed(const struct kb_compare_input *in, uint32_t token,
		      uint32_t sentence)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;

	for (size_t i = 0; i < claim->n_quantities; i++) {
		if (token < claim->quantity_at[i].token ||
		    token >= claim->quantity_at[i].after)
			continue;
		kb_compare_visit(in, ev->n_quantities);
		for (size_t k = 0; k < ev->n_quantities; k++)
			if (ev->quantity_at[k].sentence == sentence &&
			    kb_quantity_compare(&claim->quantities[i],
						&ev->quantities[k]) ==
				KB_AGREE_SAME)
				return true;
	}
	return false;
}

/* The question may say what the source calls otherwise, but not what it is
 * about. */
static bool is_asked(const struct kb_compare_input *in, uint32_t i)
{
	return in->question &&
	       kb_prepared_find(in->question, in->claim->tokens[i].key) &&
	       !(in->comparer->scope && rarity(in, i) >= SLOT_RARITY);
}

/* Does the gap stand for one thing: with something alike on both sides, or at
 * the same end, and not in the place of half a sentence? */
static bool is_slot(const struct kb_compare_input *in,
		    const struct kb_align_gap *gap, uint32_t sentence)
{
	const struct kb_prepared_sentence *s =
	    &in->evidence->sentences[sentence];

	return gap->source_end - gap->source <= SLOT_TOKENS &&
	       (gap->claim > 0) == (gap->source > s->first) &&
	       (gap->claim_end < in->claim->n_tokens) ==
		   (gap->source_end < s->first + s->n);
}

/* The only gap of a copy: nobody who changes one everyday word leaves all
 * others as they are. But "yes, they" may open it in the place of much. */
static bool is_alone(const struct kb_compare_input *in,
		     const struct kb_alignment *fit,
		     const struct kb_align_gap *gap)
{
	uint32_t tokens = gap->claim_end - gap->claim;

	return fit->n == 1 && tokens <= ITEM_TOKENS &&
	       in->claim->n_tokens >= tokens + COPY_TOKENS &&
	       (gap->claim > 0 ||
		gap->source_end - gap->source <= SLOT_TIMES * tokens);
}

static bool parts_items(struct kb_str text)
{
	static const char *const parts[] = {"、", "，", ", ",	"和", "及",
					    "与", "或", "and ", "or "};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (kb_str_has(text, kb_str_of(parts[i])))
			return true;
	return false;
}

/* The text between two tokens of the claim, both included. */
static struct kb_str stretch(const struct kb_prepared *claim, uint32_t from,
			     uint32_t to)
{
	uint32_t start = claim->tokens[from].start;

	return (struct kb_str){claim->texts[0].ptr + start,
			       claim->tokens[to].end - start};
}

/* An item of a list: behind a separator, and before another one or the end. An
 * article or conjunction may stand between. */
static bool is_item(const struct kb_compare_input *in,
		    const struct kb_align_gap *gap)
{
	const struct kb_prepared *claim = in->claim;
	uint32_t last = (uint32_t)claim->n_tokens - 1;

	if (gap->claim < 2 || gap->claim == gap->claim_end ||
	    gap->claim_end - gap->claim > ITEM_TOKENS)
		return false;
	return parts_items(stretch(claim, gap->claim - 2, gap->claim)) &&
	       (gap->claim_end > last ||
		parts_items(stretch(claim, gap->claim_end - 1,
				    gap->claim_end < last ? gap->claim_end + 1
							  : last)));
}

/* What the token of the gap counts as foreign; 0 when it is not. */
static float foreign_weight(const struct kb_compare_input *in,
			    const struct kb_align_gap *gap, uint32_t sentence,
			    uint32_t i, enum distance *far)
{
	const struct kb_prepared_token *t = &in->claim->tokens[i];

	if (t->weight < TOKEN_CONTENT || is_asked(in, i))
		return 0;
	*far = distance(in, t->key, sentence);
	if (*far == IN_SENTENCE || is_agreed(in, i, sentence) ||
	    is_spelled_in(in, gap, sentence,
			  token_text(in->claim, in->claim->texts[0], i)))
		return 0;
	return t->weight;
}

static void weigh_gap(const struct kb_compare_input *in,
		      const struct kb_alignment *fit,
		      const struct kb_align_gap *gap, uint32_t sentence,
		      struct foreign *f)
{
	bool other = content(in->evidence, gap->source, gap->source_end) > 0;
	bool all = is_item(in, gap) || (other && is_alone(in, fit, gap));
	bool named = other && has_specific(in->evidence, gap, sentence);
	float common = 0;

	*f = (struct foreign){.added = !other};
	if (other && !is_slot(in, gap, sentence))
		return;
	for (uint32_t i = gap->claim; i < gap->claim_end; i++) {
		enum distance far = IN_SENTENCE;
		float weight = foreign_weight(in, gap, sentence, i, &far);
		bool specific = weight > 0 && is_specific(in, i);

		if (named && specific)
			f->own += weight;
		if (far == NOWHERE && (all || specific))
			f->passage += weight;
		else if (far == NOWHERE)
			common = COMMON_SLOT;
	}
	f->passage += common;
}

/* ---- what the gaps amount to ---- */

static struct kb_str claim_part(const struct kb_prepared *claim,
				const struct kb_align_gap *gap)
{
	return gap->claim < gap->claim_end
		   ? stretch(claim, gap->claim, gap->claim_end - 1)
		   : (struct kb_str){"", 0};
}

static struct kb_str source_part(const struct kb_prepared *ev,
				 const struct kb_align_gap *gap,
				 uint32_t sentence)
{
	if (gap->source >= gap->source_end)
		return (struct kb_str){"", 0};
	return kb_compare_slice(ev, sentence, ev->tokens[gap->source].start,
				ev->tokens[gap->source_end - 1].end);
}

/* Are the n tokens those that the m begin with? */
static bool begin_with(const struct kb_prepared_token *a, uint32_t n,
		       const struct kb_prepared_token *b, uint32_t m)
{
	if (n > m)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (a[i].key != b[i].key)
			return false;
	return true;
}

/* Two things that have changed places: "A sold it to B" and "B sold it to A",
 * but not "B and A met". */
static bool is_exchange(const struct kb_compare_input *in,
			const struct kb_align_gap *a,
			const struct kb_align_gap *b)
{
	const struct kb_prepared_token *c = in->claim->tokens;
	const struct kb_prepared_token *e = in->evidence->tokens;

	return content(in->claim, a->claim, a->claim_end) > 0 &&
	       content(in->claim, b->claim, b->claim_end) > 0 &&
	       content(in->claim, a->claim_end, b->claim) > 0 &&
	       begin_with(c + a->claim, a->claim_end - a->claim, e + b->source,
			  b->source_end - b->source) &&
	       begin_with(c + b->claim, b->claim_end - b->claim, e + a->source,
			  a->source_end - a->source);
}

/* Two clauses that have changed places exchange things and what is said of
 * them; one exchange alone gives a thing what is said of the other. */
static void find_exchange(const struct kb_compare_input *in,
			  const struct kb_alignment *fit, uint32_t sentence,
			  struct kb_comparison *out)
{
	const struct kb_align_gap *found = NULL;
	size_t n = 0;

	for (size_t i = 0; i < fit->n; i++)
		for (size_t k = i + 1; k < fit->n; k++)
			if (is_exchange(in, &fit->gaps[i], &fit->gaps[k])) {
				found = &fit->gaps[i];
				n++;
			}
	if (n != 1)
		return;
	out->contradicted = true;
	kb_compare_find(out, KB_FIND_EXCHANGED, claim_part(in->claim, found),
			source_part(in->evidence, found, sentence),
			in->evidence->sentences[sentence].hit);
}

/*
 * A claim that begins with one clause and goes on with what another one says of
 * something else: "imports are free" of "imports are taxed, exports are free".
 * What it leaves out begins the clause it goes on with: a word that both
 * clauses have, and one that the claim has not.
 */
static bool is_splice(const struct kb_compare_input *in,
		      const struct kb_align_gap *gap)
{
	const struct kb_prepared *ev = in->evidence;
	bool again = false, other = false;
	uint32_t from = gap->source_end;

	if (gap->claim != gap->claim_end || !gap->claim ||
	    gap->claim == in->claim->n_tokens ||
	    gap->source_end - gap->source > SLOT_TOKENS ||
	    kb_clause_begins(ev, gap->source_end))
		return false;
	while (from > gap->source && !kb_clause_begins(ev, from))
		from--;
	if (from <= gap->source)
		return false;
	for (uint32_t i = from; i < gap->source_end; i++) {
		if (ev->tokens[i].weight < TOKEN_CONTENT)
			continue;
		if (kb_prepared_find(in->claim, ev->tokens[i].key))
			again = true;
		else
			other = true;
	}
	return again && other;
}

/* One word is the other with a prefix that denies it. */
static bool is_negated(struct kb_str a, struct kb_str b)
{
	static const char *const prefixes[] = {"un", "in",  "im",  "il",
					       "ir", "dis", "non", "mis"};

	if (a.len < b.len) {
		struct kb_str t = a;

		a = b;
		b = t;
	}
	if (b.len < NEGATED_LETTERS || a.len - b.len < 2 || a.len - b.len > 3)
		return false;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strlen(prefixes[i]) == a.len - b.len &&
		    kb_starts_folded(a.ptr, a.len, prefixes[i]) &&
		    !strncasecmp(a.ptr + a.len - b.len, b.ptr, b.len))
			return true;
	return false;
}

/* "Opened" in the place of "unopened". */
static bool has_negated(const struct kb_compare_input *in,
			const struct kb_align_gap *gap, uint32_t sentence)
{
	const struct kb_prepared *ev = in->evidence, *claim = in->claim;
	struct kb_str text = ev->texts[ev->sentences[sentence].hit];

	if (gap->claim_end - gap->claim > ITEM_TOKENS ||
	    gap->source_end - gap->source > ITEM_TOKENS)
		return false;
	for (uint32_t i = gap->claim; i < gap->claim_end; i++)
		for (uint32_t k = gap->source; k < gap->source_end; k++)
			if (is_negated(token_text(claim, claim->texts[0], i),
				       token_text(ev, text, k)))
				return true;
	return false;
}

static void find_opposites(const struct kb_compare_input *in,
			   const struct kb_alignment *fit, uint32_t sentence,
			   struct kb_comparison *out)
{
	uint32_t hit = in->evidence->sentences[sentence].hit;

	for (size_t i = 0; fit->matched >= SLOT_ALIGNED && i < fit->n; i++) {
		const struct kb_align_gap *gap = &fit->gaps[i];
		bool negated = has_negated(in, gap, sentence);

		if (!negated && !is_splice(in, gap))
			continue;
		kb_compare_find(out,
				negated ? KB_FIND_POLARITY : KB_FIND_EXCHANGED,
				claim_part(in->claim, gap),
				source_part(in->evidence, gap, sentence), hit);
	}
}

/* Is there a foreign thing in what is else a copy? */
static bool is_foreign(const struct kb_comparison *out)
{
	return (out->f[KB_F_ALIGNED] >= SLOT_ALIGNED &&
		fmin(out->f[KB_F_SLOTS_PASSAGE], out->f[KB_F_ADDED_PASSAGE]) <
		    SLOT_LEAST) ||
	       (out->f[KB_F_ALIGNED] >= COPY_ALIGNED &&
		out->f[KB_F_SLOTS] < SLOT_LEAST);
}

static void weigh_gaps(const struct kb_compare_input *in,
		       const struct kb_alignment *fit, uint32_t sentence,
		       struct kb_comparison *out)
{
	float slots = 0, passage = 0, added = 0, most = 0;
	const struct kb_align_gap *worst = fit->gaps;

	for (size_t i = 0; i < fit->n; i++) {
		struct foreign f;

		weigh_gap(in, fit, &fit->gaps[i], sentence, &f);
		if (f.added) {
			added += f.passage;
		} else {
			slots += f.own;
			passage += f.passage;
		}
		if (f.own + f.passage > most) {
			most = f.own + f.passage;
			worst = &fit->gaps[i];
		}
	}
	out->f[KB_F_ALIGNED] = fit->matched;
	out->f[KB_F_SLOTS] = exp(-(double)slots / 2);
	out->f[KB_F_SLOTS_PASSAGE] = exp(-(double)passage / 2);
	out->f[KB_F_ADDED_PASSAGE] = exp(-(double)added / 2);
	if (is_foreign(out))
		kb_compare_find(
		    out,
		    content(in->evidence, worst->source, worst->source_end) > 0
			? KB_FIND_EXCHANGED
			: KB_FIND_ADDED,
		    claim_part(in->claim, worst),
		    source_part(in->evidence, worst, sentence),
		    in->evidence->sentences[sentence].hit);
}

void kb_compare_gaps(const struct kb_compare_input *in,
		     const uint32_t *sentences, size_t n,
		     struct kb_comparison *out)
{
	struct kb_alignment fit = {.matched = -1}, one;
	uint32_t home = 0;

	out->f[KB_F_SLOTS] = out->f[KB_F_SLOTS_PASSAGE] = 1;
	out->f[KB_F_ADDED_PASSAGE] = 1;
	out->f[KB_F_ALIGNED] = out->f[KB_F_BEST1];
	for (size_t i = 0; i < n; i++) {
		if (!kb_align(in->claim, in->evidence, sentences[i],
			      in->comparer->align, &one) ||
		    one.matched <= fit.matched)
			continue;
		fit = one;
		home = sentences[i];
	}
	if (fit.matched < 0)
		return;
	weigh_gaps(in, &fit, home, out);
	find_exchange(in, &fit, home, out);
	find_opposites(in, &fit, home, out);
}
