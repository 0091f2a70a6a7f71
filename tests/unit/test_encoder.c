#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <math.h>

#include "base/file.h"
#include "encoder/encoder.h"
#include "encoder/import.h"

/* A small model of random weights, in panels that are not full; the same is
 * computed in doubles beside it. */
enum { H = 48, HEADS = 3, INNER = 80, LAYERS = 2, POSITIONS = 40, TOKENS = 9 };

#define DIM (H / HEADS)

static char directory[64], file[96];

struct weights {
	double words[TOKENS][H], positions[POSITIONS][H], type[2][H];
	double norms[1 + 2 * LAYERS][2][H];
	struct {
		double qkvo[4][H][H], qkvo_bias[4][H];
		double inner[INNER][H], inner_bias[INNER];
		double outer[H][INNER], outer_bias[H];
	} layers[LAYERS];
};
static struct weights weights;

/* ---- the files of a model on Hugging Face ---- */

static uint64_t seed = 1;

static double uniform(double size)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return ((double)(seed >> 40) / (1 << 23) - 1) * size;
}

struct safetensors {
	struct kb_buf head, data;
};

/* Random numbers around 'middle', as the floats that are written. */
static void tensor(struct safetensors *s, const char *name, double *x,
		   size_t rows, size_t cols, double middle, double size)
{
	size_t from = s->data.len;

	for (size_t i = 0; i < rows * cols; i++) {
		float one = (float)(middle + uniform(size));

		x[i] = (double)one;
		kb_buf_add(&s->data, &one, sizeof(one));
	}
	kb_buf_printf(&s->head, "%s\"bert.%s\":{\"dtype\":\"F32\",\"shape\":[",
		      s->head.len > 1 ? "," : "", name);
	if (rows > 1)
		kb_buf_printf(&s->head, "%zu,", rows);
	kb_buf_printf(&s->head, "%zu],\"data_offsets\":[%zu,%zu]}", cols, from,
		      s->data.len);
}

static void norm(struct safetensors *s, const char *name, double x[2][H])
{
	char full[160];

	snprintf(full, sizeof(full), "%s.weight", name);
	tensor(s, full, x[0], 1, H, 1, .3);
	snprintf(full, sizeof(full), "%s.bias", name);
	tensor(s, full, x[1], 1, H, 0, .3);
}

static void map(struct safetensors *s, const char *name, double *x,
		double *bias, size_t outputs, size_t inputs)
{
	char full[160];

	snprintf(full, sizeof(full), "%s.weight", name);
	tensor(s, full, x, outputs, inputs, 0, .3);
	snprintf(full, sizeof(full), "%s.bias", name);
	tensor(s, full, bias, 1, outputs, 0, .2);
}

static void layer(struct safetensors *s, size_t i)
{
	static const char *const names[] = {
	    "attention.self.query", "attention.self.key",
	    "attention.self.value", "attention.output.dense"};
	char name[128];

	for (size_t k = 0; k < 4; k++) {
		snprintf(name, sizeof(name), "encoder.layer.%zu.%s", i,
			 names[k]);
		map(s, name, weights.layers[i].qkvo[k][0],
		    weights.layers[i].qkvo_bias[k], H, H);
	}
	snprintf(name, sizeof(name),
		 "encoder.layer.%zu.attention.output.LayerNorm", i);
	norm(s, name, weights.norms[1 + 2 * i]);
	snprintf(name, sizeof(name), "encoder.layer.%zu.intermediate.dense", i);
	map(s, name, weights.layers[i].inner[0], weights.layers[i].inner_bias,
	    INNER, H);
	snprintf(name, sizeof(name), "encoder.layer.%zu.output.dense", i);
	map(s, name, weights.layers[i].outer[0], weights.layers[i].outer_bias,
	    H, INNER);
	snprintf(name, sizeof(name), "encoder.layer.%zu.output.LayerNorm", i);
	norm(s, name, weights.norms[2 + 2 * i]);
}

