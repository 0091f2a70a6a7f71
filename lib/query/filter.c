#include "query/filter.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "doc/doc.h"
#include "index/columns.h"
#include "index/segment_file.h"
#include "json/rec.h"

/* ---- parsing ---- */

struct reader {
	const char *text, *p, *end;
	const char *start; /* of the condition */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* What is wrong at a byte of the text, which is counted from 1. */
static int refuse(const struct reader *r, const char *at, const char *what,
		  struct kb_err *err)
{
	char quote[KB_QUOTE_MAX];

	return kb_err_set(
	    err, KB_EINVAL, "filter: %s at byte %zu, in '%s'", what,
	    (size_t)(at - r->text) + 1,
	    kb_err_quote(quote, r->start, (size_t)(r->end - r->start)));
}

static bool name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' ||
	       (unsigned char)c >= 0x80;
}

static int take_quoted(struct reader *r, struct kb_str *value,
		       struct kb_err *err)
{
	const char *open = r->p++;
	const char *close = memchr(r->p, '"', (size_t)(r->end - r->p));

	if (!close)
		return refuse(r, open, "a quotation mark that nothing closes",
			      err);
	*value = (struct kb_str){r->p, (size_t)(close - r->p)};
	r->p = close + 1;
	if (r->p < r->end && !is_blank(*r->p) && *r->p != ',')
		return refuse(r, r->p,
			      "neither a blank nor a comma behind a quotation",
			      err);
	return 0;
}

static int take_value(struct reader *r, struct kb_str *value,
		      struct kb_err *err)
{
	if (r->p < r->end && *r->p == '"')
		return take_quoted(r, value, err);
	value->ptr = r->p;
	while (r->p < r->end && !is_blank(*r->p) && *r->p != ',')
		r->p++;
	value->len = (size_t)(r->p - value->ptr);
	return value->len ? 0 : refuse(r, r->p, "no value", err);
}

static bool take_operator(struct reader *r, enum kb_compare *compare)
{
	static const struct {
		const char *text;
		enum kb_compare compare;
	} operators[] = {{">=", KB_GE}, {"<=", KB_LE}, {"!=", KB_NE},
			 {">", KB_GT},	{"<", KB_LT},  {"=", KB_EQ},
			 {":", KB_IS},	{"~", KB_LIKE}};

	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		size_t n = strlen(operators[i].text);

		if ((size_t)(r->end - r->p) < n ||
		    memcmp(r->p, operators[i].text, n) != 0)
			continue;
		r->p += n;
		*compare = operators[i].compare;
		return true;
	}
	return false;
}

static bool parse_number(struct kb_str text, double *out)
{
	struct kb_json val;
	int64_t date;

	if (kb_json_check(text.ptr, text.len, &val, NULL) == 0 &&
	    kb_json_num(val, out))
		return true;
	if (!kb_doc_time(text, false, &date))
		return false;
	*out = (double)date;
	return true;
}

/* "/PATTERN/" or "/PATTERN/i"; a slash in it is written \\/. */
static int take_pattern(struct kb_condition *c, struct reader *r,
			struct kb_err *err)
{
	const char *open = r->p, *q = open + 1;
	struct kb_str text = {q, 0};
	bool fold;
	int rc;

	if (open >= r->end || *open != '/')
		return refuse(r, open, "no /PATTERN/", err);
	for (; q < r->end && *q != '/'; q++)
		q += *q == '\\' && q + 1 < r->end;
	if (q >= r->end)
		return refuse(r, open, "a pattern that no / closes", err);
	text.len = (size_t)(q++ - text.ptr);
	if (!text.len)
		return refuse(r, open, "an empty pattern", err);
	fold = q < r->end && *q == 'i';
	q += fold;
	if (q < r->end && !is_blank(*q))
		return refuse(r, q, "neither a blank nor i behind a pattern",
			      err);
	r->p = q;
	rc = kb_pattern_new(&c->pattern, text, fold, err);
	return rc < 0 ? kb_err_place(err, "filter") : 0;
}

static int take_values(struct kb_condition *c, struct reader *r,
		       struct kb_err *err)
{
	const char *first = r->p;

	for (;; r->p++) {
		int rc;

		if (c->n_values == KB_FILTER_VALUES)
			return kb_err_set(err, KB_ELIMIT,
					  "filter: more than %d values",
					  KB_FILTER_VALUES);
		rc = take_value(r, &c->values[c->n_values++], err);
		if (rc < 0)
			return rc;
		if (r->p == r->end || *r->p != ',')
			break;
	}
	if (c->compare == KB_IS ||
	    (c->n_values == 1 && parse_number(c->values[0], &c->number)))
		return 0;
	return refuse(r, first, "neither a number nor a date", err);
}

