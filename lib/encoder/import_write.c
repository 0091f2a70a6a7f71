#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "encoder/import.h"
#include "json/write.h"

struct import {
	struct kb_kbm_writer *out;
	const struct kb_encoder_settings *is;
	const struct kb_weights *from;
	struct kb_err *err;
	int rc;
};

static void put_text(struct kb_jw *w, const char *name, struct kb_str text)
{
	if (!text.len)
		return;
	kb_jw_key(w, name);
	kb_jw_str(w, text);
}

static void put_settings(struct import *m)
{
	const struct kb_encoder_settings *s = m->is;
	struct kb_buf text;
	struct kb_jw w;

	kb_buf_init(&text, 0);
	kb_jw_init(&w, &text);
	kb_jw_obj(&w);
	put_text(&w, "architecture",
		 s->ranks ? KB_STR("cross-encoder") : KB_STR("bert"));
	put_text(&w, "pooling",
		 s->pooling == KB_ENCODER_CLS ? KB_STR("cls") : KB_STR("mean"));
	put_text(&w, "language", s->language);
	put_text(&w, "licence", s->licence);
	put_text(&w, "source", s->source);
	put_text(&w, "query_prefix", s->query_prefix);
	put_text(&w, "passage_prefix", s->passage_prefix);
	kb_jw_count(&w, "layers", s->layers);
	kb_jw_count(&w, "hidden", s->hidden);
	kb_jw_count(&w, "heads", s->heads);
	kb_jw_count(&w, "inner", s->inner);
	kb_jw_count(&w, "positions", s->positions);
	kb_jw_count(&w, "max_tokens", s->max_tokens);
	kb_jw_key(&w, "epsilon");
	kb_jw_num(&w, s->epsilon);
	kb_jw_end(&w);
	kb_kbm_put(m->out, "settings", KB_KBM_TEXT, 0, 0, 0, text.ptr,
		   text.len);
	kb_buf_release(&text);
}

/* The weight of a name, of this shape (0: any); false, and m->rc. */
static bool find(struct import *m, const char *name, size_t rows, size_t cols,
		 struct kb_weight *w)
{
	if (!m->rc)
		m->rc = m->from->find(m->from->arg, name, w, m->err);
	if (!m->rc && ((rows && w->rows != rows) || (cols && w->cols != cols)))
		m->rc = kb_err_set(m->err, KB_EINVAL,
				   "tensor '%s' is %zu x %zu, where %zu x %zu "
				   "belong",
				   name, w->rows, w->cols, rows, cols);
	return !m->rc;
}

/* Rows from 'first' on; of those that are not there the last one. */
static void put_floats(struct import *m, const char *name,
		       const struct kb_weight *w, size_t first, size_t rows)
{
	float *x = kb_reallocarray(NULL, rows * w->cols, sizeof(*x));

	for (size_t r = 0; r < rows; r++)
		for (size_t c = 0; c < w->cols; c++)
			x[r * w->cols + c] = kb_weight_float(
			    w, first + r < w->rows ? first + r : w->rows - 1,
			    c);
	kb_kbm_put(m->out, name, KB_KBM_FLOATS, rows, w->cols, 0, x,
		   rows * w->cols * sizeof(*x));
	free(x);
}

static void put_vector(struct import *m, const char *from, size_t n,
		       const char *name)
{
	struct kb_weight w;

	if (find(m, from, 1, n, &w))
		put_floats(m, name, &w, 0, 1);
}

/* A norm's weight and bias; older files call them gamma and beta. */
static void put_norm(struct import *m, const char *from, const char *name)
{
	static const char *const parts[2][2] = {{"weight", "gamma"},
						{"bias", "beta"}};
	char full[128], ours[64];

	for (size_t i = 0; i < 2 && !m->rc; i++) {
		struct kb_weight w;

		snprintf(full, sizeof(full), "%s.%s", from, parts[i][0]);
		snprintf(ours, sizeof(ours), "%s.%s", name, parts[i][0]);
		if (m->from->find(m->from->arg, full, &w, NULL) == KB_ENOENT)
			snprintf(full, sizeof(full), "%s.%s", from,
				 parts[i][1]);
		put_vector(m, full, m->is->hidden, ours);
	}
}

