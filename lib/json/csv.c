#include "json/csv.h"

#include <stdlib.h>

#include "json/write.h"

static char separator_of(enum kb_csv_kind kind)
{
	return kind == KB_TSV ? '\t' : ',';
}

static enum kb_csv_at behind(enum kb_csv_at at, char c, char separator)
{
	switch (at) {
	case KB_CSV_AT_QUOTED:
		return c == '"' ? KB_CSV_AT_MARK : KB_CSV_AT_QUOTED;
	case KB_CSV_AT_MARK:
		if (c == '"')
			return KB_CSV_AT_QUOTED;
		break;
	case KB_CSV_AT_FIELD:
		if (c == '"')
			return KB_CSV_AT_QUOTED;
		break;
	case KB_CSV_AT_PLAIN:
		break;
	}
	return c == separator ? KB_CSV_AT_FIELD : KB_CSV_AT_PLAIN;
}

size_t kb_csv_row_end(struct kb_csv_scan *scan, enum kb_csv_kind kind,
		      const char *ptr, size_t n)
{
	const char *nl;

	if (kind == KB_TSV) {
		nl = n ? memchr(ptr, '\n', n) : NULL;
		return nl ? (size_t)(nl - ptr) : n;
	}
	for (size_t i = 0; i < n; i++) {
		if (ptr[i] == '\n' && scan->at != KB_CSV_AT_QUOTED)
			return i;
		scan->at = behind(scan->at, ptr[i], ',');
	}
	return n;
}

void kb_csv_init(struct kb_csv *csv, enum kb_csv_kind kind)
{
	*csv = (struct kb_csv){.kind = kind};
	kb_buf_init(&csv->text, 0);
	kb_buf_init(&csv->field, 0);
}

void kb_csv_release(struct kb_csv *csv)
{
	kb_buf_release(&csv->text);
	kb_buf_release(&csv->field);
	free(csv->ends);
	csv->ends = NULL;
}

/* ---- fields ---- */

/* A field in marks, whose first byte is behind the opening one. */
static int quoted(struct kb_csv *csv, struct kb_str *rest, struct kb_err *err)
{
	for (;;) {
		const char *mark =
		    rest->len ? memchr(rest->ptr, '"', rest->len) : NULL;
		size_t n = mark ? (size_t)(mark - rest->ptr) : rest->len;

		kb_buf_add(&csv->field, rest->ptr, n);
		if (!mark)
			return kb_err_set(err, KB_EINVAL,
					  "a field that begins with a "
					  "quotation mark does not end with "
					  "one");
		*rest = kb_str_skip(*rest, n + 1);
		if (!rest->len || *rest->ptr != '"')
			return 0;
		kb_buf_add_char(&csv->field, '"');
		*rest = kb_str_skip(*rest, 1);
	}
}

/* The next field of a row, which must have one, into csv->field; *more: others
 * follow. */
static int take_field(struct kb_csv *csv, struct kb_str *rest, bool *more,
		      struct kb_err *err)
{
	char separator = separator_of(csv->kind);
	const char *end;
	size_t n;
	int rc;

	kb_buf_reset(&csv->field);
	if (csv->kind == KB_CSV && rest->len && *rest->ptr == '"') {
		*rest = kb_str_skip(*rest, 1);
		rc = quoted(csv, rest, err);
		if (rc)
			return rc;
		if (rest->len && *rest->ptr != separator)
			return kb_err_set(err, KB_EINVAL,
					  "text behind the quotation mark that "
					  "ends a field");
	} else {
		end =
		    rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
		n = end ? (size_t)(end - rest->ptr) : rest->len;
		if (n)
			kb_buf_add(&csv->field, rest->ptr, n);
		*rest = kb_str_skip(*rest, n);
	}
	*more = rest->len > 0;
	if (*more)
		*rest = kb_str_skip(*rest, 1);
	return 0;
}

/* ---- names ---- */

static struct kb_str name_of(const struct kb_csv *csv, size_t i)
{
	size_t start = i ? csv->ends[i - 1] : 0;

	return (struct kb_str){csv->text.ptr + start, csv->ends[i] - start};
}

static int by_name(const void *a, const void *b)
{
	return kb_str_cmp(*(const struct kb_str *)a, *(const struct kb_str *)b);
}

static int check_names(const struct kb_csv *csv, struct kb_err *err)
{
	struct kb_str *names = kb_calloc(csv->n + 1, sizeof(*names));
	char quoted_name[KB_QUOTE_MAX];
	int rc = 0;

	for (size_t i = 0; i < csv->n; i++)
		names[i] = name_of(csv, i);
	qsort(names, csv->n, sizeof(*names), by_name);
	for (size_t i = 1; i < csv->n && !rc; i++)
		if (kb_str_eq(names[i], names[i - 1]))
			rc = kb_err_set(
			    err, KB_EINVAL, "two columns have the name '%s'",
			    kb_err_quote(quoted_name, names[i].ptr + 1,
					 names[i].len - 2));
	free(names);
	return rc;
}

int kb_csv_head(struct kb_csv *csv, struct kb_str row, struct kb_err *err)
{
	bool more = true;
	int rc;

	csv->n = 0;
	kb_buf_reset(&csv->text);
	while (more) {
		rc = take_field(csv, &row, &more, err);
		if (rc)
			return rc;
		if (csv->n == KB_CSV_COLUMNS)
			return kb_err_set(err, KB_ELIMIT,
					  "more than %d columns",
					  KB_CSV_COLUMNS);
		kb_grow(&csv->ends, &csv->cap, csv->n + 1, sizeof(*csv->ends));
		if (csv->field.len)
			kb_json_quote(&csv->text, kb_buf_str(&csv->field));
		else
			kb_buf_printf(&csv->text, "\"%zu\"", csv->n + 1);
		csv->ends[csv->n++] = csv->text.len;
	}
	return check_names(csv, err);
}

int kb_csv_object(struct kb_csv *csv, struct kb_str row, struct kb_buf *out,
		  struct kb_err *err)
{
	bool more = true;
	size_t n = 0;
	int rc;

	kb_buf_add_char(out, '{');
	for (; more; n++) {
		rc = take_field(csv, &row, &more, err);
		if (rc)
			return rc;
		if (n >= csv->n)
			continue; /* how many are there? */
		if (n)
			kb_buf_add_char(out, ',');
		kb_buf_add_str(out, name_of(csv, n));
		kb_buf_add_char(out, ':');
		kb_json_quote(out, kb_buf_str(&csv->field));
	}
	kb_buf_add_char(out, '}');
	if (n != csv->n)
		return kb_err_set(err, KB_EINVAL,
				  "%zu fields, and %zu columns have a name", n,
				  csv->n);
	return 0;
}
