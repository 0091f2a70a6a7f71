#include "token/tokenizer.h"

#include <stdlib.h>

#include <utf8proc.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/utf8.h"
#include "token/bpe.h"
#include "token/bpe_build.h"
#include "token/bpe_builtin.h"
#include "token/piece/vocabulary.h"
#include "token/tiktoken_file.h"
#include "token/token_estimate.h"
#include "token/token_model.h"
#include "token/tokenizer_json.h"

#define MAX_FILE ((size_t)256 << 20) /* bytes */

enum kind { ESTIMATE, BYTE_PAIRS, PIECES };

struct kb_tokenizer {
	enum kind kind;
	const char *name;
	bool guessed; /* the vocabulary is perhaps not the model's */
	bool chosen;
	bool nfc; /* text is brought to normal form C first */
	struct kb_bpe bpe;
	struct kb_bpe_owned owned; /* of a file */
	struct kb_buf pieces;	   /* of a file */
	struct kb_vocabulary vocabulary;
};

struct kb_token_counter {
	enum kind kind;
	bool nfc, of_budget;
	struct kb_bpe_counter *bpe;
	const struct kb_vocabulary *pieces;
};

static void take_built_in(struct kb_tokenizer *t, enum kb_split_rule rule)
{
	t->kind = BYTE_PAIRS;
	t->name = rule == KB_SPLIT_O200K ? "o200k_base" : "cl100k_base";
	kb_bpe_builtin(rule, &t->bpe);
}

/*
 * A file of ranks does not say how text is cut. The published ones are told by
 * how many ranks they have.
 */
static int read_ranks(struct kb_bpe_owned *owned, struct kb_str text,
		      struct kb_err *err)
{
	static const struct {
		size_t n;
		enum kb_split_rule rule;
	} known[] = {
	    {50256, KB_SPLIT_GPT2}, /* gpt-2, r50k_base */
	    {50280, KB_SPLIT_GPT2}, /* p50k_base */
	    {100256, KB_SPLIT_CL100K}, {128000, KB_SPLIT_LLAMA3},
	    {151643, KB_SPLIT_QWEN2},  {199998, KB_SPLIT_O200K},
	};
	size_t n = 0;

	for (const char *p = text.ptr, *end = p + text.len;
	     p < end && (p = memchr(p, '\n', (size_t)(end - p))); p++)
		n++;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].n == n)
			return kb_tiktoken_read(owned, text, known[i].rule,
						err);
	return kb_err_set(err, KB_EFORMAT,
			  "%zu ranks are of no vocabulary that is known here, "
			  "and do not tell how text is cut; take its "
			  "tokenizer.json",
			  n);
}

static int read_json(struct kb_tokenizer *t, struct kb_str text,
		     struct kb_err *err)
{
	enum kb_vocabulary_kind kind;
	struct kb_json file;
	int rc = kb_json_check(text.ptr, text.len, &file, err);

	if (rc < 0)
		return rc;
	if (!kb_vocabulary_is(file, &kind))
		return kb_tokenizer_json_read(&t->owned, &t->nfc, file, err);
	t->kind = PIECES;
	rc = kb_vocabulary_build(file, &t->pieces, err);
	return rc ? rc
		  : kb_vocabulary_open(&t->vocabulary, t->pieces.ptr,
				       t->pieces.len, err);
}

static int read_file(struct kb_tokenizer *t, struct kb_str text,
		     struct kb_err *err)
{
	size_t at = 0;

	t->kind = BYTE_PAIRS;
	while (at < text.len && kb_is_blank(text.ptr[at]))
		at++;
	if (at < text.len && text.ptr[at] == '{')
		return read_json(t, text, err);
	return read_ranks(&t->owned, text, err);
}

static int take_file(struct kb_tokenizer *t, const char *path,
		     struct kb_err *err)
{
	const char *slash = strrchr(path, '/');
	struct kb_buf text;
	int rc;

	kb_buf_init(&text, 0);
	rc = kb_file_read(path, MAX_FILE, &text, err);
	if (rc == 0) {
		rc = read_file(t, kb_buf_str(&text), err);
		if (rc < 0)
			rc = kb_err_place(err, "'%s'", path);
	}
	kb_buf_release(&text);
	t->name = slash ? slash + 1 : path;
	t->bpe = t->owned.bpe;
	return rc;
}

static int take_named(struct kb_tokenizer *t, const char *name,
		      struct kb_err *err)
{
	if (!strcmp(name, "o200k") || !strcmp(name, "o200k_base")) {
		take_built_in(t, KB_SPLIT_O200K);
	} else if (!strcmp(name, "cl100k") || !strcmp(name, "cl100k_base")) {
		take_built_in(t, KB_SPLIT_CL100K);
	} else if (!strcmp(name, "est")) {
		t->kind = ESTIMATE;
		t->name = "est";
	} else if (strpbrk(name, "/.")) {
		return take_file(t, name, err);
	} else {
		return kb_err_set(
		    err, KB_EINVAL,
		    "no tokenizer '%.60s': o200k, cl100k, est, or "
		    "a file whose path has a slash or a dot",
		    name);
	}
	return 0;
}

static void take_of_model(struct kb_tokenizer *t, const char *model)
{
	enum kb_split_rule rule = KB_SPLIT_O200K;

	t->guessed = model && !kb_token_rule_of_model(model, &rule);
	take_built_in(t, rule);
}

int kb_tokenizer_open(const char *name, const char *model,
		      struct kb_tokenizer **tokenizer, struct kb_err *err)
{
	struct kb_tokenizer *t = kb_calloc(1, sizeof(*t));
	int rc = 0;

