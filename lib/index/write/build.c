#include "index/write/build.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/varint.h"

#define BATCH_SIZE ((size_t)1 << 18)
/* text the dictionary is made of */
#define TRAIN_SIZE  ((size_t)KB_FRAME_DICT * KB_FRAME_DICT_SHARE)
#define SAMPLE_SIZE 2048

struct kb_build_batch {
	struct kb_job job; /* first */
	struct kb_build *build;
	struct kb_build_batch *next;
	struct kb_buf raw;
	uint32_t *ends; /* of frames, in raw */
	size_t n, cap;
};

static void run_batch(struct kb_job *job);

int kb_build_new(struct kb_build **out, struct kb_io *io,
		 struct kb_job_queue *jobs, const char *name,
		 struct kb_buf *dict, bool *dict_ready,
		 const struct kb_settings *settings, struct kb_err *err)
{
	struct kb_build *b = kb_calloc(1, sizeof(*b));
	int rc;

	assert(io && jobs && settings);
	assert(name && *name);
	assert(dict && dict_ready);
	*out = NULL;
	b->io = io;
	b->jobs = jobs;
	b->dict = dict;
	b->dict_ready = dict_ready;
	kb_buf_init(&b->ids, UINT32_MAX);
	kb_buf_init(&b->headings, UINT32_MAX);
	kb_buf_init(&b->head, 0);
	kb_buf_init(&b->packed, 0);
	rc = kb_container_create(&b->out, io, name, KB_KIND_SEGMENT, err);
	if (rc < 0) {
		free(b);
		return rc;
	}
	kb_container_begin(&b->out, KB_SEC_STORE, true);
	b->settings = settings;
	b->columns = kb_columns_out_new(settings);
	*out = b;
	return 0;
}

static void free_batch(struct kb_build_batch *batch)
{
	if (!batch)
		return;
	kb_buf_release(&batch->raw);
	free(batch->ends);
	free(batch);
}

void kb_build_free(struct kb_build *b)
{
	if (!b)
		return;
	kb_container_abort(&b->out);
	kb_frames_out_free(b->pack);
	free_batch(b->batch);
	while (b->waiting) {
		struct kb_build_batch *next = b->waiting->next;

		free_batch(b->waiting);
		b->waiting = next;
	}
	kb_columns_out_free(b->columns);
	kb_buf_release(&b->ids);
	kb_buf_release(&b->headings);
	kb_buf_release(&b->head);
	kb_buf_release(&b->packed);
	free(b->docs);
	free(b->chunks);
	free(b->lengths);
	free(b->sketches);
	free(b->id_ends);
	free(b->dead);
	free(b->refs);
	free(b);
}

size_t kb_build_bytes(const struct kb_build *b)
{
	return b->cap_docs * sizeof(*b->docs) +
	       b->cap_chunks * sizeof(*b->chunks) + b->cap_lengths * 2 +
	       b->cap_sketches * sizeof(*b->sketches) + b->cap_ids * 4 +
	       b->ids.cap;
}

/* ---- adding ---- */

static void cut_frame(struct kb_build *b, size_t end)
{
	struct kb_build_batch *batch = b->batch;

	if (end == b->frame)
		return;
	kb_grow(&batch->ends, &batch->cap, batch->n + 1, sizeof(*batch->ends));
	batch->ends[batch->n++] = (uint32_t)end;
	b->frame = end;
}

static void cut_frames(struct kb_build *b)
{
	while (b->batch->raw.len - b->frame >= KB_FRAME_TARGET)
		cut_frame(b, b->frame + KB_FRAME_TARGET);
}

void kb_build_flush(struct kb_build *b)
{
	if (!b->batch)
		return;
	cut_frame(b, b->batch->raw.len);
	kb_job_queue_push(b->jobs, &b->batch->job);
	b->batch = NULL;
}

static struct kb_build_batch *batch_of(struct kb_build *b)
{
	if (!b->batch) {
		b->batch = kb_calloc(1, sizeof(*b->batch));
		b->batch->job.run = run_batch;
		b->batch->build = b;
		kb_buf_init(&b->batch->raw, 0);
		kb_buf_reserve(&b->batch->raw, BATCH_SIZE + BATCH_SIZE / 4);
		b->frame = 0;
	}
	return b->batch;
}

