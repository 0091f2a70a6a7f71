#include "cache/response_cache.h"

#include <assert.h>
#include <math.h>

#include "base/clock.h"
#include "cache/canonical.h"
#include "net/body_members.h"
#include "json/write.h"

struct kb_response_call {
	const struct kb_provider *first;
	uint64_t seed;
	struct kb_hash128 key; /* of an answer */
	/* of texts */
	struct kb_form_ask whole; /* as it was asked */
	struct kb_hash128 *keys;  /* of each text */
	const float **found;	  /* its values, or NULL */
	struct kb_str *missing;	  /* what is asked for */
	size_t n_missing, dim;	  /* of what was found; 0: nothing was */
};

/* ---- keys ---- */

static struct kb_hash128 key_of(const struct kb_form_ask *ask,
				const struct kb_provider *provider,
				uint64_t seed, struct kb_arena *arena)
{
	static const char *const carried[] = {"stream", "stream_options",
					      "user", NULL};
	const char *model = kb_form_model(ask, provider);
	bool named = *model || kb_members_any(ask, provider, "model").type != 0;
	struct kb_hash128 what = {0, 0}, who;
	struct kb_json body;
	struct kb_buf buf;

	kb_buf_init(&buf, 0);
	kb_form_build(ask, provider, &buf);
	if (!kb_json_check(buf.ptr, buf.len, &body, NULL))
		what = kb_canonical_hash(body, carried, seed, arena);
	kb_buf_reset(&buf);
	kb_buf_add_char(&buf, (char)('0' + (int)ask->kind));
	kb_buf_add_cstr(&buf, kb_dialect_of(provider)->name);
	kb_buf_add_char(&buf, ' ');
	kb_buf_add_cstr(&buf, model);
	kb_buf_add_char(&buf, ' ');
	kb_buf_add_cstr(&buf, named ? "" : provider->base_url);
	who = kb_canonical_hash_text(kb_buf_str(&buf), seed, arena);
	kb_buf_release(&buf);
	return kb_canonical_join(what, who, seed);
}

/* Of a question with one text: what stands around it is hashed once. */
static void key_texts(const struct kb_form_ask *ask,
		      const struct kb_provider *provider, uint64_t seed,
		      struct kb_arena *arena, struct kb_hash128 *keys)
{
	static const struct kb_str empty = {"", 0};
	struct kb_form_ask around = *ask;
	struct kb_hash128 base;

	around.texts = &empty;
	around.n_texts = 1;
	base = key_of(&around, provider, seed, arena);
	for (size_t i = 0; i < ask->n_texts; i++)
		keys[i] = kb_canonical_join(
		    base, kb_canonical_hash_text(ask->texts[i], seed, arena),
		    seed);
}

bool kb_response_key(const struct kb_response_call *r, struct kb_hash128 *key)
{
	*key = r->key;
	return !r->keys;
}

/* ---- values ---- */

static void put_text(struct kb_jw *w, const char *name, struct kb_str text)
{
	if (!text.len)
		return;
	kb_jw_key(w, name);
	kb_jw_str(w, text);
}

static void put_count(struct kb_jw *w, const char *name, int64_t n)
{
	if (n < 0)
		return;
	kb_jw_key(w, name);
	kb_jw_int(w, n);
}

void kb_response_write(const struct kb_form_reply *reply, struct kb_buf *out)
{
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	put_text(&w, "text", reply->text);
	put_text(&w, "reasoning", reply->reasoning);
	put_text(&w, "model", reply->model);
	put_text(&w, "finish", reply->finish);
	put_count(&w, "input", reply->input_tokens);
	put_count(&w, "output", reply->output_tokens);
	put_count(&w, "cached", reply->cached_tokens);
	if (reply->counted) {
		kb_jw_key(&w, "counted");
		kb_jw_bool(&w, true);
	}
	kb_jw_end(&w);
}

static void read_member(const struct kb_json_iter *it, struct kb_arena *arena,
			struct kb_form_reply *r)
{
	struct {
		const char *name;
		struct kb_str *text;
		int64_t *count;
	} rows[] = {
	    {"text", &r->text, NULL},
	    {"finish", &r->finish, NULL},
	    {"reasoning", &r->reasoning, NULL},
	    {"model", &r->model, NULL},
	    {"input", NULL, &r->input_tokens},
	    {"output", NULL, &r->output_tokens},
	    {"cached", NULL, &r->cached_tokens},
	};
	int64_t n;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!kb_json_iter_is(it, rows[i].name))
			continue;
		if (rows[i].text)
			kb_json_str(it->val, arena, rows[i].text);
		else if (kb_json_int(it->val, &n) && n >= 0)
			*rows[i].count = n;
		return;
	}
	if (kb_json_iter_is(it, "counted"))
		r->counted = it->val.type == KB_JSON_TRUE;
}

