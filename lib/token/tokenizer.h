/*
 * The tokenizer that a program counts with: the one handle for all kinds.
 *
 * A tokenizer is read-only and shared by threads; each counts with a counter of
 * its own. Kinds: an exact byte-pair vocabulary (bpe.h), linked in or out of a
 * file; pieces of WordPiece or Unigram (piece/vocabulary.h), out of a file; and
 * the estimate (token_estimate.h), which takes no vocabulary.
 *
 * A count is exact in its vocabulary; that the vocabulary is the model's is
 * known of the models of token_model.h, and where a file is named.
 */
#ifndef KB_TOKEN_TOKENIZER_H
#define KB_TOKEN_TOKENIZER_H

#include "base/buf.h"
#include "base/err.h"

struct kb_tokenizer;

/*
 * 'name': o200k (or o200k_base), cl100k (or cl100k_base), est, or a file, whose
 * path has a slash or a dot and is borrowed: ranks (tiktoken_file.h) or a
 * tokenizer.json (tokenizer_json.h, piece/vocabulary.h). NULL: the one that
 * serves the model; o200k_base where no model is named, or one that no
 * vocabulary of ours is known to serve. KB_EINVAL for a name that is none,
 * KB_ENOENT, KB_EIO, KB_EFORMAT and KB_ELIMIT of a file.
 */
int kb_tokenizer_open(const char *name, const char *model,
		      struct kb_tokenizer **tokenizer, struct kb_err *err);
void kb_tokenizer_close(struct kb_tokenizer *tokenizer);

/* Of no tokenizer (NULL) these tell what they do of the estimate that was
 * chosen. As written in records: o200k_base, cl100k_base, est, or the file's
 * name without its folders. */
const char *kb_tokenizer_name(const struct kb_tokenizer *tokenizer);

/* Is it a vocabulary, and that of the model that was named, if one was? */
bool kb_tokenizer_is_exact(const struct kb_tokenizer *tokenizer);

/* Was a tokenizer or model named? Who named none has no need of an exact
 * count where nothing depends on it. */
bool kb_tokenizer_is_chosen(const struct kb_tokenizer *tokenizer);

/* The count to aim at for a budget of true tokens: the budget where counts are
 * exact, else less by the guard of kb_tokens_within(). */
size_t kb_tokenizer_within(const struct kb_tokenizer *tokenizer, size_t budget);

/* ---- counting ---- */

struct kb_token_counter;

/* For one thread. 'tokenizer' is borrowed; NULL: the estimate. */
struct kb_token_counter *kb_token_counter_new(
    const struct kb_tokenizer *tokenizer);

/* The same, but that the estimate is that of the dearer vocabulary: what a
 * budget is kept by (kb_tokenizer_within()). */
struct kb_token_counter *kb_token_counter_of_budget(
    const struct kb_tokenizer *tokenizer);
void kb_token_counter_free(struct kb_token_counter *counter);

/* Tokens of a text; 0 for none. Never more than its bytes for a byte-pair
 * vocabulary. */
size_t kb_token_count(struct kb_token_counter *counter, const char *text,
		      size_t len);

/* Where at a line break a text may be cut into two whose tokens add up to its
 * own: see token_tally.c, which knows what must stand beside it. */
enum kb_token_cut {
	KB_TOKEN_CUT_BEHIND,
	KB_TOKEN_CUT_BEFORE,
	KB_TOKEN_CUT_NONE,
};
enum kb_token_cut kb_token_cut(const struct kb_token_counter *counter);

/* Append their ids, a uint32_t each; false for what has none (the estimate). */
bool kb_token_encode(struct kb_token_counter *counter, const char *text,
		     size_t len, struct kb_buf *out);

#endif
