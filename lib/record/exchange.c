#include "record/exchange.h"

#include <assert.h>

#include "base/hash.h"
#include "base/map.h"

struct links {
	size_t *first;	   /* of each element; a chain until it is settled */
	struct kb_map ids; /* of calls: hash to element + 1; two ids with one
			      hash keep too much together */
	size_t last_call;  /* element + 1 */
	struct kb_arena *arena;
};

static size_t first_of(struct links *l, size_t i)
{
	while (l->first[i] != i)
		i = l->first[i] = l->first[l->first[i]];
	return i;
}

static void join(struct links *l, size_t a, size_t b)
{
	a = first_of(l, a);
	b = first_of(l, b);
	if (a < b)
		l->first[b] = a;
	else
		l->first[a] = b;
}

static void add_call(struct links *l, size_t i, struct kb_json id)
{
	struct kb_str text;

	l->last_call = i + 1;
	if (kb_json_str(id, l->arena, &text))
		*kb_map_put(&l->ids, kb_xxh64(text.ptr, text.len, 0), NULL) =
		    i + 1;
}

/* False when it answers no call that was made. */
static bool add_answer(struct links *l, size_t i, struct kb_json id)
{
	struct kb_str text;
	uint64_t *call;

	if (!kb_json_str(id, l->arena, &text))
		return false;
	call = kb_map_get(&l->ids, kb_xxh64(text.ptr, text.len, 0));
	if (call)
		join(l, i, (size_t)*call - 1);
	return call != NULL;
}

static bool type_is(struct kb_json value, const char *name,
		    struct kb_arena *arena)
{
	struct kb_str type;

	return kb_json_str(kb_json_get(value, "type"), arena, &type) &&
	       kb_str_is(type, name);
}

bool kb_part_is(struct kb_json part, const char *suffix, struct kb_arena *arena)
{
	size_t n = strlen(suffix);
	struct kb_str type;

	return kb_json_str(kb_json_get(part, "type"), arena, &type) &&
	       type.len >= n && !memcmp(type.ptr + type.len - n, suffix, n);
}

/* Answers first: a part that answers names a call of an earlier message. */
static bool add_parts(struct links *l, size_t i, struct kb_json content)
{
	struct kb_json_iter it = kb_json_iter(content);
	bool answers = false;

	while (kb_json_next(&it))
		if (kb_part_is(it.val, "tool_result", l->arena))
			answers |= add_answer(
			    l, i, kb_json_get(it.val, "tool_use_id"));
	it = kb_json_iter(content);
	while (kb_json_next(&it))
		if (kb_part_is(it.val, "tool_use", l->arena))
			add_call(l, i, kb_json_get(it.val, "id"));
	return answers;
}

static void add_calls(struct links *l, size_t i,
		      const struct kb_chat_message *m)
{
	struct kb_json_iter it = kb_json_iter(m->tool_calls);

	if (m->tool_calls.type == KB_JSON_ARRAY)
		while (kb_json_next(&it))
			add_call(l, i, kb_json_get(it.val, "id"));
	if (kb_json_get(m->raw, "function_call").type == KB_JSON_OBJECT)
		add_call(l, i, (struct kb_json){0});
}

/* An element that is no message: an item of another interface, perhaps. */
static void add_item(struct links *l, size_t i, struct kb_json raw)
{
	struct kb_json id = kb_json_get(raw, "call_id");

	if (type_is(raw, "function_call", l->arena))
		add_call(l, i, id);
	else if (type_is(raw, "function_call_output", l->arena))
		add_answer(l, i, id);
}

static void add_message(struct links *l, size_t i,
			const struct kb_chat_message *m, enum kb_role before)
{
	bool answers = add_answer(l, i, m->tool_call_id);

	if (m->content.type == KB_JSON_ARRAY)
		answers |= add_parts(l, i, m->content);
	add_calls(l, i, m);
	if (answers || m->role != KB_ROLE_OTHER || !i ||
	    before == KB_ROLE_SYSTEM)
		return;
	/* The older "function" has no id: it answers the last call. */
	if (m->tool_call_id.type == KB_JSON_NONE && l->last_call &&
	    (kb_str_is(m->role_text, "function") ||
	     kb_str_is(m->role_text, "tool")))
		join(l, i, l->last_call - 1);
	else
		join(l, i, i - 1);
}

size_t *kb_exchanges(struct kb_json messages, size_t n, struct kb_arena *arena)
{
	struct links l = {.arena = arena};
	struct kb_turns turns = kb_turns_open(messages);
	enum kb_role before = KB_ROLE_NONE;
	struct kb_chat_message m;

	l.first = kb_arena_alloc(arena, (n + 1) * sizeof(*l.first));
	for (size_t i = 0; i < n; i++)
		l.first[i] = i;
	kb_map_init(&l.ids);
	for (size_t i = 0; i < n && kb_turns_next(&turns, arena, &m); i++) {
		if (m.role == KB_ROLE_NONE)
			add_item(&l, i, m.raw);
		else
			add_message(&l, i, &m, before);
		before = m.role;
	}
	kb_map_release(&l.ids);
	/* A chain leads to earlier elements, which are settled by then. */
	for (size_t i = 0; i < n; i++) {
		assert(l.first[i] <= i);
		l.first[i] = l.first[l.first[i]];
	}
	return l.first;
}
