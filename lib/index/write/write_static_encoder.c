/*
 * A static encoder's part in building an index: writer_legs.h. It is learned
 * from the generation to be, at its commit, and read by no one but searches.
 */
#include <stdlib.h>
#include <unistd.h>

#include "index/write/writer_impl.h"
#include "index/write/writer_legs.h"
#include "vector/static_encoder_fit.h"
#include "vector/vector_rows.h"

#define THREADS_MAX 8

/* The vectors of one segment. */
struct source {
	const struct kb_writer_segment *segment;
	struct kb_vec_view view;
};

struct learning {
	struct kb_writer *w;
	size_t slot;
	struct source *sources;
	size_t n;
	uint64_t chunks, length; /* of the sources: alive, with a vector */
	struct kb_static_texts texts;
	struct kb_terms terms;
	struct kb_arena arena;
};

static bool is_taken(const struct source *s, size_t row)
{
	uint32_t chunk = s->view.rows[row];

	return chunk < s->segment->seg->n_chunks &&
	       kb_writer_alive(s->segment, chunk);
}

/* What there is to learn from. */
static int open_sources(struct learning *l, struct kb_err *err)
{
	struct kb_writer *w = l->w;
	int rc = 0;

	l->sources = kb_calloc(w->n_segs + 1, sizeof(*l->sources));
	for (size_t i = 0; i < w->n_segs && rc == 0; i++) {
		struct source *s = &l->sources[l->n];
		const uint64_t *hashes;

		s->segment = &w->segs[i];
		if (s->segment->gone || !s->segment->n_live)
			continue;
		rc = kb_vec_rows_open(s->segment->seg->sec, l->slot, &s->view,
				      &hashes, err);
		for (size_t row = 0; row < s->view.n && rc == 0; row++) {
			if (!is_taken(s, row))
				continue;
			l->chunks++;
			l->length +=
			    s->segment->seg->lengths[s->view.rows[row]];
		}
		l->n++;
	}
	return rc;
}

static int read_text(struct learning *l, const struct source *s, size_t row,
		     struct kb_err *err)
{
	struct kb_passage passage;
	int rc;

	kb_arena_reset(&l->arena);
	rc = kb_segment_fetch(s->segment->seg, s->view.rows[row], &l->arena,
			      &passage, err);
	if (rc < 0 || !kb_static_texts_wants(&l->texts, passage.text))
		return rc;
	kb_terms_reset(&l->terms);
	kb_analyze(l->w->an, passage.text.ptr, passage.text.len, &l->terms);
	kb_static_texts_add(&l->texts, passage.text, &l->terms, &s->view, row);
	return 0;
}

static int read_texts(struct learning *l, struct kb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < l->n && rc == 0; i++)
		for (size_t row = 0; row < l->sources[i].view.n && rc == 0;
		     row++)
			if (is_taken(&l->sources[i], row))
				rc = read_text(l, &l->sources[i], row, err);
	return rc;
}

static size_t threads_of(const struct kb_writer *w)
{
	long n = w->opt.single_thread ? 1 : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (size_t)n;
}

static int publish(struct learning *l, const struct kb_static_encoder *encoder,
		   struct kb_err *err)
{
	const char *slot = kb_static_slots[l->slot];
	struct kb_container out;
	int rc = kb_writer_global_create(l->w, slot, &out, err);

	if (rc < 0)
		return rc;
	kb_static_write(encoder, &out);
	return kb_writer_global_finish(l->w, slot, &out, err);
}

static int learn(struct learning *l, struct kb_err *err)
{
	struct kb_static_settings *s =
	    &kb_writer_settings(l->w)->statics[l->slot];
	struct kb_static_encoder encoder;
	int rc;

	*s = (struct kb_static_settings){0};
	kb_writer_global_drop(l->w, kb_static_slots[l->slot]);
	if (l->chunks < KB_STATIC_TEXTS_MIN)
		return 0;
	/* a word is one unit, a character of Chinese with its pair two */
	kb_static_texts_init(&l->texts, 2 * l->length);
	rc = read_texts(l, err);
	if (rc == 0) {
		kb_static_fit(&l->texts, threads_of(l->w), &encoder);
		*s = (struct kb_static_settings){l->chunks, encoder.n > 0,
						 encoder.agreement};
		if (encoder.n)
			rc = publish(l, &encoder, err);
		kb_static_release(&encoder);
	}
	kb_static_texts_release(&l->texts);
	return rc;
}

static bool is_due(const struct learning *l, bool rebuilt)
{
	uint64_t then = kb_writer_settings(l->w)->statics[l->slot].chunks;

	return rebuilt || l->chunks >= 2 * then || l->chunks <= then / 2;
}

static int commit_slot(struct learning *l, bool rebuilt, struct kb_err *err)
{
	int rc = open_sources(l, err);

	kb_arena_init(&l->arena);
	if (rc == 0 && is_due(l, rebuilt))
		rc = learn(l, err);
	kb_arena_release(&l->arena);
	kb_terms_release(&l->terms);
	free(l->sources);
	return rc;
}

static int commit(void *arg, struct kb_writer *writer,
		  struct kb_segment *const *segments, size_t n,
		  struct kb_err *err)
{
	const struct kb_legs *legs = arg;
	int rc = 0;

	(void)segments;
	(void)n;
	for (size_t i = 0; i < KB_VECTOR_SLOTS && rc == 0; i++)
		rc = commit_slot(&(struct learning){.w = writer, .slot = i},
				 legs->rebuild, err);
	return rc;
}

const struct kb_leg_ops kb_static_leg = {
    .name = "static",
    .commit = commit,
};
