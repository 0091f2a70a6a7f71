#include "template/tmpl_value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

struct kb_val kb_val_list(struct kb_arena *arena, bool tuple)
{
	struct kb_seq *seq = kb_arena_calloc(arena, 1, sizeof(*seq));

	seq->tuple = tuple;
	return (struct kb_val){.type = KB_VAL_LIST, .u.list = seq};
}

struct kb_val kb_val_dict(struct kb_arena *arena)
{
	struct kb_tmpl_dict *dict = kb_arena_calloc(arena, 1, sizeof(*dict));

	return (struct kb_val){.type = KB_VAL_DICT, .u.dict = dict};
}

static struct kb_val number(struct kb_json json)
{
	int64_t i;
	double f = 0;

	if (kb_json_int(json, &i))
		return kb_val_int(i);
	if (memchr(json.ptr, '.', json.len) ||
	    memchr(json.ptr, 'e', json.len) ||
	    memchr(json.ptr, 'E', json.len)) {
		kb_json_num(json, &f);
		return kb_val_float(f);
	}
	return (struct kb_val){.type = KB_VAL_BIG, .u.s = {json.ptr, json.len}};
}

struct kb_val kb_val_json(struct kb_json json, struct kb_arena *arena)
{
	struct kb_val v = {.type = KB_VAL_UNDEF};

	switch (json.type) {
	case KB_JSON_NONE:
		break;
	case KB_JSON_NULL:
		return kb_val_none();
	case KB_JSON_FALSE:
	case KB_JSON_TRUE:
		return kb_val_bool(json.type == KB_JSON_TRUE);
	case KB_JSON_NUMBER:
		return number(json);
	case KB_JSON_STRING:
		v.type = KB_VAL_STR;
		kb_json_str(json, arena, &v.u.s);
		break;
	case KB_JSON_ARRAY:
		v = kb_val_list(arena, false);
		v.u.list->src = json;
		v.u.list->pending = true;
		break;
	case KB_JSON_OBJECT:
		v = kb_val_dict(arena);
		v.u.dict->src = json;
		v.u.dict->pending = true;
		break;
	}
	return v;
}

void kb_seq_add(struct kb_seq *seq, struct kb_arena *arena, struct kb_val v)
{
	kb_arena_grow(arena, &seq->items, &seq->cap, seq->n, seq->n + 1,
		      sizeof(*seq->items));
	seq->items[seq->n++] = v;
}

#define INDEXED 32 /* members from which on a table is kept */

/* Where the key stands in the table, or is to be put. */
static uint32_t *slot_of(const struct kb_tmpl_dict *dict, struct kb_str key)
{
	size_t i = kb_xxh64(key.ptr, key.len, 0);

	for (;; i++) {
		uint32_t *slot = &dict->slots[i & (dict->n_slots - 1)];

		if (!*slot || kb_str_eq(dict->items[*slot - 1].key, key))
			return slot;
	}
}

static struct kb_val *find(const struct kb_tmpl_dict *dict, struct kb_str key)
{
	uint32_t at = 0;

	if (dict->n_slots)
		at = *slot_of(dict, key);
	for (size_t i = 0; !dict->n_slots && !at && i < dict->n; i++)
		if (kb_str_eq(dict->items[i].key, key))
			at = (uint32_t)i + 1;
	return at ? &dict->items[at - 1].val : NULL;
}

/* A table of at least twice the members: the old one stays in the arena. */
static void make_slots(struct kb_tmpl_dict *dict, struct kb_arena *arena)
{
	size_t n = dict->n_slots ? 2 * dict->n_slots : (size_t)4 * INDEXED;

	dict->n_slots = n;
	dict->slots = kb_arena_calloc(arena, n, sizeof(*dict->slots));
	for (size_t i = 0; i < dict->n; i++)
		*slot_of(dict, dict->items[i].key) = (uint32_t)i + 1;
}

/* The key is new. */
static void append(struct kb_tmpl_dict *dict, struct kb_arena *arena,
		   struct kb_str key, struct kb_val v)
{
	kb_arena_grow(arena, &dict->items, &dict->cap, dict->n, dict->n + 1,
		      sizeof(*dict->items));
	dict->items[dict->n++] = (struct kb_tmpl_pair){key, v};
	if (dict->n >= INDEXED && 2 * dict->n > dict->n_slots)
		make_slots(dict, arena);
	else if (dict->n_slots)
		*slot_of(dict, key) = (uint32_t)dict->n;
}

void kb_dict_put(struct kb_tmpl_dict *dict, struct kb_arena *arena,
		 struct kb_str key, struct kb_val v)
{
	struct kb_val *old;

	kb_dict_open(dict, arena);
	old = find(dict, key);
	if (old)
		*old = v;
	else
		append(dict, arena, key, v);
}

/* An object's raw key between its quotes, decoded. */
static struct kb_str decode_key(const struct kb_json_iter *it,
				struct kb_arena *arena)
{
	struct kb_str raw = it->key, key = raw;
	struct kb_json quoted = {KB_JSON_STRING, raw.ptr - 1, raw.len + 2};
	unsigned char high = 0;

