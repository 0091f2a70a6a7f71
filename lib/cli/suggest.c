#include "cli/suggest.h"

#include <string.h>

#include "base/num.h"

#define LONGEST 31 /* of names that are compared */

/* Optimal string alignment: edits with swaps of neighbours (Boytsov 2011,
 * section 2.2.1). Both texts have at most LONGEST bytes. */
static unsigned distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned d[LONGEST + 1][LONGEST + 1];

	for (size_t i = 0; i <= n; i++)
		d[i][0] = (unsigned)i;
	for (size_t j = 0; j <= m; j++)
		d[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		for (size_t j = 1; j <= m; j++) {
			d[i][j] =
			    kb_least(kb_least(d[i - 1][j], d[i][j - 1]) + 1,
				     d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				d[i][j] =
				    kb_least(d[i][j], d[i - 2][j - 2] + 1);
		}
	}
	return d[n][m];
}

const struct kb_opt *kb_opt_nearest(const struct kb_opt *table, size_t n,
				    const char *name, size_t len)
{
	const struct kb_opt *best = NULL;
	unsigned fewest = 3;

	if (len < 2 || len > LONGEST)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t m = strlen(table[i].name);
		unsigned d;

		if (!table[i].help || m > LONGEST)
			continue;
		d = distance(name, len, table[i].name, m);
		if (d < fewest && 2 * d < len) {
			best = &table[i];
			fewest = d;
		}
	}
	return best;
}
