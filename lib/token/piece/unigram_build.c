/* The blob of a vocabulary, from tokenizer.json; see unigram.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "token/piece/unigram.h"

#define MARK 0x2581 /* of SentencePiece, for a blank */

struct token {
	struct kb_str text;
	uint32_t id;
};

/* Tokens [from, to) begin alike up to 'depth' bytes. */
struct node {
	uint32_t from, to, depth;
};

struct builder {
	struct kb_arena arena;
	struct kb_json root, model;
	struct kb_err *err;
	struct kb_unigram_head head;
	double *scores;
	struct token *tokens; /* that text may become, sorted */
	uint32_t n_tokens;
	struct kb_str charsmap;
	uint32_t byte_ids[256];
	struct node *nodes;
	size_t node_cap;
};

static int not_understood(struct builder *b, const char *what,
			  struct kb_json val)
{
	char quoted[KB_QUOTE_MAX];
	struct kb_str text = KB_STR("none");

	kb_json_str(val, &b->arena, &text);
	return kb_err_set(b->err, KB_EINVAL, "%s '%s' is not understood", what,
			  kb_err_quote(quoted, text.ptr, text.len));
}

static struct kb_str text_of(struct builder *b, struct kb_json object,
			     const char *name)
{
	struct kb_str text = {"", 0};

	kb_json_str(kb_json_get(object, name), &b->arena, &text);
	return text;
}

static bool is_type(struct builder *b, struct kb_json object, const char *type)
{
	return kb_str_is(text_of(b, object, "type"), type);
}

static bool is_on(struct kb_json object, const char *name)
{
	return kb_json_get(object, name).type == KB_JSON_TRUE;
}

/* The one character of a member; 0: it is missing, or another text. */
static uint32_t char_of(struct builder *b, struct kb_json object,
			const char *name)
{
	struct kb_str text = text_of(b, object, name);
	uint32_t cp = 0;

	return text.len && kb_utf8_next(text.ptr, text.len, &cp) == text.len &&
		       cp != KB_UTF8_BAD
		   ? cp
		   : 0;
}

/* A step, or each of a Sequence, whose list has this name. */
static int each_step(struct builder *b, struct kb_json step, const char *list,
		     int (*take)(struct builder *b, struct kb_json step))
{
	struct kb_json_iter it = kb_json_iter(kb_json_get(step, list));
	int rc = 0;

	if (step.type <= KB_JSON_NULL)
		return 0;
	if (!is_type(b, step, "Sequence"))
		return take(b, step);
	while (!rc && kb_json_next(&it))
		rc = take(b, it.val);
	return rc;
}

/* ---- how text becomes words ---- */

static int take_charsmap(struct builder *b, struct kb_json step)
{
	struct kb_str text = text_of(b, step, "precompiled_charsmap");
	struct kb_charsmap map;

	if (!kb_base64_decode(text, &b->arena, &b->charsmap))
		return kb_err_set(b->err, KB_EINVAL,
				  "precompiled_charsmap is no base64");
	return kb_charsmap_open(&map, b->charsmap, b->err);
}

/* The steps come in the order in which unigram_text.c takes them. */
static int take_normalizer(struct builder *b, struct kb_json step)
{
	struct kb_unigram_form *form = &b->head.form;
	struct kb_json pattern = kb_json_get(step, "pattern");
	bool stripped = form->strip_left || form->strip_right;

	if (is_type(b, step, "Precompiled") && !b->charsmap.len && !stripped &&
	    !form->collapse)
		return take_charsmap(b, step);
	if (is_type(b, step, "Strip") && !stripped && !form->collapse) {
		form->strip_left = is_on(step, "strip_left");
		form->strip_right = is_on(step, "strip_right");
		return 0;
	}
	if (is_type(b, step, "Replace") && !form->collapse) {
		form->collapse = char_of(b, step, "content");
		if (form->collapse &&
		    kb_str_is(text_of(b, pattern, "Regex"), " {2,}"))
			return 0;
		return not_understood(b, "a normalizer that replaces",
				      kb_json_get(pattern, "Regex"));
	}
	return not_understood(b, "here a normalizer of type",
			      kb_json_get(step, "type"));
}

