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

enum kb_leg_no { KB_LEG_LEXICAL, KB_LEG_VECTOR, KB_LEG_GRAPH, KB_LEGS };

/* Names of the legs in their order. */
extern const char *const kb_leg_names[KB_LEGS];

/* What fit.h sees in a text. */
enum kb_fit_feature {
	KB_FIT_COVER,
	KB_FIT_TITLE,
	KB_FIT_ORDER,
	KB_FIT_NEAR,
	KB_FIT_RUN,
	KB_FIT_FEATURES,
};

extern const char *const kb_fit_names[KB_FIT_FEATURES];

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

/*
 * Take what an index's settings say of ranking:
 *
 *	"search":{"k1":N,"b":N,"weights":{LEG:N},"fit":{FEATURE:N}}
 *
 * A number that is missing or out of its bounds leaves what is there. False
 * when they say nothing.
 */
bool kb_base_tune(struct kb_base *base, struct kb_str settings);

/* Has a newer generation of any index been published? */
bool kb_base_stale(const struct kb_base *base);

#endif
