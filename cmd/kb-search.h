/* The options of kb-search. Included by kb-search.c only. */
#ifndef KB_CMD_KB_SEARCH_H
#define KB_CMD_KB_SEARCH_H

#include "cli/run.h"
#include "tune/tune.h"

static struct {
	const char *filter, *at, *legs, *weights;
	bool reload;
	struct kb_opt_list indexes;
	struct kb_search_options search;
	struct kb_tune_options tune;
} o = {.search = {.k = 10, .ask = {NULL, 50, 2, 0.5}}, .tune.seed = 1};

static const struct kb_opt table[] = {
    {0, "at", "DATE", "what is valid on that day (now)", KB_OPT_STRING, &o.at,
     0, 0, NULL},
    {0, "distinct", NULL, "one chunk of a document", KB_OPT_FLAG,
     &o.search.distinct, 0, 0, NULL},
    {0, "duplicates", NULL, "keep near-duplicates", KB_OPT_FLAG,
     &o.search.keep_duplicates, 0, 0, NULL},
    {0, "embed-cmd", "CMD", "makes the vector of a question, not llm-call",
     KB_OPT_STRING, &o.search.embed, 0, 0, NULL},
    {0, "exhaustive", NULL, "score every chunk, to compare", KB_OPT_FLAG,
     &o.search.exhaustive, 0, 0, NULL},
    {0, "explain", NULL, "say why each hit is there", KB_OPT_FLAG,
     &o.search.explain, 0, 0, NULL},
    {0, "filter", "EXPR", "such as 'lang:zh price>=100'", KB_OPT_STRING,
     &o.filter, 0, 0, NULL},
    {'i', "index", "DIR", "search this index too; may be given again",
     KB_OPT_LIST, &o.indexes, 0, 0, NULL},
    {'k', "hits", "N", "hits wanted (10)", KB_OPT_COUNT, &o.search.k, 1,
     KB_SEARCH_K_MAX, NULL},
    {0, "legs", "NAMES", "of lexical,vector,graph (all)", KB_OPT_STRING,
     &o.legs, 0, 0, NULL},
    {0, "lock-wait", "TIME", "--tune: wait for a writer of the index (0s)",
     KB_OPT_DURATION, &o.tune.lock_wait_s, 0, 0, NULL},
    {0, "mmr", "X", "diversity: weight of relevance, 0 to 1 (off)",
     KB_OPT_NUMBER, &o.search.mmr, 0, 1, NULL},
    {0, "no-spelling", NULL, "search words as they are written", KB_OPT_FLAG,
     &o.search.no_spelling, 0, 0, NULL},
    {0, "no-synonyms", NULL, "leave the built-in synonyms out", KB_OPT_FLAG,
     &o.search.no_synonyms, 0, 0, NULL},
    {0, "path", NULL, "show the graph's way to each hit", KB_OPT_FLAG,
     &o.search.paths, 0, 0, NULL},
    {0, "plain", NULL, "the question has no syntax", KB_OPT_FLAG,
     &o.search.no_syntax, 0, 0, NULL},
    {0, "reload", NULL, "take up new generations while running", KB_OPT_FLAG,
     &o.reload, 0, 0, NULL},
    {0, "rerank", "CMD", "order by a filter such as 'llm-call --rerank'",
     KB_OPT_STRING, &o.search.ask.command, 0, 0, NULL},
    {0, "rerank-hits", "N", "hits it is asked about (50)", KB_OPT_COUNT,
     &o.search.ask.hits, 1, KB_SEARCH_K_MAX, NULL},
    {0, "rerank-timeout", "TIME", "it has for an answer (2s)", KB_OPT_DURATION,
     &o.search.ask.timeout_s, 0, 0, NULL},
    {0, "rerank-weight", "X", "of its scores, 0 to 1 (0.5)", KB_OPT_NUMBER,
     &o.search.ask.weight, 0, 1, NULL},
    {0, "rrf", NULL, "fuse legs by ranks, not scores", KB_OPT_FLAG,
     &o.search.reciprocal, 0, 0, NULL},
    {0, "seed", "N", "--tune: of the split in halves (1)", KB_OPT_COUNT,
     &o.tune.seed, 0, 0, NULL},
    {0, "synonyms", "FILE", "words that stand for each other, beside its own",
     KB_OPT_STRING, &o.search.synonyms_path, 0, 0, NULL},
    {0, "tune", "QRELS", "learn the weights of the legs for this index",
     KB_OPT_STRING, &o.tune.qrels, 0, 0, NULL},
    {0, "weights", "L,V,G", "of the legs in the fusion (the index's)",
     KB_OPT_STRING, &o.weights, 0, 0, NULL},
};

#endif
