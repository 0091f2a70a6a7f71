#include "verify/check.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "answer/cues.h"
#include "base/utf8.h"
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
	kb_reader_init(&checker->reader, NULL);
	kb_check_basis_init(&checker->basis);
	kb_prepared_init(&checker->claim);
	kb_arena_init(&checker->arena);
	checker->measures_held = checker->by_clause = false;
	kb_score_bind(&checker->model, model);
	kb_score_bind_relevance(&checker->relevance);
}

void kb_checker_release(struct kb_checker *checker)
{
	kb_arena_release(&checker->arena);
	kb_prepared_release(&checker->claim);
	kb_check_basis_release(&checker->basis);
	kb_reader_release(&checker->reader);
}

/* One text, prepared. */
static void prepare(struct kb_checker *checker, struct kb_str text,
		    struct kb_arena *arena, struct kb_prepared *out)
{
	kb_prepared_begin(out, arena);
	kb_prepared_add(out, checker->reader.an, &checker->reader.terms, text);
}

/* Mark the passages that the claim cites, or take the marks back. Returns
 * their number; citations of nothing are no passages. */
static size_t mark_cited(const struct kb_claim *claim, size_t n_hits,
			 bool *cited, bool mark)
{
	size_t n = 0;

	for (size_t i = 0; i < claim->n_cites; i++) {
		if (claim->cites[i] < 1 || claim->cites[i] > n_hits)
			continue;
		cited[claim->cites[i] - 1] = mark;
		n++;
	}
	return n;
}

static enum kb_verdict judge(const struct kb_comparison *found, double p)
{
	if (found->contradicted)
		return KB_CONTRADICTED;
	return p >= .5 ? KB_SUPPORTED : KB_UNSUPPORTED;
}

#define LANGUAGE_BYTES 400 /* of a passage that tell its language */

static void note_languages(struct kb_checker *checker)
{
	const struct kb_prepared *evidence = &checker->basis.evidence;

	checker->speaks[KB_LANG_ZH] = checker->speaks[KB_LANG_EN] = false;
	for (size_t i = 0; i < evidence->n_texts; i++) {
		struct kb_str s = evidence->texts[i];

		s.len = kb_utf8_cut(s.ptr, s.len, LANGUAGE_BYTES);
		checker->speaks[kb_lang_main(s.ptr, s.len)] = true;
	}
}

static bool misses_number(const struct kb_comparison *found)
{
	for (size_t i = 0; i < found->n_findings; i++)
		if (found->findings[i].kind == KB_FIND_NUMBER_MISSING)
			return true;
	return false;
}

/* Names, numbers and codes are the same in another language, other words are
 * not: without them nothing is known of the claim. */
static bool is_foreign(const struct kb_checker *checker,
		       const struct kb_checked_claim *c)
{
	struct kb_str s = c->claim.bare;

	return c->verdict == KB_UNSUPPORTED && checker->claim.n_tokens > 1 &&
	       !checker->speaks[kb_lang_main(s.ptr, s.len)] &&
	       !misses_number(&c->found);
}

/* The source says so, and the claim does not: nothing is left to find. */
static void turn_round(struct kb_comparison *found)
{
	found->f[KB_F_POLARITY] = 1;
	found->contradicted = false;
	found->n_findings = 0;
}

/* Does the question ask whether two things are alike? A source says so of one
 * of them at a time. */
static bool asks_of_both(const struct kb_form *form)
{
	static const char *const words[] = {
	    "both", "same", "either", "都", "均", "一样", "相同", "同一", NULL};

	return kb_cue_any(&form->cues, words);
}

/* Nothing denies what the claim does; a source that says it contradicts. */
static void deny(const struct kb_claim *claim, const struct kb_form *form,
		 struct kb_comparison *found)
{
	found->f[KB_F_POLARITY] = 0;
	if (found->f[KB_F_BEST1] >= PARTICLE_COVER && !asks_of_both(form))
		kb_compare_find(found, KB_FIND_POLARITY, claim->bare,
				(struct kb_str){"", 0}, found->hit);
}

