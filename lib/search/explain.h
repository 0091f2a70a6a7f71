/* Why a hit is where it is, as a JSON object for --explain and --path. */
#ifndef KB_SEARCH_EXPLAIN_H
#define KB_SEARCH_EXPLAIN_H

#include "search/confidence.h"
#include "search/search_options.h"

/*
 * Set the confidence and, as the options ask, the result's why: what the
 * confidence is made of, by the names of confidence.h; and each hit's:
 * {"legs":{NAME:{"score","best","weight"}},"terms":[{"term","df","idf",
 * "weight","score"}],"fit":{FEATURE of fit.h},"path"}, or just "path".
 * In the query's arena.
 */
void kb_explain(const struct kb_evidence *evidence, const struct kb_leg *legs,
		const struct kb_leg_query *query,
		const struct kb_search_options *options,
		struct kb_result *result);

#endif
