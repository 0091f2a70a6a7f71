/*
 * What a claim says otherwise than the sentence that it fits best. A word in
 * the place of another one is foreign unless it is another spelling or word for
 * the same; that the index has it elsewhere is no support.
 */
#include <math.h>
#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "evidence/gaps.h"
#include "evidence/same.h"
#include "passage/clause.h"
#include "passage/token_weights.h"
#include "query/common_words.h"
#include "query/term_lookup.h"
#include "text/fold.h"
#include "text/script.h"
#include "text/synonym.h"

#define SYNONYMS 16 /* of a gap are looked at */

/* Weights of what a gap has: not in the sentence; nor anywhere in its passage.
 * added: in the place of nothing. */
struct foreign {
	float own, passage;
	float told; /* in other words, or by the title */
	bool added;
};

/* Do these letters only spell the same: one that is doubled or silent, -ise
 * and -ize, -re and -er? */
static bool are_spellings(struct kb_str a, struct kb_str b)
{
	if (!a.len || !b.len)
		return a.len + b.len == 1;
	if (a.len == 1 && b.len == 1)
		return (kb_lower(*a.ptr) == 's' && kb_lower(*b.ptr) == 'z') ||
		       (kb_lower(*a.ptr) == 'z' && kb_lower(*b.ptr) == 's');
	return a.len == 2 && b.len == 2 &&
	       ((kb_starts_folded(a.ptr, 2, "re") &&
		 kb_starts_folded(b.ptr, 2, "er")) ||
		(kb_starts_folded(a.ptr, 2, "er") &&
		 kb_starts_folded(b.ptr, 2, "re")));
}

/* Two spellings of a Latin word that is no name: color and colour. */
static bool is_spelling_of(struct kb_str a, struct kb_str b)
{
	size_t least = a.len < b.len ? a.len : b.len, head = 0, tail = 0;

	if (least + 1 < SPELLING_LETTERS || kb_is_upper(a.ptr[0]) ||
	    kb_is_upper(b.ptr[0]))
		return false;
	while (head < least && kb_is_letter(a.ptr[head]) &&
	       a.ptr[head] == b.ptr[head])
		head++;
	while (tail < least - head && kb_is_letter(a.ptr[a.len - 1 - tail]) &&
	       a.ptr[a.len - 1 - tail] == b.ptr[b.len - 1 - tail])
		tail++;
	return are_spellings(
	    (struct kb_str){a.ptr + head, a.len - head - tail},
	    (struct kb_str){b.ptr + head, b.len - head - tail});
}

static bool is_spelled_in(const struct kb_compare_input *in,
			  const struct kb_align_gap *gap, uint32_t sentence,
			  struct kb_str word)
{
	const struct kb_prepared *ev = in->evidence;
	struct kb_str text = ev->texts[ev->sentences[sentence].hit];

	for (uint32_t i = gap->source; i < gap->source_end; i++)
		if (is_spelling_of(word, kb_token_text(ev, text, i)))
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

/* The character beside a token, 0 beyond its sentence: what is there may be of
 * another text. */
static uint32_t beside(const struct kb_prepared *p, struct kb_str text,
		       uint32_t i, int step)
{
	uint32_t k = i + (uint32_t)step;

	if (k >= p->n_tokens || p->tokens[k].sentence != p->tokens[i].sentence)
		return 0;
	return character(kb_token_text(p, text, k));
}

/* A character that is part of an everyday word there. */
static bool is_common_han(const struct kb_prepared *p, struct kb_str text,
			  uint32_t i)
{
	uint32_t cp = character(kb_token_text(p, text, i));
	uint32_t left = beside(p, text, i, -1), right = beside(p, text, i, 1);

	return (left && kb_common_pair(left, cp)) ||
	       (right && kb_common_pair(cp, right));
}

static bool is_apostrophe(struct kb_str word, size_t i)
{
	return word.ptr[i] == '\'' ||
	       (word.len - i > 2 && !memcmp(word.ptr + i, "’", 3));
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
		if (is_apostrophe(word, i)) /* isn't, they'll */
			word.len = i;
		else if (!kb_is_letter(lower[i]))
			return false;
	}
	return word.len < KB_COMMON_LETTERS ||
	       kb_common_word((struct kb_str){lower, word.len});
}

static double pair_frequency(const struct kb_scope *scope, uint32_t a,
			     uint32_t b)
{
	return a && b ? (double)kb_scope_frequency(scope, kb_term_han2(a, b))
		      : 0;
}

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
		uint32_t cp = character(kb_token_text(claim, text, i));
		uint32_t left = beside(claim, text, i, -1),
			 right = beside(claim, text, i, 1);

		df = fmax(pair_frequency(scope, left, cp),
			  pair_frequency(scope, cp, right));
	}
	return log((n + 1) / (df + .5)) / log((n + 1) / .5);
}

