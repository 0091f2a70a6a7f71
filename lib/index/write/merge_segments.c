/*
 * Writing several segments as one: documents and terms of the chunks alive are
 * copied in order, the legs merge theirs or learn from all text anew.
 */
#include <stdlib.h>

#include "doc/doc.h"
#include "index/write/writer_impl.h"
#include "posting/postings.h"

struct input {
	struct kb_writer_segment *s;
	struct kb_dict_cursor cursor;
	bool more;
	uint32_t *new_chunk;
};

struct merge {
	struct kb_build_terms terms; /* first */
	struct kb_writer *w;
	struct input *inputs;
	size_t n;
	struct kb_build *build;
	struct kb_map texts; /* key -> place in words + 1 */
	struct kb_dict_word *words;
	size_t n_words, cap_words;
	struct kb_arena strings;
	bool renew;
	void *legs[KB_WRITER_LEGS]; /* states of those that learn anew */
	uint32_t *chunks, *room;    /* of one list; of one input's part */
	uint16_t *freqs, *room_freqs;
	int failed;
	struct kb_err err;
};

static bool keep_word(void *arg, struct kb_str text, uint64_t key)
{
	struct merge *m = arg;
	bool added;
	uint64_t *at = kb_map_put(&m->texts, key, &added);

	if (!added)
		return true;
	kb_grow(&m->words, &m->cap_words, m->n_words + 1, sizeof(*m->words));
	m->words[m->n_words++] =
	    (struct kb_dict_word){kb_arena_copy(&m->strings, text), key};
	*at = m->n_words;
	return true;
}

static void advance(struct merge *m, struct input *in)
{
	const struct kb_segment *seg = in->s->seg;
	int rc = kb_dict_next(&in->cursor, seg->sec[KB_SEC_POSTINGS]);

	in->more = rc > 0 && in->cursor.info.count <= seg->n_chunks;
	if (rc < 0 || (rc > 0 && !in->more))
		m->failed = kb_err_set(&m->err, KB_EFORMAT,
				       "'%s' is damaged: a postings list; run "
				       "kb-index --rebuild",
				       seg->file->name);
}

/* One input's postings of a term, renumbered, behind list->n. */
static void append(struct merge *m, struct input *in,
		   struct kb_invert_list *list)
{
	const struct kb_segment *seg = in->s->seg;
	const struct kb_term_info *info = &in->cursor.info;

	if (!kb_postings_decode(info->ptr, info->size, info->count,
				seg->n_chunks, m->room, m->room_freqs)) {
		m->failed = kb_err_set(&m->err, KB_EFORMAT,
				       "'%s' is damaged: a postings list; run "
				       "kb-index --rebuild",
				       seg->file->name);
		return;
	}
	for (uint32_t i = 0; i < info->count; i++) {
		uint32_t chunk = in->new_chunk[m->room[i]];

		if (chunk == KB_CHUNK_GONE)
			continue;
		m->chunks[list->n] = chunk;
		m->freqs[list->n++] = m->room_freqs[i];
	}
}

static bool next_merged(struct kb_build_terms *terms,
			struct kb_invert_list *list)
{
	struct merge *m = (struct merge *)(void *)terms;
	uint64_t least = UINT64_MAX;
	const uint64_t *text;
	bool any = false;

	for (size_t i = 0; i < m->n; i++)
		if (m->inputs[i].more && m->inputs[i].cursor.mixed <= least) {
			least = m->inputs[i].cursor.mixed;
			any = true;
		}
	if (!any || m->failed)
		return false;
	*list = (struct kb_invert_list){.key = kb_dict_unmix(least),
					.mixed = least,
					.chunks = m->chunks,
					.freqs = m->freqs};
	for (size_t i = 0; i < m->n; i++) {
		struct input *in = &m->inputs[i];

		if (!in->more || in->cursor.mixed != least)
			continue;
		append(m, in, list);
		advance(m, in);
	}
	text = kb_map_get(&m->texts, list->key);
	if (text)
		list->text = m->words[*text - 1].text;
	return !m->failed;
}

static struct kb_str heading_of(const struct kb_stored_doc *doc,
				const struct kb_chunk_entry *c)
{
	if (c->heading > doc->headings.len ||
	    c->heading_len > doc->headings.len - c->heading)
		return (struct kb_str){"", 0};
	return (struct kb_str){doc->headings.ptr + c->heading, c->heading_len};
}

