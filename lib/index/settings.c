#include "index/settings.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "json/write.h"

const char *const kb_leg_names[KB_LEGS] = {"lexical", "vector", "graph"};

const char *const kb_fit_names[KB_FIT_FEATURES] = {"cover", "title", "order",
						   "near", "run"};

void kb_null_init(struct kb_null *null)
{
	*null = (struct kb_null){0};
	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++)
		null->cosines[i] = NAN;
}

void kb_settings_init(struct kb_settings *s)
{
	*s = (struct kb_settings){.search = {.k1 = NAN, .b = NAN}};
	kb_null_init(&s->null);
	for (size_t i = 0; i < KB_LEGS; i++)
		s->search.weights[i] = NAN;
	for (size_t i = 0; i < KB_FIT_FEATURES; i++)
		s->search.fit[i] = NAN;
	kb_arena_init(&s->arena);
}

void kb_settings_release(struct kb_settings *s)
{
	kb_arena_release(&s->arena);
	kb_settings_init(s);
}

struct kb_str kb_settings_copy(struct kb_settings *s, struct kb_str text)
{
	return kb_arena_copy(&s->arena, text);
}

uint64_t kb_source_hash(const struct kb_settings *s, struct kb_str source)
{
	return source.len ? kb_xxh64(source.ptr, source.len, s->hash_seed) : 0;
}

bool kb_column_list_has(const struct kb_column_list *list, struct kb_str name)
{
	for (size_t i = 0; i < list->n; i++)
		if (kb_str_eq(list->names[i], name))
			return true;
	return false;
}

bool kb_column_list_equal(const struct kb_column_list *a,
			  const struct kb_column_list *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!kb_str_eq(a->names[i], b->names[i]))
			return false;
	return true;
}

/* ---- reading: each says whether the value makes sense ---- */

static bool read_title_weight(struct kb_settings *s, struct kb_json val)
{
	int64_t weight;

	if (!kb_json_int(val, &weight) || weight < 1 ||
	    weight > KB_TITLE_WEIGHT_MAX)
		return false;
	s->title_weight = (unsigned)weight;
	return true;
}

static bool read_columns(struct kb_settings *s, struct kb_json val,
			 struct kb_column_list *out)
{
	struct kb_json_iter it = kb_json_iter(val);
	struct kb_column_list list = {.n = 0};
	struct kb_str name;

	if (val.type != KB_JSON_ARRAY || kb_json_count(val) > KB_COLUMNS_MAX)
		return false;
	while (kb_json_next(&it)) {
		if (!kb_json_str(it.val, &s->arena, &name) || !name.len ||
		    name.len > KB_COLUMN_NAME_MAX)
			return false;
		list.names[list.n++] = kb_settings_copy(s, name);
	}
	*out = list;
	return true;
}

static bool read_keywords(struct kb_settings *s, struct kb_json val)
{
	return read_columns(s, val, &s->keywords);
}

static bool read_numerics(struct kb_settings *s, struct kb_json val)
{
	return read_columns(s, val, &s->numerics);
}

static bool read_no_graph(struct kb_settings *s, struct kb_json val)
{
	s->no_graph = val.type == KB_JSON_TRUE;
	return s->no_graph || val.type == KB_JSON_FALSE;
}

static bool read_no_words(struct kb_settings *s, struct kb_json val)
{
	s->no_words = val.type == KB_JSON_TRUE;
	return s->no_words || val.type == KB_JSON_FALSE;
}

static bool read_analysis(struct kb_settings *s, struct kb_json val)
{
	int64_t n;

	if (!kb_json_int(val, &n) || n < 1 || n > INT32_MAX)
		return false;
	s->analysis = (unsigned)n;
	return true;
}

/* A string, as numbers of 64 bits are not safe in JSON. */
static bool read_hash_seed(struct kb_settings *s, struct kb_json val)
{
	struct kb_str text;
	uint64_t seed = 0;

	if (!kb_json_str(val, &s->arena, &text) || text.len != 16)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int digit = kb_hex_value(text.ptr[i]);

		if (digit < 0)
			return false;
		seed = seed << 4 | (unsigned)digit;
	}
	s->hash_seed = seed;
	return seed != 0;
}

static bool read_learnt(struct kb_settings *s, struct kb_json val)
{
	int64_t n;

	if (!kb_json_int(val, &n) || n < 0)
		return false;
	s->learnt = (uint64_t)n;
	return true;
}

static bool read_slot(struct kb_settings *s, struct kb_json val,
		      struct kb_vector_settings *out)
{
	struct kb_str model, language = {"", 0};
	int64_t dim;

