#include "prompt/prompt_vars.h"

#include "text/lang.h"

static struct kb_val *member(struct kb_prompt_input *in, struct kb_val v,
			     const char *name)
{
	if (v.type != KB_VAL_DICT)
		return NULL;
	return kb_dict_get(v.u.dict, in->arena, kb_str_of(name));
}

/* The text of a content: a string, or the text parts of an array. */
static bool content_text(struct kb_prompt_input *in, struct kb_val *content,
			 struct kb_str *text)
{
	struct kb_buf buf;

	*text = KB_STR("");
	if (!content || content->type == KB_VAL_NONE)
		return true;
	if (content->type == KB_VAL_STR) {
		*text = content->u.s;
		return true;
	}
	if (content->type != KB_VAL_LIST)
		return false;
	kb_buf_init(&buf, 0);
	kb_seq_open(content->u.list, in->arena);
	for (size_t i = 0; i < content->u.list->n; i++) {
		struct kb_val *part =
		    member(in, content->u.list->items[i], "text");

		if (!part || part->type != KB_VAL_STR)
			continue;
		if (buf.len)
			kb_buf_add_char(&buf, '\n');
		kb_buf_add_str(&buf, part->u.s);
	}
	if (buf.len)
		*text = kb_arena_copy(in->arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return true;
}

static bool is_allowed(const char *roles, struct kb_str role)
{
	while (*roles) {
		size_t n = strcspn(roles, " ,");

		if (n && n == role.len && !memcmp(roles, role.ptr, n))
			return true;
		roles += n + (roles[n] != '\0');
	}
	return false;
}

static void add_turn(struct kb_prompt_input *in, struct kb_str role,
		     struct kb_str text)
{
	struct kb_val turn = kb_val_dict(in->arena);

	kb_dict_put(turn.u.dict, in->arena, KB_STR("role"), kb_val_str(role));
	kb_dict_put(turn.u.dict, in->arena, KB_STR("content"),
		    kb_val_str(text));
	kb_seq_add(in->history.u.list, in->arena, turn);
}

static void set(struct kb_prompt_input *in, const char *name, struct kb_val v)
{
	for (size_t i = 0; i < in->n_vars; i++)
		if (kb_str_is(in->vars[i].name, name)) {
			in->vars[i].val = v;
			return;
		}
	in->vars[in->n_vars++] = (struct kb_tmpl_var){kb_str_of(name), v};
}

static bool is_system(struct kb_str role)
{
	return kb_str_is(role, "system") || kb_str_is(role, "developer");
}

/* One message into history or the system text; *last is the last user turn
 * in history, or NULL. */
static int read_message(struct kb_prompt_input *in, struct kb_val m, size_t i,
			const char *roles, struct kb_buf *system,
			struct kb_str *last, struct kb_err *err)
{
	struct kb_val *role = member(in, m, "role");
	char quoted[KB_QUOTE_MAX];
	struct kb_str text;

	if (!role || role->type != KB_VAL_STR)
		return kb_err_set(err, KB_EINVAL,
				  "messages[%zu] has no string member 'role'",
				  i);
	if (!is_allowed(roles, role->u.s))
		return kb_err_set(
		    err, KB_EINVAL,
		    "messages[%zu] has the role '%s', which is "
		    "not among '%s'",
		    i, kb_err_quote(quoted, role->u.s.ptr, role->u.s.len),
		    roles);
	if (!content_text(in, member(in, m, "content"), &text))
		return kb_err_set(err, KB_EINVAL,
				  "messages[%zu] has a content that is neither "
				  "a string nor an array of parts",
				  i);
	if (is_system(role->u.s)) {
		if (system->len && text.len)
			kb_buf_add_cstr(system, "\n\n");
		kb_buf_add_str(system, text);
		return 0;
	}
	in->n_droppable++;
	if (!text.len || (!kb_str_is(role->u.s, "user") &&
			  !kb_str_is(role->u.s, "assistant")))
		return 0;
	add_turn(in, role->u.s, text);
	last->ptr = NULL;
	if (kb_str_is(role->u.s, "user"))
		*last = text;
	return 0;
}

static int read_messages(struct kb_prompt_input *in, const char *roles,
			 struct kb_str *last, struct kb_err *err)
{
	struct kb_buf system;
	int rc = 0;

