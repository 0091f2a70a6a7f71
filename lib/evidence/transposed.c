/*
 * A claim that is else a copy, with two things in each other's places, what is
 * said of one joined to another, a word turned into its opposite, or a name of
 * which one character is another.
 */
#include <string.h>
#include <strings.h>

#include "answer/lexicon/named_range.h"
#include "base/utf8.h"
#include "evidence/gaps.h"
#include "evidence/same.h"
#include "passage/clause.h"
#include "passage/token_weights.h"
#include "query/common_words.h"
#include "text/script.h"

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

bool kb_gap_holds(const struct kb_prepared *p, struct kb_str text,
		  struct kb_tokens in, const char *const *words)
{
	for (uint32_t i = in.from; i < in.to; i++) {
		struct kb_str word = kb_token_text(p, text, i);

		for (size_t k = 0; words[k]; k++)
			if (kb_starts_folded(word.ptr, word.len, words[k]) ==
			    word.len)
				return true;
	}
	return false;
}

bool kb_gap_symmetric(const struct kb_prepared *p, struct kb_str text,
		      uint32_t from, uint32_t to)
{
	static const char *const words[] = {
	    "with", "met", "married", "borders", "equals",
	    "与",   "和",  "同",      "跟",	 NULL};

	return kb_gap_holds(p, text, (struct kb_tokens){from, to}, words);
}

/* Two things that have changed places: "A sold it to B" and "B sold it to A",
 * but not "B and A met". */
static bool is_exchange(const struct kb_compare_input *in,
			const struct kb_align_gap *a,
			const struct kb_align_gap *b)
{
	const struct kb_prepared_token *c = in->claim->tokens;
	const struct kb_prepared_token *e = in->evidence->tokens;

	return kb_gap_content(in->claim, a->claim, a->claim_end) > 0 &&
	       kb_gap_content(in->claim, b->claim, b->claim_end) > 0 &&
	       kb_gap_content(in->claim, a->claim_end, b->claim) > 0 &&
	       !kb_gap_symmetric(in->claim, in->claim->texts[0], a->claim_end,
				 b->claim) &&
	       begin_with(c + a->claim, a->claim_end - a->claim, e + b->source,
			  b->source_end - b->source) &&
	       begin_with(c + b->claim, b->claim_end - b->claim, e + a->source,
			  a->source_end - a->source);
}

/* Has a clause of the sentence all that the claim's has? */
static bool has_clause(const struct kb_compare_input *in, uint32_t sentence,
		       struct kb_tokens clause)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];

	for (uint32_t at = s->first; at < s->first + s->n;) {
		struct kb_tokens theirs = kb_clause_at(ev, sentence, at);
		uint32_t i = clause.from;

		if (!kb_compare_visit(in, (uint64_t)(clause.to - clause.from) *
					      (theirs.to - theirs.from)))
			return false;
		for (; i < clause.to; i++) {
			uint32_t k = theirs.from;

			if (in->claim->tokens[i].weight < TOKEN_CONTENT)
				continue;
			while (k < theirs.to &&
			       ev->tokens[k].key != in->claim->tokens[i].key)
				k++;
			if (k == theirs.to)
				break;
		}
		if (i == clause.to)
			return true;
		at = theirs.to;
	}
	return false;
}

/* Are the claim's clauses those of the sentence, in another order? */
static bool is_reordered(const struct kb_compare_input *in, uint32_t sentence)
{
	const struct kb_prepared *claim = in->claim;
	size_t clauses = 0;

	for (uint32_t at = 0; at < claim->n_tokens; clauses++) {
		struct kb_tokens clause =
		    kb_clause_at(claim, claim->tokens[at].sentence, at);

		if (!has_clause(in, sentence, clause))
			return false;
		at = clause.to;
	}
	return clauses > 1;
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
	if (n != 1 || is_reordered(in, sentence))
		return;
	kb_compare_find(out, KB_FIND_TRANSPOSED, kb_gap_claim(in->claim, found),
			kb_gap_source(in->evidence, found, sentence),
			in->evidence->sentences[sentence].hit);
}

/* 量 of "除湿量": what is measured is named before it. */
static bool measures(const struct kb_prepared *ev, uint32_t i)
{
	struct kb_str text =
	    ev->texts[ev->sentences[ev->tokens[i].sentence].hit];
	struct kb_str word = kb_token_text(ev, text, i);

	return word.len == 3 && kb_str_has(kb_str_of(MEASURE_HAN), word);
}