	if (!kb_json_str(kb_json_get(val, "model"), &s->arena, &model) ||
	    !kb_json_int(kb_json_get(val, "dim"), &dim) || dim < 0 ||
	    dim > INT32_MAX)
		return false;
	kb_json_str(kb_json_get(val, "language"), &s->arena, &language);
	*out = (struct kb_vector_settings){
	    .known = true,
	    .model = kb_settings_copy(s, model),
	    .dim = (size_t)dim,
	    .embed = kb_json_get(val, "embed").type == KB_JSON_TRUE,
	    .language = kb_settings_copy(s, language),
	};
	return true;
}

static bool read_vectors(struct kb_settings *s, struct kb_json val)
{
	return read_slot(s, val, &s->vectors[0]);
}

static bool read_vectors_2(struct kb_settings *s, struct kb_json val)
{
	return read_slot(s, val, &s->vectors[1]);
}

static bool read_prefix(struct kb_settings *s, struct kb_json object,
			const char *name, struct kb_str *out)
{
	struct kb_json val = kb_json_get(object, name);
	struct kb_str text;

	if (val.type == KB_JSON_NONE)
		return true;
	if (!kb_json_str(val, &s->arena, &text) ||
	    text.len > KB_EMBED_PREFIX_MAX)
		return false;
	*out = kb_settings_copy(s, text);
	return true;
}

static bool read_some_prefixes(struct kb_settings *s, struct kb_json val,
			       struct kb_embed_prefixes *out)
{
	struct kb_embed_prefixes read = {0};

	if (val.type != KB_JSON_OBJECT ||
	    !read_prefix(s, val, "query", &read.query) ||
	    !read_prefix(s, val, "passage", &read.passage) ||
	    !read_prefix(s, val, "query_type", &read.query_type) ||
	    !read_prefix(s, val, "passage_type", &read.passage_type))
		return false;
	*out = read;
	return true;
}

static bool read_prefixes(struct kb_settings *s, struct kb_json val)
{
	return read_some_prefixes(s, val, &s->prefixes[0]);
}

static bool read_prefixes_2(struct kb_settings *s, struct kb_json val)
{
	return read_some_prefixes(s, val, &s->prefixes[1]);
}

static void read_weight(struct kb_json object, const char *name, double most,
			double *out)
{
	double x;

	if (kb_json_num(kb_json_get(object, name), &x) && x >= 0 && x <= most)
		*out = x;
}

static bool read_search(struct kb_settings *s, struct kb_json val)
{
	struct kb_json weights = kb_json_get(val, "weights");
	struct kb_json fit = kb_json_get(val, "fit");

	if (val.type != KB_JSON_OBJECT)
		return false;
	s->search.known = true;
	read_weight(val, "k1", KB_RANKING_MAX, &s->search.k1);
	read_weight(val, "b", 1, &s->search.b);
	for (size_t i = 0; i < KB_LEGS; i++)
		read_weight(weights, kb_leg_names[i], KB_RANKING_MAX,
			    &s->search.weights[i]);
	for (size_t i = 0; i < KB_FIT_FEATURES; i++)
		read_weight(fit, kb_fit_names[i], KB_RANKING_MAX,
			    &s->search.fit[i]);
	return true;
}

/* What is missing or makes no sense is not known. */
static void read_cosines(struct kb_json val, float out[KB_VECTOR_SLOTS])
{
	struct kb_json_iter it = kb_json_iter(val);
	double x;

	for (size_t i = 0; i < KB_VECTOR_SLOTS && kb_json_next(&it); i++)
		if (kb_json_num(it.val, &x) && x >= 0 && x < 1)
			out[i] = (float)x;
}

static bool read_null(struct kb_settings *s, struct kb_json val)
{
	struct kb_json_iter it = kb_json_iter(kb_json_get(val, "high"));
	struct kb_null null;
	int64_t chunks;
	size_t n = 0;
	double x;

	kb_null_init(&null);
	if (!kb_json_int(kb_json_get(val, "chunks"), &chunks) || chunks < 1)
		return false;
	while (n < KB_NULL_LENGTHS && kb_json_next(&it)) {
		if (!kb_json_num(it.val, &x) || !(x >= 0 && x <= 1))
			return false;
		null.high[n++] = (float)x;
	}
	if (n < KB_NULL_LENGTHS)
		return false;
	read_cosines(kb_json_get(val, "cosines"), null.cosines);
	null.chunks = (uint64_t)chunks;
	s->null = null;
	return true;
}