/* The triple that a document is, from its other members. */
static void find_triple(struct kb_writer_doc *doc, struct kb_arena *arena)
{
	struct kb_json meta;

	if (doc->meta.len &&
	    memmem(doc->meta.ptr, doc->meta.len, "triple", 6) &&
	    !kb_json_check(doc->meta.ptr, doc->meta.len, &meta, NULL))
		kb_doc_triple(kb_json_get(meta, "triple"), arena, doc->triple);
}

/* Show the legs that learn anew the chunks of a document, from number 'to'
 * on. */
static int learn_doc(struct merge *m, const struct kb_writer_doc *doc,
		     uint32_t to, struct kb_err *err)
{
	struct kb_writer *w = m->w;
	int rc = 0;

	kb_terms_reset(&w->title);
	kb_analyze(w->an, doc->title.ptr, doc->title.len, &w->title);
	for (uint32_t i = 0; i < doc->n_chunks && rc == 0; i++) {
		const struct kb_writer_chunk *c = &doc->chunks[i];
		struct kb_terms title = kb_writer_title(&w->title, i == 0);
		struct kb_leg_chunk view = {
		    .chunk = to + i,
		    .doc = (uint32_t)m->build->n_docs - 1,
		    .chunk_no = i,
		    .document = doc,
		    .heading = c->heading,
		    .text = {doc->text.ptr + c->start, c->end - c->start},
		    .terms = &w->text,
		    .title_terms = &title,
		};

		kb_terms_reset(&w->text);
		kb_analyze(w->an, view.text.ptr, view.text.len, &w->text);
		for (size_t leg = 0; leg < w->n_legs && rc == 0; leg++)
			if (m->legs[leg])
				rc = w->ops[leg].ops->add(m->legs[leg], &view,
							  err);
	}
	return rc;
}

/* Copy one live document; its chunks get the next numbers. */
static int copy_doc(struct merge *m, struct input *in,
		    struct kb_stored_reader *reader, uint32_t d, uint32_t first,
		    uint32_t n, struct kb_arena *arena, struct kb_err *err)
{
	const struct kb_segment *seg = in->s->seg;
	struct kb_writer_chunk *chunks;
	struct kb_stored_doc old;
	struct kb_writer_doc doc = {0};
	uint32_t to;
	int rc = kb_stored_read(reader, d, &old, err);

	if (rc < 0)
		return rc;
	chunks = kb_arena_alloc(arena, n * sizeof(*chunks));
	for (uint32_t i = 0; i < n; i++) {
		const struct kb_chunk_entry *c = &seg->chunks[first + i];

		chunks[i] = (struct kb_writer_chunk){c->start, c->end, c->line,
						     heading_of(&old, c)};
	}
	doc.id = old.id;
	doc.title = old.title;
	doc.text = old.text;
	doc.source = old.source;
	doc.meta = old.meta;
	doc.chunks = chunks;
	doc.n_chunks = n;
	to = kb_build_doc(m->build, &doc, seg->file->docs[d].hash);
	for (uint32_t i = 0; i < n; i++) {
		kb_build_length(m->build, to + i, seg->lengths[first + i]);
		kb_build_sketch(m->build, to + i,
				seg->sketches ? &seg->sketches[first + i]
					      : NULL);
		in->new_chunk[first + i] = to + i;
	}
	if (!m->renew)
		return 0;
	find_triple(&doc, arena);
	return learn_doc(m, &doc, to, err);
}

static int copy_docs(struct merge *m, struct input *in, struct kb_err *err)
{
	const struct kb_segment *seg = in->s->seg;
	struct kb_stored_reader reader;
	struct kb_arena arena;
	int rc = 0;

	in->new_chunk = kb_reallocarray(NULL, seg->n_chunks + (size_t)1, 4);
	memset(in->new_chunk, 0xff, ((size_t)seg->n_chunks + 1) * 4);
	kb_arena_init(&arena);
	kb_stored_reader_init(&reader, seg);
	for (uint32_t d = 0; d < seg->n_docs && rc == 0; d++) {
		uint32_t first, n;

		if (!kb_segment_doc_chunks(seg, d, &first, &n) ||
		    !kb_writer_alive(in->s, first))
			continue;
		kb_arena_reset(&arena);
		rc = copy_doc(m, in, &reader, d, first, n, &arena, err);
	}
	kb_stored_reader_release(&reader);
	kb_arena_release(&arena);
	return rc;
}

