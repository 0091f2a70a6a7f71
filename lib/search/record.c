#include "search/record.h"

#include "search/search_impl.h"

#include <stdio.h>
#include <stdlib.h>

static struct kb_str last_user_message(struct kb_json messages,
				       struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(messages);
	struct kb_str role, text, last = {0};

	while (kb_json_next(&it)) {
		if (kb_json_str(kb_json_get(it.val, "role"), arena, &role) &&
		    kb_str_is(role, "user") &&
		    kb_json_str(kb_json_get(it.val, "content"), arena, &text))
			last = text;
	}
	return last;
}

static void read_rewrites(const struct kb_rec *rec, struct kb_arena *arena,
			  struct kb_request *request)
{
	struct kb_json val = kb_rec_get(rec, "rewrites");
	struct kb_json_iter it = kb_json_iter(val);
	size_t max = val.type == KB_JSON_ARRAY ? kb_json_count(val) : 0;
	struct kb_str *list = kb_arena_alloc(arena, (max + 1) * sizeof(*list));
	size_t n = 0;

	while (n < max && kb_json_next(&it))
		n += kb_json_str(it.val, arena, &list[n]) && list[n].len;
	request->rewrites = list;
	request->n_rewrites = n;
}

/*
 * Earlier turns, the newest first: what was said in 'messages' before the
 * last user message, else the strings of 'history'.
 */
static void read_history(const struct kb_rec *rec, struct kb_arena *arena,
			 struct kb_request *request)
{
	struct kb_json val = kb_rec_get(rec, "messages");
	bool messages = val.type == KB_JSON_ARRAY;

	if (!messages)
		val = kb_rec_get(rec, "history");
	if (val.type != KB_JSON_ARRAY)
		return;
	size_t max = kb_json_count(val), n = 0, end = 0;
	struct kb_json_iter it = kb_json_iter(val);
	struct kb_str *list = kb_arena_alloc(arena, (max + 1) * sizeof(*list));

	while (n < max && kb_json_next(&it)) {
		struct kb_str role = {0};

		if (messages &&
		    !kb_json_str(kb_json_get(it.val, "role"), arena, &role))
			continue;
		if (kb_str_is(role, "system") ||
		    !kb_json_str(messages ? kb_json_get(it.val, "content")
					  : it.val,
				 arena, &list[n]))
			continue;
		if (kb_str_is(role, "user"))
			end = n;
		n++;
	}
	n = messages ? end : n;
	for (size_t i = 0; i < n / 2; i++) {
		struct kb_str turn = list[i];

		list[i] = list[n - 1 - i];
		list[n - 1 - i] = turn;
	}
	request->history = list;
	request->n_history = n;
}

int kb_request_read(const struct kb_rec *rec, struct kb_arena *arena,
		    struct kb_request *request, struct kb_err *err)
{
	struct kb_str *query = &request->query, *asked = &request->asked;

	*request = (struct kb_request){0};
	if (!kb_json_str(kb_rec_get(rec, "query"), arena, asked) || !asked->len)
		*asked = last_user_message(kb_rec_get(rec, "messages"), arena);
	if (!kb_json_str(kb_rec_get(rec, "standalone"), arena, query) ||
	    !query->len)
		*query = *asked;
	read_rewrites(rec, arena, request);
	read_history(rec, arena, request);
	kb_json_str(kb_rec_get(rec, "hyde"), arena, &request->hyde);
	request->vectors = kb_rec_get(rec, "vectors");
	if (query->len || request->vectors.type == KB_JSON_OBJECT)
		return 0;
	return kb_err_set(err, KB_EINVAL,
			  "no question: 'standalone', 'query' and the last "
			  "user message are missing or empty");
}

char *kb_request_join(char *const *words, int n)
{
	struct kb_buf buf;

	if (n <= 0)
		return NULL;
	kb_buf_init(&buf, 0);
	for (int i = 0; i < n; i++) {
		kb_buf_add_cstr(&buf, i ? " " : "");
		kb_buf_add_cstr(&buf, words[i]);
	}
	return buf.ptr;
}

