/* The options of kb-search. Included by kb-search.c only. */
#ifndef KB_CMD_KB_SEARCH_H
#define KB_CMD_KB_SEARCH_H

#include "cli/run.h"
#include "search/search.h"

static struct {
	uint64_t k;
	double mmr;
	const char *filter, *at, *legs, *embed, *weights;
	bool explain, path, exhaustive, distinct, duplicates, plain, reload;
	bool rrf, no_spelling, no_synonyms;
	struct kb_opt_list indexes;
} o = {.k = 10};

static const struct kb_opt table[] = {
    {0, "at", "DATE", "what is valid on that day (now)", KB_OPT_STRING, &o.at,
     0, 0, NULL},
    {0, "distinct", NULL, "one chunk of a document", KB_OPT_FLAG, &o.distinct,
     0, 0, NULL},
    {0, "duplicates", NULL, "keep near-duplicates", KB_OPT_FLAG, &o.duplicates,
     0, 0, NULL},
    {0, "exhaustive", NULL, "score every chunk, to compare", KB_OPT_FLAG,
     &o.exhaustive, 0, 0, NULL},
    {0, "explain", NULL, "say why each hit is there", KB_OPT_FLAG, &o.explain,
     0, 0, NULL},
    {0, "filter", "EXPR", "such as 'lang:zh price>=100'", KB_OPT_STRING,
     &o.filter, 0, 0, NULL},
    {'i', "index", "DIR", "search this index too; may be given again",
     KB_OPT_LIST, &o.indexes, 0, 0, NULL},
    {'k', "hits", "N", "hits wanted (10)", KB_OPT_COUNT, &o.k, 1,
     KB_SEARCH_K_MAX, NULL},
    {0, "legs", "NAMES", "of lexical,vector,graph (all)", KB_OPT_STRING,
     &o.legs, 0, 0, NULL},
    {0, "mmr", "X", "diversity: weight of relevance, 0 to 1 (off)",
     KB_OPT_NUMBER, &o.mmr, 0, 1, NULL},
    {0, "no-spelling", NULL, "search words as they are written", KB_OPT_FLAG,
     &o.no_spelling, 0, 0, NULL},
    {0, "no-synonyms", NULL, "search the words of the question only",
     KB_OPT_FLAG, &o.no_synonyms, 0, 0, NULL},
    {0, "path", NULL, "show the graph's way to each hit", KB_OPT_FLAG, &o.path,
     0, 0, NULL},
    {0, "plain", NULL, "the question has no syntax", KB_OPT_FLAG, &o.plain, 0,
     0, NULL},
    {0, "reload", NULL, "take up new generations while running", KB_OPT_FLAG,
     &o.reload, 0, 0, NULL},
    {0, "rrf", NULL, "fuse legs by ranks, not scores", KB_OPT_FLAG, &o.rrf, 0,
     0, NULL},
    {0, "weights", "L,V,G", "of the legs in the fusion (the index's)",
     KB_OPT_STRING, &o.weights, 0, 0, NULL},
};

#endif
