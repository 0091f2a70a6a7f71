#include "search/length_similarity.h"

#include <math.h>

#define BRIEF 16.0
#define FADE  4 /* power of what is beyond BRIEF */
#define WIDTH 2 /* over the square of the logarithm of the lengths' ratio */

double kb_length_similarity(const struct kb_scope *scope, size_t length)
{
	double n = (double)scope->n_chunks, asked = (double)length, far;

	if (!scope->n_chunks || !scope->total_length || !length)
		return 0;
	far = log((double)scope->total_length / n / asked);
	return (asked > BRIEF ? pow(BRIEF / asked, FADE) : 1) *
	       exp(-WIDTH * far * far);
}
