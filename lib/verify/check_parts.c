#include "verify/check_parts.h"

#include <math.h>
#include <string.h>

#include "answer/question_parts.h"
#include "base/buf.h"

/* What an answer is checked with, for every part of the question. */
struct checked {
	struct kb_checker *checker;
	struct kb_str answer;
	const struct kb_check_passage *passages;
	size_t n, n_hits;
	const struct kb_scope *scope;
	struct kb_arena *arena;
};

static int check_one(const struct checked *of, struct kb_str question,
		     struct kb_check *out, struct kb_err *err)
{
	int rc =
	    kb_check_answer(of->checker, question, of->answer, of->passages,
			    of->n, of->n_hits, of->scope, of->arena, out, err);

	/* its text is the checker's till the next answer */
	out->missing.text = kb_arena_copy(of->arena, out->missing.text);
	return rc;
}

/* The claim that answers a part best; n_claims for none. */
static size_t best_claim(const struct kb_check *one)
{
	size_t best = one->n_claims;

	for (size_t i = 0; i < one->n_claims; i++)
		if (kb_verdict_is_judged(one->claims[i].verdict) &&
		    (best == one->n_claims ||
		     one->claims[i].relevance > one->claims[best].relevance))
			best = i;
	return best;
}

/* A claim is supported where it is beside one of the parts, whose passages may
 * be others; and a bare value is about what is asked: what the claim that
 * answers a part says otherwise than its source counts. */
static void note_claims(struct kb_check *check, const struct kb_check *one)
{
	size_t n = one->n_claims, best = best_claim(one);

	for (size_t i = 0; i < n && i < check->n_claims; i++) {
		const struct kb_checked_claim *c = &one->claims[i];
		bool wrong = c->verdict == KB_CONTRADICTED || c->found.foreign;

		if (i == best
			? wrong
			: c->verdict == KB_SUPPORTED &&
			      check->claims[i].verdict == KB_UNSUPPORTED &&
			      !check->claims[i].found.foreign)
			check->claims[i] = *c;
	}
}

/* A reason, a way, a yes may be told in any words; a value is there or not. */
static bool is_definite(enum kb_wanted kind)
{
	return kind != KB_WANTED_WHY && kind != KB_WANTED_HOW &&
	       kind != KB_WANTED_YES_NO && kind != KB_WANTED_WHAT;
}

/* Do all parts ask for something definite? */
static bool are_definite(struct kb_checker *checker, const struct kb_str *parts,
			 size_t n, struct kb_arena *arena)
{
	bool all = true;

	for (size_t i = 0; i < n; i++) {
		struct kb_form form;

		kb_form_read(&checker->reader, arena, parts[i], &form);
		all &= is_definite(form.kind);
		kb_form_release(&form);
	}
	return all;
}

static int check_parts(const struct checked *of, struct kb_str question,
		       const struct kb_str *parts, size_t n_parts,
		       struct kb_check *check, struct kb_err *err)
{
	struct kb_check least = {.relevance = INFINITY};

	for (size_t i = 0; i < n_parts; i++) {
		struct kb_check one;
		int rc = check_one(
		    of, kb_question_part(of->arena, question, parts[i]), &one,
		    err);

		if (rc < 0)
			return rc;
		note_claims(check, &one);
		if (one.relevance >= 0 && one.relevance < least.relevance)
			least = one;
	}
	kb_check_sum(check, of->arena);
	if (!(least.relevance <= 1))
		return 0; /* none asks anything by itself */
	check->relevance = least.relevance;
	check->missing = least.missing;
	return 0;
}

int kb_check_question(struct kb_checker *checker, struct kb_str question,
		      struct kb_str answer,
		      const struct kb_check_passage *passages, size_t n,
		      size_t n_hits, const struct kb_scope *scope,
		      struct kb_arena *arena, struct kb_check *check,
		      struct kb_err *err)
{
	const struct checked of = {checker, answer, passages, n,
				   n_hits,  scope,  arena};
	struct kb_str parts[KB_QUESTION_PARTS];
	size_t n_parts = kb_question_parts(question, parts);
	int rc;

	if (!are_definite(checker, parts, n_parts, arena))
		n_parts = 0;
	checker->by_clause = n_parts >= 2;
	rc = check_one(&of, question, check, err);
	if (rc == 0 && n_parts >= 2 && check->relevance >= 0)
		rc = check_parts(&of, question, parts, n_parts, check, err);
	checker->by_clause = false;
	return rc;
}
