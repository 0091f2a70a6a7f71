/*
 * What a claim says more widely than its source: without the "only" of that,
 * every day, or of a thing that another sentence denies it of.
 */
#include <string.h>

#include "evidence/compare.h"
#include "evidence/compare_weights.h"
#include "evidence/gaps.h"
#include "passage/clause.h"
#include "passage/token_weights.h"
#include "text/literals.h"

/* ---- restricted ---- */

#define SCOPE_WEIGHT 2.f /* of the words behind "only" */

static bool is_only(struct kb_str word)
{
	static const char *const words[] = {"only", "只有", "仅"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (kb_starts_folded(word.ptr, word.len, words[i]))
			return true;
	return false;
}

static bool says_only(const struct kb_prepared *p)
{
	for (size_t i = 0; p && i < p->n_polars; i++)
		if (is_only(
			(struct kb_str){p->texts[0].ptr + p->polars[i].start,
					p->polars[i].end - p->polars[i].start}))
			return true;
	return false;
}

/* Is the token, or one of its kind, said in the claim or asked? */
static bool is_said_or_asked(const struct kb_compare_input *in, uint64_t key)
{
	return kb_prepared_find(in->claim, key) ||
	       (in->question && kb_prepared_find(in->question, key));
}

/* Does the clause of the token hold half of the claim's content? */
static bool is_of_clause(const struct kb_compare_input *in, uint32_t sentence,
			 uint32_t token)
{
	const struct kb_prepared *ev = in->evidence, *claim = in->claim;
	uint32_t from = token, to = kb_clause_at(ev, sentence, token).to;
	float all = 0, found = 0;

	while (from > ev->sentences[sentence].first &&
	       !kb_clause_begins(ev, from))
		from--;
	for (uint32_t i = 0; i < claim->n_tokens; i++) {
		uint32_t k = from;

		if (claim->tokens[i].weight < TOKEN_CONTENT)
			continue;
		while (k < to && ev->tokens[k].key != claim->tokens[i].key)
			k++;
		all += claim->tokens[i].weight;
		if (k < to)
			found += claim->tokens[i].weight;
	}
	return found * 2 >= all;
}

/* Of "only if the item is unopened", or "in suites only", are the words there
 * that it is restricted to? */
static bool keeps_scope(const struct kb_compare_input *in, uint32_t sentence,
			size_t polar)
{
	const struct kb_prepared *ev = in->evidence;
	uint32_t at = ev->polar_at[polar].token;
	struct kb_tokens clause = kb_clause_at(ev, sentence, at);
	float weight = 0;

	for (uint32_t i = ev->polar_at[polar].after;
	     i < clause.to && weight < SCOPE_WEIGHT; i++) {
		if (ev->tokens[i].weight < TOKEN_CONTENT)
			continue;
		if (is_said_or_asked(in, ev->tokens[i].key))
			return true;
		weight += ev->tokens[i].weight;
	}
	if (weight > 0)
		return false;
	while (at > ev->sentences[sentence].first && !kb_clause_begins(ev, at))
		if (ev->tokens[--at].weight >= TOKEN_CONTENT)
			return is_said_or_asked(in, ev->tokens[at].key);
	return true;
}

/* The first "only" of the sentence that the claim leaves out, or n_polars. */
static size_t dropped_only(const struct kb_compare_input *in, uint32_t sentence)
{
	const struct kb_prepared *ev = in->evidence;

	/* to what is wanted by name or number it is not limited */
	if (in->comparer->relevance->form.kind != KB_WANTED_YES_NO ||
	    says_only(in->claim) || says_only(in->question))
		return ev->n_polars;
	for (size_t i = 0; i < ev->n_polars; i++)
		if (ev->polar_at[i].sentence == sentence &&
		    is_only(kb_compare_slice(ev, sentence, ev->polars[i].start,
					     ev->polars[i].end)) &&
		    is_of_clause(in, sentence, ev->polar_at[i].token) &&
		    !keeps_scope(in, sentence, i))
			return i;
	return ev->n_polars;
}

/* With times of a day "every day" says that it is so on Mondays, too; without
 * them it may be a rate, "46 million a day". */
static const char *const every_day[] = {
    "every day", "daily", "每天", "每日", "天天", "7 days a week", "每周七天",
};
static const char *const at_any_time[] = {
    "at any time", "anytime",  "24/7", "all day",
    "year-round",  "all year", "全天", "随时",
    "任何时候",	   "任何时间", "全年", "all the time",
};
static const char *const all_days[] = {
    "monday to sunday", "周一至周日", "周一到周日", "seven days", "24小时",
    "24 hours",		"全天候",     "节假日",	    "always",	  "一直",
};
static struct kb_literals every_day_set = KB_LITERALS(every_day);
static struct kb_literals at_any_time_set = KB_LITERALS(at_any_time);
static struct kb_literals all_days_set = KB_LITERALS(all_days);

/* What the claim says of all times. */
static struct kb_str any_time(const struct kb_prepared *claim)
{
	struct kb_str found =
	    kb_literals_first(&at_any_time_set, claim->texts[0]);
	bool clock = false;

	for (size_t i = 0; i < claim->n_quantities; i++)
		clock |= claim->quantities[i].dim == KB_DIM_CLOCK;
	return found.len || !clock
		   ? found
		   : kb_literals_first(&every_day_set, claim->texts[0]);
}

static bool says_any_time(struct kb_str text)
{
	return kb_literals_any(&at_any_time_set, text.ptr, text.len) ||
	       kb_literals_any(&every_day_set, text.ptr, text.len) ||
	       kb_literals_any(&all_days_set, text.ptr, text.len);
}

static void compare_restricted(const struct kb_compare_input *in,
			       uint32_t sentence, struct kb_comparison *out)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_polar *only;
	size_t which = dropped_only(in, sentence);

	if (which == ev->n_polars)
		return;
	only = &ev->polars[which];
	out->f[KB_F_POLARITY] = 0;
	kb_compare_find(out, KB_FIND_POLARITY, (struct kb_str){"", 0},
			kb_compare_slice(ev, sentence, only->start, only->end),
			ev->sentences[sentence].hit);
}

