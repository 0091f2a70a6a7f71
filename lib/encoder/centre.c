#include "encoder/centre.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/file_out.h"
#include "encoder/encoder.h"
#include "text/lang.h"

#define TEXTS_MAX ((size_t)16 << 20) /* bytes */

struct means {
	struct kb_encoder *e;
	struct kb_encoder_work *work;
	float *x;     /* a vector */
	double *sums; /* [KB_ENCODER_CENTRES][hidden] */
	size_t n[2];  /* texts of each language */
	struct kb_arena arena;
};

static int add_text(struct means *m, struct kb_str line, struct kb_err *err)
{
	enum kb_lang lang = kb_lang_main(line.ptr, line.len);
	size_t hidden = m->e->is.hidden;
	int rc = 0;

	for (size_t kind = 0; !rc && kind < 2; kind++) {
		struct kb_str prefix =
		    kind ? m->e->is.passage_prefix : m->e->is.query_prefix;
		struct kb_str text = kb_arena_join(&m->arena, prefix, line);
		double *sum = m->sums + (2 * (size_t)lang + kind) * hidden;

		rc =
		    kb_encoder_encode(m->e, m->work, &text, 1, m->x, NULL, err);
		for (size_t d = 0; !rc && d < hidden; d++)
			sum[d] += (double)m->x[d];
	}
	m->n[lang]++;
	return rc;
}

static int add_lines(struct means *m, const char *path, struct kb_err *err)
{
	struct kb_str rest, line;
	struct kb_buf file;
	int rc;

	kb_buf_init(&file, 0);
	rc = kb_file_read(path, TEXTS_MAX, &file, err);
	rest = kb_buf_str(&file);
	while (!rc && kb_str_line(&rest, &line)) {
		line = kb_str_trim(line);
		if (line.len)
			rc = add_text(m, line, err);
	}
	kb_buf_release(&file);
	if (!rc && (m->n[0] < KB_CENTRE_TEXTS || m->n[1] < KB_CENTRE_TEXTS))
		rc = kb_err_set(err, KB_EINVAL,
				"'%s' has %zu Chinese lines and %zu others; %d "
				"of each are needed",
				path, m->n[KB_LANG_ZH], m->n[KB_LANG_EN],
				KB_CENTRE_TEXTS);
	return rc;
}

/* All that the model's file holds, and the means. */
static int write_model(const struct means *m, const char *to,
		       struct kb_err *err)
{
	size_t hidden = m->e->is.hidden, n = KB_ENCODER_CENTRES * hidden;
	const struct kb_kbm *from = &m->e->file;
	struct kb_file_out file = KB_FILE_OUT_NONE;
	float *means = kb_reallocarray(NULL, n, sizeof(*means));
	struct kb_kbm_writer w = {0};
	int rc = kb_file_out_open(&file, to, KB_FILE_OUT_WHOLE, err);

	for (size_t i = 0; i < n; i++)
		means[i] = (float)(m->sums[i] / (double)m->n[i / hidden / 2]);
	if (!rc) {
		kb_kbm_begin(&w, &file);
		for (uint32_t i = 0; i < from->n; i++) {
			const struct kb_kbm_entry *e = &from->entries[i];

			if (strcmp(e->name, "centres") != 0)
				kb_kbm_put(
				    &w, e->name, (enum kb_kbm_type)e->type,
				    e->rows, e->cols, e->zero,
				    kb_kbm_data(from, e), (size_t)e->length);
		}
		kb_kbm_put(&w, "centres", KB_KBM_FLOATS, KB_ENCODER_CENTRES,
			   hidden, 0, means, n * sizeof(*means));
		rc = kb_kbm_end(&w, err);
	}
	kb_kbm_writer_release(&w);
	kb_file_out_release(&file);
	free(means);
	return rc;
}

int kb_centre_model(const char *from, const char *to, const char *texts,
		    struct kb_err *err)
{
	struct means m = {.work = kb_encoder_work_new()};
	int rc = kb_encoder_open(&m.e, from, err);

	kb_arena_init(&m.arena);
	if (!rc) {
		m.e->centres = NULL;
		m.x = kb_calloc(m.e->is.hidden, sizeof(*m.x));
		m.sums = kb_calloc(KB_ENCODER_CENTRES * m.e->is.hidden,
				   sizeof(*m.sums));
		rc = add_lines(&m, texts, err);
	}
	if (!rc)
		rc = write_model(&m, to, err);
	kb_encoder_close(m.e);
	kb_encoder_work_free(m.work);
	kb_arena_release(&m.arena);
	free(m.sums);
	free(m.x);
	return rc;
}
