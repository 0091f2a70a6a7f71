#include <math.h>
#include <stdlib.h>

#include "net/gemini_impl.h"
#include "net/number_rows.h"

#define WAIT_MAX_S 86400

/* ---- errors: google.rpc.Status ---- */

/* A Duration, "20s" or "1.5s"; -1 for none. */
static int64_t duration_ms(struct kb_str text)
{
	char number[32], *end;
	double s;

	if (text.len < 2 || text.len > sizeof(number) ||
	    text.ptr[text.len - 1] != 's')
		return -1;
	memcpy(number, text.ptr, text.len - 1);
	number[text.len - 1] = '\0';
	s = strtod(number, &end);
	if (*end || !(s >= 0 && s <= WAIT_MAX_S))
		return -1;
	return (int64_t)ceil(s * 1000);
}

static bool ends_day(const json_t *detail)
{
	const json_t *violation;
	struct kb_str id;
	size_t i;

	json_array_foreach(json_object_get(detail, "violations"), i, violation)
	{
		if (kb_body_str(json_object_get(violation, "quotaId"), &id) &&
		    kb_str_has_folded(id, "perday"))
			return true;
	}
	return false;
}

/* RetryInfo, ErrorInfo and QuotaFailure. A quota of the day does not come
 * back within a run, whatever time is named. */
static void take_details(const struct kb_body *body, struct kb_arena *arena,
			 struct kb_form_reply *reply)
{
	const json_t *list = kb_body_at(body, "/error/details"), *detail;
	struct kb_str text;
	size_t i;

	json_array_foreach(list, i, detail)
	{
		if (kb_body_str(json_object_get(detail, "retryDelay"), &text))
			reply->retry_after_ms = duration_ms(text);
		if (kb_body_str(json_object_get(detail, "reason"), &text) &&
		    text.len)
			reply->error_code = kb_arena_copy(arena, text);
		if (ends_day(detail)) {
			reply->error_code = KB_STR("insufficient_quota");
			return;
		}
	}
}

bool kb_gemini_error(const struct kb_body *body, struct kb_arena *arena,
		     struct kb_form_reply *reply)
{
	const json_t *error = kb_body_at(body, "/error");

	if (!json_is_object(error) && !json_is_string(error))
		return false;
	reply->error_code = kb_body_text(body, "/error/status", arena);
	reply->error_message = kb_body_text(
	    body, json_is_string(error) ? "/error" : "/error/message", arena);
	if (!reply->error_message.len)
		reply->error_message = KB_STR("an error without a message");
	take_details(body, arena, reply);
	return true;
}

/* ---- answers ---- */

void kb_gemini_usage(const struct kb_body *body, struct kb_form_reply *reply)
{
	const json_t *usage = kb_body_at(body, "/usageMetadata");
	int64_t said = -1, thought = -1;

	kb_body_count(usage, "promptTokenCount", &reply->input_tokens);
	kb_body_count(usage, "cachedContentTokenCount", &reply->cached_tokens);
	kb_body_count(usage, "candidatesTokenCount", &said);
	kb_body_count(usage, "thoughtsTokenCount", &thought);
	if (said >= 0 || thought >= 0)
		reply->output_tokens =
		    (said > 0 ? said : 0) + (thought > 0 ? thought : 0);
}

/* Why it stopped, in OpenAI's words. */
static void take_finish(struct kb_str reason, const struct kb_content *content,
			struct kb_form_reply *reply)
{
	static const char *const refusals[] = {
	    "SAFETY", "RECITATION", "BLOCKLIST",   "PROHIBITED_CONTENT",
	    "SPII",   "LANGUAGE",   "IMAGE_SAFETY"};
	static const char *const breaks[] = {
	    "OTHER", "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL",
	    "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE"};

