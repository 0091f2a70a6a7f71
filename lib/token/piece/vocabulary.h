/*
 * A vocabulary of pieces, WordPiece or Unigram, in one blob: the one handle of
 * both, for encoders and counters. See wordpiece.h and unigram.h.
 */
#ifndef KB_TOKEN_PIECE_VOCABULARY_H
#define KB_TOKEN_PIECE_VOCABULARY_H

#include "token/piece/unigram.h"
#include "token/piece/wordpiece.h"

enum kb_vocabulary_kind { KB_VOCABULARY_WORDPIECE, KB_VOCABULARY_UNIGRAM };

struct kb_vocabulary {
	enum kb_vocabulary_kind kind;
	union {
		struct kb_wordpiece wordpiece;
		struct kb_unigram unigram;
	};
	uint32_t n; /* tokens; ids are below */
	/* before a text, behind it; KB_UNIGRAM_NONE where there is none */
	uint32_t cls, sep;
	uint32_t between; /* seps between the texts of a pair */
};

/* ptr is aligned to 8 bytes and outlives the structure. KB_EFORMAT. */
int kb_vocabulary_open(struct kb_vocabulary *v, const void *ptr, size_t len,
		       struct kb_err *err);

/* Tokens of a text, without those before and behind it: at most max, to ids
 * (NULL: they are counted); how many. *rest (NULL: nobody asks): some were left
 * out. A byte that is no UTF-8 is read as U+FFFD. */
size_t kb_vocabulary_encode(const struct kb_vocabulary *v, struct kb_str text,
			    uint32_t *ids, size_t max, bool *rest);

/* Does a tokenizer.json hold a model of this kind? Which one. */
bool kb_vocabulary_is(struct kb_json tokenizer_json,
		      enum kb_vocabulary_kind *kind);

/* Append the blob of a tokenizer.json. KB_EINVAL names what is not understood,
 * KB_ELIMIT what is too large. */
int kb_vocabulary_build(struct kb_json tokenizer_json, struct kb_buf *out,
			struct kb_err *err);

/* The same of the text of a file; messages begin with "tokenizer.json: ". */
int kb_vocabulary_read(struct kb_str file, struct kb_buf *out,
		       struct kb_err *err);

#endif