static bool read_static(struct kb_json val, struct kb_static_settings *out)
{
	int64_t chunks;
	double agreement = 0;

	if (val.type == KB_JSON_NULL)
		return true;
	if (!kb_json_int(kb_json_get(val, "chunks"), &chunks) || chunks < 1 ||
	    !kb_json_num(kb_json_get(val, "agreement"), &agreement) ||
	    !(agreement >= -1 && agreement <= 1))
		return false;
	out->chunks = (uint64_t)chunks;
	out->kept = kb_json_get(val, "kept").type == KB_JSON_TRUE;
	out->agreement = (float)agreement;
	return true;
}

static bool read_statics(struct kb_settings *s, struct kb_json val)
{
	struct kb_json_iter it = kb_json_iter(val);
	struct kb_static_settings read[KB_VECTOR_SLOTS] = {{0}};

	for (size_t i = 0; i < KB_VECTOR_SLOTS && kb_json_next(&it); i++)
		if (!read_static(it.val, &read[i]))
			return false;
	memcpy(s->statics, read, sizeof(read));
	return val.type == KB_JSON_ARRAY;
}

static const struct member {
	const char *name;
	bool (*read)(struct kb_settings *s, struct kb_json val);
} members[] = {
    {"title_weight", read_title_weight},
    {"keywords", read_keywords},
    {"numerics", read_numerics},
    {"no_graph", read_no_graph},
    {"no_words", read_no_words},
    {"analysis", read_analysis},
    {"hash_seed", read_hash_seed},
    {"learnt", read_learnt},
    {"vectors", read_vectors},
    {"vectors_2", read_vectors_2},
    {"embed_prefixes", read_prefixes},
    {"embed_prefixes_2", read_prefixes_2},
    {"search", read_search},
    {"null", read_null},
    {"static", read_statics},
};

static const struct member *find_member(struct kb_str key)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		if (kb_json_key_is(key, members[i].name))
			return &members[i];
	return NULL;
}

const char *kb_settings_read(struct kb_settings *s, struct kb_json object)
{
	struct kb_json_iter it = kb_json_iter(object);
	const char *bad = NULL;
	struct kb_buf others;

	kb_buf_init(&others, 0);
	while (object.type == KB_JSON_OBJECT && kb_json_next(&it)) {
		const struct member *m = find_member(it.key);

		if (m) {
			if (!m->read(s, it.val) && !bad)
				bad = m->name;
			continue;
		}
		if (others.len)
			kb_buf_add_char(&others, ',');
		kb_buf_add_char(&others, '"');
		kb_buf_add_str(&others, it.key);
		kb_buf_add_cstr(&others, "\":");
		kb_buf_add(&others, it.val.ptr, it.val.len);
	}
	s->others = kb_settings_copy(s, kb_buf_str(&others));
	kb_buf_release(&others);
	return bad;
}

void kb_settings_parse(struct kb_settings *s, struct kb_str text)
{
	struct kb_json object;

	if (text.len && !kb_json_check(text.ptr, text.len, &object, NULL))
		kb_settings_read(s, object);
}

/* ---- writing ---- */

static void put_columns(struct kb_jw *w, const char *name,
			const struct kb_column_list *list)
{
	if (!list->n)
		return;
	kb_jw_key(w, name);
	kb_jw_arr(w);
	for (size_t i = 0; i < list->n; i++)
		kb_jw_str(w, list->names[i]);
	kb_jw_end(w);
}

static void put_flag(struct kb_jw *w, const char *name, bool yes)
{
	if (!yes)
		return;
	kb_jw_key(w, name);
	kb_jw_bool(w, true);
}

static void put_text(struct kb_jw *w, const char *name, struct kb_str text)
{
	if (!text.len)
		return;
	kb_jw_key(w, name);
	kb_jw_str(w, text);
}

static void put_vectors(struct kb_jw *w, const char *name,
			const struct kb_vector_settings *v)
{
	if (!v->known)
		return;
	kb_jw_key(w, name);
	kb_jw_obj(w);
	kb_jw_key(w, "model");
	kb_jw_str(w, v->model);
	kb_jw_key(w, "dim");
	kb_jw_int(w, (int64_t)v->dim);
	kb_jw_key(w, "embed");
	kb_jw_bool(w, v->embed);
	put_text(w, "language", v->language);
	kb_jw_end(w);
}

static void put_prefixes(struct kb_jw *w, const char *name,
			 const struct kb_embed_prefixes *p)
{
	if (!p->query.len && !p->passage.len && !p->query_type.len &&
	    !p->passage_type.len)
		return;
	kb_jw_key(w, name);
	kb_jw_obj(w);
	kb_jw_key(w, "query");
	kb_jw_str(w, p->query);
	kb_jw_key(w, "passage");
	kb_jw_str(w, p->passage);
	put_text(w, "query_type", p->query_type);
	put_text(w, "passage_type", p->passage_type);
	kb_jw_end(w);
}

