#include "search/rewrite.h"

#define REWRITES_WEIGHT 0.5f /* of all rewrites together */

size_t kb_rewrite_terms(const struct kb_rewrite *rewrite,
			struct kb_lex_term *terms, size_t n, size_t max)
{
	const struct kb_request *request = rewrite->request;
	size_t before = n;

	for (size_t i = 0; i < request->n_rewrites; i++) {
		struct kb_str text = request->rewrites[i];

		kb_terms_reset(rewrite->scratch);
		kb_analyze(rewrite->analyzer, text.ptr, text.len,
			   rewrite->scratch);
		n = kb_lexical_gather(rewrite->scratch, rewrite->params,
				      REWRITES_WEIGHT /
					  (float)request->n_rewrites,
				      terms, n, max);
	}
	kb_lexical_stats(rewrite->scope, terms + before, n - before);
	return n;
}
