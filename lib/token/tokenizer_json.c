#include "token/tokenizer_json.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "token/bpe_whole.h"

struct reader {
	struct kb_arena arena;
	struct kb_err *err;
	uint16_t byte_of[0x144]; /* 1 + the byte of a letter; 0: none */
	struct kb_str *tokens;	 /* by id */
	size_t n_tokens, token_cap;
	struct kb_bpe_merge *merges;
	size_t n_merges, merge_cap;
	struct kb_bpe_whole *ids;
};

static int refuse(struct reader *r, const char *what, struct kb_str text)
{
	char quote[KB_QUOTE_MAX];

	return kb_err_set(r->err, KB_EFORMAT, "%s '%s' is not understood", what,
			  kb_err_quote(quote, text.ptr, text.len));
}

static struct kb_str string_of(struct reader *r, struct kb_json value)
{
	struct kb_str text;

	return kb_json_str(value, &r->arena, &text) ? text
						    : (struct kb_str){"", 0};
}

static bool type_is(struct reader *r, struct kb_json object, const char *type)
{
	return kb_str_is(string_of(r, kb_json_get(object, "type")), type);
}

/* Not there, null, false or "". */
static bool is_unset(struct reader *r, struct kb_json value)
{
	return value.type == KB_JSON_NONE || value.type == KB_JSON_NULL ||
	       value.type == KB_JSON_FALSE ||
	       (value.type == KB_JSON_STRING && !string_of(r, value).len);
}

/* ---- how text is cut ---- */

#define ENDS   "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define HEADS  "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]"
#define TAILS  "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"
#define BLANKS "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
#define PLAIN  ENDS "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
#define SIGNS  "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n"

/* The patterns of the rules, as the files spell them. */
static const struct {
	enum kb_split_rule rule;
	const char *patterns[3];
} rules[] = {
    {KB_SPLIT_LLAMA3, {PLAIN "{1,3}" SIGNS "]*" BLANKS}},
    {KB_SPLIT_QWEN2, {PLAIN SIGNS "]*" BLANKS}},
    {KB_SPLIT_O200K,
     {"[^\\r\\n\\p{L}\\p{N}]?" HEADS "*" TAILS "+" ENDS
      "?|[^\\r\\n\\p{L}\\p{N}]?" HEADS "+" TAILS "*" ENDS "?|\\p{N}{1,3}" SIGNS
      "/]*" BLANKS}},
    {KB_SPLIT_DEEPSEEK,
     {"\\p{N}{1,3}",
      "[\xe4\xb8\x80-\xe9\xbe\xa5\xe3\x81\x80-\xe3\x82\x9f"
      "\xe3\x82\xa0-\xe3\x83\xbf]+",
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
      "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
      "| ?[\\p{P}\\p{S}]+[\\r\\n]*" BLANKS}},
};

struct cuts {
	struct kb_str patterns[3];
	size_t n;
	bool byte_level, by_gpt2;
};

static int take_step(struct reader *r, struct kb_json step, struct cuts *cuts)
{
	struct kb_json pattern = kb_json_get(step, "pattern");

	if (type_is(r, step, "ByteLevel")) {
		if (!is_unset(r, kb_json_get(step, "add_prefix_space")))
			return refuse(r, "pre_tokenizer",
				      KB_STR("add_prefix_space"));
		cuts->byte_level = true;
		cuts->by_gpt2 =
		    kb_json_get(step, "use_regex").type != KB_JSON_FALSE;
		return 0;
	}
	if (!type_is(r, step, "Split") || cuts->n == 3 || cuts->byte_level)
		return refuse(r, "pre_tokenizer",
			      string_of(r, kb_json_get(step, "type")));
	cuts->patterns[cuts->n++] = string_of(r, kb_json_get(pattern, "Regex"));
	return 0;
}

static int take_steps(struct reader *r, struct kb_json pre, struct cuts *cuts)
{
	struct kb_json_iter it =
	    kb_json_iter(kb_json_get(pre, "pretokenizers"));
	int rc = 0;

	if (!type_is(r, pre, "Sequence"))
		return take_step(r, pre, cuts);
	while (rc == 0 && kb_json_next(&it))
		rc = take_step(r, it.val, cuts);
	return rc;
}