/* Does what is left out end as what stands before it: "by" of "is paid by"? */
static bool goes_on_alike(const struct kb_compare_input *in,
			  const struct kb_align_gap *gap)
{
	return gap->claim && gap->source < gap->source_end &&
	       in->claim->tokens[gap->claim - 1].key ==
		   in->evidence->tokens[gap->source_end - 1].key;
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
	bool again = goes_on_alike(in, gap), other = false;
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
			other |= !kb_same_claimed(in, i) && !measures(ev, i);
	}
	return again && other;
}

/* One word is the other with a prefix that denies it. Others than un- and non-
 * often do not: display, improve. */
static bool is_negated(struct kb_str a, struct kb_str b)
{
	static const char *const free[] = {"un", "non"};
	static const char *const words[] = {
	    "invalid",	  "incorrect",	 "incomplete", "indirect",
	    "inactive",	  "impossible",	 "improper",   "imperfect",
	    "illegal",	  "irregular",	 "disagree",   "disagreed",
	    "disconnect", "disallow",	 "disallowed", "disapproved",
	    "dissimilar", "disconnected"};

	if (a.len < b.len) {
		struct kb_str t = a;

		a = b;
		b = t;
	}
	if (b.len < NEGATED_LETTERS || a.len - b.len < 2 || a.len - b.len > 3 ||
	    strncasecmp(a.ptr + a.len - b.len, b.ptr, b.len) != 0)
		return false;
	for (size_t i = 0; i < sizeof(free) / sizeof(free[0]); i++)
		if (strlen(free[i]) == a.len - b.len &&
		    kb_starts_folded(a.ptr, a.len, free[i]))
			return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == a.len &&
		    kb_starts_folded(a.ptr, a.len, words[i]))
			return true;
	return false;
}

/* Characters of which only one is true at a time, alone in a gap. */
static bool are_exclusive(const struct kb_compare_input *in,
			  const struct kb_align_gap *gap, uint32_t sentence)
{
	static const char *const sets[] = {
	    "冷热", "东西南北", "前后", "上下",		"早晚",	      "大小",
	    "新旧", "男女",	"买卖", "红绿蓝黄白黑", "日周月季年", "升降",
	    "进出", "左右",	"内外", "高低",		"长短",	      "多少"};
	struct kb_str a = kb_gap_claim(in->claim, gap);
	struct kb_str b = kb_gap_source(in->evidence, gap, sentence);

	if (a.len != 3 || b.len != 3 || kb_str_eq(a, b))
		return false;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (kb_str_has(kb_str_of(sets[i]), a) &&
		    kb_str_has(kb_str_of(sets[i]), b))
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
			if (is_negated(kb_token_text(claim, claim->texts[0], i),
				       kb_token_text(ev, text, k)))
				return true;
	return false;
}

/* Words of negation of a sentence, or of the claim. */
static size_t negations(const struct kb_prepared *p, uint32_t sentence)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_polars; i++)
		n += p->polar_at[i].sentence == sentence &&
		     p->polars[i].group == KB_POLAR_NEGATION;
	return n;
}

static void find_opposites(const struct kb_compare_input *in,
			   const struct kb_alignment *fit, uint32_t sentence,
			   struct kb_comparison *out)
{
	uint32_t hit = in->evidence->sentences[sentence].hit;
	enum kb_finding_kind kind;
	bool row; /* a claim skips its cells */

	if (fit->matched < SLOT_ALIGNED)
		return;
	row = kb_clause_is_row(in->evidence, sentence);
	kb_prepared_find_polars(in->evidence, sentence);
	for (size_t i = 0; i < fit->n; i++) {
		const struct kb_align_gap *gap = &fit->gaps[i];

		/* "not possible" says the same as "impossible" */
		if (are_exclusive(in, gap, sentence) ||
		    (has_negated(in, gap, sentence) &&
		     negations(in->claim, 0) % 2 ==
			 negations(in->evidence, sentence) % 2))
			kind = KB_FIND_POLARITY;
		else if (!row && is_splice(in, gap))
			kind = KB_FIND_EXCHANGED;
		else
			continue;
		kb_compare_find(out, kind, kb_gap_claim(in->claim, gap),
				kb_gap_source(in->evidence, gap, sentence),
				hit);
	}
}

void kb_compare_transposed(const struct kb_compare_input *in,
			   const struct kb_alignment *fit, uint32_t sentence,
			   struct kb_comparison *out)
{
	find_exchange(in, fit, sentence, out);
	find_opposites(in, fit, sentence, out);
}

/* ---- names of which one character is another ---- */

/* Chinese names: 湖西路 for 湖滨路, 李敏老师 for 王敏老师. A character in the
 * place of another one says little; with what stands behind it, it is the name
 * of something else. And names of days and months. */
#define HAN_BYTES 3