int kb_record_search(struct kb_rec *rec, struct kb_search *s,
		     const struct kb_request *request, bool *found,
		     struct kb_err *err)
{
	struct kb_result result;
	struct kb_buf *buf = &s->json;
	int rc = kb_search_run(s, request, kb_search_arena(s), &result, err);

	if (rc < 0)
		return rc;
	kb_buf_reset(buf);
	kb_result_hits(&result, buf);
	kb_rec_set(rec, "hits", kb_arena_copy(rec->arena, kb_buf_str(buf)));
	kb_buf_reset(buf);
	kb_result_retrieval(&result, s->base, buf);
	kb_rec_set(rec, "retrieval",
		   kb_arena_copy(rec->arena, kb_buf_str(buf)));
	*found = result.n > 0;
	return 0;
}

/* ---- formats ---- */

static struct kb_str member(struct kb_json hit, const char *name,
			    struct kb_arena *arena)
{
	struct kb_str s;

	return kb_json_str(kb_json_get(hit, name), arena, &s)
		   ? s
		   : (struct kb_str){0};
}

static double score_of(struct kb_json hit)
{
	double x;

	return kb_json_num(kb_json_get(hit, "score"), &x) ? x : 0;
}

static void put_id(struct kb_buf *out, struct kb_str id, bool one_word)
{
	for (size_t i = 0; i < id.len; i++) {
		unsigned char c = (unsigned char)id.ptr[i];
		bool bad = c < 0x20 || c == 0x7f || (one_word && c == ' ');

		kb_buf_add_char(out, bad ? '_' : (char)c);
	}
}

/* The documents of the hits in order, each once. */
static size_t documents(const struct kb_rec *rec, struct kb_arena *arena,
			struct kb_str **ids, double **scores)
{
	struct kb_json hits = kb_rec_get(rec, "hits");
	struct kb_json_iter it = kb_json_iter(hits);
	size_t max = hits.type == KB_JSON_ARRAY ? kb_json_count(hits) : 0;
	size_t n = 0;

	*ids = kb_arena_alloc(arena, (max + 1) * sizeof(**ids));
	*scores = kb_arena_alloc(arena, (max + 1) * sizeof(**scores));
	while (n < max && kb_json_next(&it)) {
		struct kb_str id = member(it.val, "doc", arena);
		size_t i = 0;

		while (i < n && !kb_str_eq((*ids)[i], id))
			i++;
		if (i < n)
			continue;
		(*ids)[n] = id;
		(*scores)[n++] = score_of(it.val);
	}
	return n;
}

static void put_trec(const struct kb_rec *rec, struct kb_str id,
		     struct kb_arena *arena, struct kb_buf *out)
{
	struct kb_str *ids;
	double *scores;
	size_t n = documents(rec, arena, &ids, &scores);

	for (size_t i = 0; i < n; i++) {
		put_id(out, id, true);
		kb_buf_add_cstr(out, " Q0 ");
		put_id(out, ids[i], true);
		kb_buf_printf(out, " %zu %.4f kb-search\n", i + 1, scores[i]);
	}
}

static void put_ids(const struct kb_rec *rec, struct kb_arena *arena,
		    struct kb_buf *out)
{
	struct kb_str *ids;
	double *scores;
	size_t n = documents(rec, arena, &ids, &scores);

	for (size_t i = 0; i < n; i++) {
		put_id(out, ids[i], false);
		kb_buf_add_char(out, '\n');
	}
}

void kb_record_print(const struct kb_rec *rec, struct kb_str id, int format,
		     const struct kb_text_style *style, struct kb_arena *arena,
		     struct kb_buf *out)
{
	if (format == 2)
		put_trec(rec, id, arena, out);
	else if (format == 3)
		put_ids(rec, arena, out);
	else
		kb_record_text(rec, style, arena, out);
}
