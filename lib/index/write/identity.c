#include "index/write/writer_impl.h"

#include <assert.h>
#include <string.h>

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

static bool has_bit(const uint64_t *bits, uint32_t doc)
{
	return bits && bits[doc / 64] >> (doc % 64) & 1;
}

static void set_bit(const struct kb_writer_segment *s, uint64_t **bits,
		    uint32_t doc)
{
	assert(doc < s->seg->n_docs);
	if (!*bits)
		*bits = kb_calloc(((size_t)s->seg->n_docs + 63) / 64,
				  sizeof(**bits));
	(*bits)[doc / 64] |= (uint64_t)1 << (doc % 64);
}

static void mark_seen(struct kb_writer_segment *s, uint32_t doc)
{
	set_bit(s, &s->seen, doc);
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

/* Has the document come up in this run, put anew or just as it was? */
static bool came_up(const struct kb_writer *w, struct place place)
{
	return place.at == SIZE_MAX || w->segs[place.at].owned ||
	       has_bit(w->segs[place.at].seen, place.doc);
}

static bool is_renewed(const struct kb_writer *w, uint64_t source)
{
	const uint64_t *how = kb_map_get(&w->renewed, source);

	return w->renew_all || (how && *how != KB_RENEW_NOT);
}

/* ---- sources that want one id ---- */

/* The path of the source that holds a document, "" of the input stream. */
static int holder_path(struct kb_writer *w, struct place place,
		       const char **path, struct kb_err *err)
{
	uint64_t hash = source_of(w, place), *known;
	struct kb_stored_reader reader;
	struct kb_stored_doc doc;
	int rc;

	*path = "";
	if (!hash)
		return 0;
	known = kb_map_put(&w->sources, hash, NULL);
	if (!*known) {
		assert(place.at != SIZE_MAX); /* kb_writer_put() knows it */
		kb_stored_reader_init(&reader, w->segs[place.at].seg);
		rc = kb_stored_read(&reader, place.doc, &doc, err);
		if (rc == 0)
			*known = (uintptr_t)kb_arena_strndup(
			    &w->names, doc.source.ptr, doc.source.len);
		kb_stored_reader_release(&reader);
		if (rc < 0)
			return rc;
	}
	*path = (const char *)(uintptr_t)*known;
	return 0;
}

static void contest(struct kb_writer *w, struct kb_str source, unsigned why)
{
	if (source.len)
		*kb_map_put(&w->contested, hash_of(w, source), NULL) |= why;
}

unsigned kb_writer_contest(const struct kb_writer *w, struct kb_str source)
{
	const uint64_t *why = NULL;

	if (w->contested.n)
		why = kb_map_get(&w->contested, hash_of(w, source));
	return why ? (unsigned)*why : 0;
}

/* A source that was not to be read loses a document. */
static void displace(struct kb_writer *w, const char *path)
{
	if (!(kb_writer_contest(w, kb_str_of(path)) & KB_CONTEST_LOST)) {
		kb_grow(&w->displaced, &w->cap_displaced, w->n_displaced + 1,
			sizeof(*w->displaced));
		w->displaced[w->n_displaced++] = path;
	}
	contest(w, kb_str_of(path), KB_CONTEST_IDS | KB_CONTEST_LOST);
}

const char *kb_writer_displaced(struct kb_writer *w)
{
	return w->n_displaced ? w->displaced[--w->n_displaced] : NULL;
}

/* Does a document that another source holds stay in the way of one of
 * 'source'? Sources come in the order of their paths: one that is read in this
 * run and has not come up with it lost it, or comes later. */
static bool stays(const struct kb_writer *w, struct place place,
		  const char *path, struct kb_str source)
{
	if (came_up(w, place))
		return true;
	if (is_renewed(w, source_of(w, place)))
		return false;
	return !*path || !source.len || kb_str_cmp(kb_str_of(path), source) < 0;
}

static int refuse(struct kb_writer *w, const struct kb_writer_doc *doc,
		  const char *path, struct kb_err *err)
{
	char id[KB_QUOTE_MAX], a[KB_QUOTE_MAX], b[KB_QUOTE_MAX];

	contest(w, doc->source, KB_CONTEST_IDS);
	return kb_err_set(
	    err, KB_EINVAL,
	    "id '%s' of '%s' is already taken by '%s', which "
	    "stays",
	    kb_err_quote(id, doc->id.ptr, doc->id.len),
	    doc->source.len ? kb_err_quote(b, doc->source.ptr, doc->source.len)
			    : "the input stream",
	    *path ? kb_err_quote(a, path, strlen(path)) : "the input stream");
}

/* Of a line that removes: a document of the same source that has not come up
 * may still do so, behind that line; one of a later source is not there yet
 * in a new build. */
int kb_writer_delete(struct kb_writer *w, struct kb_str id,
		     struct kb_str source, const char **from,
		     struct kb_err *err)
{
	const char *path;
	struct place place;
	bool found, own;
	int rc = find_doc(w, id, &found, &place, err);

	*from = NULL;
	contest(w, source, KB_CONTEST_IDS);
	if (rc < 0 || !found)
		return rc;
	own = source_of(w, place) == hash_of(w, source);
	if (own && !came_up(w, place) && is_renewed(w, hash_of(w, source))) {
		set_bit(&w->segs[place.at], &w->segs[place.at].excused,
			place.doc);
		return 0;
	}
	rc = holder_path(w, place, &path, err);
	if (rc < 0)
		return rc;
	if (!own && !came_up(w, place) && *path && source.len &&
	    kb_str_cmp(kb_str_of(path), source) > 0)
		return 0;
	kill_place(w, id, place);
	w->stats.deleted++;
	if (!own)
		contest(w, kb_str_of(path),
			source.len ? KB_CONTEST_IDS
				   : KB_CONTEST_IDS | KB_CONTEST_LOST);
	*from = path;
	return 0;
}

/* ---- what stays and what goes ---- */

uint64_t kb_writer_hash_doc(const struct kb_writer *w,
			    const struct kb_writer_doc *doc)
{
	uint64_t hash = kb_xxh64_part(w->settings.hash_seed + doc->n_chunks,
				      doc->title.ptr, doc->title.len);

	if (doc->hash)
		return doc->hash;

	hash = kb_xxh64_part(hash, doc->text.ptr, doc->text.len);
	hash = kb_xxh64_part(hash, doc->meta.ptr, doc->meta.len);
	hash = kb_xxh64_part(hash, doc->vector.ptr, doc->vector.len);
	for (int i = 0; i < 3; i++)
		hash =
		    kb_xxh64_part(hash, doc->triple[i].ptr, doc->triple[i].len);
	for (size_t i = 0; i < doc->n_chunks; i++) {
		const struct kb_writer_chunk *c = &doc->chunks[i];
		const uint32_t place[3] = {c->start, c->end, c->line};

		hash = kb_xxh64(place, sizeof(place), hash);
		hash = kb_xxh64_part(hash, c->heading.ptr, c->heading.len);
	}
	return hash;
}

int kb_writer_resolve_conflict(struct kb_writer *w,
			       const struct kb_writer_doc *doc, uint64_t hash,
			       bool *same, struct kb_err *err)
{
	const char *path;
	struct place place;
	bool found;
	int rc = find_doc(w, doc->id, &found, &place, err);

	*same = false;
	if (rc < 0 || !found)
		return rc;
	if (source_of(w, place) != hash_of(w, doc->source)) {
		rc = holder_path(w, place, &path, err);
		if (rc < 0)
			return rc;
		if (stays(w, place, path, doc->source))
			return refuse(w, doc, path, err);
		if (!is_renewed(w, source_of(w, place)))
			displace(w, path);
	} else if (place.at != SIZE_MAX &&
		   w->segs[place.at].seg->file->docs[place.doc].hash == hash) {
		mark_seen(&w->segs[place.at], place.doc);
		*same = true;
		return 0;
	} else {
		w->stats.superseded += came_up(w, place);
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

void kb_writer_renew_source(struct kb_writer *w, struct kb_str source,
			    enum kb_renew how)
{
	assert(how == KB_RENEW_NOT || !w->known_ready || !source.len ||
	       kb_writer_contest(w, source));
	*kb_map_put(&w->renewed, hash_of(w, source), NULL) = how;
}

void kb_writer_renew_all(struct kb_writer *w)
{
	w->renew_all = true;
}

/* Did a document go that nobody meant to remove? */
static bool is_vanished(const struct kb_writer *w,
			const struct kb_writer_segment *s, uint32_t doc)
{
	const uint64_t *how =
	    kb_map_get(&w->renewed, s->seg->file->docs[doc].source);

	return !has_bit(s->excused, doc) && (!how || *how != KB_RENEW_MEANT);
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
			if (!has_bit(s->seen, d) &&
			    is_renewed(w, s->seg->file->docs[d].source) &&
			    kb_writer_kill(w, i, d)) {
				w->stats.deleted++;
				w->n_vanished += is_vanished(w, s, d);
			}
	}
}
