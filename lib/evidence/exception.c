/*
 * What a sentence excepts: "open every day except Monday" says that it is not
 * open on Monday, and not that it is open every day; and what its compounds are
 * without: fanless, sugar-free.
 */
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "evidence/compare.h"
#include "evidence/compare_weights.h"
#include "evidence/gaps.h"
#include "passage/clause.h"
#include "passage/token_weights.h"
#include "text/literals.h"

static const char *const markers[] = {"except for", "except on",
				      "except in",  "except at",
				      "except",	    "other than",
				      "excluding",  "waived for",
				      "apart from", "with the exception of"};
static struct kb_literals marker_set = KB_LITERALS(markers);

/* They say that something holds without an exception. */
static const char *const universals[] = {
    "every", "all",  "always", "daily", "everyone",  "any",
    "each",  "每天", "每日",   "全部",	"所有",	     "一律",
    "全年",  "均",   "都",     "天天",	"everybody", "anyone",
    "全天",  "也",   "也是",   "随时",	"also",	     "too"};
static struct kb_literals universal_set = KB_LITERALS(universals);

/* The same of a denial. */
static const char *const nevers[] = {
    "never",  "under no circumstances", "in no case", "从不", "绝不", "一律不",
    "一概不", "任何情况下都不"};
static struct kb_literals never_set = KB_LITERALS(nevers);

static bool ends_clause(const char *p, size_t len)
{
	return *p == ',' || *p == ';' || *p == '.' || *p == '\n' ||
	       kb_starts(p, len, "，") || kb_starts(p, len, "。") ||
	       kb_starts(p, len, "；");
}

/* Behind "except", up to the end of its clause. */
static struct kb_str english(struct kb_str text)
{
	struct kb_str marker = kb_literals_first(&marker_set, text);
	size_t from, end;

	if (!marker.len)
		return marker;
	from = end = (size_t)(marker.ptr - text.ptr) + marker.len;
	while (end < text.len && !ends_clause(text.ptr + end, text.len - end))
		end++;
	return (struct kb_str){text.ptr + from, end - from};
}

#define SAID_SHARE     .5f /* of the sentence, or of its exception */
#define EXCEPTED_BYTES 48  /* between 除 and 外 */

static struct kb_str chinese(struct kb_str text)
{
	for (size_t i = 0; i + 3 < text.len; i++) {
		size_t n = kb_starts(text.ptr + i, text.len - i, "除"), end;

		if (!n || kb_starts(text.ptr + i, text.len - i, "除非"))
			continue;
		i += n;
		i += kb_starts(text.ptr + i, text.len - i, "了");
		for (end = i; end < text.len && end < i + EXCEPTED_BYTES &&
			      !ends_clause(text.ptr + end, text.len - end);
		     end++)
			if (kb_starts(text.ptr + end, text.len - end, "外") ||
			    kb_starts(text.ptr + end, text.len - end, "以外") ||
			    kb_starts(text.ptr + end, text.len - end, "之外"))
				return (struct kb_str){text.ptr + i, end - i};
	}
	return (struct kb_str){"", 0};
}

/* 工作日7点至9点除外: the clause before it. */
static struct kb_str chinese_behind(struct kb_str text)
{
	static const char *const words[] = {"除外", "例外"};

	for (size_t i = 0; i + 6 <= text.len; i++)
		for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++) {
			size_t from = i;
			uint32_t cp;

			if (!kb_starts(text.ptr + i, text.len - i, words[k]))
				continue;
			while (from &&
			       !ends_clause(text.ptr + from, text.len - from))
				from--;
			if (from)
				from += kb_utf8_next(text.ptr + from, i - from,
						     &cp);
			from += kb_starts(text.ptr + from, i - from, "但");
			return (struct kb_str){text.ptr + from, i - from};
		}
	return (struct kb_str){"", 0};
}

static struct kb_str excepted(struct kb_str text)
{
	struct kb_str found = english(text);

	if (!found.len)
		found = chinese(text);
	return found.len ? found : chinese_behind(text);
}

/* How much of the sentence's tokens in the stretch, or outside of it, does the
 * claim have? */
