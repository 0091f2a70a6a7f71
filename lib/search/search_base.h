/*
 * The knowledge base of a run: every index given, opened, with what its
 * settings say about searching, and the chunks a filter and a date allow.
 *
 * A base does not change once it is open and may be used by any number of
 * threads. It is counted: kb_base_ref() and kb_base_unref().
 */
#ifndef KB_SEARCH_SEARCH_BASE_H
#define KB_SEARCH_SEARCH_BASE_H

#include <stdatomic.h>

#include "query/filter.h"
#include "search/lexical/lexical.h"
#include "search/null_distribution.h"

struct kb_base_stamp {
	uint64_t inode;
	int64_t mtime_s, mtime_ns;
};

struct kb_base {
	atomic_int refs;
	struct kb_index **indexes;
	size_t n_indexes;
	struct kb_base_stamp *stamps; /* of the manifests */
	struct kb_scope scope; /* 'allowed' is live, or live and filtered */
	uint64_t **bits;       /* owned filter results of each segment */
	struct kb_lex_params lexical;
	float weights[KB_LEGS];	    /* of the fusion */
	float fit[KB_FIT_FEATURES]; /* weights; all 0: off */
	struct kb_null null;	    /* of the largest index that has one */
	int64_t until; /* Unix seconds: then other documents are valid */
};

struct kb_base_options {
	const char *const *paths;
	size_t n_paths;
	const char *filter;  /* filter.h, or NULL */
	const char *at;	     /* date, or NULL: now where it matters */
	const char *weights; /* "1,0.1,0.2" for the legs, or NULL */
	int64_t now;	     /* Unix seconds */
	bool once;	     /* one question only: kb_index_once() */
};

int kb_base_open(struct kb_base **out, const struct kb_base_options *options,
		 struct kb_err *err);
struct kb_base *kb_base_ref(struct kb_base *base);
void kb_base_unref(struct kb_base *base);

/* Take what an index learned of ranking; false when that is nothing. What is
 * not known leaves what is there. */
bool kb_base_tune(struct kb_base *base, const struct kb_ranking_settings *s);

/* Has a newer generation of any index been published, or are other documents
 * valid now (Unix seconds) than when the base was opened? */
bool kb_base_stale(const struct kb_base *base, int64_t now);

#endif