/* Names, numbers, rare words: what has no other word for it. first: of the
 * sentence, where a capital says nothing. */
static bool is_specific(const struct kb_prepared *p, struct kb_str text,
			uint32_t i, uint32_t first)
{
	struct kb_str word = kb_token_text(p, text, i);

	if ((unsigned char)word.ptr[0] < 0x80)
		return !is_common_latin(word, i == first);
	return !is_common_han(p, text, i);
}

/* Has the source a name, number or rare word in the gap? "He" and "the
 * company" may be what the claim calls by its name. */
static bool has_specific(const struct kb_prepared *ev,
			 const struct kb_align_gap *gap, uint32_t sentence)
{
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];

	for (uint32_t i = gap->source; i < gap->source_end; i++)
		if (ev->tokens[i].weight >= TOKEN_CONTENT &&
		    is_specific(ev, ev->texts[s->hit], i, s->first))
			return true;
	return false;
}

/* The question may say what the source leaves out or calls otherwise, but not
 * what it is about. */
static bool is_asked(const struct kb_compare_input *in, uint32_t i)
{
	const struct kb_scope *scope = in->comparer->scope;

	return in->question &&
	       kb_prepared_find(in->question, in->claim->tokens[i].key) &&
	       !(scope && scope->n_chunks >= RARITY_CHUNKS &&
		 rarity(in, i) >= SLOT_RARITY);
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
	size_t n = fit->n;

	/* "please note that" before it is left out */
	if (n > 1 && !fit->gaps[0].claim_end)
		n--;
	return n == 1 && tokens <= ITEM_TOKENS &&
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

/* "etc." and "however" are no items: a word with which the text begins. */
static bool is_connective(struct kb_str text)
{
	static const char *const words[] = {
	    "etc",	 "and so on", "among", "however", "please",
	    "therefore", "including", "so",    "then",	  "or other"};
	static const char *const han[] = {"等", "即", "因此", "所以", "请"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = kb_starts_folded(text.ptr, text.len, words[i]);

		if (n && (n == text.len || !kb_is_letter(text.ptr[n])))
			return true;
	}
	for (size_t i = 0; i < sizeof(han) / sizeof(han[0]); i++)
		if (kb_str_is(text, han[i]))
			return true;
	return false;
}

/* An item of a list: behind a separator, and before another one, the end or,
 * when it is added, anything. An article or conjunction may stand between. */
static bool is_item(const struct kb_compare_input *in,
		    const struct kb_align_gap *gap, bool added)
{
	const struct kb_prepared *claim = in->claim;
	uint32_t last = (uint32_t)claim->n_tokens - 1;

	if (gap->claim < 2 || gap->claim == gap->claim_end ||
	    gap->claim_end - gap->claim > ITEM_TOKENS ||
	    is_connective(kb_gap_claim(claim, gap)))
		return false;
	return parts_items(kb_gap_stretch(
		   claim, gap->claim - 2,
		   gap->claim + (gap->claim + 1 < gap->claim_end))) &&
	       (added || gap->claim_end > last ||
		parts_items(kb_gap_stretch(
		    claim, gap->claim_end - 1,
		    gap->claim_end < last ? gap->claim_end + 1 : last)));
}

/* Has the source another word for the same there? */
static bool are_synonyms(const struct kb_compare_input *in,
			 const struct kb_align_gap *gap, uint32_t sentence)
{
	struct kb_synonym found[SYNONYMS];
	struct kb_arena *arena = in->claim->arena;
	struct kb_str mine, theirs;
	size_t n;

	if (gap->claim == gap->claim_end || gap->source == gap->source_end ||
	    gap->claim_end - gap->claim > ITEM_TOKENS ||
	    gap->source_end - gap->source > ITEM_TOKENS)
		return false;
	mine = kb_text_fold(arena, kb_gap_claim(in->claim, gap));
	theirs =
	    kb_text_fold(arena, kb_gap_source(in->evidence, gap, sentence));
	n = kb_synonyms_find(kb_synonyms_builtin(), mine, found, 0, SYNONYMS);
	for (size_t i = 0; i < n; i++)
		if (kb_synonym_in(theirs, found[i].group))
			return true;
	return false;
}

/* A character that says nothing by itself beside what it stands with: 做, 得.
 */
static bool is_light(const struct kb_prepared *claim, uint32_t i)
{
	struct kb_str word = kb_token_text(claim, claim->texts[0], i);

	return (unsigned char)word.ptr[0] >= 0x80 &&
	       kb_str_has(kb_str_of(LIGHT_HAN), word);
}

/* Part of a word that denies: "can't" and "cannot" are compared as what they
 * deny. */
static bool denies(const struct kb_prepared *claim, uint32_t i)
{
	size_t low = 0, high = claim->n_polars;

	/* they ascend: the first that ends behind the token */
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (claim->polar_at[mid].after <= i)
			low = mid + 1;
		else
			high = mid;
	}
	return low < claim->n_polars && claim->polar_at[low].token <= i &&
	       kb_polar_denies(&claim->polars[low]);
}

