/*
 * Encoders in the process: vectors of texts by a BERT or XLM-R model (Devlin et
 * al. 2019; Conneau et al. 2020; sentence vectors as Reimers and Gurevych 2019)
 * whose weights lie in a mapped file (kbm.h), scores of pairs by a
 * cross-encoder (Nogueira and Cho 2019), and how well the tokens of one text
 * are met in others (late interaction, Khattab and Zaharia 2020).
 *
 * What is encoded is [CLS], the tokens of the text, [SEP]; layers are
 * attention and a two-layer network with GELU, each added to what it was given
 * and normalised behind (post-norm). The vector of a text is that of [CLS], or
 * the mean of all tokens, of length 1. A cross-encoder reads question and
 * passage at once, each a segment, and makes a number of the vector of [CLS].
 * Weights are int8 with a scale an output, activations 8 bits over the range of
 * their token: the vector of a text does not depend on what else is in its
 * batch, nor on the machine.
 *
 * An encoder is read only and may be used by any number of threads, each with
 * a workspace of its own, which grows with the longest text and the size of a
 * batch up to a bound: some MB.
 */
#ifndef KB_ENCODER_ENCODER_H
#define KB_ENCODER_ENCODER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "encoder/encoder_kernel.h"
#include "encoder/kbm.h"
#include "token/piece/vocabulary.h"

#define KB_ENCODER_LAYERS    48
#define KB_ENCODER_HIDDEN    4096
#define KB_ENCODER_INNER     16384
#define KB_ENCODER_POSITIONS 8192

/* Means of vectors: of Chinese questions and passages, and of other ones. */
#define KB_ENCODER_CENTRES 4

enum kb_encoder_pooling { KB_ENCODER_CLS, KB_ENCODER_MEAN };

struct kb_encoder_norm {
	const float *weight, *bias;
};

struct kb_encoder_layer {
	struct kb_encoder_matrix qkv; /* query, key, value below another */
	struct kb_encoder_matrix out, inner, outer;
	struct kb_encoder_norm attention, network;
};

/* What a file says of its model; strings lie in the encoder. */
struct kb_encoder_settings {
	struct kb_str language, licence, source;
	struct kb_str query_prefix, passage_prefix;
	enum kb_encoder_pooling pooling;
	size_t layers, hidden, heads, inner, positions;
	size_t max_tokens; /* of a text, [CLS] and [SEP] among them */
	bool ranks;	   /* a cross-encoder: it has no vectors */
	double epsilon;
};

struct kb_encoder {
	struct kb_kbm file;
	struct kb_arena arena;
	struct kb_encoder_settings is;
	struct kb_vocabulary vocabulary;
	const int8_t *words; /* a row a token */
	const float *word_scales;
	int32_t word_zero;
	const float *positions;
	const float *types; /* a row a segment: two where it ranks, else one */
	struct kb_encoder_norm first;
	struct kb_encoder_layer layers[KB_ENCODER_LAYERS];
	const float *centres;		 /* [KB_ENCODER_CENTRES], or NULL */
	struct kb_encoder_matrix pooler; /* where it ranks */
	const float *classifier, *classifier_bias;
};

/*
 * Nothing but the head of the file is read: what the layers hold is read when
 * it is needed, and its checksums by kb_kbm_verify() only. KB_ENOENT,
 * KB_EFORMAT: damaged, or of another shape than its settings say.
 */
int kb_encoder_open(struct kb_encoder **out, const char *path,
		    struct kb_err *err);
/* The same of bytes in memory that outlive it; name is for messages. */
int kb_encoder_open_bytes(struct kb_encoder **out, const void *ptr, size_t len,
			  const char *name, struct kb_err *err);
void kb_encoder_close(struct kb_encoder *e);

/* Does the model rank, or give vectors, as is asked for? KB_EINVAL: no. */
int kb_encoder_check(const struct kb_encoder *e, bool ranks,
		     struct kb_err *err);

/* Bring the weights of the layers into memory, which every text needs: once,
 * before the first one. */
void kb_encoder_prefetch(const struct kb_encoder *e);

struct kb_encoder_work;
struct kb_encoder_work *kb_encoder_work_new(void);
void kb_encoder_work_free(void *work);

/*
 * Vectors of n texts, hidden floats each, to out. Where the model has means of
 * languages they are taken off (centre.h): a text that begins with what the
 * model wants before questions is one. A text that is longer than
 * max_tokens is its beginning; *cut (NULL: nobody asks) is increased by the
 * number of those. KB_EFORMAT when a vector is no number, as of a damaged file,
 * KB_EINVAL when the model only ranks.
 */
int kb_encoder_encode(const struct kb_encoder *e, struct kb_encoder_work *work,
		      const struct kb_str *texts, size_t n, float *out,
		      size_t *cut, struct kb_err *err);

/*
 * How well each of n passages answers the question, 0 to 1. Of a pair that is
 * longer than max_tokens the longer text is cut, or both to one length; *cut as
 * above. KB_EFORMAT when a score is no number, KB_EINVAL when the model does
 * not rank.
 */
int kb_encoder_rank(const struct kb_encoder *e, struct kb_encoder_work *work,
		    struct kb_str question, const struct kb_str *passages,
		    size_t n, double *scores, size_t *cut, struct kb_err *err);

#define KB_ENCODER_MATCH_TOKENS 64 /* of a question that are matched */

/*
 * How well each of n texts meets the question, token by token: of each of the
 * question's first KB_ENCODER_MATCH_TOKENS tokens the largest cosine with a
 * token of the text, by the last layer, and of these the mean of the lowest
 * third: a text that lacks something of the question has it low, whatever else
 * it holds. -1 to 1; -1 where one of both has no token. What is longer than
 * max_tokens is cut there. Errors as of kb_encoder_encode().
 */
int kb_encoder_match(const struct kb_encoder *e, struct kb_encoder_work *work,
		     struct kb_str question, const struct kb_str *texts,
		     size_t n, double *scores, struct kb_err *err);

#endif
