#include <math.h>

#include "base/base64.h"
#include "net/form.h"

#define DIM_MAX		 65536
#define ANSWER_MAX_BYTES ((size_t)32 << 20)

static struct kb_str get_text(struct kb_json object, const char *name,
			      struct kb_arena *arena)
{
	struct kb_json val = kb_json_get(object, name);
	struct kb_str text = {NULL, 0};

	if (kb_json_str(val, arena, &text))
		return kb_arena_copy(arena, text);
	/* Some servers give error codes as numbers. */
	if (val.type == KB_JSON_NUMBER)
		return kb_arena_copy(arena, (struct kb_str){val.ptr, val.len});
	return (struct kb_str){NULL, 0};
}

static bool take_error(struct kb_json root, struct kb_arena *arena,
		       struct kb_form_reply *reply)
{
	struct kb_json error = kb_json_get(root, "error");
	struct kb_str text;

	if (error.type == KB_JSON_STRING && kb_json_str(error, arena, &text)) {
		reply->error_message = kb_arena_copy(arena, text);
	} else if (error.type == KB_JSON_OBJECT) {
		reply->error_message = get_text(error, "message", arena);
		reply->error_code = get_text(error, "code", arena);
		if (!reply->error_code.len)
			reply->error_code = get_text(error, "type", arena);
	} else {
		return false;
	}
	if (!reply->error_message.len)
		reply->error_message = KB_STR("an error without a message");
	return true;
}

static void take_usage(struct kb_json root, struct kb_form_reply *reply)
{
	struct kb_json usage = kb_json_get(root, "usage");
	int64_t n;

	if (kb_json_int(kb_json_get(usage, "prompt_tokens"), &n) && n >= 0)
		reply->input_tokens = n;
	else if (kb_json_int(kb_json_get(usage, "total_tokens"), &n) && n >= 0)
		reply->input_tokens = n;
	if (kb_json_int(kb_json_get(usage, "completion_tokens"), &n) && n >= 0)
		reply->output_tokens = n;
}

static struct kb_json first_of(struct kb_json array)
{
	struct kb_json_iter it = kb_json_iter(array);

	if (array.type == KB_JSON_ARRAY && kb_json_next(&it))
		return it.val;
	return (struct kb_json){.type = KB_JSON_NONE};
}

/* What a message has come to, in the reply. */
static void settle(struct kb_content *content, struct kb_arena *arena,
		   struct kb_form_reply *reply)
{
	kb_content_end(content);
	reply->text = kb_arena_copy(arena, kb_buf_str(&content->answer));
	reply->reasoning =
	    kb_arena_copy(arena, kb_buf_str(&content->reasoning));
	reply->tool_calls = kb_content_tools(content, arena);
	reply->refused = content->refused;
}

static int parse_chat(struct kb_json root, struct kb_arena *arena,
		      struct kb_form_reply *reply, struct kb_err *err)
{
	struct kb_json choice = first_of(kb_json_get(root, "choices"));
	struct kb_json message = kb_json_get(choice, "message");
	struct kb_content content;
	int rc;

	if (choice.type != KB_JSON_OBJECT || message.type != KB_JSON_OBJECT)
		return kb_err_set(err, KB_EFORMAT,
				  "the answer has no 'choices[0].message'");
	reply->finish = get_text(choice, "finish_reason", arena);
	kb_content_init(&content, ANSWER_MAX_BYTES);
	rc = kb_content_add(&content, message, arena, err);
	if (!rc)
		settle(&content, arena, reply);
	kb_content_release(&content);
	return rc;
}

/* Little-endian float32 in base64; the count, or 0 when it is broken. */
static size_t floats_of_base64(struct kb_str text, struct kb_arena *arena,
			       float **out)
{
	struct kb_str raw;

	if (!kb_base64_decode(text, arena, &raw) || raw.len % 4)
		return 0;
	*out = kb_arena_alloc(arena, raw.len + 1);
	memcpy(*out, raw.ptr, raw.len);
	return raw.len / 4;
}

static size_t floats_of(struct kb_json val, struct kb_arena *arena, float **out)
{
	struct kb_json_iter it;
	struct kb_str text;
	size_t n = 0;

	if (kb_json_str(val, arena, &text))
		return floats_of_base64(text, arena, out);
	if (val.type != KB_JSON_ARRAY)
		return 0;
	*out = kb_arena_alloc(arena, kb_json_count(val) * sizeof(float) + 1);
	for (it = kb_json_iter(val); kb_json_next(&it);) {
		double x = 0;

		if (!kb_json_num(it.val, &x))
			return 0;
		(*out)[n++] = (float)x;
	}
	return n;
}

static bool all_finite(const float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(x[i]))
			return false;
	return true;
}