static void put_number(struct kb_jw *w, const char *name, double x)
{
	if (isnan(x))
		return;
	kb_jw_key(w, name);
	kb_jw_num(w, x);
}

/* The numbers of a table that are known, as an object; none: no object. */
static void put_table(struct kb_jw *w, const char *name,
		      const char *const *names, const double *x, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= !isnan(x[i]);
	if (!any)
		return;
	kb_jw_key(w, name);
	kb_jw_obj(w);
	for (size_t i = 0; i < n; i++)
		put_number(w, names[i], x[i]);
	kb_jw_end(w);
}

static void put_search(struct kb_jw *w, const struct kb_ranking_settings *s)
{
	if (!s->known)
		return;
	kb_jw_key(w, "search");
	kb_jw_obj(w);
	put_number(w, "k1", s->k1);
	put_number(w, "b", s->b);
	put_table(w, "weights", kb_leg_names, s->weights, KB_LEGS);
	put_table(w, "fit", kb_fit_names, s->fit, KB_FIT_FEATURES);
	kb_jw_end(w);
}

/* null for a model that has none, nothing behind the last that has one. */
static void put_cosines(struct kb_jw *w, const float cosines[KB_VECTOR_SLOTS])
{
	size_t n = KB_VECTOR_SLOTS;

	while (n && isnan(cosines[n - 1]))
		n--;
	if (!n)
		return;
	kb_jw_key(w, "cosines");
	kb_jw_arr(w);
	for (size_t i = 0; i < n; i++)
		if (isnan(cosines[i]))
			kb_jw_null(w);
		else
			kb_jw_fixed(w, (double)cosines[i], 3);
	kb_jw_end(w);
}

static void put_null(struct kb_jw *w, const struct kb_null *null)
{
	if (!null->chunks)
		return;
	kb_jw_key(w, "null");
	kb_jw_obj(w);
	kb_jw_key(w, "chunks");
	kb_jw_int(w, (int64_t)null->chunks);
	kb_jw_key(w, "high");
	kb_jw_arr(w);
	for (size_t i = 0; i < KB_NULL_LENGTHS; i++)
		kb_jw_fixed(w, (double)null->high[i], 3);
	kb_jw_end(w);
	put_cosines(w, null->cosines);
	kb_jw_end(w);
}

/* null for a model of which nothing is known. */
static void put_statics(struct kb_jw *w,
			const struct kb_static_settings s[KB_VECTOR_SLOTS])
{
	size_t n = KB_VECTOR_SLOTS;

	while (n && !s[n - 1].chunks)
		n--;
	if (!n)
		return;
	kb_jw_key(w, "static");
	kb_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		if (!s[i].chunks) {
			kb_jw_null(w);
			continue;
		}
		kb_jw_obj(w);
		kb_jw_key(w, "chunks");
		kb_jw_int(w, (int64_t)s[i].chunks);
		kb_jw_key(w, "kept");
		kb_jw_bool(w, s[i].kept);
		kb_jw_key(w, "agreement");
		kb_jw_fixed(w, (double)s[i].agreement, 3);
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

void kb_settings_write(const struct kb_settings *s, struct kb_buf *out)
{
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	if (s->title_weight) {
		kb_jw_key(&w, "title_weight");
		kb_jw_int(&w, s->title_weight);
	}
	put_columns(&w, "keywords", &s->keywords);
	put_columns(&w, "numerics", &s->numerics);
	put_flag(&w, "no_graph", s->no_graph);
	put_flag(&w, "no_words", s->no_words);
	if (s->analysis) {
		kb_jw_key(&w, "analysis");
		kb_jw_int(&w, s->analysis);
	}
	if (s->hash_seed) {
		char text[17];

		snprintf(text, sizeof(text), "%016" PRIx64, s->hash_seed);
		kb_jw_key(&w, "hash_seed");
		kb_jw_cstr(&w, text);
	}
	if (s->learnt) {
		kb_jw_key(&w, "learnt");
		kb_jw_int(&w, (int64_t)s->learnt);
	}
	put_vectors(&w, "vectors", &s->vectors[0]);
	put_vectors(&w, "vectors_2", &s->vectors[1]);
	put_prefixes(&w, "embed_prefixes", &s->prefixes[0]);
	put_prefixes(&w, "embed_prefixes_2", &s->prefixes[1]);
	put_search(&w, &s->search);
	put_null(&w, &s->null);
	put_statics(&w, s->statics);
	kb_jw_end(&w);
	if (!s->others.len || out->over)
		return;
	out->len--; /* the brace */
	if (out->ptr[out->len - 1] != '{')
		kb_buf_add_char(out, ',');
	kb_buf_add_str(out, s->others);
	kb_buf_add_char(out, '}');
}
