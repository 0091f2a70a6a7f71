#include "net/http/body.h"

#include <assert.h>
#include <stdint.h>

#include "base/utf8.h"
#include "json/write.h"

/* What jansson 2.14 allocates on a machine of 64 bits, rounded up: an object
 * or array with its first table, a place in it, a member, a string's frame. */
#define NEST_BYTES   256
#define PLACE_BYTES  48
#define MEMBER_BYTES 64
#define STRING_BYTES 48

/* ---- limits ---- */

/* Behind the string that begins at p, or end. */
static const char *string_end(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\' && end - p > 1)
			p++;
	return p < end ? p + 1 : end;
}

/*
 * How deep the text is nested and how large its tree will be, without a look
 * at its grammar: jansson refuses a breach where it stands, and up to there
 * the count is right.
 */
static int check_limits(struct kb_str text, const char *what,
			struct kb_err *err)
{
	const char *p = text.ptr, *end = p + text.len;
	size_t depth = 0, deepest = 0, bytes = 0;

	/* Each level opens and closes. */
	if (text.len < (size_t)2 * KB_JSON_DEPTH)
		return 0;
	while (p < end) {
		switch (*p) {
		case '"':
			bytes += STRING_BYTES;
			p = string_end(p, end);
			continue;
		case '{':
		case '[':
			bytes += NEST_BYTES;
			if (++depth > deepest)
				deepest = depth;
			break;
		case '}':
		case ']':
			depth -= depth > 0;
			break;
		case ',':
			bytes += PLACE_BYTES;
			break;
		case ':':
			bytes += MEMBER_BYTES;
			break;
		}
		p++;
	}
	if (deepest > KB_JSON_DEPTH)
		return kb_err_set(err, KB_EFORMAT, "%s is no JSON object",
				  what);
	if (bytes > KB_BODY_TREE_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "%s has too many values: they would take "
				  "more than %zu bytes",
				  what, KB_BODY_TREE_MAX);
	return 0;
}

/* ---- what jansson refuses ---- */

/* A string as jansson takes it. A name with a NUL, which it takes in no
 * form, is one that nobody asks for. */
static const char *mend_string(const char *p, const char *end,
			       struct kb_arena *arena, struct kb_buf *out)
{
	const char *behind = string_end(p, end), *next = behind;
	struct kb_json raw = {KB_JSON_STRING, p, (size_t)(behind - p)};
	struct kb_str text = {NULL, 0};

	while (next < end && kb_is_blank(*next))
		next++;
	kb_json_str(raw, arena, &text);
	if (next < end && *next == ':' && memchr(text.ptr, '\0', text.len))
		text = KB_STR(KB_UTF8_MARK);
	kb_json_quote(out, text);
	kb_arena_reset(arena);
	return behind;
}

/* A number that fits: an integer of 64 bits, else a real, else null. */
static const char *mend_number(const char *p, const char *end,
			       struct kb_buf *out)
{
	struct kb_json raw = {KB_JSON_NUMBER, p, 0};
	int64_t n;
	double x;

	while (p < end && (kb_is_digit(*p) || strchr("+-.eE", *p)))
		p++;
	raw.len = (size_t)(p - raw.ptr);
	if (!kb_json_num(raw, &x)) {
		kb_buf_add_cstr(out, "null");
		return p;
	}
	kb_buf_add(out, raw.ptr, raw.len);
	if (!kb_json_int(raw, &n) && !memchr(raw.ptr, '.', raw.len) &&
	    !memchr(raw.ptr, 'e', raw.len) && !memchr(raw.ptr, 'E', raw.len))
		kb_buf_add_cstr(out, ".0");
	return p;
}

static json_t *load(struct kb_str text)
{
	json_error_t why;
	json_t *root = json_loadb(text.ptr, text.len, JSON_ALLOW_NUL, &why);

	if (!root && json_error_code(&why) == json_error_out_of_memory)
		kb_oom();
	return root;
}