static int take_metaspace(struct builder *b, struct kb_json step)
{
	struct kb_unigram_form *form = &b->head.form;
	struct kb_str scheme = text_of(b, step, "prepend_scheme");

	form->mark = char_of(b, step, "replacement");
	form->split = kb_json_get(step, "split").type != KB_JSON_FALSE;
	if (!scheme.len)
		form->prepend =
		    kb_json_get(step, "add_prefix_space").type != KB_JSON_FALSE;
	else
		form->prepend = !kb_str_is(scheme, "never");
	if (!form->mark)
		return not_understood(b, "the replacement",
				      kb_json_get(step, "replacement"));
	/* the first word is then not any word */
	if (kb_str_is(scheme, "first") && form->words)
		return not_understood(b, "behind WhitespaceSplit the scheme",
				      kb_json_get(step, "prepend_scheme"));
	return 0;
}

static int take_pre_tokenizer(struct builder *b, struct kb_json step)
{
	struct kb_unigram_form *form = &b->head.form;

	if (is_type(b, step, "WhitespaceSplit") && !form->words &&
	    !form->mark) {
		form->words = 1;
		return 0;
	}
	if (is_type(b, step, "Metaspace") && !form->mark)
		return take_metaspace(b, step);
	return not_understood(b, "here a pre_tokenizer of type",
			      kb_json_get(step, "type"));
}

static int take_form(struct builder *b)
{
	int rc = each_step(b, kb_json_get(b->root, "normalizer"), "normalizers",
			   take_normalizer);

	if (!rc)
		rc = each_step(b, kb_json_get(b->root, "pre_tokenizer"),
			       "pretokenizers", take_pre_tokenizer);
	if (!rc && !b->head.form.mark)
		return kb_err_set(b->err, KB_EINVAL,
				  "a Unigram model without the pre_tokenizer "
				  "Metaspace is not understood");
	return rc;
}

/* ---- tokens ---- */

static int bad_token(struct builder *b, uint32_t id, const char *what)
{
	return kb_err_set(b->err, KB_EINVAL, "token %u %s", id, what);
}

static int take_token(struct builder *b, struct kb_json pair, uint32_t id)
{
	struct kb_json_iter it = kb_json_iter(pair);
	struct kb_str text;

	if (pair.type != KB_JSON_ARRAY || !kb_json_next(&it) ||
	    !kb_json_str(it.val, &b->arena, &text) || !kb_json_next(&it) ||
	    !kb_json_num(it.val, &b->scores[id]))
		return bad_token(b, id, "is no pair of a text and a score");
	if (text.len > KB_UNIGRAM_BYTES)
		return kb_err_set(b->err, KB_ELIMIT,
				  "token %u has more than %d bytes", id,
				  KB_UNIGRAM_BYTES);
	b->head.unknown_score = fmin(b->head.unknown_score, b->scores[id]);
	b->tokens[id] = (struct token){text, id};
	return 0;
}

static int take_unknown(struct builder *b)
{
	int64_t id;

	if (!kb_json_int(kb_json_get(b->model, "unk_id"), &id) || id < 0 ||
	    id >= b->head.n)
		return kb_err_set(b->err, KB_EINVAL, "'unk_id' is not 0 to %u",
				  b->head.n - 1);
	b->head.unknown = (uint32_t)id;
	b->tokens[id].text.len = 0;
	return 0;
}

static int take_vocabulary(struct builder *b)
{
	struct kb_json vocabulary = kb_json_get(b->model, "vocab");
	struct kb_json_iter it = kb_json_iter(vocabulary);
	size_t n = kb_json_count(vocabulary);
	int rc = 0;

	if (vocabulary.type != KB_JSON_ARRAY || !n)
		return kb_err_set(b->err, KB_EINVAL, "no array 'model.vocab'");
	if (n > KB_UNIGRAM_TOKENS)
		return kb_err_set(b->err, KB_ELIMIT, "more than %u tokens",
				  KB_UNIGRAM_TOKENS);
	b->head.n = b->n_tokens = (uint32_t)n;
	b->head.unknown_score = INFINITY;
	b->tokens = kb_arena_calloc(&b->arena, n, sizeof(*b->tokens));
	b->scores = kb_arena_calloc(&b->arena, n, sizeof(*b->scores));
	for (uint32_t id = 0; !rc && kb_json_next(&it); id++)
		rc = take_token(b, it.val, id);
	b->head.unknown_score -= 10; /* as SentencePiece has it */
	return rc ? rc : take_unknown(b);
}

/* Text never becomes a special token. */
static void leave_special(struct builder *b)
{
	struct kb_json_iter it =
	    kb_json_iter(kb_json_get(b->root, "added_tokens"));

	while (kb_json_next(&it)) {
		struct kb_str text = text_of(b, it.val, "content");
		int64_t id;

		if (is_on(it.val, "special") &&
		    kb_json_int(kb_json_get(it.val, "id"), &id) && id >= 0 &&
		    id < b->head.n && kb_str_eq(b->tokens[id].text, text))
			b->tokens[id].text.len = 0;
	}
}