static void write_file(const char *name, const void *ptr, size_t len)
{
	char path[160];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(ptr, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void write_text(const char *name, const char *text)
{
	write_file(name, text, strlen(text));
}

static void write_safetensors(void)
{
	struct safetensors s;
	struct kb_buf all;
	uint64_t n;

	kb_buf_init(&s.head, 0);
	kb_buf_init(&s.data, 0);
	kb_buf_init(&all, 0);
	kb_buf_add_char(&s.head, '{');
	tensor(&s, "embeddings.word_embeddings.weight", weights.words[0],
	       TOKENS, H, 0, 1);
	tensor(&s, "embeddings.position_embeddings.weight",
	       weights.positions[0], POSITIONS, H, 0, .5);
	tensor(&s, "embeddings.token_type_embeddings.weight", weights.type[0],
	       2, H, 0, .5);
	norm(&s, "embeddings.LayerNorm", weights.norms[0]);
	for (size_t i = 0; i < LAYERS; i++)
		layer(&s, i);
	kb_buf_add_char(&s.head, '}');
	n = s.head.len;
	kb_buf_add(&all, &n, sizeof(n));
	kb_buf_add_str(&all, kb_buf_str(&s.head));
	kb_buf_add_str(&all, kb_buf_str(&s.data));
	write_file("model.safetensors", all.ptr, all.len);
	kb_buf_release(&s.head);
	kb_buf_release(&s.data);
	kb_buf_release(&all);
}

static const char config[] =
    "{\"model_type\":\"bert\",\"num_attention_heads\":3,"
    "\"hidden_act\":\"gelu\",\"layer_norm_eps\":1e-12}";

static const char tokenizer[] =
    "{\"normalizer\":{\"type\":\"BertNormalizer\",\"lowercase\":true},"
    "\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},\"model\":{\"type\":"
    "\"WordPiece\",\"unk_token\":\"[UNK]\",\"vocab\":{\"[PAD]\":0,"
    "\"[UNK]\":1,\"[CLS]\":2,\"[SEP]\":3,\"a\":4,\"b\":5,\"c\":6,"
    "\"\\u9000\":7,\"\\u6b3e\":8}}}";

static void import(int pooling)
{
	const struct kb_import_options o = {.pooling = pooling,
					    .language = "zh"};
	struct kb_err err = {0};

	if (kb_import(directory, file, &o, &err))
		fail_msg("%s", err.msg);
}

static int make_model(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/kb-encoder-XXXXXX");
	if (!mkdtemp(directory))
		return -1;
	snprintf(file, sizeof(file), "%s/model.kbm", directory);
	write_safetensors();
	write_text("config.json", config);
	write_text("tokenizer.json", tokenizer);
	return 0;
}

static int remove_model(void **state)
{
	static const char *const names[] = {"model.safetensors", "config.json",
					    "tokenizer.json", "model.kbm"};
	char path[160];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		unlink(path);
	}
	return rmdir(directory);
}

/* ---- the same in doubles ---- */

static double x[POSITIONS][H], q[3][POSITIONS][H], mixed[POSITIONS][H];

static void normalise(double *row, double of[2][H])
{
	double mean = 0, squares = 0;

	for (size_t i = 0; i < H; i++)
		mean += row[i] / H;
	for (size_t i = 0; i < H; i++)
		squares += (row[i] - mean) * (row[i] - mean) / H;
	for (size_t i = 0; i < H; i++)
		row[i] = (row[i] - mean) / sqrt(squares + 1e-12) * of[0][i] +
			 of[1][i];
}

static void times(const double *m, const double *bias, const double *in,
		  double *out, size_t outputs, size_t inputs)
{
	for (size_t o = 0; o < outputs; o++) {
		out[o] = bias[o];
		for (size_t i = 0; i < inputs; i++)
			out[o] += m[o * inputs + i] * in[i];
	}
}

static void attention(size_t n, size_t i, size_t head)
{
	double scores[POSITIONS], sum = 0;

	for (size_t k = 0; k < n; k++) {
		scores[k] = 0;
		for (size_t d = head * DIM; d < (head + 1) * DIM; d++)
			scores[k] += q[0][i][d] * q[1][k][d] / sqrt(DIM);
		sum += exp(scores[k]);
	}
	for (size_t d = head * DIM; d < (head + 1) * DIM; d++) {
		mixed[i][d] = 0;
		for (size_t k = 0; k < n; k++)
			mixed[i][d] += exp(scores[k]) / sum * q[2][k][d];
	}
}

static void layer_reference(size_t l, size_t n)
{
	double out[H], inner[INNER];

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < 3; k++)
			times(weights.layers[l].qkvo[k][0],
			      weights.layers[l].qkvo_bias[k], x[i], q[k][i], H,
			      H);
	for (size_t i = 0; i < n; i++)
		for (size_t head = 0; head < HEADS; head++)
			attention(n, i, head);
	for (size_t i = 0; i < n; i++) {
		times(weights.layers[l].qkvo[3][0],
		      weights.layers[l].qkvo_bias[3], mixed[i], out, H, H);
		for (size_t d = 0; d < H; d++)
			x[i][d] += out[d];
		normalise(x[i], weights.norms[1 + 2 * l]);
		times(weights.layers[l].inner[0], weights.layers[l].inner_bias,
		      x[i], inner, INNER, H);
		for (size_t d = 0; d < INNER; d++)
			inner[d] *= .5 * (1 + erf(inner[d] / sqrt(2)));
		times(weights.layers[l].outer[0], weights.layers[l].outer_bias,
		      inner, out, H, INNER);
		for (size_t d = 0; d < H; d++)
			x[i][d] += out[d];
		normalise(x[i], weights.norms[2 + 2 * l]);
	}
}