/* ---- 8 bits ---- */

static float row_scale(const struct kb_weight *w, size_t row, bool exact)
{
	float most = 0;

	if (exact)
		return kb_weight_scale(w, row);
	for (size_t c = 0; c < w->cols; c++)
		most = fmaxf(most, fabsf(kb_weight_float(w, row, c)));
	return most > 0 && isfinite(most) ? most / 127 : 1;
}

static int8_t to_byte(const struct kb_weight *w, size_t row, size_t col,
		      bool exact, float scale)
{
	float x;

	if (exact)
		return (int8_t)kb_weight_byte(w, row, col);
	x = roundf(kb_weight_float(w, row, col) / scale);
	return (int8_t)fmaxf(-127, fminf(x, 127));
}

/* A row of numbers for each token, as bytes with a scale; what stands for 0
 * may be any byte. */
static void put_words(struct import *m)
{
	struct kb_weight w;
	bool exact;
	int8_t *bytes;
	float *scales;
	size_t n;

	if (!find(m, "embeddings.word_embeddings.weight", 0, m->is->hidden, &w))
		return;
	n = w.rows * w.cols;
	exact = kb_weight_is_bytes(&w);
	bytes = kb_malloc(n + w.rows * sizeof(*scales));
	scales = kb_reallocarray(NULL, w.rows, sizeof(*scales));
	for (size_t r = 0; r < w.rows; r++) {
		scales[r] = row_scale(&w, r, exact);
		for (size_t c = 0; c < w.cols; c++)
			bytes[r * w.cols + c] =
			    to_byte(&w, r, c, exact, scales[r]);
	}
	memcpy(bytes + n, scales, w.rows * sizeof(*scales));
	kb_kbm_put(m->out, "words", KB_KBM_ROWS, w.rows, w.cols,
		   exact ? kb_weight_zero(&w) : 0, bytes,
		   n + w.rows * sizeof(*scales));
	free(scales);
	free(bytes);
}

/* A linear map, or several one below the other. */
struct stack {
	struct kb_weight maps[3];
	struct kb_weight biases[3];
	size_t n, outputs, inputs; /* outputs of each */
};

static bool find_map(struct import *m, struct stack *s, const char *name)
{
	char full[160];

	snprintf(full, sizeof(full), "%s.weight", name);
	if (!find(m, full, s->outputs, s->inputs, &s->maps[s->n]))
		return false;
	snprintf(full, sizeof(full), "%s.bias", name);
	return find(m, full, 1, s->outputs, &s->biases[s->n++]);
}

static size_t place(size_t output, size_t input, size_t outputs, size_t inputs)
{
	size_t panel = output / KB_ENCODER_PANEL * KB_ENCODER_PANEL;
	size_t width = outputs - panel < KB_ENCODER_PANEL ? outputs - panel
							  : KB_ENCODER_PANEL;

	return panel * inputs + input / 4 * 4 * width + (output - panel) * 4 +
	       input % 4;
}

static void put_map(struct import *m, const struct stack *s, const char *name)
{
	size_t outputs = s->n * s->outputs, n = outputs * s->inputs;
	int8_t *bytes = kb_malloc(n + 8 * outputs);
	float *scales = kb_reallocarray(NULL, 2 * outputs, sizeof(*scales));
	float *bias = scales + outputs;
	int32_t *sums = kb_calloc(outputs, sizeof(*sums));
	char full[160];

	for (size_t o = 0; o < outputs; o++) {
		const struct kb_weight *w = &s->maps[o / s->outputs];
		size_t row = o % s->outputs;
		bool exact = kb_weight_is_bytes(w) && !kb_weight_zero(w);

		scales[o] = row_scale(w, row, exact);
		bias[o] = kb_weight_float(&s->biases[o / s->outputs], 0, row);
		for (size_t i = 0; i < s->inputs; i++) {
			int8_t b = to_byte(w, row, i, exact, scales[o]);

			bytes[place(o, i, outputs, s->inputs)] = b;
			sums[o] += b;
		}
	}
	memcpy(bytes + n, scales, 4 * outputs);
	memcpy(bytes + n + 4 * outputs, sums, 4 * outputs);
	kb_kbm_put(m->out, name, KB_KBM_MATRIX, outputs, s->inputs, 0, bytes,
		   n + 8 * outputs);
	snprintf(full, sizeof(full), "%s.bias", name);
	kb_kbm_put(m->out, full, KB_KBM_FLOATS, 1, outputs, 0, bias,
		   4 * outputs);
	free(sums);
	free(scales);
	free(bytes);
}

