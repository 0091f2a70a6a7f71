#include "cache/answer_cache.h"

#include <stdio.h>
#include <stdlib.h>

#include "cache/canonical.h"
#include "record/error_member.h"
#include "record/hit.h"
#include "record/members.h"

struct kb_answers {
	struct kb_cache *cache;
	struct kb_buf value;
};

struct kb_answers *kb_answers_new(const struct kb_cache_options *options)
{
	struct kb_answers *a = kb_calloc(1, sizeof(*a));
	struct kb_cache_options own = *options;

	own.name = KB_ANSWERS_NAME;
	a->cache = kb_cache_new(&own);
	kb_buf_init(&a->value, 0);
	return a;
}

void kb_answers_free(struct kb_answers *a)
{
	if (!a)
		return;
	kb_cache_free(a->cache);
	kb_buf_release(&a->value);
	free(a);
}

/* ---- keys ---- */

void kb_answers_told(const struct kb_search_options *s,
		     const struct kb_base_options *base, struct kb_buf *out)
{
	const char *texts[] = {
	    base->filter,     base->at,		  base->weights, s->embed,
	    s->synonyms_path, s->confidence_path, s->ask.command};
	bool flags[] = {s->explain,	s->paths,     s->exhaustive,
			s->distinct,	s->no_syntax, s->keep_duplicates,
			s->no_spelling, s->no_model,  s->reciprocal,
			s->no_synonyms};
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_arr(&w);
	for (size_t i = 0; i < base->n_paths; i++)
		kb_jw_cstr(&w, base->paths[i]);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		kb_jw_cstr(&w, texts[i] ? texts[i] : "");
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		kb_jw_bool(&w, flags[i]);
	for (size_t i = 0; i < KB_LEGS; i++)
		kb_jw_bool(&w, s->legs[i]);
	kb_jw_int(&w, (int64_t)s->k);
	kb_jw_num(&w, s->mmr);
	kb_jw_int(&w, (int64_t)s->ask.hits);
	kb_jw_num(&w, s->ask.weight);
	kb_jw_end(&w);
}

static bool make_key(struct kb_answers *a, const struct kb_rec *rec,
		     struct kb_str told, struct kb_hash128 *key)
{
	static const char *const not_asked[] = {
	    "id",    "gold",	   "label",  "error",	"timing",
	    "hits",  "retrieval",  "prompt", "answer",	"generation",
	    "check", "confidence", "route",  "request", NULL};
	struct kb_json line;
	uint64_t seed;

	if (!kb_cache_seed(a->cache, &seed) ||
	    kb_json_check(rec->line.ptr, rec->line.len, &line, NULL))
		return false;
	*key = kb_canonical_join(
	    kb_canonical_hash(line, not_asked, seed, rec->arena),
	    kb_canonical_hash_text(told, seed, rec->arena), seed);
	return true;
}

static void put_key(struct kb_buf *out, struct kb_hash128 key)
{
	kb_buf_printf(out, "\"%016llx%016llx\"", (unsigned long long)key.high,
		      (unsigned long long)key.low);
}

static bool read_hex(const char *p, uint64_t *out)
{
	*out = 0;
	for (int i = 0; i < 16; i++) {
		const char *digits = "0123456789abcdef";
		const char *at = p[i] ? strchr(digits, p[i]) : NULL;

		if (!at)
			return false;
		*out = *out << 4 | (uint64_t)(at - digits);
	}
	return true;
}

static bool read_key(struct kb_json val, struct kb_arena *arena,
		     struct kb_hash128 *key)
{
	struct kb_str text;

	return kb_json_str(val, arena, &text) && text.len == 32 &&
	       read_hex(text.ptr, &key->high) &&
	       read_hex(text.ptr + 16, &key->low);
}

/* ---- evidence ---- */

static bool same_hit(const struct kb_record_hit *a,
		     const struct kb_record_hit *b, struct kb_arena *arena)
{
	static const enum kb_hit_member texts[] = {KB_HIT_TITLE, KB_HIT_HEADING,
						   KB_HIT_TEXT};
	struct kb_json x = a->at[KB_HIT_META], y = b->at[KB_HIT_META];

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (!kb_str_eq(kb_hit_str(a, texts[i], arena),
			       kb_hit_str(b, texts[i], arena)))
			return false;
	return kb_str_eq(kb_hit_doc(a, arena), kb_hit_doc(b, arena)) &&
	       kb_str_eq((struct kb_str){x.ptr, x.len},
			 (struct kb_str){y.ptr, y.len});
}

bool kb_answers_same_hits(struct kb_json a, struct kb_json b,
			  struct kb_arena *arena)
{
	struct kb_hits x = {.list = a, .it = kb_json_iter(a)};
	struct kb_hits y = {.list = b, .it = kb_json_iter(b)};
	struct kb_record_hit p, q;
	size_t n = kb_hits_count(&x);

