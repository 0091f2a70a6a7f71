#include "net/delta.h"

#include <assert.h>

static bool is_absent(struct kb_json val)
{
	return val.type == KB_JSON_NONE || val.type == KB_JSON_NULL;
}

/* Its choices, when it has nothing else to say. */
static bool choices_of(struct kb_json root, bool model_known,
		       struct kb_json *choices)
{
	struct kb_json_iter it = kb_json_iter(root);

	*choices = (struct kb_json){.type = KB_JSON_NONE};
	while (kb_json_next(&it)) {
		if (kb_json_key_is(it.key, "choices"))
			*choices = it.val;
		else if (!is_absent(it.val) &&
			 (kb_json_key_is(it.key, "error") ||
			  kb_json_key_is(it.key, "usage") ||
			  (!model_known && kb_json_key_is(it.key, "model"))))
			return false;
	}
	return choices->type == KB_JSON_ARRAY;
}

/* The delta of the first choice, when that is the one asked for and goes
 * on. */
static bool delta_of(struct kb_json choices, struct kb_json *delta)
{
	struct kb_json_iter it = kb_json_iter(choices);
	int64_t index = 0;

	*delta = (struct kb_json){.type = KB_JSON_NONE};
	if (!kb_json_next(&it))
		return false;
	it = kb_json_iter(it.val);
	while (it.object && kb_json_next(&it)) {
		if (kb_json_key_is(it.key, "delta"))
			*delta = it.val;
		else if (kb_json_key_is(it.key, "index") &&
			 (!kb_json_int(it.val, &index) || index))
			return false;
		else if (kb_json_key_is(it.key, "finish_reason") &&
			 !is_absent(it.val))
			return false;
	}
	return delta->type == KB_JSON_OBJECT;
}

static bool take_text(struct kb_json val, struct kb_arena *arena,
		      struct kb_str *text)
{
	*text = (struct kb_str){NULL, 0};
	return is_absent(val) || kb_json_str(val, arena, text);
}

bool kb_delta_texts(struct kb_str data, bool model_known,
		    struct kb_arena *arena, struct kb_content_texts *texts)
{
	struct kb_json root, choices, delta;
	struct kb_json_iter it;
	bool good;

	assert(arena);
	*texts = (struct kb_content_texts){0};
	if (kb_json_check(data.ptr, data.len, &root, NULL) ||
	    root.type != KB_JSON_OBJECT ||
	    !choices_of(root, model_known, &choices) ||
	    !delta_of(choices, &delta))
		return false;
	for (it = kb_json_iter(delta), good = true; good && kb_json_next(&it);)
		if (kb_json_key_is(it.key, "content"))
			good = take_text(it.val, arena, &texts->content);
		else if (kb_json_key_is(it.key, "reasoning_content"))
			good =
			    take_text(it.val, arena, &texts->reasoning_content);
		else if (kb_json_key_is(it.key, "reasoning"))
			good = take_text(it.val, arena, &texts->reasoning);
		else if (kb_json_key_is(it.key, "refusal") ||
			 kb_json_key_is(it.key, "tool_calls") ||
			 kb_json_key_is(it.key, "function_call"))
			good = is_absent(it.val);
	return good;
}
