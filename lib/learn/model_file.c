#include "learn/model_file.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "json/rec.h"
#include "json/write.h"

#define NUMBER_MAX 1e12 /* of a weight, mean, scale, ... */
#define SCALE_MIN  1e-12

/* ---- reading ---- */

struct reader {
	struct kb_arena *arena;
	struct kb_err *err;
};

static int wrong(struct reader *r, const char *member, const char *what)
{
	return kb_err_set(r->err, KB_EFORMAT, "'%s' %s", member, what);
}

/* A number that may be absent; *out is the default then. */
static int read_number(struct reader *r, struct kb_json object,
		       const char *member, double *out)
{
	struct kb_json val = kb_json_get(object, member);
	double x;

	if (val.type == KB_JSON_NONE)
		return KB_OK;
	if (!kb_json_num(val, &x) || !(fabs(x) <= NUMBER_MAX))
		return wrong(r, member, "is not a number within 1e12");
	*out = x;
	return KB_OK;
}

/* A string that may be absent, as a C string in the arena. */
static int read_text(struct reader *r, struct kb_json val, const char *member,
		     const char **out)
{
	struct kb_str s;
	char *text;

	if (val.type == KB_JSON_NONE)
		return KB_OK;
	if (!kb_json_str(val, r->arena, &s) || !s.len ||
	    memchr(s.ptr, '\0', s.len))
		return wrong(r, member, "is not a string with text");
	if (s.len > KB_MODEL_FILE_NAME)
		return kb_err_set(r->err, KB_ELIMIT,
				  "'%s' has %zu bytes, more than %d", member,
				  s.len, KB_MODEL_FILE_NAME);
	text = kb_arena_alloc(r->arena, s.len + 1);
	memcpy(text, s.ptr, s.len);
	text[s.len] = '\0';
	*out = text;
	return KB_OK;
}

/* The number of elements of an array that may be absent. */
static int count(struct reader *r, struct kb_json val, const char *member,
		 enum kb_json_type type, size_t max, size_t *n)
{
	*n = kb_json_count(val);
	if (val.type != type && val.type != KB_JSON_NONE)
		return wrong(r, member,
			     type == KB_JSON_ARRAY ? "is not an array"
						   : "is not an object");
	if (*n > max)
		return kb_err_set(r->err, KB_ELIMIT,
				  "'%s' has %zu elements, more than %zu",
				  member, *n, max);
	return KB_OK;
}

static int read_numbers(struct reader *r, struct kb_json val,
			const char *member, size_t max, double *out, size_t *n)
{
	struct kb_json_iter it = kb_json_iter(val);
	int rc = count(r, val, member, KB_JSON_ARRAY, max, n);

	for (size_t i = 0; rc == KB_OK && kb_json_next(&it); i++)
		if (!kb_json_num(it.val, &out[i]) ||
		    !(fabs(out[i]) <= NUMBER_MAX))
			rc = wrong(r, member, "holds what is no number");
	return rc;
}

static int read_count(struct reader *r, struct kb_json object,
		      const char *member, uint64_t *out)
{
	struct kb_json val = kb_json_get(object, member);
	int64_t n = 0;

	if (val.type != KB_JSON_NONE && (!kb_json_int(val, &n) || n < 0))
		return wrong(r, member, "is not a count");
	*out = (uint64_t)n;
	return KB_OK;
}

/* Rising cuts, and the shares between them and of what was missing. */
static int check_spread(struct reader *r, const struct kb_spread *s,
			size_t n_shares)
{
	double sum = 0;

	if (n_shares != s->n_cuts + 2)
		return wrong(r, "spread.shares",
			     "are not two more than the cuts");
	for (size_t i = 1; i < s->n_cuts; i++)
		if (!(s->cuts[i] > s->cuts[i - 1]))
			return wrong(r, "spread.cuts", "do not rise");
	for (size_t i = 0; i < n_shares; i++) {
		if (!(s->shares[i] >= 0 && s->shares[i] <= 1))
			return wrong(r, "spread.shares", "are not 0 to 1");
		sum += s->shares[i];
	}
	if (!(fabs(sum - 1) < 1e-6) || !s->n)
		return wrong(r, "spread", "is of nothing");
	return KB_OK;
}