/* ---- layers ---- */

/* The maps of layer 'no', as Hugging Face and as the file calls them. */
static void put_maps(struct import *m, size_t no, const char *const *from,
		     size_t n, size_t outputs, size_t inputs, const char *ours)
{
	struct stack s = {.outputs = outputs, .inputs = inputs};
	char name[128];

	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "encoder.layer.%zu.%s", no,
			 from[i]);
		if (!find_map(m, &s, name))
			return;
	}
	snprintf(name, sizeof(name), "layer.%zu.%s", no, ours);
	put_map(m, &s, name);
}

static void put_layer_norm(struct import *m, size_t no, const char *from,
			   const char *ours)
{
	char name[128], full[64];

	snprintf(name, sizeof(name), "encoder.layer.%zu.%s", no, from);
	snprintf(full, sizeof(full), "layer.%zu.%s", no, ours);
	put_norm(m, name, full);
}

static void put_layer(struct import *m, size_t no)
{
	static const char *const qkv[] = {"attention.self.query",
					  "attention.self.key",
					  "attention.self.value"};
	static const char *const out[] = {"attention.output.dense"};
	static const char *const inner[] = {"intermediate.dense"};
	static const char *const outer[] = {"output.dense"};
	size_t hidden = m->is->hidden;

	put_maps(m, no, qkv, 3, hidden, hidden, "qkv");
	put_maps(m, no, out, 1, hidden, hidden, "out");
	put_layer_norm(m, no, "attention.output.LayerNorm", "attention.norm");
	put_maps(m, no, inner, 1, m->is->inner, hidden, "inner");
	put_maps(m, no, outer, 1, hidden, m->is->inner, "outer");
	put_layer_norm(m, no, "output.LayerNorm", "network.norm");
}

/* XLM-R's classifier holds both maps, BERT's the last one. */
static void put_classifier(struct import *m)
{
	size_t hidden = m->is->hidden;
	struct stack s = {.outputs = hidden, .inputs = hidden};
	struct kb_weight w;
	bool both = !m->from->find(m->from->arg, "classifier.out_proj.weight",
				   &w, NULL);

	if (!find_map(m, &s, both ? "classifier.dense" : "pooler.dense"))
		return;
	put_map(m, &s, "pooler");
	put_vector(m, both ? "classifier.out_proj.weight" : "classifier.weight",
		   hidden, "classifier");
	put_vector(m, both ? "classifier.out_proj.bias" : "classifier.bias", 1,
		   "classifier.bias");
}

int kb_import_write(struct kb_kbm_writer *w,
		    const struct kb_encoder_settings *settings,
		    size_t first_position, struct kb_str vocabulary,
		    enum kb_vocabulary_kind kind,
		    const struct kb_weights *weights, struct kb_err *err)
{
	struct import m = {w, settings, weights, err, 0};
	struct kb_weight table;

	put_settings(&m);
	kb_kbm_put(w, "vocabulary",
		   kind == KB_VOCABULARY_UNIGRAM ? KB_KBM_UNIGRAM
						 : KB_KBM_WORDPIECE,
		   0, 0, 0, vocabulary.ptr, vocabulary.len);
	put_words(&m);
	if (find(&m, "embeddings.position_embeddings.weight",
		 first_position + settings->positions, settings->hidden,
		 &table))
		put_floats(&m, "positions", &table, first_position,
			   settings->positions);
	if (find(&m, "embeddings.token_type_embeddings.weight", 0,
		 settings->hidden, &table))
		put_floats(&m, "type", &table, 0, settings->ranks ? 2 : 1);
	put_norm(&m, "embeddings.LayerNorm", "norm");
	for (size_t i = 0; i < settings->layers && !m.rc; i++)
		put_layer(&m, i);
	if (settings->ranks)
		put_classifier(&m);
	return m.rc;
}
