#include "index/writer_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "store/lock.h"

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
	struct kb_invert_room room;
	uint32_t i, n;
};

static bool next_inverted(struct kb_build_terms *terms,
			  struct kb_invert_list *list)
{
	struct invert_terms *t = (struct invert_terms *)(void *)terms;

	if (t->i == t->n)
		return false;
	kb_invert_read(t->invert, t->i++, t->dead, &t->room, list);
	return true;
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

static void run_seal(struct kb_pipe_job *job)
{
	struct kb_writer_seal *s = (struct kb_writer_seal *)(void *)job;
	struct invert_terms t = {
	    .terms.next = next_inverted,
	    .invert = s->invert,
	    .dead = s->build->dead,
	    .n = kb_invert_sort(s->invert),
	};

	kb_build_seal(s->build, &t.terms);
	kb_invert_room_release(&t.room);
	kb_invert_free(s->invert);
	s->invert = NULL;
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
	s = kb_calloc(1, sizeof(*s));
	s->job.run = run_seal;
	s->writer = w;
	s->build = w->build;
	s->invert = w->invert;
	s->number = w->n_builds - 1;
	memcpy(s->legs, w->legs, sizeof(s->legs));
	memset(w->legs, 0, sizeof(w->legs));
	w->build = NULL;
	w->invert = NULL;
	*w->seals_end = s;
	w->seals_end = &s->next;
	kb_build_flush(s->build);
	kb_pipe_push(&w->pipe, &s->job);
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

	kb_pipe_drain(&w->pipe);
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

static int begin_build(struct kb_writer *w, struct kb_err *err)
{
	char name[64];
	int rc;

	kb_writer_file_name(w, name, sizeof(name), "seg");
	rc = kb_build_new(&w->build, w->io, &w->pipe, name, &w->dict,
			  &w->dict_ready, err);
	if (rc < 0)
		return rc;
	w->build->title_weight = w->title_weight;
	w->invert = kb_invert_new();
	w->n_builds++;
	for (size_t i = 0; i < w->n_legs && rc == 0; i++)
		if (w->ops[i].ops->begin)
			rc = w->ops[i].ops->begin(w->ops[i].leg, w, w->index,
						  &w->legs[i], err);
	return rc;
}

/* ---- identities ---- */

/* Where a document lives; at is SIZE_MAX for the build being filled. */
struct place {
	size_t at;
	uint32_t doc;
};

static uint64_t hash_of(struct kb_str s)
{
	return s.len ? kb_hash64(s.ptr, s.len, 0) : 0;
}

static bool find_in_segment(const struct kb_writer *w, size_t at,
			    struct kb_str id, struct place *place)
{
	const struct kb_writer_segment *s = &w->segs[at];
	uint32_t from = 0, first, n, doc;

	while ((doc = kb_segment_find_id(s->seg, id, &from)) != UINT32_MAX)
		if (kb_segment_doc_chunks(s->seg, doc, &first, &n) &&
		    kb_writer_alive(s, first)) {
			*place = (struct place){at, doc};
			return true;
		}
	return false;
}

/* Among the documents of this run. */
static int find_new(struct kb_writer *w, struct kb_str id, bool *found,
		    struct place *place, struct kb_err *err)
{
	const uint64_t *value = kb_map_get(&w->ids, hash_of(id));
	uint32_t build, doc;
	int rc;

	*found = false;
	if (!value || *value == KB_WRITER_NO_DOC)
		return 0;
	build = (uint32_t)(*value >> 32);
	doc = (uint32_t)*value;
	if (w->build && build == w->n_builds - 1) {
		*found = kb_str_eq(kb_build_id(w->build, doc), id);
		*place = (struct place){SIZE_MAX, doc};
		return 0;
	}
	rc = kb_writer_settle(w, err);
	if (rc < 0)
		return rc;
	*found = find_in_segment(w, w->build_segs[build], id, place);
	return 0;
}

static int find_doc(struct kb_writer *w, struct kb_str id, bool *found,
		    struct place *place, struct kb_err *err)
{
	int rc = find_new(w, id, found, place, err);

	for (size_t i = 0;
	     rc == 0 && !*found && w->index && i < w->index->n_segments; i++)
		*found = find_in_segment(w, i, id, place);
	return rc;
}

static void kill_place(struct kb_writer *w, struct kb_str id,
		       struct place place)
{
	uint64_t *value = kb_map_get(&w->ids, hash_of(id));

	if (place.at == SIZE_MAX)
		kb_build_kill(w->build, place.doc);
	else
		kb_writer_kill(w, place.at, place.doc);
	if (value)
		*value = KB_WRITER_NO_DOC;
}

static uint64_t source_of(const struct kb_writer *w, struct place place)
{
	if (place.at == SIZE_MAX)
		return w->build->docs[place.doc].source;
	return w->segs[place.at].seg->file->docs[place.doc].source;
}

/* The path of a source for a message. */
static const char *source_name(struct kb_writer *w, struct place place,
			       char *dst)
{
	uint64_t hash = source_of(w, place);
	const uint64_t *known = kb_map_get(&w->sources, hash);
	struct kb_stored_doc doc;
	struct kb_arena arena;

	if (!hash)
		return "the input stream";
	if (known) {
		const char *name = (const char *)(uintptr_t)*known;

		return kb_err_quote(dst, name, strlen(name));
	}
	kb_arena_init(&arena);
	if (place.at != SIZE_MAX &&
	    kb_segment_read_doc(w->segs[place.at].seg, place.doc, &arena, &doc,
				NULL) == 0)
		kb_err_quote(dst, doc.source.ptr, doc.source.len);
	else
		snprintf(dst, KB_QUOTE_MAX, "another source");
	kb_arena_release(&arena);
	return dst;
}

static int conflict(struct kb_writer *w, const struct kb_writer_doc *doc,
		    struct place place, struct kb_err *err)
{
	char id[KB_QUOTE_MAX], a[KB_QUOTE_MAX], b[KB_QUOTE_MAX];

	return kb_err_set(
	    err, KB_EINVAL,
	    "id '%s' of '%s' is already taken by '%s', which "
	    "stays",
	    kb_err_quote(id, doc->id.ptr, doc->id.len),
	    doc->source.len ? kb_err_quote(b, doc->source.ptr, doc->source.len)
			    : "the input stream",
	    source_name(w, place, a));
}

int kb_writer_delete(struct kb_writer *w, struct kb_str id, bool *found,
		     struct kb_err *err)
{
	struct place place;
	bool have;
	int rc = find_doc(w, id, &have, &place, err);

	if (rc < 0)
		return rc;
	if (found)
		*found = have;
	if (have) {
		kill_place(w, id, place);
		w->stats.deleted++;
	}
	return 0;
}

/* ---- adding ---- */

static int check_doc(const struct kb_writer_doc *doc, struct kb_err *err)
{
	char id[KB_QUOTE_MAX];

	if (!doc->id.len)
		return kb_err_set(err, KB_EINVAL, "a document without an id");
	if (doc->id.len > KB_ID_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "an id has %zu bytes, the limit is %d",
				  doc->id.len, KB_ID_MAX);
	if (doc->text.len > KB_DOC_MAX || doc->title.len > KB_DOC_MAX ||
	    doc->meta.len > KB_DOC_MAX)
		return kb_err_set(
		    err, KB_ELIMIT, "document '%s' has more than %zu bytes",
		    kb_err_quote(id, doc->id.ptr, doc->id.len), KB_DOC_MAX);
	for (size_t i = 0; i < doc->n_chunks; i++)
		if (doc->chunks[i].start > doc->chunks[i].end ||
		    doc->chunks[i].end > doc->text.len)
			return kb_err_set(
			    err, KB_EINVAL,
			    "document '%s' has a chunk outside "
			    "its text",
			    kb_err_quote(id, doc->id.ptr, doc->id.len));
	return 0;
}

/* Replace the document that holds the id, or refuse. */
static int displace(struct kb_writer *w, const struct kb_writer_doc *doc,
		    struct kb_err *err)
{
	struct place place;
	bool found;
	int rc = find_doc(w, doc->id, &found, &place, err);

	if (rc < 0 || !found)
		return rc;
	if (source_of(w, place) != hash_of(doc->source))
		return conflict(w, doc, place, err);
	kill_place(w, doc->id, place);
	w->stats.replaced++;
	return 0;
}

static int tell_legs(struct kb_writer *w, const struct kb_leg_chunk *chunk,
		     struct kb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < w->n_legs && rc == 0; i++)
		if (w->legs[i])
			rc = w->ops[i].ops->add(w->legs[i], chunk, err);
	return rc;
}

static int add_chunk(struct kb_writer *w, const struct kb_writer_doc *doc,
		     const struct kb_writer_chunk *c, uint32_t number,
		     uint32_t chunk_no, struct kb_err *err)
{
	struct kb_leg_chunk view = {
	    .chunk = number,
	    .doc = (uint32_t)w->build->n_docs - 1,
	    .chunk_no = chunk_no,
	    .document = doc,
	    .heading = c->heading,
	    .text = {doc->text.ptr + c->start, c->end - c->start},
	    .terms = &w->text,
	    .title_terms = &w->title,
	};
	uint64_t length;

	kb_terms_reset(&w->text);
	kb_analyze(w->an, view.text.ptr, view.text.len, &w->text);
	kb_invert_add(w->invert, number, &w->text, 1);
	kb_invert_add(w->invert, number, &w->title, w->title_weight);
	length = (uint64_t)w->text.length + w->title.length;
	if (c->heading.len) {
		kb_terms_reset(&w->heading);
		kb_analyze(w->an, c->heading.ptr, c->heading.len, &w->heading);
		kb_invert_add(w->invert, number, &w->heading, 1);
		length += w->heading.length;
	}
	kb_build_length(w->build, number, length);
	w->stats.chunks++;
	return tell_legs(w, &view, err);
}

static void remember(struct kb_writer *w, const struct kb_writer_doc *doc)
{
	bool added;

	*kb_map_put(&w->ids, hash_of(doc->id), &added) =
	    (uint64_t)(w->n_builds - 1) << 32 | (w->build->n_docs - 1);
	if (doc->source.len) {
		uint64_t *name =
		    kb_map_put(&w->sources, hash_of(doc->source), &added);

		if (added)
			*name = (uintptr_t)kb_arena_strndup(
			    &w->names, doc->source.ptr, doc->source.len);
	}
}

int kb_writer_put(struct kb_writer *w, const struct kb_writer_doc *doc,
		  struct kb_err *err)
{
	struct kb_writer_chunk whole = {.end = (uint32_t)doc->text.len};
	size_t n = doc->n_chunks ? doc->n_chunks : 1;
	uint32_t first;
	int rc;

