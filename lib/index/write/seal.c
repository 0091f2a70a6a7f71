#include "index/write/writer_impl.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- segments of the generation to be ---- */

void kb_writer_file_name(struct kb_writer *w, char *dst, size_t size,
			 const char *suffix)
{
	snprintf(dst, size, "g%" PRIu64 "-%u.%s", w->next.generation,
		 w->serial++, suffix);
}

int kb_writer_take(struct kb_writer *w, const struct kb_manifest_segment *entry,
		   size_t *at, struct kb_err *err)
{
	struct kb_segment *seg;
	int rc = kb_segment_open(&seg, w->dir, entry, err);

	assert(w->dir >= 0 && at);
	if (rc < 0)
		return rc;
	kb_grow(&w->segs, &w->cap_segs, w->n_segs + 1, sizeof(*w->segs));
	w->segs[w->n_segs] = (struct kb_writer_segment){
	    .entry = *entry,
	    .seg = seg,
	    .owned = true,
	    .n_live = seg->n_live,
	    .total_length = seg->total_length,
	};
	*at = w->n_segs++;
	return 0;
}

static void copy_live(struct kb_writer_segment *s)
{
	size_t words = ((size_t)s->seg->n_chunks + 63) / 64;

	s->live = kb_calloc(words, sizeof(*s->live));
	if (s->seg->live)
		memcpy(s->live, s->seg->live, words * sizeof(*s->live));
	else
		for (uint32_t c = 0; c < s->seg->n_chunks; c++)
			s->live[c / 64] |= (uint64_t)1 << (c % 64);
}

static void kill_chunk(struct kb_writer_segment *s, uint32_t chunk)
{
	if (!s->live)
		copy_live(s);
	s->live[chunk / 64] &= ~((uint64_t)1 << (chunk % 64));
	s->n_live--;
	s->total_length -= s->seg->lengths[chunk];
	s->changed = true;
}

bool kb_writer_kill(struct kb_writer *w, size_t at, uint32_t doc)
{
	struct kb_writer_segment *s = &w->segs[at];
	uint32_t first, n;

	assert(at < w->n_segs);
	assert(s->seg && doc < s->seg->n_docs);
	if (!kb_segment_doc_chunks(s->seg, doc, &first, &n) ||
	    !kb_writer_alive(s, first))
		return false;
	for (uint32_t c = first; c < first + n; c++) {
		kill_chunk(s, c);
		kb_grow(&s->dying, &s->cap_dying, s->n_dying + 1,
			sizeof(*s->dying));
		s->dying[s->n_dying++] = c;
	}
	return true;
}

uint64_t kb_writer_count_docs(const struct kb_writer *w)
{
	uint64_t total = 0;

	for (size_t i = 0; i < w->n_segs; i++) {
		const struct kb_writer_segment *s = &w->segs[i];
		uint32_t first, n;

		if (s->gone)
			continue;
		for (uint32_t d = 0; d < s->seg->n_docs; d++)
			total += kb_segment_doc_chunks(s->seg, d, &first, &n) &&
				 kb_writer_alive(s, first);
	}
	return total;
}

/* ---- sealing ---- */

struct invert_terms {
	struct kb_build_terms terms; /* first */
	const struct kb_invert *invert;
	const uint64_t *dead;
};

static void inverted_at(const struct kb_build_terms *terms, uint32_t i,
			struct kb_invert_room *room,
			struct kb_invert_list *list)
{
	const struct invert_terms *t =
	    (const struct invert_terms *)(const void *)terms;

	kb_invert_read(t->invert, i, t->dead, room, list);
}

static void finish_legs(struct kb_writer_seal *s)
{
	struct kb_writer *w = s->writer;

	for (size_t i = 0; i < w->n_legs; i++) {
		void *state = s->legs[i];

		if (!state)
			continue;
		s->legs[i] = NULL;
		if (s->failed)
			w->ops[i].ops->abandon(state);
		else
			s->failed = w->ops[i].ops->finish(
			    state, &s->build->out, (uint32_t)s->build->n_chunks,
			    &s->err);
	}
}

