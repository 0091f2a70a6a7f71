#include "net/number_rows.h"

#include <math.h>

#include "base/base64.h"

#define DIM_MAX 65536

/* Little-endian float32 in base64; the count, or 0 when it is broken. */
static size_t floats_of_base64(struct kb_str text, struct kb_arena *arena,
			       float **out)
{
	struct kb_str raw;

	if (!kb_base64_decode(text, arena, &raw) || raw.len % 4)
		return 0;
	*out = kb_arena_alloc(arena, raw.len + 1);
	memcpy(*out, raw.ptr, raw.len);
	return raw.len / 4;
}

static size_t floats_of(const json_t *val, struct kb_arena *arena, float **out)
{
	const json_t *element;
	struct kb_str text;
	size_t i;

	if (kb_body_str(val, &text))
		return floats_of_base64(text, arena, out);
	*out = kb_arena_alloc(arena, json_array_size(val) * sizeof(float) + 1);
	json_array_foreach(val, i, element)
	{
		double x = 0;

		if (!kb_body_num(element, &x))
			return 0;
		(*out)[i] = (float)x;
	}
	return json_array_size(val);
}

static bool all_finite(const float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(x[i]))
			return false;
	return true;
}

/* The numbers of a row: an array or base64 of them, or a number alone. */
static size_t numbers_of(const struct kb_rows_form *form, const json_t *row,
			 struct kb_arena *arena, float **x)
{
	for (size_t i = 0; i < 2 && form->numbers[i]; i++) {
		const json_t *val = json_object_get(row, form->numbers[i]);
		double number;

		if (kb_body_num(val, &number)) {
			*x = kb_arena_alloc(arena, sizeof(**x));
			**x = (float)number;
			return 1;
		}
		if (json_is_array(val) || json_is_string(val))
			return floats_of(val, arena, x);
	}
	return 0;
}

/* One row, the one at that place. */
static bool take_row(const struct kb_form_ask *ask,
		     const struct kb_rows_form *form, const json_t *row,
		     size_t place, struct kb_arena *arena,
		     struct kb_form_reply *reply, bool *seen)
{
	int64_t at = (int64_t)place;
	float *x = NULL;
	size_t n;

	if (form->indexed && !kb_body_int(json_object_get(row, "index"), &at))
		return false;
	if (at < 0 || (size_t)at >= ask->n_texts || seen[at])
		return false;
	n = numbers_of(form, row, arena, &x);
	if (!n || n > DIM_MAX || !all_finite(x, n) ||
	    (ask->kind == KB_FORM_RERANK && n != 1) ||
	    (reply->dim && reply->dim != n))
		return false;
	if (!reply->values) {
		reply->dim = n;
		reply->values =
		    kb_arena_calloc(arena, ask->n_texts * n, sizeof(float));
	}
	memcpy(reply->values + (size_t)at * n, x, n * sizeof(float));
	seen[at] = true;
	return true;
}

int kb_rows_read(const struct kb_form_ask *ask, const struct kb_body *body,
		 const struct kb_rows_form *form, struct kb_arena *arena,
		 struct kb_form_reply *reply, struct kb_err *err)
{
	const json_t *rows = json_object_get(body->root, form->list), *row;
	bool *seen = kb_arena_calloc(arena, ask->n_texts + 1, sizeof(*seen));
	size_t n;

	if (!json_is_array(rows))
		return kb_err_set(err, KB_EFORMAT,
				  "the answer has no array '%s'", form->list);
	json_array_foreach(rows, n, row)
	{
		if (!take_row(ask, form, row, n, arena, reply, seen))
			return kb_err_set(err, KB_EFORMAT,
					  "element %zu of '%s' is unusable", n,
					  form->list);
	}
	if (n != ask->n_texts)
		return kb_err_set(err, KB_EFORMAT,
				  "%zu texts were sent, '%s' has %zu elements",
				  ask->n_texts, form->list, n);
	reply->finish = KB_STR("stop");
	return 0;
}
