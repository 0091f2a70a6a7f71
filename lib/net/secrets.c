#include "net/secrets.h"

#include "json/rec.h"
#include "json/write.h"

static bool is_placeholder(struct kb_str key)
{
	static const char *const words[] = {
	    "ollama", "lm-studio", "no-key", "not-needed", "sk-no-key-required",
	    "unused", "vllm-key"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (kb_str_is_folded(key, words[i]))
			return true;
	return false;
}

void kb_secrets_add(struct kb_secrets *secrets, struct kb_arena *arena,
		    struct kb_str key)
{
	if (key.len < KB_SECRET_MIN || is_placeholder(key) ||
	    secrets->n == KB_SECRETS_MAX)
		return;
	for (size_t i = 0; i < secrets->n; i++)
		if (kb_str_eq(secrets->items[i], key))
			return;
	secrets->items[secrets->n++] = kb_arena_copy(arena, key);
	secrets->first[(unsigned char)key.ptr[0]] = true;
}

void kb_secrets_wipe(struct kb_secrets *secrets)
{
	for (size_t i = 0; i < secrets->n; i++)
		explicit_bzero((char *)(uintptr_t)secrets->items[i].ptr,
			       secrets->items[i].len);
	secrets->n = 0;
}

/* Bytes of the longest secret that stands at the beginning of text; with
 * *begins set when all that is left of text may be the beginning of one. */
static size_t secret_at(const struct kb_secrets *secrets, struct kb_str text,
			bool *begins)
{
	size_t best = 0;

	*begins = false;
	if (!secrets->first[(unsigned char)*text.ptr])
		return 0;
	for (size_t i = 0; i < secrets->n; i++) {
		struct kb_str s = secrets->items[i];

		if (s.len <= text.len && !memcmp(s.ptr, text.ptr, s.len))
			best = s.len > best ? s.len : best;
		else if (s.len > text.len && !memcmp(s.ptr, text.ptr, text.len))
			*begins = true;
	}
	return best;
}

size_t kb_secrets_hide(const struct kb_secrets *secrets, struct kb_str text,
		       bool more, struct kb_buf *out)
{
	size_t from = 0, i = 0;

	while (secrets->n && i < text.len) {
		bool begins;
		size_t len = secret_at(secrets, kb_str_skip(text, i), &begins);

		if (begins && more)
			break;
		if (!len) {
			i++;
			continue;
		}
		kb_buf_add(out, text.ptr + from, i - from);
		kb_buf_add_cstr(out, KB_SECRET_MARK);
		from = i += len;
	}
	if (!secrets->n)
		i = text.len;
	if (i > from)
		kb_buf_add(out, text.ptr + from, i - from);
	return i;
}

static bool holds_one(const struct kb_secrets *secrets, struct kb_str text)
{
	bool begins;

	for (size_t i = 0; secrets->n && i < text.len; i++)
		if (secret_at(secrets, kb_str_skip(text, i), &begins))
			return true;
	return false;
}

struct kb_str kb_secrets_hidden(const struct kb_secrets *secrets,
				struct kb_str text, struct kb_arena *arena)
{
	struct kb_buf out;

	if (!holds_one(secrets, text))
		return text;
	kb_buf_init(&out, 0);
	kb_secrets_hide(secrets, text, false, &out);
	text = kb_arena_copy(arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return text;
}

/* Bytes of the string whose opening quote stands at ptr. */
static size_t string_len(const char *ptr, const char *end)
{
	const char *p = ptr + 1;

	while (p < end && *p != '"')
		p += *p == '\\' && p + 1 < end ? 2 : 1;
	return (size_t)(p < end ? p + 1 - ptr : end - ptr);
}

struct kb_str kb_secrets_hidden_json(const struct kb_secrets *secrets,
				     struct kb_str json, struct kb_arena *arena)
{
	struct kb_buf out;
	const char *p = json.ptr, *end = p + json.len;
	bool any = false;

	if (!secrets->n)
		return json;
	kb_buf_init(&out, 0);
	while (p < end) {
		struct kb_json val = {KB_JSON_STRING, p, 1};
		struct kb_str text;

		if (*p == '"')
			val.len = string_len(p, end);
		if (*p == '"' && kb_json_str(val, arena, &text) &&
		    holds_one(secrets, text)) {
			kb_json_quote(&out,
				      kb_secrets_hidden(secrets, text, arena));
			any = true;
		} else {
			kb_buf_add(&out, p, val.len);
		}
		p += val.len;
	}
	if (any)
		json = kb_arena_copy(arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return json;
}
