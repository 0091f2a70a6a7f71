/* What a search is asked to do, for all requests of a run. */
#ifndef KB_SEARCH_SEARCH_OPTIONS_H
#define KB_SEARCH_SEARCH_OPTIONS_H

#include "index/settings.h"
#include "search/rerank.h"

#define KB_SEARCH_K_MAX 1000

struct kb_linear_model;

struct kb_search_options {
	size_t k;	    /* hits wanted */
	bool legs[KB_LEGS]; /* to be used */
	bool explain;
	bool paths;	 /* the graph's way to each hit */
	bool exhaustive; /* no pruning, no leg left out */
	bool distinct;	 /* one chunk of a document */
	bool keep_duplicates;
	bool no_syntax;		   /* the question is plain text */
	bool no_spelling;	   /* search words as they are written */
	bool reciprocal;	   /* fuse by ranks */
	double mmr;		   /* 0: off; else weight of relevance */
	const char *embed;	   /* embedder's command line, or NULL */
	bool no_model;		   /* no question goes to the embedder */
	bool no_synonyms;	   /* of the built-in ones */
	const char *synonyms_path; /* file of the user's own, or NULL */
	struct kb_rerank_options ask;
	/* Of the features of confidence.h; NULL: the built-in one. Borrowed. */
	const struct kb_linear_model *confidence;
	const char *confidence_path; /* file of one, or NULL */
};

#endif
