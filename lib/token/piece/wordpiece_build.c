/* The blob of a vocabulary, from tokenizer.json; see wordpiece.h. */
#include <stdlib.h>

#include "token/piece/wordpiece.h"

struct builder {
	struct kb_arena arena;
	struct kb_json root, model, normalizer;
	struct kb_str *tokens; /* by id; ptr NULL: none yet */
	struct kb_str prefix;
	struct kb_wordpiece_head head;
};

static int not_understood(struct builder *b, const char *what,
			  struct kb_json val, struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];
	struct kb_str text = KB_STR("none");

	kb_json_str(val, &b->arena, &text);
	return kb_err_set(err, KB_EINVAL,
			  "%s '%s' is not "
			  "understood",
			  what, kb_err_quote(quoted, text.ptr, text.len));
}

static bool is_text(struct builder *b, struct kb_json val, const char *text)
{
	struct kb_str s;

	return kb_json_str(val, &b->arena, &s) && kb_str_is(s, text);
}

static bool is_true(struct kb_json object, const char *name, bool missing)
{
	enum kb_json_type type = kb_json_get(object, name).type;

	return type == KB_JSON_TRUE || (missing && type != KB_JSON_FALSE);
}

/* Is it a tokenizer of BERT through and through? */
static int check_kind(struct builder *b, struct kb_err *err)
{
	struct kb_json pre = kb_json_get(b->root, "pre_tokenizer");

	b->model = kb_json_get(b->root, "model");
	b->normalizer = kb_json_get(b->root, "normalizer");
	if (!is_text(b, kb_json_get(b->model, "type"), "WordPiece"))
		return not_understood(b, "a model of type",
				      kb_json_get(b->model, "type"), err);
	if (!is_text(b, kb_json_get(b->normalizer, "type"), "BertNormalizer"))
		return not_understood(b, "a normalizer of type",
				      kb_json_get(b->normalizer, "type"), err);
	if (!is_text(b, kb_json_get(pre, "type"), "BertPreTokenizer"))
		return not_understood(b, "a pre_tokenizer of type",
				      kb_json_get(pre, "type"), err);
	return 0;
}

static int take_settings(struct builder *b, struct kb_err *err)
{
	struct kb_wordpiece_head *h = &b->head;
	struct kb_json strip = kb_json_get(b->normalizer, "strip_accents");
	int64_t chars = 100;

	h->clean = is_true(b->normalizer, "clean_text", true);
	h->chinese = is_true(b->normalizer, "handle_chinese_chars", true);
	h->lower = is_true(b->normalizer, "lowercase", true);
	/* null means: with the letters */
	h->strip = strip.type == KB_JSON_TRUE ||
		   (h->lower && strip.type != KB_JSON_FALSE);
	if (!kb_json_str(kb_json_get(b->model, "continuing_subword_prefix"),
			 &b->arena, &b->prefix))
		b->prefix = KB_STR("##");
	kb_json_int(kb_json_get(b->model, "max_input_chars_per_word"), &chars);
	if (chars < 1 || chars > KB_WORDPIECE_CHARS ||
	    b->prefix.len > KB_WORDPIECE_BYTES)
		return kb_err_set(err, KB_ELIMIT,
				  "max_input_chars_per_word is "
				  "not in 1..%d, or the prefix of a piece has "
				  "more than %d bytes",
				  KB_WORDPIECE_CHARS, KB_WORDPIECE_BYTES);
	h->word_chars = (uint32_t)chars;
	h->prefix_len = (uint32_t)b->prefix.len;
	return 0;
}

static int take_token(struct builder *b, struct kb_str key, struct kb_json val,
		      struct kb_err *err)
{
	/* a key is a string without its quotes */
	struct kb_json quoted = {KB_JSON_STRING, key.ptr - 1, key.len + 2};
	struct kb_str text;
	int64_t id;

	if (!kb_json_int(val, &id) || id < 0 || id >= b->head.n ||
	    b->tokens[id].ptr)
		return kb_err_set(err, KB_EINVAL,
				  "the ids of the vocabulary "
				  "are not 0 to %u, each once",
				  b->head.n - 1);
	if (!kb_json_str(quoted, &b->arena, &text))
		return kb_err_set(err, KB_EINVAL, "token %d is no string",
				  (int)id);
	if (text.len > KB_WORDPIECE_BYTES)
		return kb_err_set(err, KB_ELIMIT,
				  "token %d has more than %d "
				  "bytes",
				  (int)id, KB_WORDPIECE_BYTES);
	b->tokens[id] = (struct kb_str){text.len ? text.ptr : "", text.len};
	b->head.n_bytes += (uint32_t)text.len;
	if (text.len > b->head.longest)
		b->head.longest = (uint32_t)text.len;
	return 0;
}

