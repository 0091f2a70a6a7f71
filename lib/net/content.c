#include "net/content.h"

#include <assert.h>
#include <stdio.h>

#include "json/write.h"

/* A call of a tool, grown from its pieces. */
struct kb_tool {
	int64_t index;
	struct kb_str id, type, name;
	struct kb_str first; /* its first piece, for the members that are not
				known here */
	const char *const *known;
	const char *otherwise;
	struct kb_buf arguments;
};

void kb_content_init(struct kb_content *content, size_t max_bytes)
{
	*content = (struct kb_content){0};
	kb_buf_init(&content->raw, max_bytes);
	kb_buf_init(&content->answer, max_bytes);
	kb_buf_init(&content->reasoning, max_bytes);
}

void kb_content_release(struct kb_content *content)
{
	kb_buf_release(&content->raw);
	kb_buf_release(&content->answer);
	kb_buf_release(&content->reasoning);
	for (size_t i = 0; i < content->n_tools; i++)
		kb_buf_release(&content->tools[i].arguments);
	content->n_tools = 0;
	content->tools = NULL;
}

/* ---- texts ---- */

static void add_texts(struct kb_content *content, const json_t *val,
		      bool thought);

static void add_text(struct kb_content *content, const json_t *val,
		     bool thought)
{
	struct kb_str text;

	if (kb_body_str(val, &text))
		kb_buf_add_str(thought ? &content->reasoning : &content->raw,
			       text);
}

/* {"type":"text","text":...} and its kin. A thought is a text, or a list of
 * such parts again (to the depth that one call allows). */
static void add_part(struct kb_content *content, const json_t *part,
		     bool thought)
{
	const json_t *val = json_object_get(part, "thinking");
	struct kb_str type = KB_STR("text");

	kb_body_str(json_object_get(part, "type"), &type);
	if (kb_str_is(type, "refusal")) {
		content->refused = true;
		val = json_object_get(part, "refusal");
	} else if (kb_str_is(type, "thinking") ||
		   kb_str_is(type, "reasoning")) {
		if (json_is_array(val) && !thought) {
			add_texts(content, val, true);
			return;
		}
		thought = true;
		if (!json_is_string(val))
			val = json_object_get(part, "text");
	} else if (kb_str_is(type, "text") || kb_str_is(type, "output_text")) {
		val = json_object_get(part, "text");
	} else {
		return;
	}
	add_text(content, val, thought);
}

static void add_texts(struct kb_content *content, const json_t *val,
		      bool thought)
{
	const json_t *part;
	size_t i;

	add_text(content, val, thought);
	json_array_foreach(val, i, part)
	{
		if (json_is_object(part))
			add_part(content, part, thought);
		else
			add_text(content, part, thought);
	}
}

static struct kb_str left_trim(struct kb_str text)
{
	while (text.len && kb_is_space(*text.ptr))
		text = kb_str_skip(text, 1);
	return text;
}

/* Blanks around reasoning belong to neither side. */
static void take_span(struct kb_content *content,
		      const struct kb_reasoning_span *span)
{
	struct kb_str text = {content->raw.ptr + span->start,
			      span->end - span->start};

	switch (span->kind) {
	case KB_REASONING_ANSWER:
		if (content->split.any_tag && !content->answer.len)
			text = left_trim(text);
		kb_buf_add_str(&content->answer, text);
		break;
	case KB_REASONING_THOUGHT:
		kb_buf_add_str(&content->reasoning, text);
		break;
	case KB_REASONING_RECALL:
		kb_buf_add_str(&content->reasoning,
			       kb_buf_str(&content->answer));
		content->recalled |= content->answer.len > 0;
		kb_buf_reset(&content->answer);
		break;
	case KB_REASONING_TAG:
		if (!left_trim(kb_buf_str(&content->answer)).len)
			kb_buf_reset(&content->answer);
		break;
	}
}

static void split(struct kb_content *content, bool more)
{
	struct kb_reasoning_span span;

	while (kb_reasoning_next(&content->split, kb_buf_str(&content->raw),
				 more, &span))
		take_span(content, &span);
}

/* ---- tool calls ---- */

/* The call a piece belongs to: that of its index, unless it names another id;
 * without an index the last one. A new one, which keeps the bytes of the
 * piece, where there is none. */
