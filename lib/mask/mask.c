#include "mask/mask.h"

#include <stdlib.h>

#include "text/literals.h"
#include "json/write.h"

static const char *const members[] = {
    "messages", "query", "standalone", "rewrites", "hyde", "content", "name"};

/* A value that is masked. */
struct masked {
	struct kb_str value;
	enum kb_personal_kind kind;
	const char *stand_in; /* when all values are known */
};

struct masking {
	struct kb_arena *arena;
	const struct kb_gazetteer *names;
	struct kb_personals found;
	struct masked *items;
	size_t n, cap;
	struct kb_gazetteer *values;	   /* to their stand-ins */
	size_t numbers[KB_PERSONAL_KINDS]; /* given so far */
	size_t n_replaced;		   /* texts */
};

/* ---- which values ---- */

/* "[PHONE_7]" in the text: 7 is given. */
static void pass_over(struct masking *m, struct kb_str text)
{
	for (size_t i = 0; i + 4 < text.len; i++) {
		if (text.ptr[i] != '[')
			continue;
		for (enum kb_personal_kind k = 0; k < KB_PERSONAL_KINDS; k++) {
			const char *name = kb_personal_name(k);
			size_t at = i + 1, number = 0;

			at += kb_starts(text.ptr + at, text.len - at, name);
			if (at == i + 1 || at >= text.len ||
			    text.ptr[at] != '_')
				continue;
			while (++at < text.len && kb_is_digit(text.ptr[at]) &&
			       number < 1000000000)
				number =
				    number * 10 + (size_t)(text.ptr[at] - '0');
			if (number > m->numbers[k])
				m->numbers[k] = number;
		}
	}
}

/* The bytes of a picture or sound: nothing to read. */
static bool is_media(struct kb_str text)
{
	return kb_starts(text.ptr, text.len, "data:") &&
	       memmem(text.ptr, text.len < 128 ? text.len : 128, ";base64,", 8);
}

static void note_given(struct masking *m, struct kb_str text)
{
	if (text.len && memchr(text.ptr, '[', text.len))
		pass_over(m, text);
}

static void note_values(struct masking *m, struct kb_str text)
{
	if (is_media(text))
		return;
	kb_personals_find(&m->found, text, m->names);
	for (size_t i = 0; i < m->found.n; i++) {
		const struct kb_personal *p = &m->found.items[i];

		kb_grow(&m->items, &m->cap, m->n + 1, sizeof(*m->items));
		m->items[m->n++] = (struct masked){
		    .value = {text.ptr + p->start, p->end - p->start},
		    .kind = p->kind};
	}
}

/* The arguments of a call: JSON inside of a string. */
static bool is_json(struct kb_str text, struct kb_json *inner)
{
	return text.len && (*text.ptr == '{' || *text.ptr == '[') &&
	       kb_json_check(text.ptr, text.len, inner, NULL) == 0;
}

/* Call fn with every string, key and number of a value, decoded. */
static void walk(struct masking *m, struct kb_json value,
		 void (*fn)(struct masking *m, struct kb_str text))
{
	struct kb_json_iter it = kb_json_iter(value);
	struct kb_json inner;
	struct kb_str text;

	if (kb_json_str(value, m->arena, &text) && is_json(text, &inner))
		walk(m, inner, fn);
	else if (value.type == KB_JSON_STRING)
		fn(m, text);
	else if (value.type == KB_JSON_NUMBER)
		fn(m, (struct kb_str){value.ptr, value.len});
	while (kb_json_next(&it)) {
		if (it.object)
			fn(m, it.key);
		walk(m, it.val, fn);
	}
}

static int by_value(const void *a, const void *b)
{
	return kb_str_cmp((*(const struct masked *const *)a)->value,
			  (*(const struct masked *const *)b)->value);
}