static bool are_patterns(const struct cuts *cuts, const char *const *patterns)
{
	size_t i = 0;

	for (; i < cuts->n; i++)
		if (!patterns[i] || !kb_str_is(cuts->patterns[i], patterns[i]))
			return false;
	return i == 3 || !patterns[i];
}

static int read_rule(struct reader *r, struct kb_json pre,
		     enum kb_split_rule *rule)
{
	struct cuts cuts = {.n = 0};
	int rc = take_steps(r, pre, &cuts);

	if (rc < 0)
		return rc;
	if (!cuts.byte_level)
		return kb_err_set(r->err, KB_EFORMAT,
				  "its pre_tokenizer is not byte-level");
	*rule = KB_SPLIT_GPT2;
	if (!cuts.n && cuts.by_gpt2)
		return 0;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		*rule = rules[i].rule;
		if (!cuts.by_gpt2 && are_patterns(&cuts, rules[i].patterns))
			return 0;
	}
	return refuse(r, "pattern",
		      cuts.n ? cuts.patterns[cuts.n - 1] : KB_STR(""));
}

static int read_normalizer(struct reader *r, struct kb_json normalizer,
			   bool *nfc)
{
	struct kb_json list = kb_json_get(normalizer, "normalizers");

	*nfc = type_is(r, normalizer, "NFC");
	if (is_unset(r, normalizer) || *nfc ||
	    (type_is(r, normalizer, "Sequence") && !kb_json_count(list)))
		return 0;
	return refuse(r, "normalizer",
		      string_of(r, kb_json_get(normalizer, "type")));
}

/* ---- vocabulary and merges ---- */

/* Bytes that are printed stand for themselves, the others in their order for
 * the characters from U+0100 on (GPT-2). */
static void set_alphabet(struct reader *r)
{
	uint16_t next = 0x100;

	for (unsigned b = 0; b < 256; b++) {
		bool printed = (b > ' ' && b < 0x7f) || (b > 0xa0 && b != 0xad);

		r->byte_of[printed ? b : next++] = (uint16_t)(b + 1);
	}
}

/* The bytes that letters of the alphabet stand for; len 0 when others are
 * among them. */
static struct kb_str bytes_of(struct reader *r, struct kb_str letters)
{
	char *bytes = kb_arena_alloc(&r->arena, letters.len + 1);
	size_t n = 0, at = 0;

	while (at < letters.len) {
		uint32_t cp;

		at += kb_utf8_next(letters.ptr + at, letters.len - at, &cp);
		if (cp >= 0x144 || !r->byte_of[cp])
			return (struct kb_str){"", 0};
		bytes[n++] = (char)(r->byte_of[cp] - 1);
	}
	return (struct kb_str){bytes, n};
}

/* Tokens of other letters are special ones: no text becomes one of them. */
static int read_vocabulary(struct reader *r, struct kb_json vocab)
{
	struct kb_json_iter it = kb_json_iter(vocab);

	if (vocab.type != KB_JSON_OBJECT)
		return kb_err_set(r->err, KB_EFORMAT,
				  "its model has no object 'vocab'");
	while (kb_json_next(&it)) {
		struct kb_json key = {KB_JSON_STRING, it.key.ptr - 1,
				      it.key.len + 2};
		struct kb_str token = bytes_of(r, string_of(r, key));
		int64_t id;

		if (!kb_json_int(it.val, &id) || id < 0 || id >= KB_BPE_MAX_IDS)
			return refuse(r, "id of token", it.key);
		if (!token.len)
			continue;
		kb_grow(&r->tokens, &r->token_cap, (size_t)id + 1,
			sizeof(*r->tokens));
		while (r->n_tokens <= (size_t)id)
			r->tokens[r->n_tokens++] = (struct kb_str){NULL, 0};
		r->tokens[id] = token;
		kb_bpe_whole_add(r->ids, token, (uint32_t)id);
	}
	return 0;
}

/* "left right", or ["left","right"]. */
static bool sides_of(struct reader *r, struct kb_json merge,
		     struct kb_str *left, struct kb_str *right)
{
	struct kb_json_iter it = kb_json_iter(merge);
	struct kb_str text;
	const char *blank;

