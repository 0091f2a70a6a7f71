#include "search/search_record.h"

#include "base/visible.h"
#include "record/hit.h"
#include "record/turns.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

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

/* What was said in 'messages' before the last user message that says
 * something, oldest first; how much it is. */
static size_t read_turns(struct kb_json messages, struct kb_str *list,
			 struct kb_arena *arena)
{
	struct kb_turns turns = kb_turns_open(messages);
	struct kb_chat_message m;
	size_t n = 0, end = 0;

	while (kb_turns_next(&turns, arena, &m)) {
		if (m.role == KB_ROLE_NONE || m.role == KB_ROLE_SYSTEM)
			continue;
		list[n] = kb_content_text(m.content, arena);
		if (kb_text_blank(list[n]))
			continue;
		if (m.role == KB_ROLE_USER)
			end = n;
		n++;
	}
	return end;
}

static size_t read_strings(struct kb_json array, struct kb_str *list,
			   struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(array);
	size_t n = 0;

	while (kb_json_next(&it))
		n += kb_json_str(it.val, arena, &list[n]);
	return n;
}

/*
 * Earlier turns, the newest first: what was said in 'messages', else the
 * strings of 'history'.
 */
static void read_history(const struct kb_rec *rec, struct kb_arena *arena,
			 struct kb_request *request)
{
	struct kb_json val = kb_rec_get(rec, "messages");
	bool messages = val.type == KB_JSON_ARRAY;
	struct kb_str *list;
	size_t n;

	if (!messages)
		val = kb_rec_get(rec, "history");
	if (val.type != KB_JSON_ARRAY)
		return;
	list = kb_arena_alloc(arena, (kb_json_count(val) + 1) * sizeof(*list));
	n = messages ? read_turns(val, list, arena)
		     : read_strings(val, list, arena);
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
	struct kb_question question;
	int rc = kb_question_read(rec, arena, &question, err);

	*request = (struct kb_request){0};
	if (rc < 0)
		return rc;
	request->query = request->asked = question.text;
	request->source = question.source;
	if (question.source == KB_QUESTION_STANDALONE) {
		kb_question_asked(rec, arena, &question, NULL);
		request->asked = question.text;
	}
	read_rewrites(rec, arena, request);
	read_history(rec, arena, request);
	kb_json_str(kb_rec_get(rec, "hyde"), arena, &request->hyde);
	request->vectors = kb_rec_get(rec, "vectors");
	if (request->source || request->vectors.type == KB_JSON_OBJECT)
		return 0;
	return kb_question_missing(err);
}

static int join(char *const *words, int n, char **out, struct kb_err *err)
{
	struct kb_buf buf;

	*out = NULL;
	if (n <= 0)
		return 0;
	kb_buf_init(&buf, 0);
	for (int i = 0; i < n; i++) {
		kb_buf_add_cstr(&buf, i ? " " : "");
		kb_buf_add_cstr(&buf, words[i]);
	}
	*out = buf.ptr;
	return kb_text_blank(kb_buf_str(&buf))
		   ? kb_err_set(err, KB_EINVAL, "the question is empty")
		   : 0;
}

/* Is the word an index, where a question may begin with it as well? */
static bool names_index(const char *word)
{
	struct stat st;

	return kb_ends(word, strlen(word), ".kb") ||
	       (!stat(word, &st) && S_ISDIR(st.st_mode));
}

int kb_request_words(char *const *words, int n, const char **index,
		     char **question, struct kb_err *err)
{
	const char *usual = getenv("KB_INDEX");

	*question = NULL;
	*index = usual && *usual ? usual : NULL;
	if (n > 0 && (!*index || names_index(words[0]))) {
		*index = words[0];
		words++;
		n--;
	}
	if (!*index)
		return kb_err_set(err, KB_EINVAL,
				  "no index given; name one, or set KB_INDEX");
	return join(words, n, question, err);
}

int kb_record_search(struct kb_rec *rec, struct kb_search *s,
		     const struct kb_request *request, bool *found,
		     struct kb_err *err)
{
	struct kb_result result;
	struct kb_buf *buf;
	int rc = kb_search_run(s, request, kb_search_arena(s), &result, err);

	if (rc < 0)
		return rc;
	buf = kb_search_buf(s);
	kb_result_hits(&result, buf);
	kb_rec_set(rec, "hits", kb_arena_copy(rec->arena, kb_buf_str(buf)));
	kb_buf_reset(buf);
	kb_result_retrieval(&result, kb_search_base(s), buf);
	kb_rec_set(rec, "retrieval",
		   kb_arena_copy(rec->arena, kb_buf_str(buf)));
	*found = result.n > 0;
	return 0;
}

/* ---- formats ---- */

/* In a line of its own, or as one word of a line: what would break it, or
 * would not be seen in it, is an underscore. */
static void put_id(struct kb_buf *out, struct kb_str id, bool one_word)
{
	size_t from = out->len;

	kb_visible_add(out, id, "_");
	for (size_t i = from; one_word && i < out->len; i++)
		if (out->ptr[i] == ' ')
			out->ptr[i] = '_';
}

/* The documents of the hits in order, each once. */
static size_t documents(const struct kb_rec *rec, struct kb_arena *arena,
			struct kb_str **ids, double **scores)
{
	struct kb_record_hit hit;
	struct kb_hits hits;
	size_t n = 0, max;

	kb_hits_open(rec, &hits, NULL);
	max = kb_hits_count(&hits);
	*ids = kb_arena_alloc(arena, (max + 1) * sizeof(**ids));
	*scores = kb_arena_alloc(arena, (max + 1) * sizeof(**scores));
	while (kb_hits_next(&hits, &hit)) {
		struct kb_str id = kb_hit_doc(&hit, arena);
		size_t i = 0;

		while (i < n && !kb_str_eq((*ids)[i], id))
			i++;
		if (i < n)
			continue;
		(*ids)[n] = id;
		(*scores)[n++] = kb_hit_score(&hit);
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
	else if (format == 4)
		kb_record_grep(rec, style, arena, out);
	else
		kb_record_text(rec, style, arena, out);
}