static float share_of(const struct kb_compare_input *in, uint32_t sentence,
		      struct kb_str stretch, bool inside)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	size_t from = (size_t)(stretch.ptr - ev->texts[s->hit].ptr);
	float all = 0, found = 0;

	for (uint32_t i = s->first; i < s->first + s->n; i++) {
		const struct kb_prepared_token *t = &ev->tokens[i];

		bool in_it = t->start >= from && t->end <= from + stretch.len;

		if (in_it != inside || t->weight < TOKEN_CONTENT ||
		    kb_prepared_in_polar(ev, i))
			continue;
		all += t->weight;
		if (kb_prepared_find(in->claim, t->key))
			found += t->weight;
	}
	return all > 0 ? found / all : 0;
}

/* Does the claim say that there is none, or the opposite of the sentence? */
static bool turns(const struct kb_compare_input *in)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;

	for (size_t i = 0; i < claim->n_polars; i++) {
		const struct kb_polar *mine = &claim->polars[i];

		if (kb_polar_refuses(mine))
			return true;
		for (size_t k = 0; k < ev->n_polars; k++)
			if (mine->group >= KB_POLAR_PAIR &&
			    mine->group == ev->polars[k].group &&
			    mine->side != ev->polars[k].side)
				return true;
	}
	return false;
}

/* Does the sentence deny what it says of the rest? "Except" and 除外 do not. */
static bool denies_rest(const struct kb_compare_input *in, uint32_t sentence,
			struct kb_str except)
{
	const struct kb_prepared *ev = in->evidence;
	const char *text = ev->texts[ev->sentences[sentence].hit].ptr;

	for (size_t i = 0; i < ev->n_polars; i++) {
		const struct kb_polar *word = &ev->polars[i];
		struct kb_str said = {text + word->start,
				      word->end - word->start};

		if (ev->polar_at[i].sentence == sentence &&
		    kb_polar_refuses(word) &&
		    !kb_starts_folded(said.ptr, said.len, "exc") &&
		    !kb_starts(said.ptr, said.len, "除") &&
		    (said.ptr < except.ptr ||
		     said.ptr >= except.ptr + except.len))
			return true;
	}
	return false;
}

/* Has the claim, but for words of polarity and what is excepted, nothing that
 * the sentence has not? */
static bool is_told(const struct kb_compare_input *in, uint32_t sentence)
{
	const struct kb_prepared *claim = in->claim;
	const struct kb_prepared_sentence *s =
	    &in->evidence->sentences[sentence];
	float all = 0, found = 0;
	size_t polar = 0;

	if (!kb_compare_visit(in, claim->n_tokens * (uint64_t)s->n))
		return false;
	for (uint32_t i = 0; i < claim->n_tokens; i++) {
		const struct kb_prepared_token *t = &claim->tokens[i];

		while (polar < claim->n_polars &&
		       claim->polar_at[polar].after <= i)
			polar++;
		if (t->weight < TOKEN_CONTENT ||
		    (polar < claim->n_polars &&
		     claim->polar_at[polar].token <= i))
			continue;
		all += t->weight;
		for (uint32_t k = s->first; k < s->first + s->n; k++)
			if (in->evidence->tokens[k].key == t->key) {
				found += t->weight;
				break;
			}
	}
	return all > 0 && found >= all * DENIED_COVER;
}

static bool compare_excepted(const struct kb_compare_input *in,
			     uint32_t sentence, struct kb_comparison *out)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	struct kb_str claim = in->claim->texts[0];
	struct kb_str text = kb_compare_slice(ev, sentence, s->start, s->end);
	struct kb_str except;
	bool wrong, named;

	if (in->asks || s->title || in->claim->n_tokens > KB_ALIGN_TOKENS ||
	    s->n > KB_ALIGN_TOKENS ||
	    !kb_compare_visit(in, text.len / VISIT_BYTES + 1))
		return false;
	except = excepted(text);
	if (!except.len || excepted(claim).len || !is_told(in, sentence))
		return false;
	/* what is excepted may be the answer to a question for it */
	if (share_of(in, sentence, except, false) <
	    (in->claim->n_polars ? SAID_SHARE / 2 : SAID_SHARE))
		return false;
	named = share_of(in, sentence, except, true) >= SAID_SHARE;
	if (named && denies_rest(in, sentence, except))
		wrong = kb_prepared_refuses(in->claim);
	else
		wrong = named ? !turns(in)
			      : (kb_literals_any(&universal_set, claim.ptr,
						 claim.len) &&
				 !turns(in)) ||
				    kb_literals_any(&never_set, claim.ptr,
						    claim.len);
	if (wrong) {
		out->f[KB_F_POLARITY] = 0;
		kb_compare_find(out, KB_FIND_POLARITY, (struct kb_str){"", 0},
				except, s->hit);
	}
	out->excepted = named && !wrong;
	return named || wrong;
}

