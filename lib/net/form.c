#include "net/form.h"

#define ANSWER_MAX_BYTES ((size_t)32 << 20)

const char *kb_form_url(const struct kb_form_ask *ask,
			const struct kb_provider *provider,
			struct kb_arena *arena, struct kb_err *err)
{
	static const char *const kinds[] = {"answer", "embed (--embed)",
					    "rerank (--rerank)"};
	const struct kb_dialect *dialect = kb_dialect_of(provider);
	const char *path = dialect->path(ask, provider, arena);
	const char *query = provider->url_query;

	if (!path) {
		kb_err_set(err, KB_EINVAL, "the dialect '%s' does not %s",
			   dialect->name, kinds[ask->kind]);
		return NULL;
	}
	if (dialect->needs_model && !*kb_form_model(ask, provider) &&
	    !kb_members_any(ask, provider, "model").type) {
		kb_err_set(err, KB_EINVAL,
			   "no model is named: use -m, or 'model' of the "
			   "provider");
		return NULL;
	}
	/* Both may have a query. */
	if (*query && strchr(path, '?'))
		return kb_arena_printf(arena, "%s%s&%s", provider->base_url,
				       path, query + 1);
	return kb_arena_printf(arena, "%s%s%s", provider->base_url, path,
			       query);
}

void kb_form_build(const struct kb_form_ask *ask,
		   const struct kb_provider *provider, struct kb_buf *body)
{
	struct kb_arena arena;
	struct kb_jw w;

	kb_arena_init(&arena);
	kb_jw_init(&w, body);
	kb_jw_obj(&w);
	kb_dialect_of(provider)->put(&w, ask, provider, &arena);
	kb_jw_end(&w);
	kb_arena_release(&arena);
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
	reply->refused |= content->refused;
}

int kb_form_parse(const struct kb_form_ask *ask,
		  const struct kb_dialect *dialect, struct kb_str text,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err)
{
	struct kb_content content;
	struct kb_body body;
	int rc;

	*reply = KB_FORM_REPLY;
	rc = kb_body_read(&body, text, "the answer", err);
	if (rc)
		return rc;
	kb_content_init(&content, ANSWER_MAX_BYTES);
	if (!dialect->error(&body, arena, reply)) {
		dialect->usage(&body, reply);
		rc = dialect->reply(ask, &body, &content, arena, reply, err);
		if (!rc && ask->kind == KB_FORM_CHAT)
			settle(&content, arena, reply);
	}
	kb_content_release(&content);
	kb_body_release(&body);
	return rc;
}

/* ---- streams ---- */

void kb_form_stream_init(struct kb_form_stream *stream,
			 const struct kb_dialect *dialect)
{
	stream->done = false;
	stream->dialect = dialect;
	kb_content_init(&stream->content, ANSWER_MAX_BYTES);
}

void kb_form_stream_release(struct kb_form_stream *stream)
{
	kb_content_release(&stream->content);
}

int kb_form_event(struct kb_form_stream *stream, struct kb_str data,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err)
{
	const struct kb_dialect *dialect = stream->dialect;
	struct kb_body body;
	int rc = kb_body_read(&body, data, "an event of the stream", err);

	if (rc)
		return rc;
	if (!dialect->error(&body, arena, reply)) {
		dialect->usage(&body, reply);
		rc = dialect->event(stream, &body, arena, reply, err);
	}
	kb_body_release(&body);
	return rc;
}

int kb_form_delta(struct kb_form_stream *stream, struct kb_str data,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err)
{
	const struct kb_dialect *dialect = stream->dialect;
	int rc = 0;

	if (dialect->token)
		rc = dialect->token(stream, data, arena, reply, err);
	if (rc)
		return rc < 0 ? rc : 0;
	return kb_form_event(stream, data, arena, reply, err);
}

void kb_form_stream_end(struct kb_form_stream *stream, struct kb_arena *arena,
			struct kb_form_reply *reply)
{
	settle(&stream->content, arena, reply);
}