/* Number the values, each once, in the order in which they came. */
static void number_values(struct masking *m)
{
	struct masked **sorted =
	    kb_arena_alloc(m->arena, (m->n + 1) * sizeof(struct masked *));
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		sorted[i] = &m->items[i];
	/* equal ones stay in their order: the first is the first said */
	qsort(sorted, m->n, sizeof(*sorted), by_value);
	for (size_t i = 1; i < m->n; i++)
		if (kb_str_eq(sorted[i]->value, sorted[i - 1]->value)) {
			bool later = sorted[i] > sorted[i - 1];
			struct masked *out = later ? sorted[i] : sorted[i - 1];

			sorted[i] = later ? sorted[i - 1] : sorted[i];
			out->value.len = 0;
		}
	for (size_t i = 0; i < m->n; i++)
		if (m->items[i].value.len)
			m->items[n++] = m->items[i];
	m->n = n;
	m->values = kb_gazetteer_new();
	for (size_t i = 0; i < n; i++) {
		struct masked *it = &m->items[i];

		it->stand_in = kb_arena_printf(m->arena, "[%s_%zu]",
					       kb_personal_name(it->kind),
					       ++m->numbers[it->kind]);
		kb_gazetteer_add_literal(m->values, it->value, it->stand_in);
	}
	kb_gazetteer_build(m->values);
}

/* ---- replacing ---- */

/* The text with what 'words' knows replaced by its slots; false when it knows
 * nothing of it. */
static bool replace(const struct kb_gazetteer *words, struct kb_str text,
		    struct kb_buf *out)
{
	size_t done = 0;
	const char *slot;

	for (size_t i = 0; i < text.len;) {
		size_t n = kb_gazetteer_find(words, text, i, &slot);

		if (!n) {
			i++;
			continue;
		}
		kb_buf_add(out, text.ptr + done, i - done);
		kb_buf_add_cstr(out, slot);
		i += n;
		done = i;
	}
	kb_buf_add(out, text.ptr + done, text.len - done);
	return done > 0;
}

static struct kb_str replaced(const struct kb_gazetteer *words,
			      struct kb_str text, struct kb_arena *arena)
{
	struct kb_buf out;

	kb_buf_init(&out, 0);
	if (replace(words, text, &out))
		text = kb_arena_copy(arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return text;
}

static struct kb_str masked_json(struct masking *m, struct kb_json value);

static struct kb_str masked_plain(struct masking *m, struct kb_str text)
{
	struct kb_str new = replaced(m->values, text, m->arena);

	m->n_replaced += new.ptr != text.ptr;
	return new;
}

static struct kb_str masked_text(struct masking *m, struct kb_str text)
{
	size_t n = m->n_replaced;
	struct kb_json inner;
	struct kb_str json;

	if (is_media(text))
		return text;
	if (!is_json(text, &inner))
		return masked_plain(m, text);
	json = masked_json(m, inner);
	return m->n_replaced > n ? json : text;
}

static void write_masked(struct masking *m, struct kb_json value,
			 struct kb_jw *w)
{
	struct kb_json_iter it = kb_json_iter(value);
	struct kb_str raw = {value.ptr, value.len}, text = raw, new = raw;

	if (value.type == KB_JSON_ARRAY) {
		kb_jw_arr(w);
	} else if (value.type == KB_JSON_OBJECT) {
		kb_jw_obj(w);
	} else {
		if (kb_json_str(value, m->arena, &text))
			new = masked_text(m, text);
		else if (value.type == KB_JSON_NUMBER)
			new = masked_plain(m, text);
		if (new.ptr == text.ptr || new.ptr == raw.ptr)
			kb_jw_raw(w, raw);
		else
			kb_jw_str(w, new);
		return;
	}
	while (kb_json_next(&it)) {
		if (it.object)
			kb_jw_key_raw(w, masked_plain(m, it.key));
		write_masked(m, it.val, w);
	}
	kb_jw_end(w);
}

static struct kb_str masked_json(struct masking *m, struct kb_json value)
{
	struct kb_str json;
	struct kb_buf out;
	struct kb_jw w;

	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	write_masked(m, value, &w);
	json = kb_arena_copy(m->arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return json;
}

static void mask_member(struct masking *m, struct kb_rec *rec, const char *name)
{
	struct kb_json value = kb_rec_get(rec, name);

	if (value.type != KB_JSON_NONE)
		kb_rec_set(rec, name, masked_json(m, value));
}

static struct kb_str write_map(const struct masking *m)
{
	struct kb_str map;
	struct kb_buf out;
	struct kb_jw w;

	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_obj(&w);
	for (size_t i = 0; i < m->n; i++) {
		kb_jw_key(&w, m->items[i].stand_in);
		kb_jw_str(&w, m->items[i].value);
	}
	kb_jw_end(&w);
	map = kb_arena_copy(m->arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return map;
}

void kb_mask_apply(struct kb_rec *rec, const struct kb_gazetteer *names,
		   struct kb_arena *arena, struct kb_str *map)
{
	struct masking m = {.arena = arena, .names = names};

