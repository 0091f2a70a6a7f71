/*
 * Importing a model: from the files of others to one .kbm.
 *
 * A directory is that of a model on Hugging Face (config.json, tokenizer.json,
 * model.safetensors, perhaps 1_Pooling/config.json), or holds one .onnx file
 * with its tokenizer; a file is that .onnx file, whose tokenizer stands beside
 * it as tokenizer.json or NAME-tokenizer.json. Of an .onnx file alone the shape
 * is that of its tensors.
 *
 * Of XLM-R the positions before the first one that a token has are left out.
 * Weights with a classifier of one label are those of a cross-encoder
 * (BertForSequenceClassification, XLMRobertaForSequenceClassification).
 *
 * Weights of 8 bits are taken as they are where their zero is 0; others become
 * int8, each output's largest 127.
 */
#ifndef KB_ENCODER_IMPORT_H
#define KB_ENCODER_IMPORT_H

#include "base/err.h"
#include "encoder/encoder.h"
#include "encoder/weight.h"

struct kb_import_options {
	/* NULL, 0: what the files say, or nothing */
	const char *language, *licence, *source;
	const char *query_prefix, *passage_prefix;
	const char *centre; /* of a .kbm: see centre.h */
	size_t max_tokens, heads;
	int pooling; /* enum kb_encoder_pooling; -1: what the files say */
};

#define KB_IMPORT_FILE_MAX ((size_t)4 << 30)

/* Write the model of 'from' to the file 'to', whole or not at all. KB_EINVAL
 * names what is not understood. */
int kb_import(const char *from, const char *to,
	      const struct kb_import_options *options, struct kb_err *err);

/* ---- import_write.c ---- */

/* Write settings, vocabulary and weights; the shape is checked on the way. The
 * first first_position rows of the table of positions are left out. */
int kb_import_write(struct kb_kbm_writer *w,
		    const struct kb_encoder_settings *settings,
		    size_t first_position, struct kb_str vocabulary,
		    enum kb_vocabulary_kind kind,
		    const struct kb_weights *weights, struct kb_err *err);

#endif
