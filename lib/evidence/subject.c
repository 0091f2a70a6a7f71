/*
 * A claim about one thing that says what its sentence says of another: "chain
 * saws cost 12 euros a day", of "chain saws are not rented out; ladders cost 12
 * euros a day". What the sentence says of the claim's own thing stands beside
 * it, so nothing of the claim is missing.
 */
#include <string.h>

#include "evidence/compare.h"
#include "evidence/gaps.h"
#include "passage/clause.h"

#define OPENING	    6  /* tokens of a claim in which its subject stands */
#define STRETCHES   16 /* of a sentence are looked at */
#define CONJUNCTION 12 /* bytes, at most */

/* What is said of one thing: clauses up to a comma or semicolon, or a word that
 * opposes. */
struct stretch {
	struct kb_tokens tokens;
	float held;   /* weight of the claim's words in it, but the subject */
	bool subject; /* it has the claim's subject */
	bool denies;
};

/* "And" lists what one thing is said of. */
static bool parts(const struct kb_prepared *p, uint32_t token)
{
	static const char *const lists[] = {"and", "or", "和", "及", "或"};
	const struct kb_prepared_token *t = &p->tokens[token];
	struct kb_str text = kb_prepared_text(p, t->sentence);
	struct kb_str between = {text.ptr + t[-1].end, t->start - t[-1].end};
	struct kb_str word = kb_prepared_token_text(p, token);

	if (!kb_clause_begins(p, token) || kb_str_has(between, KB_STR("、")))
		return false;
	if (kb_str_has(between, KB_STR(",")) ||
	    kb_str_has(between, KB_STR(";")) ||
	    kb_str_has(between, KB_STR("，")) ||
	    kb_str_has(between, KB_STR("；")))
		return true;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (kb_str_is_folded(word, lists[i]))
			return false;
	return word.len <= CONJUNCTION;
}

static bool has_key(const struct kb_prepared *p, struct kb_tokens in,
		    uint64_t key)
{
	for (uint32_t i = in.from; i < in.to; i++)
		if (p->tokens[i].key == key)
			return true;
	return false;
}

static bool is_content(const struct kb_prepared *p, uint32_t token)
{
	return p->tokens[token].weight >= TOKEN_CONTENT &&
	       !kb_prepared_in_polar(p, token);
}

/* The first word of the claim that says something, or its end. */
static uint32_t subject_of(const struct kb_prepared *claim)
{
	for (uint32_t i = 0; i < claim->n_tokens && i < OPENING; i++)
		if (is_content(claim, i))
			return kb_prepared_in_quantity(claim, i)
				   ? (uint32_t)claim->n_tokens
				   : i;
	return (uint32_t)claim->n_tokens;
}

static bool denies_in(const struct kb_prepared *p, struct kb_tokens in)
{
	for (size_t i = 0; i < p->n_polars; i++)
		if (p->polar_at[i].token >= in.from &&
		    p->polar_at[i].token < in.to &&
		    kb_polar_refuses(&p->polars[i]))
			return true;
	return false;
}

static size_t read_stretches(const struct kb_compare_input *in,
			     uint32_t sentence, uint32_t subject,
			     struct stretch *out)
{
	const struct kb_prepared *ev = in->evidence, *claim = in->claim;
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];
	size_t n = 0;

	for (uint32_t i = s->first; i < s->first + s->n; i++) {
		if (i == s->first || parts(ev, i)) {
			if (n == STRETCHES)
				return 0;
			out[n++] = (struct stretch){.tokens = {i, i}};
		}
		out[n - 1].tokens.to = i + 1;
	}
	for (size_t k = 0; k < n; k++) {
		for (uint32_t i = 0; i < claim->n_tokens; i++)
			if (i != subject && is_content(claim, i) &&
			    has_key(ev, out[k].tokens, claim->tokens[i].key))
				out[k].held += claim->tokens[i].weight;
		out[k].subject =
		    has_key(ev, out[k].tokens, claim->tokens[subject].key);
		out[k].denies = denies_in(ev, out[k].tokens);
	}
	return n;
}

/* The first word of a stretch, when the claim is without it; NULL else. */
static const struct kb_prepared_token *other_subject(
    const struct kb_compare_input *in, const struct stretch *s)
{
	const struct kb_prepared *ev = in->evidence, *claim = in->claim;
	struct kb_tokens all = {0, (uint32_t)claim->n_tokens};

	for (uint32_t i = s->tokens.from; i < s->tokens.to; i++)
		if (is_content(ev, i))
			return has_key(claim, all, ev->tokens[i].key)
				   ? NULL
				   : &ev->tokens[i];
	return NULL;
}

