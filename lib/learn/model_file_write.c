#include <assert.h>
#include <math.h>

#include "learn/model_file.h"
#include "json/write.h"

static void put_text(struct kb_jw *w, const char *key, const char *text)
{
	if (!text)
		return;
	kb_jw_key(w, key);
	kb_jw_cstr(w, text);
}

static void put_number(struct kb_jw *w, const char *key, double x)
{
	kb_jw_key(w, key);
	kb_jw_num(w, x);
}

static void put_spread(struct kb_jw *w, const struct kb_spread *s)
{
	if (!s)
		return;
	kb_jw_key(w, "spread");
	kb_jw_obj(w);
	kb_jw_count(w, "n", s->n);
	kb_jw_key(w, "cuts");
	kb_jw_arr(w);
	for (size_t i = 0; i < s->n_cuts; i++)
		kb_jw_num(w, s->cuts[i]);
	kb_jw_end(w);
	kb_jw_key(w, "shares");
	kb_jw_arr(w);
	for (size_t i = 0; i <= s->n_cuts; i++)
		kb_jw_num(w, s->shares[i]);
	kb_jw_num(w, s->shares[KB_SPREAD_BINS - 1]);
	kb_jw_end(w);
	kb_jw_end(w);
}

static void put_certified(struct kb_jw *w, const struct kb_certified *c)
{
	if (c->risk <= 0)
		return;
	kb_jw_key(w, "certificate");
	kb_jw_obj(w);
	put_number(w, "risk", c->risk);
	put_number(w, "delta", c->delta);
	kb_jw_key(w, "threshold");
	if (isnan(c->threshold))
		kb_jw_null(w);
	else
		kb_jw_num(w, c->threshold);
	kb_jw_count(w, "labels", c->labels);
	kb_jw_count(w, "answered", c->answered);
	kb_jw_count(w, "wrong", c->wrong);
	kb_jw_end(w);
}

static void put_features(struct kb_jw *w, const struct kb_linear_model *m)
{
	kb_jw_key(w, "features");
	kb_jw_arr(w);
	for (size_t f = 0; f < m->n; f++) {
		const struct kb_linear_feature *it = &m->features[f];

		kb_jw_obj(w);
		put_text(w, "name", it->name);
		put_number(w, "weight", it->weight);
		if (it->mean != 0)
			put_number(w, "mean", it->mean);
		if (it->scale != 0 && it->scale != 1)
			put_number(w, "scale", it->scale);
		if (it->nonnegative) {
			kb_jw_key(w, "nonnegative");
			kb_jw_bool(w, true);
		}
		put_spread(w, it->spread);
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

static void put_calibration(struct kb_jw *w, const struct kb_calibration *c)
{
	if (c->kind == KB_CALIBRATION_NONE)
		return;
	kb_jw_key(w, "calibration");
	kb_jw_obj(w);
	if (c->kind == KB_CALIBRATION_PLATT) {
		put_text(w, "kind", "platt");
		put_number(w, "slope", c->slope);
		put_number(w, "offset", c->offset);
	} else {
		put_text(w, "kind", "isotonic");
		kb_jw_key(w, "knots");
		kb_jw_arr(w);
		for (size_t i = 0; i < c->n_knots; i++) {
			kb_jw_arr(w);
			kb_jw_num(w, c->knots[i].z);
			kb_jw_num(w, c->knots[i].p);
			kb_jw_end(w);
		}
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

static void put_list(struct kb_jw *w, const char *key, const char *const *list)
{
	if (!list)
		return;
	kb_jw_key(w, key);
	kb_jw_arr(w);
	for (; *list; list++)
		kb_jw_cstr(w, *list);
	kb_jw_end(w);
}

/* The names of figures are free text. */
static void put_figures(struct kb_jw *w, const struct kb_figure *f)
{
	struct kb_buf name;

	if (!f)
		return;
	kb_buf_init(&name, 0);
	kb_jw_key(w, "figures");
	kb_jw_obj(w);
	for (; f->name; f++) {
		kb_buf_reset(&name);
		kb_json_quote(&name, kb_str_of(f->name));
		kb_jw_key_raw(w, (struct kb_str){name.ptr + 1, name.len - 2});
		kb_jw_num(w, f->value);
	}
	kb_jw_end(w);
	kb_buf_release(&name);
}

static void put_training(struct kb_jw *w, const struct kb_training *t)
{
	kb_jw_key(w, "training");
	kb_jw_obj(w);
	put_text(w, "script", t->script);
	put_text(w, "date", t->date);
	put_list(w, "sets", t->sets);
	put_list(w, "held_out", t->held_out);
	if (t->records) {
		kb_jw_key(w, "records");
		kb_jw_int(w, (int64_t)t->records);
	}
	put_figures(w, t->figures);
	kb_jw_end(w);
}

/* The members of a model. */
static void put_model(struct kb_jw *w, const struct kb_linear_model *m)
{
	assert(m->n <= KB_LINEAR_FEATURES);
	put_text(w, "kind", m->kind == KB_LINEAR ? "linear" : "logistic");
	put_text(w, "name", m->name);
	put_features(w, m);
	put_number(w, "bias", m->bias);
	put_calibration(w, &m->calibration);
	put_certified(w, &m->certified);
	put_spread(w, m->spread);
	put_training(w, &m->training);
}

void kb_model_file_write_all(const struct kb_linear_model *const *models,
			     size_t n, struct kb_buf *out)
{
	struct kb_jw w;

	assert(models && n && out);
	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "kb_model");
	kb_jw_int(&w, KB_MODEL_FILE_VERSION);
	if (n == 1) {
		put_model(&w, models[0]);
	} else {
		kb_jw_key(&w, "models");
		kb_jw_arr(&w);
		for (size_t i = 0; i < n; i++) {
			kb_jw_obj(&w);
			put_model(&w, models[i]);
			kb_jw_end(&w);
		}
		kb_jw_end(&w);
	}
	kb_jw_end(&w);
	kb_buf_add_char(out, '\n');
}

void kb_model_file_write(const struct kb_linear_model *m, struct kb_buf *out)
{
	kb_model_file_write_all(&m, 1, out);
}
