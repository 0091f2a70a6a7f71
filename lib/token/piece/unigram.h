/*
 * Unigram: text to the pieces of a SentencePiece vocabulary (Kudo 2018), as
 * XLM-R, E5 and BGE-M3 have it in their tokenizer.json.
 *
 * A text is normalised (charsmap.h), blanks become the mark U+2581, and each
 * word with its mark is cut into the pieces whose scores have the largest sum
 * (Viterbi 1967). A character that no piece begins with is unknown, neighbours
 * of the kind are one token; with byte_fallback they are the tokens of their
 * bytes. What comes out is what the tokenizers library gives for the text,
 * but that special tokens, such as </s>, and the unknown one are never found
 * in it: what text holds is text.
 *
 * A vocabulary is one blob that is read where it lies (mapped, shared). Time
 * grows with the text times the longest piece; memory with the longest stretch
 * that pieces of the vocabulary overlap in all along, some words at most in any
 * language. Lookups never lead outside of the blob, whatever it holds.
 */
#ifndef KB_TOKEN_PIECE_UNIGRAM_H
#define KB_TOKEN_PIECE_UNIGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "token/piece/unigram_text.h"
#include "json/rec.h"

#define KB_UNIGRAM_TOKENS (1u << 20)
#define KB_UNIGRAM_NODES  (1u << 26)
#define KB_UNIGRAM_BYTES  512 /* of a token */
#define KB_UNIGRAM_NONE	  UINT32_MAX

struct kb_unigram {
	struct kb_unigram_form form;
	struct kb_charsmap charsmap;
	const double *scores;	 /* [n] logarithms */
	const uint32_t *first;	 /* [n_nodes + 1] of a node's children */
	const uint32_t *ids;	 /* [n_nodes] a token + 1, or 0 */
	const uint32_t *byte_id; /* [256], or NULL: no byte_fallback */
	const uint8_t *labels;	 /* [n_nodes] */
	uint32_t n, n_nodes;
	uint32_t unknown, cls, sep; /* cls, sep: KB_UNIGRAM_NONE for none */
	uint32_t between;	    /* seps between the texts of a pair */
	double unknown_score;
};

/* ptr is aligned to 8 bytes and outlives the structure. KB_EFORMAT. */
int kb_unigram_open(struct kb_unigram *u, const void *ptr, size_t len,
		    struct kb_err *err);

/*
 * Tokens of a text, without those before and behind it, at most max, to ids
 * (NULL: they are counted); how many. *rest says whether some were left out
 * (NULL: nobody asks). A byte that is no UTF-8 is read as U+FFFD.
 */
size_t kb_unigram_encode(const struct kb_unigram *u, struct kb_str text,
			 uint32_t *ids, size_t max, bool *rest);

/* Append the blob of a tokenizer.json whose model is of type Unigram.
 * KB_EINVAL names what is not understood; KB_ELIMIT above the limits. */
int kb_unigram_build(struct kb_json tokenizer_json, struct kb_buf *out,
		     struct kb_err *err);

/* The head of the blob; behind it scores, first, ids, bytes' ids (256, or
 * none), charsmap with zeros to a multiple of 4, labels. */
struct kb_unigram_head {
	char magic[8];
	double unknown_score;
	uint32_t n, n_nodes, n_byte_ids, charsmap_len;
	uint32_t unknown, cls, sep, between;
	struct kb_unigram_form form;
	uint32_t zero;
};
#define KB_UNIGRAM_MAGIC "UNIGRAM" /* and its NUL */

#endif