static void compare_times(const struct kb_compare_input *in, uint32_t sentence,
			  struct kb_comparison *out)
{
	const struct kb_prepared *ev = in->evidence;
	uint32_t hit = ev->sentences[sentence].hit;
	struct kb_str any = any_time(in->claim);

	if (any.len &&
	    kb_compare_visit(in, ev->texts[hit].len / VISIT_BYTES + 1) &&
	    !says_any_time(ev->texts[hit]) && !says_any_time(ev->titles[hit]))
		kb_compare_find(out, KB_FIND_ADDED, any, (struct kb_str){"", 0},
				hit);
}

/* ---- said with fewer words ---- */

/* Does a denial stand alone in its clause, as in "annual cards are
 * transferable, day cards are not" or "to other states but not abroad"? */
static bool is_elliptic(const struct kb_prepared *ev, struct kb_tokens clause,
			struct kb_place denial)
{
	bool behind = false, before = false;

	for (uint32_t i = clause.from; i < clause.to; i++) {
		if (ev->tokens[i].weight < TOKEN_CONTENT)
			continue;
		before |= i < denial.token;
		behind |= i >= denial.after;
	}
	return before != behind;
}

/* Are all words of the clause the claim's, and some nowhere else in its
 * sentence? */
static bool is_about(const struct kb_compare_input *in, uint32_t sentence,
		     struct kb_tokens clause, struct kb_place denial)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	bool own = false;

	for (uint32_t i = clause.from; i < clause.to; i++) {
		uint32_t k = s->first;

		if (ev->tokens[i].weight < TOKEN_CONTENT ||
		    (i >= denial.token && i < denial.after))
			continue;
		if (!kb_prepared_find(in->claim, ev->tokens[i].key))
			return false;
		while (k < s->first + s->n &&
		       ((k >= clause.from && k < clause.to) ||
			ev->tokens[k].key != ev->tokens[i].key))
			k++;
		own |= k == s->first + s->n;
	}
	return own;
}