static int read_spread(struct reader *r, struct kb_json val,
		       const struct kb_spread **out)
{
	struct kb_spread *s;
	size_t n = 0;
	int rc;

	if (val.type == KB_JSON_NONE || val.type == KB_JSON_NULL)
		return KB_OK;
	if (val.type != KB_JSON_OBJECT)
		return wrong(r, "spread", "is not an object");
	s = kb_arena_calloc(r->arena, 1, sizeof(*s));
	rc = read_count(r, val, "n", &s->n);
	if (rc == KB_OK)
		rc = read_numbers(r, kb_json_get(val, "cuts"), "spread.cuts",
				  KB_SPREAD_CUTS, s->cuts, &s->n_cuts);
	if (rc == KB_OK)
		rc =
		    read_numbers(r, kb_json_get(val, "shares"), "spread.shares",
				 KB_SPREAD_BINS, s->shares, &n);
	if (rc == KB_OK)
		rc = check_spread(r, s, n);
	if (rc < 0)
		return rc;
	/* what is missing has the last place */
	if (n < KB_SPREAD_BINS) {
		s->shares[KB_SPREAD_BINS - 1] = s->shares[n - 1];
		s->shares[n - 1] = 0;
	}
	*out = s;
	return KB_OK;
}

static int read_certified(struct reader *r, struct kb_json val,
			  struct kb_certified *out)
{
	struct kb_json threshold = kb_json_get(val, "threshold");
	int rc;

	if (val.type == KB_JSON_NONE || val.type == KB_JSON_NULL)
		return KB_OK;
	if (val.type != KB_JSON_OBJECT)
		return wrong(r, "certificate", "is not an object");
	out->threshold = NAN;
	rc = read_number(r, val, "risk", &out->risk);
	if (rc == KB_OK)
		rc = read_number(r, val, "delta", &out->delta);
	if (rc == KB_OK && !(out->risk > 0 && out->risk < 1 && out->delta > 0 &&
			     out->delta < 1))
		rc = wrong(r, "certificate",
			   "has no risk and delta between 0 and 1");
	if (rc == KB_OK && threshold.type != KB_JSON_NULL)
		rc = read_number(r, val, "threshold", &out->threshold);
	if (rc == KB_OK)
		rc = read_count(r, val, "labels", &out->labels);
	if (rc == KB_OK)
		rc = read_count(r, val, "answered", &out->answered);
	if (rc == KB_OK)
		rc = read_count(r, val, "wrong", &out->wrong);
	return rc;
}

static int read_feature(struct reader *r, struct kb_json val,
			struct kb_linear_feature *out)
{
	struct kb_json held = kb_json_get(val, "nonnegative");
	int rc;

	*out = (struct kb_linear_feature){.scale = 1};
	if (val.type != KB_JSON_OBJECT)
		return wrong(r, "features", "holds what is not an object");
	rc = read_text(r, kb_json_get(val, "name"), "name", &out->name);
	if (rc == KB_OK && !out->name)
		rc = wrong(r, "name", "is missing");
	if (rc == KB_OK && kb_json_get(val, "weight").type == KB_JSON_NONE)
		rc = wrong(r, "weight", "is missing");
	if (rc == KB_OK)
		rc = read_number(r, val, "weight", &out->weight);
	if (rc == KB_OK)
		rc = read_number(r, val, "mean", &out->mean);
	if (rc == KB_OK)
		rc = read_number(r, val, "scale", &out->scale);
	if (rc == KB_OK && !(out->scale >= SCALE_MIN))
		rc = wrong(r, "scale", "is not 1e-12 or above");
	if (rc == KB_OK && held.type != KB_JSON_NONE &&
	    held.type != KB_JSON_TRUE && held.type != KB_JSON_FALSE)
		rc = wrong(r, "nonnegative", "is neither true nor false");
	out->nonnegative = held.type == KB_JSON_TRUE;
	if (rc == KB_OK && out->nonnegative && out->weight < 0)
		rc = wrong(r, "weight", "is negative");
	if (rc == KB_OK)
		rc = read_spread(r, kb_json_get(val, "spread"), &out->spread);
	return rc;
}

static int read_features(struct reader *r, struct kb_json val,
			 struct kb_linear_model *out)
{
	struct kb_linear_feature *features;
	struct kb_json_iter it = kb_json_iter(val);
	size_t n, i = 0;
	int rc =
	    count(r, val, "features", KB_JSON_ARRAY, KB_LINEAR_FEATURES, &n);

