#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "index/write/columns_out.h"

#include "doc/doc.h"
#include "index/columns_impl.h"
#include "json/rec.h"

struct keyword_out {
	char name[KB_COLUMN_NAME_MAX + 1];
	struct kb_map ids; /* hash of a value -> its number + 1 */
	struct kb_str *values;
	size_t n_values, cap_values;
	struct {
		uint32_t value, doc;
	} * entries;
	size_t n, cap;
};

struct number_out {
	char name[KB_COLUMN_NAME_MAX + 1];
	bool end; /* a plain date means its end */
	double *values;
	size_t n, cap;
	bool any;
};

struct kb_columns_out {
	struct keyword_out keywords[KB_COLUMNS_MAX];
	struct number_out numbers[KB_COLUMNS_MAX + 2];
	size_t n_keywords, n_numbers;
	size_t n_declared; /* numbers without the two dates */
	struct kb_arena strings;
	struct kb_arena scratch;
};

static void take_name(char dst[KB_COLUMN_NAME_MAX + 1], struct kb_str name)
{
	memset(dst, 0, KB_COLUMN_NAME_MAX + 1);
	memcpy(dst, name.ptr, name.len);
}

struct kb_columns_out *kb_columns_out_new(const struct kb_settings *settings)
{
	const struct kb_column_list *k = &settings->keywords;
	const struct kb_column_list *n = &settings->numerics;
	struct kb_columns_out *out = kb_calloc(1, sizeof(*out));

	kb_arena_init(&out->strings);
	kb_arena_init(&out->scratch);
	while (out->n_keywords < k->n) {
		take_name(out->keywords[out->n_keywords].name,
			  k->names[out->n_keywords]);
		out->n_keywords++;
	}
	while (out->n_numbers < n->n) {
		take_name(out->numbers[out->n_numbers].name,
			  n->names[out->n_numbers]);
		out->n_numbers++;
	}
	out->n_declared = out->n_numbers;
	take_name(out->numbers[out->n_numbers++].name, KB_STR("valid_from"));
	take_name(out->numbers[out->n_numbers].name, KB_STR("valid_until"));
	out->numbers[out->n_numbers++].end = true;
	return out;
}

void kb_columns_out_free(struct kb_columns_out *out)
{
	if (!out)
		return;
	for (size_t i = 0; i < out->n_keywords; i++) {
		kb_map_release(&out->keywords[i].ids);
		free(out->keywords[i].values);
		free(out->keywords[i].entries);
	}
	for (size_t i = 0; i < out->n_numbers; i++)
		free(out->numbers[i].values);
	kb_arena_release(&out->strings);
	kb_arena_release(&out->scratch);
	free(out);
}

static void add_value(struct kb_columns_out *out, struct keyword_out *k,
		      uint32_t doc, struct kb_str value)
{
	uint64_t hash = kb_xxh64(value.ptr, value.len, 0);
	uint64_t *id;
	bool added;

	/* A collision of hashes goes on to the next key. */
	for (;; hash++) {
		id = kb_map_put(&k->ids, hash, &added);
		if (added || kb_str_eq(k->values[*id], value))
			break;
	}
	if (added) {
		kb_grow(&k->values, &k->cap_values, k->n_values + 1,
			sizeof(*k->values));
		k->values[k->n_values] = kb_arena_copy(&out->strings, value);
		*id = k->n_values++;
	}
	if (k->n && k->entries[k->n - 1].doc == doc &&
	    k->entries[k->n - 1].value == *id)
		return;
	kb_grow(&k->entries, &k->cap, k->n + 1, sizeof(*k->entries));
	k->entries[k->n].value = (uint32_t)*id;
	k->entries[k->n++].doc = doc;
}

static void add_keyword(struct kb_columns_out *out, struct keyword_out *k,
			uint32_t doc, struct kb_json val)
{
	struct kb_str s;

	switch (val.type) {
	case KB_JSON_STRING:
		if (kb_json_str(val, &out->scratch, &s))
			add_value(out, k, doc, s);
		break;
	case KB_JSON_NUMBER:
	case KB_JSON_TRUE:
	case KB_JSON_FALSE:
		add_value(out, k, doc, (struct kb_str){val.ptr, val.len});
		break;
	case KB_JSON_ARRAY:
		for (struct kb_json_iter it = kb_json_iter(val);
		     kb_json_next(&it);)
			if (it.val.type != KB_JSON_ARRAY)
				add_keyword(out, k, doc, it.val);
		break;
	default:
		break;
	}
}

static bool number_of(struct kb_columns_out *out, struct kb_json val, bool end,
		      double *x)
{
	struct kb_json number;
	struct kb_str s;
	int64_t t;

	if (kb_json_num(val, x))
		return true;
	if (!kb_json_str(val, &out->scratch, &s))
		return false;
	if (kb_json_check(s.ptr, s.len, &number, NULL) == 0 &&
	    kb_json_num(number, x))
		return true;
	if (!kb_doc_time(s, end, &t))
		return false;
	*x = (double)t;
	return true;
}

static void add_number(struct kb_columns_out *out, struct number_out *k,
		       uint32_t doc, struct kb_json val)
{
	double x;

	if (!number_of(out, val, k->end, &x))
		return;
	kb_grow(&k->values, &k->cap, (size_t)doc + 1, sizeof(*k->values));
	while (k->n < doc)
		k->values[k->n++] = NAN;
	k->values[doc] = x;
	k->n = (size_t)doc + 1;
	k->any = true;
}

void kb_columns_out_add(struct kb_columns_out *out, uint32_t doc,
			struct kb_str meta)
{
	struct kb_rec rec;