/* One element of 'data' or 'results': its index and its numbers. */
static bool take_row(const struct kb_form_ask *ask, struct kb_json row,
		     struct kb_arena *arena, struct kb_form_reply *reply,
		     bool *seen)
{
	bool embed = ask->kind == KB_FORM_EMBED;
	float *x = NULL, score;
	size_t n;
	int64_t at;
	double s;

	if (!kb_json_int(kb_json_get(row, "index"), &at) || at < 0 ||
	    (size_t)at >= ask->n_texts || seen[at])
		return false;
	if (embed) {
		n = floats_of(kb_json_get(row, "embedding"), arena, &x);
	} else {
		if (!kb_json_num(kb_json_get(row, "relevance_score"), &s) &&
		    !kb_json_num(kb_json_get(row, "score"), &s))
			return false;
		score = (float)s;
		x = &score;
		n = 1;
	}
	if (!n || n > DIM_MAX || !all_finite(x, n) ||
	    (reply->dim && reply->dim != n))
		return false;
	if (!reply->values) {
		reply->dim = n;
		reply->values =
		    kb_arena_calloc(arena, ask->n_texts * n, sizeof(float));
	}
	memcpy(reply->values + (size_t)at * n, x, n * sizeof(float));
	seen[at] = true;
	return true;
}

static int parse_rows(const struct kb_form_ask *ask, struct kb_json root,
		      struct kb_arena *arena, struct kb_form_reply *reply,
		      struct kb_err *err)
{
	const char *name = ask->kind == KB_FORM_EMBED ? "data" : "results";
	struct kb_json rows = kb_json_get(root, name);
	struct kb_json_iter it;
	bool *seen = kb_arena_calloc(arena, ask->n_texts + 1, sizeof(*seen));
	size_t n = 0;

	if (rows.type != KB_JSON_ARRAY)
		return kb_err_set(err, KB_EFORMAT,
				  "the answer has no array '%s'", name);
	for (it = kb_json_iter(rows); kb_json_next(&it); n++)
		if (!take_row(ask, it.val, arena, reply, seen))
			return kb_err_set(err, KB_EFORMAT,
					  "element %zu of '%s' is unusable", n,
					  name);
	if (n != ask->n_texts)
		return kb_err_set(err, KB_EFORMAT,
				  "%zu texts were sent, '%s' has %zu elements",
				  ask->n_texts, name, n);
	reply->finish = KB_STR("stop");
	return 0;
}

int kb_form_parse(const struct kb_form_ask *ask, struct kb_str body,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err)
{
	struct kb_json root;

	*reply =
	    (struct kb_form_reply){.input_tokens = -1, .output_tokens = -1};
	if (kb_json_check(body.ptr, body.len, &root, NULL) ||
	    root.type != KB_JSON_OBJECT)
		return kb_err_set(err, KB_EFORMAT,
				  "the answer is no JSON object");
	if (take_error(root, arena, reply))
		return 0;
	reply->model = get_text(root, "model", arena);
	take_usage(root, reply);
	if (ask->kind == KB_FORM_CHAT)
		return parse_chat(root, arena, reply, err);
	return parse_rows(ask, root, arena, reply, err);
}

void kb_form_stream_init(struct kb_form_stream *stream)
{
	stream->done = false;
	kb_content_init(&stream->content, ANSWER_MAX_BYTES);
}

void kb_form_stream_release(struct kb_form_stream *stream)
{
	kb_content_release(&stream->content);
}

/* The choice that is asked for; one of another index is of another answer. */
static struct kb_json choice_of(struct kb_json root)
{
	struct kb_json_iter it = kb_json_iter(kb_json_get(root, "choices"));
	int64_t index;

	while (!it.object && kb_json_next(&it))
		if (!kb_json_int(kb_json_get(it.val, "index"), &index) ||
		    index == 0)
			return it.val;
	return (struct kb_json){.type = KB_JSON_NONE};
}

int kb_form_delta(struct kb_form_stream *stream, struct kb_str data,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err)
{
	struct kb_json root, choice;
	struct kb_str finish;

	if (kb_str_is(kb_str_trim(data), "[DONE]")) {
		stream->done = true;
		return 0;
	}
	if (kb_json_check(data.ptr, data.len, &root, NULL) ||
	    root.type != KB_JSON_OBJECT)
		return kb_err_set(err, KB_EFORMAT,
				  "an event of the stream is no JSON object");
	if (take_error(root, arena, reply))
		return 0;
	take_usage(root, reply);
	if (!reply->model.len)
		reply->model = get_text(root, "model", arena);
	choice = choice_of(root);
	finish = get_text(choice, "finish_reason", arena);
	if (finish.len)
		reply->finish = finish;
	return kb_content_add(&stream->content, kb_json_get(choice, "delta"),
			      arena, err);
}

void kb_form_stream_end(struct kb_form_stream *stream, struct kb_arena *arena,
			struct kb_form_reply *reply)
{
	settle(&stream->content, arena, reply);
}