	if (a.type != KB_JSON_ARRAY || b.type != KB_JSON_ARRAY ||
	    n != kb_hits_count(&y))
		return false;
	while (n--)
		if (!kb_hits_next(&x, &p) || !kb_hits_next(&y, &q) ||
		    !same_hit(&p, &q, arena))
			return false;
	return true;
}

/* The commits of a base as retrieval.commit has them, and until when what it
 * finds is valid. */
static struct kb_str state_of(const struct kb_base *base,
			      struct kb_arena *arena)
{
	struct kb_buf out;
	struct kb_str state;

	kb_buf_init(&out, 0);
	for (size_t i = 0; i < base->n_indexes; i++)
		kb_buf_printf(&out, "%s ", base->indexes[i]->commit);
	kb_buf_printf(&out, "%lld", (long long)base->until);
	state = kb_arena_copy(arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return state;
}

/* ---- entries ---- */

static const char *const kept[] = {"answer", "check", "confidence", "route"};

#define N_KEPT (sizeof(kept) / sizeof(*kept))

static void put_raw(struct kb_jw *w, const char *name, struct kb_json val)
{
	kb_jw_key(w, name);
	kb_jw_raw(w, (struct kb_str){val.ptr, val.len});
}

/* Members of retrieval but 'cache', which is that of the record alone. */
static void put_but(struct kb_jw *w, struct kb_json object, const char *but,
		    const char *and)
{
	struct kb_json_iter it = kb_json_iter(object);

	while (kb_json_next(&it)) {
		if (kb_json_iter_is(&it, but) || kb_json_iter_is(&it, and))
			continue;
		kb_jw_key_raw(w, it.key);
		kb_jw_raw(w, (struct kb_str){it.val.ptr, it.val.len});
	}
}

static void write_entry(
    struct kb_buf *out, struct kb_str state, int64_t made_s,
    struct kb_json hits, struct kb_json retrieval, struct kb_json generation,
    struct kb_json (*get)(const void *from, const char *name), const void *from)
{
	struct kb_jw w;

	kb_buf_reset(out);
	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "state");
	kb_jw_str(&w, state);
	kb_jw_key(&w, "made");
	kb_jw_int(&w, made_s);
	put_raw(&w, "hits", hits);
	kb_jw_key(&w, "retrieval");
	kb_jw_obj(&w);
	put_but(&w, retrieval, "cache", "cache");
	kb_jw_end(&w);
	put_raw(&w, "generation", generation);
	for (size_t i = 0; i < N_KEPT; i++)
		put_raw(&w, kept[i], get(from, kept[i]));
	kb_jw_end(&w);
}

/* An entry as it is read: all of it there, and of its type. */
struct found {
	struct kb_json all, hits, retrieval, generation;
	struct kb_str state;
	int64_t made_s;
};

static bool read_entry(struct kb_str value, struct kb_arena *arena,
		       struct found *f)
{
	struct kb_json all;

	/* its members become those of a line */
	if (!value.len || memchr(value.ptr, '\n', value.len) ||
	    kb_json_check(value.ptr, value.len, &all, NULL))
		return false;
	*f = (struct found){
	    .all = all,
	    .hits = kb_json_get(all, "hits"),
	    .retrieval = kb_json_get(all, "retrieval"),
	    .generation = kb_json_get(all, "generation"),
	};
	return f->hits.type == KB_JSON_ARRAY &&
	       f->retrieval.type == KB_JSON_OBJECT &&
	       f->generation.type == KB_JSON_OBJECT &&
	       kb_json_get(all, "answer").type == KB_JSON_STRING &&
	       kb_json_get(all, "check").type == KB_JSON_OBJECT &&
	       kb_json_get(all, "confidence").type == KB_JSON_NUMBER &&
	       kb_json_get(all, "route").type == KB_JSON_STRING &&
	       kb_json_str(kb_json_get(all, "state"), arena, &f->state) &&
	       kb_json_int(kb_json_get(all, "made"), &f->made_s);
}

static struct kb_json get_found(const void *from, const char *name)
{
	return kb_json_get(((const struct found *)from)->all, name);
}

/* ---- records ---- */

static void set(struct kb_rec *rec, const char *name, struct kb_buf *buf)
{
	kb_rec_set(rec, name, kb_arena_copy(rec->arena, kb_buf_str(buf)));
	kb_buf_release(buf);
}

/* retrieval with its member 'cache' at the end. */
static void set_retrieval(struct kb_rec *rec, struct kb_json retrieval,
			  struct kb_hash128 key, struct kb_str state, bool hit)
{
	struct kb_buf buf;
	struct kb_jw w;

	kb_buf_init(&buf, 0);
	kb_jw_init(&w, &buf);
	kb_jw_obj(&w);
	put_but(&w, retrieval, "cache", "cache");
	kb_jw_key(&w, "cache");
	kb_jw_obj(&w);
	if (hit) {
		kb_jw_key(&w, "hit");
		kb_jw_bool(&w, true);
	} else {
		struct kb_buf hex;

		kb_buf_init(&hex, 0);
		put_key(&hex, key);
		kb_jw_key(&w, "key");
		kb_jw_raw(&w, kb_buf_str(&hex));
		kb_buf_release(&hex);
		kb_jw_key(&w, "state");
		kb_jw_str(&w, state);
	}
	kb_jw_end(&w);
	kb_jw_end(&w);
	set(rec, "retrieval", &buf);
}

