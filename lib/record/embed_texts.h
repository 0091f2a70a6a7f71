/*
 * The texts of a record that are to become vectors, and where their vectors go.
 *
 *	text	  a passage; its vector is the member 'vector'
 *	texts	  passages, or what 'input_type' says; 'vectors.texts'
 *	question  'vectors.query'; with it 'hyde' and 'rewrites'
 */
#ifndef KB_RECORD_EMBED_TEXTS_H
#define KB_RECORD_EMBED_TEXTS_H

#include "json/rec.h"

#define KB_EMBED_TEXTS_MAX 4096

enum kb_embed_kind { KB_EMBED_PASSAGE, KB_EMBED_QUERY, KB_EMBED_AS_IT_IS };

struct kb_embed_texts {
	struct kb_str *texts;	   /* in the order that _put() wants */
	enum kb_embed_kind *kinds; /* of each; 'texts' are as they are */
	size_t n;
	struct kb_str input_type; /* the record's; may be empty */
};

/* In the record's arena. KB_EINVAL for a record that has none, KB_ELIMIT above
 * KB_EMBED_TEXTS_MAX. */
int kb_embed_texts_read(const struct kb_rec *rec, struct kb_embed_texts *out,
			struct kb_err *err);

/* Set the members: n vectors of dim floats each, in the order of the texts. */
void kb_embed_texts_put(struct kb_rec *rec, struct kb_str model,
			const float *values, size_t n, size_t dim);

#endif
