/* Why a hit is where it is, as a JSON object for --explain and --path. */
#ifndef KB_SEARCH_EXPLAIN_H
#define KB_SEARCH_EXPLAIN_H

#include "search/confidence.h"

/*
 * {"legs":{NAME:{"score","weight","normalised"}},"terms":[{"term","df",
 * "idf","weight","score"}],"path"}; with paths_only just "path". In the
 * query's arena.
 */
struct kb_str kb_explain(const struct kb_evidence *evidence,
			 const struct kb_leg *legs,
			 const struct kb_leg_query *query,
			 const struct kb_hit *hit, bool paths_only);

#endif
