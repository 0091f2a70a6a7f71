#include "verify/check.h"

#include <math.h>

#include "verify/check_weights.h"

const char *kb_verdict_name(enum kb_verdict verdict)
{
	static const char *const names[] = {
	    [KB_SUPPORTED] = "supported",
	    [KB_UNSUPPORTED] = "unsupported",
	    [KB_CONTRADICTED] = "contradicted",
	    [KB_MISCITED] = "miscited",
	    [KB_DANGLING] = "dangling",
	    [KB_ABSTAIN] = "abstain",
	    [KB_NOT_A_CLAIM] = "not-a-claim",
	    [KB_UNCHECKED] = "unchecked",
	};

	return names[verdict];
}

void kb_checker_init(struct kb_checker *checker,
		     const struct kb_linear_model *model)
{
	*checker = (struct kb_checker){.analyzer = kb_analyzer_new()};
	kb_score_bind(&checker->model, model);
}

void kb_checker_release(struct kb_checker *checker)
{
	kb_analyzer_free(checker->analyzer);
	kb_terms_release(&checker->terms);
}

/* One text, prepared. The caller releases it. */
static void prepare(struct kb_checker *checker, struct kb_str text,
		    struct kb_arena *arena, struct kb_prepared *out)
{
	kb_prepared_begin(out, arena);
	kb_prepared_add(out, checker->analyzer, &checker->terms, text);
	kb_prepared_link(out);
}

/* Which passages the claim cites; NULL when it cites none that exist. */
static bool *cited_passages(const struct kb_claim *claim, size_t n_hits,
			    size_t n_texts, struct kb_arena *arena,
			    bool *dangling)
{
	bool *allowed = NULL;

	*dangling = false;
	for (size_t i = 0; i < claim->n_cites; i++) {
		if (claim->cites[i] < 1 || claim->cites[i] > n_hits) {
			*dangling = true;
			continue;
		}
		if (!allowed)
			allowed =
			    kb_arena_calloc(arena, n_texts, sizeof(*allowed));
		allowed[claim->cites[i] - 1] = true;
	}
	return allowed;
}

static enum kb_verdict judge(const struct kb_comparison *found, double p)
{
	if (found->contradicted)
		return KB_CONTRADICTED;
	return p >= .5 ? KB_SUPPORTED : KB_UNSUPPORTED;
}

static void check_claim(struct kb_checker *checker, struct kb_compare_input *in,
			size_t n_hits, struct kb_arena *arena,
			struct kb_checked_claim *out)
{
	struct kb_prepared claim;
	struct kb_comparison all;
	bool dangling;
	bool *cited = cited_passages(&out->claim, n_hits, in->evidence->n_texts,
				     arena, &dangling);

	prepare(checker, out->claim.bare, arena, &claim);
	in->claim = &claim;
	in->allowed = NULL;
	kb_compare(in, arena, &all);
	out->found = all;
	out->p = kb_score_claim(&checker->model, &all);
	out->verdict = judge(&all, out->p);
	if (cited) {
		struct kb_comparison found;
		double p;

		in->allowed = cited;
		kb_compare(in, arena, &found);
		p = kb_score_claim(&checker->model, &found);
		if (p < .5 && out->verdict == KB_SUPPORTED &&
		    out->p > p + MISCITED_BY) {
			out->verdict = KB_MISCITED;
		} else {
			out->found = found;
			out->p = p;
			out->verdict = judge(&found, p);
		}
	}
	if (dangling) {
		out->verdict = KB_DANGLING;
		out->p = fmin(out->p, CONTRADICTED_CAP);
	}
	kb_prepared_release(&claim);
}

static void check_claims(struct kb_checker *checker,
			 struct kb_compare_input *in, size_t n_hits,
			 struct kb_arena *arena, struct kb_check *out)
{
	double *p = kb_arena_alloc(arena, (out->n_claims + 1) * sizeof(*p));

	for (size_t i = 0; i < out->n_claims; i++) {
		struct kb_checked_claim *c = &out->claims[i];

		if (c->claim.kind == KB_CLAIM_NONE) {
			c->verdict = KB_NOT_A_CLAIM;
			continue;
		}
		if (c->claim.kind == KB_CLAIM_ABSTAIN) {
			c->verdict = KB_ABSTAIN;
			out->n_abstained++;
			continue;
		}
		if (!in->evidence->n_tokens) {
			c->verdict = KB_UNCHECKED;
			out->unchecked = true;
			continue;
		}
		check_claim(checker, in, n_hits, arena, c);
		out->flagged |=
		    c->verdict == KB_CONTRADICTED || c->verdict == KB_DANGLING;
		p[out->n_checked++] = c->p;
	}
	if (!out->n_checked)
		return;
	out->p = kb_score_answer(p, out->n_checked);
	if (out->flagged)
		out->p = fmin(out->p, CONTRADICTED_CAP);
}

void kb_check_answer(struct kb_checker *checker, struct kb_str question,
		     struct kb_str answer,
		     const struct kb_check_passage *passages, size_t n,
		     size_t n_hits, struct kb_arena *arena,
		     struct kb_check *out)
{
	struct kb_prepared evidence, ask;
	struct kb_claim *claims;
	struct kb_compare_input in = {.evidence = &evidence};

	*out = (struct kb_check){0};
	kb_prepared_begin(&evidence, arena);
	for (size_t i = 0; i < n; i++) {
		kb_prepared_add_title(&evidence, checker->analyzer,
				      &checker->terms, passages[i].title);
		kb_prepared_add(&evidence, checker->analyzer, &checker->terms,
				passages[i].text);
	}
	kb_prepared_link(&evidence);
	prepare(checker, question, arena, &ask);
	in.question = ask.n_tokens ? &ask : NULL;
	out->n_claims = kb_claims_split(answer, arena, &claims);
	out->claims =
	    kb_arena_calloc(arena, out->n_claims + 1, sizeof(*out->claims));
	for (size_t i = 0; i < out->n_claims; i++)
		out->claims[i].claim = claims[i];
	check_claims(checker, &in, n_hits, arena, out);
	kb_prepared_release(&ask);
	kb_prepared_release(&evidence);
}