/*
 * Yes or no says what the question does, or that it is not so: that is
 * compared, and "no" is right where a source denies it. What it is about the
 * question was measured by the claim itself.
 */
static void compare_particle(struct kb_compare_input *in,
			     const struct kb_claim *claim,
			     struct kb_comparison *found)
{
	struct kb_compare_input asked = *in;
	const struct kb_form *form = &in->comparer->relevance->form;
	struct kb_comparison said;

	asked.claim = in->question;
	kb_compare(&asked, &said);
	memcpy(said.relevance, found->relevance, sizeof(said.relevance));
	said.missing = found->missing;
	if (!said.contradicted && !said.excepted &&
	    kb_compare_refused(&asked, &said)) {
		said.f[KB_F_POLARITY] = 0;
		kb_compare_find(&said, KB_FIND_POLARITY, claim->bare,
				(struct kb_str){"", 0}, said.hit);
	}
	if (claim->denies && said.contradicted)
		turn_round(&said);
	else if (claim->denies)
		deny(claim, form, &said);
	*found = said;
}

/* Of an asked-for opposite, as "after" and "before" are, or "without" and what
 * the source has with it; other denials are of what is asked, "why not". */
static bool is_opposite(struct kb_str word)
{
	struct kb_polar polar;

	return kb_polarity_find(word.ptr, word.len, &polar, 1) &&
	       (polar.group >= KB_POLAR_PAIR ||
		kb_starts_folded(word.ptr, word.len, "without"));
}

/* Do the two places overlap? */
static bool overlap(const struct kb_comparison *a,
		    const struct kb_comparison *b)
{
	return a->hit == b->hit && a->start < b->end && b->start < a->end;
}

/*
 * A brief answer says nothing of its own that could be opposed to its source:
 * is the question, "how long before", with "30 minutes after"?
 */
static void compare_asked(struct kb_compare_input *in,
			  struct kb_comparison *found)
{
	struct kb_compare_input asked = *in;
	struct kb_comparison said;

	if (found->missing.certain || !in->question->n_polars ||
	    in->claim->n_tokens > PARTICLE_TOKENS ||
	    in->comparer->relevance->form.kind == KB_WANTED_YES_NO)
		return;
	asked.claim = in->question;
	asked.asks = true;
	kb_compare(&asked, &said);
	for (size_t i = 0; i < said.n_findings; i++) {
		struct kb_str word = said.findings[i].claim;

		if (said.findings[i].kind != KB_FIND_POLARITY ||
		    !overlap(&said, found) || !is_opposite(word))
			continue;
		found->missing =
		    (struct kb_missing){KB_MISSING_CONDITION, word, true};
		found->relevance[KB_RELEVANCE_POSSIBLE] = 0;
		return;
	}
}

static void compare(struct kb_compare_input *in, const struct kb_claim *claim,
		    struct kb_comparison *found)
{
	struct kb_claim echo = *claim;

	kb_compare(in, found);
	if (in->question && !claim->particle)
		compare_asked(in, found);
	if (!in->question ||
	    in->comparer->relevance->form.kind != KB_WANTED_YES_NO)
		return;
	if (claim->particle || kb_compare_echoes(in, &echo.denies))
		compare_particle(in, &echo, found);
}

/* The claim against what it cites, when that is known to be there. */
static void check_cited(const struct kb_checker *checker,
			struct kb_compare_input *in,
			struct kb_checked_claim *out)
{
	struct kb_comparison found;
	double p;

	compare(in, &out->claim, &found);
	p = kb_score_claim(&checker->model, &found);
	if (p < .5 && out->verdict == KB_SUPPORTED) {
		out->verdict = KB_MISCITED;
	} else {
		out->found = found;
		out->p = p;
		out->verdict = judge(&found, p);
	}
}

static void check_claim(struct kb_checker *checker, struct kb_compare_input *in,
			size_t n_hits, bool *cited,
			struct kb_checked_claim *out)
{
	size_t n_cited;

