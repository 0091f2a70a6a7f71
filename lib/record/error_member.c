#include "record/error_member.h"

#include <assert.h>

#include "json/write.h"

void kb_error_set(struct kb_rec *rec, const char *tool,
		  const struct kb_err *err, struct kb_buf *scratch)
{
	struct kb_jw w;

	assert(tool && *tool);
	assert(err->code < 0);
	kb_buf_reset(scratch);
	kb_jw_init(&w, scratch);
	kb_jw_obj(&w);
	kb_jw_key(&w, "tool");
	kb_jw_cstr(&w, tool);
	kb_jw_key(&w, "code");
	kb_jw_cstr(&w, kb_code_name(err->code));
	kb_jw_key(&w, "message");
	kb_jw_cstr(&w, err->msg);
	kb_jw_key(&w, "retryable");
	kb_jw_bool(&w, err->retryable);
	kb_jw_end(&w);
	kb_rec_set(rec, "error",
		   kb_arena_copy(rec->arena, kb_buf_str(scratch)));
}

bool kb_error_is_set(const struct kb_rec *rec)
{
	return kb_rec_get(rec, "error").type > KB_JSON_NULL;
}

static struct kb_json inner(const struct kb_rec *rec, const char *name)
{
	return kb_json_get(kb_rec_get(rec, "error"), name);
}

bool kb_error_retryable(const struct kb_rec *rec)
{
	return inner(rec, "retryable").type == KB_JSON_TRUE;
}

static struct kb_str text_of(const struct kb_rec *rec, const char *name)
{
	struct kb_str text = {"", 0};

	kb_json_str(inner(rec, name), rec->arena, &text);
	return text;
}

struct kb_str kb_error_tool(const struct kb_rec *rec)
{
	return text_of(rec, "tool");
}

struct kb_str kb_error_message(const struct kb_rec *rec)
{
	struct kb_str text;

	/* Other programs than these may have put a plain string there. */
	if (!kb_json_str(kb_rec_get(rec, "error"), rec->arena, &text))
		text = text_of(rec, "message");
	return text.len || !kb_error_is_set(rec)
		   ? text
		   : KB_STR("an error without a message");
}