/* ---- fanless, sugar-free ---- */

#define WITHOUT_LETTERS 3 /* of what it is without, at least */

/* Words in -less that deny no thing. */
static const char *const no_compounds[] = {
    "regardless", "nevertheless", "nonetheless", "priceless", "countless",
    "endless",	  "needless",	  "useless",	 "timeless",  "doubtless"};
static struct kb_literals no_compound_set = KB_LITERALS(no_compounds);

static size_t word_end(struct kb_str text, size_t at)
{
	while (at < text.len && kb_is_letter(text.ptr[at]))
		at++;
	return at;
}

/* What the word [at, end) of the text is without; len 0 for nothing. */
static struct kb_str without(struct kb_str text, size_t at, size_t end)
{
	static const char less[] = "less", free_of[] = "-free";
	size_t n = end - at, suffix = sizeof(less) - 1;
	struct kb_str word = {text.ptr + at, n};

	if (n < WITHOUT_LETTERS)
		return (struct kb_str){"", 0};
	if (kb_starts_folded(text.ptr + end, text.len - end, free_of) &&
	    word_end(text, end + 1) == end + sizeof(free_of) - 1)
		return word;
	if (n < WITHOUT_LETTERS + suffix ||
	    strncasecmp(text.ptr + end - suffix, less, suffix) ||
	    kb_literals_any(&no_compound_set, word.ptr, word.len))
		return (struct kb_str){"", 0};
	word.len -= suffix;
	return word;
}

/* Is it said of the claim's token that there is none? */
static bool is_refused(const struct kb_prepared *claim, uint32_t token)
{
	const struct kb_prepared_token *t = &claim->tokens[token];
	struct kb_str text = claim->texts[0];

	if (kb_starts_folded(text.ptr + t->end, text.len - t->end, "-free"))
		return true;
	for (size_t i = 0; i < claim->n_polars; i++)
		if (kb_polar_refuses(&claim->polars[i]) &&
		    claim->polar_at[i].after <= token &&
		    token - claim->polar_at[i].after <= NEAR_DENIAL)
			return true;
	return false;
}

/* Does the claim say that there is such a thing? */
static bool claims(const struct kb_prepared *claim, struct kb_str thing)
{
	const char *text = claim->texts[0].ptr;

	for (uint32_t i = 0; i < claim->n_tokens; i++) {
		const struct kb_prepared_token *t = &claim->tokens[i];
		size_t n = t->end - t->start;

		/* or several of them */
		n -= n == thing.len + 1 && (text[t->end - 1] | 0x20) == 's';
		if (n == thing.len &&
		    !strncasecmp(text + t->start, thing.ptr, n) &&
		    !is_refused(claim, i))
			return true;
	}
	return false;
}

static void compare_without(const struct kb_compare_input *in,
			    uint32_t sentence, double coverage,
			    struct kb_comparison *out)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	struct kb_str text = kb_compare_slice(ev, sentence, s->start, s->end);

	if (in->asks || s->title || coverage < WITHOUT_COVER ||
	    in->claim->n_tokens > KB_ALIGN_TOKENS || s->n > KB_ALIGN_TOKENS ||
	    !kb_compare_visit(in, text.len / VISIT_BYTES + 1))
		return;
	for (size_t i = 0, end; i < text.len; i = end) {
		struct kb_str thing;

		end = word_end(text, i);
		if (end == i) {
			end++;
			continue;
		}
		thing = without(text, i, end);
		if (!thing.len || !claims(in->claim, thing))
			continue;
		out->f[KB_F_POLARITY] = 0;
		kb_compare_find(out, KB_FIND_POLARITY, thing,
				(struct kb_str){text.ptr + i, end - i}, s->hit);
		return;
	}
}

bool kb_compare_excepted(const struct kb_compare_input *in, uint32_t sentence,
			 double coverage, struct kb_comparison *out)
{
	if (compare_excepted(in, sentence, out))
		return true;
	compare_without(in, sentence, coverage, out);
	kb_compare_widened(in, sentence, coverage, out);
	return false;
}
