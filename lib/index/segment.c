#include "index/segment_file.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/page_advice.h"
#include "base/varint.h"

_Static_assert(sizeof(struct kb_segment_meta) == 40, "segment meta");
_Static_assert(sizeof(struct kb_doc_entry) == 32, "document entry");
_Static_assert(sizeof(struct kb_chunk_entry) == 24, "chunk entry");

int kb_segment_damaged(const struct kb_segment *seg, const char *what,
		       struct kb_err *err)
{
	return kb_err_set(err, KB_EFORMAT,
			  "'%s' is damaged: %s; run kb-index --rebuild",
			  seg->file->name, what);
}

static bool open_ids(struct kb_segment_file *f, struct kb_section sec,
		     uint32_t n_docs)
{
	size_t tables = 8 + ((size_t)n_docs + 1) * 4 + (size_t)n_docs * 8;
	uint64_t n;

	if (sec.len < tables)
		return false;
	memcpy(&n, sec.ptr, 8);
	if (n != n_docs)
		return false;
	f->id_offsets = (const uint32_t *)(const void *)(sec.ptr + 8);
	f->id_hashes = f->id_offsets + n_docs + 1;
	f->id_docs = f->id_hashes + n_docs;
	f->id_text = (const char *)sec.ptr + tables;
	f->id_text_len = sec.len - tables;
	return true;
}

static int check_sections(struct kb_segment *seg, struct kb_err *err)
{
	struct kb_segment_file *f = seg->file;
	const struct kb_section *s = seg->sec;
	size_t docs = ((size_t)f->meta.n_docs + 1) * sizeof(*f->docs);

	if (s[KB_SEC_LENGTHS].len != (size_t)f->meta.n_chunks * 2 ||
	    s[KB_SEC_CHUNKS].len !=
		f->meta.n_chunks * sizeof(struct kb_chunk_entry))
		return kb_segment_damaged(seg, "chunk table of another size",
					  err);
	if (s[KB_SEC_SKETCHES].len &&
	    s[KB_SEC_SKETCHES].len !=
		f->meta.n_chunks * sizeof(struct kb_term_sketch))
		return kb_segment_damaged(seg, "sketches of another size", err);
	if (s[KB_SEC_DOCS].len != docs)
		return kb_segment_damaged(seg, "document table of another size",
					  err);
	if (!open_ids(f, s[KB_SEC_IDS], f->meta.n_docs))
		return kb_segment_damaged(seg, "id table of another size", err);
	if (!kb_dict_parse(&f->dict, s[KB_SEC_DICT]) ||
	    !kb_dict_text_parse(&f->words, s[KB_SEC_DICT_TEXT]))
		return kb_segment_damaged(seg, "dictionary of another size",
					  err);
	f->docs = (const struct kb_doc_entry *)(const void *)s[KB_SEC_DOCS].ptr;
	return kb_frames_open(
	    &f->frames, s[KB_SEC_STORE].ptr, s[KB_SEC_STORE].len,
	    s[KB_SEC_STORE_INDEX].ptr, s[KB_SEC_STORE_INDEX].len,
	    s[KB_SEC_STORE_DICT].ptr, s[KB_SEC_STORE_DICT].len, err);
}

static int attach(struct kb_segment *seg, struct kb_err *err)
{
	struct kb_segment_file *f = seg->file;

	for (unsigned i = 0; i < KB_SEC_MAX; i++)
		seg->sec[i] =
		    (struct kb_section){f->view.sec[i].ptr, f->view.sec[i].len};
	if (seg->sec[KB_SEC_META].len != sizeof(f->meta))
		return kb_segment_damaged(seg, "no segment counts", err);
	memcpy(&f->meta, seg->sec[KB_SEC_META].ptr, sizeof(f->meta));
	seg->n_docs = f->meta.n_docs;
	seg->n_chunks = f->meta.n_chunks;
	seg->n_live = seg->n_chunks;
	seg->total_length = f->meta.total_length;
	seg->chunks = (const void *)seg->sec[KB_SEC_CHUNKS].ptr;
	seg->lengths = (const void *)seg->sec[KB_SEC_LENGTHS].ptr;
	if (seg->sec[KB_SEC_SKETCHES].len)
		seg->sketches = (const void *)seg->sec[KB_SEC_SKETCHES].ptr;
	return check_sections(seg, err);
}