/* The document's record in the text stream: five sizes and five parts. */
static void store(struct kb_build *b, const struct kb_writer_doc *doc)
{
	struct kb_str headings = kb_buf_str(&b->headings);
	const struct kb_str parts[5] = {doc->title, headings, doc->source,
					doc->meta, doc->text};
	struct kb_build_batch *batch = batch_of(b);
	size_t total;

	kb_buf_reset(&b->head);
	for (int i = 0; i < 5; i++)
		kb_varint_add(&b->head, parts[i].len);
	total = b->head.len;
	for (int i = 0; i < 5; i++)
		total += parts[i].len;
	if (batch->raw.len - b->frame + total > KB_FRAME_TARGET)
		cut_frame(b, batch->raw.len);
	kb_buf_add_str(&batch->raw, kb_buf_str(&b->head));
	for (int i = 0; i < 5; i++)
		kb_buf_add_str(&batch->raw, parts[i]);
	b->stored += total;
	cut_frames(b);
	if (batch->raw.len >= BATCH_SIZE)
		kb_build_flush(b);
}

static void add_chunk(struct kb_build *b, uint32_t doc,
		      const struct kb_writer_chunk *c)
{
	struct kb_chunk_entry *e, *last = NULL;

	kb_grow(&b->chunks, &b->cap_chunks, b->n_chunks + 1,
		sizeof(*b->chunks));
	kb_grow(&b->lengths, &b->cap_lengths, b->n_chunks + 1,
		sizeof(*b->lengths));
	kb_grow(&b->sketches, &b->cap_sketches, b->n_chunks + 1,
		sizeof(*b->sketches));
	if (b->n_chunks && b->chunks[b->n_chunks - 1].doc == doc)
		last = &b->chunks[b->n_chunks - 1];
	e = &b->chunks[b->n_chunks];
	*e = (struct kb_chunk_entry){
	    .doc = doc, .start = c->start, .end = c->end, .line = c->line};
	e->heading_len = (uint32_t)c->heading.len;
	if (last && last->heading_len == c->heading.len &&
	    (!c->heading.len || !memcmp(b->headings.ptr + last->heading,
					c->heading.ptr, c->heading.len))) {
		e->heading = last->heading;
	} else {
		e->heading = (uint32_t)b->headings.len;
		kb_buf_add_str(&b->headings, c->heading);
	}
	b->lengths[b->n_chunks++] = 0;
}

uint32_t kb_build_doc(struct kb_build *b, const struct kb_writer_doc *doc,
		      uint64_t hash)
{
	const struct kb_writer_chunk whole = {.end = (uint32_t)doc->text.len};
	const struct kb_writer_chunk *chunks =
	    doc->n_chunks ? doc->chunks : &whole;
	size_t n = doc->n_chunks ? doc->n_chunks : 1;
	uint32_t first = (uint32_t)b->n_chunks;
	uint32_t number = (uint32_t)b->n_docs;

	assert(doc->text.len <= UINT32_MAX);
	assert(chunks[n - 1].end <= doc->text.len);
	kb_grow(&b->docs, &b->cap_docs, b->n_docs + 2, sizeof(*b->docs));
	kb_grow(&b->id_ends, &b->cap_ids, b->n_docs + 1, sizeof(*b->id_ends));
	b->docs[b->n_docs++] = (struct kb_doc_entry){
	    .store = b->stored,
	    .source = kb_source_hash(b->settings, doc->source),
	    .hash = hash,
	    .first_chunk = first,
	};
	kb_buf_add_str(&b->ids, doc->id);
	b->id_ends[number] = (uint32_t)b->ids.len;
	kb_buf_reset(&b->headings);
	for (size_t i = 0; i < n; i++)
		add_chunk(b, number, &chunks[i]);
	store(b, doc);
	kb_columns_out_add(b->columns, number, doc->meta);
	b->meta.text_bytes += doc->text.len;
	return first;
}

void kb_build_length(struct kb_build *b, uint32_t chunk, uint64_t length)
{
	assert(chunk < b->n_chunks);
	b->lengths[chunk] =
	    (uint16_t)(length > UINT16_MAX ? UINT16_MAX : length);
	b->meta.total_length += b->lengths[chunk];
}

void kb_build_sketch(struct kb_build *b, uint32_t chunk,
		     const struct kb_term_sketch *sketch)
{
	b->no_sketches |= !sketch;
	if (sketch)
		b->sketches[chunk] = *sketch;
}

struct kb_str kb_build_id(const struct kb_build *b, uint32_t doc)
{
	uint32_t from = doc ? b->id_ends[doc - 1] : 0;

	assert(doc < b->n_docs);
	return (struct kb_str){b->ids.ptr + from, b->id_ends[doc] - from};
}

void kb_build_kill(struct kb_build *b, uint32_t doc)
{
	uint32_t end = doc + 1 < b->n_docs ? b->docs[doc + 1].first_chunk
					   : (uint32_t)b->n_chunks;
	size_t words = (b->n_chunks + 63) / 64, had = b->cap_dead;

	assert(doc < b->n_docs);
	if (words > had) {
		kb_grow(&b->dead, &b->cap_dead, words, sizeof(*b->dead));
		memset(b->dead + had, 0,
		       (b->cap_dead - had) * sizeof(*b->dead));
	}
	for (uint32_t c = b->docs[doc].first_chunk; c < end; c++)
		b->dead[c / 64] |= (uint64_t)1 << (c % 64);
}