	*map = KB_STR("");
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		walk(&m, kb_rec_get(rec, members[i]), note_values);
	if (m.n) {
		for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
			walk(&m, kb_rec_get(rec, members[i]), note_given);
		number_values(&m);
		for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
			mask_member(&m, rec, members[i]);
		*map = write_map(&m);
	}
	kb_gazetteer_free(m.values);
	kb_personals_release(&m.found);
	free(m.items);
}

/* ---- the map ---- */

/* 'compression' with another 'masked'; "" for none. */
static void set_masked(struct kb_rec *rec, struct kb_str map,
		       struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(kb_rec_get(rec, "compression"));
	struct kb_buf out;
	struct kb_jw w;

	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_obj(&w);
	while (it.object && kb_json_next(&it)) {
		if (kb_json_iter_is(&it, "masked"))
			continue;
		kb_jw_key_raw(&w, it.key);
		kb_jw_raw(&w, (struct kb_str){it.val.ptr, it.val.len});
	}
	if (map.len) {
		kb_jw_key(&w, "masked");
		kb_jw_raw(&w, map);
	}
	kb_jw_end(&w);
	kb_rec_set(rec, "compression", kb_arena_copy(arena, kb_buf_str(&out)));
	kb_buf_release(&out);
}

void kb_mask_keep(struct kb_rec *rec, struct kb_str map, struct kb_arena *arena)
{
	set_masked(rec, map, arena);
}

/* Placeholders to values as they stand inside a string of JSON. */
static int read_map(struct kb_gazetteer *words, struct kb_json map,
		    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_json_iter it = kb_json_iter(map);

	while (kb_json_next(&it)) {
		const char *inner;

		if (!it.object || it.val.type != KB_JSON_STRING ||
		    it.key.len < 4 || *it.key.ptr != '[')
			return kb_err_set(err, KB_EINVAL,
					  "'masked' is no object of stand-ins");
		inner = kb_arena_strndup(arena, it.val.ptr + 1, it.val.len - 2);
		kb_gazetteer_add_literal(words, it.key, inner);
	}
	kb_gazetteer_build(words);
	return 0;
}

static void set_member(struct kb_rec *rec, const struct kb_member *member,
		       struct kb_str json, struct kb_arena *arena)
{
	const struct kb_json key = {KB_JSON_STRING, member->key.ptr - 1,
				    member->key.len + 2};
	struct kb_str name = member->key;

	if (member->escaped)
		kb_json_str(key, arena, &name);
	kb_rec_set(rec, kb_arena_strndup(arena, name.ptr, name.len), json);
}

int kb_mask_undo(struct kb_rec *rec, struct kb_json map, struct kb_arena *arena,
		 struct kb_err *err)
{
	struct kb_json own =
	    kb_json_get(kb_rec_get(rec, "compression"), "masked");
	struct kb_gazetteer *words;
	int rc;

	if (map.type == KB_JSON_NONE)
		map = own;
	if (map.type == KB_JSON_NONE)
		return 0;
	if (map.type != KB_JSON_OBJECT)
		return kb_err_set(err, KB_EINVAL, "'masked' is no object");
	words = kb_gazetteer_new();
	rc = read_map(words, map, arena, err);
	if (rc == 0 && own.type != KB_JSON_NONE)
		set_masked(rec, KB_STR(""), arena);
	for (size_t i = 0; rc == 0 && i < rec->n; i++) {
		const struct kb_member *member = &rec->members[i];
		struct kb_str text = {member->val.ptr, member->val.len};
		struct kb_str new =
		    member->dropped ? text : replaced(words, text, arena);

		if (new.ptr != text.ptr)
			set_member(rec, member, new, arena);
	}
	kb_gazetteer_free(words);
	return rc;
}