	prepare(checker, out->claim.bare, in->evidence->arena, &checker->claim);
	in->claim = &checker->claim;
	in->allowed = NULL;
	compare(in, &out->claim, &out->found);
	out->p = kb_score_claim(&checker->model, &out->found);
	out->verdict = judge(&out->found, out->p);
	n_cited = mark_cited(&out->claim, n_hits, cited, true);
	if (n_cited) {
		in->allowed = cited;
		check_cited(checker, in, out);
		mark_cited(&out->claim, n_hits, cited, false);
	}
	if (n_cited < out->claim.n_cites) {
		out->verdict = KB_DANGLING;
		out->p = fmin(out->p, CONTRADICTED_CAP);
	}
	if (is_foreign(checker, out)) {
		out->other_language = true;
		out->verdict = KB_UNCHECKED;
	}
	/* What was not read may support it. */
	if (kb_comparer_spent(in->comparer) ||
	    (in->evidence->cut && out->verdict == KB_UNSUPPORTED))
		out->verdict = KB_UNCHECKED;
}

/* Of a claim that could say something: against the evidence, while there is
 * any and the comparer has visits left. */
static void check_one(struct kb_checker *checker, struct kb_compare_input *in,
		      size_t n_hits, bool *cited, struct kb_checked_claim *c)
{
	if (in->evidence->n_tokens && !kb_comparer_spent(in->comparer))
		check_claim(checker, in, n_hits, cited, c);
}

/* An answer may say more than was asked, so one claim decides: that which
 * answers best. */
static void note_relevance(const struct kb_checker *checker,
			   struct kb_checked_claim *c, struct kb_check *out)
{
	c->relevance =
	    kb_score_relevance(&checker->relevance, c->found.relevance);
	if (c->relevance < 0)
		return;
	if (out->relevance < 0 ||
	    (!c->found.missing.certain && out->missing.certain) ||
	    (c->found.missing.certain == out->missing.certain &&
	     c->relevance > out->relevance))
		out->missing = c->found.missing;
	out->relevance = fmax(out->relevance, c->relevance);
}

void kb_check_sum(struct kb_check *check, struct kb_arena *arena)
{
	double *p = kb_arena_alloc(arena, (check->n_claims + 1) * sizeof(*p));
	size_t n = 0;

	check->flagged = check->miscited = check->foreign = false;
	for (size_t i = 0; i < check->n_claims; i++) {
		const struct kb_checked_claim *c = &check->claims[i];

		if (!kb_verdict_is_judged(c->verdict))
			continue;
		check->flagged |= c->verdict == KB_CONTRADICTED;
		check->miscited |=
		    c->verdict == KB_DANGLING || c->verdict == KB_MISCITED;
		check->foreign |= c->found.foreign;
		p[n++] = c->p;
	}
	if (!n)
		return;
	check->p = kb_score_answer(p, n);
	if (check->flagged || check->miscited || check->unchecked)
		check->p = fmin(check->p, CONTRADICTED_CAP);
	else if (check->foreign)
		check->p = fmin(check->p, FOREIGN_CAP);
}

/* Of n passages the first n_hits may be cited. */
static void check_claims(struct kb_checker *checker,
			 struct kb_compare_input *in, size_t n, size_t n_hits,
			 struct kb_check *out)
{
	struct kb_arena *arena = in->evidence->arena;
	bool *cited = kb_arena_calloc(arena, n + 1, sizeof(*cited));

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
		c->verdict = KB_UNCHECKED;
		if (out->n_checked < KB_CLAIMS_CHECKED)
			check_one(checker, in, n_hits, cited, c);
		if (c->verdict == KB_UNCHECKED) {
			out->unchecked = true;
			continue;
		}
		note_relevance(checker, c, out);
		out->n_checked++;
	}
	kb_check_sum(out, arena);
}

/* An answer that only refuses: does the evidence hold a sentence that the
 * question is about nearly as a whole? Then it is the refusal's evidence. */
