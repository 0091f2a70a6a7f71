#include "search/search_base.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "doc/doc.h"
#include "search/leg_weights.h"
#include "vector/vector_rows.h"

static void take(double learned, float *out)
{
	if (!isnan(learned))
		*out = (float)learned;
}

bool kb_base_tune(struct kb_base *base, const struct kb_ranking_settings *s)
{
	if (!s->known)
		return false;
	take(s->k1, &base->lexical.k1);
	take(s->b, &base->lexical.b);
	for (size_t leg = 0; leg < KB_LEGS; leg++)
		take(s->weights[leg], &base->weights[leg]);
	for (size_t f = 0; f < KB_FIT_FEATURES; f++)
		take(s->fit[f], &base->fit[f]);
	return true;
}

/* The weight of the vector leg goes with the kind of vectors that it reads:
 * word vectors serve only where no index has others. */
static void default_weights(struct kb_base *base)
{
	bool model = false;

	for (size_t i = 0; i < base->n_indexes; i++)
		for (size_t s = 0; s < KB_VECTOR_SLOTS; s++)
			model |= kb_index_has_section(
			    base->indexes[i], (int)kb_vec_slots[s].vectors);
	base->weights[KB_LEG_LEXICAL] = 1;
	base->weights[KB_LEG_VECTOR] = model ? WEIGHT_MODEL : WEIGHT_WORDS;
	base->weights[KB_LEG_GRAPH] = model ? WEIGHT_MODEL_GRAPH : WEIGHT_GRAPH;
}

/* Of the first index that has any. */
static void read_settings(struct kb_base *base)
{
	default_weights(base);
	for (size_t i = 0; i < base->n_indexes; i++)
		if (kb_base_tune(base, &base->indexes[i]->settings.search))
			return;
}

static void read_null(struct kb_base *base)
{
	base->null = kb_null_defaults;
	for (size_t i = 0; i < base->n_indexes; i++) {
		const struct kb_null *null = &base->indexes[i]->settings.null;

		if (null->chunks > base->null.chunks)
			base->null = *null;
	}
}

static int64_t min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int fill_scope(struct kb_base *base, const struct kb_filter_set *set,
		      int64_t at, struct kb_err *err)
{
	struct kb_pattern_budget budget = KB_PATTERN_BUDGET;
	struct kb_scope *scope = &base->scope;
	int rc = 0;

	base->until = INT64_MAX;
	for (size_t i = 0; i < base->n_indexes; i++)
		scope->n += base->indexes[i]->n_segments;
	scope->segments = kb_calloc(scope->n, sizeof(*scope->segments));
	base->bits = kb_calloc(scope->n, sizeof(*base->bits));
	for (size_t i = 0, no = 0; i < base->n_indexes; i++) {
		const struct kb_index *index = base->indexes[i];

		scope->n_chunks += index->n_chunks;
		scope->total_length += index->total_length;
		for (size_t s = 0; s < index->n_segments && rc == 0;
		     s++, no++) {
			const struct kb_segment *seg = index->segments[s];

			rc = kb_filter_apply(set, seg, at, &budget,
					     &base->bits[no], err);
			scope->segments[no] = (struct kb_scope_segment){
			    seg, index, (uint32_t)i,
			    base->bits[no] ? base->bits[no] : seg->live};
			base->until =
			    min(base->until, kb_filter_changes(seg, at));
		}
	}
	return rc;
}

static int make_scope(struct kb_base *base,
		      const struct kb_base_options *options, struct kb_err *err)
{
	struct kb_filter_set set = {.n = 0};
	int64_t at = options->now;
	int rc = 0;

	if (options->at && !kb_doc_time(kb_str_of(options->at), false, &at))
		return kb_err_set(err, KB_EINVAL,
				  "--at: want a date such as 2024-05-01");
	if (options->filter)
		rc = kb_filter_parse(&set, kb_str_of(options->filter), err);
	if (rc == 0)
		rc = kb_filter_check(&set, base->indexes, base->n_indexes, err);
	if (rc == 0)
		rc = fill_scope(base, &set, at, err);
	if (options->at) /* that day stays */
		base->until = INT64_MAX;
	kb_filter_release(&set);
	return rc;
}

