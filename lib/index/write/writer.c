#include "index/write/writer_impl.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_out.h"
#include "base/hash.h"
#include "base/str.h"
#include "doc/doc.h"
#include "store/directory.h"
#include "store/lock.h"

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

/* Every leg sees every chunk, also of a document that one refuses. */
static int tell_legs(struct kb_writer *w, const struct kb_leg_chunk *chunk,
		     struct kb_err *err)
{
	int first = 0;

	for (size_t i = 0; i < w->n_legs; i++) {
		int rc = 0;

		if (w->legs[i])
			rc = w->ops[i].ops->add(w->legs[i], chunk,
						first ? NULL : err);
		if (!first)
			first = rc;
	}
	return first;
}

static bool is_refusal(int rc)
{
	return rc == KB_EINVAL || rc == KB_ELIMIT;
}

/* Is the document all of a file, known by the end of its path, or a Markdown
 * file, which may have an id of its own? A line of a file is not. */
static bool is_whole(struct kb_str source, struct kb_str id, const char *ending)
{
	size_t before = source.len - id.len;
	size_t rest = (size_t)(source.ptr + source.len - ending);

	if (kb_starts_folded(ending, rest, ".md") ||
	    kb_starts_folded(ending, rest, ".markdown"))
		return true;
	return id.len <= source.len &&
	       !memcmp(source.ptr + before, id.ptr, id.len) &&
	       (!before || id.ptr[0] == '/' || source.ptr[before - 1] == '/');
}

/* What a passage stores must tell, as the same is counted out when it is
 * deleted. */
void kb_writer_path_terms(struct kb_writer *w, struct kb_str source,
			  struct kb_str id)
{
	struct kb_str stem = kb_doc_stem(source), named = source;

	assert(w->an);
	kb_terms_reset(&w->path_terms);
	if (!source.len)
		return;
	named.len = (size_t)(stem.ptr + stem.len - source.ptr);
	if (is_whole(source, id, source.ptr + named.len))
		kb_path_terms(w->an, named, &w->path_terms);
}

static void sketch(struct kb_writer *w, uint32_t chunk,
		   const struct kb_terms *title)
{
	struct kb_sketching sketching;
	struct kb_term_sketch made;

	kb_sketching_begin(&sketching);
	kb_sketching_add(&sketching, title);
	kb_sketching_add(&sketching, &w->text);
	made = kb_sketching_end(&sketching);
	kb_build_sketch(w->build, chunk, &made);
}

static int add_chunk(struct kb_writer *w, const struct kb_writer_doc *doc,
		     const struct kb_writer_chunk *c, uint32_t number,
		     uint32_t chunk_no, struct kb_err *err)
{
	struct kb_terms title = kb_writer_title(&w->title, chunk_no == 0);
	struct kb_leg_chunk view = {
	    .chunk = number,
	    .doc = (uint32_t)w->build->n_docs - 1,
	    .chunk_no = chunk_no,
	    .document = doc,
	    .heading = c->heading,
	    .text = {doc->text.ptr + c->start, c->end - c->start},
	    .terms = &w->text,
	    .title_terms = &title,
	};
	uint64_t length;

	kb_terms_reset(&w->text);
	kb_analyze(w->an, view.text.ptr, view.text.len, &w->text);
	kb_invert_queue_add(w->inverting, number, &w->text, 1);
	kb_invert_queue_add(w->inverting, number, &title, w->title_weight);
	kb_invert_queue_add(w->inverting, number, &w->path_terms, 1);
	length = (uint64_t)w->text.length + title.length;
	if (c->heading.len) {
		kb_terms_reset(&w->heading);
		kb_analyze(w->an, c->heading.ptr, c->heading.len, &w->heading);
		kb_invert_queue_add(w->inverting, number, &w->heading, 1);
		length += w->heading.length;
	}
	kb_build_length(w->build, number, length);
	sketch(w, number, &title);
	w->stats.chunks++;
	return tell_legs(w, &view, err);
}

static void remember(struct kb_writer *w, const struct kb_writer_doc *doc)
{
	bool added;

	*kb_map_put(&w->ids, kb_xxh64(doc->id.ptr, doc->id.len, 0), &added) =
	    (uint64_t)(w->n_builds - 1) << 32 | (w->build->n_docs - 1);
	if (doc->source.len) {
		uint64_t *name = kb_map_put(
		    &w->sources, kb_source_hash(&w->settings, doc->source),
		    &added);

		if (added)
			*name = (uintptr_t)kb_arena_strndup(
			    &w->names, doc->source.ptr, doc->source.len);
	}
}

