#include <stdio.h>
#include <stdlib.h>

#include "base/page_advice.h"
#include "encoder/encoder.h"
#include "json/rec.h"

/* ---- settings ---- */

static int bad(const struct kb_encoder *e, const char *what, struct kb_err *err)
{
	(void)e;
	return kb_err_set(err, KB_EFORMAT,
			  "the model is damaged: %s; import it again", what);
}

static void take_text(struct kb_encoder *e, struct kb_json all,
		      const char *name, struct kb_str *out)
{
	kb_json_str(kb_json_get(all, name), &e->arena, out);
}

static bool take_size(struct kb_json all, const char *name, size_t most,
		      size_t *out)
{
	int64_t n;

	if (!kb_json_int(kb_json_get(all, name), &n) || n < 1 ||
	    (uint64_t)n > most)
		return false;
	*out = (size_t)n;
	return true;
}

static bool good_shape(const struct kb_encoder_settings *s)
{
	const size_t lanes = KB_ENCODER_LANES;

	return s->hidden % lanes == 0 && s->inner % lanes == 0 &&
	       s->hidden % s->heads == 0 && s->hidden / s->heads % lanes == 0 &&
	       s->max_tokens >= (s->ranks ? 6 : 3) &&
	       s->max_tokens <= s->positions && s->epsilon > 0 &&
	       s->epsilon < 1;
}

static int take_settings(struct kb_encoder *e, struct kb_err *err)
{
	const struct kb_kbm_entry *entry =
	    kb_kbm_find(&e->file, "settings", KB_KBM_TEXT, 0, 0);
	struct kb_encoder_settings *s = &e->is;
	struct kb_str kind = {NULL, 0}, pooling = {NULL, 0};
	char quoted[KB_QUOTE_MAX];
	struct kb_json all;

	if (!entry || kb_json_check(kb_kbm_data(&e->file, entry),
				    (size_t)entry->length, &all, NULL))
		return bad(e, "no settings", err);
	take_text(e, all, "architecture", &kind);
	take_text(e, all, "pooling", &pooling);
	s->ranks = kb_str_is(kind, "cross-encoder");
	if (!s->ranks && !kb_str_is(kind, "bert"))
		return kb_err_set(err, KB_EFORMAT,
				  "a model of architecture '%s' needs a newer "
				  "kb",
				  kb_err_quote(quoted, kind.ptr, kind.len));
	if (!kb_str_is(pooling, "cls") &&
	    (s->ranks || !kb_str_is(pooling, "mean")))
		return bad(e, "pooling", err);
	s->pooling =
	    kb_str_is(pooling, "cls") ? KB_ENCODER_CLS : KB_ENCODER_MEAN;
	take_text(e, all, "language", &s->language);
	take_text(e, all, "licence", &s->licence);
	take_text(e, all, "source", &s->source);
	take_text(e, all, "query_prefix", &s->query_prefix);
	take_text(e, all, "passage_prefix", &s->passage_prefix);
	if (!take_size(all, "layers", KB_ENCODER_LAYERS, &s->layers) ||
	    !take_size(all, "hidden", KB_ENCODER_HIDDEN, &s->hidden) ||
	    !take_size(all, "heads", KB_ENCODER_HIDDEN, &s->heads) ||
	    !take_size(all, "inner", KB_ENCODER_INNER, &s->inner) ||
	    !take_size(all, "positions", KB_ENCODER_POSITIONS, &s->positions) ||
	    !take_size(all, "max_tokens", KB_ENCODER_POSITIONS,
		       &s->max_tokens) ||
	    !kb_json_num(kb_json_get(all, "epsilon"), &s->epsilon) ||
	    !good_shape(s))
		return bad(e, "its shape", err);
	return 0;
}

/* ---- weights ---- */

/* Names of a layer's entries begin with its number. */
static const char *layer_name(char *buf, size_t size, size_t layer,
			      const char *name)
{
	snprintf(buf, size, "layer.%zu.%s", layer, name);
	return buf;
}

static bool take_floats(struct kb_encoder *e, const char *name, size_t rows,
			size_t cols, const float **out)
{
	const struct kb_kbm_entry *entry =
	    kb_kbm_find(&e->file, name, KB_KBM_FLOATS, rows, cols);

	if (entry)
		*out = kb_kbm_data(&e->file, entry);
	return entry != NULL;
}

static bool take_norm(struct kb_encoder *e, const char *name,
		      struct kb_encoder_norm *norm)
{
	char full[96];

	snprintf(full, sizeof(full), "%s.weight", name);
	if (!take_floats(e, full, 1, e->is.hidden, &norm->weight))
		return false;
	snprintf(full, sizeof(full), "%s.bias", name);
	return take_floats(e, full, 1, e->is.hidden, &norm->bias);
}

static bool take_matrix(struct kb_encoder *e, const char *name, size_t outputs,
			size_t inputs, struct kb_encoder_matrix *m)
{
	const struct kb_kbm_entry *entry =
	    kb_kbm_find(&e->file, name, KB_KBM_MATRIX, outputs, inputs);
	char full[96];

	if (!entry)
		return false;
	*m = (struct kb_encoder_matrix){
	    .data = kb_kbm_data(&e->file, entry),
	    .outputs = outputs,
	    .inputs = inputs,
	};
	m->scales = (const void *)(m->data + outputs * inputs);
	m->sums = (const void *)(m->scales + outputs);
	snprintf(full, sizeof(full), "%s.bias", name);
	return take_floats(e, full, 1, outputs, &m->bias);
}

