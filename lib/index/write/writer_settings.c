/* What the writer's options say of the settings of an index. */
#include "index/write/writer_impl.h"

#include <sys/random.h>

int kb_settings_commit(struct kb_writer *w, struct kb_err *err)
{
	struct kb_str before = kb_buf_str(&w->settings_before);
	struct kb_buf out;
	int rc = 0;

	kb_buf_init(&out, KB_MANIFEST_MAX / 2);
	kb_settings_write(&w->settings, &out);
	if (out.over)
		rc = kb_err_set(err, KB_ELIMIT,
				"the settings are larger than %zu bytes",
				out.max);
	else if (!kb_str_eq(kb_buf_str(&out), before)) {
		kb_buf_reset(&w->next.settings);
		kb_buf_add_str(&w->next.settings, kb_buf_str(&out));
		w->touched = true;
	}
	kb_buf_release(&out);
	return rc;
}

/* An index keeps its seed, also when it is rebuilt. */
int kb_settings_seed(struct kb_writer *w, struct kb_err *err)
{
	uint64_t *seed = &w->settings.hash_seed;

	if (*seed || w->opt.settings_only)
		return 0;
	if (!w->fresh && !w->opt.rebuild)
		return kb_err_set(err, KB_EFORMAT,
				  "'%s' is of format 4.0, which is only "
				  "searched; run kb-index --rebuild",
				  w->path);
	*seed = w->opt.hash_seed;
	while (!*seed)
		if (getrandom(seed, sizeof(*seed), 0) != sizeof(*seed))
			return kb_err_sys(err, "no random number");
	return 0;
}

/* Terms of two kinds do not go together. */
int kb_settings_analysis(struct kb_writer *w, struct kb_err *err)
{
	unsigned *analysis = &w->settings.analysis;
	unsigned theirs = *analysis ? *analysis : 1;

	if (w->opt.settings_only)
		return 0;
	if (!w->fresh && !w->opt.rebuild && theirs != KB_ANALYSIS)
		return kb_err_set(err, KB_EFORMAT,
				  "'%s' has the terms of another version (%u, "
				  "this program makes %d) and is only "
				  "searched; run kb-index --rebuild",
				  w->path, theirs, KB_ANALYSIS);
	*analysis = KB_ANALYSIS;
	return 0;
}

/* The title weight counts in the postings' frequencies. */
int kb_settings_weight(struct kb_writer *w, struct kb_err *err)
{
	unsigned *weight = &w->settings.title_weight;
	unsigned wanted = w->opt.title_weight;

	if (w->fresh || w->opt.rebuild || !*weight) {
		if (wanted || !*weight)
			*weight = wanted ? wanted : 1;
	} else if (wanted && wanted != *weight)
		return kb_err_set(err, KB_EINVAL,
				  "'%s' was built with title weight %u; give "
				  "--rebuild to change it",
				  w->path, *weight);
	w->title_weight = *weight;
	return 0;
}

/* "a,b" as a list; empty names are none. */
static int read_names(struct kb_settings *s, const char *names,
		      struct kb_column_list *out, struct kb_err *err)
{
	out->n = 0;
	for (const char *p = names; *p;) {
		size_t len = strcspn(p, ",");

		if (len > KB_COLUMN_NAME_MAX || out->n == KB_COLUMNS_MAX)
			return kb_err_set(err, KB_ELIMIT,
					  "'%s': at most %d columns of %d "
					  "bytes",
					  names, KB_COLUMNS_MAX,
					  KB_COLUMN_NAME_MAX);
		if (len)
			out->names[out->n++] =
			    kb_settings_copy(s, (struct kb_str){p, len});
		p += len + (p[len] == ',');
	}
	return 0;
}

static int settle_columns(struct kb_writer *w, const char *what,
			  const char *names, struct kb_column_list *list,
			  struct kb_err *err)
{
	struct kb_column_list wanted;
	int rc = names ? read_names(&w->settings, names, &wanted, err) : 0;

	if (!names || rc < 0 || kb_column_list_equal(&wanted, list))
		return rc;
	if (!w->fresh && !w->opt.rebuild)
		return kb_err_set(
		    err, KB_EINVAL,
		    "'%s' was built with other %s; give --rebuild "
		    "to change them",
		    w->path, what);
	*list = wanted;
	return 0;
}

int kb_settings_columns(struct kb_writer *w, struct kb_err *err)
{
	int rc = settle_columns(w, "keywords", w->opt.keywords,
				&w->settings.keywords, err);

	return rc < 0 ? rc
		      : settle_columns(w, "numerics", w->opt.numerics,
				       &w->settings.numerics, err);
}
