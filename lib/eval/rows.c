#include "eval/rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/visible.h"
#include "learn/qrels.h"
#include "json/write.h"

double kb_eval_share(double part, double of)
{
	return of > 0 ? part / of : NAN;
}

static void write_text(const struct kb_eval_opts *opts,
		       const struct kb_eval_row *rows, size_t n,
		       struct kb_buf *out)
{
	if (opts->set) {
		kb_visible_add(out, kb_str_of(opts->set), KB_UTF8_MARK);
		kb_buf_add_char(out, '\n');
	}
	for (size_t i = 0; i < n; i++) {
		if (rows[i].kind == KB_EVAL_COUNT)
			kb_buf_printf(out, "%8.0f  ", rows[i].value);
		else if (isnan(rows[i].value))
			kb_buf_add_cstr(out, "       -  ");
		else
			kb_buf_printf(out, "%8.4f  ", rows[i].value);
		kb_buf_printf(out, "%-22s %s\n", rows[i].name, rows[i].meaning);
	}
}

void kb_eval_rows(const struct kb_eval_opts *opts,
		  const struct kb_eval_row *rows, size_t n, struct kb_buf *out)
{
	struct kb_jw w;

	for (size_t i = 0; i < n; i++)
		kb_eval_limits_look(opts->limits, rows[i].name, rows[i].value);
	if (!opts->json) {
		write_text(opts, rows, n, out);
		return;
	}
	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	if (opts->set) {
		kb_jw_key(&w, "set");
		kb_jw_cstr(&w, opts->set);
	}
	for (size_t i = 0; i < n; i++) {
		kb_jw_key(&w, rows[i].name);
		kb_jw_fixed(&w, rows[i].value, 4);
	}
	kb_jw_end(&w);
	kb_buf_add_char(out, '\n');
}

/* ---- limits ---- */

int kb_eval_limits_add(struct kb_eval_limits *limits, const char *text,
		       bool over, struct kb_err *err)
{
	const char *equals = strchr(text, '=');
	struct kb_eval_limit *limit;
	double bound;

	if (!equals || equals == text ||
	    !kb_qrels_number(kb_str_of(equals + 1), &bound))
		return kb_err_set(err, KB_EINVAL,
				  "--fail-%s takes MEASURE=NUMBER, not '%s'",
				  over ? "over" : "under", text);
	kb_grow(&limits->items, &limits->cap, limits->n + 1,
		sizeof(*limits->items));
	limit = &limits->items[limits->n++];
	*limit = (struct kb_eval_limit){
	    .name = {text, (size_t)(equals - text)},
	    .bound = bound,
	    .over = over,
	};
	return KB_OK;
}

void kb_eval_limits_look(struct kb_eval_limits *limits, const char *name,
			 double value)
{
	for (size_t i = 0; limits && i < limits->n; i++) {
		struct kb_eval_limit *l = &limits->items[i];

		if (!kb_str_is(l->name, name))
			continue;
		l->met = true;
		/* nothing measured keeps no limit */
		if (isnan(value) ||
		    (l->over ? value > l->bound : value < l->bound)) {
			l->broken = true;
			l->value = value;
		}
	}
}

int kb_eval_limits_judge(const struct kb_eval_limits *limits,
			 void (*say)(const char *line), struct kb_err *err)
{
	int broken = 0;
	char line[200], value[32];

	for (size_t i = 0; i < limits->n; i++) {
		const struct kb_eval_limit *l = &limits->items[i];
		int len = l->name.len < 100 ? (int)l->name.len : 100;

		if (!l->met)
			return kb_err_set(err, KB_EINVAL,
					  "this report has no measure '%.*s'",
					  len, l->name.ptr);
		if (!l->broken)
			continue;
		snprintf(value, sizeof(value), "%.4f", l->value);
		snprintf(line, sizeof(line), "%.*s is %s, %s %g", len,
			 l->name.ptr, isnan(l->value) ? "not known" : value,
			 l->over ? "over" : "under", l->bound);
		say(line);
		broken = 1;
	}
	return broken;
}

void kb_eval_limits_release(struct kb_eval_limits *limits)
{
	free(limits->items);
	*limits = (struct kb_eval_limits){0};
}
