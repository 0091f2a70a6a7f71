#include "verify/record_score.h"

#include <assert.h>
#include <math.h>

#include "base/num.h"
#include "verify/check_weights.h"

#define EDGE 1e-4 /* of a probability */

const char *const kb_record_features[KB_RECORD_FEATURES] = {
    [KB_R_LEAST] = "least",
    [KB_R_FACTS] = "facts",
    [KB_R_RELEVANCE] = "relevance",
    [KB_R_GENERATION] = "generation",
    [KB_R_RETRIEVAL] = "retrieval",
    [KB_R_NUMBERS] = "numbers",
    [KB_R_NAMES] = "names",
    [KB_R_COVER] = "cover",
    [KB_R_PRESENT] = "present",
    [KB_R_PAIRS] = "pairs",
    [KB_R_RUN] = "run",
    [KB_R_ALIGNED] = "aligned",
    [KB_R_SLOTS] = "slots",
    [KB_R_BEST] = "best",
    [KB_R_HELD] = "held",
    [KB_R_SOUND] = "sound",
    [KB_R_OWN] = "own",
    [KB_R_WHOLE] = "whole",
    [KB_R_DECIDED] = "decided",
};

static double stage(double p)
{
	return p >= 0 ? kb_logit(p, EDGE) : NAN;
}

static const struct {
	enum kb_record_feature to;
	enum kb_feature from;
} of_claims[] = {
    {KB_R_NUMBERS, KB_F_NUMBERS}, {KB_R_NAMES, KB_F_ENTITIES},
    {KB_R_COVER, KB_F_COVER},	  {KB_R_PRESENT, KB_F_PRESENT},
    {KB_R_PAIRS, KB_F_PAIRS},	  {KB_R_RUN, KB_F_RUN},
    {KB_R_ALIGNED, KB_F_ALIGNED}, {KB_R_SLOTS, KB_F_SLOTS_PASSAGE},
};

/* Of a feature of the claims that were compared, the least (fmin) or the
 * largest (fmax); NaN without any. */
static double pick(const struct kb_check *check, enum kb_feature feature,
		   double (*better)(double, double))
{
	double best = NAN;

	for (size_t i = 0; i < check->n_claims; i++)
		if (kb_verdict_is_judged(check->claims[i].verdict))
			best = better(best, check->claims[i].found.f[feature]);
	return best;
}

static void find_cap(const struct kb_check *check,
		     struct kb_record_signals *out)
{
	out->cap = CONTRADICTED_CAP;
	if (check->flagged)
		out->capped = "contradiction";
	else if (check->miscited)
		out->capped = "citation";
	else if (check->unchecked)
		out->capped = "unchecked";
	else if (check->missing.certain)
		out->capped = "question";
	if (out->capped)
		return;
	out->cap = check->foreign ? FOREIGN_CAP : 1;
	out->capped = check->foreign ? "foreign" : NULL;
}

static const char *lowest_of(const double *f)
{
	const char *name = NULL;
	double least = INFINITY;

	for (size_t i = KB_R_FACTS; i <= KB_R_RETRIEVAL; i++)
		if (f[i] < least) {
			least = f[i];
			name = kb_record_features[i];
		}
	return name;
}

void kb_record_measure(const struct kb_check *check,
		       const struct kb_stages *stages,
		       struct kb_record_signals *out)
{
	double *f = out->f;

	*out = (struct kb_record_signals){.judged = check->n_checked > 0,
					  .cap = 1};
	for (size_t i = 0; i < KB_RECORD_FEATURES; i++)
		f[i] = NAN;
	f[KB_R_GENERATION] = stage(stages->generation);
	f[KB_R_RETRIEVAL] = stage(stages->retrieval);
	if (!out->judged)
		return;
	out->plain = kb_score_record(stages);
	if (check->n_abstained)
		out->plain *= ABSTAIN_SHARE;
	find_cap(check, out);
	f[KB_R_LEAST] = kb_logit(fmin(out->plain, out->cap), EDGE);
	f[KB_R_FACTS] = stage(stages->facts);
	f[KB_R_RELEVANCE] = stage(stages->relevance);
	for (size_t i = 0; i < sizeof(of_claims) / sizeof(*of_claims); i++)
		f[of_claims[i].to] = pick(check, of_claims[i].from, fmin);
	f[KB_R_BEST] = pick(check, KB_F_BEST3, fmax);
	f[KB_R_HELD] = check->held;
	f[KB_R_SOUND] = !(out->cap <= CONTRADICTED_CAP);
	f[KB_R_OWN] = !check->foreign;
	f[KB_R_WHOLE] = !stages->truncated;
	f[KB_R_DECIDED] = !check->n_abstained;
	out->lowest = lowest_of(f);
}

double kb_record_sum(const struct kb_linear *model,
		     const struct kb_record_signals *s)
{
	return model ? kb_linear_sum(model, s->f) : s->f[KB_R_LEAST];
}

/* From the probability to the confidence that has the threshold at
 * CERTIFIED. Whether the sum reaches the threshold decides, so that a
 * calibration that is level there changes nothing. */
static double remap(const struct kb_linear_model *m, double sum, double p)
{
	double at = kb_calibration_map(&m->calibration, m->certified.threshold);

	if (sum < m->certified.threshold)
		return at > 0 ? fmin(CERTIFIED * p / at, CERTIFIED_BELOW) : 0;
	return at < 1 ? fmin(CERTIFIED +
				 (1 - CERTIFIED) * fmax(p - at, 0) / (1 - at),
			     1)
		      : CERTIFIED;
}

struct kb_record_score kb_record_rate(const struct kb_linear *model,
				      const struct kb_record_signals *s)
{
	struct kb_record_score out = {0, 0};
	double sum;

	assert(!model || model->model->kind == KB_LOGISTIC);
	if (!s->judged)
		return out;
	out.p = out.confidence = s->plain;
	if (model) {
		sum = kb_record_sum(model, s);
		out.p = kb_calibration_map(&model->model->calibration, sum);
		out.confidence = out.p;
		if (model->model->certified.risk > 0 &&
		    !isnan(model->model->certified.threshold))
			out.confidence = remap(model->model, sum, out.p);
	}
	out.confidence = fmin(out.confidence, s->cap);
	return out;
}