/* "Except" parts, and denies nothing by itself. */
static bool excepts(const struct kb_prepared *ev, uint32_t sentence,
		    const struct kb_polar *word)
{
	struct kb_str text =
	    kb_compare_slice(ev, sentence, word->start, word->end);

	return kb_starts_folded(text.ptr, text.len, "except");
}

/* Is the claim one clause, but for the "no" before it? */
static bool is_clause(const struct kb_prepared *claim)
{
	for (uint32_t i = 2; i < claim->n_tokens; i++)
		if (kb_clause_begins(claim, i))
			return false;
	return true;
}

bool kb_compare_elliptic(const struct kb_compare_input *in, uint32_t sentence,
			 struct kb_comparison *out)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];

	if (s->title || s->n > KB_ALIGN_TOKENS ||
	    in->claim->n_tokens > KB_ALIGN_TOKENS || !is_clause(in->claim))
		return false;
	for (size_t i = 0; i < ev->n_polars; i++) {
		struct kb_place at = ev->polar_at[i];
		struct kb_tokens clause = {at.token, at.token};

		if (at.sentence != sentence || at.token >= s->first + s->n ||
		    !kb_polar_denies(&ev->polars[i]) ||
		    excepts(ev, sentence, &ev->polars[i]))
			continue;
		while (clause.from > s->first &&
		       !kb_clause_begins(ev, clause.from))
			clause.from--;
		clause.to = kb_clause_at(ev, sentence, at.token).to;
		if (clause.from == s->first || !is_elliptic(ev, clause, at) ||
		    !is_about(in, sentence, clause, at))
			continue;
		if (!kb_prepared_refuses(in->claim)) {
			out->f[KB_F_POLARITY] = 0;
			kb_compare_find(
			    out, KB_FIND_POLARITY, (struct kb_str){"", 0},
			    kb_compare_slice(ev, sentence, ev->polars[i].start,
					     ev->polars[i].end),
			    s->hit);
		}
		return true;
	}
	return false;
}

/* ---- denied elsewhere ---- */

#define DENIED_WEIGHT 2.f /* of the words of a sentence that denies */
#define DENIED_NEAR   64  /* sentences to either side are looked at */

static bool has_token(const struct kb_prepared *p, uint32_t sentence,
		      uint64_t key)
{
	const struct kb_occurrence *o = kb_prepared_find(p, key);

	for (; o; o = kb_prepared_next(p, o))
		if (p->tokens[o->token].sentence == sentence)
			return true;
	return false;
}

/* May it be said of the claim, but for a few words of polarity? */
static bool may_deny(const struct kb_compare_input *in,
		     const struct kb_prepared_sentence *s, bool brief)
{
	const struct kb_prepared_token *t = &in->evidence->tokens[s->first];
	float foreign = 0;

	for (uint32_t i = 0; i < s->n && foreign < DENIED_WEIGHT; i++)
		if (t[i].weight >= TOKEN_CONTENT &&
		    !kb_prepared_find(in->claim, t[i].key) &&
		    !(brief && kb_prepared_find(in->question, t[i].key)))
			foreign += t[i].weight;
	return foreign < DENIED_WEIGHT;
}

/* Are all words of the sentence, which denies, those of the claim, or of the
 * question for a brief one; and does the claim's own place lack one? */
static bool is_denied_by(const struct kb_compare_input *in, uint32_t sentence,
			 uint32_t best, bool brief)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	bool news = false;
	float weight = 0;

	for (uint32_t i = s->first; i < s->first + s->n; i++) {
		uint64_t key = ev->tokens[i].key;
		bool asked, said;

		if (ev->tokens[i].weight < TOKEN_CONTENT ||
		    kb_prepared_in_polar(ev, i))
			continue;
		said = kb_prepared_find(in->claim, key);
		asked = in->question && kb_prepared_find(in->question, key);
		if (!said && !(brief && asked))
			return false;
		news |= said && (brief ? !asked : !has_token(ev, best, key));
		weight += ev->tokens[i].weight;
	}
	return news && weight >= DENIED_WEIGHT;
}