static struct kb_tool *tool_of(struct kb_content *content,
			       const struct kb_tool_piece *piece,
			       struct kb_arena *arena)
{
	struct kb_tool *tool;
	size_t i = content->n_tools;

	while (i-- > 0) {
		tool = &content->tools[i];
		if (piece->index >= 0 && tool->index != piece->index)
			continue;
		if (piece->id.len && tool->id.len &&
		    !kb_str_eq(piece->id, tool->id))
			break;
		return tool;
	}
	if (content->n_tools == KB_TOOLS_MAX)
		return NULL;
	if (!content->tools)
		content->tools =
		    kb_arena_calloc(arena, KB_TOOLS_MAX, sizeof(*tool));
	tool = &content->tools[content->n_tools++];
	tool->index = piece->index;
	tool->known = piece->known;
	tool->otherwise = piece->otherwise;
	tool->first = kb_arena_copy(
	    arena, (struct kb_str){piece->whole.ptr, piece->whole.len});
	kb_buf_init(&tool->arguments, content->raw.max);
	return tool;
}

static void take_str(struct kb_str *dst, struct kb_str text,
		     struct kb_arena *arena)
{
	if (!dst->len)
		*dst = kb_arena_copy(arena, text);
}

bool kb_content_has_tool(const struct kb_content *content, int64_t index)
{
	for (size_t i = 0; i < content->n_tools; i++)
		if (content->tools[i].index == index)
			return true;
	return false;
}

int kb_content_add_tool(struct kb_content *content,
			const struct kb_tool_piece *piece,
			struct kb_arena *arena, struct kb_err *err)
{
	struct kb_tool *tool = tool_of(content, piece, arena);

	if (!tool)
		return kb_err_set(err, KB_ELIMIT, "more than %d tool calls",
				  KB_TOOLS_MAX);
	take_str(&tool->id, piece->id, arena);
	take_str(&tool->type, piece->type, arena);
	take_str(&tool->name, piece->name, arena);
	kb_buf_add_str(&tool->arguments, piece->arguments);
	if (tool->arguments.over)
		return kb_err_set(err, KB_ELIMIT,
				  "the answer is larger than %zu bytes",
				  content->raw.max);
	return 0;
}

/* Of OpenAI's form: its tree, and its bytes. */
static int add_call(struct kb_content *content, const json_t *call,
		    const json_t *function, struct kb_json bytes,
		    struct kb_json function_bytes, struct kb_arena *arena,
		    struct kb_err *err)
{
	static const char *const known[] = {"index", "id", "type", "function",
					    NULL};
	const json_t *arguments = json_object_get(function, "arguments");
	struct kb_tool_piece piece = {
	    .index = -1, .whole = bytes, .known = known};

	kb_body_int(json_object_get(call, "index"), &piece.index);
	kb_body_str(json_object_get(call, "id"), &piece.id);
	kb_body_str(json_object_get(call, "type"), &piece.type);
	kb_body_str(json_object_get(function, "name"), &piece.name);
	if (json_is_object(arguments)) { /* as Ollama has it */
		struct kb_json raw = kb_json_get(function_bytes, "arguments");

		piece.arguments = (struct kb_str){raw.ptr, raw.len};
	} else {
		kb_body_str(arguments, &piece.arguments);
	}
	return kb_content_add_tool(content, &piece, arena, err);
}

static int add_tools(struct kb_content *content, const struct kb_body *body,
		     const char *pointer, const json_t *list,
		     struct kb_arena *arena, struct kb_err *err)
{
	struct kb_json_iter it = kb_json_iter(kb_body_span(body, pointer));
	const json_t *call;
	size_t i;
	int rc;

	/* The tree and its bytes, side by side. */
	json_array_foreach(list, i, call)
	{
		kb_json_next(&it);
		if (!json_is_object(call))
			return kb_err_set(err, KB_EFORMAT,
					  "a tool call is no object");
		rc = add_call(content, call, json_object_get(call, "function"),
			      it.val, kb_json_get(it.val, "function"), arena,
			      err);
		if (rc)
			return rc;
	}
	return 0;
}

/* Members of the first piece that are not known here go on as they came. */
static void put_rest(struct kb_jw *w, const struct kb_tool *tool)
{
	struct kb_json object = {KB_JSON_OBJECT, tool->first.ptr,
				 tool->first.len};
	struct kb_json_iter it = kb_json_iter(object);

	while (kb_json_next(&it)) {
		bool skip = false;

		for (size_t i = 0; tool->known[i]; i++)
			skip |= kb_json_key_is(it.key, tool->known[i]);
		if (skip)
			continue;
		kb_jw_key_raw(w, it.key);
		kb_jw_raw(w, (struct kb_str){it.val.ptr, it.val.len});
	}
}