static int parse_condition(struct kb_condition *c, struct reader *r,
			   struct kb_err *err)
{
	r->start = r->p;
	c->turned = *r->p == '-';
	r->p += c->turned;
	c->name.ptr = r->p;
	while (r->p < r->end && name_byte(*r->p))
		r->p++;
	c->name.len = (size_t)(r->p - c->name.ptr);
	if (!c->name.len || !take_operator(r, &c->compare))
		return refuse(r, r->p,
			      "no NAME:VALUE, NAME>=NUMBER or NAME~/PATTERN/",
			      err);
	c->n_values = 0;
	return c->compare == KB_LIKE ? take_pattern(c, r, err)
				     : take_values(c, r, err);
}

int kb_filter_parse(struct kb_filter_set *set, struct kb_str text,
		    struct kb_err *err)
{
	struct reader r = {.text = text.len ? text.ptr : ""};

	r.p = r.text;
	r.end = r.text + text.len;
	set->n = 0;
	for (;;) {
		int rc;

		while (r.p < r.end && is_blank(*r.p))
			r.p++;
		if (r.p == r.end)
			return 0;
		if (set->n == KB_FILTER_CONDITIONS)
			return kb_err_set(err, KB_ELIMIT,
					  "filter: more than %d conditions",
					  KB_FILTER_CONDITIONS);
		set->items[set->n].pattern = NULL;
		rc = parse_condition(&set->items[set->n++], &r, err);
		if (rc < 0)
			return rc;
	}
}

void kb_filter_release(struct kb_filter_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		kb_pattern_free(set->items[i].pattern);
	set->n = 0;
}

/* ---- looking at the columns ---- */

/* Every document has these, in its stored part. */
static bool is_stored(struct kb_str name)
{
	return kb_str_is(name, "title") || kb_str_is(name, "source");
}

static bool any_declares(struct kb_index *const *indexes, size_t n,
			 struct kb_str name, bool keyword)
{
	for (size_t i = 0; i < n; i++)
		if (kb_column_list_has(keyword ? &indexes[i]->settings.keywords
					       : &indexes[i]->settings.numerics,
				       name))
			return true;
	return !keyword && (kb_str_is(name, "valid_from") ||
			    kb_str_is(name, "valid_until"));
}

int kb_filter_check(const struct kb_filter_set *set,
		    struct kb_index *const *indexes, size_t n,
		    struct kb_err *err)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct kb_condition *c = &set->items[i];
		bool keyword = c->compare == KB_IS || c->compare == KB_LIKE;
		char quote[KB_QUOTE_MAX];

		if (any_declares(indexes, n, c->name, keyword) ||
		    (c->compare == KB_LIKE && is_stored(c->name)))
			continue;
		kb_err_quote(quote, c->name.ptr, c->name.len);
		if (any_declares(indexes, n, c->name, !keyword))
			return kb_err_set(
			    err, KB_EINVAL,
			    keyword ? "filter: '%s' is a numeric member: want "
				      "=, !=, <, <=, > or >= and a number"
				    : "filter: '%s' is a keyword member: want "
				      "':' and a value",
			    quote);
		return kb_err_set(err, KB_EINVAL,
				  "filter: no %s member '%s'; build with "
				  "kb-index --%s",
				  keyword ? "keyword" : "numeric", quote,
				  keyword ? "keyword" : "numeric");
	}
	return 0;
}

static bool holds(enum kb_compare compare, double a, double b)
{
	switch (compare) {
	case KB_EQ:
		return a == b;
	case KB_NE:
		return a != b && !isnan(a);
	case KB_LT:
		return a < b;
	case KB_LE:
		return a <= b;
	case KB_GT:
		return a > b;
	case KB_GE:
		return a >= b;
	case KB_IS:
	case KB_LIKE:
		break;
	}
	return false;
}

static void mark_keyword(const struct kb_condition *c,
			 const struct kb_segment *seg, uint64_t *bits)
{
	for (size_t i = 0; i < c->n_values; i++) {
		const uint32_t *docs;
		size_t n;

		if (kb_columns_keyword(seg, c->name, c->values[i], &docs, &n))
			kb_columns_mark(seg, docs, n, bits);
	}
}

struct likes {
	const struct kb_condition *c;
	const struct kb_segment *seg;
	uint64_t *bits;
	struct kb_pattern_budget *budget;
	struct kb_err *err;
	int rc;
};

static bool mark_value(void *arg, struct kb_str value, size_t n)
{
	struct likes *l = arg;
	const uint32_t *docs;

	l->rc = kb_pattern_match(l->c->pattern, value, l->budget, l->err);
	if (l->rc > 0 &&
	    kb_columns_keyword(l->seg, l->c->name, value, &docs, &n))
		kb_columns_mark(l->seg, docs, n, l->bits);
	return l->rc >= 0;
}