	rc = check_doc(doc, err);
	if (rc == 0)
		rc = displace(w, doc, err);
	if (rc == 0 && !w->build)
		rc = begin_build(w, err);
	if (rc < 0)
		return rc;
	first = kb_build_doc(w->build, doc);
	remember(w, doc);
	kb_terms_reset(&w->title);
	kb_analyze(w->an, doc->title.ptr, doc->title.len, &w->title);
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = add_chunk(w, doc, doc->n_chunks ? &doc->chunks[i] : &whole,
			       first + (uint32_t)i, (uint32_t)i, err);
	w->stats.added++;
	w->stats.text_bytes += doc->text.len;
	if (rc == 0 && kb_invert_bytes(w->invert) + kb_build_bytes(w->build) >
			   w->opt.memory_bytes)
		rc = kb_writer_seal(w, err);
	return rc;
}

/* ---- life ---- */

static int open_dir(struct kb_writer *w, struct kb_err *err)
{
	if (!w->opt.must_exist && mkdir(w->path, 0777) < 0 && errno != EEXIST)
		return kb_err_sys(err, "cannot make '%s'", w->path);
	w->dir = open(w->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (w->dir < 0)
		return kb_err_sys(err, "cannot open index '%s'", w->path);
	return kb_lock_take(&w->lock, w->dir, w->path, w->opt.lock_wait_s, err);
}

/* What the old generation gives to the next one. */
static int take_old(struct kb_writer *w, struct kb_err *err)
{
	kb_manifest_copy(&w->next, &w->old);
	w->next.n_segments = 0;
	w->next.generation = w->old.generation + 1;
	if (w->opt.rebuild) {
		w->next.n_globals = 0;
		w->next.sources.name[0] = '\0';
		w->touched = true;
		return 0;
	}
	for (size_t i = 0; i < w->index->n_segments; i++) {
		struct kb_segment *seg = w->index->segments[i];

		kb_grow(&w->segs, &w->cap_segs, w->n_segs + 1,
			sizeof(*w->segs));
		w->segs[w->n_segs++] = (struct kb_writer_segment){
		    .entry = w->old.segments[i],
		    .seg = seg,
		    .n_live = seg->n_live,
		    .total_length = seg->total_length,
		};
		w->title_weight = seg->file->meta.title_weight;
		if (!w->dict_ready && seg->file->frames.dict_len) {
			kb_buf_add(&w->dict, seg->file->frames.dict,
				   seg->file->frames.dict_len);
			w->dict_ready = true;
		}
	}
	(void)err;
	return 0;
}

static int load_old(struct kb_writer *w, struct kb_err *err)
{
	int rc = kb_manifest_load(&w->old, w->dir, w->path, err);

	if (rc == KB_ENOENT && !w->opt.must_exist) {
		w->fresh = true;
		w->next.generation = 1;
		return 0;
	}
	if (rc < 0 && w->opt.rebuild && rc == KB_EFORMAT) {
		/* Damaged or of another format: nothing of it is used, and
		 * no file of it may be overwritten. */
		kb_manifest_release(&w->old);
		kb_manifest_init(&w->old);
		w->fresh = true;
		w->next.generation = w->old.generation = 1u << 20;
		w->next.generation++;
		return 0;
	}
	if (rc == 0 && !w->opt.rebuild)
		rc = kb_index_open(&w->index, w->path, err);
	if (rc < 0)
		return rc;
	return take_old(w, err);
}

int kb_writer_open(struct kb_writer **out, const char *path,
		   const struct kb_writer_options *options, struct kb_err *err)
{
	struct kb_writer *w = kb_calloc(1, sizeof(*w));
	int rc;

	*out = NULL;
	w->opt = *options;
	if (!w->opt.memory_bytes)
		w->opt.memory_bytes = KB_WRITER_MEMORY;
	w->title_weight = options->title_weight ? options->title_weight : 1;
	w->path = kb_strdup(path);
	w->dir = w->lock = -1;
	w->seals_end = &w->seals;
	kb_manifest_init(&w->old);
	kb_manifest_init(&w->next);
	kb_buf_init(&w->dict, 0);
	kb_map_init(&w->ids);
	kb_map_init(&w->sources);
	kb_arena_init(&w->names);
	kb_pipe_start(&w->pipe, !options->single_thread);
	w->an = kb_analyzer_new();
	rc = open_dir(w, err);
	if (rc == 0) {
		kb_io_init(&w->os, w->path, w->dir);
		w->io = options->io ? options->io : &w->os;
		rc = load_old(w, err);
	}
	if (rc < 0) {
		kb_writer_close(w);
		return rc;
	}
	w->n_docs_before = kb_writer_count_docs(w);
	*out = w;
	return 0;
}

void kb_writer_add_leg(struct kb_writer *writer, const struct kb_leg_ops *ops,
		       void *leg)
{
	if (writer->n_legs < KB_WRITER_LEGS)
		writer->ops[writer->n_legs++] =
		    (struct kb_writer_leg){ops, leg};
}

const struct kb_writer_stats *kb_writer_stats(const struct kb_writer *writer)
{
	return &writer->stats;
}

struct kb_str kb_writer_settings(const struct kb_writer *writer)
{
	return kb_buf_str(&writer->next.settings);
}

static void drop_build(struct kb_writer *w)
{
	for (size_t i = 0; i < w->n_legs; i++)
		if (w->legs[i])
			w->ops[i].ops->abandon(w->legs[i]);
	kb_build_free(w->build);
	kb_invert_free(w->invert);
}

void kb_writer_close(struct kb_writer *w)
{
	if (!w)
		return;
	kb_writer_settle(w, NULL);
	kb_pipe_stop(&w->pipe);
	drop_build(w);
	for (size_t i = 0; i < w->n_segs; i++) {
		if (w->segs[i].owned)
			kb_segment_close(w->segs[i].seg);
		free(w->segs[i].live);
		free(w->segs[i].dying);
	}
	free(w->segs);
	free(w->build_segs);
	kb_index_close(w->index);
	kb_manifest_release(&w->old);
	kb_manifest_release(&w->next);
	kb_buf_release(&w->dict);
	kb_map_release(&w->ids);
	kb_map_release(&w->sources);
	kb_arena_release(&w->names);
	kb_terms_release(&w->text);
	kb_terms_release(&w->title);
	kb_terms_release(&w->heading);
	kb_analyzer_free(w->an);
	if (w->lock >= 0)
		close(w->lock);
	if (w->dir >= 0)
		close(w->dir);
	free(w->path);
	free(w);
}