struct kb_str kb_content_tools(const struct kb_content *content,
			       struct kb_arena *arena)
{
	struct kb_str json;
	struct kb_buf buf;
	struct kb_jw w;

	if (!content->n_tools)
		return (struct kb_str){NULL, 0};
	kb_buf_init(&buf, 0);
	kb_jw_init(&w, &buf);
	kb_jw_arr(&w);
	for (size_t i = 0; i < content->n_tools; i++) {
		const struct kb_tool *tool = &content->tools[i];

		kb_jw_obj(&w);
		if (tool->id.len) {
			kb_jw_key(&w, "id");
			kb_jw_str(&w, tool->id);
		}
		kb_jw_key(&w, "type");
		kb_jw_str(&w, tool->type.len ? tool->type : KB_STR("function"));
		kb_jw_key(&w, "function");
		kb_jw_obj(&w);
		kb_jw_key(&w, "name");
		kb_jw_str(&w, tool->name);
		kb_jw_key(&w, "arguments");
		if (tool->arguments.len || !tool->otherwise)
			kb_jw_str(&w, kb_buf_str(&tool->arguments));
		else
			kb_jw_cstr(&w, tool->otherwise);
		kb_jw_end(&w);
		put_rest(&w, tool);
		kb_jw_end(&w);
	}
	kb_jw_end(&w);
	json = kb_arena_copy(arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return json;
}

/* ---- all ---- */

/* After texts have come. */
static int settle(struct kb_content *content, struct kb_err *err)
{
	split(content, true);
	if (content->raw.over || content->reasoning.over)
		return kb_err_set(err, KB_ELIMIT,
				  "the answer is larger than %zu bytes",
				  content->raw.max);
	return 0;
}

int kb_content_add_texts(struct kb_content *content,
			 const struct kb_content_texts *texts,
			 struct kb_err *err)
{
	struct kb_str thought = texts->reasoning_content;

	/* One server gives both names, of the same text. */
	kb_buf_add_str(&content->reasoning,
		       thought.len ? thought : texts->reasoning);
	kb_buf_add_str(&content->raw, texts->content);
	return settle(content, err);
}

int kb_content_add(struct kb_content *content, const struct kb_body *body,
		   const char *pointer, struct kb_arena *arena,
		   struct kb_err *err)
{
	static const char *const thoughts[] = {"reasoning_content",
					       "reasoning"};
	static const struct kb_json empty = {KB_JSON_OBJECT, "{}", 2};
	const json_t *message = kb_body_at(body, pointer);
	const json_t *refusal = json_object_get(message, "refusal");
	const json_t *list = json_object_get(message, "tool_calls");
	const json_t *call = json_object_get(message, "function_call");
	size_t before = content->reasoning.len;
	char at[KB_POINTER_MAX];
	int rc;

	for (int i = 0; i < 2 && content->reasoning.len == before; i++)
		add_texts(content, json_object_get(message, thoughts[i]), true);
	add_texts(content, json_object_get(message, "content"), false);
	if (json_string_length(refusal)) {
		content->refused = true;
		add_text(content, refusal, false);
	}
	rc = settle(content, err);
	if (rc)
		return rc;
	if (json_is_array(list)) {
		snprintf(at, sizeof(at), "%s/tool_calls", pointer);
		return add_tools(content, body, at, list, arena, err);
	}
	if (!json_is_object(call))
		return 0;
	/* The older form: one call, without a name of its own. */
	snprintf(at, sizeof(at), "%s/function_call", pointer);
	return add_call(content, NULL, call, empty, kb_body_span(body, at),
			arena, err);
}

void kb_content_end(struct kb_content *content)
{
	struct kb_buf *thought = &content->reasoning;
	size_t blank;

	split(content, false);
	while (thought->len && kb_is_space(thought->ptr[thought->len - 1]))
		thought->len--;
	for (blank = 0; blank < thought->len; blank++)
		if (!kb_is_space(thought->ptr[blank]))
			break;
	if (blank)
		memmove(thought->ptr, thought->ptr + blank,
			thought->len - blank);
	thought->len -= blank;
}