static void reference(const uint32_t *ids, size_t n, bool mean, double *out)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t d = 0; d < H; d++)
			x[i][d] = weights.words[ids[i]][d] +
				  weights.positions[i][d] + weights.type[0][d];
		normalise(x[i], weights.norms[0]);
	}
	for (size_t l = 0; l < LAYERS; l++)
		layer_reference(l, n);
	for (size_t d = 0; d < H; d++) {
		out[d] = x[0][d];
		for (size_t i = 1; mean && i < n; i++)
			out[d] += x[i][d];
	}
}

static double cosine(const double *a, const float *b)
{
	double ab = 0, aa = 0, bb = 0;

	for (size_t i = 0; i < H; i++) {
		ab += a[i] * (double)b[i];
		aa += a[i] * a[i];
		bb += (double)b[i] * (double)b[i];
	}
	assert_true(fabs(bb - 1) < 1e-5);
	return ab / sqrt(aa * bb);
}

/* ---- tests ---- */

#define N 7

#define TEXT(literal)                          \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}

static const struct kb_str texts[N] = {
    TEXT("a"),
    TEXT("a b c"),
    TEXT("\xe9\x80\x80\xe6\xac\xbe"),
    TEXT(""),
    TEXT("c a b a c z b b a c a c a b c a b c a b c a"),
    TEXT("a \xe9\x80\x80 b"),
    TEXT("A B C a b c A B C a b c A B C a b c A B C a b c A B C a b c A B C"
	 " a b c A B C a b c A B C a b c"),
};

static struct kb_encoder *open_model(void)
{
	struct kb_encoder *e;
	struct kb_err err = {0};

	if (kb_encoder_open(&e, file, &err))
		fail_msg("%s", err.msg);
	return e;
}

static void encode(const struct kb_encoder *e, const struct kb_str *of,
		   size_t n, float *out, size_t *cut)
{
	struct kb_encoder_work *work = kb_encoder_work_new();
	struct kb_err err = {0};

	if (kb_encoder_encode(e, work, of, n, out, cut, &err))
		fail_msg("%s", err.msg);
	kb_encoder_work_free(work);
}

/* Of an own implementation with doubles; .999 is what 8 bits leave of it. */
static void test_reference(void **state)
{
	(void)state;
	for (int mean = 0; mean < 2; mean++) {
		struct kb_encoder *e;
		float out[N * H];

		import(mean);
		e = open_model();
		encode(e, texts, N, out, NULL);
		for (size_t i = 0; i < N; i++) {
			uint32_t ids[POSITIONS] = {2};
			size_t n = 1 + kb_vocabulary_encode(
					   &e->vocabulary, texts[i], ids + 1,
					   POSITIONS - 2, NULL);
			double want[H];

			ids[n] = 3;
			reference(ids, n + 1, mean, want);
			assert_true(cosine(want, out + i * H) > .999);
		}
		kb_encoder_close(e);
	}
}

/* The same on each machine, to the bit. */
static void test_machines(void **state)
{
	enum kb_encoder_isa isa;
	float plain[N * H], other[N * H];
	struct kb_encoder *e;

	(void)state;
	import(KB_ENCODER_MEAN);
	e = open_model();
	assert_int_equal(kb_encoder_force(KB_ENCODER_PLAIN), 0);
	encode(e, texts, N, plain, NULL);
	for (isa = KB_ENCODER_AVX2; isa <= KB_ENCODER_AVX512; isa++) {
		if (kb_encoder_force(isa))
			continue;
		memset(other, 0, sizeof(other));
		encode(e, texts, N, other, NULL);
		assert_memory_equal(plain, other, sizeof(plain));
	}
	kb_encoder_close(e);
}