	for (size_t i = 0; i < raw.len; i++)
		high |= (unsigned char)raw.ptr[i];
	if (it->escaped || high >= 0x80)
		kb_json_str(quoted, arena, &key);
	return key;
}

static struct kb_val read_member(struct kb_json json, struct kb_arena *arena)
{
	if (json.type != KB_JSON_STRING && json.type != KB_JSON_NUMBER)
		return kb_val_json(json, arena);
	return (struct kb_val){.type = KB_VAL_RAW, .u.s = {json.ptr, json.len}};
}

static void decode(struct kb_val *v, struct kb_arena *arena)
{
	struct kb_json json = {KB_JSON_NUMBER, v->u.s.ptr, v->u.s.len};

	if (v->type != KB_VAL_RAW)
		return;
	if (*json.ptr == '"')
		json.type = KB_JSON_STRING;
	*v = kb_val_json(json, arena);
}

/* A bit for a key; keys that are equal have the same. */
static uint64_t key_bit(struct kb_str key)
{
	unsigned first = key.len ? (unsigned char)key.ptr[0] : 0;
	unsigned last = key.len ? (unsigned char)key.ptr[key.len - 1] : 0;

	return (uint64_t)1 << ((first * 7 + last * 3 + key.len) & 63);
}

/* The members that the walk goes over, their values as they stand. */
static void read_keys(struct kb_tmpl_dict *dict, struct kb_json_iter *it,
		      struct kb_arena *arena)
{
	uint64_t met = 0;

	dict->pending = false;
	dict->has_raw = true;
	while (kb_json_next(it)) {
		struct kb_str key = decode_key(it, arena);
		struct kb_val v = read_member(it->val, arena);
		uint64_t bit = key_bit(key);
		struct kb_val *old = met & bit ? find(dict, key) : NULL;

		met |= bit;
		if (old)
			*old = v;
		else
			append(dict, arena, key, v);
	}
}

static void open_keys(struct kb_tmpl_dict *dict, struct kb_arena *arena)
{
	struct kb_json_iter it;

	if (!dict->pending)
		return;
	it = kb_json_iter(dict->src);
	read_keys(dict, &it, arena);
}

#define EAGER 256 /* objects of a list */

/* Objects of a list are mostly looked into: their keys are read in the same
 * pass, but not all of a list of a million. */
void kb_seq_open(struct kb_seq *seq, struct kb_arena *arena)
{
	struct kb_json_iter it, inner;

	if (!seq->pending)
		return;
	seq->pending = false;
	it = kb_json_iter(seq->src);
	while (kb_json_enter(&it, &inner)) {
		struct kb_val v;

		if (it.val.type == KB_JSON_OBJECT && seq->n < EAGER) {
			v = kb_val_dict(arena);
			read_keys(v.u.dict, &inner, arena);
			kb_json_leave(&it, &inner);
			v.u.dict->src = it.val;
		} else {
			kb_json_leave(&it, &inner);
			v = kb_val_json(it.val, arena);
		}
		kb_seq_add(seq, arena, v);
	}
}

void kb_dict_open(struct kb_tmpl_dict *dict, struct kb_arena *arena)
{
	open_keys(dict, arena);
	if (!dict->has_raw)
		return;
	dict->has_raw = false;
	for (size_t i = 0; i < dict->n; i++)
		decode(&dict->items[i].val, arena);
}

struct kb_val *kb_dict_get(struct kb_tmpl_dict *dict, struct kb_arena *arena,
			   struct kb_str key)
{
	struct kb_val *v;

	open_keys(dict, arena);
	v = find(dict, key);
	if (v)
		decode(v, arena);
	return v;
}

bool kb_val_truth(struct kb_val v, struct kb_arena *arena)
{
	switch (v.type) {
	case KB_VAL_UNDEF:
	case KB_VAL_NONE:
		return false;
	case KB_VAL_BOOL:
		return v.u.b;
	case KB_VAL_INT:
		return v.u.i != 0;
	case KB_VAL_FLOAT:
		return v.u.f != 0;
	case KB_VAL_STR:
		return v.u.s.len != 0;
	case KB_VAL_LIST:
		kb_seq_open(v.u.list, arena);
		return v.u.list->n != 0;
	case KB_VAL_DICT:
		kb_dict_open(v.u.dict, arena);
		return v.u.dict->n != 0 || v.u.dict->is_namespace;
	default:
		return true;
	}
}

bool kb_val_number(struct kb_val v, double *out)
{
	switch (v.type) {
	case KB_VAL_BOOL:
		*out = v.u.b;
		return true;
	case KB_VAL_INT:
		*out = (double)v.u.i;
		return true;
	case KB_VAL_FLOAT:
		*out = v.u.f;
		return true;
	case KB_VAL_BIG:
		return kb_json_num(
		    (struct kb_json){KB_JSON_NUMBER, v.u.s.ptr, v.u.s.len},
		    out);
	default:
		return false;
	}
}

