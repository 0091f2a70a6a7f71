#include <math.h>
#include <stdio.h>

#include "base/base64.h"
#include "net/delta.h"
#include "net/form.h"

#define DIM_MAX		 65536
#define ANSWER_MAX_BYTES ((size_t)32 << 20)

/* The text at a place, in arena. Some servers give error codes as numbers,
 * which stay as they are spelled; one that no double holds is a null of the
 * tree. */
static struct kb_str get_text(const struct kb_body *body, const char *pointer,
			      struct kb_arena *arena)
{
	const json_t *val = kb_body_at(body, pointer);
	struct kb_json bytes = {.type = KB_JSON_NONE};
	struct kb_str text;

	if (kb_body_str(val, &text))
		return kb_arena_copy(arena, text);
	if (json_is_number(val) || json_is_null(val))
		bytes = kb_body_span(body, pointer);
	if (bytes.type != KB_JSON_NUMBER)
		return (struct kb_str){NULL, 0};
	return kb_arena_copy(arena, (struct kb_str){bytes.ptr, bytes.len});
}

static bool take_error(const struct kb_body *body, struct kb_arena *arena,
		       struct kb_form_reply *reply)
{
	const json_t *error = kb_body_at(body, "/error");

	if (json_is_string(error)) {
		reply->error_message = get_text(body, "/error", arena);
	} else if (json_is_object(error)) {
		reply->error_message = get_text(body, "/error/message", arena);
		reply->error_code = get_text(body, "/error/code", arena);
		if (!reply->error_code.len)
			reply->error_code =
			    get_text(body, "/error/type", arena);
	} else {
		return false;
	}
	if (!reply->error_message.len)
		reply->error_message = KB_STR("an error without a message");
	return true;
}