	if (rc < 0)
		return rc;
	if (val.type == KB_JSON_NONE)
		return wrong(r, "features", "is missing");
	features = kb_arena_calloc(r->arena, n + 1, sizeof(*features));
	out->features = features;
	for (; kb_json_next(&it); out->n = ++i) {
		rc = read_feature(r, it.val, &features[i]);
		if (rc == KB_OK && kb_linear_find(out, features[i].name))
			rc = wrong(r, "name", "stands twice");
		if (rc < 0) {
			kb_err_place(r->err, "features[%zu]", i);
			return rc;
		}
	}
	return KB_OK;
}

static int read_knot(struct reader *r, struct kb_json val,
		     const struct kb_knot *before, struct kb_knot *out)
{
	struct kb_json_iter it = kb_json_iter(val);
	double x[2];
	size_t n = 0;

	while (val.type == KB_JSON_ARRAY && kb_json_next(&it))
		if (n++ >= 2 || !kb_json_num(it.val, &x[n - 1]) ||
		    !(fabs(x[n - 1]) <= NUMBER_MAX))
			return wrong(r, "knots", "holds what is no pair");
	if (n != 2)
		return wrong(r, "knots", "holds what is no pair");
	*out = (struct kb_knot){x[0], x[1]};
	if (!(out->p >= 0 && out->p <= 1))
		return wrong(r, "knots", "holds no probability");
	if (before && !(out->z > before->z && out->p >= before->p))
		return wrong(r, "knots", "does not rise");
	return KB_OK;
}

static int read_knots(struct reader *r, struct kb_json val,
		      struct kb_calibration *out)
{
	struct kb_json_iter it = kb_json_iter(val);
	struct kb_knot *knots;
	size_t n, i = 0;
	int rc =
	    count(r, val, "knots", KB_JSON_ARRAY, KB_CALIBRATION_KNOTS, &n);

	if (rc < 0)
		return rc;
	if (!n)
		return wrong(r, "knots", "is missing or empty");
	knots = kb_arena_alloc(r->arena, n * sizeof(*knots));
	for (; kb_json_next(&it); i++) {
		rc = read_knot(r, it.val, i ? &knots[i - 1] : NULL, &knots[i]);
		if (rc < 0) {
			kb_err_place(r->err, "calibration.knots[%zu]", i);
			return rc;
		}
	}
	out->kind = KB_CALIBRATION_ISOTONIC;
	out->knots = knots;
	out->n_knots = n;
	return KB_OK;
}

static int read_calibration(struct reader *r, struct kb_json val,
			    struct kb_calibration *out)
{
	const char *kind = NULL;
	int rc;

	if (val.type == KB_JSON_NONE || val.type == KB_JSON_NULL)
		return KB_OK;
	if (val.type != KB_JSON_OBJECT)
		return wrong(r, "calibration", "is not an object");
	rc = read_text(r, kb_json_get(val, "kind"), "calibration.kind", &kind);
	if (rc < 0)
		return rc;
	if (kind && !strcmp(kind, "isotonic"))
		return read_knots(r, kb_json_get(val, "knots"), out);
	if (!kind || strcmp(kind, "platt"))
		return wrong(r, "calibration.kind",
			     "is neither platt nor isotonic");
	out->kind = KB_CALIBRATION_PLATT;
	out->slope = 1;
	rc = read_number(r, val, "slope", &out->slope);
	if (rc == KB_OK)
		rc = read_number(r, val, "offset", &out->offset);
	if (rc == KB_OK && out->slope < 0)
		rc = wrong(r, "slope", "is negative");
	return rc;
}

static int read_list(struct reader *r, struct kb_json val, const char *member,
		     const char *const **out)
{
	struct kb_json_iter it = kb_json_iter(val);
	const char **list;
	size_t n, i = 0;
	int rc = count(r, val, member, KB_JSON_ARRAY, KB_MODEL_FILE_LIST, &n);

	if (rc < 0 || val.type == KB_JSON_NONE)
		return rc;
	list = kb_arena_calloc(r->arena, n + 1, sizeof(*list));
	for (; rc == KB_OK && kb_json_next(&it); i++)
		rc = read_text(r, it.val, member, &list[i]);
	*out = list;
	return rc;
}

