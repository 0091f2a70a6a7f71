#include "encoder/import.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/file_out.h"
#include "encoder/centre.h"
#include "encoder/onnx.h"
#include "encoder/safetensors.h"
#include "json/rec.h"

#define JSON_MAX ((size_t)256 << 20) /* of tokenizer.json and config.json */

struct source {
	struct kb_arena arena;
	const char *dir;       /* where the files lie */
	const char *onnx_name; /* in dir; NULL: safetensors */
	struct kb_buf model, blob;
	struct kb_vocabulary vocabulary; /* in the blob */
	struct kb_json config, pooling;	 /* KB_JSON_NONE: no such file */
	struct kb_onnx *onnx;
	struct kb_safetensors *safetensors;
	struct kb_weights weights;
	struct kb_encoder_settings is;
	size_t first_position; /* that a token has */
};

/* ---- files ---- */

static const char *path_of(struct source *s, const char *name)
{
	return kb_arena_printf(&s->arena, "%s/%s", s->dir, name);
}

/* A file of the directory, in the arena; KB_ENOENT when there is none. */
static int read_text(struct source *s, const char *name, struct kb_str *out,
		     struct kb_err *err)
{
	struct kb_buf buf;
	int rc;

	kb_buf_init(&buf, 0);
	rc = kb_file_read(path_of(s, name), JSON_MAX, &buf, err);
	if (!rc)
		*out = kb_arena_copy(&s->arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return rc;
}

/* One that need not be there. */
static int read_json(struct source *s, const char *name, struct kb_json *out,
		     struct kb_err *err)
{
	struct kb_str text;
	int rc = read_text(s, name, &text, err);

	*out = (struct kb_json){0};
	if (rc == KB_ENOENT)
		return 0;
	if (!rc && kb_json_check(text.ptr, text.len, out, err))
		rc = kb_err_place(err, "'%s'", path_of(s, name));
	return rc;
}

static bool is_there(struct source *s, const char *name)
{
	struct stat st;

	return stat(path_of(s, name), &st) == 0;
}

/* The one .onnx file of a directory. */
static int find_onnx(struct source *s, struct kb_err *err)
{
	DIR *dir = opendir(s->dir);
	struct dirent *d;
	size_t n = 0;

	if (!dir)
		return kb_err_sys(err, "cannot open '%s'", s->dir);
	while ((d = readdir(dir))) {
		if (!kb_ends(d->d_name, strlen(d->d_name), ".onnx"))
			continue;
		s->onnx_name =
		    kb_arena_strndup(&s->arena, d->d_name, strlen(d->d_name));
		n++;
	}
	closedir(dir);
	if (n == 1)
		return 0;
	return kb_err_set(err, KB_EINVAL,
			  n ? "'%s' holds several .onnx files; name one"
			    : "'%s' holds neither model.safetensors nor an "
			      ".onnx file",
			  s->dir);
}

static int find_files(struct source *s, const char *from, struct kb_err *err)
{
	const char *slash = strrchr(from, '/');
	struct stat st;

	if (stat(from, &st) < 0)
		return kb_err_sys(err, "cannot read '%s'", from);
	s->dir = from;
	if (S_ISDIR(st.st_mode))
		return is_there(s, "model.safetensors") ? 0 : find_onnx(s, err);
	s->dir =
	    slash ? kb_arena_strndup(&s->arena, from,
				     (size_t)(slash - from) + !(slash - from))
		  : ".";
	if (kb_ends(from, strlen(from), ".onnx"))
		s->onnx_name = slash ? slash + 1 : from;
	else if (!kb_ends(from, strlen(from), "model.safetensors"))
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is neither an .onnx file, nor "
				  "model.safetensors, nor their directory",
				  from);
	return 0;
}

