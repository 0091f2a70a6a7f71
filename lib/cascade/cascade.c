#include "cascade/cascade.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "cascade/router.h"
#include "learn/model_file.h"
#include "template/tmpl.h"

struct kb_cascade {
	struct kb_arena arena;
	struct kb_tmpl_env *env;
	struct kb_tmpl *when;
	struct kb_str text; /* of 'when' */
	size_t n_small;
	bool has_router;
	struct kb_linear_model model;
	struct kb_linear router;
};

/* ---- reading ---- */

static int take_text(struct kb_json object, const char *name, bool must,
		     struct kb_arena *arena, const char **out,
		     struct kb_err *err)
{
	struct kb_json val = kb_json_get(object, name);
	struct kb_str s;

	*out = NULL;
	if (kb_json_str(val, arena, &s) && s.len) {
		*out = kb_arena_strndup(arena, s.ptr, s.len);
		return 0;
	}
	if (val.type == KB_JSON_NONE && !must)
		return 0;
	return kb_err_set(err, KB_EINVAL, "cascade: '%s' must be a string",
			  name);
}

static int check_members(struct kb_json object, struct kb_err *err)
{
	static const char *const known[] = {"small", "large", "when", "router"};
	struct kb_json_iter it = kb_json_iter(object);
	char quoted[KB_QUOTE_MAX];

	if (object.type != KB_JSON_OBJECT)
		return kb_err_set(err, KB_EINVAL, "'cascade' is no object");
	while (kb_json_next(&it)) {
		size_t i = 0;

		while (i < 4 && !kb_json_iter_is(&it, known[i]))
			i++;
		if (i == 4)
			return kb_err_set(
			    err, KB_EINVAL, "cascade: unknown member '%s'",
			    kb_err_quote(quoted, it.key.ptr, it.key.len));
	}
	return 0;
}

/* ".7" is a number here, which the template language writes "0.7". */
static void put_expression(struct kb_buf *out, struct kb_str text)
{
	char quote = 0, before = ' ';

	for (size_t i = 0; i < text.len; before = text.ptr[i++]) {
		char c = text.ptr[i];
		bool is_point = c == '.' && i + 1 < text.len &&
				kb_is_digit(text.ptr[i + 1]);

		if (quote)
			quote = c == quote && before != '\\' ? 0 : quote;
		else if (c == '\'' || c == '"')
			quote = c;
		else if (is_point && !kb_is_alnum(before) &&
			 !strchr("_)].", before))
			kb_buf_add_char(out, '0');
		kb_buf_add_char(out, c);
	}
}

static int compile(struct kb_cascade *cascade, const char *when,
		   struct kb_err *err)
{
	static const struct kb_tmpl_options options = {.dialect =
							   KB_VAL_PYTHON};
	struct kb_buf source;
	int rc;

	cascade->text = kb_str_of(when);
	if (cascade->text.len > KB_CASCADE_WHEN_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "cascade: 'when' has more than %d bytes",
				  KB_CASCADE_WHEN_MAX);
	kb_buf_init(&source, 0);
	kb_buf_add_cstr(&source, "{{1 if (");
	put_expression(&source, cascade->text);
	kb_buf_add_cstr(&source, ") else 0}}");
	cascade->env = kb_tmpl_env_new(&options);
	rc = kb_tmpl_compile(cascade->env, KB_STR("cascade.when"),
			     kb_buf_str(&source), &cascade->when, err);
	kb_buf_release(&source);
	return rc;
}

static int read_all(struct kb_cascade *cascade, struct kb_providers *set,
		    struct kb_err *err)
{
	const char *small, *large, *when, *router;
	struct kb_json object = {0};
	int rc;

	kb_json_check(set->cascade.ptr, set->cascade.len, &object, NULL);
	rc = check_members(object, err);
	if (!rc)
		rc = take_text(object, "small", true, &cascade->arena, &small,
			       err);
	if (!rc)
		rc = take_text(object, "large", true, &cascade->arena, &large,
			       err);
	if (!rc)
		rc = take_text(object, "when", true, &cascade->arena, &when,
			       err);
	if (!rc)
		rc = take_text(object, "router", false, &cascade->arena,
			       &router, err);
	if (!rc)
		rc = kb_providers_legs(set, small, large, &cascade->n_small,
				       err);
	if (!rc)
		rc = compile(cascade, when, err);
	if (rc || !router)
		return rc;
	cascade->has_router = true;
	rc = kb_model_file_load(router, KB_LOGISTIC, kb_router_names,
				KB_ROUTER_FEATURES, &cascade->arena,
				&cascade->model, err);
	if (!rc)
		kb_linear_bind(&cascade->router, &cascade->model,
			       kb_router_names, KB_ROUTER_FEATURES);
	return rc;
}

int kb_cascade_open(struct kb_cascade **out, struct kb_providers *set,
		    struct kb_err *err)
{
	struct kb_cascade *cascade = kb_calloc(1, sizeof(*cascade));
	int rc;

	kb_arena_init(&cascade->arena);
	rc = read_all(cascade, set, err);
	*out = cascade;
	if (rc) {
		kb_cascade_free(cascade);
		*out = NULL;
	}
	return rc;
}

void kb_cascade_free(struct kb_cascade *cascade)
{
	if (!cascade)
		return;
	kb_tmpl_env_free(cascade->env);
	kb_arena_release(&cascade->arena);
	free(cascade);
}

size_t kb_cascade_small(const struct kb_cascade *cascade)
{
	return cascade->n_small;
}

bool kb_cascade_wants_confidence(const struct kb_cascade *cascade)
{
	return kb_str_has(cascade->text, KB_STR("confidence"));
}

/* ---- deciding ---- */

int kb_cascade_is_hard(const struct kb_cascade *cascade,
		       const struct kb_cascade_view *view, bool *hard,
		       struct kb_err *err)
{
	struct kb_tmpl_var vars[2];
	struct kb_tmpl_input input = {.rec = view->rec, .vars = vars};
	double confidence = view->is_asked ? view->confidence : 1;
	double x[KB_ROUTER_FEATURES], router = 0;
	struct kb_tmpl_output out;
	struct kb_buf scratch;
	int rc;

	if (cascade->has_router && view->is_asked) {
		kb_router_measure(view->question, view->answer, x);
		router = kb_linear_score(&cascade->router, x);
	}
	if (confidence >= 0)
		vars[input.n_vars++] = (struct kb_tmpl_var){
		    KB_STR("confidence"), kb_val_float(confidence)};
	if (cascade->has_router)
		vars[input.n_vars++] = (struct kb_tmpl_var){
		    KB_STR("router"), kb_val_float(router)};
	kb_buf_init(&scratch, 0);
	rc = kb_tmpl_render(cascade->when, &input, view->arena, &scratch, &out,
			    err);
	kb_buf_release(&scratch);
	*hard = !rc && kb_str_is(kb_str_trim(out.text), "1");
	return rc;
}