static void note_needless(const struct kb_relevance *r, struct kb_check *out)
{
	const struct kb_prepared_sentence *s;
	uint32_t best;

	if (!out->n_abstained || out->n_checked || out->unchecked ||
	    !r->n_order)
		return;
	best = r->order[0];
	s = &r->evidence->sentences[best];
	out->needless = r->score[best] >= NEEDLESS_SCORE;
	for (size_t i = 0; out->needless && i < out->n_claims; i++) {
		struct kb_comparison *found = &out->claims[i].found;

		if (out->claims[i].verdict != KB_ABSTAIN)
			continue;
		found->place = true;
		found->hit = s->hit;
		found->start = s->start;
		found->end = s->end;
	}
}

/* What else the evidence says than the question, and how much of that the
 * answer does; of sentences with less than HELD_LEAST of it nothing is known.
 */
static double measure_held(const struct kb_prepared *evidence,
			   const struct kb_prepared *question,
			   const struct kb_prepared *answer,
			   struct kb_arena *arena)
{
	size_t n = evidence->n_sentences;
	float *all = kb_arena_calloc(arena, n + 1, sizeof(*all));
	float *held = kb_arena_calloc(arena, n + 1, sizeof(*held));
	double most = NAN;

	for (size_t i = 0; i < evidence->n_occ; i++) {
		const struct kb_occurrence *o = &evidence->occ[i];
		uint32_t s = evidence->tokens[o->token].sentence;

		if (kb_prepared_find(question, o->key))
			continue;
		all[s] += o->weight;
		if (kb_prepared_find(answer, o->key))
			held[s] += o->weight;
	}
	for (size_t s = 0; s < n; s++)
		if (all[s] >= HELD_LEAST && !evidence->sentences[s].title)
			most = fmax(most, (double)held[s] / (double)all[s]);
	return most;
}

/* Only numbers of the answer are looked up in the evidence. */
static bool has_quantities(struct kb_reader *reader, struct kb_str answer)
{
	reader->quantities.n = 0;
	kb_quantities_find(&reader->quantities, answer.ptr, answer.len);
	return reader->quantities.n > 0;
}

int kb_check_answer(struct kb_checker *checker, struct kb_str question,
		    struct kb_str answer,
		    const struct kb_check_passage *passages, size_t n,
		    size_t n_hits, const struct kb_scope *scope,
		    struct kb_arena *arena, struct kb_check *out,
		    struct kb_err *err)
{
	struct kb_reader *reader = &checker->reader;
	struct kb_check_basis *basis = &checker->basis;
	struct kb_prepared *evidence = &basis->evidence;
	int rc;
	struct kb_claim *claims;
	struct kb_comparer comparer;
	struct kb_compare_input in = {.comparer = &comparer,
				      .evidence = evidence};

	assert(arena);
	*out = (struct kb_check){.relevance = -1, .held = NAN};
	rc = kb_check_basis_set(basis, reader, question, passages, n, n_hits,
				scope, has_quantities(reader, answer), arena,
				err);
	in.question = basis->question.n_tokens ? &basis->question : NULL;
	kb_comparer_begin(&comparer, evidence, in.question, &basis->relevance,
			  scope, evidence->bytes + answer.len, arena);
	out->n_claims =
	    kb_claims_split(answer, checker->by_clause, arena, &claims);
	out->claims =
	    kb_arena_calloc(arena, out->n_claims + 1, sizeof(*out->claims));
	for (size_t i = 0; i < out->n_claims; i++)
		out->claims[i].claim = claims[i];
	note_languages(checker);
	if (rc == 0)
		check_claims(checker, &in, n, n_hits, out);
	if (rc == 0)
		note_needless(&basis->relevance, out);
	if (rc == 0 && checker->measures_held) {
		prepare(checker, answer, arena, &checker->claim);
		out->held = measure_held(evidence, &basis->question,
					 &checker->claim, arena);
	}
	return rc;
}