/* What names of people, places and firms end in. */
static const char *const ends[] = {
    "老师", "先生", "女士", "医生", "大夫", "护士", "经理", "主任",
    "教授", "律师", "师傅", "路",   "街",   "巷",   "大道", "物流",
    "快递", "公司", "银行", "集团", "酒店", "宾馆", "医院", "大学",
    "中学", "小学", "超市", "广场", "公园", "大厦"};

static bool is_name_end(struct kb_str word)
{
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (kb_str_is(word, ends[i]))
			return true;
	return false;
}

/* The end of a name at the place, of one or two characters; len 0 for none. */
static struct kb_str end_at(struct kb_str text, size_t at)
{
	for (size_t n = 2 * HAN_BYTES; n; n -= HAN_BYTES) {
		struct kb_str word = {text.ptr + at, n};

		if (at + n <= text.len && is_name_end(word))
			return word;
	}
	return (struct kb_str){"", 0};
}

/* The two characters before the place; false unless both are Chinese. */
static bool two_before(struct kb_str text, size_t at, uint32_t two[2])
{
	if (at < 2 * (size_t)HAN_BYTES)
		return false;
	for (size_t i = 0; i < 2; i++) {
		size_t from = at - (2 - i) * HAN_BYTES;

		if (kb_utf8_next(text.ptr + from, HAN_BYTES, &two[i]) !=
			HAN_BYTES ||
		    !kb_is_han(two[i]))
			return false;
	}
	return true;
}

/* Is what stands before the end of a name no word, so that it is one? */
static bool is_name(struct kb_str text, size_t at)
{
	uint32_t two[2];

	return two_before(text, at, two) && !kb_common_pair(two[0], two[1]);
}

/* Is one of the two characters before the places the same, and one not? */
static bool differs_by_one(struct kb_str a, size_t at, struct kb_str b,
			   size_t place)
{
	uint32_t x[2], y[2];

	return two_before(a, at, x) && two_before(b, place, y) &&
	       (x[0] == y[0]) != (x[1] == y[1]);
}

/* The name before such an end in the text that the one of the claim at the
 * place may stand for; len 0 for none. */
static struct kb_str name_of(struct kb_str text, struct kb_str end,
			     struct kb_str claim, size_t at)
{
	for (size_t i = 0; i + end.len <= text.len; i++)
		if (!memcmp(text.ptr + i, end.ptr, end.len) &&
		    (differs_by_one(claim, at, text, i) ||
		     (is_name(claim, at) && is_name(text, i))))
			return (struct kb_str){
			    text.ptr + i - 2 * HAN_BYTES,
			    end.len + 2 * HAN_BYTES,
			};
	return (struct kb_str){"", 0};
}

static bool is_said(const struct kb_compare_input *in, uint32_t hit,
		    struct kb_str name)
{
	const struct kb_prepared *ev = in->evidence;

	return !kb_compare_visit(in, ev->texts[hit].len / VISIT_BYTES + 1) ||
	       kb_str_has(ev->texts[hit], name) ||
	       kb_str_has(ev->titles[hit], name) ||
	       (in->question && kb_str_has(in->question->texts[0], name));
}

void kb_compare_names(const struct kb_compare_input *in, uint32_t sentence,
		      struct kb_comparison *out)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	struct kb_str claim = in->claim->texts[0];
	struct kb_str text = kb_compare_slice(ev, sentence, s->start, s->end);

	if (in->claim->n_tokens > KB_ALIGN_TOKENS || s->n > KB_ALIGN_TOKENS ||
	    !text.len)
		return;
	for (size_t at = 2 * HAN_BYTES; at < claim.len; at++) {
		struct kb_str end = end_at(claim, at), name, theirs;

		if (!end.len)
			continue;
		name = (struct kb_str){end.ptr - 2 * HAN_BYTES,
				       end.len + 2 * HAN_BYTES};
		theirs = name_of(text, end, claim, at);
		if (!theirs.len || is_said(in, s->hit, name))
			continue;
		kb_compare_find(out, KB_FIND_EXCHANGED, name, theirs, s->hit);
		return;
	}
}

/* Does it name a day or a month that the sentence, which names others, does
 * not? */
void kb_compare_named(const struct kb_compare_input *in, uint32_t sentence,
		      struct kb_comparison *out)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	struct kb_str text = kb_compare_slice(ev, sentence, s->start, s->end);
	struct kb_str name;

	if (!text.len || in->claim->n_tokens > KB_ALIGN_TOKENS ||
	    s->n > KB_ALIGN_TOKENS ||
	    !kb_compare_visit(in, ev->texts[s->hit].len / VISIT_BYTES))
		return;
	name = kb_named_missing(in->claim->texts[0], text, ev->texts[s->hit]);
	if (name.len)
		kb_compare_find(out, KB_FIND_EXCHANGED, name,
				(struct kb_str){"", 0}, s->hit);
}