/* Does the sentence, or the title above it, say the token in other words? A
 * name of the title stands for "it", not for another name. */
static bool is_told(const struct kb_compare_input *in,
		    const struct kb_align_gap *gap, uint32_t sentence,
		    bool named, uint32_t i, enum kb_said *far)
{
	const struct kb_prepared *claim = in->claim;

	*far = kb_same_key(in, claim->tokens[i].key, sentence);
	return *far == KB_SAID_SENTENCE || (*far == KB_SAID_TITLE && !named) ||
	       kb_same_quantity(in, i, sentence) ||
	       kb_same_measure(in, i, sentence) ||
	       kb_same_alike(in, i, sentence) ||
	       is_spelled_in(in, gap, sentence,
			     kb_token_text(claim, claim->texts[0], i));
}

/* Is the gap an item, or all that a copy has beside what it copies? */
static bool counts_whole(const struct kb_compare_input *in,
			 const struct kb_alignment *fit,
			 const struct kb_align_gap *gap, bool added)
{
	return is_item(in, gap, added) || (!added && is_alone(in, fit, gap));
}

static bool is_han_token(struct kb_str word)
{
	uint32_t cp = 0;

	return kb_utf8_next(word.ptr, word.len, &cp) == word.len &&
	       kb_is_han(cp) && !parts_items(word);
}

bool kb_gap_in_passage(const struct kb_compare_input *in, uint32_t sentence,
		       struct kb_str text)
{
	const struct kb_prepared *ev = in->evidence;
	uint32_t hit = ev->sentences[sentence].hit;
	struct kb_synonym found[SYNONYMS];
	struct kb_str passage = ev->texts[hit], title = ev->titles[hit];
	size_t n;

	if (kb_str_has(passage, text) || kb_str_has(title, text))
		return true;
	n = kb_synonyms_find(kb_synonyms_builtin(), text, found, 0, SYNONYMS);
	for (size_t i = 0; i < n; i++)
		if (kb_synonym_in(passage, found[i].group))
			return true;
	return false;
}

/* Is there a character of a word right behind token i? */
static bool goes_on(const struct kb_prepared *claim, uint32_t i)
{
	return i + 1 < claim->n_tokens &&
	       claim->tokens[i + 1].start == claim->tokens[i].end &&
	       is_han_token(kb_token_text(claim, claim->texts[0], i + 1));
}

/*
 * Is a gap that is an item a whole Chinese word of which the passage has no two
 * characters side by side? Single ones of other items are not that item: 周日
 * is in no list of 周一 and 周三.
 */
static bool is_new_word(const struct kb_compare_input *in,
			const struct kb_align_gap *gap, uint32_t sentence)
{
	const struct kb_prepared *claim = in->claim;
	uint32_t from = gap->claim, last = gap->claim_end - 1;

	while (from < last &&
	       !is_han_token(kb_token_text(claim, claim->texts[0], from)))
		from++;
	if (from >= last || !from ||
	    (goes_on(claim, from - 1) &&
	     is_han_token(kb_token_text(claim, claim->texts[0], from - 1))))
		return false;
	for (uint32_t i = from; i < last; i++)
		if (!goes_on(claim, i) ||
		    kb_gap_in_passage(in, sentence,
				      kb_gap_stretch(claim, i, i + 1)))
			return false;
	return !kb_gap_in_passage(in, sentence,
				  kb_gap_stretch(claim, from, last));
}

#define POLARS_MAX 4 /* of a gap */

/* Is what stands in it on both sides of one polarity: "prior to" and "before",
 * "at least" and "no fewer than"? */