/* The record is what it was at the end of the pipe. */
static void set_answer(struct kb_rec *rec, const struct found *f)
{
	bool paid = kb_json_get(f->generation, "cost").type != KB_JSON_NONE;
	struct kb_buf buf;
	struct kb_jw w;

	for (size_t i = 0; i < N_KEPT; i++) {
		struct kb_json val = kb_json_get(f->all, kept[i]);

		kb_rec_set(rec, kept[i], (struct kb_str){val.ptr, val.len});
	}
	kb_buf_init(&buf, 0);
	kb_jw_init(&w, &buf);
	kb_jw_obj(&w);
	put_but(&w, f->generation, "cached", "cost");
	if (paid) {
		kb_jw_key(&w, "cost");
		kb_jw_int(&w, 0);
	}
	kb_jw_key(&w, "cached");
	kb_jw_bool(&w, true);
	kb_jw_end(&w);
	set(rec, "generation", &buf);
}

static bool look_up(struct kb_answers *a, struct kb_hash128 key, int64_t now_s,
		    struct kb_arena *arena, struct found *f)
{
	kb_buf_reset(&a->value);
	return kb_cache_get(a->cache, key, now_s, &a->value) &&
	       read_entry(kb_arena_copy(arena, kb_buf_str(&a->value)), arena,
			  f);
}

int kb_answers_search(struct kb_answers *a, struct kb_rec *rec,
		      struct kb_search *search,
		      const struct kb_request *request, struct kb_str told,
		      int64_t now_s, bool *found, struct kb_err *err)
{
	struct kb_hash128 key;
	struct kb_str state;
	struct found f;
	bool known, same;
	int rc;

	if (!make_key(a, rec, told, &key))
		return kb_record_search(rec, search, request, found, err);
	state = state_of(kb_search_base(search), rec->arena);
	known = look_up(a, key, now_s, rec->arena, &f);
	*found = true;
	if (known && kb_str_eq(f.state, state)) {
		kb_rec_set(rec, "hits",
			   (struct kb_str){f.hits.ptr, f.hits.len});
		set_retrieval(rec, f.retrieval, key, state, true);
		set_answer(rec, &f);
		return 0;
	}
	rc = kb_record_search(rec, search, request, found, err);
	if (rc < 0)
		return rc;
	same = known && kb_answers_same_hits(f.hits, kb_rec_get(rec, "hits"),
					     rec->arena);
	if (same) {
		write_entry(&a->value, state, f.made_s, kb_rec_get(rec, "hits"),
			    kb_rec_get(rec, "retrieval"), f.generation,
			    get_found, &f);
		kb_cache_put(a->cache, key, f.made_s, kb_buf_str(&a->value),
			     true);
		set_answer(rec, &f);
	}
	set_retrieval(rec, kb_rec_get(rec, "retrieval"), key, state, same);
	return 0;
}

/* ---- keeping ---- */

/* Does a claim rest on what is none of the hits? */
static bool rests_elsewhere(struct kb_json check)
{
	struct kb_json_iter it = kb_json_iter(kb_json_get(check, "claims"));

	while (kb_json_next(&it))
		if (kb_json_get(kb_json_get(it.val, "evidence"), "doc").type !=
		    KB_JSON_NONE)
			return true;
	return false;
}

static struct kb_json get_member(const void *from, const char *name)
{
	return kb_rec_get(from, name);
}

void kb_answers_keep(struct kb_answers *a, const struct kb_rec *rec,
		     int64_t now_s)
{
	struct kb_json retrieval = kb_rec_get(rec, "retrieval");
	struct kb_json cache = kb_json_get(retrieval, "cache");
	struct kb_str route = {"", 0}, state;
	struct kb_hash128 key;
	struct found f;

	kb_json_str(kb_rec_get(rec, "route"), rec->arena, &route);
	if (!kb_str_is(route, "answer") || kb_error_is_set(rec) ||
	    kb_retrieval_read(rec).degraded.len ||
	    !read_key(kb_json_get(cache, "key"), rec->arena, &key) ||
	    !kb_json_str(kb_json_get(cache, "state"), rec->arena, &state) ||
	    kb_rec_get(rec, "generation").type != KB_JSON_OBJECT ||
	    kb_rec_get(rec, "hits").type != KB_JSON_ARRAY ||
	    rests_elsewhere(kb_rec_get(rec, "check")))
		return;
	write_entry(&a->value, state, now_s, kb_rec_get(rec, "hits"), retrieval,
		    kb_rec_get(rec, "generation"), get_member, rec);
	/* what could not be read again is not kept */
	if (read_entry(kb_buf_str(&a->value), rec->arena, &f))
		kb_cache_put(a->cache, key, now_s, kb_buf_str(&a->value), true);
}