static int merge_legs(struct merge *m, struct kb_err *err)
{
	struct kb_leg_input *inputs = kb_calloc(m->n, sizeof(*inputs));
	int rc = 0;

	for (size_t i = 0; i < m->n; i++)
		inputs[i] = (struct kb_leg_input){m->inputs[i].s->seg,
						  m->inputs[i].new_chunk};
	for (size_t i = 0; i < m->w->n_legs && rc == 0; i++) {
		const struct kb_writer_leg *leg = &m->w->ops[i];
		void *state = m->legs[i];

		m->legs[i] = NULL;
		if (state)
			rc =
			    leg->ops->finish(state, &m->build->out,
					     (uint32_t)m->build->n_chunks, err);
		else if (leg->ops->merge)
			rc = leg->ops->merge(leg->leg, m->w, inputs, m->n,
					     (uint32_t)m->build->n_chunks,
					     &m->build->out, err);
	}
	free(inputs);
	return rc;
}

static int begin_legs(struct merge *m, struct kb_err *err)
{
	int rc = 0;

	for (size_t i = 0; m->renew && i < m->w->n_legs && rc == 0; i++) {
		const struct kb_writer_leg *leg = &m->w->ops[i];

		if (!leg->ops->renew)
			continue;
		leg->ops->renew(leg->leg);
		rc = leg->ops->begin(leg->leg, m->w, NULL, &m->legs[i], err);
	}
	return rc;
}

static void begin_terms(struct merge *m)
{
	size_t total = 0, largest = 0;

	for (size_t i = 0; i < m->n; i++) {
		struct input *in = &m->inputs[i];
		size_t n = in->s->seg->n_chunks;

		total += n;
		largest = n > largest ? n : largest;
		in->cursor.dict = &in->s->seg->file->dict;
		kb_segment_words(in->s->seg, (struct kb_str){"", 0}, keep_word,
				 m);
		advance(m, in);
	}
	largest = (largest + 127) / 128 * 128;
	m->chunks = kb_reallocarray(NULL, total + 1, sizeof(*m->chunks));
	m->freqs = kb_reallocarray(NULL, total + 1, sizeof(*m->freqs));
	m->room = kb_reallocarray(NULL, largest + 1, sizeof(*m->room));
	m->room_freqs =
	    kb_reallocarray(NULL, largest + 1, sizeof(*m->room_freqs));
	m->terms.next = next_merged;
}

static void release(struct merge *m)
{
	kb_job_queue_drain(&m->w->jobs);
	for (size_t i = 0; i < m->w->n_legs; i++)
		if (m->legs[i])
			m->w->ops[i].ops->abandon(m->legs[i]);
	kb_build_free(m->build);
	for (size_t i = 0; i < m->n; i++)
		free(m->inputs[i].new_chunk);
	free(m->inputs);
	free(m->words);
	free(m->chunks);
	free(m->freqs);
	free(m->room);
	free(m->room_freqs);
	kb_map_release(&m->texts);
	kb_arena_release(&m->strings);
}

/* Write the merged segment; entry describes it. */
static int write_merged(struct merge *m, struct kb_manifest_segment *entry,
			struct kb_err *err)
{
	struct kb_writer *w = m->w;
	char name[64];
	int rc;

	kb_writer_file_name(w, name, sizeof(name), "seg");
	rc = kb_build_new(&m->build, w->io, &w->jobs, name, &w->dict,
			  &w->dict_ready, &w->settings, err);
	if (rc < 0)
		return rc;
	m->build->title_weight = w->title_weight;
	rc = begin_legs(m, err);
	for (size_t i = 0; i < m->n && rc == 0; i++)
		rc = copy_docs(m, &m->inputs[i], err);
	if (rc < 0)
		return rc;
	kb_build_flush(m->build);
	begin_terms(m);
	kb_job_queue_drain(&w->jobs);
	kb_build_seal(m->build, &m->terms);
	if (m->failed) {
		if (err)
			*err = m->err;
		return m->failed;
	}
	rc = merge_legs(m, err);
	return rc < 0 ? rc : kb_build_finish(m->build, entry, err);
}

int kb_writer_merge_segments(struct kb_writer *w, const size_t *which, size_t n,
			     bool renew, struct kb_err *err)
{
	struct merge m = {.w = w, .n = n, .renew = renew};
	struct kb_manifest_segment entry;
	size_t at;
	int rc;

	m.inputs = kb_calloc(n, sizeof(*m.inputs));
	for (size_t i = 0; i < n; i++)
		m.inputs[i].s = &w->segs[which[i]];
	kb_map_init(&m.texts);
	kb_arena_init(&m.strings);
	rc = write_merged(&m, &entry, err);
	release(&m);
	if (rc == 0)
		rc = kb_writer_take(w, &entry, &at, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < n; i++)
		w->segs[which[i]].gone = true;
	w->stats.merged += n;
	return 0;
}
