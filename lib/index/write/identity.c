#include "index/write/writer_impl.h"

#include <stdio.h>

#include "base/hash.h"

/* ---- identities ---- */

/* Where a document lives; at is SIZE_MAX for the build being filled. */
struct place {
	size_t at;
	uint32_t doc;
};

static uint64_t hash_of_id(struct kb_str id)
{
	return kb_xxh64(id.ptr, id.len, 0);
}

static uint64_t hash_of(const struct kb_writer *w, struct kb_str source)
{
	return kb_source_hash(&w->settings, source);
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
	const uint64_t *value = kb_map_get(&w->ids, hash_of_id(id));
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
	uint64_t *value = kb_map_get(&w->ids, hash_of_id(id));

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
	struct kb_stored_reader reader;

	if (!hash)
		return "the input stream";
	if (known) {
		const char *name = (const char *)(uintptr_t)*known;

		return kb_err_quote(dst, name, strlen(name));
	}
	snprintf(dst, KB_QUOTE_MAX, "another source");
	if (place.at == SIZE_MAX)
		return dst;
	kb_stored_reader_init(&reader, w->segs[place.at].seg);
	if (kb_stored_read(&reader, place.doc, &doc, NULL) == 0)
		kb_err_quote(dst, doc.source.ptr, doc.source.len);
	kb_stored_reader_release(&reader);
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

/* ---- what stays and what goes ---- */

static uint64_t hash_part(uint64_t hash, struct kb_str s)
{
	return kb_xxh64(s.ptr, s.len, hash + s.len);
}

uint64_t kb_writer_hash_doc(const struct kb_writer *w,
			    const struct kb_writer_doc *doc)
{
	uint64_t hash =
	    hash_part(w->settings.hash_seed + doc->n_chunks, doc->title);

	if (doc->hash)
		return doc->hash;

	hash = hash_part(hash, doc->text);
	hash = hash_part(hash, doc->meta);
	hash = hash_part(hash, doc->vector);
	for (int i = 0; i < 3; i++)
		hash = hash_part(hash, doc->triple[i]);
	for (size_t i = 0; i < doc->n_chunks; i++) {
		const struct kb_writer_chunk *c = &doc->chunks[i];
		const uint32_t place[3] = {c->start, c->end, c->line};

		hash = kb_xxh64(place, sizeof(place), hash);
		hash = hash_part(hash, c->heading);
	}
	return hash;
}

static bool was_seen(const struct kb_writer_segment *s, uint32_t doc)
{
	return s->seen && s->seen[doc / 64] >> (doc % 64) & 1;
}

static void mark_seen(struct kb_writer_segment *s, uint32_t doc)
{
	if (!s->seen)
		s->seen = kb_calloc(((size_t)s->seg->n_docs + 63) / 64,
				    sizeof(*s->seen));
	s->seen[doc / 64] |= (uint64_t)1 << (doc % 64);
}

static bool is_renewed(const struct kb_writer *w, uint64_t source)
{
	return w->renew_all || kb_map_get(&w->renewed, source);
}

/* A document of a source that is read anew and has not come up yet gives
 * way: it may have moved to the other file. */
static bool gives_way(const struct kb_writer *w, struct place place)
{
	return place.at != SIZE_MAX && !w->segs[place.at].owned &&
	       is_renewed(w, source_of(w, place)) &&
	       !was_seen(&w->segs[place.at], place.doc);
}

int kb_writer_resolve_conflict(struct kb_writer *w,
			       const struct kb_writer_doc *doc, uint64_t hash,
			       bool *same, struct kb_err *err)
{
	struct place place;
	bool found;
	int rc = find_doc(w, doc->id, &found, &place, err);

	*same = false;
	if (rc < 0 || !found)
		return rc;
	if (source_of(w, place) != hash_of(w, doc->source)) {
		if (!gives_way(w, place))
			return conflict(w, doc, place, err);
	} else if (place.at != SIZE_MAX &&
		   w->segs[place.at].seg->file->docs[place.doc].hash == hash) {
		mark_seen(&w->segs[place.at], place.doc);
		*same = true;
		return 0;
	}
	kill_place(w, doc->id, place);
	w->stats.replaced++;
	return 0;
}

int kb_writer_keep(struct kb_writer *w, const struct kb_writer_doc *doc,
		   bool *kept, struct kb_err *err)
{
	struct place place;
	bool found;
	int rc = find_doc(w, doc->id, &found, &place, err);

	*kept = false;
	if (rc < 0 || !found || place.at == SIZE_MAX ||
	    source_of(w, place) != hash_of(w, doc->source) ||
	    w->segs[place.at].seg->file->docs[place.doc].hash != doc->hash)
		return rc;
	mark_seen(&w->segs[place.at], place.doc);
	w->stats.unchanged++;
	*kept = true;
	return 0;
}

/* ---- documents known by their hash ---- */

static uint64_t known_key(uint64_t source, uint64_t hash)
{
	return kb_mix64(source + 0x9e3779b97f4a7c15u) ^ hash;
}

/* What lives in the old generation, of the sources that are read anew and
 * of the input stream. */
static void find_known(struct kb_writer *w)
{
	size_t n = w->index ? w->index->n_segments : 0;

	w->known_ready = true;
	for (size_t i = 0; i < n; i++) {
		const struct kb_segment *seg = w->segs[i].seg;
		const struct kb_doc_entry *docs = seg->file->docs;
		uint32_t first, chunks;

		for (uint32_t d = 0; d < seg->n_docs; d++) {
			uint64_t source = docs[d].source;

			if ((source && !is_renewed(w, source)) ||
			    !kb_segment_doc_chunks(seg, d, &first, &chunks) ||
			    !kb_writer_alive(&w->segs[i], first))
				continue;
			*kb_map_put(&w->known, known_key(source, docs[d].hash),
				    NULL) = (uint64_t)i << 32 | d;
		}
	}
}

bool kb_writer_keep_hash(struct kb_writer *w, struct kb_str source,
			 uint64_t hash)
{
	const struct kb_doc_entry *e;
	struct kb_writer_segment *s;
	const uint64_t *value;
	uint32_t doc, first, n;

	if (!w->known_ready)
		find_known(w);
	value = kb_map_get(&w->known, known_key(hash_of(w, source), hash));
	if (!value)
		return false;
	doc = (uint32_t)*value;
	s = &w->segs[*value >> 32];
	e = &s->seg->file->docs[doc];
	/* It may have died in this run, for another document of its id. */
	if (e->source != hash_of(w, source) || e->hash != hash ||
	    !kb_segment_doc_chunks(s->seg, doc, &first, &n) ||
	    !kb_writer_alive(s, first))
		return false;
	mark_seen(s, doc);
	w->stats.unchanged++;
	return true;
}

void kb_writer_renew_source(struct kb_writer *w, struct kb_str source)
{
	kb_map_put(&w->renewed, hash_of(w, source), NULL);
}

void kb_writer_renew_all(struct kb_writer *w)
{
	w->renew_all = true;
}

void kb_writer_drop_unseen(struct kb_writer *w)
{
	if (!w->renew_all && !w->renewed.n)
		return;
	for (size_t i = 0; i < w->n_segs; i++) {
		struct kb_writer_segment *s = &w->segs[i];

		if (s->owned)
			continue;
		for (uint32_t d = 0; d < s->seg->n_docs; d++)
			if (!was_seen(s, d) &&
			    is_renewed(w, s->seg->file->docs[d].source) &&
			    kb_writer_kill(w, i, d)) {
				w->stats.deleted++;
				w->n_vanished++;
			}
	}
}