/* ---- the writing thread ---- */

static void pack_batch(struct kb_build *b, struct kb_build_batch *batch)
{
	uint32_t from = 0;

	kb_buf_reset(&b->packed);
	for (size_t i = 0; i < batch->n; i++) {
		kb_grow(&b->refs, &b->cap_refs, b->n_refs + 2,
			sizeof(*b->refs));
		b->refs[b->n_refs++] = (struct kb_frame_ref){
		    kb_container_pos(&b->out) + b->packed.len,
		    b->raw_done + from};
		kb_frames_pack(b->pack, batch->raw.ptr + from,
			       batch->ends[i] - from, &b->packed);
		from = batch->ends[i];
	}
	b->raw_done += from;
	kb_container_add(&b->out, b->packed.ptr, b->packed.len);
	free_batch(batch);
}

/* The batches in the order they came. */
static struct kb_build_batch *take_waiting(struct kb_build *b)
{
	struct kb_build_batch *list = NULL;

	while (b->waiting) {
		struct kb_build_batch *next = b->waiting->next;

		b->waiting->next = list;
		list = b->waiting;
		b->waiting = next;
	}
	return list;
}

static void train(struct kb_build *b, const struct kb_build_batch *list)
{
	struct kb_buf text;
	size_t *sizes;
	unsigned n;

	kb_buf_init(&text, 0);
	for (; list; list = list->next)
		kb_buf_add_str(&text, kb_buf_str(&list->raw));
	n = (unsigned)(text.len / SAMPLE_SIZE);
	sizes = kb_reallocarray(NULL, n + 1u, sizeof(*sizes));
	for (unsigned i = 0; i < n; i++)
		sizes[i] = SAMPLE_SIZE;
	kb_frames_train(b->dict, text.ptr, sizes, n);
	*b->dict_ready = true;
	free(sizes);
	kb_buf_release(&text);
}

static void pack_waiting(struct kb_build *b)
{
	struct kb_build_batch *list = take_waiting(b), *next;

	if (!*b->dict_ready)
		train(b, list);
	if (!b->pack)
		b->pack = kb_frames_out_new(b->dict->ptr, b->dict->len);
	for (; list; list = next) {
		next = list->next;
		pack_batch(b, list);
	}
	b->waiting_bytes = 0;
}

static void run_batch(struct kb_job *job)
{
	struct kb_build_batch *batch = (struct kb_build_batch *)(void *)job;
	struct kb_build *b = batch->build;

	if (b->pack) {
		pack_batch(b, batch);
		return;
	}
	batch->next = b->waiting;
	b->waiting = batch;
	b->waiting_bytes += batch->raw.len;
	if (*b->dict_ready || b->waiting_bytes >= TRAIN_SIZE)
		pack_waiting(b);
}

void kb_build_finish_store(struct kb_build *b)
{
	assert(!b->batch); /* flushed */
	pack_waiting(b);
	kb_container_end(&b->out);
	kb_grow(&b->refs, &b->cap_refs, b->n_refs + 1, sizeof(*b->refs));
	b->refs[b->n_refs] = (struct kb_frame_ref){
	    b->out.entries[b->out.n - 1].length, b->raw_done};
	kb_container_put(&b->out, KB_SEC_STORE_INDEX, true, b->refs,
			 (b->n_refs + 1) * sizeof(*b->refs));
	if (b->dict->len)
		kb_container_put(&b->out, KB_SEC_STORE_DICT, true, b->dict->ptr,
				 b->dict->len);
}

int kb_build_finish(struct kb_build *b, struct kb_manifest_segment *entry,
		    struct kb_err *err)
{
	int rc;

	assert(b->meta.n_docs == b->n_docs && b->meta.n_chunks == b->n_chunks);
	kb_container_put(&b->out, KB_SEC_META, true, &b->meta, sizeof(b->meta));
	rc = kb_container_finish(&b->out, err);
	if (rc < 0)
		return rc;
	*entry = (struct kb_manifest_segment){
	    .n_docs = b->meta.n_docs,
	    .n_chunks = b->meta.n_chunks,
	    .n_live = b->meta.n_chunks,
	    .total_length = b->meta.total_length,
	};
	memcpy(entry->file.name, b->out.name, sizeof(entry->file.name) - 1);
	entry->file.size = b->out.size;
	entry->file.crc = b->out.table_crc;
	return 0;
}
