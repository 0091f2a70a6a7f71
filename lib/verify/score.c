#include "verify/score.h"

#include <math.h>

#include "base/num.h"

/*
 * Fitted by tests/eval/fit-factcheck.py on the tuning half of the sets it
 * names, with weights held at 0 or above.
 */
static const double bias = -5.73;
static const double weights[KB_FEATURES] = {
    [KB_F_COVER] = 1.03,   [KB_F_BEST1] = .76,	  [KB_F_BEST3] = .88,
    [KB_F_PAIRS] = .38,	   [KB_F_TRIPLES] = .41,  [KB_F_RUN] = 1.42,
    [KB_F_PRESENT] = 0,	   [KB_F_NUMBERS] = 1.27, [KB_F_ENTITIES] = 1.5,
    [KB_F_POLARITY] = .62, [KB_F_QUESTION] = 0,
};

double kb_score_claim(const struct kb_comparison *c)
{
	double x = bias, p;

	for (int i = 0; i < KB_FEATURES; i++)
		x += weights[i] * c->f[i];
	p = kb_sigmoid(x);
	return c->contradicted ? fmin(p, KB_SCORE_CAP) : p;
}

double kb_score_answer(const double *p, size_t n)
{
	double least = p[0], sum = 0;

	for (size_t i = 0; i < n; i++) {
		least = fmin(least, p[i]);
		sum += kb_logit(p[i], 1e-4);
	}
	return kb_sigmoid((kb_logit(least, 1e-4) + sum / (double)n) / 2);
}

double kb_score_record(const struct kb_stages *s)
{
	double x = kb_logit(s->facts, 1e-4);

	/* A generator that says how sure it is has read the passages: that
	 * stands for the retrieval, too (alone it ranks the answers of
	 * fit-local.py's sets better than any mixture of both). And no
	 * answer is more right than it is grounded. */
	if (s->generation >= 0)
		x = fmin(x, kb_logit(s->generation, 1e-4));
	else if (s->retrieval >= 0)
		x = (x + .5 * kb_logit(s->retrieval, 1e-4)) / 1.5;
	if (s->truncated)
		x -= 1;
	return kb_sigmoid(x);
}