bool kb_response_read(struct kb_str value, struct kb_arena *arena,
		      struct kb_form_reply *reply)
{
	struct kb_form_reply r = KB_FORM_REPLY;
	struct kb_json object;
	struct kb_json_iter it;

	/* what is read points into the value, or into the arena */
	if (kb_json_check(value.ptr, value.len, &object, NULL) ||
	    object.type != KB_JSON_OBJECT)
		return false;
	it = kb_json_iter(object);
	while (kb_json_next(&it))
		read_member(&it, arena, &r);
	if (!r.text.len || !kb_str_is(r.finish, "stop"))
		return false;
	*reply = r;
	return true;
}

/* Values of a text: all finite; NULL when they are none. */
static const float *read_values(struct kb_str value, struct kb_arena *arena,
				size_t *n)
{
	float *x;

	*n = value.len / sizeof(*x);
	if (!*n || value.len % sizeof(*x))
		return NULL;
	x = kb_arena_alloc(arena, value.len);
	memcpy(x, value.ptr, value.len);
	for (size_t i = 0; i < *n; i++)
		if (!isfinite(x[i]))
			return NULL;
	return x;
}

static bool is_whole(const struct kb_call *call)
{
	const struct kb_form_reply *r = &call->reply;

	return call->class == KB_RETRY_OK && !call->use_local && !r->refused &&
	       !r->unfinished && !r->tool_calls.len && r->text.len &&
	       kb_str_is(r->finish, "stop");
}

/* ---- looking up ---- */

static void found_all(struct kb_call *call, const struct kb_response_call *r)
{
	call->class = KB_RETRY_OK;
	call->provider = r->first;
	call->cached = true;
	call->began_ns = kb_clock_ns();
}

static bool find_answer(struct kb_cache *cache, struct kb_call *call,
			const struct kb_response_call *r, int64_t now_s)
{
	struct kb_buf value;
	bool found;

	kb_buf_init(&value, 0);
	found = kb_cache_get(cache, r->key, now_s, &value) &&
		kb_response_read(kb_arena_copy(call->arena, kb_buf_str(&value)),
				 call->arena, &call->reply);
	kb_buf_release(&value);
	if (found)
		found_all(call, r);
	return found;
}

/* The values of all texts, those that were asked for in their order. */
static float *join(const struct kb_response_call *r, const float *asked,
		   size_t dim, struct kb_arena *arena)
{
	float *all =
	    kb_arena_calloc(arena, r->whole.n_texts, dim * sizeof(*all));

	for (size_t i = 0; i < r->whole.n_texts; i++) {
		const float *x = r->found[i];

		if (!x) {
			x = asked;
			asked += dim;
		}
		memcpy(all + i * dim, x, dim * sizeof(*all));
	}
	return all;
}

static void find_texts(struct kb_cache *cache, const struct kb_call *call,
		       struct kb_response_call *r, int64_t now_s)
{
	struct kb_arena *arena = call->arena;
	size_t n = call->ask.n_texts;
	struct kb_buf value;

	r->keys = kb_arena_alloc(arena, (n + 1) * sizeof(*r->keys));
	r->found = kb_arena_calloc(arena, n + 1, sizeof(*r->found));
	r->missing = kb_arena_alloc(arena, (n + 1) * sizeof(*r->missing));
	key_texts(&call->ask, r->first, r->seed, arena, r->keys);
	kb_buf_init(&value, 0);
	for (size_t i = 0; i < n; i++) {
		size_t dim = 0;

		kb_buf_reset(&value);
		if (kb_cache_get(cache, r->keys[i], now_s, &value))
			r->found[i] =
			    read_values(kb_buf_str(&value), arena, &dim);
		if (r->found[i] && r->dim && dim != r->dim)
			r->found[i] = NULL; /* of another time */
		if (r->found[i])
			r->dim = dim;
		else
			r->missing[r->n_missing++] = call->ask.texts[i];
	}
	kb_buf_release(&value);
}