/* A document that a leg refused is discarded: it was added just now. */
static void forget(struct kb_writer *w, struct kb_str id)
{
	kb_build_kill(w->build, (uint32_t)w->build->n_docs - 1);
	*kb_map_put(&w->ids, kb_xxh64(id.ptr, id.len, 0), NULL) =
	    KB_WRITER_NO_DOC;
	w->stats.added--;
}

int kb_writer_put(struct kb_writer *w, const struct kb_writer_doc *doc,
		  struct kb_err *err)
{
	struct kb_writer_chunk whole = {.end = (uint32_t)doc->text.len};
	size_t n = doc->n_chunks ? doc->n_chunks : 1;
	uint64_t hash = kb_writer_hash_doc(w, doc);
	bool same = false;
	uint32_t first;
	int rc;

	assert(w->dir >= 0); /* open, and not closed yet */
	assert(doc->id.len && (doc->chunks || !doc->n_chunks));
	rc = check_doc(doc, err);
	if (rc == 0)
		rc = kb_writer_resolve_conflict(w, doc, hash, &same, err);
	if (rc == 0 && !same && !w->build)
		rc = kb_writer_begin(w, err);
	if (rc < 0 || same) {
		w->stats.unchanged += same;
		return rc;
	}
	first = kb_build_doc(w->build, doc, hash);
	remember(w, doc);
	kb_terms_reset(&w->title);
	kb_analyze(w->an, doc->title.ptr, doc->title.len, &w->title);
	kb_writer_path_terms(w, doc->source, doc->id);
	for (size_t i = 0; i < n && (rc == 0 || is_refusal(rc)); i++) {
		int next = add_chunk(
		    w, doc, doc->n_chunks ? &doc->chunks[i] : &whole,
		    first + (uint32_t)i, (uint32_t)i, rc ? NULL : err);

		rc = rc && (is_refusal(next) || !next) ? rc : next;
	}
	w->stats.added++;
	w->stats.text_bytes += doc->text.len;
	if (rc < 0)
		forget(w, doc->id);
	if (rc == 0 &&
	    kb_invert_queue_bytes(w->inverting) + kb_build_bytes(w->build) >
		w->opt.memory_bytes)
		rc = kb_writer_seal(w, err);
	return rc;
}

/* ---- life ---- */

/* What was made for an index that did not come to be; also called by a
 * signal. */
static void remove_made(void *arg)
{
	struct kb_writer *w = arg;

	if (w->dir >= 0 && kb_directory_is_index(w->dir))
		return;
	if (w->locked || (w->made && w->dir >= 0 && kb_lock_is_free(w->dir))) {
		if (w->made)
			kb_directory_clear(w->dir);
		unlinkat(w->dir, KB_LOCK_NAME, 0);
	}
	if (w->made)
		rmdir(w->path);
}

static int open_dir(struct kb_writer *w, struct kb_err *err)
{
	enum kb_directory_kind kind;
	int rc;

	kb_file_out_also_remove(remove_made, w);
	if (!w->opt.must_exist) {
		/* a signal may come before mkdir() returns */
		w->made = access(w->path, F_OK) != 0;
		if (mkdir(w->path, 0777) < 0) {
			w->made = false;
			if (errno != EEXIST)
				return kb_err_sys(err, "cannot make '%s'",
						  w->path);
		}
	}
	w->dir = open(w->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (w->dir < 0)
		return kb_err_sys(err, "cannot open index '%s'", w->path);
	rc = kb_directory_kind(w->dir, w->path, &kind, err);
	if (rc < 0)
		return rc;
	if (kind == KB_DIRECTORY_OTHER)
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is neither empty nor an index; are the "
				  "arguments swapped?",
				  w->path);
	rc = kb_lock_take(&w->lock, w->dir, w->path, w->opt.lock_wait_s, err);
	w->locked = !rc;
	return rc;
}

/* What the old generation gives to the next one. */
static void take_old(struct kb_writer *w)
{
	kb_manifest_copy(&w->next, &w->old);
	w->next.n_segments = 0;
	w->next.generation = w->old.generation + 1;
	if (w->opt.rebuild) {
		w->next.n_globals = 0;
		w->next.sources.name[0] = '\0';
		w->touched = true;
		return;
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
		if (!w->dict_ready && seg->file->frames.dict_len) {
			kb_buf_add(&w->dict, seg->file->frames.dict,
				   seg->file->frames.dict_len);
			w->dict_ready = true;
		}
	}
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
	take_old(w);
	return 0;
}