static int take_vocabulary(struct builder *b, struct kb_err *err)
{
	struct kb_json vocabulary = kb_json_get(b->model, "vocab");
	struct kb_json_iter it = kb_json_iter(vocabulary);
	size_t n = kb_json_count(vocabulary);
	int rc = 0;

	if (vocabulary.type != KB_JSON_OBJECT || !n)
		return kb_err_set(err, KB_EINVAL, "no object 'model.vocab'");
	if (n > KB_WORDPIECE_TOKENS)
		return kb_err_set(err, KB_ELIMIT, "more than %u tokens",
				  KB_WORDPIECE_TOKENS);
	b->head.n = (uint32_t)n;
	b->tokens = kb_arena_calloc(&b->arena, n, sizeof(*b->tokens));
	while (!rc && kb_json_next(&it))
		rc = take_token(b, it.key, it.val, err);
	return rc;
}

static int find_token(const struct builder *b, struct kb_str name, uint32_t *id,
		      struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];

	for (*id = 0; *id < b->head.n; ++*id)
		if (kb_str_eq(b->tokens[*id], name))
			return 0;
	return kb_err_set(err, KB_EINVAL, "the vocabulary has no '%s'",
			  kb_err_quote(quoted, name.ptr, name.len));
}

static int find_special(struct builder *b, struct kb_err *err)
{
	struct kb_str unknown = KB_STR("[UNK]");
	int rc;

	kb_json_str(kb_json_get(b->model, "unk_token"), &b->arena, &unknown);
	rc = find_token(b, unknown, &b->head.unknown, err);
	if (!rc)
		rc = find_token(b, KB_STR("[CLS]"), &b->head.cls, err);
	return rc ? rc : find_token(b, KB_STR("[SEP]"), &b->head.sep, err);
}

static void put_slot(uint32_t *slots, uint32_t mask, uint32_t hash, uint32_t id)
{
	while (slots[hash & mask])
		hash++;
	slots[hash & mask] = id + 1;
}

/* At most half of the slots are taken, even if every token may also stand
 * inside a word. */
static void write_blob(struct builder *b, struct kb_buf *out)
{
	struct kb_wordpiece_head *h = &b->head;
	uint32_t *slots, at = 0;

	memcpy(h->magic, KB_WORDPIECE_MAGIC, sizeof(h->magic));
	for (h->n_slots = 4; h->n_slots < 4 * h->n;)
		h->n_slots *= 2;
	slots = kb_calloc(h->n_slots, sizeof(*slots));
	kb_buf_add(out, h, sizeof(*h));
	kb_buf_add(out, &at, sizeof(at));
	for (uint32_t i = 0; i < h->n; i++) {
		struct kb_str t = b->tokens[i];

		put_slot(slots, h->n_slots - 1, kb_wordpiece_hash(t, false), i);
		if (t.len > b->prefix.len &&
		    !memcmp(t.ptr, b->prefix.ptr, b->prefix.len))
			put_slot(slots, h->n_slots - 1,
				 kb_wordpiece_hash(
				     kb_str_skip(t, b->prefix.len), true),
				 i);
		at += (uint32_t)t.len;
		kb_buf_add(out, &at, sizeof(at));
	}
	kb_buf_add(out, slots, h->n_slots * sizeof(*slots));
	for (uint32_t i = 0; i < h->n; i++)
		kb_buf_add_str(out, b->tokens[i]);
	free(slots);
}

int kb_wordpiece_build(struct kb_json tokenizer_json, struct kb_buf *out,
		       struct kb_err *err)
{
	struct builder b = {.root = tokenizer_json};
	int rc;

	kb_arena_init(&b.arena);
	rc = check_kind(&b, err);
	if (!rc)
		rc = take_settings(&b, err);
	if (!rc)
		rc = take_vocabulary(&b, err);
	if (!rc)
		rc = find_special(&b, err);
	if (!rc)
		write_blob(&b, out);
	kb_arena_release(&b.arena);
	return rc;
}