static int read_figures(struct reader *r, struct kb_json val,
			const struct kb_figure **out)
{
	struct kb_json_iter it = kb_json_iter(val);
	struct kb_figure *list;
	size_t n, i = 0;
	int rc =
	    count(r, val, "figures", KB_JSON_OBJECT, KB_MODEL_FILE_LIST, &n);

	if (rc < 0 || val.type == KB_JSON_NONE)
		return rc;
	list = kb_arena_calloc(r->arena, n + 1, sizeof(*list));
	for (; rc == KB_OK && kb_json_next(&it); i++) {
		/* a raw key between its quotes is a JSON string */
		struct kb_json key = {KB_JSON_STRING, it.key.ptr - 1,
				      it.key.len + 2};

		rc = read_text(r, key, "figures", &list[i].name);
		if (rc == KB_OK && !(kb_json_num(it.val, &list[i].value) &&
				     isfinite(list[i].value)))
			rc = wrong(r, "figures", "holds what is no number");
	}
	*out = list;
	return rc;
}

static int read_training(struct reader *r, struct kb_json val,
			 struct kb_training *out)
{
	int rc;

	if (val.type == KB_JSON_NONE || val.type == KB_JSON_NULL)
		return KB_OK;
	if (val.type != KB_JSON_OBJECT)
		return wrong(r, "training", "is not an object");
	rc = read_text(r, kb_json_get(val, "script"), "script", &out->script);
	if (rc == KB_OK)
		rc = read_text(r, kb_json_get(val, "date"), "date", &out->date);
	if (rc == KB_OK)
		rc = read_list(r, kb_json_get(val, "sets"), "sets", &out->sets);
	if (rc == KB_OK)
		rc = read_list(r, kb_json_get(val, "held_out"), "held_out",
			       &out->held_out);
	if (rc == KB_OK)
		rc =
		    read_figures(r, kb_json_get(val, "figures"), &out->figures);
	if (rc == KB_OK)
		rc = read_count(r, val, "records", &out->records);
	return rc;
}

static int read_version(struct reader *r, struct kb_json all)
{
	int64_t number;

	if (all.type != KB_JSON_OBJECT ||
	    !kb_json_int(kb_json_get(all, "kb_model"), &number))
		return kb_err_set(r->err, KB_EFORMAT,
				  "not a model: no number 'kb_model'");
	if (number != KB_MODEL_FILE_VERSION)
		return kb_err_set(r->err, KB_EFORMAT,
				  "a model of version %lld; this program "
				  "reads %d",
				  (long long)number, KB_MODEL_FILE_VERSION);
	return KB_OK;
}

static int read_head(struct reader *r, struct kb_json all,
		     struct kb_linear_model *out)
{
	const char *kind = NULL;
	int rc = read_text(r, kb_json_get(all, "name"), "name", &out->name);

	if (rc == KB_OK)
		rc = read_text(r, kb_json_get(all, "kind"), "kind", &kind);
	if (rc < 0)
		return rc;
	if (!kind || (strcmp(kind, "linear") && strcmp(kind, "logistic")))
		return wrong(r, "kind", "is neither linear nor logistic");
	out->kind = strcmp(kind, "linear") ? KB_LOGISTIC : KB_LINEAR;
	return read_number(r, all, "bias", &out->bias);
}

static int read_model(struct reader *r, struct kb_json all,
		      struct kb_linear_model *out)
{
	int rc;

	*out = (struct kb_linear_model){0};
	if (all.type != KB_JSON_OBJECT)
		return wrong(r, "models", "holds what is not an object");
	rc = read_head(r, all, out);
	if (rc == KB_OK)
		rc = read_features(r, kb_json_get(all, "features"), out);
	if (rc == KB_OK)
		rc = read_calibration(r, kb_json_get(all, "calibration"),
				      &out->calibration);
	if (rc == KB_OK && out->kind == KB_LINEAR &&
	    out->calibration.kind != KB_CALIBRATION_NONE)
		rc = wrong(r, "calibration", "is for a logistic model");
	if (rc == KB_OK)
		rc = read_certified(r, kb_json_get(all, "certificate"),
				    &out->certified);
	if (rc == KB_OK)
		rc = read_spread(r, kb_json_get(all, "spread"), &out->spread);
	if (rc == KB_OK)
		rc = read_training(r, kb_json_get(all, "training"),
				   &out->training);
	return rc;
}

static int read_models(struct reader *r, struct kb_json list,
		       struct kb_model_file *out)
{
	struct kb_json_iter it = kb_json_iter(list);
	struct kb_linear_model *models;
	size_t n;
	int rc =
	    count(r, list, "models", KB_JSON_ARRAY, KB_MODEL_FILE_MODELS, &n);

