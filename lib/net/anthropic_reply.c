#include "net/anthropic_impl.h"

bool kb_anthropic_error(const struct kb_body *body, struct kb_arena *arena,
			struct kb_form_reply *reply)
{
	const json_t *error = kb_body_at(body, "/error");

	if (!json_is_object(error) && !json_is_string(error))
		return false;
	reply->error_code = kb_body_text(body, "/error/type", arena);
	reply->error_message = kb_body_text(
	    body, json_is_string(error) ? "/error" : "/error/message", arena);
	if (!reply->error_message.len)
		reply->error_message = KB_STR("an error without a message");
	return true;
}

/* What was read from a cache or written into one was read, too. Counts of a
 * stream come again and are those so far. */
static void take_usage(const json_t *usage, struct kb_form_reply *reply)
{
	int64_t input = -1, cached = -1, written = -1;

	kb_body_count(usage, "input_tokens", &input);
	kb_body_count(usage, "cache_read_input_tokens", &cached);
	kb_body_count(usage, "cache_creation_input_tokens", &written);
	if (input >= 0)
		reply->input_tokens = input + (cached > 0 ? cached : 0) +
				      (written > 0 ? written : 0);
	if (cached >= 0)
		reply->cached_tokens = cached;
	kb_body_count(usage, "output_tokens", &reply->output_tokens);
}

void kb_anthropic_usage(const struct kb_body *body, struct kb_form_reply *reply)
{
	take_usage(kb_body_at(body, "/message/usage"), reply);
	take_usage(kb_body_at(body, "/usage"), reply);
}

/* Why it stopped, in OpenAI's words. */
static void take_stop(const struct kb_body *body, const char *pointer,
		      struct kb_arena *arena, struct kb_form_reply *reply)
{
	static const struct {
		const char *own, *finish;
	} reasons[] = {{"end_turn", "stop"},
		       {"stop_sequence", "stop"},
		       {"max_tokens", "length"},
		       {"tool_use", "tool_calls"},
		       {"refusal", "content_filter"}};
	struct kb_str reason = kb_body_text(body, pointer, arena);

	if (!reason.len)
		return;
	reply->finish = reason;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (kb_str_is(reason, reasons[i].own))
			reply->finish = kb_str_of(reasons[i].finish);
	if (kb_str_is(reason, "pause_turn")) {
		reply->unfinished = true;
	} else if (kb_str_is(reason, "model_context_window_exceeded")) {
		reply->error_code = KB_STR("context_window_exceeded");
		reply->error_message =
		    KB_STR("the answer met the end of the context window");
	}
}

static int add_tool(struct kb_content *content, const json_t *block,
		    struct kb_json bytes, int64_t index, struct kb_arena *arena,
		    struct kb_err *err)
{
	static const char *const known[] = {"type", "id", "name", "input",
					    NULL};
	struct kb_tool_piece piece = {
	    .index = index, .otherwise = "{}", .whole = bytes, .known = known};
	struct kb_json input = kb_json_get(bytes, "input");

	kb_body_str(json_object_get(block, "id"), &piece.id);
	kb_body_str(json_object_get(block, "name"), &piece.name);
	/* In a stream it is empty here, and comes in pieces. */
	if (input.type == KB_JSON_OBJECT && kb_json_count(input))
		piece.arguments = (struct kb_str){input.ptr, input.len};
	return kb_content_add_tool(content, &piece, arena, err);
}

/* A block, whole or as a stream begins it; and its bytes. */
static int add_block(struct kb_content *content, const json_t *block,
		     struct kb_json bytes, int64_t index,
		     struct kb_arena *arena, struct kb_err *err)
{
	struct kb_content_texts texts = {0};
	struct kb_str type = {NULL, 0};

	kb_body_str(json_object_get(block, "type"), &type);
	if (kb_str_is(type, "tool_use"))
		return add_tool(content, block, bytes, index, arena, err);
	if (kb_str_is(type, "text"))
		kb_body_str(json_object_get(block, "text"), &texts.content);
	else if (kb_str_is(type, "thinking"))
		kb_body_str(json_object_get(block, "thinking"),
			    &texts.reasoning_content);
	return kb_content_add_texts(content, &texts, err);
}

int kb_anthropic_reply(const struct kb_form_ask *ask,
		       const struct kb_body *body, struct kb_content *content,
		       struct kb_arena *arena, struct kb_form_reply *reply,
		       struct kb_err *err)
{
	const json_t *blocks = kb_body_at(body, "/content"), *block;
	struct kb_json_iter it;
	size_t i;
	int rc;

	if (ask->kind != KB_FORM_CHAT || !json_is_array(blocks))
		return kb_err_set(err, KB_EFORMAT,
				  "the answer has no array 'content'");
	reply->model = kb_body_text(body, "/model", arena);
	take_stop(body, "/stop_reason", arena, reply);
	it = kb_json_iter(kb_body_span(body, "/content"));
	json_array_foreach(blocks, i, block)
	{
		kb_json_next(&it);
		rc = add_block(content, block, it.val, (int64_t)i, arena, err);
		if (rc)
			return rc;
	}
	return 0;
}

/* ---- events ---- */

static int take_delta(struct kb_content *content, const struct kb_body *body,
		      struct kb_arena *arena, struct kb_err *err)
{
	static const char *const known[] = {NULL};
	const json_t *delta = kb_body_at(body, "/delta");
	struct kb_tool_piece piece = {.index = -1,
				      .otherwise = "{}",
				      .whole = {KB_JSON_OBJECT, "{}", 2},
				      .known = known};
	struct kb_content_texts texts = {0};
	struct kb_str type = {NULL, 0};

	kb_body_str(json_object_get(delta, "type"), &type);
	if (kb_str_is(type, "input_json_delta")) {
		kb_body_int(kb_body_at(body, "/index"), &piece.index);
		kb_body_str(json_object_get(delta, "partial_json"),
			    &piece.arguments);
		/* A tool that the provider itself runs has begun no call. */
		return piece.arguments.len &&
			       kb_content_has_tool(content, piece.index)
			   ? kb_content_add_tool(content, &piece, arena, err)
			   : 0;
	}
	if (kb_str_is(type, "text_delta"))
		kb_body_str(json_object_get(delta, "text"), &texts.content);
	else if (kb_str_is(type, "thinking_delta"))
		kb_body_str(json_object_get(delta, "thinking"),
			    &texts.reasoning_content);
	return kb_content_add_texts(content, &texts, err);
}

int kb_anthropic_event(struct kb_form_stream *stream,
		       const struct kb_body *body, struct kb_arena *arena,
		       struct kb_form_reply *reply, struct kb_err *err)
{
	struct kb_str type = {NULL, 0};
	int64_t index = -1;

	kb_body_str(kb_body_at(body, "/type"), &type);
	if (kb_str_is(type, "message_start")) {
		reply->model = kb_body_text(body, "/message/model", arena);
	} else if (kb_str_is(type, "content_block_start")) {
		kb_body_int(kb_body_at(body, "/index"), &index);
		return add_block(
		    &stream->content, kb_body_at(body, "/content_block"),
		    kb_body_span(body, "/content_block"), index, arena, err);
	} else if (kb_str_is(type, "content_block_delta")) {
		return take_delta(&stream->content, body, arena, err);
	} else if (kb_str_is(type, "message_delta")) {
		take_stop(body, "/delta/stop_reason", arena, reply);
	} else if (kb_str_is(type, "message_stop")) {
		stream->done = true;
	}
	return 0;
}