/* Count a comparison; false when there were too many. */
static bool compare_step(uint64_t *steps, struct kb_val a, struct kb_val b)
{
	++*steps;
	if (a.type == KB_VAL_STR && b.type == KB_VAL_STR)
		*steps += kb_val_work(a.u.s.len < b.u.s.len ? a : b);
	return *steps <= KB_TMPL_STEPS;
}

static bool lists_eq(struct kb_seq *a, struct kb_seq *b, struct kb_arena *arena,
		     uint64_t *steps)
{
	kb_seq_open(a, arena);
	kb_seq_open(b, arena);
	if (a->n != b->n || a->tuple != b->tuple)
		return false;
	for (size_t i = 0; a != b && i < a->n; i++)
		if (!kb_val_eq(a->items[i], b->items[i], arena, steps))
			return false;
	return true;
}

static bool dicts_eq(struct kb_tmpl_dict *a, struct kb_tmpl_dict *b,
		     struct kb_arena *arena, uint64_t *steps)
{
	kb_dict_open(a, arena);
	kb_dict_open(b, arena);
	if (a->n != b->n)
		return false;
	for (size_t i = 0; a != b && i < a->n; i++) {
		struct kb_val *other = find(b, a->items[i].key);

		*steps += b->n / 64; /* the look through b */
		if (!other || !kb_val_eq(a->items[i].val, *other, arena, steps))
			return false;
	}
	return true;
}

bool kb_val_eq(struct kb_val a, struct kb_val b, struct kb_arena *arena,
	       uint64_t *steps)
{
	double x, y;

	if (!compare_step(steps, a, b))
		return false;

	if (kb_val_is_int(a) && kb_val_is_int(b))
		return kb_val_int_of(a) == kb_val_int_of(b);
	if (a.type == KB_VAL_BIG && b.type == KB_VAL_BIG)
		return kb_str_eq(a.u.s, b.u.s);
	if (kb_val_number(a, &x) && kb_val_number(b, &y))
		return x == y;
	if (a.type != b.type)
		return false;
	switch (a.type) {
	case KB_VAL_STR:
		return kb_str_eq(a.u.s, b.u.s);
	case KB_VAL_LIST:
		return lists_eq(a.u.list, b.u.list, arena, steps);
	case KB_VAL_DICT:
		/* A namespace may hold itself: compared by identity. */
		if (a.u.dict->is_namespace || b.u.dict->is_namespace)
			return a.u.dict == b.u.dict;
		return dicts_eq(a.u.dict, b.u.dict, arena, steps);
	case KB_VAL_LOOP:
		return a.u.loop == b.u.loop;
	case KB_VAL_FUNC:
		return a.u.func == b.u.func;
	default:
		return true;
	}
}

static bool lists_cmp(struct kb_seq *a, struct kb_seq *b,
		      struct kb_arena *arena, uint64_t *steps, int *cmp)
{
	kb_seq_open(a, arena);
	kb_seq_open(b, arena);
	for (size_t i = 0; i < a->n && i < b->n; i++) {
		if (kb_val_eq(a->items[i], b->items[i], arena, steps))
			continue;
		return kb_val_cmp(a->items[i], b->items[i], arena, steps, cmp);
	}
	*cmp = a->n < b->n ? -1 : a->n > b->n;
	return true;
}

bool kb_val_cmp(struct kb_val a, struct kb_val b, struct kb_arena *arena,
		uint64_t *steps, int *cmp)
{
	double x, y;

	*cmp = 0;
	if (!compare_step(steps, a, b))
		return true;

	if (kb_val_is_int(a) && kb_val_is_int(b)) {
		int64_t i = kb_val_int_of(a), j = kb_val_int_of(b);

		*cmp = i < j ? -1 : i > j;
		return true;
	}
	if (kb_val_number(a, &x) && kb_val_number(b, &y)) {
		*cmp = x < y ? -1 : x > y;
		return true;
	}
	if (a.type != b.type)
		return false;
	if (a.type == KB_VAL_STR) {
		*cmp = kb_str_cmp(a.u.s, b.u.s);
		return true;
	}
	if (a.type == KB_VAL_LIST)
		return lists_cmp(a.u.list, b.u.list, arena, steps, cmp);
	return false;
}

const char *kb_val_name(struct kb_val v)
{
	switch (v.type) {
	case KB_VAL_UNDEF:
		return "undefined";
	case KB_VAL_NONE:
		return "none";
	case KB_VAL_BOOL:
		return "boolean";
	case KB_VAL_INT:
	case KB_VAL_FLOAT:
	case KB_VAL_BIG:
		return "number";
	case KB_VAL_STR:
		return "string";
	case KB_VAL_LIST:
		return "list";
	case KB_VAL_DICT:
		return "dict";
	case KB_VAL_LOOP:
		return "loop";
	default:
		return "function";
	}
}