bool kb_response_begin(struct kb_cache *cache, struct kb_call *call,
		       const struct kb_provider *first, int64_t now_s,
		       struct kb_response_call **out)
{
	struct kb_response_call *r;
	uint64_t seed;

	*out = NULL;
	/* a dialect without such texts fails where it is asked for them */
	if ((call->ask.kind != KB_FORM_CHAT &&
	     !kb_form_url(&call->ask, first, call->arena, NULL)) ||
	    !kb_cache_seed(cache, &seed))
		return false;
	r = kb_arena_calloc(call->arena, 1, sizeof(*r));
	r->first = first;
	r->seed = seed;
	r->whole = call->ask;
	*out = r;
	if (call->ask.kind == KB_FORM_CHAT) {
		r->key = key_of(&call->ask, first, seed, call->arena);
		return find_answer(cache, call, r, now_s);
	}
	find_texts(cache, call, r, now_s);
	if (r->n_missing) {
		call->ask.texts = r->missing;
		call->ask.n_texts = r->n_missing;
		return false;
	}
	call->reply = KB_FORM_REPLY;
	call->reply.dim = r->dim;
	call->reply.values = join(r, NULL, r->dim, call->arena);
	found_all(call, r);
	return true;
}

bool kb_response_again(struct kb_cache *cache, struct kb_call *call,
		       const struct kb_response_call *r, int64_t now_s)
{
	return !r->keys && find_answer(cache, call, r, now_s);
}

/* ---- keeping ---- */

static void keep_answer(struct kb_cache *cache, const struct kb_call *call,
			const struct kb_response_call *r, int64_t now_s)
{
	struct kb_hash128 key = r->key;
	struct kb_buf value;

	if (call->provider != r->first)
		key = key_of(&r->whole, call->provider, r->seed, call->arena);
	kb_buf_init(&value, 0);
	kb_response_write(&call->reply, &value);
	kb_cache_put(cache, key, now_s, kb_buf_str(&value), true);
	kb_buf_release(&value);
}

/* The keys of the texts as they are of who answered; false when these are
 * others. */
static bool rekey(const struct kb_call *call, struct kb_response_call *r)
{
	size_t size = r->whole.n_texts * sizeof(*r->keys);
	struct kb_hash128 *keys;
	bool same;

	if (call->provider == r->first)
		return true;
	keys = kb_arena_alloc(call->arena, size);
	key_texts(&r->whole, call->provider, r->seed, call->arena, keys);
	same = !memcmp(keys, r->keys, size);
	r->keys = keys;
	return same;
}

static int end_texts(struct kb_cache *cache, struct kb_call *call,
		     struct kb_response_call *r, int64_t now_s,
		     struct kb_err *err)
{
	struct kb_form_reply *reply = &call->reply;
	size_t bytes = reply->dim * sizeof(float), at = 0;
	bool same = rekey(call, r), some = r->n_missing < r->whole.n_texts;

	call->ask = r->whole;
	for (size_t i = 0; i < r->whole.n_texts; i++) {
		if (r->found[i])
			continue;
		kb_cache_put(cache, r->keys[i], now_s,
			     (struct kb_str){(const char *)(reply->values +
							    at++ * reply->dim),
					     bytes},
			     false);
	}
	if (some && !same)
		return kb_err_set(err, KB_EREMOTE,
				  "provider '%s' answered for '%s' with "
				  "another model than that of what was cached; "
				  "--no-cache asks it for all",
				  call->provider->name, r->first->name);
	if (some && r->dim != reply->dim)
		return kb_err_set(err, KB_EREMOTE,
				  "provider '%s' gives %zu values a text, what "
				  "was cached has %zu; remove the cache, or "
				  "use --no-cache",
				  call->provider->name, reply->dim, r->dim);
	reply->values = join(r, reply->values, reply->dim, call->arena);
	return 0;
}

int kb_response_end(struct kb_cache *cache, struct kb_call *call,
		    struct kb_response_call *r, int64_t now_s,
		    struct kb_err *err)
{
	assert(!call->cached);
	if (!r->keys) {
		if (is_whole(call))
			keep_answer(cache, call, r, now_s);
		return 0;
	}
	if (call->class == KB_RETRY_OK && !call->use_local &&
	    call->reply.values && call->reply.dim)
		return end_texts(cache, call, r, now_s, err);
	call->ask = r->whole;
	return 0;
}
