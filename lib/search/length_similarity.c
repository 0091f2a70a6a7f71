#include "search/length_similarity.h"

#include <math.h>

#include "search/length_similarity_weights.h"

double kb_length_similarity(const struct kb_scope *scope, size_t length)
{
	double n = (double)scope->n_chunks, asked = (double)length, far;

	if (!scope->n_chunks || !scope->total_length || !length)
		return 0;
	far = log((double)scope->total_length / n / asked);
	return (asked > BRIEF ? pow(BRIEF / asked, FADE) : 1) *
	       exp(-WIDTH * far * far);
}