static int by_text(const void *a, const void *b)
{
	const struct token *x = a, *y = b;
	int order = kb_str_cmp(x->text, y->text);

	return order ? order : (x->id > y->id) - (x->id < y->id);
}

/* Sorted, without those that text does not become; of two that are alike the
 * later one counts. */
static void sort_tokens(struct builder *b)
{
	uint32_t n = 0;

	qsort(b->tokens, b->n_tokens, sizeof(*b->tokens), by_text);
	for (uint32_t i = 0; i < b->n_tokens; i++) {
		if (!b->tokens[i].text.len)
			continue;
		if (n && kb_str_eq(b->tokens[n - 1].text, b->tokens[i].text))
			n--;
		b->tokens[n++] = b->tokens[i];
	}
	b->n_tokens = n;
}

static bool find_token(const struct builder *b, const char *name, uint32_t *id)
{
	const struct token key = {.text = kb_str_of(name)};
	uint32_t from = 0, to = b->n_tokens;

	while (from < to) {
		uint32_t half = from + (to - from) / 2;

		if (kb_str_cmp(b->tokens[half].text, key.text) < 0)
			from = half + 1;
		else
			to = half;
	}
	if (from == b->n_tokens || !kb_str_eq(b->tokens[from].text, key.text))
		return false;
	*id = b->tokens[from].id;
	return true;
}

static int take_bytes(struct builder *b)
{
	char name[8];

	if (!is_on(b->model, "byte_fallback"))
		return 0;
	for (unsigned i = 0; i < 256; i++) {
		snprintf(name, sizeof(name), "<0x%02X>", i);
		if (!find_token(b, name, &b->byte_ids[i]))
			return kb_err_set(b->err, KB_EINVAL,
					  "byte_fallback without a token '%s'",
					  name);
	}
	b->head.n_byte_ids = 256;
	return 0;
}

/* ---- what stands before and behind a text ---- */

static bool is_vocabulary_id(const struct builder *b, struct kb_json val,
			     uint32_t *out)
{
	int64_t id;

	if (!kb_json_int(val, &id) || id < 0 || id >= b->head.n)
		return false;
	*out = (uint32_t)id;
	return true;
}

/* The id that a template's special token stands for. */
static bool special_id(struct builder *b, struct kb_json post,
		       struct kb_json token, uint32_t *id)
{
	struct kb_json all = kb_json_get(post, "special_tokens");
	struct kb_str name = text_of(b, token, "id");
	char *key = kb_arena_strndup(&b->arena, name.ptr, name.len);
	struct kb_json_iter it =
	    kb_json_iter(kb_json_get(kb_json_get(all, key), "ids"));

	return kb_json_next(&it) && is_vocabulary_id(b, it.val, id);
}

/* "<s> A </s>", and how many stand between A and B. */
static bool read_template(struct builder *b, struct kb_json post)
{
	struct kb_json_iter it = kb_json_iter(kb_json_get(post, "single"));
	uint32_t ids[2], between = 0;
	size_t n = 0, texts = 0;

	for (; kb_json_next(&it); n++) {
		struct kb_json token = kb_json_get(it.val, "SpecialToken");

		if (n > 2 || (token.type == KB_JSON_NONE) != (n == 1) ||
		    (n != 1 && !special_id(b, post, token, &ids[n / 2])))
			return false;
	}
	if (n != 3)
		return false;
	it = kb_json_iter(kb_json_get(post, "pair"));
	while (kb_json_next(&it)) {
		bool text =
		    kb_json_get(it.val, "SpecialToken").type == KB_JSON_NONE;

		texts += text;
		between += !text && texts == 1;
	}
	b->head.cls = ids[0];
	b->head.sep = ids[1];
	b->head.between = between;
	return between <= 2;
}

/* "cls":["<s>",0] */
static bool read_named(struct builder *b, struct kb_json post, const char *name,
		       uint32_t *id)
{
	struct kb_json_iter it = kb_json_iter(kb_json_get(post, name));

	return kb_json_next(&it) && kb_json_next(&it) &&
	       is_vocabulary_id(b, it.val, id);
}

/* Who only counts needs none. */
static void take_ends(struct builder *b)
{
	struct kb_json post = kb_json_get(b->root, "post_processor");
	bool good = false;

	if (is_type(b, post, "TemplateProcessing"))
		good = read_template(b, post);
	else if (is_type(b, post, "RobertaProcessing") ||
		 is_type(b, post, "BertProcessing"))
		good = read_named(b, post, "cls", &b->head.cls) &&
		       read_named(b, post, "sep", &b->head.sep);
	if (is_type(b, post, "RobertaProcessing"))
		b->head.between = 2;
	if (is_type(b, post, "BertProcessing"))
		b->head.between = 1;
	if (!good)
		b->head.cls = b->head.sep = KB_UNIGRAM_NONE;
}