	if (merge.type == KB_JSON_ARRAY) {
		if (!kb_json_next(&it))
			return false;
		*left = string_of(r, it.val);
		if (!kb_json_next(&it))
			return false;
		*right = string_of(r, it.val);
		return !kb_json_next(&it);
	}
	text = string_of(r, merge);
	blank = memchr(text.ptr, ' ', text.len);
	if (!blank)
		return false;
	*left = (struct kb_str){text.ptr, (size_t)(blank - text.ptr)};
	*right = (struct kb_str){blank + 1, text.len - left->len - 1};
	return true;
}

static bool find_merge(struct reader *r, struct kb_json value,
		       struct kb_bpe_merge *merge)
{
	struct kb_str left, right, made;

	if (!sides_of(r, value, &left, &right))
		return false;
	left = bytes_of(r, left);
	right = bytes_of(r, right);
	made = kb_arena_join(&r->arena, left, right);
	return left.len && right.len &&
	       kb_bpe_whole_find(r->ids, left.ptr, left.len, &merge->left) &&
	       kb_bpe_whole_find(r->ids, right.ptr, right.len, &merge->right) &&
	       kb_bpe_whole_find(r->ids, made.ptr, made.len, &merge->made);
}

static int read_merges(struct reader *r, struct kb_json list)
{
	struct kb_json_iter it = kb_json_iter(list);

	while (kb_json_next(&it)) {
		if (r->n_merges == KB_BPE_MAX_RANKS)
			return kb_err_set(r->err, KB_ELIMIT,
					  "more than the limit of %u merges",
					  KB_BPE_MAX_RANKS);
		kb_grow(&r->merges, &r->merge_cap, r->n_merges + 1,
			sizeof(*r->merges));
		if (!find_merge(r, it.val, &r->merges[r->n_merges]))
			return kb_err_set(r->err, KB_EFORMAT,
					  "merge %zu is not of tokens in the "
					  "byte-level alphabet",
					  r->n_merges + 1);
		r->n_merges++;
	}
	return 0;
}

static int check_model(struct reader *r, struct kb_json model)
{
	static const char *const unset[] = {
	    "dropout", "continuing_subword_prefix", "end_of_word_suffix",
	    "byte_fallback"};
	struct kb_json type = kb_json_get(model, "type");

	if (model.type != KB_JSON_OBJECT)
		return kb_err_set(r->err, KB_EFORMAT,
				  "it has no object 'model'");
	if (type.type != KB_JSON_NONE && !type_is(r, model, "BPE"))
		return refuse(r, "model of type", string_of(r, type));
	for (size_t i = 0; i < sizeof(unset) / sizeof(*unset); i++)
		if (!is_unset(r, kb_json_get(model, unset[i])))
			return refuse(r, "model with", kb_str_of(unset[i]));
	return 0;
}

static int read_file(struct reader *r, struct kb_json file,
		     struct kb_bpe_owned *owned, bool *nfc)
{
	struct kb_json model = kb_json_get(file, "model");
	enum kb_split_rule rule = KB_SPLIT_GPT2;
	int rc = check_model(r, model);

	if (rc == 0)
		rc = read_normalizer(r, kb_json_get(file, "normalizer"), nfc);
	if (rc == 0)
		rc = read_rule(r, kb_json_get(file, "pre_tokenizer"), &rule);
	if (rc == 0)
		rc = read_vocabulary(r, kb_json_get(model, "vocab"));
	if (rc == 0)
		rc = read_merges(r, kb_json_get(model, "merges"));
	if (rc < 0)
		return rc;
	return kb_bpe_from_merges(
	    owned, rule, r->tokens, r->n_tokens, r->merges, r->n_merges,
	    kb_json_get(model, "ignore_merges").type == KB_JSON_TRUE, r->err);
}

int kb_tokenizer_json_read(struct kb_bpe_owned *owned, bool *nfc,
			   struct kb_json file, struct kb_err *err)
{
	struct reader r = {.err = err};
	int rc;

	kb_arena_init(&r.arena);
	r.ids = kb_bpe_whole_new(0);
	set_alphabet(&r);
	rc = read_file(&r, file, owned, nfc);
	kb_bpe_whole_free(r.ids);
	kb_arena_release(&r.arena);
	free(r.tokens);
	free(r.merges);
	return rc;
}