/* A text has the same vector whatever stands beside it. */
static void test_alone(void **state)
{
	float all[N * H], one[H];
	struct kb_encoder *e;

	(void)state;
	import(KB_ENCODER_CLS);
	e = open_model();
	encode(e, texts, N, all, NULL);
	for (size_t i = 0; i < N; i++) {
		encode(e, texts + i, 1, one, NULL);
		assert_memory_equal(one, all + i * H, sizeof(one));
	}
	kb_encoder_close(e);
}

/* A text that is too long is its beginning, and counted. */
static void test_cut(void **state)
{
	static char text[20 << 20];
	const struct kb_str both[2] = {{text, sizeof(text)},
				       {text, 2 * (POSITIONS - 2)}};
	struct kb_encoder *e;
	float out[2 * H];
	size_t cut = 0;

	(void)state;
	import(KB_ENCODER_CLS);
	e = open_model();
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 ? ' ' : 'b';
	encode(e, both, 2, out, &cut);
	assert_int_equal(cut, 1);
	assert_memory_equal(out, out + H, H * sizeof(*out));
	kb_encoder_close(e);
}

static void match(const struct kb_encoder *e, struct kb_str question,
		  const struct kb_str *of, size_t n, double *scores)
{
	struct kb_encoder_work *work = kb_encoder_work_new();
	struct kb_err err = {0};

	if (kb_encoder_match(e, work, question, of, n, scores, &err))
		fail_msg("%s", err.msg);
	kb_encoder_work_free(work);
}

/* The tokens of a text after the last layer, in doubles; how many. */
static size_t tokens_reference(const struct kb_encoder *e, struct kb_str text,
			       double out[POSITIONS][H])
{
	uint32_t ids[POSITIONS] = {2};
	size_t n = kb_vocabulary_encode(&e->vocabulary, text, ids + 1,
					POSITIONS - 2, NULL);
	double vector[H];

	ids[n + 1] = 3;
	reference(ids, n + 2, false, vector);
	memcpy(out, x + 1, n * sizeof(*out));
	return n;
}

static int by_size(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return (one > other) - (one < other);
}

static double match_reference(const struct kb_encoder *e,
			      struct kb_str question, struct kb_str text)
{
	static double asked[POSITIONS][H], said[POSITIONS][H];
	size_t n = tokens_reference(e, question, asked);
	size_t m = tokens_reference(e, text, said), low = (n + 2) / 3;
	double met[POSITIONS], sum = 0;

	for (size_t i = 0; i < n; i++) {
		met[i] = -1;
		for (size_t k = 0; k < m; k++) {
			double ab = 0, aa = 0, bb = 0;

			for (size_t d = 0; d < H; d++) {
				ab += asked[i][d] * said[k][d];
				aa += asked[i][d] * asked[i][d];
				bb += said[k][d] * said[k][d];
			}
			met[i] = fmax(met[i], ab / sqrt(aa * bb));
		}
	}
	qsort(met, n, sizeof(*met), by_size);
	for (size_t i = 0; i < low; i++)
		sum += met[i];
	return n && m ? sum / (double)low : -1;
}

/* Of an own implementation with doubles, whatever the pooling. */
static void test_match(void **state)
{
	(void)state;
	for (int mean = 0; mean < 2; mean++) {
		struct kb_encoder *e;
		double scores[N];

		import(mean);
		e = open_model();
		for (size_t i = 0; i < N; i++) {
			match(e, texts[i], texts, N, scores);
			for (size_t k = 0; k < N; k++)
				assert_true(fabs(scores[k] -
						 match_reference(e, texts[i],
								 texts[k])) <
					    .02);
			if (texts[i].len)
				assert_true(scores[i] > .9999);
		}
		kb_encoder_close(e);
	}
}

/* A score does not depend on what else is scored, nor on the machine. */
static void test_match_alone(void **state)
{
	double all[N], one;
	struct kb_encoder *e;

	(void)state;
	import(KB_ENCODER_CLS);
	e = open_model();
	assert_int_equal(kb_encoder_force(KB_ENCODER_PLAIN), 0);
	match(e, texts[5], texts, N, all);
	for (int isa = KB_ENCODER_PLAIN; isa <= KB_ENCODER_AVX512; isa++) {
		if (kb_encoder_force((enum kb_encoder_isa)isa))
			continue;
		for (size_t i = 0; i < N; i++) {
			match(e, texts[5], texts + i, 1, &one);
			assert_memory_equal(&one, &all[i], sizeof(one));
		}
	}
	kb_encoder_close(e);
}