	if (meta.len <= 2 || (!out->n_keywords && !out->n_declared &&
			      !memmem(meta.ptr, meta.len, "\"valid_", 7)))
		return;
	kb_arena_reset(&out->scratch);
	if (kb_rec_scan(&rec, &out->scratch, meta.ptr, meta.len, NULL) < 0)
		return;
	for (size_t i = 0; i < out->n_keywords; i++)
		add_keyword(out, &out->keywords[i], doc,
			    kb_rec_get(&rec, out->keywords[i].name));
	for (size_t i = 0; i < out->n_numbers; i++)
		add_number(out, &out->numbers[i], doc,
			   kb_rec_get(&rec, out->numbers[i].name));
}

struct ranked {
	struct kb_str text;
	uint32_t id;
};

static int by_text(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return kb_str_cmp(x->text, y->text);
}

static void pad8(struct kb_buf *buf)
{
	while (buf->len % 8)
		kb_buf_add_char(buf, '\0');
}

/* Counting sort of the entries by the values' rank; stable, so documents
 * stay ascending. */
static void put_lists(const struct keyword_out *k, const uint32_t *rank,
		      struct kb_keyword_head *h, struct kb_buf *data,
		      size_t base)
{
	uint32_t *starts = kb_calloc(k->n_values + 2, sizeof(*starts));
	uint32_t *docs = kb_reallocarray(NULL, k->n + 1, sizeof(*docs));

	for (size_t i = 0; i < k->n; i++)
		starts[rank[k->entries[i].value] + 2]++;
	for (size_t i = 2; i < k->n_values + 2; i++)
		starts[i] += starts[i - 1];
	for (size_t i = 0; i < k->n; i++)
		docs[starts[rank[k->entries[i].value] + 1]++] =
		    k->entries[i].doc;
	h->starts = base + data->len;
	kb_buf_add(data, starts, (k->n_values + 1) * sizeof(*starts));
	pad8(data);
	h->docs = base + data->len;
	kb_buf_add(data, docs, k->n * sizeof(*docs));
	pad8(data);
	free(starts);
	free(docs);
}

static void put_keyword(const struct keyword_out *k, struct kb_keyword_head *h,
			struct kb_buf *data, size_t base)
{
	struct ranked *order =
	    kb_reallocarray(NULL, k->n_values + 1, sizeof(*order));
	uint32_t *rank = kb_reallocarray(NULL, k->n_values + 1, sizeof(*rank));
	uint32_t at = 0;

	memcpy(h->name, k->name, sizeof(h->name));
	h->n_values = (uint32_t)k->n_values;
	h->n_entries = (uint32_t)k->n;
	for (uint32_t i = 0; i < k->n_values; i++)
		order[i] = (struct ranked){k->values[i], i};
	qsort(order, k->n_values, sizeof(*order), by_text);
	h->texts = base + data->len;
	for (uint32_t i = 0; i < k->n_values; i++) {
		rank[order[i].id] = i;
		kb_buf_add(data, &at, 4);
		at += (uint32_t)order[i].text.len;
	}
	kb_buf_add(data, &at, 4);
	pad8(data);
	h->text = base + data->len;
	h->text_len = at;
	for (uint32_t i = 0; i < k->n_values; i++)
		kb_buf_add_str(data, order[i].text);
	pad8(data);
	put_lists(k, rank, h, data, base);
	free(order);
	free(rank);
}

static void write_keywords(struct kb_columns_out *out, struct kb_container *to)
{
	struct kb_columns_header h = {(uint32_t)out->n_keywords, 0};
	struct kb_keyword_head heads[KB_COLUMNS_MAX] = {0};
	size_t size = out->n_keywords * sizeof(*heads);
	struct kb_buf data;

	if (!h.n)
		return;
	kb_buf_init(&data, 0);
	for (size_t i = 0; i < out->n_keywords; i++)
		put_keyword(&out->keywords[i], &heads[i], &data,
			    sizeof(h) + size);
	kb_container_begin(to, KB_SEC_KEYWORDS, false);
	kb_container_add(to, &h, sizeof(h));
	kb_container_add(to, heads, size);
	kb_container_add(to, data.ptr, data.len);
	kb_container_end(to);
	kb_buf_release(&data);
}

static void write_numbers(struct kb_columns_out *out, uint32_t n_docs,
			  struct kb_container *to)
{
	struct kb_number_head heads[KB_COLUMNS_MAX + 2] = {0};
	struct kb_columns_header h = {0, 0};
	const double none = NAN;
	size_t at;

	for (size_t i = 0; i < out->n_numbers; i++)
		if (i < out->n_declared || out->numbers[i].any)
			memcpy(heads[h.n++].name, out->numbers[i].name,
			       sizeof(heads[0].name));
	if (!h.n)
		return;
	at = sizeof(h) + h.n * sizeof(*heads);
	for (uint32_t i = 0; i < h.n; i++)
		heads[i].values = at + (uint64_t)i * n_docs * sizeof(double);
	kb_container_begin(to, KB_SEC_NUMBERS, false);
	kb_container_add(to, &h, sizeof(h));
	kb_container_add(to, heads, h.n * sizeof(*heads));
	for (size_t i = 0; i < out->n_numbers; i++) {
		const struct number_out *k = &out->numbers[i];

		if (i >= out->n_declared && !k->any)
			continue;
		kb_container_add(to, k->values, k->n * sizeof(*k->values));
		for (size_t d = k->n; d < n_docs; d++)
			kb_container_add(to, &none, sizeof(none));
	}
	kb_container_end(to);
}

void kb_columns_out_write(struct kb_columns_out *out, uint32_t n_docs,
			  struct kb_container *to)
{
	write_keywords(out, to);
	write_numbers(out, n_docs, to);
}