/* ---- the trie, level by level ---- */

static int add_node(struct builder *b, uint32_t from, uint32_t to,
		    uint32_t depth)
{
	if (b->head.n_nodes == KB_UNIGRAM_NODES)
		return kb_err_set(b->err, KB_ELIMIT,
				  "a vocabulary of more than %u nodes",
				  KB_UNIGRAM_NODES);
	kb_grow(&b->nodes, &b->node_cap, b->head.n_nodes + 1,
		sizeof(*b->nodes));
	b->nodes[b->head.n_nodes++] = (struct node){from, to, depth};
	return 0;
}

static uint8_t byte_at(const struct builder *b, uint32_t token, uint32_t depth)
{
	return (uint8_t)b->tokens[token].text.ptr[depth];
}

/* One child for each byte that tokens of a node go on with. */
static int add_children(struct builder *b, struct node of)
{
	uint32_t from = of.from;
	int rc = 0;

	/* the one that ends here stands first */
	if (b->tokens[from].text.len == of.depth)
		from++;
	while (!rc && from < of.to) {
		uint32_t to = from + 1;

		while (to < of.to &&
		       byte_at(b, to, of.depth) == byte_at(b, from, of.depth))
			to++;
		rc = add_node(b, from, to, of.depth + 1);
		from = to;
	}
	return rc;
}

static int write_trie(struct builder *b, struct kb_buf *out)
{
	struct kb_buf ids, labels;
	int rc = add_node(b, 0, b->n_tokens, 0);

	kb_buf_init(&ids, 0);
	kb_buf_init(&labels, 0);
	for (uint32_t i = 0; !rc && i < b->head.n_nodes; i++) {
		const struct node node = b->nodes[i];
		const struct token *t = &b->tokens[node.from];
		bool ends = t->text.len == node.depth;
		uint32_t id = ends ? t->id + 1 : 0;

		kb_buf_add(out, &b->head.n_nodes, sizeof(uint32_t));
		kb_buf_add(&ids, &id, sizeof(id));
		kb_buf_add_char(&labels,
				node.depth ? t->text.ptr[node.depth - 1] : 0);
		rc = add_children(b, node);
	}
	kb_buf_add(out, &b->head.n_nodes, sizeof(uint32_t));
	kb_buf_add_str(out, kb_buf_str(&ids));
	if (b->head.n_byte_ids)
		kb_buf_add(out, b->byte_ids, sizeof(b->byte_ids));
	kb_buf_add_str(out, b->charsmap);
	while (out->len % 4)
		kb_buf_add_char(out, 0);
	kb_buf_add_str(out, kb_buf_str(&labels));
	kb_buf_release(&ids);
	kb_buf_release(&labels);
	return rc;
}

static int write_blob(struct builder *b, struct kb_buf *out)
{
	struct kb_unigram_head *h = &b->head;
	size_t at = out->len;
	int rc;

	memcpy(h->magic, KB_UNIGRAM_MAGIC, sizeof(h->magic));
	h->charsmap_len = (uint32_t)b->charsmap.len;
	kb_buf_add(out, h, sizeof(*h));
	kb_buf_add(out, b->scores, h->n * sizeof(*b->scores));
	rc = write_trie(b, out);
	memcpy(out->ptr + at, h, sizeof(*h)); /* nodes are counted now */
	if (rc)
		out->len = at;
	return rc;
}

static int take_all(struct builder *b)
{
	int rc = take_form(b);

	if (!rc)
		rc = take_vocabulary(b);
	if (rc)
		return rc;
	leave_special(b);
	sort_tokens(b);
	if (!b->n_tokens)
		return kb_err_set(b->err, KB_EINVAL,
				  "a vocabulary without a token for text");
	take_ends(b);
	return take_bytes(b);
}

int kb_unigram_build(struct kb_json tokenizer_json, struct kb_buf *out,
		     struct kb_err *err)
{
	struct builder b = {.root = tokenizer_json, .err = err};
	int rc;

	kb_arena_init(&b.arena);
	b.model = kb_json_get(b.root, "model");
	rc = take_all(&b);
	if (!rc)
		rc = write_blob(&b, out);
	free(b.nodes);
	kb_arena_release(&b.arena);
	return rc;
}