	if (!reason.len || kb_str_is(reason, "FINISH_REASON_UNSPECIFIED"))
		return;
	reply->finish = reason;
	if (kb_str_is(reason, "STOP"))
		reply->finish =
		    content->n_tools ? KB_STR("tool_calls") : KB_STR("stop");
	else if (kb_str_is(reason, "MAX_TOKENS"))
		reply->finish = KB_STR("length");
	else if (kb_str_is(reason, "FUNCTION_CALL")) /* of some servers */
		reply->finish = KB_STR("tool_calls");
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
		if (kb_str_is(reason, refusals[i]))
			reply->finish = KB_STR("content_filter");
	for (size_t i = 0; i < sizeof(breaks) / sizeof(*breaks); i++)
		reply->unfinished |= kb_str_is(reason, breaks[i]);
}

static int add_part(struct kb_content *content, const json_t *part,
		    struct kb_json bytes, struct kb_arena *arena,
		    struct kb_err *err)
{
	static const char *const known[] = {"functionCall", "thought", NULL};
	const json_t *call = json_object_get(part, "functionCall");
	struct kb_json args =
	    kb_json_get(kb_json_get(bytes, "functionCall"), "args");
	struct kb_tool_piece piece = {.index = (int64_t)content->n_tools,
				      .otherwise = "{}",
				      .whole = bytes,
				      .known = known};
	struct kb_content_texts texts = {0};
	bool thought = json_is_true(json_object_get(part, "thought"));

	if (json_is_object(call)) {
		kb_body_str(json_object_get(call, "id"), &piece.id);
		kb_body_str(json_object_get(call, "name"), &piece.name);
		if (args.type == KB_JSON_OBJECT)
			piece.arguments = (struct kb_str){args.ptr, args.len};
		return kb_content_add_tool(content, &piece, arena, err);
	}
	kb_body_str(json_object_get(part, "text"),
		    thought ? &texts.reasoning_content : &texts.content);
	return kb_content_add_texts(content, &texts, err);
}

static int add_parts(struct kb_content *content, const struct kb_body *body,
		     struct kb_arena *arena, struct kb_err *err)
{
	static const char pointer[] = "/candidates/0/content/parts";
	const json_t *parts = kb_body_at(body, pointer), *part;
	struct kb_json_iter it;
	size_t i;

	if (!json_is_array(parts))
		return 0;
	it = kb_json_iter(kb_body_span(body, pointer));
	json_array_foreach(parts, i, part)
	{
		int rc;

		kb_json_next(&it);
		rc = add_part(content, part, it.val, arena, err);
		if (rc)
			return rc;
	}
	return 0;
}

static int take(const struct kb_body *body, struct kb_content *content,
		struct kb_arena *arena, struct kb_form_reply *reply,
		struct kb_err *err)
{
	struct kb_str why;
	int rc = add_parts(content, body, arena, err);

	if (rc)
		return rc;
	if (!reply->model.len)
		reply->model = kb_body_text(body, "/modelVersion", arena);
	take_finish(kb_body_text(body, "/candidates/0/finishReason", arena),
		    content, reply);
	/* A question that is refused has no candidate. */
	why = kb_body_text(body, "/promptFeedback/blockReason", arena);
	if (why.len)
		reply->finish = KB_STR("content_filter");
	return 0;
}

int kb_gemini_reply(const struct kb_form_ask *ask, const struct kb_body *body,
		    struct kb_content *content, struct kb_arena *arena,
		    struct kb_form_reply *reply, struct kb_err *err)
{
	static const struct kb_rows_form vectors = {
	    "embeddings", {"values"}, false};

	if (ask->kind != KB_FORM_CHAT)
		return kb_rows_read(ask, body, &vectors, arena, reply, err);
	if (!json_is_object(kb_body_at(body, "/candidates/0")) &&
	    !json_is_object(kb_body_at(body, "/promptFeedback")))
		return kb_err_set(err, KB_EFORMAT,
				  "the answer has no 'candidates[0]'");
	return take(body, content, arena, reply, err);
}

int kb_gemini_event(struct kb_form_stream *stream, const struct kb_body *body,
		    struct kb_arena *arena, struct kb_form_reply *reply,
		    struct kb_err *err)
{
	return take(body, &stream->content, arena, reply, err);
}
