#include "eval/assertion.h"

#include "base/utf8.h"
#include "eval/answer.h"
#include "query/pattern.h"
#include "schema/schema.h"

struct asserting {
	struct kb_str answer;
	struct kb_arena *arena;
	struct kb_err *err;
	struct kb_pattern_budget budget; /* of all patterns of the record */
	struct kb_answer_tokens said;	 /* the answer, once it is needed */
	bool has_said;
	size_t n; /* assertions looked at, those within 'not' too */
};

static int text_in(struct asserting *a, const char *keyword, struct kb_json val,
		   struct kb_str *out)
{
	if (kb_json_str(val, a->arena, out) && out->len)
		return KB_OK;
	return kb_err_set(a->err, KB_EINVAL,
			  "gold.assert: '%s' must be a string", keyword);
}

static int contains(struct asserting *a, struct kb_json val)
{
	struct kb_answer_tokens wanted = {0};
	struct kb_str text;
	int rc = text_in(a, "contains", val, &text);

	if (rc < 0)
		return rc;
	if (!a->has_said)
		kb_answer_tokens(&a->said, a->answer);
	a->has_said = true;
	kb_answer_tokens(&wanted, text);
	rc = wanted.n ? kb_answer_contains(&a->said, &wanted)
		      : kb_err_set(a->err, KB_EINVAL,
				   "gold.assert: 'contains' needs a word or a "
				   "number, an article is none");
	kb_answer_tokens_release(&wanted);
	return rc;
}

static int matches(struct asserting *a, struct kb_json val)
{
	struct kb_pattern *pattern;
	struct kb_str text;
	int rc = text_in(a, "regex", val, &text);

	if (rc == KB_OK)
		rc = kb_pattern_new(&pattern, text, false, a->err);
	if (rc < 0)
		return rc;
	rc = kb_pattern_match(pattern, a->answer, &a->budget, a->err);
	kb_pattern_free(pattern);
	return rc;
}

static int is_short(struct asserting *a, struct kb_json val)
{
	size_t n = 0;
	int64_t most;
	uint32_t cp;

	if (!kb_json_int(val, &most) || most < 0)
		return kb_err_set(a->err, KB_EINVAL,
				  "gold.assert: 'max_length' must be a whole "
				  "number, 0 or more");
	for (size_t i = 0; i < a->answer.len; n++)
		i += kb_utf8_next(a->answer.ptr + i, a->answer.len - i, &cp);
	return n <= (uint64_t)most;
}

static int is_of_schema(struct asserting *a, struct kb_json schema)
{
	struct kb_json val;

	if (kb_json_check(a->answer.ptr, a->answer.len, &val, NULL) < 0)
		val = (struct kb_json){0};
	return kb_schema_holds(schema, val, &a->budget, a->arena, a->err);
}

static int all_hold(struct asserting *a, struct kb_json object, bool within_not,
		    size_t *n, size_t *held);

static int is_not(struct asserting *a, struct kb_json val, bool within_not)
{
	size_t n = 0, held = 0;
	int rc;

	if (within_not)
		return kb_err_set(a->err, KB_EINVAL,
				  "gold.assert: 'not' within 'not'");
	rc = all_hold(a, val, true, &n, &held);
	return rc < 0 ? rc : held < n;
}

/* 1 or 0, or an error. */
static int one_holds(struct asserting *a, const struct kb_json_iter *it,
		     bool within_not)
{
	if (kb_json_iter_is(it, "contains"))
		return contains(a, it->val);
	if (kb_json_iter_is(it, "regex"))
		return matches(a, it->val);
	if (kb_json_iter_is(it, "max_length"))
		return is_short(a, it->val);
	if (kb_json_iter_is(it, "schema"))
		return is_of_schema(a, it->val);
	if (kb_json_iter_is(it, "not"))
		return is_not(a, it->val, within_not);
	return kb_err_set(a->err, KB_EINVAL,
			  "gold.assert: '%.*s' is not one of contains, regex, "
			  "max_length, schema, not",
			  (int)(it->key.len < 40 ? it->key.len : 40),
			  it->key.ptr);
}

static int all_hold(struct asserting *a, struct kb_json object, bool within_not,
		    size_t *n, size_t *held)
{
	struct kb_json_iter it = kb_json_iter(object);
	size_t before = *n;
	int rc;

	while (object.type == KB_JSON_OBJECT && kb_json_next(&it)) {
		if (a->n++ == KB_EVAL_GOLDS)
			return kb_err_set(a->err, KB_ELIMIT,
					  "gold.assert: more than %d",
					  KB_EVAL_GOLDS);
		rc = one_holds(a, &it, within_not);
		if (rc < 0)
			return rc;
		++*n;
		*held += (size_t)rc;
	}
	if (*n == before)
		return kb_err_set(a->err, KB_EINVAL,
				  "gold.assert: an assertion is an object "
				  "that says something");
	return KB_OK;
}

int kb_assertions_judge(struct kb_json assertions, struct kb_str answer,
			struct kb_arena *arena, size_t *n, size_t *held,
			struct kb_err *err)
{
	struct asserting a = {.answer = answer,
			      .arena = arena,
			      .err = err,
			      .budget = KB_PATTERN_BUDGET};
	struct kb_json_iter it = kb_json_iter(assertions);
	int rc = KB_OK;

	*n = *held = 0;
	if (assertions.type <= KB_JSON_NULL)
		return KB_OK;
	if (assertions.type != KB_JSON_ARRAY)
		rc = all_hold(&a, assertions, false, n, held);
	while (assertions.type == KB_JSON_ARRAY && rc == KB_OK &&
	       kb_json_next(&it))
		rc = all_hold(&a, it.val, false, n, held);
	kb_answer_tokens_release(&a.said);
	return rc;
}
