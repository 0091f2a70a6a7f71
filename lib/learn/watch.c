#include "learn/watch.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "json/write.h"

void kb_watch_init(struct kb_watch *watch, const struct kb_linear *model)
{
	*watch = (struct kb_watch){.model = model};
}

void kb_watch_add(struct kb_watch *watch, const double *values, double score)
{
	const struct kb_linear_model *m = watch->model->model;

	watch->n++;
	if (m->spread)
		kb_tally_add(&watch->score, m->spread, score);
	for (size_t f = 0; f < m->n; f++)
		if (m->features[f].spread)
			kb_tally_add(&watch->features[f], m->features[f].spread,
				     kb_linear_value(watch->model, f, values));
}

void kb_watch_join(struct kb_watch *watch, const struct kb_watch *other)
{
	watch->n += other->n;
	kb_tally_join(&watch->score, &other->score);
	for (size_t f = 0; f < watch->model->model->n; f++)
		kb_tally_join(&watch->features[f], &other->features[f]);
}

/* The feature that has moved most, or -1; *index: by how much. */
static int most_moved(const struct kb_watch *watch, double *index)
{
	const struct kb_linear_model *m = watch->model->model;
	int most = -1;

	*index = 0;
	for (size_t f = 0; f < m->n; f++) {
		const struct kb_spread *s = m->features[f].spread;
		double by;

		if (!s || !kb_drift_is_shift(s, &watch->features[f]))
			continue;
		by = kb_drift_index(s, &watch->features[f]);
		if (most < 0 || by > *index) {
			most = (int)f;
			*index = by;
		}
	}
	return most;
}

bool kb_watch_warn(const struct kb_watch *watch, const char *records,
		   struct kb_buf *out)
{
	const struct kb_linear_model *m = watch->model->model;
	bool score = m->spread && kb_drift_is_shift(m->spread, &watch->score);
	char quote[KB_QUOTE_MAX];
	double index;
	int most = most_moved(watch, &index);

	if (!score && most < 0)
		return false;
	kb_buf_printf(out, "these %llu %s are unlike ",
		      (unsigned long long)watch->n, records);
	if (m->training.records)
		kb_buf_printf(out, "the %llu that",
			      (unsigned long long)m->training.records);
	else
		kb_buf_add_cstr(out, "those that");
	kb_buf_add_cstr(out, " the model was learned from");
	if (m->training.date)
		kb_buf_printf(out, " on %s",
			      kb_err_quote(quote, m->training.date,
					   strlen(m->training.date)));
	kb_buf_add_cstr(out, ": stability index ");
	if (score)
		kb_buf_printf(out, "%.2f of the scores",
			      kb_drift_index(m->spread, &watch->score));
	if (most >= 0)
		kb_buf_printf(out, "%s%.2f of '%s'", score ? ", " : "", index,
			      kb_err_quote(quote, m->features[most].name,
					   strlen(m->features[most].name)));
	kb_buf_add_cstr(out, "; label some of them and learn anew");
	return true;
}

void kb_watch_write(const struct kb_watch *watch, struct kb_buf *out)
{
	const struct kb_linear_model *m = watch->model->model;
	struct kb_buf line;
	struct kb_jw w;

	kb_buf_init(&line, 0);
	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	kb_jw_count(&w, "records", watch->n);
	if (m->spread) {
		kb_jw_key(&w, "score");
		kb_jw_fixed(&w, kb_drift_index(m->spread, &watch->score), 4);
	}
	kb_jw_key(&w, "features");
	kb_jw_obj(&w);
	for (size_t f = 0; f < m->n; f++) {
		if (!m->features[f].spread)
			continue;
		kb_jw_key(&w, m->features[f].name);
		kb_jw_fixed(
		    &w,
		    kb_drift_index(m->features[f].spread, &watch->features[f]),
		    4);
	}
	kb_jw_end(&w);
	kb_jw_key(&w, "shifted");
	kb_jw_bool(&w, kb_watch_warn(watch, "", &line));
	kb_jw_end(&w);
	kb_buf_release(&line);
}
