/*
 * One segment in the making, for writer.c and merge.c.
 *
 * Documents are added in the caller's thread; their stored text goes in
 * batches through a job queue to be compressed and written at once. When all
 * are in, the sealing writes the postings, the dictionary and the tables.
 */
#ifndef KB_INDEX_WRITE_BUILD_H
#define KB_INDEX_WRITE_BUILD_H

#include "base/job_queue.h"
#include "index/segment_file.h"
#include "index/write/columns_out.h"
#include "index/write/writer.h"
#include "posting/invert.h"
#include "store/frames.h"

struct kb_build_batch;

struct kb_build {
	struct kb_io *io;
	struct kb_job_queue *jobs;
	unsigned title_weight;

	/* the adding thread's */
	struct kb_doc_entry *docs;
	struct kb_chunk_entry *chunks;
	uint16_t *lengths;
	struct kb_term_sketch *sketches;
	bool no_sketches; /* of some chunk there is none */
	uint32_t *id_ends;
	uint64_t *dead; /* bit per chunk, NULL: none */
	size_t n_docs, n_chunks, cap_docs, cap_chunks, cap_lengths, cap_ids;
	size_t cap_sketches;
	size_t cap_dead; /* words */
	struct kb_buf ids;
	const struct kb_settings *settings;
	struct kb_columns_out *columns;
	struct kb_buf headings; /* of the current document */
	struct kb_buf head;
	uint64_t stored; /* bytes of the text stream */
	struct kb_build_batch *batch;
	size_t frame; /* where the current frame begins in the batch */
	struct kb_segment_meta meta;

	/* the writing thread's, until it is drained */
	struct kb_container out;
	struct kb_frames_out *pack;
	struct kb_frame_ref *refs;
	size_t n_refs, cap_refs;
	struct kb_build_batch *waiting; /* for the dictionary, newest first */
	size_t waiting_bytes;
	struct kb_buf *dict; /* the writer's, shared by its segments */
	bool *dict_ready;
	struct kb_buf packed;
	uint64_t raw_done;
	int failed; /* first error, 0 while all is well */
	struct kb_err err;
};

/* dict and dict_ready outlive the build; the first one trains. The settings
 * are the index's: they name the columns. */
int kb_build_new(struct kb_build **out, struct kb_io *io,
		 struct kb_job_queue *jobs, const char *name,
		 struct kb_buf *dict, bool *dict_ready,
		 const struct kb_settings *settings, struct kb_err *err);
void kb_build_free(struct kb_build *b); /* removes an unfinished file */

/* Add the document and its chunks; returns the first chunk's number.
 * Lengths are to be set by kb_build_length() for each chunk. */
uint32_t kb_build_doc(struct kb_build *b, const struct kb_writer_doc *doc,
		      uint64_t hash);
void kb_build_length(struct kb_build *b, uint32_t chunk, uint64_t length);
/* Of every chunk, too; NULL: there is none, and the segment gets none. */
void kb_build_sketch(struct kb_build *b, uint32_t chunk,
		     const struct kb_term_sketch *sketch);

/* Mark a document added before as dead. */
void kb_build_kill(struct kb_build *b, uint32_t doc);
struct kb_str kb_build_id(const struct kb_build *b, uint32_t doc);

/* Bytes of text and tables held in memory. */
size_t kb_build_bytes(const struct kb_build *b);

/* Hand over what is not yet in the job queue; before the seal. */
void kb_build_flush(struct kb_build *b);

/* ---- in the writing thread, after the last batch ---- */

/*
 * The terms in ascending order of their mixed keys. next gives list after
 * list, false at the end. When the terms can be read by number, at is set
 * instead and two threads encode them: list i of n, with room of its own.
 */
struct kb_build_terms {
	bool (*next)(struct kb_build_terms *terms, struct kb_invert_list *list);
	void (*at)(const struct kb_build_terms *terms, uint32_t i,
		   struct kb_invert_room *room, struct kb_invert_list *list);
	uint32_t n;
};

/* End the text stream; kb_build_seal() begins with it. */
void kb_build_finish_store(struct kb_build *b);
/* Write everything but the legs' sections. */
void kb_build_seal(struct kb_build *b, struct kb_build_terms *terms);
/* Close the file and describe it. */
int kb_build_finish(struct kb_build *b, struct kb_manifest_segment *entry,
		    struct kb_err *err);

#endif