/* The tree of a text of sound grammar that jansson refuses as it stands. */
static json_t *read_mended(struct kb_str text)
{
	const char *p = text.ptr, *end = p + text.len;
	struct kb_arena arena;
	struct kb_buf out;
	json_t *root;

	kb_arena_init(&arena);
	kb_buf_init(&out, 0);
	while (p < end) {
		if (*p == '"')
			p = mend_string(p, end, &arena, &out);
		else if (*p == '-' || kb_is_digit(*p))
			p = mend_number(p, end, &out);
		else
			kb_buf_add_char(&out, *p++);
	}
	root = load(kb_buf_str(&out));
	kb_buf_release(&out);
	kb_arena_release(&arena);
	return root;
}

/* ---- life ---- */

int kb_body_read(struct kb_body *body, struct kb_str text, const char *what,
		 struct kb_err *err)
{
	struct kb_json whole;
	int rc;

	assert(text.ptr || !text.len);
	assert(what);
	*body = (struct kb_body){.text = text};
	rc = text.len ? check_limits(text, what, err) : 0;
	if (rc)
		return rc;
	/* jansson overlooks a NUL behind a word. */
	if (text.len && !memchr(text.ptr, '\0', text.len))
		body->root = load(text);
	if (!body->root && !kb_json_check(text.ptr, text.len, &whole, NULL) &&
	    whole.type == KB_JSON_OBJECT)
		body->root = read_mended(text);
	if (json_is_object(body->root))
		return 0;
	kb_body_release(body);
	return kb_err_set(err, KB_EFORMAT, "%s is no JSON object", what);
}

void kb_body_release(struct kb_body *body)
{
	json_decref(body->root);
	body->root = NULL;
}

/* ---- values ---- */

/* Cut the first step from *pointer; false at its end. */
static bool next_step(const char **pointer, char *step)
{
	const char *from = *pointer;
	size_t len;

	if (*from != '/')
		return false;
	len = strcspn(++from, "/");
	assert(len < KB_POINTER_MAX);
	memcpy(step, from, len);
	step[len] = '\0';
	*pointer = from + len;
	return true;
}

/* A place in an array; SIZE_MAX, which no array has, for a name. */
static size_t index_of(const char *step)
{
	size_t at = 0;

	for (const char *p = step; *p; p++) {
		if (!kb_is_digit(*p) || at > SIZE_MAX / 16)
			return SIZE_MAX;
		at = at * 10 + (size_t)(*p - '0');
	}
	return *step ? at : SIZE_MAX;
}

const json_t *kb_body_at(const struct kb_body *body, const char *pointer)
{
	const json_t *val = body->root;
	char step[KB_POINTER_MAX];

	while (val && next_step(&pointer, step))
		val = json_is_array(val) ? json_array_get(val, index_of(step))
					 : json_object_get(val, step);
	return val;
}

static struct kb_json element(struct kb_json array, size_t at)
{
	struct kb_json_iter it = kb_json_iter(array);

	while (kb_json_next(&it))
		if (!at--)
			return it.val;
	return (struct kb_json){.type = KB_JSON_NONE};
}

struct kb_json kb_body_span(const struct kb_body *body, const char *pointer)
{
	struct kb_json val = {.type = KB_JSON_NONE};
	char step[KB_POINTER_MAX];

	assert(body->root);
	kb_json_check(body->text.ptr, body->text.len, &val, NULL);
	while (next_step(&pointer, step))
		val = val.type == KB_JSON_ARRAY ? element(val, index_of(step))
						: kb_json_get(val, step);
	return val;
}

bool kb_body_str(const json_t *val, struct kb_str *out)
{
	if (!json_is_string(val))
		return false;
	*out = (struct kb_str){json_string_value(val), json_string_length(val)};
	return true;
}

bool kb_body_int(const json_t *val, int64_t *out)
{
	if (!json_is_integer(val))
		return false;
	*out = json_integer_value(val);
	return true;
}

bool kb_body_num(const json_t *val, double *out)
{
	if (!json_is_number(val))
		return false;
	*out = json_number_value(val);
	return true;
}

struct kb_str kb_body_text(const struct kb_body *body, const char *pointer,
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

void kb_body_count(const json_t *object, const char *name, int64_t *out)
{
	int64_t n;

	if (kb_body_int(json_object_get(object, name), &n) && n >= 0)
		*out = n;
}