static bool take_layer(struct kb_encoder *e, size_t i)
{
	struct kb_encoder_layer *l = &e->layers[i];
	size_t hidden = e->is.hidden, inner = e->is.inner;
	char name[64];

#define NAME(of_) layer_name(name, sizeof(name), i, of_)
	return take_matrix(e, NAME("qkv"), 3 * hidden, hidden, &l->qkv) &&
	       take_matrix(e, NAME("out"), hidden, hidden, &l->out) &&
	       take_norm(e, NAME("attention.norm"), &l->attention) &&
	       take_matrix(e, NAME("inner"), inner, hidden, &l->inner) &&
	       take_matrix(e, NAME("outer"), hidden, inner, &l->outer) &&
	       take_norm(e, NAME("network.norm"), &l->network);
#undef NAME
}

static bool take_classifier(struct kb_encoder *e)
{
	size_t hidden = e->is.hidden;

	return take_matrix(e, "pooler", hidden, hidden, &e->pooler) &&
	       take_floats(e, "classifier", 1, hidden, &e->classifier) &&
	       take_floats(e, "classifier.bias", 1, 1, &e->classifier_bias);
}

static int take_weights(struct kb_encoder *e, struct kb_err *err)
{
	const struct kb_kbm_entry *words =
	    kb_kbm_find(&e->file, "words", KB_KBM_ROWS, 0, e->is.hidden);

	if (!words || words->rows < e->vocabulary.n)
		return bad(e, "the vocabulary has more tokens than rows", err);
	e->words = kb_kbm_data(&e->file, words);
	e->word_scales =
	    (const void *)(e->words + (size_t)words->rows * words->cols);
	e->word_zero = words->zero;
	if (!take_floats(e, "positions", e->is.positions, e->is.hidden,
			 &e->positions) ||
	    !take_floats(e, "type", e->is.ranks ? 2 : 1, e->is.hidden,
			 &e->types) ||
	    !take_norm(e, "norm", &e->first))
		return bad(e, "no weights of the first layer", err);
	for (size_t i = 0; i < e->is.layers; i++)
		if (!take_layer(e, i))
			return bad(e, "weights of a layer are missing", err);
	take_floats(e, "centres", KB_ENCODER_CENTRES, e->is.hidden,
		    &e->centres);
	if (e->is.ranks && !take_classifier(e))
		return bad(e, "weights of its classifier are missing", err);
	return 0;
}

static int take_vocabulary(struct kb_encoder *e, struct kb_err *err)
{
	const struct kb_kbm_entry *entry =
	    kb_kbm_find(&e->file, "vocabulary", KB_KBM_WORDPIECE, 0, 0);
	struct kb_vocabulary *v = &e->vocabulary;
	int rc;

	if (!entry)
		entry =
		    kb_kbm_find(&e->file, "vocabulary", KB_KBM_UNIGRAM, 0, 0);
	if (!entry)
		return bad(e, "no vocabulary", err);
	rc = kb_vocabulary_open(v, kb_kbm_data(&e->file, entry),
				(size_t)entry->length, err);
	if (!rc && (v->cls == KB_UNIGRAM_NONE || v->sep == KB_UNIGRAM_NONE))
		return bad(e, "no token stands before and behind a text", err);
	return rc;
}

static int take_all(struct kb_encoder *e, const char *name, struct kb_err *err)
{
	int rc = take_settings(e, err);

	if (!rc)
		rc = take_vocabulary(e, err);
	if (!rc)
		rc = take_weights(e, err);
	return rc ? kb_err_place(err, "'%s'", name) : 0;
}

static struct kb_encoder *new_encoder(void)
{
	struct kb_encoder *e = kb_calloc(1, sizeof(*e));

	kb_arena_init(&e->arena);
	return e;
}

int kb_encoder_open(struct kb_encoder **out, const char *path,
		    struct kb_err *err)
{
	struct kb_encoder *e = new_encoder();
	int rc = kb_kbm_map(&e->file, path, err);

	if (!rc)
		rc = take_all(e, path, err);
	*out = rc ? NULL : e;
	if (rc)
		kb_encoder_close(e);
	return rc;
}

int kb_encoder_open_bytes(struct kb_encoder **out, const void *ptr, size_t len,
			  const char *name, struct kb_err *err)
{
	struct kb_encoder *e = new_encoder();
	int rc = kb_kbm_parse(&e->file, ptr, len, name, err);

	if (!rc)
		rc = take_all(e, name, err);
	*out = rc ? NULL : e;
	if (rc)
		kb_encoder_close(e);
	return rc;
}

/* They stand behind the norm of the words, to the end. */
void kb_encoder_prefetch(const struct kb_encoder *e)
{
	const unsigned char *from = (const unsigned char *)e->first.weight;

	if (e->file.mapped)
		kb_pages_populate(from,
				  (size_t)(e->file.ptr + e->file.len - from));
}

void kb_encoder_close(struct kb_encoder *e)
{
	if (!e)
		return;
	kb_kbm_unmap(&e->file);
	kb_arena_release(&e->arena);
	free(e);
}