static void compare_denied(const struct kb_compare_input *in, uint32_t best,
			   double coverage, struct kb_comparison *out)
{
	const struct kb_prepared *ev = in->evidence;
	uint32_t hit = ev->sentences[best].hit, first = best;
	bool wh = in->comparer->relevance->form.kind != KB_WANTED_YES_NO;
	bool brief = in->question && wh && in->claim->n_tokens <= BRIEF_CLAIM;

	if (in->asks || (!brief && coverage >= DENIED_COPY) ||
	    in->claim->n_tokens > KB_ALIGN_TOKENS ||
	    kb_prepared_refuses(in->claim) ||
	    (brief && kb_prepared_refuses(in->question)))
		return;
	while (first && best - first < DENIED_NEAR &&
	       ev->sentences[first - 1].hit == hit)
		first--;
	for (uint32_t i = first;
	     i < ev->n_sentences && i < best + DENIED_NEAR &&
	     ev->sentences[i].hit == hit;
	     i++) {
		const struct kb_prepared_sentence *s = &ev->sentences[i];

		if (s->title || s->n > KB_ALIGN_TOKENS || (!brief && i == best))
			continue;
		if (!kb_compare_visit(in, 1))
			break;
		if (!may_deny(in, s, brief))
			continue;
		kb_prepared_find_polars(in->evidence, i);
		if (!kb_prepared_refuses(ev) ||
		    !is_denied_by(in, i, best, brief))
			continue;
		out->f[KB_F_POLARITY] = 0;
		kb_compare_find(out, KB_FIND_POLARITY, (struct kb_str){"", 0},
				kb_compare_slice(ev, i, s->start, s->end), hit);
		break;
	}
	kb_prepared_find_polars(in->evidence, best);
}

void kb_compare_widened(const struct kb_compare_input *in, uint32_t sentence,
			double coverage, struct kb_comparison *out)
{
	const struct kb_prepared_sentence *s =
	    &in->evidence->sentences[sentence];

	if (!in->asks && !s->title && in->claim->n_tokens <= KB_ALIGN_TOKENS &&
	    s->n <= KB_ALIGN_TOKENS) {
		if (coverage >= ONLY_COVER)
			compare_restricted(in, sentence, out);
		if (coverage >= TIMES_COVER)
			compare_times(in, sentence, out);
		if (coverage >= OPPOSITE_COVER)
			kb_compare_all_of(in, sentence, out);
	}
	compare_denied(in, sentence, coverage, out);
}

/* ---- the question repeated ---- */

/* The keys of content tokens of a brief text; more than ECHO_TOKENS for none.
 */
static size_t content_keys(const struct kb_prepared *p, uint64_t *keys,
			   size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_tokens && n < max; i++)
		if (p->tokens[i].weight >= TOKEN_CONTENT)
			keys[n++] = p->tokens[i].key;
	return n;
}

#define ASKED_TOKENS 32 /* of a question are looked at */

bool kb_compare_echoes(const struct kb_compare_input *in, bool *denies)
{
	uint64_t mine[ECHO_TOKENS + 1], asked[ASKED_TOKENS];
	size_t n = content_keys(in->claim, mine, ECHO_TOKENS + 1);
	size_t n_asked = content_keys(in->question, asked, ASKED_TOKENS);

	*denies = kb_prepared_refuses(in->claim);
	if (!in->comparer->relevance->form.is_han || !n || n > ECHO_TOKENS ||
	    in->claim->n_quantities || kb_prepared_refuses(in->question))
		return false;
	for (size_t i = 0; i + n <= n_asked; i++)
		if (!memcmp(asked + i, mine, n * sizeof(*mine)))
			return n < n_asked;
	return false;
}
