#include "verify/report.h"

#include <math.h>

#include "base/utf8.h"
#include "record/check_member.h"

#define VALUE_MAX 60 /* bytes of a value in a code */

void kb_report_reason(struct kb_report *report, struct kb_str code)
{
	for (size_t i = 0; i < report->n_reasons; i++)
		if (kb_str_eq(report->reasons[i], code))
			return;
	if (report->n_reasons < KB_REASONS_MAX)
		report->reasons[report->n_reasons++] = code;
}

static int cut(struct kb_str s)
{
	return (int)kb_utf8_cut(s.ptr, s.len, VALUE_MAX);
}

static struct kb_str missing_code(const struct kb_missing *missing,
				  struct kb_arena *arena)
{
	static const char *const names[] = {
	    [KB_MISSING_THING] = "thing",
	    [KB_MISSING_ATTRIBUTE] = "attribute",
	    [KB_MISSING_CONDITION] = "condition",
	    [KB_MISSING_KIND] = "kind",
	};

	return kb_str_of(
	    kb_arena_printf(arena, "question:%s:%.*s", names[missing->kind],
			    cut(missing->text), missing->text.ptr));
}

void kb_report_missing(struct kb_report *report,
		       const struct kb_missing *missing)
{
	if (missing->kind != KB_MISSING_NOTHING)
		kb_report_reason(report, missing_code(missing, report->arena));
}

static struct kb_str difference(const char *what, const struct kb_finding *f,
				struct kb_arena *arena)
{
	return kb_str_of(kb_arena_printf(arena, "%s:%.*s≠%.*s", what,
					 cut(f->claim), f->claim.ptr,
					 cut(f->source), f->source.ptr));
}

static struct kb_str finding_code(const struct kb_finding *f,
				  struct kb_arena *arena)
{
	const char *form = "";
	struct kb_str a = f->claim, b = f->source;

	switch (f->kind) {
	case KB_FIND_NUMBER_CONFLICT:
	case KB_FIND_NUMBER_PART:
		return difference("num", f, arena);
	case KB_FIND_EXCHANGED:
	case KB_FIND_TRANSPOSED:
		return difference("exchanged", f, arena);
	case KB_FIND_ADDED:
		form = "added:%.*s";
		break;
	case KB_FIND_NUMBER_MISSING:
		form = "num:%.*s";
		break;
	case KB_FIND_ENTITY_MISSING:
		form = "entity:%.*s";
		break;
	case KB_FIND_POLARITY:
		form = a.len ? "polarity:%.*s" : "polarity:≠%.*s";
		if (!a.len)
			a = b;
		break;
	}
	return kb_str_of(kb_arena_printf(
	    arena, "%.*s%.*s", (int)strcspn(form, "%"), form, cut(a), a.ptr));
}

/* The strongest reason against a claim; empty when there is none. */
static struct kb_str claim_code(const struct kb_checked_claim *c,
				struct kb_arena *arena)
{
	size_t best = 0;

	if (c->verdict == KB_DANGLING) {
		for (size_t i = 0; i < c->claim.n_cites; i++)
			best =
			    c->claim.cites[i] > best ? c->claim.cites[i] : best;
		return kb_str_of(kb_arena_printf(arena, "cite:%zu", best));
	}
	if (c->verdict == KB_MISCITED)
		return kb_str_of(kb_arena_printf(
		    arena, "cite:%u≠%u", c->claim.cites[0], c->found.hit + 1));
	if (c->other_language)
		return KB_STR("language");
	if (c->verdict != KB_CONTRADICTED && c->verdict != KB_UNSUPPORTED)
		return (struct kb_str){"", 0};
	for (size_t i = 0; i < c->found.n_findings; i++) {
		enum kb_finding_kind kind = c->found.findings[i].kind;

		if (kb_finding_contradicts(kind)) {
			best = i;
			break;
		}
		if (kb_finding_is_foreign(kind))
			best = i;
	}
	/* A name that is nowhere in what was asked of is there of another
	 * thing; that it is, says more. */
	if (c->found.n_findings &&
	    c->found.findings[best].kind == KB_FIND_ENTITY_MISSING &&
	    c->found.missing.kind == KB_MISSING_THING)
		return missing_code(&c->found.missing, arena);
	if (c->found.n_findings)
		return finding_code(&c->found.findings[best], arena);
	return kb_str_of(
	    kb_arena_printf(arena, "coverage:%.2f", c->found.f[KB_F_BEST3]));
}