static int read_vocabulary(struct source *s, struct kb_err *err)
{
	const char *name = "tokenizer.json";
	struct kb_str text;
	int rc;

	if (!is_there(s, name) && s->onnx_name)
		name = kb_arena_printf(&s->arena, "%.*s-tokenizer.json",
				       (int)strlen(s->onnx_name) - 5,
				       s->onnx_name);
	rc = read_text(s, name, &text, err);
	if (!rc)
		rc = kb_vocabulary_read(text, &s->blob, err);
	if (!rc)
		rc = kb_vocabulary_open(&s->vocabulary, s->blob.ptr,
					s->blob.len, err);
	if (!rc && (s->vocabulary.cls == KB_UNIGRAM_NONE ||
		    s->vocabulary.sep == KB_UNIGRAM_NONE))
		rc = kb_err_set(err, KB_EINVAL,
				"tokenizer.json: no post_processor that puts a "
				"token before and behind a text");
	return rc;
}

static int read_model(struct source *s, struct kb_err *err)
{
	const char *name = s->onnx_name ? s->onnx_name : "model.safetensors";
	int rc =
	    kb_file_read(path_of(s, name), KB_IMPORT_FILE_MAX, &s->model, err);

	if (rc)
		return rc;
	if (s->onnx_name)
		rc = kb_onnx_open(&s->onnx, kb_buf_str(&s->model), err);
	else
		rc = kb_safetensors_open(&s->safetensors, kb_buf_str(&s->model),
					 err);
	if (rc)
		return kb_err_place(err, "'%s'", path_of(s, name));
	s->weights = s->onnx ? kb_onnx_weights(s->onnx)
			     : kb_safetensors_weights(s->safetensors);
	return 0;
}

/* ---- what the model is ---- */

static int other_kind(struct source *s, const char *what, const char *member,
		      struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];
	struct kb_str text = KB_STR("");

	kb_json_str(kb_json_get(s->config, member), &s->arena, &text);
	return kb_err_set(err, KB_EINVAL,
			  "config.json: %s '%s' is not understood", what,
			  kb_err_quote(quoted, text.ptr, text.len));
}

/* A member of config.json is this, or is not there. */
static bool config_is(struct source *s, const char *member, const char *value)
{
	struct kb_json val = kb_json_get(s->config, member);
	struct kb_str text;

	return val.type <= KB_JSON_NULL ||
	       (kb_json_str(val, &s->arena, &text) && kb_str_is(text, value));
}

static int check_config(struct source *s, struct kb_err *err)
{
	if (!config_is(s, "model_type", "bert") &&
	    !config_is(s, "model_type", "xlm-roberta"))
		return other_kind(s, "a model of type", "model_type", err);
	if (!config_is(s, "hidden_act", "gelu"))
		return other_kind(s, "the activation", "hidden_act", err);
	if (!config_is(s, "position_embedding_type", "absolute"))
		return other_kind(s, "the kind of positions",
				  "position_embedding_type", err);
	return 0;
}

static size_t config_size(struct source *s, const char *member)
{
	int64_t n;

	return kb_json_int(kb_json_get(s->config, member), &n) && n > 0
		   ? (size_t)n
		   : 0;
}

static size_t count_layers(struct source *s)
{
	struct kb_weight w;
	char name[96];
	size_t n = 0;

	for (; n <= KB_ENCODER_LAYERS; n++) {
		snprintf(name, sizeof(name),
			 "encoder.layer.%zu.output.dense.bias", n);
		if (s->weights.find(s->weights.arg, name, &w, NULL))
			break;
	}
	return n;
}

/* Positions of XLM-R are counted from behind that of padding on. */
static size_t first_position(struct source *s)
{
	struct kb_json kind = kb_json_get(s->config, "model_type");
	int64_t padding;

	if (kind.type == KB_JSON_NONE ||
	    !config_is(s, "model_type", "xlm-roberta"))
		return 0;
	if (!kb_json_int(kb_json_get(s->config, "pad_token_id"), &padding) ||
	    padding < 0 || padding > KB_ENCODER_POSITIONS)
		padding = 1;
	return (size_t)padding + 1;
}