	kb_buf_init(&t->pieces, 0);
	t->chosen = name || model;
	if (name)
		rc = take_named(t, name, err);
	else
		take_of_model(t, model);
	if (rc < 0) {
		kb_tokenizer_close(t);
		return rc;
	}
	*tokenizer = t;
	return 0;
}

void kb_tokenizer_close(struct kb_tokenizer *tokenizer)
{
	if (!tokenizer)
		return;
	kb_bpe_owned_release(&tokenizer->owned);
	kb_buf_release(&tokenizer->pieces);
	free(tokenizer);
}

const char *kb_tokenizer_name(const struct kb_tokenizer *tokenizer)
{
	return tokenizer ? tokenizer->name : "est";
}

bool kb_tokenizer_is_exact(const struct kb_tokenizer *tokenizer)
{
	return tokenizer && tokenizer->kind != ESTIMATE && !tokenizer->guessed;
}

bool kb_tokenizer_is_chosen(const struct kb_tokenizer *tokenizer)
{
	return !tokenizer || tokenizer->chosen;
}

size_t kb_tokenizer_within(const struct kb_tokenizer *tokenizer, size_t budget)
{
	return kb_tokenizer_is_exact(tokenizer) ? budget
						: kb_tokens_within(budget);
}

struct kb_token_counter *kb_token_counter_new(
    const struct kb_tokenizer *tokenizer)
{
	struct kb_token_counter *counter = kb_calloc(1, sizeof(*counter));

	counter->kind = tokenizer ? tokenizer->kind : ESTIMATE;
	if (counter->kind == BYTE_PAIRS)
		counter->bpe = kb_bpe_counter_new(&tokenizer->bpe);
	if (counter->kind == PIECES)
		counter->pieces = &tokenizer->vocabulary;
	counter->nfc = tokenizer && tokenizer->nfc;
	return counter;
}

struct kb_token_counter *kb_token_counter_of_budget(
    const struct kb_tokenizer *tokenizer)
{
	struct kb_token_counter *counter = kb_token_counter_new(tokenizer);

	counter->of_budget = true;
	return counter;
}

void kb_token_counter_free(struct kb_token_counter *counter)
{
	if (!counter)
		return;
	kb_bpe_counter_free(counter->bpe);
	free(counter);
}

/* Is the text in normal form C for sure: of characters that nothing composes
 * with or takes apart? */
static bool is_composed(const char *text, size_t len)
{
	uint32_t cp;

	for (size_t at = 0; at < len;) {
		at += kb_utf8_next(text + at, len - at, &cp);
		if (cp >= 0x300 && !(cp >= 0x3000 && cp < 0x3046) &&
		    !(cp >= 0x4e00 && cp < 0xa000) &&
		    !(cp >= 0xff00 && cp < 0xfff0))
			return false;
	}
	return true;
}

/* The text in normal form C, to be freed; NULL when it is in it, or is not
 * UTF-8 and so has none. */
static char *composed(const struct kb_token_counter *counter, const char *text,
		      size_t len, size_t *n)
{
	utf8proc_uint8_t *out = NULL;
	const void *from = text;
	utf8proc_ssize_t size;

	if (!counter->nfc || is_composed(text, len))
		return NULL;
	size = utf8proc_map(from, (utf8proc_ssize_t)len, &out,
			    UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (size < 0) {
		free(out);
		return NULL;
	}
	*n = (size_t)size;
	return (char *)out;
}

size_t kb_token_count(struct kb_token_counter *counter, const char *text,
		      size_t len)
{
	char *made;
	size_t n;

	if (counter->kind == ESTIMATE)
		return counter->of_budget ? kb_tokens_most(text, len)
					  : kb_tokens_estimate(text, len);
	if (counter->kind == PIECES)
		return kb_vocabulary_encode(counter->pieces,
					    (struct kb_str){text, len}, NULL,
					    SIZE_MAX, NULL);
	made = composed(counter, text, len, &len);
	n = kb_bpe_count(counter->bpe, made ? made : text, len);
	free(made);
	return n;
}

enum kb_token_cut kb_token_cut(const struct kb_token_counter *counter)
{
	const struct kb_vocabulary *v = counter->pieces;
	const struct kb_unigram *u;
	struct kb_str to;

	if (!v || v->kind == KB_VOCABULARY_WORDPIECE || v->unigram.form.words)
		return KB_TOKEN_CUT_BEHIND;
	u = &v->unigram;
	/* a line break becomes a blank, and that the mark of the next word */
	return u->form.split &&
		       kb_charsmap_find(&u->charsmap, KB_STR("\n"), &to) &&
		       kb_str_is(to, " ")
		   ? KB_TOKEN_CUT_BEFORE
		   : KB_TOKEN_CUT_NONE;
}

/* Their number first: a character may become many. */
static void encode_pieces(struct kb_token_counter *counter, struct kb_str text,
			  struct kb_buf *out)
{
	size_t n = kb_token_count(counter, text.ptr, text.len);
	uint32_t *ids = kb_reallocarray(NULL, n + 1, sizeof(*ids));

	kb_vocabulary_encode(counter->pieces, text, ids, n, NULL);
	kb_buf_add(out, ids, n * sizeof(*ids));
	free(ids);
}

bool kb_token_encode(struct kb_token_counter *counter, const char *text,
		     size_t len, struct kb_buf *out)
{
	char *made;

	if (counter->kind == ESTIMATE)
		return false;
	if (counter->kind == PIECES) {
		encode_pieces(counter, (struct kb_str){text, len}, out);
		return true;
	}
	made = composed(counter, text, len, &len);
	kb_bpe_encode(counter->bpe, made ? made : text, len, out);
	free(made);
	return true;
}