static void read_model(struct kb_buf *bytes)
{
	kb_buf_init(bytes, 0);
	assert_int_equal(kb_file_read(file, 1 << 24, bytes, NULL), 0);
}

static void test_cut_file(void **state)
{
	struct kb_encoder *e;
	struct kb_buf bytes;

	(void)state;
	import(KB_ENCODER_CLS);
	read_model(&bytes);
	for (size_t len = 0; len < bytes.len; len += 1 + len / 64)
		assert_int_equal(
		    kb_encoder_open_bytes(&e, bytes.ptr, len, "m", NULL),
		    KB_EFORMAT);
	kb_buf_release(&bytes);
}

/* A byte that is another is found by who looks for it, and else harmless. */
static void test_flipped(void **state)
{
	size_t found = 0, opened = 0;
	struct kb_buf bytes;
	float out[H];

	(void)state;
	import(KB_ENCODER_CLS);
	read_model(&bytes);
	for (size_t at = 0; at < bytes.len; at += 97) {
		struct kb_encoder_work *work;
		struct kb_encoder *e;

		bytes.ptr[at] ^= 0x40;
		if (!kb_encoder_open_bytes(&e, bytes.ptr, bytes.len, "m",
					   NULL)) {
			work = kb_encoder_work_new();
			kb_encoder_encode(e, work, texts, 1, out, NULL, NULL);
			found += kb_kbm_verify(&e->file, NULL) != 0;
			opened++;
			kb_encoder_work_free(work);
			kb_encoder_close(e);
		}
		bytes.ptr[at] ^= 0x40;
	}
	/* what lies between two entries belongs to none */
	assert_true(opened > 100 && found > opened - opened / 10);
	kb_buf_release(&bytes);
}

static const struct {
	const char *name, *text, *message;
} refused[] = {
    {"config.json", "{\"model_type\":\"roberta\"}",
     "config.json: a model of type 'roberta' is not understood"},
    {"config.json", "{\"hidden_act\":\"relu\"}",
     "config.json: the activation 'relu' is not understood"},
    {"config.json", "{}",
     "nothing says how many heads attention has; use --heads"},
    {"config.json", "{\"num_attention_heads\":6}",
     "a model of 48 and 80 numbers a token and 6 heads is not understood: "
     "multiples of 16 are"},
    {"tokenizer.json", "{}",
     "tokenizer.json: a model of type 'none' is not understood"},
};

static void test_refused(void **state)
{
	const struct kb_import_options o = {.pooling = KB_ENCODER_CLS};
	struct kb_err err = {0};

	(void)state;
	unlink(file);
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		write_text(refused[i].name, refused[i].text);
		assert_true(kb_import(directory, file, &o, &err) < 0);
		assert_string_equal(err.msg, refused[i].message);
		assert_int_equal(access(file, F_OK), -1);
		write_text("config.json", config);
		write_text("tokenizer.json", tokenizer);
	}
	assert_int_equal(kb_import(directory, file,
				   &(struct kb_import_options){.pooling = -1},
				   &err),
			 KB_EINVAL);
}

/* A vocabulary with more tokens than the table of words has rows. */
static void test_other_vocabulary(void **state)
{
	const struct kb_import_options o = {.pooling = KB_ENCODER_CLS};
	struct kb_buf text;
	struct kb_err err = {0};
	const char *end = strstr(tokenizer, "}}}");

	(void)state;
	kb_buf_init(&text, 0);
	kb_buf_add(&text, tokenizer, (size_t)(end - tokenizer));
	kb_buf_add_cstr(&text, ",\"d\":9}}}");
	write_text("tokenizer.json", text.ptr);
	assert_int_equal(kb_import(directory, file, &o, &err), KB_EINVAL);
	assert_string_equal(err.msg,
			    "tokenizer.json has 10 tokens, the weights rows "
			    "for 9: they do not belong together");
	write_text("tokenizer.json", tokenizer);
	kb_buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reference),
	    cmocka_unit_test(test_machines),
	    cmocka_unit_test(test_alone),
	    cmocka_unit_test(test_match),
	    cmocka_unit_test(test_match_alone),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_cut_file),
	    cmocka_unit_test(test_flipped),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_other_vocabulary),
	};

	return cmocka_run_group_tests(tests, make_model, remove_model);
}