	if (in->messages.type != KB_VAL_LIST)
		return in->messages.type == KB_VAL_UNDEF ||
			       in->messages.type == KB_VAL_NONE
			   ? 0
			   : kb_err_set(err, KB_EINVAL,
					"'messages' is not an array");
	kb_seq_open(in->messages.u.list, in->arena);
	in->n_messages = in->messages.u.list->n;
	if (in->n_messages > KB_PROMPT_MESSAGES)
		return kb_err_set(err, KB_ELIMIT,
				  "%zu messages, more than the limit of %d",
				  in->n_messages, KB_PROMPT_MESSAGES);
	kb_buf_init(&system, 0);
	for (size_t i = 0; rc == 0 && i < in->n_messages; i++)
		rc = read_message(in, in->messages.u.list->items[i], i, roles,
				  &system, last, err);
	if (system.len)
		set(in, "system",
		    kb_val_str(kb_arena_copy(in->arena, kb_buf_str(&system))));
	kb_buf_release(&system);
	return rc;
}

static int read_hits(struct kb_prompt_input *in, struct kb_err *err)
{
	if (in->hits.type == KB_VAL_UNDEF || in->hits.type == KB_VAL_NONE) {
		in->hits = kb_val_list(in->arena, false);
		return 0;
	}
	in->has_hits = true;
	if (in->hits.type != KB_VAL_LIST)
		return kb_err_set(err, KB_EINVAL, "'hits' is not an array");
	kb_seq_open(in->hits.u.list, in->arena);
	in->n_hits = in->hits.u.list->n;
	for (size_t i = 0; i < in->n_hits; i++)
		if (in->hits.u.list->items[i].type != KB_VAL_DICT)
			return kb_err_set(err, KB_EINVAL,
					  "hits[%zu] is not an object", i);
	if (in->n_hits > KB_PROMPT_HITS)
		return kb_err_set(err, KB_ELIMIT,
				  "%zu hits, more than the limit of %d",
				  in->n_hits, KB_PROMPT_HITS);
	return 0;
}

/* The question, and history without it where it is the last turn. */
static int find_question(struct kb_prompt_input *in, const struct kb_rec *rec,
			 struct kb_str last, struct kb_err *err)
{
	struct kb_json query = kb_rec_get(rec, "query");
	struct kb_seq *history = in->history.u.list;

	if (query.type != KB_JSON_NONE && query.type != KB_JSON_NULL &&
	    query.type != KB_JSON_STRING)
		return kb_err_set(err, KB_EINVAL, "'query' is not a string");
	in->has_question = true;
	if (kb_json_str(query, in->arena, &in->question)) {
		if (last.ptr && kb_str_eq(last, in->question))
			history->n--;
	} else if (last.ptr) {
		in->question = last;
		history->n--;
	} else if (!kb_json_str(kb_rec_get(rec, "standalone"), in->arena,
				&in->question)) {
		in->has_question = false;
	}
	in->n_history = history->n;
	if (!in->has_question)
		return 0;
	in->zh = kb_lang_main(in->question.ptr, in->question.len) == KB_LANG_ZH;
	set(in, "question", kb_val_str(in->question));
	return 0;
}

int kb_prompt_input_read(struct kb_prompt_input *in, const struct kb_rec *rec,
			 struct kb_arena *arena, const char *roles,
			 struct kb_err *err)
{
	struct kb_str last = {NULL, 0};
	int rc;

	memset(in, 0, sizeof(*in));
	in->arena = arena;
	in->hits = kb_val_json(kb_rec_get(rec, "hits"), arena);
	in->messages = kb_val_json(kb_rec_get(rec, "messages"), arena);
	in->history = kb_val_list(arena, false);
	set(in, "system", kb_val_str(KB_STR("")));
	rc = read_hits(in, err);
	if (rc == 0)
		rc = read_messages(in, roles, &last, err);
	if (rc == 0)
		rc = find_question(in, rec, last, err);
	if (rc < 0)
		return rc;
	set(in, "lang", kb_val_str(in->zh ? KB_STR("zh") : KB_STR("en")));
	if (in->messages.type != KB_VAL_LIST)
		in->messages = kb_val_list(arena, false);
	kb_prompt_input_cut(in, in->n_hits, 0);
	return 0;
}

/* A list that shares the items of another from 'from' on. */
static struct kb_val part(struct kb_prompt_input *in, struct kb_val list,
			  size_t from, size_t n)
{
	struct kb_val v = kb_val_list(in->arena, false);

	if (n)
		v.u.list->items = list.u.list->items + from;
	v.u.list->n = v.u.list->cap = n;
	return v;
}

/* Messages without the n oldest that are not the system's. */
static struct kb_val newer(struct kb_prompt_input *in, size_t n)
{
	struct kb_seq *all = in->messages.u.list;
	struct kb_val v;

	if (!n)
		return in->messages;
	v = kb_val_list(in->arena, false);
	for (size_t i = 0; i < all->n; i++) {
		struct kb_val *role = member(in, all->items[i], "role");

		if (n && role && role->type == KB_VAL_STR &&
		    !is_system(role->u.s))
			n--;
		else
			kb_seq_add(v.u.list, in->arena, all->items[i]);
	}
	return v;
}

void kb_prompt_input_cut(struct kb_prompt_input *in, size_t n_hits,
			 size_t n_dropped)
{
	size_t old = n_dropped < in->n_history ? n_dropped : in->n_history;

	set(in, "hits", part(in, in->hits, 0, n_hits));
	set(in, "messages", newer(in, n_dropped));
	set(in, "history", part(in, in->history, old, in->n_history - old));
}
