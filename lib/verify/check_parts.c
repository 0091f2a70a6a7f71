#include "verify/check_parts.h"

#include <math.h>
#include <string.h>

#include "answer/question_parts.h"
#include "base/buf.h"

#define NAMES_MAX 8 /* of a question that are carried into its later parts */

/* Names, codes and things that the index knows, where the question has them. */
struct names {
	struct kb_str items[NAMES_MAX];
	size_t n;
};

static void add_name(struct names *names, struct kb_str text,
		     struct kb_arena *arena)
{
	if (text.len && names->n < NAMES_MAX)
		names->items[names->n++] = kb_arena_copy(arena, text);
}

static void read_names(const struct kb_relevance *r, struct kb_arena *arena,
		       struct names *names)
{
	names->n = 0;
	for (size_t i = 0; i < r->n_things; i++)
		add_name(names, r->things[i].text, arena);
	for (size_t i = 0; i < r->n_known; i++)
		add_name(names, r->known_text[i], arena);
}

static bool has_name(const struct names *names, struct kb_str part)
{
	for (size_t i = 0; i < names->n; i++)
		if (kb_str_has(part, names->items[i]))
			return true;
	return false;
}

/* "How heavy is the X5, and what does it cost?": a part without a name is about
 * those of the parts before it. */
static struct kb_str about(const struct names *names, struct kb_str question,
			   struct kb_str part, struct kb_arena *arena)
{
	struct kb_str before = {question.ptr,
				(size_t)(part.ptr - question.ptr)};
	struct kb_str whole;
	struct kb_buf text;

	if (!before.len || has_name(names, part))
		return part;
	kb_buf_init(&text, 0);
	for (size_t i = 0; i < names->n; i++) {
		if (!kb_str_has(before, names->items[i]))
			continue;
		kb_buf_add_str(&text, names->items[i]);
		kb_buf_add_char(&text, ' ');
	}
	kb_buf_add_str(&text, part);
	whole = kb_arena_copy(arena, kb_buf_str(&text));
	kb_buf_release(&text);
	return whole;
}

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

/* A bare value is about what is asked: what is said of the claim that answers
 * one part is what is said of it beside that part. */
static void note_answer(struct kb_check *check, const struct kb_check *one,
			struct kb_arena *arena)
{
	size_t best = one->n_claims;

	for (size_t i = 0; i < one->n_claims; i++)
		if (kb_verdict_is_judged(one->claims[i].verdict) &&
		    (best == one->n_claims ||
		     one->claims[i].relevance > one->claims[best].relevance))
			best = i;
	if (best == one->n_claims || best >= check->n_claims ||
	    one->claims[best].p >= check->claims[best].p)
		return;
	check->claims[best] = one->claims[best];
	kb_check_sum(check, arena);
}

static int check_parts(const struct checked *of, struct kb_str question,
		       const struct kb_str *parts, size_t n_parts,
		       struct kb_check *check, struct kb_err *err)
{
	struct kb_check least = {.relevance = INFINITY};
	struct names names;

	read_names(&of->checker->basis.relevance, of->arena, &names);
	for (size_t i = 0; i < n_parts; i++) {
		struct kb_check one;
		int rc =
		    check_one(of, about(&names, question, parts[i], of->arena),
			      &one, err);

		if (rc < 0)
			return rc;
		/* it asks nothing by itself, or is not answered */
		if (one.relevance < 0 || one.missing.certain)
			return 0;
		note_answer(check, &one, of->arena);
		if (one.relevance < least.relevance)
			least = one;
	}
	if (least.relevance <= check->relevance && !check->missing.certain)
		return 0;
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

	checker->by_clause = n_parts >= 2;
	rc = check_one(&of, question, check, err);
	if (rc == 0 && n_parts >= 2 && check->relevance >= 0)
		rc = check_parts(&of, question, parts, n_parts, check, err);
	checker->by_clause = false;
	return rc;
}