/* Is it a cross-encoder, of one label? */
static int take_kind(struct source *s, struct kb_err *err)
{
	static const char *const names[] = {"classifier.weight",
					    "classifier.out_proj.weight"};
	struct kb_weight w;

	for (size_t i = 0; i < 2; i++) {
		if (s->weights.find(s->weights.arg, names[i], &w, NULL))
			continue;
		if (w.rows != 1)
			return kb_err_set(err, KB_EINVAL,
					  "a classifier of %zu labels is no "
					  "reranker; one of 1 is",
					  w.rows);
		if (s->onnx)
			return kb_err_set(err, KB_EINVAL,
					  "a reranker is imported of "
					  "model.safetensors, not of an .onnx "
					  "file");
		s->is.ranks = true;
	}
	return 0;
}

/* The shape of the tensors; how many heads they are cut into only config.json
 * says, or the graph. */
static int take_shape(struct source *s, const struct kb_import_options *o,
		      struct kb_err *err)
{
	struct kb_encoder_settings *is = &s->is;
	struct kb_weight w;
	size_t head = s->onnx ? kb_onnx_head_size(s->onnx) : 0;
	int rc = s->weights.find(
	    s->weights.arg, "embeddings.position_embeddings.weight", &w, err);

	if (rc)
		return rc;
	s->first_position = first_position(s);
	if (s->first_position >= w.rows)
		return kb_err_set(
		    err, KB_EINVAL,
		    "a table of %zu positions, of which the first "
		    "%zu are no token's",
		    w.rows, s->first_position);
	is->positions = w.rows - s->first_position;
	is->hidden = w.cols;
	rc = s->weights.find(
	    s->weights.arg, "encoder.layer.0.intermediate.dense.bias", &w, err);
	if (rc)
		return rc;
	is->inner = w.cols;
	is->layers = count_layers(s);
	is->heads = o->heads ? o->heads : config_size(s, "num_attention_heads");
	if (!is->heads && head)
		is->heads = is->hidden / head;
	if (!is->heads)
		return kb_err_set(err, KB_EINVAL,
				  "nothing says how many heads attention has; "
				  "use --heads");
	if (!kb_json_num(kb_json_get(s->config, "layer_norm_eps"),
			 &is->epsilon))
		is->epsilon = 1e-12;
	return 0;
}

static int take_pooling(struct source *s, const struct kb_import_options *o,
			struct kb_err *err)
{
	bool cls = kb_json_get(s->pooling, "pooling_mode_cls_token").type ==
		   KB_JSON_TRUE;
	bool mean = kb_json_get(s->pooling, "pooling_mode_mean_tokens").type ==
		    KB_JSON_TRUE;

	if (s->is.ranks)
		s->is.pooling = KB_ENCODER_CLS;
	else if (o->pooling >= 0)
		s->is.pooling = (enum kb_encoder_pooling)o->pooling;
	else if (cls != mean)
		s->is.pooling = cls ? KB_ENCODER_CLS : KB_ENCODER_MEAN;
	else
		return kb_err_set(err, KB_EINVAL,
				  "nothing says how the vector of a text comes "
				  "of its tokens; use --pooling");
	return 0;
}

static void take_options(struct source *s, const struct kb_import_options *o)
{
	struct kb_encoder_settings *is = &s->is;

	is->language = kb_str_of(o->language);
	is->licence = kb_str_of(o->licence);
	is->source = kb_str_of(o->source);
	is->query_prefix = kb_str_of(o->query_prefix);
	is->passage_prefix = kb_str_of(o->passage_prefix);
	is->max_tokens = is->positions;
	if (o->max_tokens && o->max_tokens < is->positions)
		is->max_tokens = o->max_tokens;
}