void kb_report_claims(struct kb_report *report)
{
	for (size_t i = 0; i < report->check->n_claims; i++) {
		struct kb_str code =
		    claim_code(&report->check->claims[i], report->arena);

		if (code.len)
			kb_report_reason(report, code);
	}
}

static void put_features(struct kb_jw *w, const char *name,
			 const char *const *names, const double *f, size_t n)
{
	kb_jw_key(w, name);
	kb_jw_obj(w);
	for (size_t i = 0; i < n; i++) {
		if (!isfinite(f[i]))
			continue;
		kb_jw_key(w, names[i]);
		kb_jw_fixed(w, f[i], 5);
	}
	kb_jw_end(w);
}

static struct kb_str features_of(const struct kb_checked_claim *c,
				 struct kb_arena *arena)
{
	struct kb_str json;
	struct kb_buf out;
	struct kb_jw w;

	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_obj(&w);
	put_features(&w, "grounded", kb_claim_features, c->found.f,
		     KB_FEATURES);
	put_features(&w, "relevance", kb_relevance_features, c->found.relevance,
		     KB_RELEVANCE_FEATURES);
	kb_jw_end(&w);
	json = kb_arena_copy(arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return json;
}

static void write_claim(struct kb_jw *w, const struct kb_report *report,
			const struct kb_checked_claim *c)
{
	const struct kb_verify_source *s = &report->sources[c->found.hit];
	bool judged = kb_verdict_is_judged(c->verdict);
	struct kb_claim_values out = {
	    .text = c->claim.text,
	    .start = (int64_t)c->claim.start,
	    .verdict = kb_verdict_name(c->verdict),
	    .has_evidence =
		(judged || c->verdict == KB_ABSTAIN) && c->found.place,
	    .p = judged ? c->p : -1,
	    .judge = c->asked ? c->answer : -1,
	    .reason = claim_code(c, report->arena),
	};

	if (report->explain && judged)
		out.features = features_of(c, report->arena);
	if (out.has_evidence) {
		out.doc = s->doc;
		out.hit = s->fetched ? 0 : (int64_t)c->found.hit + 1;
		out.evidence_start = c->found.start;
		out.evidence_end = c->found.end;
	}
	kb_check_claim(w, &out);
}

/* What makes the confidence: the features, their probability, and what holds
 * it down. */
static struct kb_str explain(const struct kb_report *report)
{
	const struct kb_record_signals *s = report->signals;
	struct kb_str json;
	struct kb_buf out;
	struct kb_jw w;

	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_obj(&w);
	put_features(&w, "features", kb_record_features, s->f,
		     KB_RECORD_FEATURES);
	kb_jw_key(&w, "p");
	kb_jw_fixed(&w, report->score.p, 4);
	if (s->lowest) {
		kb_jw_key(&w, "lowest");
		kb_jw_cstr(&w, s->lowest);
	}
	if (s->capped) {
		kb_jw_key(&w, "cap");
		kb_jw_fixed(&w, s->cap, 4);
		kb_jw_key(&w, "capped_by");
		kb_jw_cstr(&w, s->capped);
	}
	kb_jw_end(&w);
	json = kb_arena_copy(report->arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return json;
}

void kb_report_write(const struct kb_report *report, struct kb_buf *out)
{
	struct kb_check_totals totals = {
	    .p = report->check->p,
	    .retrieval = report->stages.retrieval,
	    .generation = report->stages.generation,
	    .facts = report->stages.facts,
	    .relevance = report->stages.relevance,
	    .reasons = report->reasons,
	    .n_reasons = report->n_reasons,
	    .degraded = report->degraded,
	};
	struct kb_jw w;

	if (report->explain && report->signals)
		totals.explain = explain(report);

	kb_jw_init(&w, out);
	kb_check_begin(&w);
	for (size_t i = 0; i < report->check->n_claims; i++)
		write_claim(&w, report, &report->check->claims[i]);
	kb_check_end(&w, &totals);
}