static void run_seal(struct kb_job *job)
{
	struct kb_writer_seal *s = (struct kb_writer_seal *)(void *)job;
	struct kb_invert *invert = kb_invert_queue_finish(s->inverting);
	struct invert_terms t = {
	    .terms.at = inverted_at,
	    .terms.n = kb_invert_sort(invert),
	    .invert = invert,
	    .dead = s->build->dead,
	};

	kb_build_seal(s->build, &t.terms);
	kb_invert_queue_free(s->inverting);
	s->inverting = NULL;
	finish_legs(s);
	if (!s->failed)
		s->failed = kb_build_finish(s->build, &s->entry, &s->err);
	s->dead = s->build->dead;
	s->build->dead = NULL;
	kb_build_free(s->build);
	s->build = NULL;
}

int kb_writer_seal(struct kb_writer *w, struct kb_err *err)
{
	struct kb_writer_seal *s;

	(void)err;
	if (!w->build)
		return 0;
	assert(w->inverting && w->n_builds > 0);
	s = kb_calloc(1, sizeof(*s));
	s->job.run = run_seal;
	s->writer = w;
	s->build = w->build;
	s->inverting = w->inverting;
	s->number = w->n_builds - 1;
	memcpy(s->legs, w->legs, sizeof(s->legs));
	memset(w->legs, 0, sizeof(w->legs));
	w->build = NULL;
	w->inverting = NULL;
	*w->seals_end = s;
	w->seals_end = &s->next;
	kb_build_flush(s->build);
	kb_invert_queue_flush(s->inverting);
	kb_job_queue_push(&w->jobs, &s->job);
	return 0;
}

/* A sealed segment whose dead documents the dictionary never counted. */
static int adopt(struct kb_writer *w, struct kb_writer_seal *s,
		 struct kb_err *err)
{
	struct kb_writer_segment *seg;
	size_t at;
	int rc;

	if (s->failed) {
		if (err)
			*err = s->err;
		return s->failed;
	}
	rc = kb_writer_take(w, &s->entry, &at, err);
	if (rc < 0)
		return rc;
	seg = &w->segs[at];
	kb_grow(&w->build_segs, &w->cap_build_segs, s->number + (size_t)1,
		sizeof(*w->build_segs));
	w->build_segs[s->number] = at;
	for (uint32_t c = 0; s->dead && c < seg->seg->n_chunks; c++)
		if (s->dead[c / 64] >> (c % 64) & 1)
			kill_chunk(seg, c);
	return 0;
}

int kb_writer_settle(struct kb_writer *w, struct kb_err *err)
{
	int rc = 0;

	kb_job_queue_drain(&w->jobs);
	while (w->seals) {
		struct kb_writer_seal *s = w->seals;

		if (rc == 0)
			rc = adopt(w, s, err);
		w->seals = s->next;
		free(s->dead);
		free(s);
	}
	w->seals_end = &w->seals;
	return rc;
}

int kb_writer_begin(struct kb_writer *w, struct kb_err *err)
{
	char name[64];
	int rc;

	assert(!w->build && !w->inverting);
	assert(w->n_legs <= KB_WRITER_LEGS);
	kb_writer_file_name(w, name, sizeof(name), "seg");
	rc = kb_build_new(&w->build, w->io, &w->jobs, name, &w->dict,
			  &w->dict_ready, &w->settings, err);
	if (rc < 0)
		return rc;
	w->build->title_weight = w->title_weight;
	w->inverting = kb_invert_queue_new(&w->invert_jobs);
	w->n_builds++;
	for (size_t i = 0; i < w->n_legs && rc == 0; i++)
		if (w->ops[i].ops->begin)
			rc = w->ops[i].ops->begin(w->ops[i].leg, w, w->index,
						  &w->legs[i], err);
	return rc;
}