static int attach_live(struct kb_segment *seg, struct kb_err *err)
{
	struct kb_segment_file *f = seg->file;
	struct kb_live_meta meta;

	if (f->live.sec[KB_LIVE_META].len != sizeof(meta))
		return kb_segment_damaged(seg, "live file without counts", err);
	memcpy(&meta, f->live.sec[KB_LIVE_META].ptr, sizeof(meta));
	if (meta.n_chunks != seg->n_chunks || meta.n_live > seg->n_chunks ||
	    f->live.sec[KB_LIVE_BITS].len !=
		((size_t)seg->n_chunks + 63) / 64 * 8)
		return kb_segment_damaged(seg, "live file of another segment",
					  err);
	f->n_dead = f->live.sec[KB_LIVE_TERMS].len / 8;
	if (f->live.sec[KB_LIVE_COUNTS].len != f->n_dead * 4)
		return kb_segment_damaged(seg, "live file of another size",
					  err);
	f->dead_terms = f->live.sec[KB_LIVE_TERMS].ptr;
	f->dead_counts = f->live.sec[KB_LIVE_COUNTS].ptr;
	seg->live = (const void *)f->live.sec[KB_LIVE_BITS].ptr;
	seg->n_live = meta.n_live;
	seg->total_length = meta.total_length;
	return 0;
}

static struct kb_segment *new_segment(const char *name)
{
	struct kb_segment *seg = kb_calloc(1, sizeof(*seg));

	seg->file = kb_calloc(1, sizeof(*seg->file));
	seg->file->peek.fd = -1;
	kb_arena_init(&seg->file->pieces);
	memcpy(seg->file->name, name,
	       strnlen(name, sizeof(seg->file->name) - 1));
	return seg;
}

/* What the manifest says of a file must be what was mapped. */
static int check_identity(const struct kb_segment *seg,
			  const struct kb_container_view *view,
			  const struct kb_manifest_file *file,
			  struct kb_err *err)
{
	if (view->len != file->size || view->table_crc != file->crc)
		return kb_segment_damaged(
		    seg, "not the file the manifest names", err);
	return 0;
}

int kb_segment_open(struct kb_segment **out, int dir,
		    const struct kb_manifest_segment *entry, struct kb_err *err)
{
	struct kb_segment *seg = new_segment(entry->file.name);
	struct kb_segment_file *f = seg->file;
	int rc;

	assert(dir >= 0);
	assert(entry->file.name[0]);
	*out = NULL;
	f->mapped = true;
	rc = kb_container_map(&f->view, dir, entry->file.name, KB_KIND_SEGMENT,
			      KB_SEGMENT_KNOWN, err);
	if (rc == 0)
		rc = check_identity(seg, &f->view, &entry->file, err);
	if (rc == 0) {
		kb_pages_random(f->view.ptr, f->view.len);
		rc = attach(seg, err);
		kb_pages_normal(f->view.ptr, f->view.len);
	}
	if (rc == 0 && entry->live.name[0]) {
		rc = kb_container_map(&f->live, dir, entry->live.name,
				      KB_KIND_LIVE, KB_LIVE_KNOWN, err);
		if (rc == 0)
			rc = check_identity(seg, &f->live, &entry->live, err);
		if (rc == 0)
			rc = attach_live(seg, err);
	}
	if (rc < 0) {
		kb_segment_close(seg);
		return rc;
	}
	*out = seg;
	return 0;
}

int kb_segment_open_memory(struct kb_segment **out, const void *ptr, size_t len,
			   const void *live, size_t live_len,
			   struct kb_err *err)
{
	struct kb_segment *seg = new_segment("memory");
	int rc;

	assert(ptr || !len);
	assert(live || !live_len);
	*out = NULL;
	rc = kb_container_parse(&seg->file->view, ptr, len, KB_KIND_SEGMENT,
				KB_SEGMENT_KNOWN, "memory", err);
	if (rc == 0)
		rc = attach(seg, err);
	if (rc == 0 && live) {
		rc = kb_container_parse(&seg->file->live, live, live_len,
					KB_KIND_LIVE, KB_LIVE_KNOWN, "memory",
					err);
		if (rc == 0)
			rc = attach_live(seg, err);
	}
	if (rc < 0) {
		kb_segment_close(seg);
		return rc;
	}
	*out = seg;
	return 0;
}

void kb_segment_close(struct kb_segment *seg)
{
	if (!seg)
		return;
	kb_frames_close(&seg->file->frames);
	kb_arena_release(&seg->file->pieces);
	if (seg->file->peek.fd >= 0)
		close(seg->file->peek.fd);
	if (seg->file->mapped) {
		kb_container_unmap(&seg->file->view);
		kb_container_unmap(&seg->file->live);
	}
	free(seg->file);
	free(seg);
}

/* ---- terms ---- */

