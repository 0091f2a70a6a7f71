/*
 * WordPiece: text to the tokens of a BERT model (Devlin et al. 2019; the
 * longest-match-first segmentation of Wu et al. 2016, section 4.1).
 *
 * A text is cleaned of what cannot be seen, Chinese characters are set apart,
 * letters are lowered and their marks taken off as the model asks for it; then
 * it is cut at white space and punctuation, and each word into the longest
 * pieces that the vocabulary has. What comes out is what the tokenizers
 * library gives for the text as such: names like [SEP] in it are text, never
 * the token. Characters that became punctuation after Unicode 8.0 are none
 * there, nor here.
 *
 * A vocabulary is one blob that is read where it lies (mapped, shared), with
 * a hash table of its pieces. Opening checks every offset; lookups never lead
 * outside, whatever the table says.
 */
#ifndef KB_TOKEN_PIECE_WORDPIECE_H
#define KB_TOKEN_PIECE_WORDPIECE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "json/rec.h"

#define KB_WORDPIECE_CHARS  256 /* of a word; longer ones are unknown */
#define KB_WORDPIECE_TOKENS (1u << 20)
#define KB_WORDPIECE_BYTES  512 /* of a token */

struct kb_wordpiece {
	const uint32_t *offsets; /* n + 1, into bytes */
	const uint32_t *slots;	 /* id + 1, or 0: free */
	const char *bytes;
	uint32_t n, n_slots; /* n_slots is a power of two */
	uint32_t unknown, cls, sep;
	uint32_t word_chars; /* a longer word is unknown */
	uint32_t longest;    /* bytes of the longest token */
	uint32_t prefix_len; /* of "##" before a piece inside a word */
	bool clean, chinese, strip, lower;
};

/* ptr is aligned to 4 bytes and outlives the structure. KB_EFORMAT. */
int kb_wordpiece_open(struct kb_wordpiece *wp, const void *ptr, size_t len,
		      struct kb_err *err);

/*
 * Tokens of a text, without [CLS] and [SEP], at most max, to ids (NULL: they
 * are counted); how many. *rest says whether some were left out (NULL: nobody
 * asks). A text is read only as far as its tokens are wanted, a byte that is no
 * UTF-8 as U+FFFD.
 */
size_t kb_wordpiece_encode(const struct kb_wordpiece *wp, struct kb_str text,
			   uint32_t *ids, size_t max, bool *rest);

/*
 * Append the blob of a tokenizer.json (Hugging Face). KB_EINVAL names what is
 * not understood: another kind of tokenizer, ids with gaps, no [CLS], [SEP] or
 * unknown token. KB_ELIMIT above the limits.
 */
int kb_wordpiece_build(struct kb_json tokenizer_json, struct kb_buf *out,
		       struct kb_err *err);

/* The place of the next slot to look at for a token or, with 'inside', for a
 * piece without its prefix. For wordpiece_build.c. */
uint32_t kb_wordpiece_hash(struct kb_str token, bool inside);

/* The head of the blob; behind it offsets, slots and bytes. */
struct kb_wordpiece_head {
	char magic[8];
	uint32_t n, n_slots, n_bytes;
	uint32_t unknown, cls, sep, word_chars, longest, prefix_len;
	uint32_t clean, chinese, strip, lower; /* 0 or 1 */
	uint32_t zero;
};
#define KB_WORDPIECE_MAGIC "WORDPCE" /* and its NUL */

#endif