static int check_shape(const struct kb_encoder_settings *is, struct kb_err *err)
{
	if (is->layers < 1 || is->layers > KB_ENCODER_LAYERS ||
	    is->hidden > KB_ENCODER_HIDDEN || is->inner > KB_ENCODER_INNER ||
	    is->positions > KB_ENCODER_POSITIONS)
		return kb_err_set(
		    err, KB_ELIMIT,
		    "a model of %zu layers, %zu and %zu numbers "
		    "a token and %zu positions is larger than %d, "
		    "%d, %d and %d",
		    is->layers, is->hidden, is->inner, is->positions,
		    KB_ENCODER_LAYERS, KB_ENCODER_HIDDEN, KB_ENCODER_INNER,
		    KB_ENCODER_POSITIONS);
	if (is->hidden % KB_ENCODER_LANES || is->inner % KB_ENCODER_LANES ||
	    is->hidden % is->heads || is->hidden / is->heads % KB_ENCODER_LANES)
		return kb_err_set(err, KB_EINVAL,
				  "a model of %zu and %zu numbers a token and "
				  "%zu heads is not understood: multiples of "
				  "%d are",
				  is->hidden, is->inner, is->heads,
				  KB_ENCODER_LANES);
	return 0;
}

static int check_vocabulary(struct source *s, struct kb_err *err)
{
	struct kb_weight w;
	int rc = s->weights.find(s->weights.arg,
				 "embeddings.word_embeddings.weight", &w, err);

	if (!rc && w.rows < s->vocabulary.n)
		rc =
		    kb_err_set(err, KB_EINVAL,
			       "tokenizer.json has %u tokens, the weights rows "
			       "for %zu: they do not belong together",
			       s->vocabulary.n, w.rows);
	return rc;
}

static int take_all(struct source *s, const struct kb_import_options *o,
		    struct kb_err *err)
{
	int rc = read_json(s, "config.json", &s->config, err);

	if (!rc)
		rc = read_json(s, "1_Pooling/config.json", &s->pooling, err);
	if (!rc)
		rc = check_config(s, err);
	if (!rc)
		rc = read_vocabulary(s, err);
	if (!rc)
		rc = read_model(s, err);
	if (!rc)
		rc = take_shape(s, o, err);
	if (!rc)
		rc = check_shape(&s->is, err);
	if (!rc)
		rc = check_vocabulary(s, err);
	if (!rc)
		rc = take_kind(s, err);
	if (!rc)
		rc = take_pooling(s, o, err);
	if (!rc)
		take_options(s, o);
	return rc;
}

/* ---- writing ---- */

static int write_model(struct source *s, const char *to, struct kb_err *err)
{
	struct kb_file_out file = KB_FILE_OUT_NONE;
	struct kb_kbm_writer w = {0};
	int rc = kb_file_out_open(&file, to, KB_FILE_OUT_WHOLE, err);

	if (!rc) {
		kb_kbm_begin(&w, &file);
		rc = kb_import_write(&w, &s->is, s->first_position,
				     kb_buf_str(&s->blob), s->vocabulary.kind,
				     &s->weights, err);
	}
	if (!rc)
		rc = kb_kbm_end(&w, err);
	kb_kbm_writer_release(&w);
	kb_file_out_release(&file);
	return rc;
}

int kb_import(const char *from, const char *to,
	      const struct kb_import_options *options, struct kb_err *err)
{
	struct source s = {0};
	int rc;

	if (options->centre && kb_ends(from, strlen(from), ".kbm"))
		return kb_centre_model(from, to, options->centre, err);
	if (options->centre)
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is no .kbm; import the model first, "
				  "then that with --centre",
				  from);
	kb_arena_init(&s.arena);
	kb_buf_init(&s.model, 0);
	kb_buf_init(&s.blob, 0);
	rc = find_files(&s, from, err);
	if (!rc)
		rc = take_all(&s, options, err);
	if (!rc)
		rc = write_model(&s, to, err);
	kb_onnx_close(s.onnx);
	kb_safetensors_close(s.safetensors);
	kb_buf_release(&s.model);
	kb_buf_release(&s.blob);
	kb_arena_release(&s.arena);
	return rc;
}