static int read_weights(struct kb_base *base, const char *text,
			struct kb_err *err)
{
	for (size_t leg = 0; leg < KB_LEGS; leg++) {
		char *end;
		double x = strtod(text, &end);

		if (end == text || !(x >= 0 && x <= 100) ||
		    *end != (leg + 1 < KB_LEGS ? ',' : '\0'))
			return kb_err_set(err, KB_EINVAL,
					  "--weights: want three numbers from "
					  "0 to 100 such as 1,0.1,0.2");
		base->weights[leg] = (float)x;
		text = end + 1;
	}
	/* learned for other weights than these */
	memset(base->fit, 0, sizeof(base->fit));
	return 0;
}

/* A manifest is replaced by renaming, so its inode and time tell. */
static bool read_stamp(const char *path, struct kb_base_stamp *stamp)
{
	char name[4096];
	struct stat st;

	memset(stamp, 0, sizeof(*stamp));
	if (snprintf(name, sizeof(name), "%s/MANIFEST", path) >=
		(int)sizeof(name) ||
	    stat(name, &st) != 0)
		return false;
	stamp->inode = st.st_ino;
	stamp->mtime_s = st.st_mtim.tv_sec;
	stamp->mtime_ns = st.st_mtim.tv_nsec;
	return true;
}

int kb_base_open(struct kb_base **out, const struct kb_base_options *options,
		 struct kb_err *err)
{
	struct kb_base *base = kb_calloc(1, sizeof(*base));
	int rc = 0;

	atomic_init(&base->refs, 1);
	base->lexical = kb_lex_defaults;
	base->indexes = kb_calloc(options->n_paths, sizeof(*base->indexes));
	base->stamps = kb_calloc(options->n_paths, sizeof(*base->stamps));
	while (rc == 0 && base->n_indexes < options->n_paths) {
		/* before the open: a commit between the two is seen later */
		read_stamp(options->paths[base->n_indexes],
			   &base->stamps[base->n_indexes]);
		rc = kb_index_open(&base->indexes[base->n_indexes],
				   options->paths[base->n_indexes], err);
		if (rc == 0)
			kb_index_scatter(base->indexes[base->n_indexes]);
		if (rc == 0 && options->once)
			kb_index_once(base->indexes[base->n_indexes]);
		base->n_indexes += rc == 0;
	}
	if (rc == 0)
		rc = make_scope(base, options, err);
	if (rc == 0) {
		read_settings(base);
		read_null(base);
	}
	if (rc == 0 && options->weights)
		rc = read_weights(base, options->weights, err);
	if (rc < 0) {
		kb_base_unref(base);
		return rc;
	}
	*out = base;
	return 0;
}

struct kb_base *kb_base_ref(struct kb_base *base)
{
	atomic_fetch_add(&base->refs, 1);
	return base;
}

void kb_base_unref(struct kb_base *base)
{
	if (!base || atomic_fetch_sub(&base->refs, 1) > 1)
		return;
	for (size_t i = 0; base->bits && i < base->scope.n; i++)
		free(base->bits[i]);
	free(base->bits);
	free(base->scope.segments);
	for (size_t i = 0; i < base->n_indexes; i++)
		kb_index_close(base->indexes[i]);
	free(base->indexes);
	free(base->stamps);
	free(base);
}

bool kb_base_stale(const struct kb_base *base, int64_t now)
{
	if (now >= base->until)
		return true;
	for (size_t i = 0; i < base->n_indexes; i++) {
		struct kb_base_stamp seen;

		/* not to be seen: go on with what is open */
		if (read_stamp(base->indexes[i]->path, &seen) &&
		    memcmp(&seen, &base->stamps[i], sizeof(seen)) != 0)
			return true;
	}
	return false;
}