static uint32_t dead_count(const struct kb_segment_file *f, uint64_t key)
{
	size_t lo = 0, hi = f->n_dead;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		uint64_t k;

		memcpy(&k, f->dead_terms + mid * 8, 8);
		if (k == key) {
			uint32_t n;

			memcpy(&n, f->dead_counts + mid * 4, 4);
			return n;
		}
		if (k < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return 0;
}

bool kb_segment_find_term(const struct kb_segment *seg, uint64_t key,
			  struct kb_term_info *info)
{
	uint32_t dead;

	if (!kb_dict_lookup(&seg->file->dict, seg->sec[KB_SEC_POSTINGS],
			    &seg->file->peek, key, info))
		return false;
	if (info->count > seg->n_chunks)
		return false;
	info->ptr = kb_segment_piece(seg, info->ptr, info->size);
	dead = seg->file->n_dead ? dead_count(seg->file, key) : 0;
	info->df_live = dead < info->count ? info->count - dead : 0;
	return true;
}

void kb_segment_words(const struct kb_segment *seg, struct kb_str from,
		      bool (*fn)(void *arg, struct kb_str text, uint64_t key),
		      void *arg)
{
	kb_dict_text_words(&seg->file->words, from, fn, arg);
}

/* ---- ids ---- */

struct kb_str kb_segment_doc_id(const struct kb_segment *seg, uint32_t doc)
{
	const struct kb_segment_file *f = seg->file;
	const uint32_t *offsets;
	uint32_t from, to;

	if (doc >= seg->n_docs)
		return (struct kb_str){"", 0};
	offsets = kb_segment_piece(seg, &f->id_offsets[doc], 8);
	from = offsets[0];
	to = offsets[1];
	if (from > to || to > f->id_text_len)
		return (struct kb_str){"", 0};
	return (struct kb_str){
	    kb_segment_piece(seg, f->id_text + from, to - from), to - from};
}

static const struct kb_chunk_entry *chunk_entry(const struct kb_segment *seg,
						uint32_t chunk)
{
	return kb_segment_piece(seg, &seg->chunks[chunk], sizeof(*seg->chunks));
}

const struct kb_term_sketch *kb_segment_sketch(const struct kb_segment *seg,
					       uint32_t chunk)
{
	if (!seg->sketches || chunk >= seg->n_chunks)
		return NULL;
	return kb_segment_piece(seg, &seg->sketches[chunk],
				sizeof(*seg->sketches));
}

/* The document's entry and the one behind it. */
static const struct kb_doc_entry *doc_entry(const struct kb_segment *seg,
					    uint32_t doc)
{
	return kb_segment_piece(seg, &seg->file->docs[doc],
				2 * sizeof(*seg->file->docs));
}

struct kb_str kb_segment_id(const struct kb_segment *seg, uint32_t chunk)
{
	if (chunk >= seg->n_chunks)
		return (struct kb_str){"", 0};
	return kb_segment_doc_id(seg, chunk_entry(seg, chunk)->doc);
}

uint32_t kb_segment_find_id(const struct kb_segment *seg, struct kb_str id,
			    uint32_t *from)
{
	const struct kb_segment_file *f = seg->file;
	uint32_t hash = (uint32_t)(kb_hash64(id.ptr, id.len, 0) >> 32);
	uint32_t lo = 0, hi = seg->n_docs;

	assert(from && *from <= seg->n_docs);
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (f->id_hashes[mid] < hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < *from)
		lo = *from;
	for (; lo < seg->n_docs && f->id_hashes[lo] == hash; lo++) {
		if (kb_str_eq(kb_segment_doc_id(seg, f->id_docs[lo]), id)) {
			*from = lo + 1;
			return f->id_docs[lo];
		}
	}
	return UINT32_MAX;
}

/* ---- documents ---- */

bool kb_segment_doc_chunks(const struct kb_segment *seg, uint32_t doc,
			   uint32_t *first, uint32_t *n)
{
	const struct kb_doc_entry *e;
	uint32_t a, b;

	if (doc >= seg->n_docs)
		return false;
	e = doc_entry(seg, doc);
	a = e[0].first_chunk;
	b = e[1].first_chunk;
	if (a >= b || b > seg->n_chunks)
		return false;
	*first = a;
	*n = b - a;
	return true;
}

/* Where the parts of a stored document stand in the text stream. */
struct doc_parts {
	uint64_t head; /* of the first part: title, headings, source, meta */
	uint32_t title, headings, source, meta;
	uint64_t text;
	uint32_t text_len;
};

#define HEAD_MAX 25 /* five varints of 32 bits */

static int read_parts(const struct kb_segment *seg, uint32_t doc,
		      struct kb_frames_reader *r, struct doc_parts *p,
		      struct kb_err *err)
{
	const struct kb_doc_entry *e = doc_entry(seg, doc);
	uint64_t size = e[1].store - e->store;
	const unsigned char *q, *end;
	struct kb_str head;
	int rc;

	if (e[1].store < e->store)
		return kb_segment_damaged(seg, "document table out of order",
					  err);
	rc = kb_frames_read(r, e->store, size < HEAD_MAX ? size : HEAD_MAX,
			    &head, err);
	if (rc < 0)
		return rc;
	q = (const unsigned char *)head.ptr;
	end = q + head.len;
	if (!kb_varint_get32(&q, end, &p->title) ||
	    !kb_varint_get32(&q, end, &p->headings) ||
	    !kb_varint_get32(&q, end, &p->source) ||
	    !kb_varint_get32(&q, end, &p->meta) ||
	    !kb_varint_get32(&q, end, &p->text_len))
		return kb_segment_damaged(seg, "a document without its sizes",
					  err);
	p->head = e->store + (uint64_t)(q - (const unsigned char *)head.ptr);
	p->text = p->head + p->title + p->headings + p->source + p->meta;
	if (p->text + p->text_len != e[1].store)
		return kb_segment_damaged(seg, "a document of another size",
					  err);
	return 0;
}

static struct kb_str take(struct kb_str *from, uint32_t len)
{
	struct kb_str s = {from->ptr, len};

	from->ptr += len;
	from->len -= len;
	return s;
}

void kb_stored_reader_init(struct kb_stored_reader *r,
			   const struct kb_segment *seg)
{
	r->seg = seg;
	kb_arena_init(&r->frame);
	kb_arena_init(&r->joined);
	r->frames = (struct kb_frames_reader){.frames = &seg->file->frames,
					      .arena = &r->joined,
					      .kept = &r->frame};
}

void kb_stored_reader_release(struct kb_stored_reader *r)
{
	kb_arena_release(&r->frame);
	kb_arena_release(&r->joined);
}

int kb_stored_read(struct kb_stored_reader *r, uint32_t doc,
		   struct kb_stored_doc *out, struct kb_err *err)
{
	const struct kb_segment *seg = r->seg;
	struct doc_parts p;
	struct kb_str all;
	int rc;

	assert(seg && r->frames.frames == &seg->file->frames);
	if (doc >= seg->n_docs)
		return kb_segment_damaged(seg, "no such document", err);
	kb_arena_reset(&r->joined);
	rc = read_parts(seg, doc, &r->frames, &p, err);
	if (rc == 0)
		rc = kb_frames_read(&r->frames, p.head,
				    (size_t)(p.text + p.text_len - p.head),
				    &all, err);
	if (rc < 0)
		return rc;
	out->id = kb_segment_doc_id(seg, doc);
	out->title = take(&all, p.title);
	out->headings = take(&all, p.headings);
	out->source = take(&all, p.source);
	out->meta = take(&all, p.meta);
	out->text = all;
	return 0;
}

int kb_segment_fetch(const struct kb_segment *seg, uint32_t chunk,
		     struct kb_arena *arena, struct kb_passage *out,
		     struct kb_err *err)
{
	struct kb_frames_reader r = {.frames = &seg->file->frames,
				     .arena = arena};
	const struct kb_chunk_entry *c;
	struct kb_str head, headings;
	struct doc_parts p;
	uint32_t first;
	int rc;

	if (chunk >= seg->n_chunks)
		return kb_segment_damaged(seg, "no such chunk", err);
	c = chunk_entry(seg, chunk);
	if (!kb_segment_doc_chunks(seg, c->doc, &first, &out->n_chunks) ||
	    chunk < first)
		return kb_segment_damaged(seg, "a chunk without its document",
					  err);
	rc = read_parts(seg, c->doc, &r, &p, err);
	if (rc < 0)
		return rc;
	if (c->start > c->end || c->end > p.text_len ||
	    c->heading > p.headings || c->heading_len > p.headings - c->heading)
		return kb_segment_damaged(seg, "a chunk outside its document",
					  err);
	rc = kb_frames_read(&r, p.head, (size_t)(p.text - p.head), &head, err);
	if (rc == 0)
		rc = kb_frames_read(&r, p.text + c->start, c->end - c->start,
				    &out->text, err);
	if (rc < 0)
		return rc;
	out->id = kb_segment_doc_id(seg, c->doc);
	out->title = take(&head, p.title);
	headings = take(&head, p.headings);
	out->heading =
	    (struct kb_str){headings.ptr + c->heading, c->heading_len};
	out->source = take(&head, p.source);
	out->meta = take(&head, p.meta);
	out->chunk_no = chunk - first;
	out->line = c->line;
	out->start = c->start;
	out->end = c->end;
	return 0;
}