static int mark_stored(struct likes *l)
{
	bool title = kb_str_is(l->c->name, "title");
	struct kb_stored_reader reader;
	struct kb_stored_doc stored;
	int rc = 0;

	kb_stored_reader_init(&reader, l->seg);
	for (uint32_t doc = 0; rc >= 0 && doc < l->seg->n_docs; doc++) {
		rc = kb_stored_read(&reader, doc, &stored, l->err);
		if (rc < 0)
			break;
		rc = kb_pattern_match(l->c->pattern,
				      title ? stored.title : stored.source,
				      l->budget, l->err);
		if (rc > 0)
			kb_columns_mark(l->seg, &doc, 1, l->bits);
	}
	kb_stored_reader_release(&reader);
	return rc < 0 ? rc : 0;
}

static int mark_like(const struct kb_condition *c, const struct kb_segment *seg,
		     struct kb_pattern_budget *budget, uint64_t *bits,
		     struct kb_err *err)
{
	struct likes l = {c, seg, bits, budget, err, 0};
	int rc = 0;

	if (is_stored(c->name)) {
		rc = mark_stored(&l);
	} else {
		kb_columns_values(seg, c->name, mark_value, &l);
		rc = l.rc < 0 ? l.rc : 0;
	}
	return rc == KB_ELIMIT ? kb_err_place(err, "filter") : rc;
}

static void mark_number(const struct kb_condition *c,
			const struct kb_segment *seg, uint64_t *bits)
{
	const double *numbers = kb_columns_numbers(seg, c->name);

	for (uint32_t doc = 0; numbers && doc < seg->n_docs; doc++)
		if (holds(c->compare, numbers[doc], c->number))
			kb_columns_mark(seg, &doc, 1, bits);
}

/* Chunks of documents that are over or not yet valid. */
static bool mark_invalid(const struct kb_segment *seg, int64_t at,
			 uint64_t *bits)
{
	const double *from = kb_columns_numbers(seg, KB_STR("valid_from"));
	const double *until = kb_columns_numbers(seg, KB_STR("valid_until"));
	double t = (double)at;
	bool any = false;

	for (uint32_t doc = 0; (from || until) && doc < seg->n_docs; doc++) {
		bool early = from && from[doc] > t;
		bool late = until && until[doc] <= t;

		if (!early && !late)
			continue;
		kb_columns_mark(seg, &doc, 1, bits);
		any = true;
	}
	return any;
}

/* The least of the numbers after t; those of documents without are NaN. */
static double first_after(const double *numbers, size_t n, double t,
			  double least)
{
	for (size_t i = 0; numbers && i < n; i++)
		if (numbers[i] > t && numbers[i] < least)
			least = numbers[i];
	return least;
}

int64_t kb_filter_changes(const struct kb_segment *seg, int64_t at)
{
	double first = INFINITY, t = (double)at;

	first = first_after(kb_columns_numbers(seg, KB_STR("valid_from")),
			    seg->n_docs, t, first);
	first = first_after(kb_columns_numbers(seg, KB_STR("valid_until")),
			    seg->n_docs, t, first);
	return first < 0x1p63 ? (int64_t)ceil(first) : INT64_MAX;
}

static int mark(const struct kb_condition *c, const struct kb_segment *seg,
		struct kb_pattern_budget *budget, uint64_t *bits,
		struct kb_err *err)
{
	if (c->compare == KB_LIKE)
		return mark_like(c, seg, budget, bits, err);
	if (c->compare == KB_IS)
		mark_keyword(c, seg, bits);
	else
		mark_number(c, seg, bits);
	return 0;
}

int kb_filter_apply(const struct kb_filter_set *set,
		    const struct kb_segment *seg, int64_t at,
		    struct kb_pattern_budget *budget, uint64_t **out,
		    struct kb_err *err)
{
	size_t words = ((size_t)seg->n_chunks + 63) / 64;
	uint64_t *allowed = kb_malloc(words * sizeof(*allowed));
	uint64_t *marked = kb_calloc(words, sizeof(*marked));
	bool narrowed = mark_invalid(seg, at, marked);
	int rc = 0;

	assert(out);
	assert(!set || set->n <= KB_FILTER_CONDITIONS);
	for (size_t w = 0; w < words; w++)
		allowed[w] =
		    (seg->live ? seg->live[w] : UINT64_MAX) & ~marked[w];
	for (size_t i = 0; set && i < set->n && rc == 0; i++) {
		const struct kb_condition *c = &set->items[i];

		memset(marked, 0, words * sizeof(*marked));
		rc = mark(c, seg, budget, marked, err);
		for (size_t w = 0; w < words; w++)
			allowed[w] &= c->turned ? ~marked[w] : marked[w];
		narrowed = true;
	}
	free(marked);
	*out = narrowed && rc == 0 ? allowed : NULL;
	if (!*out)
		free(allowed);
	return rc;
}