static void take_usage(const struct kb_body *body, struct kb_form_reply *reply)
{
	const json_t *usage = kb_body_at(body, "/usage");
	int64_t n;

	if (kb_body_int(json_object_get(usage, "prompt_tokens"), &n) && n >= 0)
		reply->input_tokens = n;
	else if (kb_body_int(json_object_get(usage, "total_tokens"), &n) &&
		 n >= 0)
		reply->input_tokens = n;
	if (kb_body_int(json_object_get(usage, "completion_tokens"), &n) &&
	    n >= 0)
		reply->output_tokens = n;
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

static int parse_chat(const struct kb_body *body, struct kb_arena *arena,
		      struct kb_form_reply *reply, struct kb_err *err)
{
	static const char message[] = "/choices/0/message";
	struct kb_content content;
	int rc;

	if (!json_is_array(kb_body_at(body, "/choices")) ||
	    !json_is_object(kb_body_at(body, message)))
		return kb_err_set(err, KB_EFORMAT,
				  "the answer has no 'choices[0].message'");
	reply->finish = get_text(body, "/choices/0/finish_reason", arena);
	kb_content_init(&content, ANSWER_MAX_BYTES);
	rc = kb_content_add(&content, body, message, arena, err);
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

static size_t floats_of(const json_t *val, struct kb_arena *arena, float **out)
{
	const json_t *element;
	struct kb_str text;
	size_t i;

	if (kb_body_str(val, &text))
		return floats_of_base64(text, arena, out);
	*out = kb_arena_alloc(arena, json_array_size(val) * sizeof(float) + 1);
	json_array_foreach(val, i, element)
	{
		double x = 0;

		if (!kb_body_num(element, &x))
			return 0;
		(*out)[i] = (float)x;
	}
	return json_array_size(val);
}

static bool all_finite(const float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(x[i]))
			return false;
	return true;
}

/* One element of 'data' or 'results': its index and its numbers. */
static bool take_row(const struct kb_form_ask *ask, const json_t *row,
		     struct kb_arena *arena, struct kb_form_reply *reply,
		     bool *seen)
{
	bool embed = ask->kind == KB_FORM_EMBED;
	float *x = NULL, score;
	size_t n;
	int64_t at;
	double s;

	if (!kb_body_int(json_object_get(row, "index"), &at) || at < 0 ||
	    (size_t)at >= ask->n_texts || seen[at])
		return false;
	if (embed) {
		n = floats_of(json_object_get(row, "embedding"), arena, &x);
	} else {
		if (!kb_body_num(json_object_get(row, "relevance_score"), &s) &&
		    !kb_body_num(json_object_get(row, "score"), &s))
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

static int parse_rows(const struct kb_form_ask *ask, const struct kb_body *body,
		      struct kb_arena *arena, struct kb_form_reply *reply,
		      struct kb_err *err)
{
	const char *name = ask->kind == KB_FORM_EMBED ? "data" : "results";
	const json_t *rows = json_object_get(body->root, name), *row;
	bool *seen = kb_arena_calloc(arena, ask->n_texts + 1, sizeof(*seen));
	size_t n;

	if (!json_is_array(rows))
		return kb_err_set(err, KB_EFORMAT,
				  "the answer has no array '%s'", name);
	json_array_foreach(rows, n, row)
	{
		if (!take_row(ask, row, arena, reply, seen))
			return kb_err_set(err, KB_EFORMAT,
					  "element %zu of '%s' is unusable", n,
					  name);
	}
	if (n != ask->n_texts)
		return kb_err_set(err, KB_EFORMAT,
				  "%zu texts were sent, '%s' has %zu elements",
				  ask->n_texts, name, n);
	reply->finish = KB_STR("stop");
	return 0;
}

int kb_form_parse(const struct kb_form_ask *ask, struct kb_str text,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err)
{
	struct kb_body body;
	int rc;

	*reply =
	    (struct kb_form_reply){.input_tokens = -1, .output_tokens = -1};
	rc = kb_body_read(&body, text, "the answer", err);
	if (rc)
		return rc;
	if (!take_error(&body, arena, reply)) {
		reply->model = get_text(&body, "/model", arena);
		take_usage(&body, reply);
		if (ask->kind == KB_FORM_CHAT)
			rc = parse_chat(&body, arena, reply, err);
		else
			rc = parse_rows(ask, &body, arena, reply, err);
	}
	kb_body_release(&body);
	return rc;
}

/* ---- streams ---- */

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
static size_t choice_at(const struct kb_body *body)
{
	const json_t *choices = kb_body_at(body, "/choices"), *choice;
	int64_t index;
	size_t i;

	json_array_foreach(choices, i, choice)
	{
		if (!kb_body_int(json_object_get(choice, "index"), &index) ||
		    index == 0)
			break;
	}
	return i;
}

static int take_delta(struct kb_form_stream *stream, const struct kb_body *body,
		      struct kb_arena *arena, struct kb_form_reply *reply,
		      struct kb_err *err)
{
	size_t at = choice_at(body);
	char pointer[KB_POINTER_MAX];
	struct kb_str finish;

	if (!json_is_array(kb_body_at(body, "/choices")))
		return 0;
	snprintf(pointer, sizeof(pointer), "/choices/%zu/finish_reason", at);
	finish = get_text(body, pointer, arena);
	if (finish.len)
		reply->finish = finish;
	snprintf(pointer, sizeof(pointer), "/choices/%zu/delta", at);
	return kb_content_add(&stream->content, body, pointer, arena, err);
}

int kb_form_event(struct kb_form_stream *stream, struct kb_str data,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err)
{
	struct kb_body body;
	int rc = kb_body_read(&body, data, "an event of the stream", err);

	if (rc)
		return rc;
	if (!take_error(&body, arena, reply)) {
		take_usage(&body, reply);
		if (!reply->model.len)
			reply->model = get_text(&body, "/model", arena);
		rc = take_delta(stream, &body, arena, reply, err);
	}
	kb_body_release(&body);
	return rc;
}

int kb_form_delta(struct kb_form_stream *stream, struct kb_str data,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err)
{
	struct kb_content_texts texts;

	if (kb_str_is(kb_str_trim(data), "[DONE]")) {
		stream->done = true;
		return 0;
	}
	if (kb_delta_texts(data, reply->model.len > 0, arena, &texts))
		return kb_content_add_texts(&stream->content, &texts, err);
	return kb_form_event(stream, data, arena, reply, err);
}

void kb_form_stream_end(struct kb_form_stream *stream, struct kb_arena *arena,
			struct kb_form_reply *reply)
{
	settle(&stream->content, arena, reply);
}