/* Does the stretch say a number, or that something is not, of what it speaks
 * of? Else it may only say when, "in the first week". */
static bool says_something(const struct kb_compare_input *in,
			   const struct stretch *s)
{
	for (uint32_t i = s->tokens.from; i < s->tokens.to; i++)
		if (kb_prepared_in_quantity(in->evidence, i))
			return true;
	return s->denies;
}

/* Does the claim say one thing of its subject? */
static bool is_one(const struct kb_prepared *claim)
{
	for (uint32_t i = 1; i < claim->n_tokens; i++)
		if (parts(claim, i))
			return false;
	return true;
}

/* Has the stretch a word of the claim behind its first one, which is no number:
 * "ladders can be rented for 12 euros"? "Closes at 9" has not "shuts at 9". */
static bool shares_word(const struct kb_compare_input *in,
			const struct stretch *s, uint32_t subject)
{
	const struct kb_prepared *claim = in->claim;

	for (uint32_t i = 0; i < claim->n_tokens; i++)
		if (i != subject && is_content(claim, i) &&
		    !kb_prepared_in_quantity(claim, i) &&
		    has_key(in->evidence, s->tokens, claim->tokens[i].key))
			return true;
	return false;
}

/* Chinese leaves the subject of a clause out that is that of the one before. */
static bool names_subjects(const struct kb_prepared *claim)
{
	struct kb_str text = claim->texts[0];

	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] >= 0xe3)
			return false;
	return true;
}

/* Has the one stretch a number of the claim that the other has not? */
static bool has_its_number(const struct kb_compare_input *in,
			   const struct stretch *one,
			   const struct stretch *other)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;

	for (size_t i = 0; i < claim->n_quantities; i++) {
		uint64_t key = claim->tokens[claim->quantity_at[i].token].key;

		if (has_key(ev, one->tokens, key) &&
		    !has_key(ev, other->tokens, key))
			return true;
	}
	return false;
}

/* Does the claim deny, or affirm, what only the other stretch denies, or
 * affirms, by a word that both have? */
static bool has_its_denial(const struct kb_compare_input *in,
			   const struct stretch *one,
			   const struct stretch *other, uint32_t subject)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;
	bool denies = kb_prepared_refuses(claim);

	if (one->denies != denies || other->denies == denies)
		return false;
	for (uint32_t i = 0; i < claim->n_tokens; i++)
		if (i != subject && is_content(claim, i) &&
		    has_key(ev, one->tokens, claim->tokens[i].key) &&
		    has_key(ev, other->tokens, claim->tokens[i].key))
			return true;
	return false;
}

void kb_compare_subject(const struct kb_compare_input *in, uint32_t best,
			struct kb_comparison *out)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;
	const struct kb_prepared_sentence *s = &ev->sentences[best];
	struct stretch stretches[STRETCHES];
	const struct stretch *home = NULL;
	uint32_t subject = subject_of(claim);
	size_t n;

	if (subject == claim->n_tokens || s->title || !is_one(claim) ||
	    claim->n_tokens > KB_ALIGN_TOKENS || s->n > KB_ALIGN_TOKENS ||
	    kb_clause_is_row(ev, best) ||
	    !kb_compare_visit(in, (size_t)s->n * claim->n_tokens))
		return;
	n = read_stretches(in, best, subject, stretches);
	for (size_t k = 0; k < n; k++) {
		if (stretches[k].subject && home)
			return;
		if (stretches[k].subject)
			home = &stretches[k];
	}
	if (!home || !(home->held > 0))
		return;
	for (size_t k = 0; k < n; k++) {
		const struct stretch *other = &stretches[k];
		const struct kb_prepared_token *of =
		    other == home ? NULL : other_subject(in, other);
		bool number, denial;

		if (!of)
			continue;
		number = other->held >= home->held && names_subjects(claim) &&
			 says_something(in, home) &&
			 shares_word(in, other, subject) &&
			 has_its_number(in, other, home);
		denial = has_its_denial(in, other, home, subject);
		if (!number && !denial)
			continue;
		if (denial)
			out->f[KB_F_POLARITY] = 0;
		kb_compare_find(
		    out, denial ? KB_FIND_POLARITY : KB_FIND_EXCHANGED,
		    kb_prepared_token_text(claim, subject),
		    kb_compare_slice(ev, best, of->start, of->end), s->hit);
		return;
	}
}
