/*
 * How a leg of the search takes part in building an index: it sees every
 * chunk that is added, adds its own sections to the segment, and merges them
 * when segments are merged.
 */
#ifndef KB_INDEX_WRITE_LEG_OPS_H
#define KB_INDEX_WRITE_LEG_OPS_H

#include "index/write/writer.h"
#include "text/analyze.h"

/* What a leg sees of one chunk, in chunk order. Borrowed for the call. */
struct kb_leg_chunk {
	uint32_t chunk;	   /* number in the segment being built */
	uint32_t doc;	   /* and of its document */
	uint32_t chunk_no; /* 0-based within the document */
	const struct kb_writer_doc *document;
	struct kb_str heading;
	struct kb_str text;		    /* of this chunk */
	const struct kb_terms *terms;	    /* of text */
	const struct kb_terms *title_terms; /* of title, same every chunk but
					     * for KB_TITLE_TERMS */
};

/* One old segment in a merge. new_chunk[c] is the number of chunk c in the
 * new segment, or KB_CHUNK_GONE. */
#define KB_CHUNK_GONE UINT32_MAX
struct kb_leg_input {
	const struct kb_segment *segment;
	const uint32_t *new_chunk;
	/* the text of chunk c, should the leg need it: kb_segment_fetch() */
};

/*
 * A leg. begin, add and finish are called for each new segment in that
 * order; begin and add in the caller's thread, finish in the writing one,
 * while the next segment's begin and add may already run: all state of a
 * segment belongs behind the pointer that begin returns. abandon is called
 * instead of finish when the writer gives up.
 */
struct kb_leg_ops {
	const char *name;
	/* NULL: the leg sees no chunks, and needs no add, finish or abandon.
	 * *state may stay NULL: it has nothing to do here. index is what was
	 * there before this commit, NULL for a new index. */
	int (*begin)(void *leg, struct kb_writer *writer,
		     const struct kb_index *index, void **state,
		     struct kb_err *err);
	int (*add)(void *state, const struct kb_leg_chunk *chunk,
		   struct kb_err *err);
	/* Write sections with kb_container_put(). Frees the state. */
	int (*finish)(void *state, struct kb_container *out, uint32_t n_chunks,
		      struct kb_err *err);
	void (*abandon)(void *state);
	/* Forget what was learnt: begin (index NULL), add and finish follow
	 * for all text, in the caller's thread and in the place of merge.
	 * NULL: the leg is always merged. */
	void (*renew)(void *leg);
	/* Write the sections of a merged segment. NULL: it has none. */
	int (*merge)(void *leg, struct kb_writer *writer,
		     const struct kb_leg_input *inputs, size_t n,
		     uint32_t n_chunks, struct kb_container *out,
		     struct kb_err *err);
	/* Once, after all segments of the commit are written and before the
	 * manifest: the place to train and to set a global file. segments
	 * holds the generation to be. NULL when not needed. */
	int (*commit)(void *leg, struct kb_writer *writer,
		      struct kb_segment *const *segments, size_t n,
		      struct kb_err *err);
};

#endif
