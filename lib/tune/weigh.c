#include "tune/weigh.h"

#include <math.h>
#include <stdlib.h>

#include "tune/tune_weights.h"

#define TOP 10 /* places that are measured, as nDCG@10 */

static const float steps[] = LEG_STEPS;

enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static int grade_of(const struct kb_judged_query *judged, uint64_t doc)
{
	for (size_t i = 0; i < judged->n; i++)
		if (judged->items[i].doc == doc)
			return judged->items[i].grade;
	return 0;
}

void kb_weigh_take(struct kb_weigh_question *q, const struct kb_scope *scope,
		   const struct kb_fused *fused, size_t n,
		   const struct kb_judged_query *judged, struct kb_arena *arena)
{
	q->items = kb_arena_alloc(arena, (n + 1) * sizeof(*q->items));
	q->n = n;
	q->relevant = judged->n;
	q->ideal = kb_rank_ideal(judged);
	for (size_t i = 0; i < n; i++) {
		struct kb_weigh_item *item = &q->items[i];

		item->doc = kb_qrels_hash(kb_segment_id(
		    scope->segments[fused[i].segment].segment, fused[i].chunk));
		memcpy(item->part, fused[i].part, sizeof(item->part));
		item->grade = (float)grade_of(judged, item->doc);
	}
}

struct place {
	uint64_t doc;
	float score, grade;
};

/* Put an item among the best documents; the earlier of equals stays. */
static size_t offer(struct place *top, size_t n, const struct place *item)
{
	size_t at = 0, gap;

	while (at < n && top[at].score >= item->score) {
		if (top[at].doc == item->doc)
			return n;
		at++;
	}
	if (at == TOP)
		return n;
	gap = at;
	while (gap < n && top[gap].doc != item->doc)
		gap++;
	if (gap == n && n < TOP)
		n++;
	if (gap == TOP)
		gap--;
	memmove(top + at + 1, top + at, (gap - at) * sizeof(*top));
	top[at] = *item;
	return n;
}

/* Mean of nDCG@10 and recall@10 of one question. */
static double score(const struct kb_weigh_question *q,
		    const float weights[KB_LEGS])
{
	struct place top[TOP + 1];
	double gain = 0, found = 0;
	size_t n = 0;

	for (size_t i = 0; i < q->n; i++) {
		const struct kb_weigh_item *item = &q->items[i];
		struct place place = {item->doc, 0, item->grade};

		for (size_t leg = 0; leg < KB_LEGS; leg++)
			place.score += weights[leg] * item->part[leg];
		if (n < TOP || place.score > top[n - 1].score)
			n = offer(top, n, &place);
	}
	for (size_t i = 0; i < n; i++) {
		gain += (double)top[i].grade / log2((double)i + 2);
		found += top[i].grade > 0;
	}
	return (gain / q->ideal + found / (double)q->relevant) / 2;
}

/* The mean of nDCG@10 and recall@10 of the learning half. */
static double score_of(const struct kb_weigh_question *questions, size_t n,
		       const float weights[KB_LEGS])
{
	double sum = 0;
	size_t learned = 0;

	for (size_t i = 0; i < n; i++) {
		if (!questions[i].learn)
			continue;
		sum += score(&questions[i], weights);
		learned++;
	}
	return learned ? sum / (double)learned : 0;
}

static bool has_leg(const struct kb_weigh_question *questions, size_t n,
		    size_t leg)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < questions[i].n; k++)
			if (questions[i].items[k].part[leg] > 0)
				return true;
	return false;
}

/* The step nearest to a weight. */
static size_t step_of(float weight)
{
	size_t best = 0;

	for (size_t i = 1; i < STEPS; i++)
		if (fabsf(steps[i] - weight) < fabsf(steps[best] - weight))
			best = i;
	return best;
}

/* Mean of a point of the grid and its neighbours, less what it costs to go
 * there: where the grid is flat the weights stay. */
static double worth(double grid[STEPS][STEPS], size_t rows, size_t cols,
		    const float start[KB_LEGS], size_t i, size_t k)
{
	int far = 0;
	double sum = 0;
	size_t n = 0;

	if (rows > 1)
		far += abs((int)i - (int)step_of(start[KB_LEG_VECTOR]));
	if (cols > 1)
		far += abs((int)k - (int)step_of(start[KB_LEG_GRAPH]));

	for (size_t y = i ? i - 1 : 0; y <= i + 1 && y < rows; y++)
		for (size_t x = k ? k - 1 : 0; x <= k + 1 && x < cols; x++) {
			sum += grid[y][x];
			n++;
		}
	return sum / (double)n - FAR * far;
}

void kb_weigh_best(const struct kb_weigh_question *questions, size_t n,
		   float weights[KB_LEGS])
{
	bool vector = has_leg(questions, n, KB_LEG_VECTOR);
	bool graph = has_leg(questions, n, KB_LEG_GRAPH);
	size_t rows = vector ? STEPS : 1, cols = graph ? STEPS : 1;
	double grid[STEPS][STEPS], best = -1;
	size_t at_row = 0, at_col = 0;
	float w[KB_LEGS] = {1, weights[KB_LEG_VECTOR], weights[KB_LEG_GRAPH]};

	if (!has_leg(questions, n, KB_LEG_LEXICAL))
		return;
	for (size_t i = 0; i < rows; i++)
		for (size_t k = 0; k < cols; k++) {
			if (vector)
				w[KB_LEG_VECTOR] = steps[i];
			if (graph)
				w[KB_LEG_GRAPH] = steps[k];
			grid[i][k] = score_of(questions, n, w);
		}
	for (size_t i = 0; i < rows; i++)
		for (size_t k = 0; k < cols; k++) {
			double here = worth(grid, rows, cols, weights, i, k);

			if (here > best) {
				best = here;
				at_row = i;
				at_col = k;
			}
		}
	if (grid[at_row][at_col] <= score_of(questions, n, weights))
		return;
	weights[KB_LEG_LEXICAL] = 1;
	if (vector)
		weights[KB_LEG_VECTOR] = steps[at_row];
	if (graph)
		weights[KB_LEG_GRAPH] = steps[at_col];
}
