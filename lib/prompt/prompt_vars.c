#include "prompt/prompt_vars.h"

#include <assert.h>

#include "record/exchange.h"
#include "record/hit.h"
#include "record/question.h"
#include "text/lang.h"

static struct kb_val *member(struct kb_prompt_input *in, struct kb_val v,
			     const char *name)
{
	if (v.type != KB_VAL_DICT)
		return NULL;
	return kb_dict_get(v.u.dict, in->arena, kb_str_of(name));
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

static int check_role(const struct kb_chat_message *m, size_t i,
		      const char *roles, struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];

	if (is_allowed(roles, m->role_text))
		return 0;
	return kb_err_set(
	    err, KB_EINVAL,
	    "messages[%zu] has the role '%s', which is not among '%s'", i,
	    kb_err_quote(quoted, m->role_text.ptr, m->role_text.len), roles);
}

/* The last user message that says something; ptr NULL when none does. */
struct last_user {
	struct kb_str text;
	bool ends; /* nobody said anything after it */
};

/* One message into history or the system text; true when the user says
 * something with it. */
static bool read_message(struct kb_prompt_input *in,
			 const struct kb_chat_message *m, struct kb_buf *system,
			 struct last_user *last)
{
	struct kb_str text = kb_content_text(m->content, in->arena);

	if (m->role == KB_ROLE_SYSTEM) {
		if (system->len && text.len)
			kb_buf_add_cstr(system, "\n\n");
		kb_buf_add_str(system, text);
		return false;
	}
	if (m->role == KB_ROLE_OTHER || kb_text_blank(text))
		return false;
	add_turn(in, m->role_text, text);
	last->ends = m->role == KB_ROLE_USER;
	if (last->ends)
		last->text = text;
	return last->ends;
}

static int too_many(struct kb_json messages, struct kb_err *err)
{
	return kb_err_set(err, KB_ELIMIT,
			  "%zu messages, more than the limit of %d",
			  kb_json_count(messages), KB_PROMPT_MESSAGES);
}

/* Messages that the budget may cut are all but the system's, and but empty
 * ones behind the question. */
static int read_messages(struct kb_prompt_input *in, struct kb_json list,
			 const char *roles, struct last_user *last,
			 struct kb_err *err)
{
	struct kb_turns turns = kb_turns_open(list);
	struct kb_chat_message m;
	struct kb_buf system;
	size_t n = 0, seen = 0;
	int rc = 0;

	kb_buf_init(&system, 0);
	for (; rc == 0 && kb_turns_next(&turns, in->arena, &m); n++) {
		if (n == KB_PROMPT_MESSAGES) {
			rc = too_many(list, err);
			break;
		}
		if (m.role == KB_ROLE_NONE)
			continue;
		rc = check_role(&m, n, roles, err);
		seen += m.role != KB_ROLE_SYSTEM;
		if (m.role != KB_ROLE_SYSTEM &&
		    !kb_message_is_empty(&m, in->arena)) {
			in->n_droppable = seen;
			in->last_held = n;
		}
		if (rc == 0 && read_message(in, &m, &system, last))
			in->last_user = n;
	}
	if (system.len)
		set(in, "system",
		    kb_val_str(kb_arena_copy(in->arena, kb_buf_str(&system))));
	kb_buf_release(&system);
	return rc;
}

static int read_hits(struct kb_prompt_input *in, const struct kb_rec *rec,
		     struct kb_err *err)
{
	struct kb_hits hits;
	int rc = kb_hits_open(rec, &hits, err);

	if (rc < 0)
		return rc;
	in->has_hits = hits.list.type == KB_JSON_ARRAY;
	if (!in->has_hits) {
		in->hits = kb_val_list(in->arena, false);
		return 0;
	}
	in->hits = kb_val_json(hits.list, in->arena);
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
			 const struct last_user *last, struct kb_err *err)
{
	struct kb_seq *history = in->history.u.list;
	struct kb_question q, asked;
	int rc =
	    kb_question_choose(rec, last->text, in->arena, &q, &asked, err);

	if (rc < 0)
		return rc;
	in->question = q.text;
	in->has_question = q.source != KB_QUESTION_NONE;
	/* The conversation holds it as it was asked. */
	in->asks_last = last->ends && kb_str_eq(last->text, asked.text);
	history->n -= in->asks_last;
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
	struct kb_json messages = kb_rec_get(rec, "messages");
	struct last_user last = {0};
	int rc;

	memset(in, 0, sizeof(*in));
	in->arena = arena;
	in->messages = kb_val_json(messages, arena);
	in->history = kb_val_list(arena, false);
	set(in, "system", kb_val_str(KB_STR("")));
	rc = read_hits(in, rec, err);
	if (rc == 0)
		rc = read_messages(in, messages, roles, &last, err);
	if (rc == 0)
		rc = find_question(in, rec, &last, err);
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

/* May message i be left out? */
static bool is_droppable(struct kb_prompt_input *in, size_t i)
{
	struct kb_val *role = member(in, in->messages.u.list->items[i], "role");

	return role && role->type == KB_VAL_STR &&
	       kb_role_of(role->u.s) != KB_ROLE_SYSTEM;
}

/*
 * Which messages a cut of the n oldest leaves out: those, and the others of
 * their exchanges, but for the exchanges of the question and of the last
 * message. One flag for each message.
 */
static bool *choose_gone(struct kb_prompt_input *in, size_t n)
{
	size_t n_all = in->messages.u.list->n;
	bool *gone = kb_arena_calloc(in->arena, n_all + 1, sizeof(*gone));
	bool *stays = kb_arena_calloc(in->arena, n_all + 1, sizeof(*stays));

	if (in->asks_last) {
		stays[in->exchanges[in->last_user]] = true;
		stays[in->exchanges[in->last_held]] = true;
	}
	for (size_t i = 0; i < n_all; i++) {
		size_t first = in->exchanges[i];

		if (!is_droppable(in, i))
			continue;
		gone[i] = !stays[first] && (n || gone[first]);
		n -= n > 0;
	}
	return gone;
}

/* Messages without the n oldest that are not the system's. */
static struct kb_val newer(struct kb_prompt_input *in, size_t n)
{
	struct kb_seq *all = in->messages.u.list;
	struct kb_val v;
	bool *gone;

	in->n_gone = 0;
	if (!n)
		return in->messages;
	kb_seq_open(all, in->arena);
	if (!in->exchanges)
		in->exchanges = kb_exchanges(all->src, all->n, in->arena);
	gone = choose_gone(in, n);
	v = kb_val_list(in->arena, false);
	for (size_t i = 0; i < all->n; i++) {
		in->n_gone += gone[i];
		if (!gone[i])
			kb_seq_add(v.u.list, in->arena, all->items[i]);
	}
	return v;
}

void kb_prompt_input_cut(struct kb_prompt_input *in, size_t n_hits,
			 size_t n_dropped)
{
	size_t old = n_dropped < in->n_history ? n_dropped : in->n_history;

	assert(n_hits <= in->n_hits);
	assert(n_dropped <= in->n_droppable);
	set(in, "hits", part(in, in->hits, 0, n_hits));
	set(in, "messages", newer(in, n_dropped));
	set(in, "history", part(in, in->history, old, in->n_history - old));
}