	if (rc == KB_OK && !n)
		rc = wrong(r, "models", "is empty");
	if (rc < 0)
		return rc;
	models = kb_arena_calloc(r->arena, n, sizeof(*models));
	*out = (struct kb_model_file){models, n};
	for (size_t i = 0; kb_json_next(&it); i++) {
		rc = read_model(r, it.val, &models[i]);
		if (rc < 0) {
			kb_err_place(r->err, "models[%zu]", i);
			return rc;
		}
	}
	return KB_OK;
}

int kb_model_file_parse_all(struct kb_str text, struct kb_arena *arena,
			    struct kb_model_file *out, struct kb_err *err)
{
	struct reader r = {arena, err};
	struct kb_linear_model *one;
	struct kb_json all, list;
	int rc;

	assert(arena && out);
	*out = (struct kb_model_file){NULL, 0};
	if (text.len > KB_MODEL_FILE_BYTES)
		return kb_err_set(err, KB_ELIMIT,
				  "a model of %zu bytes, more than %zu",
				  text.len, KB_MODEL_FILE_BYTES);
	if (kb_json_check(text.ptr, text.len, &all, err) < 0) {
		kb_err_place(err, "not a model");
		if (err)
			err->code = KB_EFORMAT;
		return KB_EFORMAT;
	}
	rc = read_version(&r, all);
	if (rc < 0)
		return rc;
	list = kb_json_get(all, "models");
	if (list.type != KB_JSON_NONE)
		return read_models(&r, list, out);
	one = kb_arena_calloc(arena, 1, sizeof(*one));
	*out = (struct kb_model_file){one, 1};
	return read_model(&r, all, one);
}

int kb_model_file_parse(struct kb_str text, struct kb_arena *arena,
			struct kb_linear_model *out, struct kb_err *err)
{
	struct kb_model_file file;
	int rc = kb_model_file_parse_all(text, arena, &file, err);

	assert(out);
	*out = rc ? (struct kb_linear_model){0} : file.models[0];
	return rc;
}

int kb_model_file_read(const char *path, struct kb_arena *arena,
		       struct kb_model_file *out, struct kb_err *err)
{
	struct kb_buf text;
	int rc;

	kb_buf_init(&text, 0);
	rc = kb_file_read(path, KB_MODEL_FILE_BYTES, &text, err);
	if (rc == KB_OK) {
		rc =
		    kb_model_file_parse_all(kb_buf_str(&text), arena, out, err);
		if (rc < 0)
			kb_err_place(err, "'%s'", path);
	}
	kb_buf_release(&text);
	return rc;
}

const struct kb_linear_model *kb_model_file_find(
    const struct kb_model_file *file, const char *path,
    enum kb_linear_kind kind, const char *const *names, size_t n,
    struct kb_err *err)
{
	static const char *const kinds[] = {"linear", "logistic"};
	const char *unknown = NULL;
	struct kb_linear bound;
	char quote[KB_QUOTE_MAX];

	for (size_t i = 0; i < file->n; i++) {
		const char *first;

		if (file->models[i].kind != kind)
			continue;
		first = kb_linear_bind(&bound, &file->models[i], names, n);
		if (!first)
			return &file->models[i];
		unknown = unknown ? unknown : first;
	}
	if (!unknown)
		kb_err_set(err, KB_EFORMAT, "'%s': a %s model; want a %s one",
			   path, kinds[kind == KB_LINEAR],
			   kinds[kind != KB_LINEAR]);
	else
		kb_err_set(
		    err, KB_EFORMAT,
		    "'%s': a model for something else: nothing here measures "
		    "'%s'",
		    path, kb_err_quote(quote, unknown, strlen(unknown)));
	return NULL;
}

int kb_model_file_load(const char *path, enum kb_linear_kind kind,
		       const char *const *names, size_t n,
		       struct kb_arena *arena, struct kb_linear_model *out,
		       struct kb_err *err)
{
	const struct kb_linear_model *found;
	struct kb_model_file file;
	int rc = kb_model_file_read(path, arena, &file, err);

	if (rc < 0)
		return rc;
	found = kb_model_file_find(&file, path, kind, names, n, err);
	if (!found)
		return KB_EFORMAT;
	*out = *found;
	return KB_OK;
}
