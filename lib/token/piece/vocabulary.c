#include "token/piece/vocabulary.h"

static int open_wordpiece(struct kb_vocabulary *v, const void *ptr, size_t len,
			  struct kb_err *err)
{
	const struct kb_wordpiece *wp = &v->wordpiece;
	int rc = kb_wordpiece_open(&v->wordpiece, ptr, len, err);

	v->kind = KB_VOCABULARY_WORDPIECE;
	v->n = wp->n;
	v->cls = wp->cls;
	v->sep = wp->sep;
	v->between = 1;
	return rc;
}

static int open_unigram(struct kb_vocabulary *v, const void *ptr, size_t len,
			struct kb_err *err)
{
	const struct kb_unigram *u = &v->unigram;
	int rc = kb_unigram_open(&v->unigram, ptr, len, err);

	v->kind = KB_VOCABULARY_UNIGRAM;
	v->n = u->n;
	v->cls = u->cls;
	v->sep = u->sep;
	v->between = u->between;
	return rc;
}

int kb_vocabulary_open(struct kb_vocabulary *v, const void *ptr, size_t len,
		       struct kb_err *err)
{
	*v = (struct kb_vocabulary){.n = 0};
	if (len >= sizeof(KB_UNIGRAM_MAGIC) &&
	    !memcmp(ptr, KB_UNIGRAM_MAGIC, sizeof(KB_UNIGRAM_MAGIC)))
		return open_unigram(v, ptr, len, err);
	return open_wordpiece(v, ptr, len, err);
}

size_t kb_vocabulary_encode(const struct kb_vocabulary *v, struct kb_str text,
			    uint32_t *ids, size_t max, bool *rest)
{
	if (v->kind == KB_VOCABULARY_UNIGRAM)
		return kb_unigram_encode(&v->unigram, text, ids, max, rest);
	return kb_wordpiece_encode(&v->wordpiece, text, ids, max, rest);
}

static bool type_is(struct kb_json root, const char *type, size_t len)
{
	struct kb_json model = kb_json_get(root, "model");
	struct kb_json val = kb_json_get(model, "type");

	/* with its quotes */
	return val.type == KB_JSON_STRING && val.len == len + 2 &&
	       !memcmp(val.ptr + 1, type, len);
}

bool kb_vocabulary_is(struct kb_json root, enum kb_vocabulary_kind *kind)
{
	*kind = KB_VOCABULARY_WORDPIECE;
	if (type_is(root, "WordPiece", 9))
		return true;
	*kind = KB_VOCABULARY_UNIGRAM;
	return type_is(root, "Unigram", 7);
}

int kb_vocabulary_build(struct kb_json root, struct kb_buf *out,
			struct kb_err *err)
{
	enum kb_vocabulary_kind kind;

	/* what is neither is refused by its name there */
	if (kb_vocabulary_is(root, &kind) && kind == KB_VOCABULARY_UNIGRAM)
		return kb_unigram_build(root, out, err);
	return kb_wordpiece_build(root, out, err);
}

int kb_vocabulary_read(struct kb_str file, struct kb_buf *out,
		       struct kb_err *err)
{
	struct kb_json root;
	int rc = kb_json_check(file.ptr, file.len, &root, err);

	if (!rc)
		rc = kb_vocabulary_build(root, out, err);
	return rc ? kb_err_place(err, "tokenizer.json") : 0;
}