int kb_writer_open(struct kb_writer **out, const char *path,
		   const struct kb_writer_options *options, struct kb_err *err)
{
	struct kb_writer *w = kb_calloc(1, sizeof(*w));
	int rc;

	assert(path && *path && options);
	*out = NULL;
	w->opt = *options;
	if (!w->opt.memory_bytes)
		w->opt.memory_bytes = KB_WRITER_MEMORY;
	w->path = kb_strdup(path);
	w->dir = w->lock = -1;
	w->seals_end = &w->seals;
	kb_manifest_init(&w->old);
	kb_manifest_init(&w->next);
	kb_settings_init(&w->settings);
	kb_buf_init(&w->settings_before, 0);
	kb_buf_init(&w->dict, 0);
	kb_buf_init(&w->words, 0);
	kb_map_init(&w->ids);
	kb_map_init(&w->sources);
	kb_map_init(&w->renewed);
	kb_map_init(&w->known);
	kb_map_init(&w->contested);
	kb_arena_init(&w->names);
	kb_job_queue_start(&w->jobs, !options->single_thread);
	kb_job_queue_start(&w->invert_jobs, !options->single_thread);
	w->an = kb_analyzer_new();
	rc = open_dir(w, err);
	if (rc == 0) {
		kb_io_init(&w->os, w->path, w->dir);
		w->io = options->io ? options->io : &w->os;
		rc = load_old(w, err);
	}
	if (rc == 0) {
		kb_settings_parse(&w->settings, kb_buf_str(&w->next.settings));
		kb_settings_write(&w->settings, &w->settings_before);
		rc = kb_settings_seed(w, err);
	}
	if (rc == 0)
		rc = kb_settings_analysis(w, err);
	if (rc == 0)
		rc = kb_settings_weight(w, err);
	if (rc == 0)
		rc = kb_settings_columns(w, err);
	if (rc == 0)
		rc = kb_writer_load_words(w, err);
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
	assert(ops);
	assert(!writer->build); /* a segment has the legs it began with */
	assert(writer->n_legs < KB_WRITER_LEGS);
	if (writer->n_legs < KB_WRITER_LEGS)
		writer->ops[writer->n_legs++] =
		    (struct kb_writer_leg){ops, leg};
}

const struct kb_writer_stats *kb_writer_stats(const struct kb_writer *writer)
{
	return &writer->stats;
}

struct kb_settings *kb_writer_settings(struct kb_writer *writer)
{
	return &writer->settings;
}

struct kb_str kb_writer_words(const struct kb_writer *writer)
{
	return kb_buf_str(&writer->words);
}

const char *kb_writer_path(const struct kb_writer *writer)
{
	return writer->path;
}

static void drop_build(struct kb_writer *w)
{
	for (size_t i = 0; i < w->n_legs; i++)
		if (w->legs[i])
			w->ops[i].ops->abandon(w->legs[i]);
	kb_build_free(w->build);
	kb_invert_queue_free(w->inverting);
}

void kb_writer_close(struct kb_writer *w)
{
	if (!w)
		return;
	kb_writer_settle(w, NULL);
	kb_job_queue_stop(&w->jobs);
	kb_job_queue_stop(&w->invert_jobs);
	drop_build(w);
	for (size_t i = 0; i < w->n_segs; i++) {
		if (w->segs[i].owned)
			kb_segment_close(w->segs[i].seg);
		free(w->segs[i].live);
		free(w->segs[i].dying);
		free(w->segs[i].seen);
		free(w->segs[i].excused);
	}
	free(w->segs);
	free(w->build_segs);
	kb_container_unmap(&w->sources_view);
	kb_index_close(w->index);
	kb_manifest_release(&w->old);
	kb_manifest_release(&w->next);
	kb_settings_release(&w->settings);
	kb_buf_release(&w->settings_before);
	kb_buf_release(&w->dict);
	kb_buf_release(&w->words);
	kb_map_release(&w->ids);
	kb_map_release(&w->sources);
	kb_map_release(&w->renewed);
	kb_map_release(&w->known);
	kb_map_release(&w->contested);
	free(w->displaced);
	kb_arena_release(&w->names);
	kb_terms_release(&w->text);
	kb_terms_release(&w->title);
	kb_terms_release(&w->heading);
	kb_terms_release(&w->path_terms);
	kb_analyzer_free(w->an);
	kb_file_out_also_remove(NULL, NULL);
	remove_made(w);
	if (w->lock >= 0)
		close(w->lock);
	if (w->dir >= 0)
		close(w->dir);
	free(w->path);
	free(w);
}