static bool is_of_one_side(const struct kb_compare_input *in,
			   const struct kb_align_gap *gap, uint32_t sentence)
{
	struct kb_str mine = kb_gap_claim(in->claim, gap);
	struct kb_str theirs = kb_gap_source(in->evidence, gap, sentence);
	struct kb_polar a[POLARS_MAX], b[POLARS_MAX];
	size_t n = kb_polarity_find(mine.ptr, mine.len, a, POLARS_MAX);
	size_t m = kb_polarity_find(theirs.ptr, theirs.len, b, POLARS_MAX);

	return n == 1 && m == 1 && a->group == b->group &&
	       a->group >= KB_POLAR_MODAL && a->side == b->side;
}

/* Does the key name a column of the table of which the sentence is a row? A
 * cell is said with it. */
static bool is_column(const struct kb_compare_input *in, uint32_t sentence,
		      uint64_t key)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = ev->sentences;
	uint32_t row = sentence;

	if (!kb_clause_is_row(ev, row))
		return false;
	while (row && s[row - 1].hit == s[sentence].hit && !s[row - 1].title &&
	       kb_clause_is_row(ev, row - 1) && kb_compare_visit(in, 1))
		row--;
	for (uint32_t i = s[row].first; i < s[row].first + s[row].n; i++)
		if (row != sentence && ev->tokens[i].key == key)
			return true;
	return false;
}

static void weigh_gap(const struct kb_compare_input *in,
		      const struct kb_alignment *fit,
		      const struct kb_align_gap *gap, uint32_t sentence,
		      struct foreign *f)
{
	const struct kb_prepared *claim = in->claim;
	bool other =
	    kb_gap_content(in->evidence, gap->source, gap->source_end) > 0;
	bool all = counts_whole(in, fit, gap, !other);
	bool named = other && has_specific(in->evidence, gap, sentence);
	bool apart = other && !is_slot(in, gap, sentence);
	bool new_word = all && !other && is_new_word(in, gap, sentence);
	float common = 0;

	*f = (struct foreign){.added = !other};
	for (uint32_t i = gap->claim; i < gap->claim_end; i++) {
		float weight = claim->tokens[i].weight;
		enum kb_said far = KB_SAID_SENTENCE;
		bool specific;

		if (weight < TOKEN_CONTENT)
			continue;
		if (new_word) {
			far = KB_SAID_NOWHERE;
		} else if (is_told(in, gap, sentence, named, i, &far)) {
			f->told += weight;
			continue;
		}
		if (apart || is_light(claim, i) || denies(claim, i) ||
		    (!(named && all) && is_asked(in, i)))
			continue;
		specific = is_specific(claim, claim->texts[0], i, 0);
		if (((named && specific) ||
		     (all && other && far == KB_SAID_PASSAGE)) &&
		    !is_column(in, sentence, claim->tokens[i].key))
			f->own += weight;
		if (far == KB_SAID_NOWHERE && (all || specific))
			f->passage += weight;
		else if (far == KB_SAID_NOWHERE)
			common = COMMON_SLOT;
	}
	f->passage += common;
	if (f->own + f->passage > 0 && (are_synonyms(in, gap, sentence) ||
					is_of_one_side(in, gap, sentence)))
		f->own = f->passage = 0;
}

/* ---- what the gaps amount to ---- */

/* Is there a foreign thing in what is else a copy? */
static bool is_foreign(const struct kb_comparison *out, double matched)
{
	if (matched < SLOT_MATCHED)
		return false;
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
	float slots = 0, passage = 0, added = 0, most = 0, told = 0;
	const struct kb_align_gap *worst = fit->gaps;

	for (size_t i = 0; i < fit->n; i++) {
		struct foreign f;

		weigh_gap(in, fit, &fit->gaps[i], sentence, &f);
		told += f.told;
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
	if (fit->all > 0 &&
	    fit->matched * fit->all >=
		fmin((double)ALIKE_WEIGHT, fit->all * (double)ALIKE_BESIDE))
		out->f[KB_F_ALIGNED] += (double)told * TOLD_SHARE / fit->all;
	out->f[KB_F_SLOTS] = exp(-(double)slots / 2);
	out->f[KB_F_SLOTS_PASSAGE] = exp(-(double)passage / 2);
	out->f[KB_F_ADDED_PASSAGE] = exp(-(double)added / 2);
	if (is_foreign(out, fit->weight))
		kb_compare_find(out,
				kb_gap_content(in->evidence, worst->source,
					       worst->source_end) > 0
				    ? KB_FIND_EXCHANGED
				    : KB_FIND_ADDED,
				kb_gap_claim(in->claim, worst),
				kb_gap_source(in->evidence, worst, sentence),
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
	kb_compare_transposed(in, &fit, home, out);
	kb_compare_bound(in, &fit, home, out);
}
